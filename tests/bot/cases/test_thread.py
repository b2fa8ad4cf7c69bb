from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import handling, hearing, thread
from bot.outreach import questions
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.decision import Decision
from tests.bot.cases.making import RULES, a_case, a_citizen, staff_of, wrote
from tests.builders import MALEE, NOON


def ask(
    db: Session, vault: Vault, number: int, text: str, *, at: datetime, person_id: int | None, entry: str | None = None
) -> int:
    decision = Decision("answer" if entry else "fallback", entry, (), words=())
    return questions.log_question(
        db, vault, incoming_id=number, person_id=person_id, message_id=f"q{number}", masked=text, words=[],
        decision=decision, knowledge_version="v", milliseconds=1.0, now=at,
    )  # fmt: skip


def minutes_before(minutes: float, moment: datetime = NOON) -> datetime:
    return moment - timedelta(minutes=minutes)


def test_the_context_is_what_the_same_person_asked_in_the_half_hour_before(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = a_citizen(db), a_citizen(db, MALEE)
        ask(db, vault, 1, "นานแล้ว", at=minutes_before(31), person_id=somchai)
        ask(db, vault, 2, "เปิดกี่โมง", at=minutes_before(30), person_id=somchai, entry="center.hours")
        ask(db, vault, 3, "ของคนอื่น", at=minutes_before(10), person_id=malee)
        last = ask(db, vault, 4, "ขอคุยกับคน", at=NOON, person_id=somchai)
        ask(db, vault, 5, "ทีหลัง", at=NOON + timedelta(seconds=1), person_id=somchai)
        case = a_case(db, question_id=last)
        found = thread.context(db, vault, case, now=NOON)
        assert [(one.text, one.entry) for one in found] == [("เปิดกี่โมง", "center.hours"), ("ขอคุยกับคน", None)]


def test_a_month_that_ends_meanwhile_and_a_changed_key_hide_nothing(database: Database, vault: Vault) -> None:
    new_year = datetime.fromisoformat("2026-12-31T17:00:00+00:00")
    with database.transaction() as db:
        person = a_citizen(db)
        ask(db, vault, 1, "ปีเก่า", at=minutes_before(5, new_year), person_id=person)
        ask(db, vault, 2, "ปีใหม่", at=new_year, person_id=person)
        case = a_case(db, now=minutes_before(-5, new_year))
        rotated = Vault(["another secret, which is in force by now", "a secret for tests, long enough to pass"])
        for keys in (vault, rotated):
            assert [one.text for one in thread.context(db, keys, case, now=NOON)] == ["ปีเก่า", "ปีใหม่"]


def test_a_case_without_a_person_has_its_own_question_and_no_one_else_s(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        ask(db, vault, 1, "ในกลุ่ม", at=NOON, person_id=None)
        own = ask(db, vault, 2, "ช่วยด้วย", at=NOON, person_id=None)
        case = a_case(db, person_id=None, question_id=own)
        assert [one.text for one in thread.context(db, vault, case, now=NOON)] == ["ช่วยด้วย"]
        assert thread.context(db, vault, a_case(db, person_id=None), now=NOON) == []


def test_a_question_that_was_taken_back_is_not_in_the_context(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        number = ask(db, vault, 1, "ความลับ", at=NOON, person_id=a_citizen(db))
        case = a_case(db, question_id=number)
        questions.questions.forget_text(db, message_id="q1")
        db.expire_all()
        assert thread.context(db, vault, case, now=NOON) == []


def test_the_latest_words_are_read_the_oldest_of_them_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        for number in range(5):
            incoming = wrote(message_id=f"m{number}")
            hearing.hear(db, vault, case, incoming, text=str(number), now=NOON, rules=RULES)
        handling.note(db, vault, case.id, by=malee, text="5", now=NOON)
        assert [one.text for one in thread.read(db, vault, case.id, limit=3)] == ["3", "4", "5"]


def test_words_whose_key_is_lost_are_shown_as_missing(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        form = thread.seal_form(vault, {"place": "เชียงแสน", "seats": 3})
        case = a_case(db, form=form)
        hearing.hear(db, vault, case, wrote(), text="ก", now=NOON, rules=RULES)
        assert thread.form_of(vault, case) == {"place": "เชียงแสน", "seats": 3}
        other = Vault(["a secret that is not the one it was sealed with"])
        assert [(one.text, one.taken_back) for one in thread.read(db, other, case.id, limit=9)] == [(None, False)]
        assert (thread.form_of(other, case), thread.form_of(vault, a_case(db))) == ({}, {})
