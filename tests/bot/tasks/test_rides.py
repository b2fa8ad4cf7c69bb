"""Notices that ride along with free answers, from the beginning to whoever was sent it after the deadline."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Failure
from bot.notices import ledger, steering
from bot.outreach import audience as outreach_audience
from bot.storage import notices, preferences
from bot.storage.engine import Database
from bot.tasks import rides
from bot.vault import Vault
from tests.bot.notices.making import DAY, HOUR, MINUTE, Board, a_board, address, block, opt_out
from tests.builders import NOON
from tests.office import answers, words_of

NEWS = "เสาร์นี้มีเวทีที่แม่สายค่ะ"
UNTIL = NOON + 3 * DAY


@pytest.fixture
def board(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    return _with_people(a_board(database, vault), monkeypatch)


@pytest.fixture
def embedded(sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    return _with_people(a_board(sqlite_database, vault), monkeypatch)


def _with_people(board: Board, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Six of them, who have been told before who we are."""
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 4)
    ids = board.people(6)
    with board.office.database.transaction() as db:
        for one in ids:
            outreach_audience.note_notice_shown(db, person_id=one, now=NOON)
    return board


def say(board: Board, number: int, text: str = "สวัสดี") -> str:
    return words_of(board.office.say(text, user_id=address(number)))


def a_rider(board: Board, **changes: Any) -> int:
    notice_id = board.approve(rides_until=UNTIL, **changes)
    board.work()
    return notice_id


def test_it_comes_with_the_answer_to_whoever_writes_and_to_the_others_after_the_deadline(board: Board) -> None:
    notice_id = a_rider(board)
    assert NEWS in say(board, 2)
    assert NEWS not in say(board, 2)
    assert board.line.asked == []
    assert (board.progress(notice_id).rode, board.progress(notice_id).riding) == (1, 5)
    board.pass_time(2 * DAY, step=12 * HOUR)
    assert (board.state(notice_id), board.line.asked) == (("sending", ""), [])
    board.office.now = UNTIL
    board.finish()
    assert sorted(board.line.delivered) == [address(number) for number in (1, 3, 4, 5, 6)]
    assert (board.state(notice_id), board.progress(notice_id).rode) == (("finished", ""), 1)


def test_it_is_not_finished_before_those_who_ride_have_landed(embedded: Board) -> None:
    """A sender that looks first after the deadline, before anybody wrote requests for those who are left."""
    notice_id = a_rider(embedded)
    embedded.office.now = UNTIL
    with embedded.office.database.transaction() as db:
        row = notices.find(db, notice_id)
        assert row is not None
        from bot.notices import sending

        assert isinstance(sending.take(db, notice_id, rules=embedded.rules, now=UNTIL), sending.Rest)
        assert not sending.finish(db, notice_id, now=UNTIL)
    embedded.finish()
    assert len(embedded.line.delivered) == 6


@pytest.mark.parametrize("late", [False, True], ids=["before the deadline", "over the deadline"])
def test_whose_answer_was_not_delivered_gets_it_all_the_same(embedded: Board, late: bool) -> None:
    notice_id = a_rider(embedded)
    if late:
        embedded.office.now = UNTIL - MINUTE
    embedded.line.failures = [Failure.REFUSED]
    say(embedded, 2)
    assert embedded.progress(notice_id).rode == 1
    if not late:
        embedded.work()
        assert embedded.progress(notice_id).riding == 6
        assert NEWS in say(embedded, 2)
        return
    embedded.office.now = UNTIL
    embedded.finish()
    assert sorted(embedded.line.delivered) == [address(number) for number in range(1, 7)]
    assert embedded.state(notice_id) == ("finished", "")


def test_an_answer_that_is_still_on_its_way_at_the_deadline_is_waited_for(embedded: Board) -> None:
    a_rider(embedded)
    embedded.office.now = UNTIL - MINUTE
    embedded.line.failures = [Failure.UNREACHABLE] * 40  # the reply, and then pushes, for ten minutes
    say(embedded, 2)
    embedded.office.now = UNTIL
    embedded.line.failures = []
    embedded.finish()
    reached = [*embedded.line.delivered]
    told = sum(NEWS in words_of(messages) for way, _, messages in embedded.line.sent if way == "reply")
    assert len(reached) + told == 6
    assert len(set(reached)) == len(reached)


def test_an_answer_of_which_nobody_knows_is_not_followed_by_another(embedded: Board) -> None:
    notice_id = a_rider(embedded)
    embedded.line.failures = [Failure.AMBIGUOUS] * 99
    say(embedded, 2)
    embedded.pass_time(2 * MINUTE)
    embedded.line.failures = []
    embedded.office.now = UNTIL
    embedded.finish()
    assert address(2) not in embedded.line.delivered
    progress = embedded.progress(notice_id)
    assert (progress.unknown, progress.accepted, progress.rode) == (1, 5, 0)


def test_who_does_not_want_it_any_more_is_not_told(embedded: Board) -> None:
    a_rider(embedded)
    with embedded.office.database.transaction() as db:
        opt_out(db, 1)
        preferences.save(db, 2, paused_until=UNTIL + DAY)
        block(db, 3)
    assert NEWS not in say(embedded, 1) + say(embedded, 2)
    embedded.office.now = UNTIL
    embedded.finish()
    assert sorted(embedded.line.delivered) == [address(number) for number in (4, 5, 6)]


def test_nobody_in_need_is_told_of_anything_else(embedded: Board) -> None:
    a_rider(embedded)
    embedded.office.matcher.told["ช่วยด้วย"] = answers("crisis.emergency", urgent=True)
    assert NEWS not in say(embedded, 2, "ช่วยด้วย")
    assert NEWS in say(embedded, 2)


def test_where_the_answer_has_no_room_it_waits_for_the_next(embedded: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    a_rider(embedded)
    with monkeypatch.context() as patched:
        patched.setattr(rides, "MESSAGES_A_REQUEST", 1)
        assert NEWS not in say(embedded, 2)
    assert NEWS in say(embedded, 2)


def test_a_pause_stops_the_riding_too_and_going_on_takes_it_up(embedded: Board) -> None:
    notice_id = a_rider(embedded)
    with embedded.office.database.transaction() as db:
        steering.pause(db, notice_id, now=embedded.now)
    assert NEWS not in say(embedded, 2)
    with embedded.office.database.transaction() as db:
        steering.go_on(db, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    assert NEWS in say(embedded, 2)
    embedded.office.now = UNTIL
    embedded.finish()
    assert (embedded.state(notice_id), len(embedded.line.delivered)) == (("finished", ""), 5)


def test_a_deadline_that_was_missed_for_long_waits_for_somebody(embedded: Board) -> None:
    notice_id = a_rider(embedded)
    embedded.office.now = UNTIL + 2 * HOUR + MINUTE
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "interrupted"), [])
    with embedded.office.database.transaction() as db:
        steering.go_on(db, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.finish()
    assert (embedded.state(notice_id), len(embedded.line.delivered)) == (("finished", ""), 6)


def test_those_who_are_left_are_not_sent_what_reminders_need(embedded: Board) -> None:
    embedded.tell_quota(100, used=97)
    notice_id = a_rider(embedded)
    embedded.office.now = UNTIL
    embedded.tell_quota(100, used=97)
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("paused", "quota"), [])
    assert [kind for kind, _, _ in embedded.office.cases()] == ["notice"]
    with embedded.office.database.transaction() as db:
        steering.go_on(db, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.finish()
    assert (embedded.state(notice_id), len(embedded.line.delivered)) == (("finished", ""), 6)
