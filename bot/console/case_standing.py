"""What an answer sent now would cost, and what fills the gaps of a canned one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import answering, canned
from bot.cases.refusals import UnknownGaps
from bot.console import case_words
from bot.console.access import visitor
from bot.console.premises import Premises
from bot.faq.library import NothingPublished
from bot.outreach import audience
from bot.storage import channel
from bot.storage.cases import CaseRow


@dataclass(frozen=True, slots=True)
class Cost:
    """`free_for`: seconds for which it still goes out by the citizen's reply token. `billed`: what it costs then."""

    free_for: int
    billed: str


def cost_of(db: Session, case: CaseRow, *, used_up: bool, now: datetime) -> Cost:
    """`used_up`: something is on its way already, and goes first."""
    until = None if used_up else answering.free_until(case, now=now)
    quota = channel.find_quota(db)
    left = max(0, quota.limit - quota.used) if quota is not None and quota.limit is not None else None
    billed = case_words.cost(billed=True, left=left, asked=quota is not None)
    return Cost(int((until - now).total_seconds()) if until is not None else 0, billed)


def called_of(db: Session, premises: Premises, case: CaseRow) -> str:
    """How the citizen wants to be addressed; empty where that is not known."""
    return audience.called_of(db, premises.vault, case.person_id) if case.person_id is not None else ""


def filled(text: str, case: CaseRow, premises: Premises, *, called: str) -> str:
    """A canned answer for this case, as the visitor would send it. One with a gap that nobody knows stays as it is."""
    settings = premises.settings
    try:
        return canned.fill(
            text, name=called or "คุณ", number=case.id, staff=visitor().account.name, centre=_centre(premises),
            hours=settings.contact_hours or case_words.hours(settings.office_week),
        )  # fmt: skip
    except UnknownGaps:
        return text


def _centre(premises: Premises) -> str:
    try:
        return premises.library.current().catalogue.pack.centre["th"]
    except NothingPublished:
        return ""
