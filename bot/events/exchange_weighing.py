"""What bringing in a file of events would do to those that are here, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.events import event_checks, planning
from bot.events.event_checks import Fault, Faults
from bot.events.event_consequences import Consequences, is_told
from bot.events.event_draft import Asked, Part, Plan, differences
from bot.events.exchange_faults import ImportFault, ImportRefused, Reason
from bot.events.exchange_rows import MOMENTS, ONE_LINE, Batch, Planned
from bot.events.exchange_table import WRITTEN
from bot.storage import events
from bot.storage.events import EventRow
from knowledge.pack import Pack

Outcome = Literal["new", "changed", "same", "called off"]
FOLLOWING = {
    Fault.MISSING, Fault.HALF, Fault.OUTSIDE, Fault.ENDS_BEFORE_START, Fault.CONTRADICTS, Fault.TOO_FEW,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What one event of a file leads to, or has led to."""

    number: int
    title: str
    outcome: Outcome
    event_id: int | None = None
    """None: it is not here yet."""
    version: int = 0
    """Of the event, as it was weighed."""
    changed: tuple[str, ...] = ()
    """Fields of the plan."""
    before: Plan | None = None
    after: Plan | None = None
    """Of what is new or changed."""
    told: bool = False
    """Those who have registered hear of it."""
    consequences: Consequences = field(default_factory=Consequences)


def weigh(db: Session, batch: Batch, *, pack: Pack, now: datetime) -> list[tuple[Step, Mapping[str, Any]]]:
    """For each event of the file what it leads to, and the fields of its plan; nothing is written. Raises
    ImportRefused."""
    notes = _Notes(list(batch.faults), frozenset(fault.row for fault in batch.faults))
    found: list[tuple[Step, Mapping[str, Any]]] = []
    rows_of: dict[int | str, int] = {}
    for planned in batch.events:
        event = events.find_by_source(db, planned.key) or events.find_by_public_id(db, planned.key)
        first = rows_of.setdefault(event.id if event else planned.key, planned.number)
        if first != planned.number:
            notes.add(planned, None, Reason.TWICE, detail=str(first))
        elif event is None:
            found.append(_weigh_new(planned, notes, pack=pack))
        else:
            found.append(_weigh_known(db, event, planned, notes, pack=pack, now=now))
    if notes.faults:
        raise ImportRefused(tuple(notes.faults))
    return found


def _weigh_new(planned: Planned, notes: _Notes, *, pack: Pack) -> tuple[Step, Mapping[str, Any]]:
    plan = Plan(**planned.values)
    if planned.called_off:
        return Step(planned.number, plan.title, "called off"), {}
    if not plan.title:
        notes.add(planned, "title", Fault.MISSING)
    notes.add_all(planned, event_checks.find_faults(plan, pack=pack))
    return Step(planned.number, plan.title, "new", after=plan), planned.values


def _weigh_known(
    db: Session, event: EventRow, planned: Planned, notes: _Notes, *, pack: Pack, now: datetime
) -> tuple[Step, Mapping[str, Any]]:
    title = planned.values.get("title", event.title)
    step = Step(planned.number, title, "same", event.id, event.version)
    if event.state == events.CALLED_OFF or planned.called_off:
        if event.state != events.CALLED_OFF:
            notes.add(planned, None, Reason.CALLS_OFF)
        elif not planned.called_off:
            notes.add(planned, None, Reason.CALLED_OFF)
        return replace(step, outcome="called off"), {}
    values = _fitted(planning.read_plan(db, event), planned.values)
    try:
        seen = event.version
        before, after = planning.consider(db, event_id=event.id, seen=seen, changes=values, now=now, pack=pack)
    except planning.PlanRefused as refused:
        notes.add_all(planned, refused.faults)
        return step, {}
    changed = differences(before, after)
    if not changed:
        return step, {}
    told = event.state == events.PUBLISHED and is_told(changed)
    return replace(step, outcome="changed", changed=changed, before=before, after=after, told=told), values


@dataclass
class _Notes:
    """What is wrong so far. In a row of which something could not be read, what may only follow from that is left
    out."""

    faults: list[ImportFault]
    unread: frozenset[int | None]

    def add(self, planned: Planned, name: str | None, reason: Reason | Fault, *, detail: str = "") -> None:
        place, _, rest = (name or "").partition(".")
        part = int(rest.partition(".")[0]) + 1 if rest else None
        heading = planned.headings.get(place) or WRITTEN.get(place) if place else None
        self.faults.append(ImportFault(planned.number, heading, reason, detail, part))

    def add_all(self, planned: Planned, faults: Faults) -> None:
        for name, reasons in faults.items():
            for reason in reasons:
                if reason not in FOLLOWING or planned.number not in self.unread:
                    self.add(planned, name, reason)


def _fitted(before: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as changes of what is there: what a file cannot tell apart has not changed, and sessions and questions
    that stay are the same ones."""
    found = dict(values)
    for name in MOMENTS:
        if name in found and _minute(found[name]) == _minute(getattr(before, name)):
            found[name] = getattr(before, name)
    for name in ONE_LINE:
        if name in found and found[name].split() == getattr(before, name).split():
            found[name] = getattr(before, name)
    if "sessions" in found:
        found["sessions"] = _as_before(found["sessions"], before.sessions)
    if "questions" in found:
        found["questions"] = _as_asked(found["questions"], before.questions)
    return found


def _as_before(parts: Sequence[Part], before: Sequence[Part]) -> tuple[Part, ...]:
    """A session is the one that was the same, else one of the same title, else the next that is left over."""
    left, fitted = list(before), dict[int, Part]()
    for alike in (_same_part, lambda one, was: one.title == was.title, lambda _one, _was: True):
        for number, one in enumerate(parts):
            match = None if number in fitted else next((was for was in left if alike(one, was)), None)
            if match is not None:
                left.remove(match)
                fitted[number] = match if _same_part(one, match) else replace(one, id=match.id)
    return tuple(fitted.get(number, one) for number, one in enumerate(parts))


def _same_part(one: Part, was: Part) -> bool:
    return (one.title, _minute(one.starts_at), _minute(one.ends_at)) == (
        was.title, _minute(was.starts_at), _minute(was.ends_at),
    )  # fmt: skip


def _as_asked(asked: Sequence[Asked], before: Sequence[Asked]) -> tuple[Asked, ...]:
    """One that is worded otherwise is another question."""
    known = {(was.label, was.kind, was.choices): was.id for was in before}
    return tuple(replace(one, id=known.get((one.label, one.kind, one.choices))) for one in asked)


def _minute(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(second=0, microsecond=0)
