"""Whom a notice is for: people who agreed, chosen by groups; and why others of these groups are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from bot.storage import preferences
from bot.storage.check_ins import CheckInRow
from bot.storage.consents import ConsentRow
from bot.storage.events import EventRow
from bot.storage.notice_chunks import UNKNOWN, ChunkRow
from bot.storage.notice_recipients import OPTED_OUT as LEFT_OUT_OPTED_OUT
from bot.storage.notice_recipients import RODE, RecipientRow
from bot.storage.notices import SENDING, NoticeRow
from bot.storage.people import PersonRow
from bot.storage.preferences import InterestRow, PreferenceRow
from bot.storage.registrations import CONFIRMED, OFFERED, WAITING, RegistrationRow

EVERYONE, DISTRICT = "everyone", "district"
PROGRAMME, TOPIC = preferences.PROGRAMME, preferences.TOPIC
REGISTERED, WAITS, ATTENDED, ABSENT = "registered", "waits", "attended", "absent"
UNCLEAR = "unclear"
"""Of another notice, those of whom nobody knows whether LINE took it for them."""
KINDS = (EVERYONE, PROGRAMME, DISTRICT, REGISTERED, WAITS, ATTENDED, ABSENT, TOPIC, UNCLEAR)
OF_AN_EVENT = (REGISTERED, WAITS, ATTENDED, ABSENT)
REACHED, BLOCKED, UNREACHABLE, NOT_AGREED, OPTED_OUT, PAUSED, CAPPED, OTHER_TOPICS = (
    "reached", "blocked", "unreachable", "not_agreed", "opted_out", "paused", "capped", "other_topics",
)  # fmt: skip
NOTICES = "notices"
"""The purpose of their consents."""


@dataclass(frozen=True, slots=True)
class Group:
    """`value` is a programme's, district's or topic's id, an event's or a notice's number; empty for everyone."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Whoever is in one of the groups and in none of the others. `week_ago` and `most`: who was written so many notices
    since then is left out; the notice `but` itself is none of them."""

    groups: Sequence[Group]
    without: Sequence[Group]
    now: datetime
    week_ago: datetime
    most: int
    but: int = 0
    event_id: int | None = None
    """What it is about: it concerns whoever chose that event's programme, too."""


def count(db: Session, selection: Selection) -> Mapping[str, int]:
    """People in the groups by what becomes of them, each counted once, under the first of the reasons that holds."""
    capped = _capped(db, selection)
    reason = case(
        (PersonRow.following.is_(False), BLOCKED),
        (PersonRow.unreachable_at.is_not(None), UNREACHABLE),
        (and_(PreferenceRow.wants_notices.is_not(True), _had_agreed()), OPTED_OUT),
        (PreferenceRow.wants_notices.is_not(True), NOT_AGREED),
        (~_covers(selection), OTHER_TOPICS),
        (or_(PreferenceRow.paused_until > selection.now, PersonRow.restricted_at.is_not(None)), PAUSED),
        (capped.c.person_id.is_not(None), CAPPED),
        else_=REACHED,
    )  # fmt: skip
    statement = (
        select(reason, func.count())
        .select_from(PersonRow)
        .outerjoin(PreferenceRow, PreferenceRow.person_id == PersonRow.id)
        .outerjoin(capped, capped.c.person_id == PersonRow.id)
        .where(_chosen(selection))
        .group_by(reason)
    )
    return dict(db.execute(statement).all())


def people_after(db: Session, selection: Selection, *, after: int, upto: int) -> Select[int]:
    """Ids of those who are reached, of the range."""
    capped = _capped(db, selection, RecipientRow.person_id > after, RecipientRow.person_id <= upto)
    return (
        select(PersonRow.id)
        .join(PreferenceRow, PreferenceRow.person_id == PersonRow.id)
        .outerjoin(capped, capped.c.person_id == PersonRow.id)
        .where(
            PersonRow.id > after, PersonRow.id <= upto, PreferenceRow.wants_notices.is_(True),
            PersonRow.following.is_(True), PersonRow.unreachable_at.is_(None), PersonRow.restricted_at.is_(None),
            or_(PreferenceRow.paused_until.is_(None), PreferenceRow.paused_until <= selection.now),
            capped.c.person_id.is_(None), _chosen(selection), _covers(selection),
        )
    )  # fmt: skip


