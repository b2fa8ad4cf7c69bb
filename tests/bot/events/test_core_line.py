"""The line, its offers and the seats, where two things come together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from bot.events import booking, by_hand, check_in, registration, seats, waiting_list
from bot.events.check_in import WALK_IN, Arrival
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.storage import events, people, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import CANCELLED, CONFIRMED, OFFERED, WAITING, RegistrationRow
from bot.storage.service_messages import BOOKED, DROPPED, FAILED, HELD, SENT
from bot.vault import Vault
from tests.bot.events.making import CONSENT, IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.builders import NOON

LATER = NOON + timedelta(hours=3)


def parties(db: Session, vault: Vault, event: EventRow, *sizes: int) -> list[RegistrationRow]:
    return [
        sign_up(db, vault, event, a_person(db, number), party=size, now=NOON + timedelta(seconds=number)).registration
        for number, size in enumerate(sizes, start=1)
    ]


def an_offer(db: Session, vault: Vault, *, state: str, why: str = "", telephoned: bool = False) -> RegistrationRow:
    """One seat, given back and offered to the first of two who wait, and what became of the message about it."""
    event = make_event(db, capacity=1)
    rows = parties(db, vault, event, 1, 1, 1)
    registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
    told = [row for row in service_messages.list_in_state(db, BOOKED, limit=9) if row.kind == booking.OFFER]
    service_messages.move(db, [told[0].id], states=(BOOKED,), to=state, now=NOON, why=why)
    return rows[1]


def run_out(db: Session, row: RegistrationRow, now: datetime = LATER) -> None:
    assert waiting_list.run_out(db, registration_id=row.id, event_id=row.event_id, now=now)


def test_an_offer_that_the_person_was_told_of_and_let_pass_goes_on(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        row = an_offer(db, vault, state=SENT)
        run_out(db, row)
        assert row.state == CANCELLED


def test_nobody_loses_their_place_over_an_offer_they_were_never_told_of(database: Database, vault: Vault) -> None:
    """Without quota, or after a restore: they are offered it anew, instead of the whole line ending untold."""
    with database.transaction() as db:
        for state, why in ((FAILED, "quota_spent"), (HELD, "late"), (HELD, "restored")):
            row = an_offer(db, vault, state=state, why=why)
            turn = row.turn
            run_out(db, row)
            assert (row.state, row.seats, row.whole_only, row.offer_until) == (
                OFFERED,
                1,
                False,
                LATER + timedelta(hours=3),
            )
            assert row.turn > turn
            booked = service_messages.list_of_registration(db, row.id, limit=9)
            assert [(one.occurrence, one.state) for one in booked if one.state == BOOKED] == [(row.turn, BOOKED)]
            assert [one.state for one in booked if one.occurrence == turn] == [DROPPED if state == HELD else FAILED]


def test_who_blocked_the_bot_before_the_offer_came_keeps_their_place_and_the_next_goes(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        row = an_offer(db, vault, state=FAILED, why="left")
        people.set_following(db, person_id=row.person_id or 0, following=False, at=NOON)
        run_out(db, row)
        states = [one.state for one in registrations.list_of_event(db, row.event_id, limit=9)]
        assert (row.state, states) == (WAITING, [WAITING, OFFERED])


def test_an_offer_that_staff_told_by_telephone_runs_out(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        row = an_offer(db, vault, state=FAILED, why="quota_spent")
        staff.add_account(db, name="มาลี", login="malee", role=Role.STAFF, by=None, now=NOON)
        [malee] = staff.list_accounts(db)
        told = service_messages.list_in_state(db, FAILED, limit=9)[0]
        assert by_hand.tell_by_telephone(db, told.id, staff_id=malee.id)
        run_out(db, row)
        assert row.state == CANCELLED


def test_a_party_made_smaller_by_staff_hears_of_the_seat_it_is_offered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        rows = parties(db, vault, event, 1, 3)
        rows[1].whole_only = True
        waiting_list.back_into_line(db, rows[1])
        registration.change_party(db, registration_id=rows[1].id, party_size=1, now=NOON)
        assert rows[1].state == OFFERED
        told = [(one.kind, one.occurrence) for one in service_messages.list_of_registration(db, rows[1].id, limit=9)]
        assert (booking.OFFER, rows[1].turn) in told


def test_a_party_made_smaller_by_the_person_is_answered_and_not_told_besides(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        rows = parties(db, vault, event, 1, 3)
        waiting_list.back_into_line(db, rows[1])
        registration.change_party(
            db, registration_id=rows[1].id, party_size=1, now=NOON, person_id=rows[1].person_id
        )  # fmt: skip
        assert rows[1].state == OFFERED
        assert service_messages.list_of_registration(db, rows[1].id, limit=9) == []


def test_a_party_let_in_beyond_the_seats_takes_none_when_it_shrinks(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        parties(db, vault, event, 1)
        walked_in = check_in.walk_in(
            db, vault, event_id=event.id, name="ป้าจัน", over_capacity=True, consent=CONSENT,
            arrival=Arrival(NOON, NOON, WALK_IN, None, "key", people=3),
        ).registration  # fmt: skip
        registration.change_party(db, registration_id=walked_in.id, party_size=2, now=NOON)
        assert (walked_in.party_size, walked_in.seats, registrations.count_seats(db, event.id)) == (2, 0, 1)


def test_a_party_above_a_limit_lowered_since_may_shrink_step_by_step(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = parties(db, vault, event, 5)[0]
        event.party_most = 2
        db.flush()
        registration.change_party(db, registration_id=row.id, party_size=4, now=NOON, person_id=row.person_id)
        assert (row.party_size, row.seats) == (4, 4)


def test_an_erased_person_is_passed_over_in_the_line(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = parties(db, vault, event, 1, 1, 1)
        rows[1].person_id = None  # what the database does when the person is deleted
        db.flush()
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert [row.state for row in rows[1:]] == [WAITING, OFFERED]


def test_who_is_not_on_line_still_gets_a_seat(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        first = sign_up(db, vault, event, None, form=a_form("หนึ่ง"), way="staff").registration
        second = sign_up(db, vault, event, None, form=a_form("สอง"), way="staff").registration
        registration.cancel(db, registration_id=first.id, by="staff", now=NOON)
        assert second.state == CONFIRMED


def test_a_new_person_with_the_number_of_an_erased_one_gets_a_place_of_their_own(
    database: Database, vault: Vault
) -> None:
    """SQLite gives the number of a deleted row to the next."""
    with database.transaction() as db:
        event = make_event(db)
        erased = parties(db, vault, event, 1)[0]
        person_id = erased.person_id
        erased.person_id = None
        db.flush()
        outcome = sign_up(db, vault, event, person_id, form=a_form("คนใหม่"))
        assert (outcome.new, outcome.registration.id != erased.id) == (True, True)


def test_who_joins_with_the_clock_set_back_stands_behind_somebody_with_an_offer(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        rows = parties(db, vault, event, 1, 2)
        assert rows[1].state == OFFERED
        late = sign_up(db, vault, event, a_person(db, 9), party=2, now=NOON - timedelta(hours=2)).registration
        waiting_list.back_into_line(db, rows[1])
        assert registrations.count_ahead(db, late) == 1


def test_past_events_with_a_line_left_do_not_hide_those_to_come(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for number in range(3):
            past = make_event(db, capacity=0)
            sign_up(db, vault, past, a_person(db, number))
            past.starts_at, past.ends_at = NOON - timedelta(days=2), NOON - timedelta(days=1)
        coming = make_event(db, capacity=0)
        sign_up(db, vault, coming, a_person(db, 9))
        db.flush()
        assert registrations.list_events_with_a_line(db, limit=2, now=NOON) == [coming.id]


def test_joining_a_long_line_of_a_full_event_does_not_read_the_line(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        parties(db, vault, event, 1, 1, 1, 1)
    with database.transaction() as db:
        loaded: list[object] = []
        sqlalchemy_event.listen(db, "loaded_as_persistent", lambda _, row: loaded.append(row))
        sign_up(db, vault, events.lock(db, event.id) or event, a_person(db, 9))
        assert [row for row in loaded if isinstance(row, RegistrationRow)] == []


def test_many_seats_freed_at_once_are_handed_out_with_few_statements(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=0)
        parties(db, vault, event, *([1] * 40))
    statements: list[str] = []
    with database.transaction() as db:
        row = events.lock(db, event.id)
        assert row is not None
        row.capacity = 30
        db.flush()
        sqlalchemy_event.listen(
            db.connection(), "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement)
        )
        given = waiting_list.fill(db, row, now=NOON)
        assert (len(given), {one.state for one in given}) == (30, {OFFERED})
        assert len(statements) < 12
        assert seats.free_seats(db, row) == 0
        booked = service_messages.list_in_state(db, BOOKED, limit=99)
        assert {(one.registration_id, one.occurrence) for one in booked} == {(one.id, one.turn) for one in given}


def test_automatic_seats_freed_at_once_have_their_reminders(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=0, offer_minutes=0)
        rows = parties(db, vault, event, 1, 1)
        event.capacity = 5
        db.flush()
        waiting_list.fill(db, event, now=NOON)
        assert [row.state for row in rows] == [CONFIRMED, CONFIRMED]
        booked = sorted(one.kind for one in service_messages.list_in_state(db, BOOKED, limit=99))
        assert booked == sorted([booking.FEEDBACK, booking.PROMOTED, "reminder/120", "reminder/1440"] * 2)
        assert event.starts_at == IN_A_WEEK


def test_a_party_far_behind_gets_what_fits_nobody_before_it(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_list, "FIRST_LOOK", 2)
    with database.transaction() as db:
        event = make_event(db, capacity=0)
        rows = parties(db, vault, event, 3, 3, 1)
        for row in rows[:2]:
            row.whole_only = True
        event.capacity = 2
        db.flush()
        waiting_list.fill(db, event, now=NOON)
        assert [row.state for row in rows] == [WAITING, WAITING, OFFERED]
