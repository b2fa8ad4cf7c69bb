"""Questions taken in for review while answers go on, and what the console has no more use for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.queue import schedule
from bot.queue.kinds import JobKind
from bot.storage import sign_in_tries, staff_sessions
from bot.storage.reviews import ReviewGroupRow, ReviewItemRow, ReviewSampleRow
from bot.storage.sign_in_tries import SignInTryRow
from bot.storage.staff import StaffInvitationRow
from bot.storage.staff_sessions import StaffDeviceRow
from bot.tasks import gathering, running
from bot.tasks.gathering import Gathering
from bot.tasks.table import TASKS
from tests.bot.storage.hear_back_table import migrated_postgres, sqlite_database
from tests.builders import a_text
from tests.office import Office, answers, words_of

__all__ = ["migrated_postgres", "sqlite_database"]
TEXTS = ("รถรับส่งมีไหม", "ขอกุญแจห้องประชุม", "ที่จอดรถกี่คัน", "มีล่ามภาษามือไหม", "ขอยืมเต็นท์")


@pytest.fixture
def fresh(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """With a task that has seen no other database."""
    monkeypatch.setattr(running, "TASKS", {**TASKS, JobKind.GATHERING: Gathering()})
    return office


def miss(office: Office, *texts: str) -> None:
    for number, text in enumerate(texts):
        office.say(text, user_id="U" + f"{number + 100:032x}")
    office.wait(minutes=5)


def run_what_is_due(office: Office) -> int:
    schedule.enqueue_due(office.database, now=office.now)
    return office.work()


def count(office: Office, table: Any) -> int:
    with office.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_misses_become_groups_within_minutes(fresh: Office) -> None:
    miss(fresh, *TEXTS)
    run_what_is_due(fresh)
    assert (count(fresh, ReviewGroupRow), count(fresh, ReviewItemRow)) == (5, 5)


def test_what_was_taken_in_is_not_taken_in_again(fresh: Office) -> None:
    miss(fresh, *TEXTS)
    for _ in range(3):
        run_what_is_due(fresh)
        fresh.wait(minutes=5)
    assert count(fresh, ReviewItemRow) == 5


def test_what_comes_later_joins_the_groups_that_are_open(fresh: Office) -> None:
    miss(fresh, *TEXTS)
    run_what_is_due(fresh)
    miss(fresh, *(f"{text}คะ" for text in TEXTS))
    run_what_is_due(fresh)
    assert (count(fresh, ReviewGroupRow), count(fresh, ReviewItemRow)) == (5, 10)


def test_answers_come_before_the_rest_of_a_backlog(fresh: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "A_BATCH", 1)
    fresh.matcher.told["ศูนย์คืออะไร"] = answers("center.what")
    miss(fresh, *TEXTS)
    schedule.enqueue_due(fresh.database, now=fresh.now)
    while count(fresh, ReviewItemRow) == 0:
        assert running.run_next(fresh.tools)
    fresh.receive(a_text("ศูนย์คืออะไร"))
    running.run_next(fresh.tools)

    assert "ศูนย์พัฒนาการเมือง" in words_of(fresh.line.sent[-1][2])
    assert count(fresh, ReviewItemRow) == 1
    fresh.work()
    assert count(fresh, ReviewItemRow) == 5


def test_what_a_rolled_back_batch_had_read_is_forgotten(fresh: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    miss(fresh, *TEXTS)
    with monkeypatch.context() as patch:
        patch.setattr(gathering.jobs, "finish", _fail)
        run_what_is_due(fresh)
    assert count(fresh, ReviewItemRow) == 0
    fresh.wait(minutes=1)
    fresh.work()
    assert (count(fresh, ReviewGroupRow), count(fresh, ReviewItemRow)) == (5, 5)


def _fail(*_: Any, **__: Any) -> None:
    raise RuntimeError


def test_the_weekly_sample_is_drawn_once(fresh: Office) -> None:
    fresh.matcher.told["ศูนย์คืออะไร"] = answers("center.what")
    for number in range(3):
        fresh.say("ศูนย์คืออะไร", user_id="U" + f"{number:032x}")
    fresh.wait(days=7)
    for _ in range(2):
        run_what_is_due(fresh)
        fresh.wait(minutes=5)
    with fresh.database.reading() as db:
        sampled = db.scalar(select(func.count()).where(ReviewItemRow.reason == "sample"))
    assert (count(fresh, ReviewSampleRow), sampled) == (1, 3)


def test_tries_devices_and_links_are_forgotten_when_their_time_is_over(office: Office) -> None:
    with office.database.transaction() as db:
        invited = staff.add_account(db, name="มาลี", login="malee", role=Role.STAFF, by=None, now=office.now)
        sign_in_tries.add(db, key="k", at=office.now)
        staff_sessions.add_device(db, staff_id=invited.staff_id, token_hash="t", now=office.now)
    kept = []
    for days in (0, 2, 40, 181):
        now = office.now
        office.wait(days=days)
        run_what_is_due(office)
        kept.append(tuple(count(office, table) for table in (SignInTryRow, StaffInvitationRow, StaffDeviceRow)))
        office.now = now + timedelta(hours=1)
    assert kept == [(1, 1, 1), (0, 1, 1), (0, 0, 1), (0, 0, 0)]
