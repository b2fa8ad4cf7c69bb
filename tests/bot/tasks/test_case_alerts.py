"""Linked staff hear of an urgent case at once, each once, and once more when nobody takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.cases import handling, opening
from bot.cases.kinds import CaseKind
from bot.messages import Failure
from bot.outreach import line_linking
from bot.outreach.permissions import Role
from bot.queue import jobs, schedule
from bot.queue.jobs import LEASE
from bot.queue.kinds import INTERACTIVE, JobKind
from bot.storage import case_alerts, cases, holds
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.people import PersonRow
from bot.tasks import delivering
from tests.bot.tasks.case_desk import CaseDesk
from tests.bot.tasks.test_turn import die, killed
from tests.builders import MALEE, NOON, SOMCHAI
from tests.office import Office

KHAM, NOI = "U" + "7" * 32, "U" + "8" * 32
IN_TIME = timedelta(minutes=30)


@pytest.fixture
def desk(office: Office) -> CaseDesk:
    """An urgent case, of which two of the staff could hear."""
    desk = CaseDesk(office, kind=CaseKind.URGENT)
    desk.link("noi", NOI, role=Role.VOLUNTEER)
    desk.link("kham", KHAM, role=Role.ADMINISTRATOR)
    return desk


def take(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        handling.take(db, desk.case_id, by=desk.staff_id, now=desk.now)


def about(desk: CaseDesk, state: str = "open") -> tuple[str, str]:
    return ("push", f"เรื่องด่วน {desk.case_id} {state}")


def test_linked_staff_are_told_at_once_each_once(desk: CaseDesk) -> None:
    desk.office.work()
    assert (desk.to(), desk.said()) == ([NOI, KHAM], [about(desk)] * 2)
    assert desk.case().alerted_at == NOON


def test_it_comes_before_what_waits_for_nobody(desk: CaseDesk) -> None:
    with desk.office.database.reading() as db:
        assert [(job.kind, job.priority) for job in db.query(JobRow)] == [(JobKind.CASE_ALERT, INTERACTIVE)]


def test_by_night_as_by_day(office: Office) -> None:
    office.now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # three at night in Bangkok
    desk = CaseDesk(office, kind=CaseKind.URGENT)
    desk.link("noi", NOI)
    office.work()
    assert desk.to() == [NOI]


def test_found_twice_it_is_told_once(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        jobs.enqueue(db, JobKind.CASE_ALERT, now=desk.now, subject_ids=[(desk.case_id, None)] * 2)
    desk.office.work()
    assert desk.to() == [NOI, KHAM]


def test_each_urgent_case_is_told_of(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        opening.open_case(db, CaseKind.URGENT, now=desk.now)
    desk.office.work()
    assert sorted(desk.to()) == sorted([NOI, KHAM] * 2)


def test_other_cases_wake_nobody(office: Office) -> None:
    desk = CaseDesk(office, kind=CaseKind.COMPLAINT)
    desk.link("noi", NOI)
    desk.office.work()
    desk.look_for_due(days=5)
    assert desk.to() == []


def test_who_is_not_linked_disabled_or_left_is_not_told(desk: CaseDesk) -> None:
    gone = desk.link("gone", MALEE)
    desk.disable(gone)
    left = desk.link("left", SOMCHAI)
    desk.block()
    unlinked = desk.link("unlinked", "U" + "9" * 32)
    with desk.office.database.transaction() as db:
        line_linking.unlink(db, staff_id=unlinked)
        assert left
    desk.office.work()
    assert desk.to() == [NOI, KHAM]


def test_with_nobody_to_tell_it_is_told_when_it_is_overdue(office: Office) -> None:
    desk = CaseDesk(office, kind=CaseKind.URGENT)
    desk.office.work()
    assert desk.to() == []
    desk.link("noi", NOI)
    desk.look_for_due(minutes=31)
    assert desk.to() == [NOI]


def test_one_that_was_taken_meanwhile_is_still_told_of(desk: CaseDesk) -> None:
    take(desk)
    desk.office.work()
    assert desk.said() == [about(desk, "taken")] * 2


def test_one_that_was_closed_meanwhile_is_not(desk: CaseDesk) -> None:
    desk.change(state="closed")
    desk.office.work()
    assert desk.to() == []


def test_taken_by_nobody_in_time_it_is_told_of_once_more(desk: CaseDesk) -> None:
    desk.office.work()
    desk.look_for_due(minutes=30)
    assert len(desk.to()) == 2
    desk.look_for_due(minutes=1)
    assert desk.to() == [NOI, KHAM] * 2
    for _ in range(3):
        desk.look_for_due(minutes=30)
    assert len(desk.to()) == 4


def test_one_in_somebodys_hands_is_not(desk: CaseDesk) -> None:
    desk.office.work()
    take(desk)
    desk.look_for_due(minutes=31)
    assert len(desk.to()) == 2


def test_one_in_the_hands_of_an_account_that_cannot_come_in_any_more_is(desk: CaseDesk) -> None:
    desk.office.work()
    take(desk)
    desk.disable(desk.staff_id)
    desk.look_for_due(minutes=31)
    assert desk.to() == [NOI, KHAM] * 2
    desk.look_for_due(minutes=30)
    assert len(desk.to()) == 4


def test_after_a_long_standstill_it_is_told_of_once(desk: CaseDesk) -> None:
    desk.office.wait(hours=2)
    desk.office.work()
    desk.look_for_due(minutes=1)
    assert desk.to() == [NOI, KHAM]


def test_who_was_answered_and_writes_again_is_told_of_again(desk: CaseDesk) -> None:
    desk.answer()
    desk.office.work()
    assert sorted(desk.to()) == sorted([SOMCHAI, NOI, KHAM])
    desk.office.wait(hours=2)
    desk.citizen_writes()
    desk.office.work()
    assert desk.to()[3:] == [NOI, KHAM]
    assert desk.case().due_at == desk.now + IN_TIME


@pytest.mark.parametrize("failure", [Failure.AMBIGUOUS, Failure.UNREACHABLE])
def test_while_line_is_away_it_is_tried_again_with_the_same_key(desk: CaseDesk, failure: Failure) -> None:
    desk.office.line.failures = [failure] * 4
    desk.office.line.takes_in_doubt = True
    for _ in range(4):
        desk.office.work()
        desk.office.wait(minutes=2)
    assert sorted(desk.to()) == [NOI, KHAM][:: 1 if NOI < KHAM else -1]


def test_one_whom_line_does_not_take_keeps_it_from_nobody(desk: CaseDesk) -> None:
    desk.office.line.failures = [Failure.REFUSED]
    desk.office.work()
    assert desk.to() == [KHAM]


def test_killed_after_line_took_it_line_recognises_the_repetition(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        desk.office.work()
    desk.office.wait(seconds=LEASE.total_seconds() + 1)
    desk.office.work()
    assert sorted(desk.to()) == sorted([NOI, KHAM])


def test_it_is_outside_the_cap_of_answers_and_goes_on_while_sending_is_held(desk: CaseDesk) -> None:
    object.__setattr__(desk.office.tools, "push_daily_cap", 0)
    with desk.office.database.transaction() as db:
        holds.begin(db, holds.SENDING, why="restored", now=desk.now)
    desk.office.work()
    assert desk.to() == [NOI, KHAM]


def test_who_was_erased_or_left_meanwhile_is_not_told(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, killed():
        patch.setattr("bot.tasks.unasked.say", die)
        desk.office.work()
    with desk.office.database.transaction() as db:
        for line_user_id, gone in ((NOI, True), (KHAM, False)):
            person = db.scalars(select(PersonRow).where(PersonRow.line_user_id == line_user_id)).one()
            if gone:
                db.delete(person)
            else:
                person.following = False
    desk.office.wait(seconds=LEASE.total_seconds() + 1)
    desk.office.work()
    assert desk.to() == []


def test_nothing_about_anybody_stays_in_what_told_it(desk: CaseDesk) -> None:
    desk.office.work()
    with desk.office.database.reading() as db:
        rows = db.query(IncomingRow).all()
        assert [(row.kind, row.payload, row.lane, row.outcome) for row in rows] == [
            ("case_alert", None, None, "told")
        ] * 2


def test_the_clock_is_looked_at_every_minute() -> None:
    every = {routine.kind: routine.every for routine in schedule.ROUTINES}
    assert every[JobKind.CASES_DUE] == timedelta(minutes=1)


def a_line(office: Office) -> CaseDesk:
    """Staff have answered, and the citizen has written again."""
    desk = CaseDesk(office)
    desk.answer()
    desk.office.work()
    desk.office.wait(minutes=5)
    desk.citizen_writes()
    return desk


def test_a_line_that_ended_with_something_unanswered_is_overdue_since_then(office: Office) -> None:
    desk = a_line(office)
    before = desk.case()
    assert before.due_at is not None and before.due_at > desk.now
    desk.look_for_due(minutes=24)
    assert desk.case().due_at == before.due_at
    desk.look_for_due(minutes=2)
    case = desk.case()
    assert (case.due_at, case.version) == (before.live_until, before.version)
    assert case.live_until == before.live_until, "the citizen is still to be told that it is over"


def test_a_request_about_data_is_not_overdue_when_its_line_ends(office: Office) -> None:
    """The law allows thirty days."""
    desk = CaseDesk(office, kind=CaseKind.PRIVACY)
    desk.answer()
    desk.office.work()
    desk.office.wait(minutes=5)
    desk.citizen_writes()
    desk.look_for_due(minutes=31)
    assert desk.case().due_at == NOON + timedelta(days=30)


def test_a_line_on_which_staff_spoke_last_just_ends(office: Office) -> None:
    desk = a_line(office)
    desk.answer()
    desk.look_for_due(hours=3)
    assert desk.case().due_at is None


def test_a_closed_case_is_never_overdue(office: Office) -> None:
    desk = a_line(office)
    desk.change(state="closed", due_at=None)
    desk.look_for_due(hours=3)
    assert desk.case().due_at is None


@pytest.mark.parametrize(
    "meanwhile",
    [{"waits_for": "citizen"}, {"state": "closed"}, {"live_until": NOON + timedelta(days=1)}, {"due_at": NOON}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_has_changed_since_it_was_found_is_not_marked(office: Office, meanwhile: dict[str, Any]) -> None:
    desk = a_line(office)
    desk.office.wait(hours=1)
    with desk.office.database.reading() as db:
        found = cases.list_lines_cut(db, now=desk.now, kinds_but=(), limit=9)
    assert found == [desk.case_id]
    desk.change(**meanwhile)
    with desk.office.database.transaction() as db:
        assert case_alerts.mark_overdue(db, found, now=desk.now) == 0


def test_a_line_whose_end_nobody_was_told_of_is_let_go_after_a_day(office: Office) -> None:
    desk = a_line(office)
    desk.look_for_due(hours=20)
    assert desk.case().live_until is not None
    desk.look_for_due(hours=10)
    assert desk.case().live_until is None
