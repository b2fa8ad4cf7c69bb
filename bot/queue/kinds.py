"""Every kind of work, by name. The names are stored: never reuse one for something else."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    TURN = "turn"
    """One thing that a person did, from understanding it to the answer's delivery. Subject: an incoming row."""
    RETENTION = "retention"
    """Forget what is due to be forgotten."""
    GATHERING = "gathering"
    """Take further questions in for review, and draw the weekly sample."""
    STAFF_RETENTION = "staff_retention"
    """Forget tries, sessions and links of the staff whose time is over."""
    HEAR_BACK = "hear_back"
    """Ask the FAQ in force what people wait to hear, and find out who is due a push."""
    TELL = "tell"
    """The one push to somebody who agreed to hear back. Subject: an incoming row."""


INTERACTIVE, BACKGROUND = 0, 10
"""Priorities: somebody is waiting for an answer; nobody is."""