def leave_out_uncovered(
    db: Session, selection: Selection, *, notice_id: int, portion: int, first: int, last: int
) -> int:  # fmt: skip
    """Of a range of the ledger, who has taken back meanwhile that they want to hear of this."""
    covered = select(PreferenceRow.person_id).join(PersonRow, PersonRow.id == PreferenceRow.person_id)
    covered = covered.where(PersonRow.id >= first, PersonRow.id <= last, _covers(selection))
    left = update(RecipientRow).where(
        RecipientRow.notice_id == notice_id, RecipientRow.portion == portion, RecipientRow.person_id >= first,
        RecipientRow.person_id <= last, RecipientRow.left_out.is_(None), RecipientRow.person_id.not_in(covered),
    )  # fmt: skip
    return len(db.execute(left.values(left_out=LEFT_OUT_OPTED_OUT).returning(RecipientRow.person_id)).all())


def highest_id(db: Session) -> int:
    return db.scalar(select(func.max(PersonRow.id))) or 0


def _capped(db: Session, selection: Selection, *conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a subquery
    """Who is in as many ledgers of the week as anybody may be in: of what began in it, or was still worked on, as what
    is spread over many days is. Nobody, where there are not so many ledgers."""
    worked_on = or_(NoticeRow.touched_at > selection.week_ago, NoticeRow.state == SENDING)
    of_the_week = or_(NoticeRow.began_at > selection.week_ago, and_(NoticeRow.began_at.is_not(None), worked_on))
    recent = select(NoticeRow.id).where(of_the_week, NoticeRow.id != selection.but)
    ids = list(db.scalars(recent))
    return (
        select(RecipientRow.person_id)
        .where(
            RecipientRow.notice_id.in_(ids if len(ids) >= selection.most else ()),
            or_(RecipientRow.left_out.is_(None), RecipientRow.left_out == RODE),
            *conditions,
        )
        .group_by(RecipientRow.person_id)
        .having(func.count() >= selection.most)
        .subquery("capped")
    )


def _chosen(selection: Selection) -> ColumnElement[bool]:
    inside = or_(false(), *(_condition(group) for group in selection.groups))
    outside = [~_condition(group) for group in selection.without]
    return and_(inside, *outside)


def _covers(selection: Selection) -> ColumnElement[bool]:
    """Whether it is of what somebody wants to hear of. Who chose some programmes only is told of these, and of events
    that they have to do with; not of whatever concerns all, or their district."""
    own = [_condition(group) for group in selection.groups if group.kind not in {EVERYONE, DISTRICT}]
    if selection.event_id is not None:
        programme = select(EventRow.programme).where(EventRow.id == selection.event_id).scalar_subquery()
        own.append(_interested(PROGRAMME, programme))
    return or_(func.coalesce(PreferenceRow.everything, false()), *own)


def _had_agreed() -> ColumnElement[bool]:
    return exists().where(ConsentRow.person_id == PersonRow.id, ConsentRow.purpose == NOTICES)


def _condition(group: Group) -> ColumnElement[bool]:
    if group.kind in _STATES:
        return _has_place(group, *_STATES[group.kind])
    if group.kind == DISTRICT:
        return func.coalesce(PreferenceRow.district == group.value, false())
    if group.kind == PROGRAMME:
        return func.coalesce(PreferenceRow.everything, false()) | _interested(PROGRAMME, group.value)
    if group.kind == TOPIC:
        return _interested(TOPIC, group.value)
    if group.kind == UNCLEAR:
        return PersonRow.id.in_(_unclear(int(group.value)))
    if group.kind == EVERYONE:
        return true()
    raise ValueError(group.kind)


def _interested(kind: str, value: str | ScalarSelect[str | None]) -> ColumnElement[bool]:
    return exists().where(InterestRow.person_id == PersonRow.id, InterestRow.kind == kind, InterestRow.value == value)


def _has_place(group: Group, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    with_place = select(RegistrationRow.person_id).where(
        RegistrationRow.event_id == int(group.value), RegistrationRow.person_id.is_not(None), *conditions
    )
    return PersonRow.id.in_(with_place)


def _unclear(notice_id: int) -> Select[int]:
    in_the_range = and_(
        ChunkRow.notice_id == RecipientRow.notice_id, ChunkRow.portion == RecipientRow.portion,
        ChunkRow.first <= RecipientRow.person_id, ChunkRow.last >= RecipientRow.person_id, ChunkRow.state == UNKNOWN,
    )  # fmt: skip
    return (
        select(RecipientRow.person_id)
        .join(ChunkRow, in_the_range)
        .where(RecipientRow.notice_id == notice_id, RecipientRow.left_out.is_(None))
    )


def _came() -> ColumnElement[bool]:
    return exists().where(CheckInRow.registration_id == RegistrationRow.id, CheckInRow.people > 0)


_STATES: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    REGISTERED: (RegistrationRow.state.in_((CONFIRMED, OFFERED)),),
    WAITS: (RegistrationRow.state == WAITING,),
    ATTENDED: (RegistrationRow.state == CONFIRMED, _came()),
    ABSENT: (RegistrationRow.state == CONFIRMED, ~_came()),
}
