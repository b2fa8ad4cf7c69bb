"""Booked messages when something goes wrong between being due and being told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.events import calling_off, registration
from bot.messages import Failure
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import incoming, people, registrations, service_messages
from bot.storage.cases import CaseRow
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import BOOKED, DROPPED, FAILED, HELD, QUEUED, SENT, ServiceMessageRow
from bot.tasks import service
from bot.tasks.running import run_next
from tests.bot.tasks.test_service import DAY_BEFORE, an_event_with, look_for_due, pushes
from tests.builders import NOON, a_press, a_text
from tests.office import Office, words_of


def called_off(office: Office, *parties: int, **changes: object) -> tuple[int, list[int]]:
    event, rows = an_event_with(office, *parties, **changes)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=office.now)
    return event.id, [row.person_id or 0 for row in rows]


def telephone_cases(office: Office) -> list[str]:
    with office.database.reading() as db:
        return sorted(db.scalars(select(CaseRow.detail).where(CaseRow.kind == "telephone")))


def states(office: Office) -> list[tuple[str, str, str]]:
    with office.database.reading() as db:
        rows = db.scalars(select(ServiceMessageRow).order_by(ServiceMessageRow.id))
        return [(row.kind, row.state, row.why) for row in rows if row.state != BOOKED and row.why != "called off"]


def test_who_blocks_the_bot_while_a_call_off_is_in_their_lane_is_telephoned(office: Office) -> None:
    event_id, [person_id] = called_off(office, 1)
    assert run_next(office.tools)  # it is in the lane now
    with office.database.transaction() as db:
        people.set_following(db, person_id=person_id, following=False, at=office.now)
    office.work()
    assert pushes(office) == []
    assert states(office) == [("called_off", FAILED, "left")]
    assert telephone_cases(office) == [str(event_id)]


def test_who_had_blocked_the_bot_before_is_on_the_list_and_staff_are_told_of_it(office: Office) -> None:
    event, rows = an_event_with(office, 1)
    with office.database.transaction() as db:
        people.set_following(db, person_id=rows[0].person_id or 0, following=False, at=NOON)
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=office.now)
    office.work()
    assert telephone_cases(office) == [str(event.id)]


def test_each_event_whose_people_are_to_be_telephoned_has_a_case(office: Office) -> None:
    office.line.failures = [Failure.QUOTA_SPENT, Failure.QUOTA_SPENT]
    first, _ = called_off(office, 1)
    second, _ = called_off(office, 1, title="อีกงาน")
    office.work()
    assert telephone_cases(office) == sorted([str(first), str(second)])


def test_with_the_quota_gone_line_is_not_asked_for_each_of_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "A_BATCH", 5)
    office.line.failures = [Failure.QUOTA_SPENT] * 200
    called_off(office, *([1] * 12), capacity=200)
    office.work()
    with office.database.reading() as db:
        assert len(service_messages.list_in_state(db, FAILED, limit=999)) == 12
    assert len(office.line.failures) == 199
    assert len(telephone_cases(office)) == 1
    office.wait(hours=1, seconds=1)
    office.line.failures = []
    called_off(office, 1, title="ชั่วโมงต่อมา")
    office.work()
    assert len(pushes(office)) == 1


def test_a_process_that_dies_after_line_took_it_leaves_no_message_without_an_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def dies(*_arguments: object) -> None:
        raise Died

    called_off(office, 1)
    with monkeypatch.context() as patched:
        patched.setattr(service, "_account_for", dies)
        with pytest.raises(Died):
            office.work()
    assert len(pushes(office)) == 1
    look_for_due(office, office.now + timedelta(minutes=6))
    assert states(office) == [("called_off", SENT, "")]
    assert len(pushes(office)) == 1


def test_a_message_whose_job_was_given_up_is_held_for_staff(office: Office) -> None:
    called_off(office, 1)
    assert run_next(office.tools)
    with office.database.transaction() as db:
        db.execute(delete(JobRow))
    look_for_due(office, office.now + timedelta(hours=2, minutes=1))
    assert states(office) == [("called_off", HELD, "late")]


def test_a_message_whose_payload_was_forgotten_first_is_held_and_not_dropped(office: Office) -> None:
    called_off(office, 1)
    assert run_next(office.tools)
    with office.database.transaction() as db:
        incoming.forget_payloads(db, received_before=office.now + timedelta(days=1), now=office.now)
    office.work()
    assert states(office) == [("called_off", HELD, "late")]


def test_one_that_stood_in_a_lane_at_this_very_time_before_does_not_go_round_for_ever(office: Office) -> None:
    called_off(office, 1)
    assert run_next(office.tools)
    with office.database.transaction() as db:
        db.execute(delete(JobRow))
        db.execute(update(ServiceMessageRow).where(ServiceMessageRow.state == QUEUED).values(state=BOOKED))
    look_for_due(office, office.now + timedelta(minutes=1))
    assert states(office) == [("called_off", HELD, "late")]


def test_an_offer_that_line_did_not_take_in_time_is_not_told_when_it_is_over(office: Office) -> None:
    _event, rows = an_event_with(office, 1, 1, capacity=1)
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
    office.line.failures = [Failure.UNREACHABLE] * 500
    office.work()
    office.now = NOON + timedelta(hours=3, minutes=2)
    office.line.failures = []
    office.work()
    assert pushes(office) == []
    look_for_due(office, office.now)
    with office.database.reading() as db:  # it never reached them: they are asked anew, and did not lose their place
        assert registrations.find(db, rows[1].id).state == "offered"  # type: ignore[union-attr]
    assert len(pushes(office)) == 1


def test_a_reminder_that_waits_for_line_is_not_told_once_the_event_is_called_off(office: Office) -> None:
    event, _ = an_event_with(office, 1)
    office.line.failures = [Failure.UNREACHABLE]
    look_for_due(office, DAY_BEFORE)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=office.now)
    office.wait(minutes=2)
    office.work()
    office.work()
    assert states(office) == [("reminder/1440", DROPPED, "not true any more"), ("called_off", SENT, "")]
    assert len(pushes(office)) == 1


def test_a_reminder_that_line_may_have_taken_is_tried_with_its_key_whatever_happens(office: Office) -> None:
    event, _ = an_event_with(office, 1)
    office.line.failures = [Failure.AMBIGUOUS]
    look_for_due(office, DAY_BEFORE)
    with office.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="ฝนตก", now=office.now)
    office.wait(minutes=2)
    office.work()
    office.work()
    assert [state for _, state, _ in states(office)] == [SENT, SENT]


def test_a_person_is_answered_while_a_message_to_them_cannot_be_delivered_for_hours(office: Office) -> None:
    called_off(office, 1)
    office.line.failures = [Failure.RATE_LIMITED] * 60
    for _ in range(15):
        office.work()
        office.wait(minutes=1)
    tried = 60 - len(office.line.failures)
    assert tried > 5
    office.line.failures = []
    with office.database.transaction() as db:  # LINE takes nothing but replies
        db.execute(update(JobRow).values(due_at=office.now + timedelta(minutes=5)))
    office.receive(a_text("สวัสดีค่ะ", user_id=f"U{1:032x}"))
    office.wait(seconds=2)
    office.work()
    assert [way for way, _, _ in office.line.sent if way == "reply"] == ["reply"]
    office.wait(minutes=6)
    office.work()
    assert states(office) == [("called_off", SENT, "")]


def test_one_job_run_twice_at_once_tells_once(office: Office) -> None:
    called_off(office, 1)
    assert run_next(office.tools)
    with office.database.transaction() as db:
        row = db.scalars(select(IncomingRow).where(IncomingRow.kind == "service")).one()
        jobs.enqueue(db, JobKind.SERVICE_TELL, now=office.now, subject_ids=[(row.id, None), (row.id, None)])
    office.work()
    assert len(pushes(office)) == 1


def test_after_an_outage_nobody_loses_the_place_they_were_offered_meanwhile(office: Office) -> None:
    _event, rows = an_event_with(office, 1, 1, 1, capacity=1)
    with office.database.transaction() as db:
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
    look_for_due(office, NOON + timedelta(hours=4))  # nothing was running until now
    with office.database.reading() as db:
        states_now = [registrations.find(db, row.id).state for row in rows[1:]]  # type: ignore[union-attr]
    assert states_now == ["offered", "waiting"]
    assert len(pushes(office)) == 1


def test_who_is_given_the_number_of_an_erased_person_does_not_see_their_place(office: Office) -> None:
    """SQLite gives the number of a deleted row to the next."""
    event, rows = an_event_with(office, 1)
    with office.database.transaction() as db:
        db.execute(update(RegistrationRow).where(RegistrationRow.id == rows[0].id).values(person_id=None))
    pressed = office.desk.buttons.encode("sign_up", i=str(event.id), k="self", now=office.now)
    answer = office.hear(a_press(pressed, user_id=f"U{1:032x}"))
    assert "สมชาย ใจดี" not in words_of(answer)


def test_what_was_held_after_a_restore_is_not_tried_again_by_itself(office: Office) -> None:
    called_off(office, 1)
    office.line.failures = [Failure.AMBIGUOUS]
    office.work()
    with office.database.transaction() as db:
        service_messages.hold_all(db, why="restored", now=office.now)
    office.wait(minutes=2)
    office.work()
    assert pushes(office) == []
    assert ("called_off", HELD, "restored") in states(office)
