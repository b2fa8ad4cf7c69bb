"""Making events and changing them. Everything is checked before anything is written."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.events import event_checks, event_consequences, refusals
from bot.events.event_checks import Fault, Faults
from bot.events.event_consequences import Consequences
from bot.events.event_draft import CHOICE, COLUMNS, TIMES, Asked, Part, Plan, columns_of, differences, plan_of
from bot.storage import check_ins, events, registrations
from bot.storage.events import EventQuestionRow, EventRow, EventSessionRow
from knowledge.pack import Pack

ASKED = ("phone_rule", "asks_district", "asks_companions", "for_classes", "minors")
SCHEDULE = (*TIMES, "reminder_minutes", "asks_feedback")


@dataclass(eq=False)
class PlanRefused(refusals.Refused):
    faults: Faults


@dataclass(eq=False)
class ChangedMeanwhile(refusals.Refused):
    """Somebody else has changed the event, which is at `version` by now."""

    version: int


@dataclass(eq=False)
class NotADraft(refusals.Refused):
    """It was published: people may know of it. It can be called off, and not removed."""


@dataclass(frozen=True, slots=True)
class Amended:
    event: EventRow
    before: Plan
    after: Plan
    changed: tuple[str, ...]
    """Fields of the plan; none where everything was so already, and then nothing was written."""
    consequences: Consequences


@dataclass(frozen=True, slots=True)
class Published:
    event: EventRow
    new: bool


def read_plan(db: Session, event: EventRow) -> Plan:
    return plan_of(event, events.list_sessions(db, event.id), events.list_questions(db, event.id))


def create(
    db: Session, plan: Plan, *, created_by: int | None, now: datetime, pack: Pack | None = None,
    source_key: str | None = None,
) -> EventRow:  # fmt: skip
    """A draft, however incomplete. Raises PlanRefused."""
    plan = _as_new(plan)
    _refuse(event_checks.find_faults(plan, pack=pack))
    event = events.add(
        db,
        EventRow(
            public_id=secrets.token_hex(8), source_key=source_key, state=events.DRAFT, created_by=created_by,
            created_at=now, **columns_of(plan, undated=now),
        ),
    )  # fmt: skip
    _write_sessions(db, event.id, plan.sessions, undated=now)
    _write_questions(db, event.id, plan.questions, now=now)
    return event


def copy(db: Session, *, event_id: int, created_by: int | None, now: datetime) -> EventRow:
    """A new draft like it, of which only the days are not known yet. Raises NoSuchEvent."""
    event = events.find(db, event_id)
    if event is None:
        raise refusals.NoSuchEvent
    plan = read_plan(db, event)
    undated = replace(
        plan, starts_at=None, ends_at=None, opens_at=None, closes_at=None,
        sessions=tuple(replace(part, starts_at=None, ends_at=None) for part in plan.sessions),
    )  # fmt: skip
    return create(db, undated, created_by=created_by, now=now)


def amend(
    db: Session, *, event_id: int, seen: int, changes: Mapping[str, Any], now: datetime, tells: bool = True,
    pack: Pack | None = None,
) -> Amended:  # fmt: skip
    """`changes` are fields of a Plan with their new values. Of a published event, whoever has registered keeps their
    place whatever changes, and with `tells` hears of another time, place or link. Raises PlanRefused,
    ChangedMeanwhile, NoSuchEvent, CalledOff."""
    event = _as_seen(events.lock(db, event_id), seen)
    before = read_plan(db, event)
    after = _checked(db, event, before, changes, now=now, pack=pack)
    changed = differences(before, after)
    if not changed:
        return Amended(event, before, after, (), Consequences())
    values = columns_of(after, undated=event.created_at, names=set(changed) & set(COLUMNS))
    if asks_otherwise(before, after):
        values["form_version"] = event.form_version + 1
    if set(SCHEDULE) & set(changed):
        values["schedule_version"] = event.schedule_version + 1
    if not events.amend(db, event_id, seen=seen, **values):
        raise ChangedMeanwhile(seen + 1)
    if "sessions" in changed:
        _write_sessions(db, event_id, after.sessions, undated=event.created_at)
    if "questions" in changed:
        _write_questions(db, event_id, after.questions, now=now)
    event = _as_seen(events.lock(db, event_id), seen + 1)
    consequences = event_consequences.follow(db, event, before=before, changed=changed, tells=tells, now=now)
    return Amended(event, before, read_plan(db, event), changed, consequences)


def consider(
    db: Session, *, event_id: int, seen: int, changes: Mapping[str, Any], now: datetime, pack: Pack | None = None
) -> tuple[Plan, Plan]:
    """What `amend` would make of what; refuses what it would refuse. Nothing is written or locked."""
    event = _as_seen(events.find(db, event_id), seen)
    before = read_plan(db, event)
    return before, _checked(db, event, before, changes, now=now, pack=pack)


def publish(db: Session, *, event_id: int, seen: int, now: datetime, pack: Pack | None = None) -> Published:
    """Published already, nothing changes. Raises PlanRefused, ChangedMeanwhile, NoSuchEvent, CalledOff."""
    event = events.lock(db, event_id)
    if event is not None and event.state == events.PUBLISHED:
        return Published(event, new=False)
    event = _as_seen(event, seen)
    plan = read_plan(db, event)
    _refuse(
        event_checks.merged(
            event_checks.find_faults(plan, pack=pack, kept=plan), event_checks.find_faults_to_publish(plan, now=now)
        )
    )
    events.amend(db, event_id, seen=seen, state=events.PUBLISHED, published_at=now)
    return Published(_as_seen(events.lock(db, event_id), seen + 1), new=True)


def remove(db: Session, *, event_id: int, seen: int) -> Plan:
    """Of a draft alone; what it was. Raises NotADraft, ChangedMeanwhile, NoSuchEvent."""
    event = events.lock(db, event_id)
    if event is not None and event.state != events.DRAFT:
        raise NotADraft
    event = _as_seen(event, seen)
    plan = read_plan(db, event)
    db.delete(event)
    db.flush()
    return plan


def asks_otherwise(before: Plan, after: Plan) -> bool:
    """Whether an answer to the earlier form may not do for the later. In which order it is asked is of no matter."""
    same = all(getattr(before, name) == getattr(after, name) for name in ASKED)
    return not same or set(before.questions) != set(after.questions)


def _as_seen(event: EventRow | None, seen: int) -> EventRow:
    if event is None:
        raise refusals.NoSuchEvent
    if event.state == events.CALLED_OFF:
        raise refusals.CalledOff(event.called_off_why)
    if event.version != seen:
        raise ChangedMeanwhile(event.version)
    return event


def _checked(
    db: Session, event: EventRow, before: Plan, changes: Mapping[str, Any], *, now: datetime, pack: Pack | None
) -> Plan:
    after = _tidy(replace(before, **changes))
    _refuse(
        event_checks.merged(
            event_checks.find_faults(after, pack=pack, kept=before),
            _faults_of_parts(db, event, before, after),
            _faults_of_published(event, before, after, now=now) if event.state == events.PUBLISHED else {},
        )
    )
    return after


def _refuse(faults: Faults) -> None:
    if faults:
        raise PlanRefused(faults)


def _tidy(plan: Plan) -> Plan:
    questions = tuple(one if one.kind == CHOICE else replace(one, choices=()) for one in plan.questions)
    return replace(plan, questions=questions)


def _as_new(plan: Plan) -> Plan:
    return _tidy(
        replace(
            plan,
            sessions=tuple(replace(part, id=None) for part in plan.sessions),
            questions=tuple(replace(one, id=None) for one in plan.questions),
        )
    )


def _faults_of_parts(db: Session, event: EventRow, before: Plan, after: Plan) -> Faults:
    """Ids of another event's parts, and parts that are needed still."""
    faults: dict[str, tuple[Fault, ...]] = {}
    for name, was, now_is in (
        ("sessions", _ids(before.sessions), _ids(after.sessions)),
        ("questions", _ids(before.questions), _ids(after.questions)),
    ):
        if now_is - was:
            faults[name] = (Fault.UNKNOWN,)
    removed = _ids(before.sessions) - _ids(after.sessions)
    if removed and removed & {part for part, people in check_ins.count_people(db, event.id).items() if people}:
        faults["sessions"] = (*faults.get("sessions", ()), Fault.CHECKED_IN)
    if after.retention_days > before.retention_days and registrations.count_by_state(db, event.id):
        faults["retention_days"] = (Fault.PROMISED,)
    return faults


