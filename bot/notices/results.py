"""How far a notice has got, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.storage import notice_chunks, notice_recipients, notices
from bot.storage.notice_chunks import ACCEPTED, REFUSED, STOPPED, TRYING, UNKNOWN, WAITING
from bot.storage.notice_recipients import RIDING
from bot.storage.notices import NoticeRow
from bot.storage.outgoing import Delivery

RATE_OVER = timedelta(seconds=20)
CREDITED_FOR = timedelta(days=14)
"""Registrations within so long after it are counted as coming from it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """People. `accepted`: LINE has taken it for them, which does not prove that they saw it. `rode`: with a free
    answer. `left_out`: by why, after the ledger was written. `a_minute`: of the last moments; `left`: how long it will
    last."""

    state: str
    why: str
    accepted: int
    refused: int
    unknown: int
    stopped: int
    open: int
    riding: int
    rode: int
    left_out: Mapping[str, int]
    requests: int
    a_minute: int
    left: timedelta | None

    @property
    def total(self) -> int:
        """For whom it is, or was to be: those who left meanwhile are not among them."""
        return self.accepted + self.refused + self.unknown + self.stopped + self.open + self.riding + self.rode

    @property
    def done(self) -> int:
        return self.total - self.open - self.riding


def progress_of(db: Session, row: NoticeRow, *, now: datetime) -> Progress:
    counts = notice_chunks.count(db, row.id)
    people = {state: found[1] for state, found in counts.items()}
    kept = row.kept_counts or counts_to_keep(db, row, registered=False)
    left_out, rode, unsure = dict(kept["left_out"]), int(kept["rode"]), int(kept["rode_unsure"])
    riding = notice_recipients.count_in(db, row.id, portion=RIDING) if row.rides_until is not None else 0
    still_open = people.get(WAITING, 0) + people.get(TRYING, 0)
    recent = notice_chunks.count_accepted_since(db, since=now - RATE_OVER, notice_id=row.id)
    a_minute = round(recent / RATE_OVER.total_seconds() * 60)
    left = timedelta(minutes=still_open / a_minute) if a_minute and row.state == notices.SENDING else None
    return Progress(
        state=row.state, why=row.why, accepted=people.get(ACCEPTED, 0), refused=people.get(REFUSED, 0),
        unknown=people.get(UNKNOWN, 0) + unsure, stopped=people.get(STOPPED, 0), open=still_open,
        riding=riding if row.state not in notices.OVER else 0, rode=rode - unsure, left_out=left_out,
        requests=sum(found[0] for found in counts.values()), a_minute=a_minute, left=left,
    )  # fmt: skip


def count_registrations(db: Session, row: NoticeRow) -> int:
    """Of its event, by people who were sent it, within two weeks after it began."""
    if row.kept_counts is not None:
        return int(row.kept_counts["registered"])
    if row.event_id is None or row.began_at is None:
        return 0
    return notice_recipients.count_registered(
        db, notice_id=row.id, event_id=row.event_id, since=row.began_at, until=row.began_at + CREDITED_FOR
    )  # fmt: skip


def counts_to_keep(db: Session, row: NoticeRow, *, registered: bool = True) -> dict[str, Any]:
    """What only the ledger's lines say: who was left out and why, who got it with an answer, who registered."""
    left_out = dict(notice_recipients.count_left_out(db, row.id))
    rode = left_out.pop(notice_recipients.RODE, 0)
    rides = notice_recipients.count_rides(db, row.id) if rode else {}
    return {
        "left_out": left_out, "rode": rode, "rode_unsure": rides.get(Delivery.UNKNOWN, 0),
        "registered": count_registrations(db, row) if registered else 0,
    }  # fmt: skip
