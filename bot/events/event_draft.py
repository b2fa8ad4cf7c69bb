"""What staff plan an event to be, and what is wrong with it: every fault by its field, as reasons for a machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.storage.events import EventQuestionRow, EventRow, EventSessionRow

TEXT, CHOICE, YES_NO, NUMBER = "text", "choice", "yes_no", "number"
KINDS = (TEXT, CHOICE, YES_NO, NUMBER)
PHONE_RULES = ("no", "optional", "required")
MINORS = ("any", "guardian", "adults")


@dataclass(frozen=True, slots=True)
class Part:
    """A session. Without `id` it is new."""

    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the event's own. Without `id` it is new."""

    label: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()
    required: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Named as the columns of an event. A draft may lack what publishing needs: title, times, a place or a link."""

    title: str = ""
    summary: str = ""
    programme: str | None = None
    district: str | None = None
    place_name: str = ""
    place_address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_link: str = ""
    bring: str = ""
    contact: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    capacity: int | None = None
    party_most: int = 1
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    has_waiting_list: bool = True
    offer_minutes: int = 180
    admits_each: bool = False
    phone_rule: str = "optional"
    asks_district: bool = False
    asks_companions: bool = False
    for_classes: bool = False
    minors: str = "any"
    purpose: str = ""
    retention_days: int = 90
    reminder_minutes: tuple[int, ...] = (1440, 120)
    asks_feedback: bool = True
    gives_certificate: bool = False
    sessions: tuple[Part, ...] = ()
    questions: tuple[Asked, ...] = ()


TIMES = ("starts_at", "ends_at")
OF_OTHER_TABLES = ("sessions", "questions")
COLUMNS = tuple(field.name for field in fields(Plan) if field.name not in OF_OTHER_TABLES)


def is_dated(event: EventRow) -> bool:
    """A draft whose day is not known yet begins and ends at one moment; nothing else does."""
    return event.ends_at > event.starts_at


def plan_of(event: EventRow, sessions: Sequence[EventSessionRow], questions: Sequence[EventQuestionRow]) -> Plan:
    values: dict[str, Any] = {name: getattr(event, name) for name in COLUMNS}
    values["reminder_minutes"] = tuple(event.reminder_minutes)
    if not is_dated(event):
        values |= dict.fromkeys(TIMES)
    return Plan(
        **values,
        sessions=tuple(_part_of(row) for row in sessions),
        questions=tuple(
            Asked(row.label, row.kind, tuple(row.choices), required=row.required, id=row.id) for row in questions
        ),
    )


def columns_of(plan: Plan, *, undated: datetime, names: Collection[str] = COLUMNS) -> dict[str, Any]:
    """The values of an event's own row. `undated` stands for both times as long as one is missing."""
    values = {name: getattr(plan, name) for name in COLUMNS if name in names}
    if "reminder_minutes" in values:
        values["reminder_minutes"] = list(plan.reminder_minutes)
    if not (plan.starts_at and plan.ends_at):
        values |= {name: undated for name in TIMES if name in values}
    return values


def differences(before: Plan, after: Plan) -> tuple[str, ...]:
    """The fields that differ, in the order of the plan's."""
    return tuple(field.name for field in fields(Plan) if getattr(before, field.name) != getattr(after, field.name))


def plain(plan: Plan, names: Collection[str] | None = None) -> Mapping[str, Any]:
    """As JSON takes it."""
    return {
        field.name: _plain(getattr(plan, field.name)) for field in fields(Plan) if names is None or field.name in names
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a plan
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (Part, Asked)):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _part_of(row: EventSessionRow) -> Part:
    if row.ends_at <= row.starts_at:
        return Part(row.title, None, None, row.id)
    return Part(row.title, row.starts_at, row.ends_at, row.id)
