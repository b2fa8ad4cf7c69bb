from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.events import booking, by_hand, calling_off, registrants, registration
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.queue.kinds import JobKind
from bot.storage import service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.jobs import JobRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

DAY_BEFORE = IN_A_WEEK - timedelta(hours=20)


def a_place(db: Session, vault: Vault, number: int = 1, **changes: Any) -> tuple[EventRow, RegistrationRow]:
    """A confirmed one, with its two reminders and the question how it was."""
    event = make_event(db, **changes)
    return event, sign_up(db, vault, event, a_person(db, number)).registration


def hold(db: Session, why: str = "late") -> None:
    service_messages.hold_all(db, why=why, now=NOON)


def states(db: Session, event: EventRow) -> dict[str, str]:
    rows = db.scalars(select(ServiceMessageRow).where(ServiceMessageRow.event_id == event.id))
    return {row.kind: row.state for row in rows}


def due_jobs(db: Session) -> int:
    return len(list(db.scalars(select(JobRow.id).where(JobRow.kind == JobKind.SERVICE_DUE))))


def test_whom_line_does_not_reach_is_to_be_telephoned_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, None, way="staff")
        sign_up(db, vault, event, a_person(db, 1))
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=NOON)
        staff.add_account(db, name="มาลี", login="malee", role=Role.STAFF, by=None, now=NOON)
        [malee] = staff.list_accounts(db)
        [call] = by_hand.list_calls(db, now=NOON, limit=10)
        assert (call.message.kind, call.message.why, call.true) == (booking.CALLED_OFF, booking.NO_LINE, True)
        assert by_hand.count_calls(db, now=NOON, event_id=event.id) == 1
        done = [by_hand.tell_by_telephone(db, call.message.id, staff_id=malee.id) for _ in range(2)]
        assert (done, by_hand.count_calls(db, now=NOON, event_id=event.id)) == ([True, False], 0)
        undone = [by_hand.undo_telephone(db, call.message.id) for _ in range(2)]
        assert (undone, by_hand.count_calls(db, now=NOON, event_id=event.id)) == ([True, False], 1)


def test_after_the_event_nobody_is_to_be_telephoned(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, None, way="staff")
        calling_off.call_off(db, event_id=event.id, why="", now=NOON)
        after = event.ends_at
        assert (by_hand.list_calls(db, now=after, limit=10), by_hand.count_calls(db, now=after, event_id=event.id)) == (
            [],
            0,
        )


