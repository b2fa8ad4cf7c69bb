from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.events import booking, forms, refusals, registration
from bot.events.forms import Form, School
from bot.events.registration import MOST_BY_PERSON, MOST_BY_PHONE, Applicant
from bot.storage import consents, events, registrations, service_messages
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.builders import NOON

LATER = NOON + timedelta(hours=2)


def test_registering_gives_a_seat_a_ticket_and_keeps_the_consent(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        outcome = sign_up(db, vault, event, a_person(db, 1), party=3)
        row = outcome.registration
        assert (outcome.new, outcome.place, row.state, row.seats) == (True, None, "confirmed", 3)
        assert len(row.ticket) == 32 and set(row.code) <= set(registration.CODE_LETTERS)
        given = consents.list_of_registration(db, row.id)
        assert [(one.purpose, one.version, one.wording_hash, one.way) for one in given] == [
            ("events", 1, "0" * 64, "button")
        ]


def test_asking_twice_gives_the_same_place(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        person = a_person(db, 1)
        first, again = sign_up(db, vault, event, person), sign_up(db, vault, event, person, party=4)
        assert (again.new, again.registration.id, again.registration.party_size) == (False, first.registration.id, 1)
        assert registrations.count_seats(db, event.id) == 1


def test_whoever_cancelled_may_come_back_and_stands_last(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = [sign_up(db, vault, event, a_person(db, number)).registration for number in range(3)]
        registration.cancel(db, registration_id=rows[1].id, by="person", now=NOON)
        back = sign_up(db, vault, event, rows[1].person_id, now=NOON + timedelta(minutes=1))
        assert (back.registration.id, back.new, back.place) == (rows[1].id, True, 2)


def in_force(db: Session, *registration_ids: int) -> list[list[datetime | None]]:
    """When each consent of these was withdrawn."""
    return [[one.withdrawn_at for one in consents.list_of_registration(db, row_id)] for row_id in registration_ids]


def test_with_a_registration_its_consent_ends(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, person = make_event(db), a_person(db, 1)
        mine = sign_up(db, vault, event, person).registration
        neighbours = sign_up(db, vault, event, person, kind="neighbour", form=a_form("ยายคำ")).registration
        registration.cancel(db, registration_id=mine.id, by="person", now=LATER)
        assert in_force(db, mine.id, neighbours.id) == [[LATER], [None]]
        registration.cancel(db, registration_id=mine.id, by="person", now=LATER + timedelta(hours=1))
        assert in_force(db, mine.id) == [[LATER]]
        sign_up(db, vault, event, person, now=LATER)
        assert in_force(db, mine.id) == [[LATER, None]]


def test_a_consent_ends_however_the_registration_does(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        first, second, third = (sign_up(db, vault, event, a_person(db, number)).registration for number in range(3))
        registration.cancel(db, registration_id=first.id, by="staff", now=LATER)
        registration.decline_offer(db, registration_id=second.id, keeps_waiting=True, now=LATER)
        assert in_force(db, first.id, second.id) == [[LATER], [None]]
        offered = next(row for row in (second, third) if row.state == registrations.OFFERED)
        registration.decline_offer(db, registration_id=offered.id, keeps_waiting=False, now=LATER)
        assert in_force(db, offered.id) == [[LATER]]
        asked = sign_up(db, vault, make_event(db, admits_each=True), a_person(db, 7)).registration
        registration.refuse(db, registration_id=asked.id, now=LATER)
        assert in_force(db, asked.id) == [[LATER]]


def test_a_clock_that_was_set_back_lets_nobody_jump_the_line(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=0)
        places = [
            sign_up(db, vault, event, a_person(db, number), now=NOON - timedelta(hours=number)).place
            for number in range(4)
        ]
        assert places == [1, 2, 3, 4]


def test_what_people_wrote_is_unreadable_in_the_table(database: Database, vault: Vault) -> None:
    form = Form("คำ ปัน", "+66812345678", "mae_sai", ("บุญมี",), {7: "มังสวิรัติ"}, School("บ้านดอย", "ป.6"), True, True)
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1), form=form).registration
        assert forms.opened(vault, row) == form
        for column in (row.name, row.phone, row.details):
            assert column is not None
            assert not any(word.encode() in column for word in ("คำ ปัน", "+66812345678", "บุญมี", "มังสวิรัติ"))
        assert row.phone_hash == forms.phone_hash(vault, "+66812345678")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": events.DRAFT}, refusals.NoSuchEvent),
        ({"state": events.CALLED_OFF, "called_off_why": "ฝนตก"}, refusals.CalledOff),
        ({"starts_at": NOON}, refusals.EventOver),
        ({"opens_at": NOON + timedelta(minutes=1)}, refusals.NotOpenYet),
        ({"closes_at": NOON}, refusals.RegistrationClosed),
        ({"capacity": 0, "has_waiting_list": False}, refusals.EventFull),
        ({"party_most": 1}, refusals.PartyTooLarge),
        ({"form_version": 2}, refusals.FormChanged),
        ({"minors": "adults"}, refusals.AdultsOnly),
        ({"minors": "guardian"}, refusals.NeedsGuardian),
    ],
)
def test_registering_is_refused(
    database: Database, vault: Vault, changes: dict[str, Any], refusal: type[refusals.Refused]
) -> None:
    with database.transaction() as db:
        event = make_event(db, **changes)
        with pytest.raises(refusal):
            registration.register(
                db, vault, event_id=event.id, applicant=Applicant(a_person(db, 1)), form=a_form(minor=True),
                party_size=2, form_version=1, consent=registration.Consent(1, "0" * 64, "button"), now=NOON,
            )  # fmt: skip
        assert registrations.count_by_state(db, event.id) == {}


def test_one_account_registers_so_many_neighbours_and_no_more(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=None)
        person = a_person(db, 1)
        sign_up(db, vault, event, person)
        for number in range(MOST_BY_PERSON - 1):
            sign_up(db, vault, event, person, form=a_form(f"เพื่อนบ้าน {number}"), kind="neighbour")
        assert not sign_up(db, vault, event, person, form=a_form("เพื่อนบ้าน  0"), kind="neighbour").new
        with pytest.raises(refusals.TooManyByPerson):
            sign_up(db, vault, event, person, form=a_form("อีกคน"), kind="neighbour")


def test_one_telephone_number_stands_for_so_many_parties(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        form = a_form(phone="+66812345678")
        for number in range(MOST_BY_PHONE):
            sign_up(db, vault, event, a_person(db, number), form=form)
        with pytest.raises(refusals.TooManyByPhone):
            sign_up(db, vault, event, a_person(db, 9), form=form)


def test_cancelling_twice_frees_the_seat_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = [sign_up(db, vault, event, a_person(db, number)).registration for number in range(3)]
        assert registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON).new
        assert not registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON).new
        assert [row.state for row in rows] == ["cancelled", "offered", "waiting"]


