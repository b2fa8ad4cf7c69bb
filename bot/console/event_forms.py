"""An event as a form, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from bot import clock
from bot.console.access import row_id
from bot.console.event_maps import MapFault, read_map, write_map
from bot.console.event_times import Known, Unreadable, read_edge, read_span, write_end, write_moment
from bot.events.event_draft import Asked, Part, Plan

Row = dict[str, str]
LINES = ("title", "place_name", "place_address", "online_link", "contact")
TEXTS = ("summary", "bring", "purpose")
NAMES = ("programme", "district")
NUMBERS = ("capacity", "party_most", "offer_minutes", "retention_days")
CHECKS = (
    "has_waiting_list", "admits_each", "asks_district", "asks_companions", "for_classes", "asks_feedback",
    "gives_certificate",
)  # fmt: skip
RULES = ("phone_rule", "minors")
TIMES = ("starts", "ends", "opens", "closes")
FIELDS = (*LINES, *TEXTS, *NAMES, *NUMBERS, *CHECKS, *RULES, *TIMES, "map", "reminders")
SESSION = ("id", "title", "starts", "ends")
QUESTION = ("id", "label", "kind", "choices", "required")
MOST_ROWS = 40
LONGEST = 5_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class NotANumber(str):
    """What was typed where a number belongs."""

    __slots__ = ()


Fault = Unreadable | MapFault | NotANumber


@dataclass
class Filled:
    """What stands in the form: texts as they were typed, rows of sessions and questions."""

    fields: Row = field(default_factory=dict)
    sessions: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """As a browser would send it."""
        yield from ((name, text) for name, text in self.fields.items() if text or name not in CHECKS)
        for prefix, rows in (("s", self.sessions), ("q", self.questions)):
            for number, row in enumerate(rows):
                yield from ((f"{prefix}{number}_{name}", text) for name, text in row.items())

    def to_json(self) -> str:
        return json.dumps([self.fields, self.sessions, self.questions], ensure_ascii=False)


@dataclass(frozen=True)
class Read:
    """`faults` by the names of the form: of the second session `s1`."""

    plan: Plan
    faults: Mapping[str, Fault]


def of_request(form: MultiDict[str, str]) -> Filled:
    """Empty rows are left out."""
    fields = {name: _clean(form.get(name, ""), lines=name in TEXTS) for name in FIELDS}
    fields |= {name: "1" if form.get(name) else "" for name in CHECKS}
    fields["reminders"] = ",".join(dict.fromkeys(",".join(form.getlist("reminders")).split(","))).strip(",")
    return Filled(
        fields, _rows(form, "s", SESSION, ("title", "starts", "ends")), _rows(form, "q", QUESTION, ("label",))
    )


def of_json(text: str) -> Filled | None:
    """None where it is nothing that `to_json` wrote."""
    try:
        fields, sessions, questions = json.loads(text)
        rows = [[{str(k): str(v) for k, v in row.items()} for row in several] for several in (sessions, questions)]
        return Filled({str(name): str(value) for name, value in fields.items()}, *rows)
    except (ValueError, TypeError, AttributeError):
        return None


def of_plan(plan: Plan) -> Filled:
    fields = {name: getattr(plan, name) or "" for name in (*LINES, *TEXTS, *NAMES, *RULES)}
    fields |= {name: "" if getattr(plan, name) is None else str(getattr(plan, name)) for name in NUMBERS}
    fields |= {name: "1" if getattr(plan, name) else "" for name in CHECKS}
    fields |= {
        "starts": write_moment(plan.starts_at), "ends": write_end(plan.starts_at, plan.ends_at),
        "opens": write_moment(plan.opens_at), "closes": write_moment(plan.closes_at),
        "map": write_map(plan.latitude, plan.longitude), "reminders": ",".join(map(str, plan.reminder_minutes)),
    }  # fmt: skip
    return Filled({name: fields[name] for name in FIELDS}, *_rows_of(plan))


def read(filled: Filled, *, today: date, base: Plan) -> Read:
    """Whatever could be read. `base` is what the form was drawn from: where nothing was typed, nothing has changed."""
    faults: dict[str, Fault] = {}
    texts = filled.fields
    values: dict[str, Any] = {name: texts.get(name, "") for name in (*LINES, *TEXTS)}
    values |= {name: texts.get(name) or getattr(base, name) for name in RULES}
    values |= {name: texts.get(name) or None for name in NAMES}
    values |= {name: bool(texts.get(name)) for name in CHECKS}
    for name in NUMBERS:
        values[name] = _number(
            texts.get(name, ""), faults, name, empty=None if name == "capacity" else getattr(base, name)
        )
    values["reminder_minutes"] = _reminders(texts.get("reminders", ""))
    values |= _place(texts.get("map", ""), faults, base)
    values |= _times(texts, faults, today=today, base=base)
    day = clock.bangkok_date(values["starts_at"]) if values["starts_at"] else None
    values["sessions"] = tuple(_sessions(filled.sessions, faults, today=today, day=day, base=base.sessions))
    values["questions"] = tuple(_questions(filled.questions))
    return Read(replace(base, **values), faults)


def reshape(filled: Filled, do: str) -> str | None:
    """A row more, less, or further up, by the button pressed; the part of the page to show then. None: another
    button."""
    what, _, number = do.partition(":")
    name, _, way = what.partition("_")
    rows, blank = {
        "session": (filled.sessions, dict.fromkeys(SESSION, "")),
        "question": (filled.questions, dict.fromkeys(QUESTION, "") | {"kind": "text"}),
    }.get(name, (None, None))
    if rows is None or blank is None:
        return None
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else len(rows)
    if way == "add":
        rows.append(blank)
    elif way == "remove" and place < len(rows):
        del rows[place]
    elif way == "up" and 0 < place < len(rows):
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    return f"{name}s"


def _rows_of(plan: Plan) -> tuple[list[Row], list[Row]]:
    sessions = [
        {
            "id": str(part.id or ""), "title": part.title, "starts": write_moment(part.starts_at),
            "ends": write_end(part.starts_at, part.ends_at),
        }
        for part in plan.sessions
    ]  # fmt: skip
    questions = [
        {
            "id": str(one.id or ""), "label": one.label, "kind": one.kind, "choices": "\n".join(one.choices),
            "required": "1" if one.required else "",
        }
        for one in plan.questions
    ]  # fmt: skip
    return sessions, questions


def _clean(text: str, *, lines: bool) -> str:
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST].strip()
    return text if lines else " ".join(text.split())


def _rows(form: MultiDict[str, str], prefix: str, names: Sequence[str], needed: Sequence[str]) -> list[Row]:
    rows = []
    for number in range(MOST_ROWS):
        row = {name: _clean(form.get(f"{prefix}{number}_{name}", ""), lines=name == "choices") for name in names}
        if any(row[name] for name in needed) or row.get("choices"):
            rows.append(row)
    return rows


def _number(text: str, faults: dict[str, Fault], name: str, *, empty: int | None) -> int | None:
    digits = text.replace(",", "")
    if not digits:
        return empty
    if digits.isdecimal() and len(digits) < 10:
        return int(digits)
    faults[name] = NotANumber(text)
    return empty


def _reminders(text: str) -> tuple[int, ...]:
    """The longest first."""
    return tuple(sorted((int(one) for one in text.split(",") if one.isdecimal() and len(one) < 10), reverse=True))


def _place(text: str, faults: dict[str, Fault], base: Plan) -> dict[str, float | None]:
    place = read_map(text) if text != write_map(base.latitude, base.longitude) else (base.latitude, base.longitude)
    if isinstance(place, MapFault):
        faults["map"] = place
        place = None
    latitude, longitude = place or (None, None)
    return {"latitude": latitude, "longitude": longitude}


def _times(texts: Row, faults: dict[str, Fault], *, today: date, base: Plan) -> dict[str, datetime | None]:
    known = _known(base)
    start, end = read_span(texts.get("starts", ""), texts.get("ends", ""), today=today, known=known)
    edges = {
        "opens": read_edge(texts.get("opens", ""), today=today, closes=False, known=base.opens_at),
        "closes": read_edge(texts.get("closes", ""), today=today, closes=True, known=base.closes_at),
    }
    found = {"starts": start, "ends": end, **edges}
    return {f"{name}_at": _kept(found[name], faults, name) for name in TIMES}


def _known(one: Plan | Part) -> Known:
    return Known(write_moment(one.starts_at), write_end(one.starts_at, one.ends_at), one.starts_at, one.ends_at)


def _kept(moment: datetime | Unreadable | None, faults: dict[str, Fault], name: str) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    faults[name] = moment
    return None


def _sessions(
    rows: Sequence[Row], faults: dict[str, Fault], *, today: date, day: date | None, base: Sequence[Part]
) -> Iterator[Part]:
    """Of a time alone, the day is that of the session before."""
    known = {part.id: part for part in base}
    for number, row in enumerate(rows):
        part = known.get(_id_of(row))
        was = _known(part) if part is not None else None
        start, end = read_span(row["starts"], row["ends"], today=today, day=day, known=was)
        starts_at, ends_at = _kept(start, faults, f"s{number}"), _kept(end, faults, f"s{number}")
        day = clock.bangkok_date(starts_at) if starts_at else day
        yield Part(row["title"], starts_at, ends_at, _id_of(row))


def _questions(rows: Sequence[Row]) -> Iterator[Asked]:
    for row in rows:
        choices = (choice.strip() for choice in row["choices"].splitlines())
        chosen = tuple(choice for choice in choices if choice) if row["kind"] == "choice" else ()
        yield Asked(row["label"], row["kind"], chosen, required=bool(row["required"]), id=_id_of(row))


def _id_of(row: Row) -> int | None:
    try:
        return row_id(row["id"])
    except (ValueError, KeyError):
        return None
