from __future__ import annotations

import pytest

from bot.cases import answering, handling, hearing, to_faq
from bot.cases.refusals import NoSuchCase
from bot.cases.to_faq import Suggestion
from bot.storage import people
from bot.storage.case_messages import FAILED
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, staff_of, wrote
from tests.bot.cases.test_thread import ask
from tests.builders import NOON


def test_question_and_answers_are_masked_and_notes_stay_out(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        person = a_citizen(db)
        people.get(db, person).called = vault.seal("คุณป้าคำ".encode())
        case = a_case(db, topic="center.hours")
        hearing.hear(db, vault, case, wrote(), text="เปิดวันเสาร์ไหม โทร 081 234 5678", now=NOON, rules=RULES)
        for text in ("สวัสดีค่ะ คุณป้าคำ", "วันเสาร์เปิด 9.00–12.00 น. โทร 053 123 456"):
            answering.answer(db, vault, case.id, by=malee, text=text, rules=RULES, now=NOON)
        lost = answering.answer(db, vault, case.id, by=malee, text="ไม่ถึง", rules=RULES, now=NOON)
        answering.note_said(db, lost.id, status=FAILED, pushed=False)
        handling.note(db, vault, case.id, by=malee, text="คนนี้มาบ่อย", now=NOON)
        assert to_faq.suggestion(db, vault, case.id) == Suggestion(
            question="เปิดวันเสาร์ไหม โทร <เบอร์โทร>",
            answer="สวัสดีค่ะ <ชื่อ>\n\nวันเสาร์เปิด 9.00–12.00 น. โทร <เบอร์โทร>",
            topic="center.hours",
        )


def test_the_question_that_led_to_the_case_comes_before_what_was_added(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        number = ask(db, vault, 1, "มีรถรับส่งไหม", at=NOON, person_id=a_citizen(db))
        case = a_case(db, question_id=number, detail="center.what")
        hearing.hear(db, vault, case, wrote(), text="ขอคุยกับคน", now=NOON, rules=RULES)
        assert to_faq.suggestion(db, vault, case.id) == Suggestion("มีรถรับส่งไหม", "", None)


def test_what_the_citizen_wrote_comes_before_what_was_written_down_with_the_case(
    sqlite_database: Database, vault: Vault
) -> None:
    with sqlite_database.transaction() as db:
        case = a_case(db, detail="center.what")
        assert to_faq.suggestion(db, vault, case.id).question == "center.what"
        hearing.hear(db, vault, case, wrote(), text="มีที่จอดรถไหม", now=NOON, rules=RULES)
        assert to_faq.suggestion(db, vault, case.id).question == "มีที่จอดรถไหม"


def test_a_case_without_words_suggests_nothing(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        assert to_faq.suggestion(db, vault, a_case(db).id) == Suggestion("", "", None)
        with pytest.raises(NoSuchCase):
            to_faq.suggestion(db, vault, 999)
