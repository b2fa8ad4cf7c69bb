"""The job that finds answers for those who wait, and the push that tells them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Failure
from bot.queue.jobs import LEASE
from bot.queue.kinds import JobKind
from bot.storage import outgoing
from bot.storage.jobs import JobRow
from bot.tasks import delivering, telling, unasked
from bot.tasks.running import run_next
from bot.tasks.table import TASKS
from tests.bot.storage.hear_back_table import migrated_postgres, sqlite_database
from tests.bot.tasks.test_turn import die, killed
from tests.builders import MALEE, SOMCHAI
from tests.handlers.test_hear_back import (
    ASKED,
    LaterLibrary,
    agree,
    chat,
    look,
    publish,
    pushes,
    rows,
    said,
    states,
)
from tests.office import Office, answers, words_of

__all__ = ["chat", "migrated_postgres", "sqlite_database"]


@pytest.fixture
def waiting(chat: Office) -> Office:
    """Somchai's question has an answer, and he has not written for two days."""
    agree(chat)
    publish(chat)
    chat.wait(days=2)
    return chat


def open_jobs(office: Office) -> list[str]:
    with office.database.reading() as db:
        return [job.kind for job in db.query(JobRow)]


def test_each_version_is_asked_once(chat: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(chat)
    publish(chat, version="v2")
    assert [(row.state, row.entry, row.checked_version) for row in rows(chat)] == [("answered", "center.hours", "v2")]
    chat.say(ASKED)
    chat.matcher.heard.clear()
    chat.wait(minutes=5)
    look(chat)
    assert chat.matcher.heard == []


def test_a_version_that_does_not_know_leaves_it_waiting(chat: Office) -> None:
    agree(chat)
    object.__setattr__(chat.tools, "library", LaterLibrary(chat.matcher, "v2"))
    look(chat)
    assert [(row.state, row.checked_version) for row in rows(chat)] == [("waiting", "v2")]
    chat.wait(minutes=5)
    publish(chat, version="v3")
    assert states(chat) == ["answered"]


def test_a_backlog_is_worked_off_batch_by_batch(chat: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "A_BATCH", 1)
    agree(chat)
    chat.matcher.told["อีกเรื่อง"] = chat.matcher.told[ASKED]
    chat.say("ศูนย์คืออะไร")
    chat.press(chat.press(chat.say("อีกเรื่อง"), "ให้บอกเมื่อมีคำตอบ"), "ให้แจ้งกลับ")
    chat.matcher.told["อีกเรื่อง"] = answers("center.what")
    publish(chat)
    assert (states(chat), open_jobs(chat)) == (["answered", "answered"], [])


def test_several_answers_go_out_as_one_push(chat: Office) -> None:
    agree(chat)
    chat.matcher.told["อีกเรื่อง"] = chat.matcher.told[ASKED]
    chat.say("ศูนย์คืออะไร")
    chat.press(chat.press(chat.say("อีกเรื่อง"), "ให้บอกเมื่อมีคำตอบ"), "ให้แจ้งกลับ")
    chat.matcher.told["อีกเรื่อง"] = answers("center.what")
    publish(chat)
    chat.wait(days=2)
    look(chat)
    (told,) = pushes(chat)
    assert [said("hear.told", question=text) in told for text in (ASKED, "อีกเรื่อง")] == [True, True]
    assert states(chat) == ["told", "told"]


def test_killed_before_the_push_it_still_goes_out_once(waiting: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering.delivery, "take_step", die)
        look(waiting)
    assert pushes(waiting) == []
    waiting.wait(seconds=LEASE.total_seconds() + 1)
    waiting.work()
    assert (len(pushes(waiting)), states(waiting), open_jobs(waiting)) == (1, ["told"], [])


def test_killed_after_the_push_line_recognises_the_repetition(waiting: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        look(waiting)
    waiting.wait(seconds=LEASE.total_seconds() + 1)
    waiting.work()
    keys = {key for way, key, _ in waiting.line.sent if way == "push"}
    assert (len(keys), states(waiting)) == (1, ["told"])


def test_what_line_refuses_waits_for_the_next_free_reply_and_is_not_pushed_again(waiting: Office) -> None:
    waiting.line.failures = [Failure.REFUSED]
    look(waiting)
    assert (pushes(waiting), states(waiting)) == ([], ["answered"])
    waiting.wait(hours=1)
    look(waiting)
    assert pushes(waiting) == []
    assert words_of(waiting.say("ศูนย์คืออะไร")).startswith(said("hear.told", question=ASKED))
    assert states(waiting) == ["told"]


def test_while_line_is_away_it_is_tried_again_with_the_same_key(waiting: Office) -> None:
    waiting.line.failures = [Failure.AMBIGUOUS, Failure.AMBIGUOUS]
    look(waiting)
    waiting.wait(minutes=2)
    waiting.work()
    waiting.wait(minutes=2)
    waiting.work()
    assert (len(pushes(waiting)), states(waiting)) == (1, ["told"])


def test_the_day_s_pushes_are_left_to_those_who_wait_now(waiting: Office) -> None:
    object.__setattr__(waiting.tools, "push_daily_cap", 1)
    look(waiting)
    assert (pushes(waiting), states(waiting)) == ([], ["answered"])
    object.__setattr__(waiting.tools, "push_daily_cap", 2)
    waiting.wait(minutes=5)
    look(waiting)
    assert len(pushes(waiting)) == 1


def test_who_wrote_between_the_plan_and_the_push_is_not_told_twice(
    waiting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(unasked.delivering, "begin", die)  # the push's own job does not get that far
        with killed():
            look(waiting)
    told = words_of(waiting.say("ศูนย์คืออะไร"))
    waiting.wait(seconds=LEASE.total_seconds() + 1)
    waiting.work()
    assert told.startswith(said("hear.told", question=ASKED))
    assert (pushes(waiting), states(waiting), open_jobs(waiting)) == ([], ["told"], [])


def test_erased_between_the_plan_and_the_push_nobody_is_made_anew(
    waiting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = telling.run_tell

    def erase_first(tools: Any, job: Any) -> None:
        with tools.database.transaction() as db:
            db.connection().exec_driver_sql(f"DELETE FROM people WHERE line_user_id = '{SOMCHAI}'")
        real(tools, job)

    monkeypatch.setattr("bot.tasks.running.TASKS", {**TASKS, JobKind.TELL: erase_first})
    look(waiting)
    with waiting.database.reading() as db:
        found = db.connection().exec_driver_sql("SELECT line_user_id FROM people").scalars().all()
    assert (list(found), pushes(waiting), rows(waiting), open_jobs(waiting)) == ([MALEE], [], [], [])


def test_a_second_look_begins_no_second_push(waiting: Office) -> None:
    with waiting.database.transaction() as db:
        assert telling._begin_pushes(db, waiting.tools, waiting.now) == 1
        assert telling._begin_pushes(db, waiting.tools, waiting.now) == 0


def test_the_push_counts_as_one_of_the_day(waiting: Office) -> None:
    look(waiting)
    with waiting.database.reading() as db:
        assert outgoing.count_pushed_since(db, since=waiting.now) == 1


def test_only_one_job_runs_and_the_next_finds_nothing(waiting: Office) -> None:
    look(waiting)
    assert not run_next(waiting.tools)
