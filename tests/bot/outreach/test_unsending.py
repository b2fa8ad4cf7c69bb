"""After an unsend, or an edit, no words of the message are left: neither in questions, nor cases, nor conversations."""

from __future__ import annotations

import pytest

from bot.conversation import memory
from bot.outreach import unsending
from bot.storage import cases, dialogues
from bot.storage.case_messages import CaseMessageRow
from tests.builders import a_press, a_text, an_event
from tests.office import Office

WORDS = ("ลับมาก", "ลับกว่า", "ลับสุด")


def unsend(message_id: str) -> dict[str, object]:
    return an_event("unsend", unsend={"messageId": message_id})


def kept(office: Office) -> str:
    """All words that are kept of anybody, unsealed."""
    with office.database.reading() as db:
        found = [str((row.text, row.words)) for row in office.questions()]
        found += [case.detail for case, _ in cases.list_cases(db, state=None, limit=99)]
        found += [office.vault.open(row.text).decode() for row in db.query(CaseMessageRow) if row.text]
        found += [office.vault.open(row.memory).decode() for row in db.query(dialogues.DialogueRow)]
    return "\n".join(found)


def say_in_parts(office: Office) -> None:
    for number, text in enumerate(WORDS, start=1):
        office.receive(a_text(text, message_id=str(number)))
        office.wait(seconds=0.2)
    office.wait(seconds=1)
    office.work()


@pytest.mark.parametrize("message_id", ["1", "2", "3"])
def test_unsending_any_part_takes_the_words_of_all(office: Office, message_id: str) -> None:
    say_in_parts(office)
    assert all(word in kept(office) for word in WORDS)
    office.hear(unsend(message_id))
    assert not any(word in kept(office) for word in WORDS)


def test_what_was_left_for_staff_is_taken_back_too(office: Office) -> None:
    office.hear(a_press(office.desk.buttons.encode("do", now=office.now, a="offer_person")))
    say_in_parts(office)
    assert [kind for kind, _, _ in office.cases()] == ["wants_person"]
    assert all(word in kept(office) for word in WORDS)
    office.hear(unsend("2"))
    assert not any(word in kept(office) for word in WORDS)
    assert [kind for kind, _, _ in office.cases()] == ["wants_person"], "the case itself stays"


def test_somebody_else_s_words_stay(office: Office) -> None:
    say_in_parts(office)
    office.hear(a_text("ของคนอื่น", user_id="U" + "9" * 32, message_id="9"))
    office.hear(unsend("1"))
    assert "ของคนอื่น" in kept(office)


def test_an_unsend_that_comes_first_keeps_the_message_from_being_read(office: Office) -> None:
    office.hear(unsend("1"))
    before = len(office.line.sent)
    office.hear(a_text(WORDS[0], message_id="1"))
    assert office.line.sent[before:] == []
    assert WORDS[0] not in kept(office)


def test_an_edit_forgets_the_words_before_it_and_only_the_latest_counts(office: Office) -> None:
    office.hear(a_text(WORDS[0], message_id="1"))
    office.wait(seconds=5)
    with office.database.transaction() as db:
        person_id = db.query(dialogues.DialogueRow).one().person_id
        edit = {"person_id": person_id, "message_id": "1", "now": office.now}
        assert unsending.word_anew(db, edited_at=office.now, **edit)  # type: ignore[arg-type]
        earlier = office.now.replace(year=2025)
        assert not unsending.word_anew(db, edited_at=earlier, **edit)  # type: ignore[arg-type]
        assert memory.load(db, office.vault, person_id=person_id, now=office.now) == memory.Memory()
    assert WORDS[0] not in kept(office)
