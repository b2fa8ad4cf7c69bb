"""What an event asks of whoever registers, in which order, and what of it is still missing. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.events import openness
from bot.events.forms import Form, School
from bot.events.registration import LARGEST_CLASS
from bot.storage.events import EventQuestionRow, EventRow

SELF, NEIGHBOUR, CLASS = "self", "neighbour", "class"

Value = str | int | bool | list[str] | None
"""What was given for a field; None: it was left out."""
Given = Mapping[str, Value]


class Kind(StrEnum):
    """What is asked. The event's own questions are the last four."""

    NAME = "name"
    PHONE = "phone"
    DISTRICT = "district"
    SCHOOL = "school"
    LEVEL = "level"
    PARTY = "party"
    COMPANIONS = "companions"
    MINOR = "minor"
    GUARDIAN = "guardian"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the kind's, or `q` and the number of the event's question. `most` is the largest party, or how many
    names are asked for. `wants` is what has to be answered for the registration to be possible, None: anything."""

    name: str
    kind: Kind
    required: bool = True
    most: int = 0
    label: str = ""
    choices: tuple[str, ...] = ()
    wants: bool | None = None


def kinds_of(event: EventRow) -> tuple[str, ...]:
    """For whom somebody on LINE may register."""
    return (SELF, NEIGHBOUR, CLASS) if event.for_classes else (SELF, NEIGHBOUR)


def check_open(event: EventRow | None, *, now: datetime) -> EventRow:
    """The same checks as those of registering, without its lock. Raises a Refused."""
    return openness.check_open(event, now=now)


def fields_of(
    event: EventRow, questions: Sequence[EventQuestionRow], *, kind: str, given: Given | None = None
) -> tuple[Field, ...]:
    """Never more than this event asks. Some depend on what was `given`: who comes alone is asked for nobody's name."""
    given = given or {}
    fields = [*_who(event, kind), *_party(event, kind, given), *_ages(event, kind, given)]
    return (*fields, *map(_own, questions))


def first_missing(fields: Sequence[Field], given: Given) -> Field | None:
    return next((field for field in fields if not is_settled(field, given)), None)


def is_settled(field: Field, given: Given) -> bool:
    """False also for what was right once: the party limit has sunk, a choice is gone, what could be left out is asked
    of everybody now."""
    if field.name not in given:
        return False
    value = given[field.name]
    if value is None:
        return not field.required
    match field.kind:
        case Kind.PARTY:
            settled = isinstance(value, int) and 1 <= value <= field.most
        case Kind.COMPANIONS:
            settled = isinstance(value, list) and len(value) == field.most
        case Kind.CHOICE:
            settled = value in field.choices
        case _:
            settled = field.wants is None or value is field.wants
    return settled


def only_asked(fields: Sequence[Field], given: Given) -> dict[str, Value]:
    """Without what is not asked, or not asked any more."""
    names = {field.name for field in fields}
    return {name: value for name, value in given.items() if name in names}


def before(fields: Sequence[Field], name: str) -> Field | None:
    """The field that was asked before this one; after the last, with a name that is none of theirs, the last."""
    names = [field.name for field in fields]
    place = names.index(name) if name in names else len(names)
    return fields[place - 1] if place else None


def party_of(given: Given) -> int:
    size = given.get(Kind.PARTY, 1)
    return size if isinstance(size, int) else 1


def form_of(fields: Sequence[Field], given: Given, *, kind: str) -> Form:
    """Of answers that are all settled."""
    kept = only_asked(fields, given)
    companions = kept.get(Kind.COMPANIONS)
    minor, guardian = kept.get(Kind.MINOR), kept.get(Kind.GUARDIAN)
    return Form(
        name=str(kept[Kind.NAME]),
        phone=_text(kept.get(Kind.PHONE)),
        district=_text(kept.get(Kind.DISTRICT)),
        companions=tuple(companions) if isinstance(companions, list) else (),
        answers={
            int(field.name.removeprefix("q")): _written(kept[field.name])
            for field in fields
            if field.label and kept.get(field.name) is not None
        },
        school=School(str(kept[Kind.SCHOOL]), str(kept[Kind.LEVEL])) if kind == CLASS else None,
        minor=(kind == CLASS and guardian is not None) or (minor if isinstance(minor, bool) else None),
        guardian=guardian if isinstance(guardian, bool) else None,
    )


YES, NO = "yes", "no"
"""How an answer to a yes-or-no question is kept."""


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _who(event: EventRow, kind: str) -> list[Field]:
    """A class is asked for first: its school says who it is, and the teacher is only its contact."""
    fields = [Field(Kind.SCHOOL, Kind.SCHOOL), Field(Kind.LEVEL, Kind.LEVEL)] if kind == CLASS else []
    fields.append(Field(Kind.NAME, Kind.NAME))
    if event.phone_rule != "no":
        fields.append(Field(Kind.PHONE, Kind.PHONE, required=event.phone_rule == "required"))
    if event.asks_district:
        fields.append(Field(Kind.DISTRICT, Kind.DISTRICT, required=False))
    return fields


def _party(event: EventRow, kind: str, given: Given) -> list[Field]:
    """Companions are everybody but the one who is named already; a class's teacher is none of its pupils."""
    most = LARGEST_CLASS if kind == CLASS else event.party_most
    fields = [Field(Kind.PARTY, Kind.PARTY, most=most)] if most > 1 else []
    others = party_of(given) - (0 if kind == CLASS else 1)
    if event.asks_companions and others > 0 and Kind.PARTY in given:
        fields.append(Field(Kind.COMPANIONS, Kind.COMPANIONS, most=others))
    return fields


def _ages(event: EventRow, kind: str, given: Given) -> list[Field]:
    """A class is of minors: only the guardians' yes is asked for."""
    guardian = Field(Kind.GUARDIAN, Kind.GUARDIAN, wants=True)
    if event.minors == "adults":
        return [Field(Kind.MINOR, Kind.MINOR, wants=False)]
    if event.minors != "guardian":
        return []
    if kind == CLASS:
        return [guardian]
    return [Field(Kind.MINOR, Kind.MINOR), *([guardian] if given.get(Kind.MINOR) is True else [])]


def _own(question: EventQuestionRow) -> Field:
    return Field(
        f"q{question.id}", Kind(question.kind), required=question.required, label=question.label,
        choices=tuple(question.choices) if question.kind == Kind.CHOICE else (),
    )  # fmt: skip
