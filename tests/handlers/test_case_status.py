"""Asking how far a case has got."""

from __future__ import annotations

import pytest

from bot.cases import handling, opening
from bot.cases.kinds import CaseKind
from bot.storage.engine import Database
from handlers import case_status
from handlers.routes import is_command
from tests.bot.cases.making import staff_of
from tests.builders import MALEE
from tests.handlers.casework import (
    TO_STAFF,
    befriended,
    case_of,
    cases_of,
    kept,
    leave_word,
    person_of,
    said,
    staff_closes,
    staff_writes,
    words,
)
from tests.office import Office, labels, words_of

PERSON = said("case.kind_person")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    return befriended(office)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("เรื่องที่ 12", 12),
        ("#12", 12),
        ("เรื่อง 12 ถึงไหนแล้ว", 12),
        ("เรื่องที่ ๑๒ ถึงไหนแล้วคะ", 12),
        ("ขอถามเรื่องที่ 7 ค่ะ", 7),
        ("เลขเรื่อง 12", 12),
        ("เรื่องเลขที่ 12 เป็นยังไงบ้างครับ", 12),
        ("เคส 12", 12),
        ("case 12", 12),
        ("What about case 12?", 12),
        ("เรื่อง 3 อำเภอ", None),
        ("เรื่องที่ดิน", None),
        ("12", None),
        ("มีเรื่องอยากถาม 2 เรื่อง", None),
        ("เรื่อง", None),
    ],
)
def test_a_case_is_asked_for_by_its_number(text: str, number: int | None) -> None:
    assert case_status.find_number(text) == number
    assert is_command(text) is (number is not None)


def test_each_state_is_told_in_plain_words(chat: Office) -> None:
    case = leave_word(chat)
    asked = f"เรื่องที่ {case.id}"
    since = said("case.since", date="24 พฤศจิกายน 2569")
    title = said("case.title", number=str(case.id), kind=PERSON)
    promise = said("case.promise", day="วันพรุ่งนี้", time="12:00 น.")

    assert words(chat, asked) == "\n".join((title, since, said("case.state_open"), promise))
    with chat.database.transaction() as db:
        handling.take(db, case.id, by=staff_of(db, "somsri")[0], now=chat.now)
    assert words(chat, asked) == "\n".join((title, since, said("case.state_taken"), promise))
    staff_writes(chat, case.id)
    assert words(chat, asked) == "\n".join((title, since, said("case.state_answered")))
    staff_closes(chat, case.id)
    assert words(chat, asked) == "\n".join((title, since, said("case.state_closed")))
    assert chat.questions() == []


def test_one_that_is_late_says_so_and_how_to_reach_the_centre(chat: Office) -> None:
    case = leave_word(chat)
    chat.wait(days=2)
    told = words(chat, f"#{case.id}")
    assert said("case.late") in told
    assert "053 000 000" in told


def test_only_one_s_own_is_told(chat: Office) -> None:
    case = leave_word(chat)
    chat.say("เมนู", user_id=MALEE)
    not_found = said("case.not_found", number=str(case.id))
    assert words(chat, f"เรื่องที่ {case.id}", user_id=MALEE) == not_found
    assert words(chat, "เรื่องที่ 9999") == said("case.not_found", number="9999")
    assert words(chat, "เรื่องที่ 999999999999") == said("case.not_found", number="999999999999")


def test_what_nobody_was_told_of_is_no_case_of_theirs(chat: Office) -> None:

    with chat.database.transaction() as db:
        number = opening.open_case(db, CaseKind.FLOOD, now=chat.now, person_id=person_of(chat))
    assert words(chat, f"เรื่องที่ {number}") == said("case.not_found", number=str(number))


def test_my_cases_are_a_list_from_which_each_can_be_pressed(chat: Office) -> None:
    first = leave_word(chat)
    staff_closes(chat, first.id)
    second = leave_word(chat, "ขอถามเรื่องบัตร")

    mine = chat.say("เรื่องของฉัน")

    lines = [
        said("case.mine"),
        said("case.mine_line", number=str(second.id), kind=PERSON, state=said("case.short_open")),
        said("case.mine_line", number=str(first.id), kind=PERSON, state=said("case.short_closed")),
    ]
    assert words_of(mine) == "\n".join(lines)
    assert said("case.state_closed") in words_of(chat.press(mine, f"เรื่องที่ {first.id}"))


def test_the_only_one_is_told_at_once_and_none_leads_to_a_person(chat: Office) -> None:
    none = chat.say("เรื่องของฉัน")
    assert words_of(none) == said("case.none")
    assert TO_STAFF in labels(none)
    case = leave_word(chat)
    assert said("case.title", number=str(case.id), kind=PERSON) in words(chat, "เรื่องของฉัน")


def test_more_can_be_told_from_there(chat: Office) -> None:
    case = leave_word(chat)
    chat.press(chat.say(f"#{case.id}"), said("button.case_more"))
    assert said("case.more_kept", number=str(case.id)) in words(chat, "โทรหาได้ที่ 081 234 5678")
    assert kept(chat, case.id)[-1] == ("citizen", "text", "โทรหาได้ที่ 081 234 5678")


def test_asking_in_a_dialogue_does_not_end_it(chat: Office) -> None:
    case = leave_word(chat)
    chat.press(chat.say("เมนู"), TO_STAFF)
    assert words(chat, f"#{case.id}").endswith(said("leave.waiting"))
    chat.say("อีกเรื่องค่ะ")
    assert kept(chat, case_of(chat).id)[-1][2] == "อีกเรื่องค่ะ"


def test_more_of_a_closed_one_opens_it_again_and_says_that_it_was_closed(chat: Office) -> None:
    case = leave_word(chat)
    shown = chat.say(f"#{case.id}")
    staff_closes(chat, case.id)
    assert words_of(chat.press(shown, said("button.case_more"))) == said("case.more_closed", number=str(case.id))
    assert said("case.more_kept", number=str(case.id)) in words(chat, "ลืมบอกเบอร์ค่ะ")
    assert case_of(chat).state != "closed"


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        (CaseKind.PRIVACY, "privacy"),
        (CaseKind.COMPLAINT, "complaint"),
        (CaseKind.MISSED, "missed"),
        (CaseKind.URGENT, "wants_person"),
    ],
)
def test_more_of_one_closed_long_ago_is_a_new_one_of_its_kind(chat: Office, kind: CaseKind, becomes: str) -> None:
    """A request about data stays one, which volunteers do not read; a danger of weeks ago alerts nobody."""
    with chat.database.transaction() as db:
        number = opening.open_case(db, kind, now=chat.now, person_id=person_of(chat), rules=chat.desk.case_rules)
    shown = chat.say(f"เรื่องที่ {number}")
    with chat.database.transaction() as db:
        handling.close(db, chat.vault, number, by=staff_of(db, "somsri")[0], tell=False, now=chat.now)
    chat.wait(days=8)
    assert words_of(chat.press(shown, said("button.case_more"))) == said("case.more_closed", number=str(number))
    chat.say("ขอลบเบอร์ 081 234 5678 ของแม่")
    old, new = cases_of(chat)
    assert (old.state, new.kind, new.state) == ("closed", becomes, "open")
