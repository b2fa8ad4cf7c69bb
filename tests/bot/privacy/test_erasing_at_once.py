"""Many people have themselves erased while others register for the same events."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.privacy import erasing
from bot.storage import registrations
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from bot.storage.tombstones import TombstoneRow
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up
from tests.builders import NOON

LEAVING, WAITING, COMING = 20, 20, 10
SEATS = 15


def test_nobody_waits_in_a_circle_and_no_seat_is_given_twice(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        made = [make_event(db, capacity=SEATS) for _ in range(3)]
        leaving = [a_person(db, number) for number in range(LEAVING)]
        staying = [a_person(db, 100 + number) for number in range(WAITING)]
        coming = [a_person(db, 200 + number) for number in range(COMING)]
        for number, person_id in enumerate(leaving):
            for event in made if number % 2 else reversed(made):
                sign_up(db, vault, event, person_id)
        for person_id in staying:
            for event in made:
                sign_up(db, vault, event, person_id)
    together = Barrier(LEAVING + COMING)

    def leave(person_id: int) -> str:
        together.wait()
        try:
            with database.transaction() as db:
                erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=NOON)
        except OperationalError as error:
            return type(error.orig).__name__
        return "erased"

    def register(person_id: int) -> str:
        together.wait()
        for event in made if person_id % 2 else reversed(made):
            with database.transaction() as db:
                sign_up(db, vault, event, person_id)
        return "registered"

    with ThreadPoolExecutor(LEAVING + COMING) as pool:
        begun = [pool.submit(leave, one) for one in leaving] + [pool.submit(register, one) for one in coming]
        ends = Counter(one.result() for one in begun)
    assert ends == {"erased": LEAVING, "registered": COMING}
    with database.reading() as db:
        assert [registrations.count_seats(db, event.id) for event in made] == 3 * [SEATS]
        assert len(list(db.scalars(select(TombstoneRow.key).distinct()))) == LEAVING
        assert set(db.scalars(select(PersonRow.id))) == {*staying, *coming}
        gone = db.scalars(select(RegistrationRow).where(RegistrationRow.person_id.is_(None))).all()
    assert {(row.state, row.name, row.seats) for row in gone} == {("cancelled", b"", 0)}
