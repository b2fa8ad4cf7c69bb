"""What cases are about."""

from __future__ import annotations

from enum import StrEnum


class CaseKind(StrEnum):
    URGENT = "urgent"
    """Somebody may be in danger."""
    WANTS_PERSON = "wants_person"
    COMPLAINT = "complaint"
    PROPOSAL = "proposal"
    STORY = "story"
    PRIVACY = "privacy"
    """Somebody asks to see or delete their data."""
    UNDELIVERABLE = "undeliverable"
    UNKNOWN_DELIVERY = "unknown_delivery"
    """An answer that LINE may or may not have taken."""
    MISSED = "missed"
    """Somebody was not understood three times running."""
    FLOOD = "flood"
    """Somebody writes faster than anybody can read; the bot has fallen silent for a while."""
    STORM = "storm"
    """Very many questions without an answer in a short time."""
    CHANNEL = "channel"
    """LINE has suspended the account, or lets it go on."""
    TELEPHONE = "telephone"
    """Registrants whom LINE does not reach: the list is with the event. Detail: the event's number."""
    NOTICE = "notice"
    """A notice that is held or paused until somebody looks. Detail: its number."""
    STUCK = "stuck"
    """A turn that failed every time and was given up."""


PROMISED = frozenset({CaseKind.WANTS_PERSON, CaseKind.COMPLAINT, CaseKind.PROPOSAL, CaseKind.STORY, CaseKind.MISSED})
"""Whoever opens one is promised an answer within so many office hours."""
OF_CITIZENS = PROMISED | {CaseKind.URGENT, CaseKind.PRIVACY}
"""Those that citizens know of: they were told its number."""
