"""From the approval to the first request: beginning, planning, and what keeps a notice from going out by itself."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import ledger, starting, steering
from bot.queue import schedule
from bot.queue.kinds import JobKind
from bot.storage import events, notice_chunks, notice_recipients, notices, staff
from bot.storage.engine import Database
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.events.making import make_event
from tests.bot.notices.making import HOUR, MINUTE, Board, a_board
from tests.bot.tasks.notice_boards import board, embedded, everybody
from tests.builders import NOON

__all__ = ["board", "embedded"]


def go_on(board: Board, notice_id: int) -> None:
    with board.office.database.transaction() as db:
        steering.go_on(db, notice_id, by=board.approver, rules=board.rules, now=board.now)


def cases(board: Board) -> list[str]:
    return [kind for kind, _, _ in board.office.cases()]


def test_it_is_looked_for_every_minute_and_the_quota_every_quarter_of_an_hour() -> None:
    every = {routine.kind: routine.every for routine in schedule.ROUTINES}
    assert (every[JobKind.NOTICES_DUE], every[JobKind.QUOTA]) == (MINUTE, timedelta(minutes=15))


def test_nothing_goes_out_before_its_time(board: Board) -> None:
    board.people(3)
    notice_id = board.approve(send_at=NOON + HOUR)
    board.pass_time(59 * MINUTE, step=59 * MINUTE)
    assert (board.state(notice_id), board.line.asked) == (("approved", ""), [])
    board.pass_time(2 * MINUTE)
    assert (board.state(notice_id), board.line.delivered) == (("finished", ""), everybody(3))


def test_the_cooling_off_leaves_time_to_call_it_back(sqlite_database: Database, vault: Vault) -> None:
    board = a_board(sqlite_database, vault, cooling=timedelta(minutes=5))
    board.people(3)
    notice_id = board.approve()
    board.pass_time(4 * MINUTE)
    with sqlite_database.transaction() as db:
        steering.stop(db, notice_id, now=board.now)
    board.pass_time(3 * MINUTE)
    assert (board.state(notice_id), board.line.asked) == (("stopped", "staff"), [])


@pytest.mark.parametrize(("late", "goes"), [(120, True), (121, False)])
def test_what_is_late_by_two_hours_waits_for_somebody(embedded: Board, late: int, goes: bool) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    embedded.office.wait(minutes=late)
    embedded.finish()
    assert embedded.state(notice_id) == (("finished", "") if goes else ("held", "late"))
    assert cases(embedded) == ([] if goes else ["notice"])
    if not goes:
        embedded.pass_time(HOUR, step=HOUR)
        assert embedded.line.asked == []
        go_on(embedded, notice_id)
        embedded.finish()
        assert embedded.line.delivered == everybody(3)


def test_what_was_confirmed_and_is_late_again_waits_again(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    embedded.office.wait(hours=3)
    embedded.work()
    go_on(embedded, notice_id)
    embedded.office.wait(hours=3)
    embedded.work()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "late"), [])


def test_what_was_changed_behind_the_approval_waits_for_somebody(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    with embedded.office.database.transaction() as db:
        notices.change(db, notice_id, audience={"groups": [["district", "mae_sai"]], "without": []})
    embedded.work()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "changed"), [])


@pytest.mark.parametrize("how", ["disabled", "volunteer", "deleted"])
def test_an_approver_who_may_not_any_more_makes_it_wait(embedded: Board, how: str) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    with embedded.office.database.transaction() as db:
        account = db.get_one(staff.StaffRow, embedded.approver)
        if how == "disabled":
            account.disabled_at = NOON
        elif how == "volunteer":
            account.role = "volunteer"
        else:
            notices.change(db, notice_id, approver_id=None)
    embedded.work()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "approver_gone"), [])


@pytest.mark.parametrize(("state", "begins"), [(events.PUBLISHED, True), (events.CALLED_OFF, False)])
def test_a_notice_of_an_event_that_was_called_off_waits(embedded: Board, state: str, begins: bool) -> None:
    embedded.people(3)
    with embedded.office.database.transaction() as db:
        event = make_event(db)
    notice_id = embedded.approve(event_id=event.id)
    with embedded.office.database.transaction() as db:
        db.get_one(events.EventRow, event.id).state = state
    embedded.work()
    assert embedded.state(notice_id) == (("finished", "") if begins else ("held", "event_gone"))


@pytest.mark.parametrize(("more", "begins"), [(20, True), (21, False)])
def test_many_more_people_than_were_approved_make_it_wait(embedded: Board, more: int, begins: bool) -> None:
    embedded.people(10)
    notice_id = embedded.approve()
    embedded.people(more, first=11)
    embedded.work()
    assert embedded.state(notice_id) == (("finished", "") if begins else ("held", "grown"))


def test_who_approved_their_own_for_few_does_not_send_it_to_many(sqlite_database: Database, vault: Vault) -> None:
    board = a_board(sqlite_database, vault, approval_above=5)
    board.approver = board.author
    board.people(5)
    notice_id = board.approve()
    board.people(1, first=6)
    board.work()
    assert (board.state(notice_id), board.line.asked) == (("held", "grown"), [])


def test_it_begins_once_however_many_workers_look(board: Board) -> None:
    board.people(9)
    notice_id = board.approve(repeats="weekly")
    together = threading.Barrier(3, timeout=10)

    def begin() -> None:
        together.wait()
        with board.office.database.transaction() as db:
            for row in notices.list_due(db, now=board.now, limit=9):
                starting.begin(db, row, may_approve=lambda _: True, rules=board.rules, now=board.now)

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    with board.office.database.reading() as db:
        found = notices.count_by_state(db)
    assert found == {"planning": 1, "approved": 1}  # the second is the next of the series
    board.finish(most=MINUTE)
    assert sorted(board.line.delivered) == everybody(9)
    assert board.state(notice_id) == ("finished", "")


def test_a_planner_that_dies_between_two_parts_leaves_the_rest_to_others(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "A_BATCH", 3)
    board.people(10)
    notice_id = board.approve()
    board.look()
    run_next(board.office.tools)
    run_next(board.office.tools)  # the first three, and the worker dies
    assert [chunk.people for chunk in board.chunks(notice_id)] == [3]
    board.people(1, first=11)
    board.finish()
    assert [chunk.people for chunk in board.chunks(notice_id)] == [3, 3, 3, 2]
    assert sorted(board.line.delivered) == everybody(11)


def test_two_planners_of_one_notice_write_each_person_down_once(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "A_BATCH", 3)
    ids = board.people(10)
    notice_id = board.approve()
    with board.office.database.transaction() as db:
        (row,) = notices.list_due(db, now=board.now, limit=1)
        starting.begin(db, row, may_approve=lambda _: True, rules=board.rules, now=board.now)
    errors = _write_at_once(board, [notice_id, notice_id])
    assert errors == []
    with board.office.database.reading() as db:
        assert notice_recipients.list_ids(db, notice_id=notice_id, portion=0, after=0, limit=99) == ids
        assert sum(people for _, people in notice_chunks.count(db, notice_id).values()) == 10


def test_two_notices_that_are_planned_at_once_keep_the_weekly_cap(database: Database, vault: Vault) -> None:
    """Each of ten people may hear one more this week, and does."""
    board = a_board(database, vault, weekly_cap=1)
    ids = board.people(10)
    both = [board.approve(), board.approve()]
    with database.transaction() as db:
        for row in notices.list_due(db, now=board.now, limit=2):
            starting.begin(db, row, may_approve=lambda _: True, rules=board.rules, now=board.now)
    errors = _write_at_once(board, both)
    assert errors == []
    with database.reading() as db:
        lists = [notice_recipients.list_ids(db, notice_id=one, portion=0, after=0, limit=99) for one in both]
    assert sorted(lists[0] + lists[1]) == ids


def _write_at_once(board: Board, notice_ids: list[int]) -> list[BaseException]:
    together = threading.Barrier(len(notice_ids), timeout=10)
    errors: list[BaseException] = []

    def write(notice_id: int) -> None:
        try:
            together.wait()
            more = True
            while more:
                with board.office.database.transaction() as db:
                    more = ledger.write_batch(db, notice_id, rules=board.rules, now=board.now)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(one,)) for one in notice_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return errors


def test_a_ledger_that_was_interrupted_for_long_is_not_gone_on_with(
    embedded: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "A_BATCH", 3)
    embedded.people(10)
    notice_id = embedded.approve()
    embedded.look()
    run_next(embedded.office.tools)
    run_next(embedded.office.tools)
    embedded.office.wait(hours=2, minutes=1)
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "interrupted"), [])
    assert cases(embedded) == ["notice"]
    go_on(embedded, notice_id)
    embedded.finish()
    assert sorted(embedded.line.delivered) == everybody(10)


def test_words_that_line_does_not_take_are_not_sent(embedded: Board) -> None:
    embedded.people(3)
    embedded.line.cannot_tell = DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400)
    notice_id = embedded.approve()
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("paused", "not_taken"), [])
    assert cases(embedded) == ["notice"]


def test_a_token_that_was_revoked_is_seen_before_anything_is_sent(embedded: Board) -> None:
    embedded.people(3)
    embedded.line.cannot_tell = DeliveryFailed(Failure.UNAUTHORISED, "HTTP 401", status=401)
    notice_id = embedded.approve()
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("paused", "unauthorised"), [])


@pytest.mark.parametrize("question", ["validate", "list_units"])
def test_while_line_cannot_be_asked_whether_it_knows_the_notice_nothing_is_sent(
    embedded: Board, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def time_out(*_: object) -> None:
        raise DeliveryFailed(Failure.AMBIGUOUS, "timeout")

    embedded.people(3)
    notice_id = embedded.approve()
    with monkeypatch.context() as patched:
        patched.setattr(type(embedded.line), question, time_out)
        embedded.finish(most=5 * MINUTE)
    assert (embedded.state(notice_id)[0], embedded.line.asked) == ("planning", [])
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.delivered) == (("finished", ""), everybody(3))


def test_an_account_without_statistics_can_send_all_the_same(embedded: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DeliveryFailed(Failure.REFUSED, "HTTP 403", status=403)

    for question in ("list_units", "quota"):
        monkeypatch.setattr(type(embedded.line), question, refuse)
    embedded.people(3)
    notice_id = embedded.approve()
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.delivered) == (("finished", ""), everybody(3))
