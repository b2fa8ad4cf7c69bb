from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.outreach import audit, questions, review, review_intake
from bot.privacy import retention
from bot.privacy.retention import Keeper
from bot.settings.keeping import Keeping
from bot.storage import (
    alarms,
    backups,
    consents,
    data_links,
    data_requests,
    dialogues,
    incoming,
    jobs,
    outgoing,
    people,
    retention_reports,
    tombstones,
    withdrawn,
)
from bot.storage.base import Base
from bot.storage.cases import CaseRow
from bot.storage.engine import Database
from bot.storage.outgoing import Delivery
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewGroupRow
from bot.vault import Vault
from knowledge.decision import Decision
from tests.bot.events.making import a_person
from tests.builders import NOON

KEEPING = Keeping.model_validate({})
SECOND = timedelta(seconds=1)


def forget(db: Session, vault: Vault, now: datetime, *, keeping: Keeping = KEEPING) -> dict[str, int]:
    """All steps, until nothing more is due."""
    counts: Counter[str] = Counter()
    for steps in retention.parts(nightly=True):
        more = True
        while more:
            gone, more = retention.forget(steps, Keeper(db, vault, keeping, now))
            counts += gone
    return dict(counts)


def count(db: Session, table: type[Base]) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def a_question(db: Session, vault: Vault, *, number: int, at: datetime = NOON) -> int:
    return questions.log_question(
        db, vault, incoming_id=number, person_id=1, message_id=str(number), masked="เปิดกี่โมง", words=["เปิด"],
        decision=Decision("fallback", None, ()), knowledge_version="1", milliseconds=1.0, now=at,
    )  # fmt: skip


def test_every_kind_goes_when_its_time_is_over_and_not_before(database: Database, vault: Vault) -> None:
    """Each of these is done at noon; it is there until the very moment, and a second later it is gone."""

    def payload(db: Session) -> None:
        row = {"webhook_event_id": "1", "kind": "message", "lane": None, "occurred_at": NOON, "received_at": NOON,
               "payload": b"x", "settled_at": NOON, "outcome": "kept"}  # fmt: skip
        incoming.insert_new(db, [row])

    def events(db: Session) -> None:
        rows = [
            {"webhook_event_id": event_id, "kind": "message", "lane": None, "occurred_at": NOON, "received_at": NOON,
             "payload": None, "settled_at": NOON, "outcome": "kept"}
            for event_id in ("1", "the newest stays")
        ]  # fmt: skip
        incoming.insert_new(db, rows)

    def buried(db: Session) -> None:
        for attempt, status in enumerate(("dead", "ready")):
            row = {"kind": "turn", "lane": "l", "status": status, "attempt": attempt, "due_at": NOON,
                   "created_at": NOON}  # fmt: skip
            jobs.insert_all(db, [row])

    def under_way(db: Session) -> None:
        outgoing.add(
            db, incoming_id=1, person_id=a_person(db, 1), token_from=NOON, retry_key="k", tries=1, created_at=NOON,
            token_doubtful=False, push_doubtful=False, may_push=True, capped=True, messages=b"x", reply_token=b"x",
            good_until=None,
        )  # fmt: skip

    def dialogue(db: Session) -> None:
        dialogues.save(db, person_id=a_person(db, 1), memory=b"x", now=NOON)

    def consent(db: Session) -> None:
        person_id = a_person(db, 1)
        for purpose in ("withdrawn", "in force"):
            consents.add(
                db, person_id=person_id, registration_id=None, purpose=purpose, version=1, wording_hash="0" * 64,
                way="text", now=NOON,
            )  # fmt: skip
        consents.withdraw(db, person_id=person_id, purpose="withdrawn", now=NOON)

    def alarm(db: Session) -> None:
        alarms.note_on(db, "disk", detail="", now=NOON - timedelta(days=9))
        alarms.note_over(db, besides=(), now=NOON)

    def backup(db: Session) -> None:
        for hours in (0, 1):
            backups.begin(db, name="x", encrypted=False, now=NOON + timedelta(hours=hours))

    def tombstone(db: Session) -> None:
        number = tombstones.add(db, key="k", way="line", erased_at=NOON, counts={})
        tombstones.finish(db, [number], now=NOON)
        tombstones.add(db, key="unfinished", way="line", erased_at=NOON, counts={})

    def link(db: Session) -> None:
        data_links.add(db, person_id=a_person(db, 1), token_hash="0" * 64, now=NOON, expires_at=NOON)

    def answer(db: Session) -> None:
        number = outgoing.add(
            db, incoming_id=1, person_id=a_person(db, 1), token_from=NOON, retry_key="k", tries=1, created_at=NOON,
            token_doubtful=False, push_doubtful=False, may_push=True, capped=True, messages=None, reply_token=None,
            good_until=None,
        )  # fmt: skip
        outgoing.settle(db, number, status=Delivery.SENT, now=NOON)

    cases = [
        ("answers", timedelta(days=90), answer),
        ("payloads", timedelta(hours=24), payload),
        ("incoming", timedelta(days=90), events),
        ("jobs", timedelta(days=90), buried),
        ("given_up", timedelta(days=2), under_way),
        ("dialogues", timedelta(hours=24), dialogue),
        ("withdrawn", timedelta(days=30), lambda db: withdrawn.note_unsent(db, message_id="1", now=NOON)),
        ("quarantine", timedelta(days=14), lambda db: incoming.quarantine(db, reason="", size=1, body=b"x", now=NOON)),
        ("questions", timedelta(days=180), lambda db: a_question(db, vault, number=1)),
        ("consents", timedelta(days=1095), consent),
        ("data_requests", timedelta(days=1095),
         lambda db: data_requests.add(db, kind="access", person_id=None, way="line", now=NOON)),
        ("tombstones", timedelta(days=400), tombstone),
        ("backups", timedelta(days=365), backup),
        ("alarms", timedelta(days=90), alarm),
        ("links", timedelta(days=1), link),
        ("reports", timedelta(days=730), lambda db: retention_reports.add(db, way="night", counts={}, now=NOON)),
    ]  # fmt: skip
    for name, kept, make in cases:
        with database.transaction() as db:
            make(db)
            before = forget(db, vault, NOON + kept).get(name, 0)
            after = forget(db, vault, NOON + kept + SECOND).get(name, 0)
            assert (name, before, after) == (name, 0, 1)
            db.rollback()


