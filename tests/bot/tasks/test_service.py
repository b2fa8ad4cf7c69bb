from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.events import booking, calling_off, registration
from bot.messages import Failure
from bot.queue import jobs, schedule
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import people, registrations, service_messages
from bot.storage.cases import CaseRow
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import BOOKED, DROPPED, FAILED, HELD, SENT
from bot.tasks.running import run_next
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON
from tests.office import Office

DAY_BEFORE = IN_A_WEEK - timedelta(days=1)


def an_event_with(office: Office, *parties: int, **changes: object) -> tuple[EventRow, list[RegistrationRow]]:
    with office.database.transaction() as db:
        event = make_event(db, **changes)
        rows = [
            sign_up(db, office.vault, event, a_person(db, number), party=party).registration
            for number, party in enumerate(parties, start=1)
        ]
    return event, rows


def look_for_due(office: Office, at: datetime) -> None:
    """As the schedule does every minute."""
    office.now = at
    with office.database.transaction() as db:
        for kind in (JobKind.WAITING_LISTS, JobKind.SERVICE_DUE):
            jobs.enqueue(db, kind, now=at, subject_ids=[(None, kind)], priority=SERVICE)
    office.work()


def pushes(office: Office) -> list[str]:
    return [str(messages) for way, _, messages in office.line.sent if way == "push"]


def in_state(db: Session, state: str) -> list[tuple[str, str]]:
    return [(row.kind, row.why) for row in service_messages.list_in_state(db, state, limit=99)]


def test_both_routines_run_every_minute() -> None:
    every = {routine.kind: routine.every for routine in schedule.ROUTINES}
    assert (every[JobKind.SERVICE_DUE], every[JobKind.WAITING_LISTS]) == (timedelta(minutes=1), timedelta(minutes=1))


def test_a_reminder_is_told_once_and_at_its_time(office: Office) -> None:
    event, _ = an_event_with(office, 1)
    look_for_due(office, DAY_BEFORE - timedelta(minutes=1))
    assert pushes(office) == []
    for minutes in (0, 1, 2):
        look_for_due(office, DAY_BEFORE + timedelta(minutes=minutes))
    assert len(pushes(office)) == 1 and event.title in pushes(office)[0]
    with office.database.reading() as db:
        assert in_state(db, SENT) == [("reminder/1440", "")]


def test_two_workers_that_find_the_same_reminder_tell_it_once(office: Office) -> None:
    an_event_with(office, 1)
    office.now = DAY_BEFORE
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=DAY_BEFORE, subject_ids=[(None, None), (None, None)])
    office.work()
    assert len(pushes(office)) == 1


def test_what_is_more_than_two_hours_late_is_held(office: Office) -> None:
    an_event_with(office, 1)
    look_for_due(office, DAY_BEFORE + timedelta(hours=2, minutes=1))
    assert pushes(office) == []
    with office.database.reading() as db:
        assert in_state(db, HELD) == [("reminder/1440", "late")]


def test_who_has_left_is_not_reminded_but_telephoned_when_it_is_called_off(office: Office) -> None:
    event, rows = an_event_with(office, 1)
    with office.database.transaction() as db:
        people.set_following(db, person_id=rows[0].person_id or 0, following=False, at=NOON)
    look_for_due(office, DAY_BEFORE)
    with office.database.transaction() as db:
        assert in_state(db, DROPPED) == [("reminder/1440", "left")]
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=office.now)
    office.work()
    with office.database.reading() as db:
        assert in_state(db, FAILED) == [("called_off", "left")]
    assert pushes(office) == []


def test_without_quota_those_left_over_are_on_the_list_for_telephoning(office: Office) -> None:
    event, _ = an_event_with(office, 1, 1, 1)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=NOON)
    office.line.failures = [None, Failure.QUOTA_SPENT, Failure.QUOTA_SPENT]
    office.work()
    with office.database.reading() as db:
        assert in_state(db, SENT) == [("called_off", "")]
        assert in_state(db, FAILED) == [("called_off", "quota_spent")] * 2
        assert [(case.kind, case.detail) for case in db.scalars(select(CaseRow))] == [("telephone", str(event.id))]


def test_reminders_and_calls_off_are_outside_the_daily_cap_of_answers(office: Office) -> None:
    event, rows = an_event_with(office, *([1] * (office.push_daily_cap + 2)), capacity=50)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=NOON)
    office.work()
    assert len(pushes(office)) == len(rows)


@pytest.mark.parametrize("failure", [Failure.AMBIGUOUS, Failure.RATE_LIMITED, Failure.UNREACHABLE])
def test_a_try_that_failed_is_made_again_with_the_same_key(office: Office, failure: Failure) -> None:
    event, _ = an_event_with(office, 1)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=NOON)
    office.line.failures = [failure]
    office.work()
    office.now += timedelta(minutes=20)  # an answer would be stale by then; this is not
    office.work()
    keys = [key for way, key, _ in office.line.sent if way == "push"]
    assert len(keys) == 1
    with office.database.reading() as db:
        assert in_state(db, SENT) == [("called_off", "")]


def test_an_offer_that_ran_out_goes_on_to_the_next_and_both_are_told(office: Office) -> None:
    _event, rows = an_event_with(office, 1, 1, 1, capacity=1)
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
    office.work()
    assert len(pushes(office)) == 1
    look_for_due(office, NOON + timedelta(hours=3))
    with office.database.reading() as db:
        assert {registrations.find(db, row.id).state for row in rows[1:2]} == {"cancelled"}  # type: ignore[union-attr]
        assert sorted(in_state(db, SENT)) == [("offer", ""), ("offer", ""), ("offer_over", "")]


def test_a_message_that_is_not_true_any_more_is_dropped(office: Office) -> None:
    _event, rows = an_event_with(office, 1, 1, capacity=1, starts_at=NOON + timedelta(hours=5))
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[1].id, by="person", now=NOON)
    office.work()
    assert pushes(office) == []
    with office.database.reading() as db:
        assert ("promoted", "ended") in in_state(db, DROPPED)


def test_a_message_never_overtakes_what_the_person_wrote_before_it(office: Office) -> None:
    """It waits in the person's own lane, and says what is true when its turn has come."""
    _event, rows = an_event_with(office, 1, 1, capacity=1, starts_at=NOON + timedelta(hours=5))
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        due = service_messages.list_due(db, now=NOON, limit=9)
        assert [row.kind for row in due] == [booking.PROMOTED]
    assert run_next(office.tools)  # the message is in the lane now
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[1].id, by="person", now=NOON)
    office.work()
    assert pushes(office) == []
    with office.database.reading() as db:
        assert ("promoted", "not true any more") in in_state(db, DROPPED)
        assert in_state(db, BOOKED) == []
