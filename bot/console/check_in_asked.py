"""What a phone at the door asks for, read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, request
from sqlalchemy.orm import Session

from bot.console.access import row_id, visitor
from bot.events.check_in import CODE, NAME, SCAN, Arrival, part_at
from bot.events.check_in_finding import LONGEST_TEXT
from bot.storage import events
from bot.storage.events import EventRow, EventSessionRow

IN, LET_IN, WALK_IN, UNDO, CORRECT = "in", "let_in", "walk_in", "undo", "correct"
DEEDS = frozenset({IN, LET_IN, WALK_IN, UNDO, CORRECT})
WAYS = frozenset({SCAN, CODE, NAME})
LONGEST_WAIT = timedelta(days=7)
"""For which what waits on a phone without a signal is believed to have happened then."""
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """`registration_id`, or else `text`, says who; `over` lets them in beyond the seats there are."""

    do: str
    arrival: Arrival
    text: str
    registration_id: int | None
    name: str
    over: bool
    was_told: bool
    wording_hash: str | None


def read_asked(now: datetime) -> Asked:
    """400 for what no page of ours sends."""
    form = request.form
    do, key, wording = form.get("do", ""), form.get("key", ""), form.get("wording", "")
    if do not in DEEDS or not _KEY.fullmatch(key):
        abort(400)
    way = form.get("way", CODE)
    arrival = Arrival(
        at=now - _ago(),
        now=now,
        way=WALK_IN if do == WALK_IN else way if way in WAYS else CODE,
        staff_id=visitor().account.id,
        key=key,
        people=form.get("people", type=_people),
        part=form.get("part", type=row_id),
    )
    return Asked(
        do=do,
        arrival=arrival,
        text=form.get("text", "")[:LONGEST_TEXT],
        registration_id=form.get("registration", type=row_id),
        name=" ".join(form.get("name", "").split()),
        over=form.get("over") == "yes",
        was_told=form.get("told") == "yes",
        wording_hash=wording if _HASH.fullmatch(wording) else None,
    )


def get_event(db: Session, event_id: int) -> EventRow:
    """404 for a draft as well: nobody has a place there."""
    event = events.find(db, event_id)
    if event is None or event.state == events.DRAFT:
        abort(404)
    return event


def chosen_part(sessions: Sequence[EventSessionRow], *, now: datetime) -> int:
    asked = request.values.get("part", type=row_id)
    return asked if asked in {one.id for one in sessions} else part_at(sessions, now)


def _ago() -> timedelta:
    """How long it has waited on the phone: by the phone's clock, which may be wrong, but as long as ours."""
    waited = request.form.get("ago", 0, type=int)
    return max(min(timedelta(milliseconds=max(0, min(waited, 10**10))), LONGEST_WAIT), timedelta(0))


def _people(text: str) -> int:
    return max(0, min(int(text), 1000))
