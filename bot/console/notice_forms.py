"""The form of a notice: what was typed into it, read; and two people's changes brought together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from werkzeug.datastructures import MultiDict

from bot import clock
from bot.console.access import row_id
from bot.console.event_forms import CONTROL, NotANumber
from bot.console.event_times import write_moment
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.rules import Rules
from bot.thai_date_reading import CannotRead, read_date, read_moment

Row = dict[str, str]
TIMES = ("at", "repeats_until", "rides_until")
FIELDS = ("title", "event", "event_button", "repeats", "per_day", *TIMES)
BUBBLE = ("kind", "title", "text", "picture", "link", "label")
WRITTEN = ("title", "text", "picture", "link")
"""Of a bubble: where none of these is filled in, there is none."""
REPEATS = ("", "weekly", "monthly")
AT_ONCE = ("ทันที", "เดี๋ยวนี้", "ตอนนี้", "now")
MOST_BUBBLES, MOST_ROWS = 3, 6
LONGEST = 6_000
LARGEST_DAY = 10_000_000
BEFORE_NIGHT = timedelta(hours=1)
"""Whose deadline is a day: the others are sent it while it is still day."""

Fault = CannotRead | NotANumber


@dataclass
class Filled:
    """What stands in the form, as it was typed."""

    fields: Row = field(default_factory=dict)
    bubbles: list[Row] = field(default_factory=list)

    def flat(self) -> Row:
        """By the names of the form."""
        named = {f"b{number}_{part}": row.get(part, "") for number, row in enumerate(self.bubbles) for part in BUBBLE}
        return {name: self.fields.get(name, "") for name in FIELDS} | named

    def to_json(self) -> str:
        return json.dumps(self.flat(), ensure_ascii=False)


@dataclass(frozen=True)
class Read:
    """`faults` by the names of the form: what could not be read."""

    plan: Plan
    faults: Mapping[str, Fault]


@dataclass(frozen=True, slots=True)
class Merged:
    filled: Filled
    """What one has changed oneself stands as one typed it, all else as the other has left it."""
    theirs: Row
    """By name: what stands in the database, where both have changed it and not alike."""
    taken: tuple[str, ...]
    """What only the other has changed."""


def of_request(form: MultiDict[str, str], pictures: Mapping[int, str] | None = None) -> Filled:
    """Empty bubbles are left out. `pictures`: addresses of those that came as files, by the number of their bubble;
    what has one is a card."""
    fields = {name: _clean(form.get(name, ""), lines=False) for name in FIELDS}
    fields["event_button"] = "1" if form.get("event_button") else ""
    return Filled(fields, list(_bubbles(form, pictures or {})))


def of_plan(plan: Plan) -> Filled:
    fields = {
        "title": plan.title, "event": str(plan.event_id or ""), "repeats": plan.repeats,
        "event_button": "1" if plan.content.event_button else "",
        "per_day": "" if plan.per_day is None else str(plan.per_day), "at": write_moment(plan.send_at),
        "repeats_until": write_moment(plan.repeats_until), "rides_until": write_moment(plan.rides_until),
    }  # fmt: skip
    bubbles = [{part: getattr(bubble, part) for part in BUBBLE} for bubble in plan.content.bubbles]
    return Filled(fields, bubbles)


def of_json(text: str) -> Filled | None:
    """None where it is nothing that `to_json` wrote."""
    try:
        return _of_flat({str(name): str(value) for name, value in json.loads(text).items()})
    except (ValueError, TypeError, AttributeError):
        return None


def content_of(filled: Filled) -> Content:
    """As it stands in the form, whatever is wrong with it. Of a text, what only a card has is left out."""
    bubbles = []
    for row in filled.bubbles[:MOST_ROWS]:
        shared = {part: row.get(part, "") for part in ("text", "link", "label")}
        if row.get("kind") == "card":
            bubbles.append(Bubble("card", **shared, title=row.get("title", ""), picture=row.get("picture", "")))
        else:
            bubbles.append(Bubble("text", **shared))
    return Content(tuple(bubbles), bool(filled.fields.get("event_button")))


def read(filled: Filled, *, base: Plan, rules: Rules, now: datetime) -> Read:
    """Whatever could be read. `base`: what the form was drawn from; a time that was not typed anew has not changed."""
    texts, today = filled.fields, clock.bangkok_date(now)
    faults: dict[str, Fault] = {}
    send_at = _moment(texts, faults, "at", base.send_at, today=today, hour=None)
    last = time(23, 59)
    before_night = (datetime.combine(today, rules.day[1]) - BEFORE_NIGHT).time()
    repeats = texts.get("repeats", "")
    plan = replace(
        base,
        content=content_of(filled),
        title=texts.get("title", ""),
        event_id=event_of(texts),
        send_at=send_at,
        repeats=repeats if repeats in REPEATS else "",
        repeats_until=_moment(texts, faults, "repeats_until", base.repeats_until, today=today, hour=last),
        per_day=_number(texts.get("per_day", ""), faults),
        rides_until=_moment(texts, faults, "rides_until", base.rides_until, today=today, hour=before_night),
    )
    return Read(plan if plan.repeats else replace(plan, repeats_until=None), faults)


def event_of(texts: Row) -> int | None:
    try:
        return row_id(texts.get("event", "")) or None
    except ValueError:
        return None


def reshape(filled: Filled, do: str) -> bool:
    """A bubble more, less, or further up, by the button pressed. False: it was another button."""
    what, _, number = do.partition(":")
    bubbles = filled.bubbles
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else len(bubbles)
    if what == "bubble_add":
        bubbles.append(blank())
    elif what == "bubble_remove":
        del bubbles[place : place + 1]
    elif what == "bubble_up":
        if 0 < place < len(bubbles):
            bubbles[place - 1], bubbles[place] = bubbles[place], bubbles[place - 1]
    else:
        return False
    return True


def blank() -> Row:
    return dict.fromkeys(BUBBLE, "") | {"kind": "text"}


def merge(was: Filled | None, mine: Filled, theirs: Filled) -> Merged:
    """`was` is the form as it was drawn; without it nobody knows who has changed what, and all that differs is told."""
    mine_flat, theirs_flat = mine.flat(), theirs.flat()
    was_flat = was.flat() if was is not None else None
    together: Row = {}
    conflicts: Row = {}
    taken: list[str] = []
    for name in sorted({*mine_flat, *theirs_flat}):
        my, their = mine_flat.get(name, ""), theirs_flat.get(name, "")
        before = was_flat.get(name, "") if was_flat is not None else None
        together[name] = their if my == before else my
        if my == before != their:
            taken.append(name)
        elif my not in (before, their) and their != before:
            conflicts[name] = their
    return Merged(_of_flat(together), conflicts, tuple(taken))


def differences(one: Plan, other: Plan) -> list[str]:
    """Names of what differs, for the audit log."""
    names = (
        "content",
        "audience",
        "title",
        "event_id",
        "send_at",
        "repeats",
        "repeats_until",
        "per_day",
        "rides_until",
    )
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def _of_flat(flat: Row) -> Filled:
    several = []
    for number in range(MOST_ROWS):
        row = {part: flat.get(f"b{number}_{part}", "") for part in BUBBLE}
        if any(row.values()):
            several.append(row)
    return Filled({name: flat.get(name, "") for name in FIELDS}, several)


def _bubbles(form: MultiDict[str, str], pictures: Mapping[int, str]) -> Iterator[Row]:
    for number in range(MOST_ROWS):
        row = {part: _clean(form.get(f"b{number}_{part}", ""), lines=part == "text") for part in BUBBLE}
        if number in pictures:
            row |= {"kind": "card", "picture": pictures[number]}
        if any(row[part] for part in WRITTEN):
            yield row


def _clean(text: str, *, lines: bool) -> str:
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST].strip()
    return text if lines else " ".join(text.split())


def _number(text: str, faults: dict[str, Fault]) -> int | None:
    digits = text.replace(",", "")
    if not digits:
        return None
    if digits.isdecimal() and len(digits) < 10 and 1 <= int(digits) <= LARGEST_DAY:
        return int(digits)
    faults["per_day"] = NotANumber(text)
    return None


def _moment(
    texts: Row, faults: dict[str, Fault], name: str, known: datetime | None, *, today: date, hour: time | None
) -> datetime | None:  # fmt: skip
    """`hour`: what is meant by a day alone; None: a day alone is not enough."""
    text = texts.get(name, "")
    if not text or text in AT_ONCE:
        return None
    if known is not None and text == write_moment(known):
        return known
    found = read_moment(text, today=today)
    if not isinstance(found, CannotRead):
        return found.starts_at
    day = read_date(text, today=today) if hour is not None else found
    if isinstance(day, CannotRead) or hour is None:
        faults[name] = found
        return None
    return datetime.combine(day, hour, clock.BANGKOK).astimezone(UTC)