def _faults_of_published(event: EventRow, before: Plan, after: Plan, *, now: datetime) -> Faults:
    """Only what is new may not lie in the past; that registration is closed as of a moment ago is no fault."""
    missing = event_checks.find_faults_to_publish(after, now=now)
    faults: dict[str, tuple[Fault, ...]] = {}
    for name, ones in missing.items():
        faults[name] = tuple(one for one in ones if one is not Fault.PAST)
    for name in TIMES:
        moment = getattr(after, name)
        if moment != getattr(before, name):
            if event.ends_at <= now:
                faults[name] = (*faults.get(name, ()), Fault.OVER)
            elif moment is not None and moment <= now:
                faults[name] = (*faults.get(name, ()), Fault.PAST)
    return {name: ones for name, ones in faults.items() if ones}


def _ids(ones: Sequence[Part] | Sequence[Asked]) -> set[int]:
    return {one.id for one in ones if one.id is not None}


def _write_sessions(db: Session, event_id: int, parts: Sequence[Part], *, undated: datetime) -> None:
    rows = []
    for position, part in enumerate(parts):
        start, end = (part.starts_at, part.ends_at) if part.starts_at and part.ends_at else (undated, undated)
        rows.append(
            EventSessionRow(
                id=part.id, event_id=event_id, position=position, title=part.title, starts_at=start, ends_at=end
            )
        )
    events.replace_sessions(db, event_id, rows)


def _write_questions(db: Session, event_id: int, asked: Sequence[Asked], *, now: datetime) -> None:
    """What was asked already is never reworded: another question takes its place."""
    rows = {row.id: row for row in events.list_questions(db, event_id)}
    for position, one in enumerate(asked):
        row = rows.get(one.id) if one.id is not None else None
        if row is not None and (row.label, row.kind, tuple(row.choices)) == (one.label, one.kind, one.choices):
            del rows[row.id]
            row.position, row.required = position, one.required
        else:
            events.add_question(
                db,
                EventQuestionRow(
                    event_id=event_id, position=position, label=one.label, kind=one.kind, choices=list(one.choices),
                    required=one.required,
                ),
            )  # fmt: skip
    for question_id in rows:
        events.remove_question(db, question_id, now=now)
    db.flush()
