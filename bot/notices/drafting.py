"""Notices while they are being written. Whoever changes one that was approved already makes the approval void."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.notices import audience as audiences
from bot.notices import content as contents
from bot.notices.audience import Audience
from bot.notices.content import Content
from bot.notices.refusals import ChangedMeanwhile, NoSuchNotice, NotInThatState
from bot.storage import notices
from bot.storage.notice_audience import UNCLEAR, Group
from bot.storage.notices import APPROVED, DRAFT, SUBMITTED, NoticeRow

UID_BYTES = 9
LONGEST_TITLE = 120
EDITABLE = (DRAFT, SUBMITTED, APPROVED)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a notice that its author decides. `send_at` None: as soon as it may. `per_day` None: all at
    once. `rides_until`: until then it goes along with free answers only."""

    content: Content
    audience: Audience
    title: str = ""
    event_id: int | None = None
    send_at: datetime | None = None
    repeats: str = ""
    repeats_until: datetime | None = None
    per_day: int | None = None
    rides_until: datetime | None = None


def create(db: Session, plan: Plan, *, author_id: int | None, now: datetime) -> NoticeRow:
    row = NoticeRow(
        uid=secrets.token_hex(UID_BYTES), state=DRAFT, version=1, author_id=author_id, created_at=now, changed_at=now,
        **_values(plan),
    )  # fmt: skip
    return notices.add(db, row)


def plan_of(row: NoticeRow) -> Plan:
    return Plan(
        content=contents.from_json(row.content), audience=audiences.from_json(row.audience), title=row.title,
        event_id=row.event_id, send_at=row.send_at, repeats=row.repeats, repeats_until=row.repeats_until,
        per_day=row.per_day, rides_until=row.rides_until,
    )  # fmt: skip


def edit(db: Session, notice_id: int, plan: Plan, *, seen: int, by: int | None, now: datetime) -> NoticeRow:
    """A draft again, whatever had been approved; `by` is its author from now on. Raises ChangedMeanwhile,
    NotInThatState, NoSuchNotice."""
    row = get(db, notice_id)
    if row.state not in EDITABLE:
        raise NotInThatState(row.state)
    if not notices.edit(db, notice_id, seen=seen, author_id=by, changed_at=now, **_as_draft(), **_values(plan)):
        raise ChangedMeanwhile(get(db, notice_id).version)
    return get(db, notice_id)


def copy(
    db: Session, notice_id: int, *, author_id: int | None, now: datetime, to_the_unclear: bool = False
) -> NoticeRow:  # fmt: skip
    """Another draft with the same words for the same people, to be sent at no time yet; `to_the_unclear`: only for
    those of whom nobody knows whether they got it. Raises NoSuchNotice."""
    plan = plan_of(get(db, notice_id))
    plain = replace(plan, send_at=None, repeats="", repeats_until=None, rides_until=None)
    if to_the_unclear:
        plain = replace(plain, audience=Audience((Group(UNCLEAR, str(notice_id)),)))
    return create(db, plain, author_id=author_id, now=now)


def remove(db: Session, notice_id: int) -> None:
    """A draft that nobody wants. Raises NotInThatState, NoSuchNotice."""
    row = notices.lock(db, notice_id)
    if row is None:
        raise NoSuchNotice
    if row.state not in (DRAFT, SUBMITTED):
        raise NotInThatState(row.state)
    notices.remove(db, row)


def submit(db: Session, notice_id: int, *, seen: int, now: datetime) -> None:
    """To whoever approves it. Raises NotInThatState, ChangedMeanwhile, NoSuchNotice."""
    row = get(db, notice_id)
    if row.version != seen:
        raise ChangedMeanwhile(row.version)
    if not notices.move(db, notice_id, states=(DRAFT,), to=SUBMITTED, now=now, submitted_at=now, sent_back=""):
        raise NotInThatState(get(db, notice_id).state)


def send_back(db: Session, notice_id: int, *, words: str, now: datetime) -> None:
    """The approver wants it otherwise, and says how. Raises NotInThatState, NoSuchNotice."""
    if not notices.move(db, notice_id, states=(SUBMITTED,), to=DRAFT, now=now, sent_back=words.strip()[:500]):
        raise NotInThatState(get(db, notice_id).state)


def call_back(db: Session, notice_id: int, *, now: datetime) -> None:
    """Before it has begun: it is a draft again. Raises NotInThatState, NoSuchNotice."""
    if not notices.move(db, notice_id, states=(SUBMITTED, APPROVED), to=DRAFT, now=now, **_void()):
        raise NotInThatState(get(db, notice_id).state)


def get(db: Session, notice_id: int) -> NoticeRow:
    """Raises NoSuchNotice."""
    row = notices.find(db, notice_id)
    if row is None:
        raise NoSuchNotice
    return row


def hash_of(row: NoticeRow) -> str:
    """Of the words, of the event that they lead to, and of the audience: what an approval is bound to. SHA-256,
    hexadecimal."""
    plan = plan_of(row)
    return contents.hash_of(plan.content, {**plan.audience.to_json(), "event": plan.event_id})


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "content": plan.content.to_json(), "audience": plan.audience.to_json(), "title": plan.title[:LONGEST_TITLE],
        "event_id": plan.event_id, "send_at": plan.send_at, "repeats": plan.repeats,
        "repeats_until": plan.repeats_until, "per_day": plan.per_day, "rides_until": plan.rides_until,
    }  # fmt: skip


def _as_draft() -> dict[str, Any]:
    return {"state": DRAFT, "submitted_at": None, "why": "", **_void()}


def _void() -> dict[str, Any]:
    return {"approver_id": None, "approved_at": None, "approved_hash": None, "approved_count": None, "begins_at": None}
