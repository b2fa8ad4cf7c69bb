"""Looking, and telling: each alarm is told once, again every day that it lasts, and once when it is over. Any number of
processes may watch: the database gives each telling to one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import logs
from bot.alarms import conditions, words
from bot.alarms.channels import Channel, NotTold
from bot.alarms.conditions import Watched
from bot.alarms.words import Told
from bot.storage import alarms
from bot.storage.alarms import AlarmRow
from bot.storage.engine import Database

log = logs.get(__name__)

AGAIN_AFTER = timedelta(days=1)
TOLD_WITHIN = timedelta(minutes=10)
"""Mail servers are slow; a process that has not said by then that it told has died on the way."""
STAYS_FOR = timedelta(minutes=10)
"""After it was seen last, by whoever looks: what comes and goes within minutes, or is so on one machine of several, is
one alarm, told once."""


@dataclass(frozen=True, slots=True)
class Due:
    on: list[AlarmRow]
    over: list[AlarmRow]


def note(db: Session, watched: Watched, *, now: datetime) -> Due:
    """Looks, writes down what is on and what is over, and takes over the telling of what nobody has been told yet."""
    found = conditions.look(db, watched, now=now)
    for condition in found:
        alarms.note_on(db, condition.alarm, detail=json.dumps(dict(condition.facts), ensure_ascii=False), now=now)
    alarms.note_over(db, besides={condition.alarm for condition in found}, now=now, unseen_since=now - STAYS_FOR)
    on = alarms.claim_telling(db, on_before=now, again_before=now - AGAIN_AFTER, lease=TOLD_WITHIN)
    return Due(on, alarms.claim_telling_over(db, now=now))


def look_and_tell(database: Database, watched: Watched, channels: Mapping[str, Channel], *, now: datetime) -> int:
    """How many alarms somebody was told of. What no channel took is told at the next look."""
    with database.transaction() as db:
        due = note(db, watched, now=now)
    for row in (*due.on, *due.over):
        log.warning("alarm", name=row.name, over=row.over_at is not None, facts=row.detail)
    told = 0
    if due.on and channels:
        names = [row.name for row in due.on]
        taken = None in tell(channels, words.tell_on(due.on)).values()
        told += len(names) if taken else 0
        with database.transaction() as db:
            if taken:
                alarms.note_told(db, names, now=now)
            else:
                alarms.give_back(db, names)
    if due.over and None in tell(channels, words.tell_over(due.over)).values():
        told += len(due.over)
    return told


def tell(channels: Mapping[str, Channel], told: Told) -> dict[str, str | None]:
    """By every channel. None: it took it; else why it did not."""
    outcomes: dict[str, str | None] = {}
    for name, channel in channels.items():
        try:
            channel(told)
        except NotTold as error:
            log.warning("alarm.not_told", channel=name, why=str(error))
            outcomes[name] = str(error)
        else:
            outcomes[name] = None
    return outcomes
