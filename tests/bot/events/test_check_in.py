"""Coming in at the door: once for each party and part, whatever is sent twice, late or from two doors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.events import check_in as door
from bot.events import forms, refusals, registration
from bot.events.check_in import Arrival, CheckedIn
from bot.storage import check_ins, consents, events, registrations
from bot.storage.check_ins import CheckInRow
from bot.storage.engine import Database
from bot.storage.events import EventRow, EventSessionRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from tests.bot.events.making import CONSENT, IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

TEN_PAST = IN_A_WEEK + timedelta(minutes=10)


def scan(db: Session, registration_id: int, key: str = "a", **more: Any) -> CheckedIn:
    values: dict[str, Any] = {"at": TEN_PAST, "way": "scan", "staff_id": None, "now": TEN_PAST, **more}
    return door.check_in(db, registration_id=registration_id, key=key, **values)


def arrival(key: str = "a", **more: Any) -> Arrival:
    values: dict[str, Any] = {"at": TEN_PAST, "now": TEN_PAST, "way": "walk_in", "staff_id": None, **more}
    return Arrival(key=key, **values)


def walk_in(
    db: Session, vault: Vault, event: EventRow, key: str = "a", *, over: bool = False, **more: Any
) -> CheckedIn:
    return door.walk_in(
        db, vault, event_id=event.id, name="ยายคำ", over_capacity=over, consent=CONSENT, arrival=arrival(key, **more)
    )


def a_party(db: Session, vault: Vault, *, party: int = 3, **changes: Any) -> tuple[EventRow, RegistrationRow]:
    event = make_event(db, **changes)
    return event, sign_up(db, vault, event, a_person(db, 1), party=party).registration


def lines(db: Session) -> list[tuple[int, int, int]]:
    rows = db.scalars(select(CheckInRow).order_by(CheckInRow.id))
    return [(row.registration_id, row.part, row.people) for row in rows]


def told(done: CheckedIn) -> tuple[bool, int, datetime | None]:
    return done.new, done.people, done.earlier


def add_sessions(db: Session, event: EventRow, *starts: datetime) -> list[EventSessionRow]:
    rows = [
        EventSessionRow(
            event_id=event.id, position=number, title="", starts_at=start, ends_at=start + timedelta(hours=3)
        )
        for number, start in enumerate(starts)
    ]
    db.add_all(rows)
    db.flush()
    return rows


def test_one_scan_counts_the_whole_party(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault, party=3)
        assert told(scan(db, row.id)) == (True, 3, None)
        assert door.count(db, event.id) == door.Attendance(3, {0: 3})


def test_second_scan_says_since_when_they_are_here(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        scan(db, row.id, people=2)
        later = TEN_PAST + timedelta(minutes=5)
        assert told(scan(db, row.id, "b", people=3, at=later, now=later)) == (False, 2, TEN_PAST)
        assert lines(db) == [(row.id, 0, 2)]


def test_sent_late_it_counts_from_the_moment_at_the_door(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        scan(db, row.id, now=TEN_PAST + timedelta(hours=2))
        found = check_ins.find(db, registration_id=row.id, part=0)
        assert found is not None
        assert (found.at, found.recorded_at) == (TEN_PAST, TEN_PAST + timedelta(hours=2))


def test_a_clock_that_runs_ahead_is_not_believed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        scan(db, row.id, at=TEN_PAST + timedelta(days=2))
        assert scan(db, row.id, "b").earlier == TEN_PAST


def test_undone_and_scanned_anew(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault)
        scan(db, row.id, "a")
        undone = door.undo(db, registration_id=row.id, key="u", now=TEN_PAST)
        assert (told(undone), door.count(db, event.id).came) == ((True, 0, TEN_PAST), {0: 0})
        assert told(scan(db, row.id, "b", people=2)) == (True, 2, None)
        assert lines(db) == [(row.id, 0, 2)]


def test_retries_after_an_undo_change_nothing(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        scan(db, row.id, "a")
        door.undo(db, registration_id=row.id, key="u", now=TEN_PAST)
        assert told(scan(db, row.id, "a")) == (False, 0, None)
        scan(db, row.id, "b")
        assert told(door.undo(db, registration_id=row.id, key="u", now=TEN_PAST)) == (False, 3, TEN_PAST)
        assert lines(db) == [(row.id, 0, 3)]


def test_number_corrected_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault)
        with pytest.raises(refusals.NotInThatState):
            door.correct(db, registration_id=row.id, people=2, key="c", now=TEN_PAST)
        scan(db, row.id)
        assert told(door.correct(db, registration_id=row.id, people=4, key="c", now=TEN_PAST)) == (True, 4, TEN_PAST)
        door.correct(db, registration_id=row.id, people=2, key="d", now=TEN_PAST)
        assert told(door.correct(db, registration_id=row.id, people=4, key="c", now=TEN_PAST)) == (False, 2, TEN_PAST)
        assert door.count(db, event.id) == door.Attendance(3, {0: 2})


def test_nobody_counts_more_by_themselves_than_are_registered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault, party=2)
        with pytest.raises(refusals.PartyTooLarge) as refused:
            scan(db, row.id, way="self", people=3)
        assert refused.value.most == 2
        with pytest.raises(refusals.PartyTooLarge):
            scan(db, row.id, people=0)
        scan(db, row.id, way="self")
        with pytest.raises(refusals.PartyTooLarge):
            door.correct(db, registration_id=row.id, people=3, key="c", now=TEN_PAST, by_staff=False)
        assert lines(db) == [(row.id, 0, 2)]


def test_without_a_place_it_is_said_and_nothing_written(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, _ = a_party(db, vault, party=5, capacity=5)
        waiting = sign_up(db, vault, event, a_person(db, 2), party=2).registration
        with pytest.raises(refusals.NotInThatState) as refused:
            scan(db, waiting.id)
        assert refused.value.state == "waiting"
        with pytest.raises(refusals.NoSuchRegistration):
            scan(db, 999)
        assert lines(db) == []


def test_let_in_takes_a_free_seat(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault, party=3, capacity=10)
        registration.cancel(db, registration_id=row.id, by="person", now=TEN_PAST - timedelta(days=1))
        done = door.let_in(db, registration_id=row.id, over_capacity=False, arrival=arrival(people=2))
        assert (told(done), row.state, row.seats, row.party_size, row.ended_at) == (
            (True, 2, None),
            "confirmed",
            2,
            2,
            None,
        )
        assert door.count(db, event.id) == door.Attendance(2, {0: 2})


def test_who_is_let_in_after_all_has_agreed_again(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        registration.cancel(db, registration_id=row.id, by="person", now=NOON)
        for _ in range(2):
            door.let_in(db, registration_id=row.id, over_capacity=False, arrival=arrival())
        found = consents.list_of_registration(db, row.id)
        assert [(one.version, one.wording_hash, one.way, one.given_at, one.withdrawn_at) for one in found] == [
            (1, "0" * 64, "button", NOON, NOON),
            (1, "0" * 64, "staff", TEN_PAST, None),
        ]


def test_let_in_beyond_the_seats_takes_none(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, _ = a_party(db, vault, party=5, capacity=6)
        waiting = sign_up(db, vault, event, a_person(db, 2), party=2).registration
        with pytest.raises(refusals.EventFull) as refused:
            door.let_in(db, registration_id=waiting.id, over_capacity=False, arrival=arrival())
        assert refused.value.left == 1
        door.let_in(db, registration_id=waiting.id, over_capacity=True, arrival=arrival())
        assert (waiting.state, waiting.seats, waiting.party_size) == ("confirmed", 0, 2)
        assert registrations.count_seats(db, event.id) == 5
        assert told(door.let_in(db, registration_id=waiting.id, over_capacity=True, arrival=arrival())) == (
            False, 2, TEN_PAST,
        )  # fmt: skip


def test_walk_in_takes_a_seat_or_is_let_in_beyond_them(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3)
        first = walk_in(db, vault, event, people=2)
        assert (told(first), first.registration.seats, first.registration.way) == ((True, 2, None), 2, "walk_in")
        with pytest.raises(refusals.EventFull):
            walk_in(db, vault, event, "b", people=2)
        second = walk_in(db, vault, event, "b", people=2, over=True)
        assert (second.registration.seats, registrations.count_seats(db, event.id)) == (0, 2)
        assert door.count(db, event.id) == door.Attendance(4, {0: 4})
        assert forms.name_of(vault, second.registration) == "ยายคำ"


def test_walk_in_sent_twice_is_one_and_undone_gives_the_seat_back(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = walk_in(db, vault, event).registration
        assert told(walk_in(db, vault, event)) == (False, 1, TEN_PAST)
        assert walk_in(db, vault, event, "b").registration.id != row.id
        door.undo(db, registration_id=row.id, key="u", now=TEN_PAST)
        assert (row.state, registrations.count_seats(db, event.id)) == ("cancelled", 1)
        assert told(walk_in(db, vault, event)) == (False, 0, None)


def test_event_called_off_lets_nobody_in(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, state=events.CALLED_OFF, called_off_why="พายุ")
        with pytest.raises(refusals.CalledOff):
            walk_in(db, vault, event)
        with pytest.raises(refusals.NoSuchEvent):
            walk_in(db, vault, make_event(db, state=events.DRAFT))


def test_each_session_is_counted_by_itself(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault)
        first, second = add_sessions(db, event, IN_A_WEEK, IN_A_WEEK + timedelta(days=1))
        tomorrow = TEN_PAST + timedelta(days=1)
        assert (scan(db, row.id).part, scan(db, row.id, "b", at=tomorrow, now=tomorrow, people=1).part) == (
            first.id, second.id,
        )  # fmt: skip
        assert door.count(db, event.id).came == {first.id: 3, second.id: 1}
        with pytest.raises(door.NoSuchPart):
            scan(db, row.id, "c", part=second.id + 1)
        assert scan(db, row.id, "d", part=0).new is False


def test_part_at_is_todays_that_is_on_or_next(database: Database, vault: Vault) -> None:
    morning = datetime(2026, 11, 28, 2, tzinfo=UTC)
    with database.transaction() as db:
        event = make_event(db)
        one, two, three = (
            row.id
            for row in add_sessions(db, event, morning, morning + timedelta(hours=4), morning + timedelta(days=1))
        )
        rows = events.list_sessions(db, event.id)
    moments = {-30: one, -1: one, 2: one, 3.5: two, 5: two, 12: two, 20: three, 99: three}
    assert {hours: door.part_at(rows, morning + timedelta(hours=hours)) for hours in moments} == moments
    assert door.part_at([], morning) == 0


def test_paper_typed_back_twice_counts_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault, party=3)
        other = sign_up(db, vault, event, a_person(db, 2), party=2).registration
        scan(db, row.id)
        sheet = {row.id: 3, other.id: 1, 999: 1}
        for new in ([False, True], [False, False]):
            done = door.check_in_many(db, event_id=event.id, people=sheet, arrival=arrival("sheet", way="paper"))
            assert [one.new for one in done] == new
        assert lines(db) == [(row.id, 0, 3), (other.id, 0, 1)]


def at_once(work: Callable[[int], None], times: int) -> None:
    together = threading.Barrier(times)
    faults: list[BaseException] = []

    def one(number: int) -> None:
        together.wait()
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("key", ["the same", "door {}"], ids=["one phone trying again", "twenty doors"])
def test_twenty_scans_at_once_are_one_line(database: Database, vault: Vault, key: str) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
    answers = []

    def work(number: int) -> None:
        with database.transaction() as db:
            answers.append(scan(db, row.id, key.format(number)).new)

    at_once(work, 20)
    with database.reading() as db:
        assert (sorted(answers), lines(db)) == ([False] * 19 + [True], [(row.id, 0, 3)])


def test_two_doors_give_the_last_seat_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3)
    answers = []

    def work(number: int) -> None:
        try:
            with database.transaction() as db:
                walk_in(db, vault, event, str(number))
                answers.append("in")
        except refusals.EventFull:
            answers.append("full")

    at_once(work, 8)
    with database.reading() as db:
        assert (sorted(answers), registrations.count_seats(db, event.id)) == (["full"] * 5 + ["in"] * 3, 3)


def test_cancelled_while_walking_in_is_not_counted(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
    answers = []

    def walk() -> None:
        try:
            with database.transaction() as db:
                scan(db, row.id)
                answers.append("in")
        except refusals.NotInThatState as refused:
            answers.append(refused.state)

    walking = threading.Thread(target=walk)
    with database.transaction() as db:
        registration.cancel(db, registration_id=row.id, by="staff", now=TEN_PAST)
        walking.start()
        time.sleep(0.2)
    walking.join()
    with database.reading() as db:
        assert (answers, lines(db)) == (["cancelled"], [])