def test_nobody_cancels_for_somebody_else_or_once_it_has_begun(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        with pytest.raises(refusals.NoSuchRegistration):
            registration.cancel(db, registration_id=row.id, by="person", now=NOON, person_id=a_person(db, 2))
        with pytest.raises(refusals.EventOver):
            registration.cancel(db, registration_id=row.id, by="person", now=IN_A_WEEK, person_id=row.person_id)


def test_a_party_grows_only_into_what_nobody_waits_for(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=4)
        rows = [sign_up(db, vault, event, a_person(db, number), party=2).registration for number in range(2)]
        waiting = sign_up(db, vault, event, a_person(db, 5), party=5).registration
        registration.change_party(db, registration_id=rows[0].id, party_size=1, now=NOON)
        assert (waiting.state, waiting.seats) == ("offered", 1)
        with pytest.raises(refusals.NotEnoughSeats):
            registration.change_party(db, registration_id=rows[1].id, party_size=3, now=NOON)
        with pytest.raises(refusals.PartyTooLarge):
            registration.change_party(db, registration_id=rows[1].id, party_size=6, now=NOON)
        assert registrations.count_seats(db, event.id) == 4


def test_staff_admit_each(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1, admits_each=True)
        rows = [sign_up(db, vault, event, a_person(db, number)).registration for number in range(3)]
        assert [row.state for row in rows] == ["pending"] * 3
        registration.admit(db, registration_id=rows[1].id, now=NOON)
        registration.admit(db, registration_id=rows[0].id, now=NOON)
        registration.refuse(db, registration_id=rows[2].id, now=NOON)
        assert [row.state for row in rows] == ["waiting", "confirmed", "refused"]
        booked = service_messages.list_in_state(db, service_messages.BOOKED, limit=20)
        kinds = {booking.ADMITTED, booking.WAITLISTED, booking.REFUSED}
        assert {(row.registration_id, row.kind) for row in booked if row.kind in kinds} == {
            (rows[0].id, "waitlisted"), (rows[1].id, "admitted"), (rows[2].id, "refused"),
        }  # fmt: skip
        with pytest.raises(refusals.NotInThatState):
            registration.admit(db, registration_id=rows[2].id, now=NOON)


def _rush(database: Database, vault: Vault, *, capacity: int, crowd: int, taps: int = 2) -> tuple[int, int]:
    """Seats taken and places in the line, after everybody came at once."""
    with database.transaction() as db:
        event = make_event(db, capacity=capacity)
        persons = [a_person(db, number) for number in range(crowd)]

    def one(person: int) -> None:
        with database.transaction() as db:
            sign_up(db, vault, event, person)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, [person for person in persons for _ in range(taps)]))
    with database.reading() as db:
        states = registrations.count_by_state(db, event.id)
        return registrations.count_seats(db, event.id), states.get("waiting", (0, 0))[0]


def test_a_rush_fills_every_seat_and_no_more(database: Database, vault: Vault) -> None:
    assert _rush(database, vault, capacity=7, crowd=40) == (7, 33)


@pytest.mark.postgres
def test_the_same_rush_oversells_without_the_lock(
    migrated_postgres: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a writing transaction is the lock, and cannot be taken away."""
    monkeypatch.setattr(events, "lock", events.find)
    worst = max(_rush(migrated_postgres, vault, capacity=7, crowd=40, taps=1)[0] for _ in range(3))
    assert worst > 7