def test_of_a_question_the_numbers_stay(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        a_question(db, vault, number=1)
        a_question(db, vault, number=2, at=NOON + timedelta(days=2))
        forget(db, vault, NOON + timedelta(days=181))
        found = [
            (row.text, row.words, row.asker is None, row.message_id, row.decision)
            for row in db.scalars(select(QuestionRow).order_by(QuestionRow.id))
        ]
    assert found == [(None, [], True, None, "fallback"), ("เปิดกี่โมง", ["เปิด"], False, "2", "fallback")]


def test_what_was_proposed_of_a_question_goes_with_its_words(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        a_question(db, vault, number=1)
        review_intake.gather(db, now=NOON + timedelta(hours=1), limit=9, words_of=str.split)
        decision = review.Decision(review.DecisionKind.NEW_ENTRY, entry="a.b", title="เปิดกี่โมง", texts=("เปิดกี่โมง",))
        review.propose(
            db, group_id=1, seen_version=1, decision=decision, by="nid", may=lambda _: True, now=NOON
        )  # fmt: skip
    with database.transaction() as db:
        forget(db, vault, NOON + timedelta(days=180, seconds=1))
        group = db.get_one(ReviewGroupRow, 1)
        assert group.proposal is not None
        assert (group.proposal["texts"], group.proposal["title"]) == ([], None)


def test_of_a_case_the_words_go_a_year_after_its_end(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = a_person(db, 1)
        for state, closed_at in (("closed", NOON), ("closed", NOON + timedelta(days=2)), ("open", None)):
            number = opening.open_case(
                db, CaseKind.PROPOSAL, now=NOON, person_id=person_id, detail="ถนน", form=vault.seal(b"{}")
            )
            row = db.get_one(CaseRow, number)
            row.state, row.closed_at = state, closed_at
        db.flush()
        assert forget(db, vault, NOON + timedelta(days=366)) == {"cases": 1}
        assert forget(db, vault, NOON + timedelta(days=366)) == {}
        rows = db.scalars(select(CaseRow).order_by(CaseRow.id)).all()
    assert [(row.detail, row.form is None, row.person_id) for row in rows] == [
        ("", True, None), ("ถนน", False, person_id), ("ถนน", False, person_id),
    ]  # fmt: skip


def test_who_blocked_the_account_a_year_ago_is_erased(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        gone, restricted, here = a_person(db, 1, following=False), a_person(db, 2, following=False), a_person(db, 3)
        row = people.get(db, restricted)
        row.restricted_at = NOON
        late = a_person(db, 4)
        people.set_following(db, person_id=late, following=False, at=NOON + timedelta(days=2))
        assert forget(db, vault, NOON + timedelta(days=366)) == {"people": 1}
        assert list(db.scalars(select(PersonRow.id).order_by(PersonRow.id))) == [restricted, here, late]
        (tombstone,) = tombstones.list_page(db, after=0, limit=9)
        assert (gone, tombstone.way, count(db, data_requests.DataRequestRow)) == (gone, "retention", 0)


def test_the_log_of_what_staff_did_begins_later(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for days in (0, 1, 800):
            audit.record(
                db, vault, actor=audit.SYSTEM, action="keys.rotated", subject=("setting", "x"),
                now=NOON + timedelta(days=days),
            )  # fmt: skip
        assert forget(db, vault, NOON + timedelta(days=800)) == {"audit": 2}
        assert forget(db, vault, NOON + timedelta(days=800)) == {}
    assert isinstance(audit.verify(database, vault), audit.Verified)


def test_settings_say_for_how_long(database: Database, vault: Vault) -> None:
    shorter = Keeping.model_validate({"CIVICBOT_KEEP_QUESTIONS_DAYS": 30})
    with database.transaction() as db:
        a_question(db, vault, number=1)
        assert forget(db, vault, NOON + timedelta(days=31), keeping=shorter) == {"questions": 1}


@pytest.mark.parametrize(
    ("hours", "begins"), [(-10.1, -34), (-10, -10), (0, -10), (13.9, -10), (14, 14)]
)  # fmt: skip
def test_a_night_begins_at_two(hours: float, begins: float) -> None:
    """Noon in Bangkok is the clock's here: 05:00 UTC."""
    assert retention.night_of(NOON + timedelta(hours=hours)) == NOON + timedelta(hours=begins)


def test_one_report_a_night_adds_up(database: Database, vault: Vault) -> None:
    del vault
    with database.transaction() as db:
        for hours, counts in ((0, {"questions": 2}), (1, {"questions": 1, "cases": 0}), (24, {"alarms": 1})):
            retention.report(db, counts, way=retention.NIGHT, now=NOON + timedelta(hours=hours))
        retention.report(db, {"cases": 3}, way=retention.COMMAND, now=NOON)
        found = [(row.way, row.counts) for row in retention_reports.list_latest(db, limit=9)]
    assert sorted(found, key=str) == [("command", {"cases": 3}), ("night", {"alarms": 1}), ("night", {"questions": 3})]