def test_a_call_is_not_called_for_once_its_seat_is_given_back(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        first = sign_up(db, vault, event, a_person(db, 1)).registration
        waiting = sign_up(db, vault, event, None, way="staff").registration
        registration.cancel(db, registration_id=first.id, by="staff", now=NOON)
        assert [(one.message.kind, one.true) for one in by_hand.list_calls(db, now=NOON, limit=9)] == [
            (booking.PROMOTED, True)
        ]
        registration.cancel(db, registration_id=waiting.id, by="staff", now=NOON)
        assert [one.true for one in by_hand.list_calls(db, now=NOON, limit=9)] == [False]


def test_what_was_held_is_sent_at_once_when_released(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        a_place(db, vault)
        hold(db)
        before = due_jobs(db)
        reminder = next(one for one in by_hand.list_held(db, now=DAY_BEFORE, limit=9) if "1440" in one.message.kind)
        released = by_hand.release(db, now=DAY_BEFORE, message_id=reminder.message.id)
        assert (released.released, released.untrue, due_jobs(db) - before) == (1, 0, 1)
        row = service_messages.find(db, reminder.message.id)
        assert row is not None
        assert (row.state, row.due_at, row.why, row.settled_at) == ("booked", DAY_BEFORE, "", None)
        assert by_hand.release(db, now=DAY_BEFORE, message_id=reminder.message.id).released == 0


def test_all_of_an_event_are_released_and_those_of_another_stay(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, _ = a_place(db, vault)
        sign_up(db, vault, event, a_person(db, 2))
        other, _ = a_place(db, vault, 3)
        hold(db, "restored")
        released = by_hand.release(db, now=DAY_BEFORE, event_id=event.id)
        assert (released.released, released.untrue) == (6, 0)
        assert dict(released.kinds) == {"reminder/1440": 2, "reminder/120": 2, "feedback": 2}
        assert (set(states(db, event).values()), set(states(db, other).values())) == ({"booked"}, {"held"})
        assert by_hand.count_held(db) == {other.id: 3}


def test_what_is_not_due_yet_is_released_for_its_time(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_place(db, vault)
        due = {message.kind: message.due_at for message in registrants.list_messages(db, row.id)}
        hold(db, "restored")
        by_hand.release(db, now=DAY_BEFORE, event_id=event.id)
        again = {message.kind: message.due_at for message in registrants.list_messages(db, row.id)}
        assert again == {**due, "reminder/1440": DAY_BEFORE}


def test_reminders_of_a_past_event_cannot_be_released(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, _ = a_place(db, vault)
        hold(db)
        released = by_hand.release(db, now=IN_A_WEEK, event_id=event.id)
        assert dict(released.kinds) == {"feedback": 1}
        assert released.untrue == 2
        assert states(db, event) == {"reminder/1440": "held", "reminder/120": "held", "feedback": "booked"}


def test_what_was_held_can_be_dropped(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, _ = a_place(db, vault)
        hold(db)
        one = by_hand.list_held(db, now=NOON, limit=1, event_id=event.id)[0].message.id
        assert [by_hand.drop(db, now=NOON, message_id=one), by_hand.drop(db, now=NOON, event_id=event.id)] == [1, 2]
        assert set(states(db, event).values()) == {"dropped"}


@pytest.mark.parametrize(
    ("kind", "values", "true"),
    [
        (booking.ADMITTED, {}, True), (booking.ADMITTED, {"state": "cancelled"}, False),
        (booking.ADMITTED, {"turn": 9}, False),
        (booking.WAITLISTED, {}, False), (booking.OFFER, {"state": "offered", "offer_until": DAY_BEFORE}, False),
        (booking.OFFER, {"state": "offered", "offer_until": IN_A_WEEK}, True), (booking.CHANGED, {"turn": 9}, True),
        (booking.STAFF_CANCELLED, {"state": "cancelled", "ended_by": "staff"}, True),
        (booking.STAFF_CANCELLED, {"state": "cancelled", "ended_by": "person"}, False),
        ("reminder/1440", {"coming": False}, False), ("reminder/30", {}, False),
        (booking.REFUSED, {"state": "refused"}, True),
        ("no kind of ours", {}, False),
    ],
)  # fmt: skip
def test_only_what_is_so_is_true(
    sqlite_database: Database, vault: Vault, kind: str, values: dict[str, Any], true: bool
) -> None:
    with sqlite_database.transaction() as db:
        event, row = a_place(db, vault)
        occurrence = event.schedule_version if kind.startswith(booking.REMINDER) else row.turn
        db.execute(update(RegistrationRow).values(**{"state": row.state, **values}))
        db.refresh(row)
        message = ServiceMessageRow(kind=kind, occurrence=occurrence, due_at=NOON)
        assert by_hand.is_true(message, row, event, now=DAY_BEFORE) is true


def test_nobody_is_asked_how_it_was_long_after(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.transaction() as db:
        event, row = a_place(db, vault)
        message = ServiceMessageRow(kind=booking.FEEDBACK, occurrence=event.schedule_version, due_at=NOON)
        ends = event.ends_at
        asked = [
            by_hand.is_true(message, row, event, now=at)
            for at in (ends - timedelta(1), ends, ends + timedelta(13), ends + timedelta(14))
        ]
        assert asked == [False, True, True, False]
