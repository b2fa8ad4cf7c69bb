"""What follows something that reached staff goes where that went, and nowhere else."""

from __future__ import annotations

import pytest

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.storage.engine import Database
from tests.builders import an_event
from tests.handlers.casework import (
    TO_STAFF,
    befriended,
    case_of,
    kept,
    leave_word,
    person_of,
    picture,
    said,
    staff_closes,
    words,
)
from tests.office import Office, answers, words_of

MORE = said("button.case_more")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    office.matcher.told["อยากตาย"] = answers("general.crisis", urgent=True)
    return befriended(office, ขอบคุณค่ะ="general.thanks", ศูนย์คืออะไร="center.what")


def opened(office: Office, kind: CaseKind) -> int:
    with office.database.transaction() as db:
        return opening.open_case(
            db, kind, now=office.now, person_id=person_of(office), rules=office.desk.case_rules
        )  # fmt: skip


def add_to(office: Office, number: int, text: str) -> None:
    office.press(office.say(f"เรื่องที่ {number}"), MORE)
    office.say(text)


def heard(office: Office, number: int) -> list[str | None]:
    return [text for _, _, text in kept(office, number)]


def test_it_goes_into_the_same_case_and_not_into_a_newer_one(chat: Office) -> None:
    private, newer = opened(chat, CaseKind.PRIVACY), opened(chat, CaseKind.WANTS_PERSON)
    add_to(chat, private, "ขอลบเบอร์ของแม่ด้วย")
    told = words(chat, "แม่ชื่อคำ ป่วยเป็นเบาหวาน")
    assert said("case.passed_on", number=str(private)) in told
    assert heard(chat, private) == ["ขอลบเบอร์ของแม่ด้วย", "แม่ชื่อคำ ป่วยเป็นเบาหวาน"]
    assert heard(chat, newer) == []


def test_a_newer_case_that_nothing_went_into_for_long_changes_nothing(chat: Office) -> None:
    first = leave_word(chat).id
    opened(chat, CaseKind.PROPOSAL)
    chat.wait(hours=2)
    add_to(chat, first, "บ้านอยู่แม่สายค่ะ")
    chat.say("หลังคาพังหมดเลย")
    assert heard(chat, first)[-1] == "หลังคาพังหมดเลย"


def test_more_of_a_request_about_data_is_not_for_the_eyes_of_an_urgent_case(chat: Office) -> None:
    private = opened(chat, CaseKind.PRIVACY)
    urgent = opened(chat, CaseKind.URGENT)
    add_to(chat, private, "ขอลบเบอร์ของแม่ด้วย")
    chat.say("แม่ป่วยเป็นเบาหวาน")
    assert (heard(chat, private)[-1], heard(chat, urgent)) == ("แม่ป่วยเป็นเบาหวาน", [])


def test_after_a_cry_for_help_what_follows_is_about_that(chat: Office) -> None:
    private = opened(chat, CaseKind.PRIVACY)
    add_to(chat, private, "ขอลบเบอร์ของแม่ด้วย")
    chat.say("อยากตาย")
    told = words(chat, "อยู่บ้านป่าแดด")
    assert said("case.passed_on_urgent") in told
    assert heard(chat, private) == ["ขอลบเบอร์ของแม่ด้วย"]


def test_into_one_that_was_closed_meanwhile_nothing_follows(chat: Office) -> None:
    case = leave_word(chat)
    staff_closes(chat, case.id)
    chat.say("หลังคาพังหมดเลย")
    assert len([author for author, _, _ in kept(chat, case.id) if author == "citizen"]) == 1


def test_thanks_in_between_do_not_end_it_but_an_answer_does(chat: Office) -> None:
    case = leave_word(chat)
    chat.say("ขอบคุณค่ะ")
    chat.say("บ้านอยู่แม่สายนะคะ")
    chat.say("ศูนย์คืออะไร")
    chat.say("แล้วยังไงอีก")
    assert heard(chat, case.id)[1:] == ["บ้านอยู่แม่สายนะคะ"]


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_what_is_sent_instead_of_words_for_staff_is_a_case_too(chat: Office, kind: str) -> None:
    chat.press(chat.say("เมนู"), TO_STAFF)
    told = words_of(chat.hear(an_event("message", message={"type": kind, "id": "p1"})))
    case = case_of(chat)
    assert said("leave.kept", number=str(case.id)) in told
    assert kept(chat, case.id) == [("citizen", kind, None)]


def test_an_album_for_staff_is_one_case_and_what_follows_goes_into_it(chat: Office) -> None:
    chat.press(chat.say("เมนู"), TO_STAFF)
    told = [words_of(chat.hear(picture(f"p{index}", index=index, total=3))) for index in (1, 2, 3)]
    chat.say("ตามรูปเลยค่ะ")
    assert [bool(one) for one in told] == [True, False, False]
    assert [kind for _, kind, _ in kept(chat, case_of(chat).id)] == ["image", "image", "image", "text"]


def test_a_picture_is_more_of_a_case(chat: Office) -> None:
    case = leave_word(chat)
    chat.wait(hours=2)
    chat.press(chat.say(f"เรื่องที่ {case.id}"), MORE)
    assert said("case.more_kept", number=str(case.id)) in words_of(chat.hear(picture("p1")))
    assert kept(chat, case.id)[-1][1] == "image"


def test_a_place_for_staff_reaches_them(chat: Office) -> None:
    chat.press(chat.say("เมนู"), TO_STAFF)
    place = {"type": "location", "id": "9", "latitude": 19.91, "longitude": 99.83, "address": "บ้านป่าแดด"}
    chat.hear(an_event("message", message=place))
    assert "บ้านป่าแดด" in str(heard(chat, case_of(chat).id)[-1])
