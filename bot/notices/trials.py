"""A notice sent to those who make it, so that they see it in LINE before anybody else does."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.notices.refusals import NoSuchNotice, Refused
from bot.queue import jobs
from bot.queue.kinds import INTERACTIVE, JobKind
from bot.storage import notice_trials, notices
from bot.storage.notice_trials import QUEUED, TrialRow

MOST_AN_HOUR = 20
"""Of one notice: each costs a message of the month's quota."""
HOUR = timedelta(hours=1)
ON_ITS_WAY_FOR = timedelta(minutes=2)
"""So long after it was asked for, a trial that is still queued is not asked for again."""


@dataclass(eq=False)
class TooManyTrials(Refused):
    """`left`: how many more people may be sent it within this hour."""

    left: int
    most: int


def ask_for(
    db: Session, notice_id: int, person_ids: Collection[int], *, asked_by: int | None, now: datetime
) -> list[TrialRow]:
    """One for each person; whose trial is on its way already gets that one, which shows the notice as it is then.
    Raises TooManyTrials, NoSuchNotice."""
    if notices.lock(db, notice_id) is None:
        raise NoSuchNotice
    latest = notice_trials.list_latest(db, notice_id=notice_id, limit=2 * MOST_AN_HOUR)
    on_their_way = {
        trial.person_id for trial in latest if trial.state == QUEUED and trial.created_at > now - ON_ITS_WAY_FOR
    }
    wanted = sorted(set(person_ids) - on_their_way)
    left = max(0, MOST_AN_HOUR - notice_trials.count_since(db, notice_id=notice_id, since=now - HOUR))
    if len(wanted) > left:
        raise TooManyTrials(left, MOST_AN_HOUR)
    asked = [
        notice_trials.add(
            db,
            TrialRow(
                notice_id=notice_id,
                person_id=person_id,
                asked_by=asked_by,
                retry_key=str(uuid.uuid4()),
                state=QUEUED,
                created_at=now,
            ),
        )
        for person_id in wanted
    ]
    jobs.enqueue(
        db, JobKind.NOTICE_TRIAL, now=now, subject_ids=[(trial.id, None) for trial in asked], priority=INTERACTIVE
    )
    return asked
