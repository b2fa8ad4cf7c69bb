from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.events import booking, refusals, registration, waiting_list
from bot.storage import consents, events, outgoing, people, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up, tell_what_is_due
from tests.builders import NOON

NIGHT = NOON + timedelta(hours=10)  # 22:00 in Bangkok
SOON = NOON + timedelta(hours=6)


def states(db: Session, event: EventRow) -> list[tuple[str, int]]:
    everybody = (*registrations.OPEN, registrations.CANCELLED)
    return [(row.state, row.seats) for row in registrations.list_of_event(db, event.id, states=everybody, limit=50)]


def fill_up(db: Session, vault: Vault, event: EventRow, *parties: int) -> list[RegistrationRow]:
    return [
        sign_up(db, vault, event, a_person(db, number), party=party).registration
        for number, party in enumerate(parties)
    ]


def told(db: Session, row: RegistrationRow) -> list[str]:
    found = service_messages.list_in_state(db, service_messages.BOOKED, limit=100, event_id=row.event_id)
    kinds = [message.kind for message in found if message.registration_id == row.id]
    return sorted(kind for kind in kinds if not kind.startswith(booking.REMINDER) and kind != booking.FEEDBACK)


def test_free_seats_are_offered_first_come_first_served(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        rows = fill_up(db, vault, event, 1, 1, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert states(db, event) == [("cancelled", 0), ("confirmed", 1), ("offered", 1), ("waiting", 0)]
        assert rows[2].offer_until == NOON + timedelta(hours=3)
        assert (told(db, rows[2]), told(db, rows[3])) == ([booking.OFFER], [])


def test_close_to_the_event_a_free_seat_is_given_without_asking(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1, starts_at=SOON)
        rows = fill_up(db, vault, event, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert states(db, event) == [("cancelled", 0), ("confirmed", 1)]
        assert told(db, rows[1]) == [booking.PROMOTED]


def test_at_night_nothing_is_offered_and_nobody_else_gets_the_seat(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NIGHT)
        newcomer = sign_up(db, vault, event, a_person(db, 9), now=NIGHT)
        assert states(db, event) == [("cancelled", 0), ("waiting", 0), ("waiting", 0)]
        assert newcomer.place == 2
        in_the_morning = NIGHT + timedelta(hours=10)
        assert waiting_list.fill(db, event, now=in_the_morning) == [rows[1]]
        assert rows[1].state == "offered"


def test_a_party_that_is_too_large_lets_the_next_that_fits_go_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=4)
        rows = fill_up(db, vault, event, 2, 2, 4, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert states(db, event)[2:] == [("waiting", 0), ("offered", 1), ("offered", 1)]


def test_what_is_too_little_for_anybody_is_offered_to_the_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=4)
        rows = fill_up(db, vault, event, 2, 2, 4, 3)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert states(db, event)[2:] == [("offered", 2), ("waiting", 0)]
        registration.decline_offer(db, registration_id=rows[2].id, keeps_waiting=True, now=NOON)
        assert states(db, event)[2:] == [("waiting", 0), ("offered", 2)]
        assert registrations.count_ahead(db, rows[2]) == 0
        registration.accept_offer(db, registration_id=rows[3].id, now=NOON)
        assert (rows[3].state, rows[3].party_size, rows[3].seats) == ("confirmed", 2, 2)


def test_an_offer_that_nobody_took_goes_on_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        later = NOON + timedelta(hours=3)
        assert told(db, rows[1]) == [booking.OFFER]
        tell_what_is_due(db)
        assert registrations.list_run_out(db, now=NOON, limit=9) == []
        assert registrations.list_run_out(db, now=later, limit=9) == [(rows[1].id, event.id)]
        assert waiting_list.run_out(db, registration_id=rows[1].id, event_id=event.id, now=later)
        assert not waiting_list.run_out(db, registration_id=rows[1].id, event_id=event.id, now=later)
        assert states(db, event) == [("cancelled", 0), ("cancelled", 0), ("offered", 1)]
        assert (told(db, rows[1]), told(db, rows[2])) == ([booking.OFFER_OVER], [booking.OFFER])
        with pytest.raises(refusals.OfferOver):
            registration.accept_offer(db, registration_id=rows[1].id, now=later)


def test_with_an_offer_that_nobody_took_the_consent_ends(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        first, second = (sign_up(db, vault, event, a_person(db, number)).registration for number in (1, 2))
        registration.cancel(db, registration_id=first.id, by="person", now=NOON)
        tell_what_is_due(db)
        late = NOON + timedelta(hours=4)
        assert waiting_list.run_out(db, registration_id=second.id, event_id=event.id, now=late)
        assert [one.withdrawn_at for one in consents.list_of_registration(db, second.id)] == [late]


def test_a_late_yes_is_too_late_even_before_anybody_noticed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        with pytest.raises(refusals.OfferOver):
            registration.accept_offer(db, registration_id=rows[1].id, now=NOON + timedelta(hours=3))


def test_whoever_blocked_the_bot_is_passed_over_and_keeps_their_place(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1, 1)
        people.set_following(db, person_id=rows[1].person_id or 0, following=False, at=NOON)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert states(db, event)[1:] == [("waiting", 0), ("offered", 1)]


def test_who_waits_without_line_gets_the_seat_and_a_call(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1)
        by_hand = sign_up(db, vault, event, None, form=a_form("คำ ปัน", phone="+66812345678"), way="staff").registration
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert by_hand.state == "confirmed"
        calls = service_messages.list_in_state(db, service_messages.FAILED, limit=9)
        assert [(row.registration_id, row.kind, row.why) for row in calls] == [(by_hand.id, "promoted", "no_line")]


def test_two_seats_freed_at_once_make_two_different_offers(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        rows = fill_up(db, vault, event, 1, 1, 1, 1)
    for row in rows[:2]:
        with database.transaction() as db:
            registration.cancel(db, registration_id=row.id, by="person", now=NOON)
    with database.reading() as db:
        assert states(db, event)[2:] == [("offered", 1), ("offered", 1)]


def test_nothing_is_given_once_the_event_has_begun_or_was_called_off(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1)
        assert waiting_list.fill(db, event, now=IN_A_WEEK) == []
        registration.cancel(db, registration_id=rows[0].id, by="staff", now=IN_A_WEEK)
        assert rows[1].state == "waiting"
        event.state = events.CALLED_OFF
        assert waiting_list.fill(db, event, now=NOON) == []


def test_close_to_the_event_fewer_seats_are_not_offered_at_night(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3, starts_at=NOON + timedelta(days=1))
        rows = fill_up(db, vault, event, 3, 2)
        registration.change_party(db, registration_id=rows[0].id, party_size=2, now=NIGHT)
        assert rows[1].state == "waiting"
        in_the_morning = NIGHT + timedelta(hours=10)
        assert waiting_list.fill(db, event, now=in_the_morning) == [rows[1]]
        assert (rows[1].state, rows[1].offer_until) == ("offered", in_the_morning + timedelta(hours=1))


def test_who_waits_without_line_is_not_given_fewer_seats_unasked(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3)
        rows = fill_up(db, vault, event, 2, 1)
        by_hand = sign_up(db, vault, event, None, party=4, form=a_form("คำ ปัน"), way="staff").registration
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert (by_hand.state, by_hand.seats) == ("waiting", 0)


@pytest.mark.parametrize(("state", "told_again"), [("booked", []), ("queued", [booking.BACK_IN_LINE])])
def test_an_offer_that_may_not_have_been_read_ends_nobodys_place(
    database: Database, vault: Vault, state: str, told_again: list[str]
) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        booked = service_messages.list_in_state(db, service_messages.BOOKED, limit=9, event_id=event.id)
        offer = next(message for message in booked if message.kind == booking.OFFER)
        service_messages.move(db, [offer.id], states=("booked",), to=state, now=NOON)
        event.capacity = 0  # else it is offered anew at once
        assert waiting_list.run_out(db, registration_id=rows[1].id, event_id=event.id, now=NOON + timedelta(hours=3))
        assert (rows[1].state, told(db, rows[1])) == ("waiting", told_again)


@pytest.mark.parametrize(
    ("minutes", "status", "told_again"),
    [(5, "sent", [booking.BACK_IN_LINE]), (5, "cancelled", []), (-5, "sent", [])],
)
def test_whoever_may_have_been_shown_the_offer_in_an_answer_is_told_that_they_are_back_in_line(
    database: Database, vault: Vault, minutes: int, status: str, told_again: list[str]
) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = fill_up(db, vault, event, 1, 1)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        answer = outgoing.add(
            db, incoming_id=1, person_id=rows[1].person_id, messages=None, reply_token=None, token_from=NOON,
            token_doubtful=False, retry_key="k", push_doubtful=False, may_push=True, good_until=None, capped=True,
            tries=1, created_at=NOON + timedelta(minutes=minutes),
        )  # fmt: skip
        outgoing.settle(db, answer, status=outgoing.Delivery(status), now=NOON)
        events.amend(db, event.id, seen=1, capacity=0)
        later = NOON + timedelta(hours=4)
        assert waiting_list.run_out(db, registration_id=rows[1].id, event_id=event.id, now=later)
        assert rows[1].state == registrations.WAITING
        assert told(db, rows[1]) == told_again
