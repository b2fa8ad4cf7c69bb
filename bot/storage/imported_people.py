"""Many people at once, as a file or LINE's list of friends names them: who is new, and what is proposed for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.storage.base import insert_into
from bot.storage.consents import ConsentRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PROGRAMME, InterestRow, PreferenceRow


@dataclass(frozen=True, slots=True)
class Standing:
    person_id: int
    following: bool
    has_answered: bool
    """They were asked about notices, agreed to something, or have set up something themselves."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """None, and no programme, leave what was proposed before."""

    programmes: tuple[str, ...] = ()
    district: str | None = None


def add_missing(db: Session, line_user_ids: Collection[str], *, now: datetime) -> int:
    """How many were not there. They count as friends from now on."""
    rows = [
        {"line_user_id": user_id, "first_seen_at": now, "following_changed_at": now, "language": "th",
         "following": True, "notice_version": 0}
        for user_id in sorted(line_user_ids)
    ]  # fmt: skip
    statement = insert_into(db, PersonRow).on_conflict_do_nothing().returning(PersonRow.id)
    return len(db.execute(statement, rows).all()) if rows else 0


def find_standings(db: Session, line_user_ids: Collection[str]) -> Mapping[str, Standing]:
    """Of those who are known, by their ids at LINE."""
    agreed = exists().where(ConsentRow.person_id == PersonRow.id)
    own = and_(PreferenceRow.person_id.is_not(None), PreferenceRow.imported.is_(False))
    answered = or_(PreferenceRow.asked_at.is_not(None), PreferenceRow.wants_notices.is_(True), own, agreed)
    statement = (
        select(PersonRow.line_user_id, PersonRow.id, PersonRow.following, case((answered, 1), else_=0))
        .outerjoin(PreferenceRow, PreferenceRow.person_id == PersonRow.id)
        .where(PersonRow.line_user_id.in_(line_user_ids))
    )
    return {
        user_id: Standing(person_id, following, bool(answered_before))
        for user_id, person_id, following, answered_before in db.execute(statement)
    }


def note_friends(db: Session, person_ids: Collection[int], *, at: datetime) -> int:
    """Of those who had blocked us by that moment, LINE says that they are friends: how many."""
    statement = update(PersonRow).where(
        PersonRow.id.in_(person_ids), PersonRow.following.is_(False), PersonRow.following_changed_at <= at
    )
    changed = statement.values(following=True, following_changed_at=at, unreachable_at=None)
    return len(db.execute(changed.returning(PersonRow.id)).all())


def propose(db: Session, proposals: Mapping[int, Proposal]) -> frozenset[int]:
    """Marks these people as imported, and notes what is proposed for them; whoever has answered meanwhile is left as
    they are. Gives those whose row was written."""
    rows = [
        {"person_id": person_id, "imported": True, "everything": not proposal.programmes, "district": proposal.district}
        for person_id, proposal in sorted(proposals.items())
    ]
    if not rows:
        return frozenset()
    statement = insert_into(db, PreferenceRow)
    given = statement.excluded
    written = frozenset(
        db.scalars(
            statement.on_conflict_do_update(
                index_elements=["person_id"],
                set_={
                    "everything": and_(PreferenceRow.everything, given.everything),
                    "district": func.coalesce(given.district, PreferenceRow.district),
                },
                where=and_(
                    PreferenceRow.imported.is_(True),
                    PreferenceRow.asked_at.is_(None),
                    PreferenceRow.wants_notices.is_(False),
                ),
            ).returning(PreferenceRow.person_id),
            rows,
        )
    )
    _set_programmes(db, {person_id: proposals[person_id].programmes for person_id in written})
    return written


def _set_programmes(db: Session, chosen: Mapping[int, Sequence[str]]) -> None:
    named = [person_id for person_id, programmes in chosen.items() if programmes]
    if not named:
        return
    db.execute(delete(InterestRow).where(InterestRow.person_id.in_(named), InterestRow.kind == PROGRAMME))
    rows = [
        {"person_id": person_id, "kind": PROGRAMME, "value": value}
        for person_id in named
        for value in sorted(set(chosen[person_id]))
    ]
    db.execute(insert(InterestRow), rows)
