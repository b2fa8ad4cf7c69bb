from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.outreach import audit
from bot.privacy import retention
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import questions, retention_reports
from bot.storage.engine import Database
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.privacy.test_retention import a_question
from tests.builders import NOON
from tests.office import Office

LATER = NOON + timedelta(days=200)


def run(office: Office) -> int:
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.RETENTION, now=office.now, subject_ids=[(None, "retention")], priority=BACKGROUND)
    return office.work()


def reports(office: Office) -> list[tuple[str, dict[str, int]]]:
    with office.database.reading() as db:
        return [(row.way, row.counts) for row in retention_reports.list_latest(db, limit=9)]


def words(office: Office) -> list[str | None]:
    with office.database.reading() as db:
        return [row.text for row in questions.list_latest(db, limit=9)]


def ask(office: Office, *numbers: int) -> None:
    with office.database.transaction() as db:
        for number in numbers:
            a_question(db, office.vault, number=number)


def test_once_a_night_everything_and_in_between_what_is_kept_by_the_hour(office: Office) -> None:
    office.now = LATER
    run(office)
    ask(office, 1)
    office.wait(hours=1)
    run(office)
    assert words(office) == ["เปิดกี่โมง"]
    office.wait(hours=24)
    run(office)
    assert (words(office), reports(office)) == ([None], [("night", {"questions": 1}), ("night", {})])


def test_a_backlog_goes_batch_by_batch_and_lets_others_go_first(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(sqlite_database, vault)
    monkeypatch.setattr(retention, "A_BATCH", 2)
    steps = [step for step in retention.STEPS if step.name == "questions"]
    batches = tuple(retention.Step(step.name, step.forget, most=2, nightly=True) for step in steps)
    monkeypatch.setattr(retention, "STEPS", batches)
    ask(office, 1, 2, 3, 4, 5)
    office.now = LATER
    assert (run(office), words(office)) == (3, 5 * [None])
    assert reports(office) == [("night", {"questions": 5})]


def test_a_log_that_is_not_whole_is_kept_as_it_is(sqlite_database: Database, vault: Vault) -> None:
    office = Office(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        for days in (0, 1, 800):
            audit.record(
                db, vault, actor=audit.SYSTEM, action="keys.rotated", subject=("setting", "x"),
                now=NOON + timedelta(days=days),
            )  # fmt: skip
        db.execute(text("UPDATE audit_head SET hash = 'x'"))
    office.now = NOON + timedelta(days=801)
    run(office)
    with sqlite_database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM audit_log")).scalar() == 3


def test_it_is_done_again_after_a_lost_lease(sqlite_database: Database, vault: Vault) -> None:
    office = Office(sqlite_database, vault)
    ask(office, 1)
    office.now = LATER
    run(office)
    run(office)
    assert (run_next(office.tools), words(office)) == (False, [None])
