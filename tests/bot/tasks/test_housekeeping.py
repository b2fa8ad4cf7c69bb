from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.outreach import audit
from bot.privacy import retention
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.settings.keeping import Keeping
from bot.storage import outgoing, questions, retention_reports
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.outgoing import OutgoingRow
from bot.tasks import delivering, housekeeping
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.privacy.making import where
from tests.bot.privacy.test_retention import a_question
from tests.builders import NOON
from tests.office import Office, answers

LATER = NOON + timedelta(days=200)
KEEPING = Keeping.model_validate({})


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


def forget_all(office: Office) -> None:
    housekeeping.purge(office.database, office.vault, KEEPING, now=office.now, nightly=True)


def test_after_months_of_silence_whoever_writes_is_answered(office: Office) -> None:
    office.matcher.told = {"เปิดกี่โมง": answers("center.hours")}
    assert office.say("เปิดกี่โมง")
    assert office.say("เปิดกี่โมง")
    office.wait(days=100)
    forget_all(office)
    assert office.say("เปิดกี่โมง")
    assert office.cases() == []


def test_of_an_answer_whose_job_was_given_up_neither_words_nor_token_stay(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    office.matcher.told = {"เปิดกี่โมง": answers("center.hours")}
    office.say("สวัสดี")
    monkeypatch.setattr(delivering, "deliver", fail)
    office.say("เปิดกี่โมง")
    for _ in range(jobs.MOST_STRIKES):
        office.wait(minutes=5)
        office.work()
    with office.database.reading() as db:
        (dead,) = db.query(JobRow)
        answer = outgoing.find_for_incoming(db, dead.subject_id or 0)
        assert answer is not None and answer.messages and answer.reply_token
        assert (dead.status, answer.status, dead.lane is None) == ("dead", "trying", False)
        lane = str(dead.lane)
    office.wait(days=1)
    forget_all(office)
    assert office.deliveries() == {"sent": 1, "trying": 1}
    office.wait(days=1, hours=1)
    forget_all(office)
    with office.database.reading() as db:
        ended = db.get_one(OutgoingRow, answer.id)
        assert (ended.status, ended.settled_at) == ("unknown", office.now)
        assert (ended.messages, ended.reply_token) == (None, None)
    office.wait(days=90)
    forget_all(office)
    with office.database.reading() as db:
        assert (db.query(JobRow).count(), db.query(IncomingRow).count()) == (0, 1)
    assert where(office.database, office.vault, {"lane": lane}) == {}


def test_a_turn_that_was_given_up_before_its_effects_leaves_nothing_in_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(office.matcher, "decide", fail)
    office.say("ถามเรื่องลับ")
    for _ in range(jobs.MOST_STRIKES):
        office.wait(minutes=5)
        office.work()
    with office.database.reading() as db:
        (dead,) = db.query(JobRow)
        lane = str(dead.lane)
    office.wait(days=91)
    forget_all(office)
    assert where(office.database, office.vault, {"lane": lane, "said": "เรื่องลับ"}) == {}
