from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import leaving
from bot.storage import erasing_work, registrations
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up
from tests.builders import NOON

NIGHT = NOON + timedelta(hours=10)


def leave(db: Session, person_id: int, *, now: datetime = NOON) -> leaving.Left:
    return leaving.leave(db, erasing_work.list_registrations(db, person_id), now=now)


def test_all_of_theirs_are_emptied_and_what_is_to_come_ends(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = a_person(db, 1)
        coming, past = make_event(db), make_event(db, starts_at=NOON - timedelta(days=3))
        rows = [
            sign_up(db, vault, coming, person_id).registration,
            sign_up(db, vault, coming, person_id, kind="neighbour").registration,
            sign_up(db, vault, past, person_id, now=NOON - timedelta(days=4)).registration,
        ]
        left = leave(db, person_id)
        assert left == leaving.Left(tuple(row.id for row in rows), ended=2)
        assert [row.state for row in rows] == ["cancelled", "cancelled", "confirmed"]
        assert [(row.name, row.owner_key) for row in rows] == [(b"", f"gone/{row.id}") for row in rows]


def test_at_night_a_seat_waits_for_the_morning(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        person_id = a_person(db, 1)
        sign_up(db, vault, event, person_id)
        waiting = sign_up(db, vault, event, a_person(db, 2)).registration
        leave(db, person_id, now=NIGHT)
        assert waiting.state == registrations.WAITING


def test_what_was_added_while_waiting_for_a_lock_is_locked_too(database: Database) -> None:
    with database.transaction() as db:
        first, second = make_event(db), make_event(db)
        listed = iter([[(1, second.id)], [(1, second.id), (2, first.id)], [(1, second.id), (2, first.id)]])
        assert leaving.lock_events(db, lambda: next(listed)) == {first.id, second.id}
        assert leaving.lock_events(db, lambda: [(1, first.id)], locked={first.id}) == {first.id}
