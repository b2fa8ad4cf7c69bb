from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.events import booking, calling_off, refusals, registration
from bot.queue.kinds import JobKind
from bot.storage import events, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.jobs import JobRow
from bot.storage.service_messages import BOOKED, DROPPED, FAILED, SENT
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.builders import NOON

DAY_BEFORE, TWO_HOURS_BEFORE = IN_A_WEEK - timedelta(days=1), IN_A_WEEK - timedelta(hours=2)
AFTERWARDS = IN_A_WEEK + timedelta(hours=4)


def booked(db: Session, event: EventRow, state: str = BOOKED) -> list[tuple[str, object]]:
    return [(row.kind, row.due_at) for row in service_messages.list_in_state(db, state, limit=99, event_id=event.id)]


def jobs_of(db: Session, kind: JobKind) -> int:
    return db.scalar(select(func.count()).select_from(JobRow).where(JobRow.kind == kind)) or 0


def test_who_has_a_seat_is_reminded_and_asked_afterwards(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        expected = [("reminder/1440", DAY_BEFORE), ("reminder/120", TWO_HOURS_BEFORE), ("feedback", AFTERWARDS)]
        assert booked(db, event) == expected
        assert booking.book_reminders(db, event, [row], now=NOON) == 0
        assert booked(db, event) == expected
        assert jobs_of(db, JobKind.SERVICE_DUE) == 0


def test_a_reminder_that_would_be_late_is_not_booked(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1), now=IN_A_WEEK - timedelta(hours=12))
        assert [kind for kind, _ in booked(db, event)] == ["reminder/120", "feedback"]


def test_a_cancelled_registration_is_told_nothing_more(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        registration.cancel(db, registration_id=row.id, by="person", now=NOON)
        assert booked(db, event) == []
        assert len(booked(db, event, DROPPED)) == 3


def test_coming_back_is_reminded_again(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        registration.cancel(db, registration_id=row.id, by="person", now=NOON)
        sign_up(db, vault, event, row.person_id)
        assert [kind for kind, _ in booked(db, event)] == ["reminder/1440", "reminder/120", "feedback"]


def test_a_new_time_has_reminders_of_its_own(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        for number in range(2):
            sign_up(db, vault, event, a_person(db, number))
        first = service_messages.list_due(db, now=DAY_BEFORE, limit=1)[0]
        service_messages.move(db, [first.id], states=(BOOKED,), to=SENT, now=DAY_BEFORE)
        event.starts_at, event.ends_at = IN_A_WEEK + timedelta(days=7), AFTERWARDS + timedelta(days=7)
        event.schedule_version += 1
        assert booking.rebook(db, event, now=DAY_BEFORE) == 6
        assert {row.due_at for row in service_messages.list_in_state(db, BOOKED, limit=99)} == {
            DAY_BEFORE + timedelta(days=7),
            TWO_HOURS_BEFORE + timedelta(days=7),
            AFTERWARDS + timedelta(days=7, hours=1),
        }


def test_calling_off_tells_everybody_once_and_drops_the_rest(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        for number in range(3):
            sign_up(db, vault, event, a_person(db, number))
        sign_up(db, vault, event, None, form=a_form("คำ ปัน"), way="staff")
        ended = calling_off.call_off(db, event_id=event.id, why="ฝนตกหนัก", now=NOON)
        assert (ended.registrations, ended.by_telephone, ended.new) == (4, 1, True)
        assert not calling_off.call_off(db, event_id=event.id, why="ฝนตกหนัก", now=NOON).new
        assert booked(db, event) == [("called_off", NOON)] * 3
        assert booked(db, event, FAILED) == [("called_off", NOON)]
        assert registrations.count_by_state(db, event.id) == {"cancelled": (4, 4)}
        assert jobs_of(db, JobKind.SERVICE_DUE) == 1


def test_a_draft_or_a_past_event_is_not_called_off(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for changes, refusal in (
            ({"state": events.DRAFT}, refusals.NoSuchEvent),
            ({"ends_at": NOON}, refusals.EventOver),
        ):
            event = make_event(db, **changes)
            with pytest.raises(refusal):
                calling_off.call_off(db, event_id=event.id, why="", now=NOON)


def test_after_a_restore_everything_is_held(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        assert service_messages.hold_all(db, why="restored", now=NOON) == 3
        assert service_messages.list_due(db, now=AFTERWARDS, limit=9) == []
