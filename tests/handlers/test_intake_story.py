"""A story for the citizen media: words, pictures, and what may be done with it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from bot.cases import thread
from bot.storage import consents
from bot.storage.case_pictures import CasePictureRow
from bot.storage.engine import Database
from tests.builders import a_press, an_event
from tests.handlers.casework import (
    befriended,
    case_of,
    cases_of,
    kept,
    person_of,
    picture,
    said,
    staff_closes,
    words,
)
from tests.office import Office, data_of, labels, words_of

STORY = "ชาวบ้านช่วยกันดับไฟป่าทั้งคืน"
DONE, NONE = said("button.intake_done"), said("button.intake_no_pictures")
MAY, MAY_NOT = said("button.intake_contact_yes"), said("button.intake_contact_no")
NAMED, UNNAMED, NOT_PUBLISHED = (said(f"button.intake_{name}") for name in ("named", "unnamed", "not_published"))
SEND = said("button.intake_send")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    return befriended(office, อยากส่งเรื่อง="media.submit")


def begin(chat: Office) -> list[dict[str, Any]]:
    return chat.press(chat.say("อยากส่งเรื่อง"), said("action.collect_story"))


def tell(chat: Office, *pictures: str) -> list[dict[str, Any]]:
    """Up to the question whether it may be published."""
    begin(chat)
    asked = chat.say(STORY)
    for message_id in pictures:
        asked = chat.hear(picture(message_id))
    return chat.press(chat.press(asked, DONE if pictures else NONE), MAY)


def in_force(chat: Office) -> list[str]:
    with chat.database.reading() as db:
        rows = consents.list_of_person(db, person_of(chat))
    return [row.purpose for row in rows if row.withdrawn_at is None]


def form(chat: Office) -> dict[str, Any]:
    return dict(thread.form_of(chat.vault, case_of(chat)))


def test_words_pictures_and_uses_are_asked_for_in_their_turn(chat: Office) -> None:
    assert words_of(begin(chat)) == said("intake.story")
    pictures = chat.say(STORY)
    assert (words_of(pictures), labels(pictures)[:1]) == (said("intake.pictures", most="5"), [NONE])
    got = chat.hear(picture("p1"))
    assert (words_of(got), labels(got)[:1]) == (said("intake.picture_got", count="1", most="5"), [DONE])
    may = chat.press(got, DONE)
    assert words_of(may) == said("intake.may_contact")
    publish = chat.press(may, MAY)
    assert (words_of(publish), labels(publish)[:3]) == (said("intake.publish"), [NAMED, UNNAMED, NOT_PUBLISHED])
    assert words_of(chat.press(publish, NAMED)) == said("intake.name")
    shown = words(chat, "ป้าคำ บ้านป่าแดด")
    assert all(value in shown for value in (STORY, "1 รูป", MAY, "ป้าคำ บ้านป่าแดด", said("intake.consent_story")))
    assert cases_of(chat) == []


def test_the_yes_keeps_words_pictures_and_both_consents(chat: Office) -> None:
    publish = tell(chat, "p1", "p2")
    chat.press(publish, NAMED)
    chat.press(chat.say("ป้าคำ"), SEND)

    case = case_of(chat)
    assert [one[:2] for one in kept(chat, case.id)] == [("citizen", "text"), ("citizen", "image"), ("citizen", "image")]
    assert form(chat) == {
        "may_contact": True, "may_publish": True, "with_name": True, "pictures": 2, "name": "ป้าคำ",
    }  # fmt: skip
    with chat.database.reading() as db:
        assert list(db.scalars(select(CasePictureRow.message_id).order_by(CasePictureRow.id))) == ["p1", "p2"]
        rows = consents.list_of_person(db, person_of(chat))
    shown = hashlib.sha256("\n".join((said("intake.publish"), NAMED, UNNAMED, NOT_PUBLISHED)).encode()).hexdigest()
    assert [(row.purpose, row.way) for row in rows] == [("story", "button"), ("story_publish", "button")]
    assert rows[1].wording_hash == shown


@pytest.mark.parametrize(
    ("message_id", "left", "agreed"),
    [
        ("may", {"may_contact": False, "may_publish": True, "with_name": True, "name": "ป้าคำ"}, True),
        ("publish", {"may_contact": True, "may_publish": False, "with_name": False}, False),
        ("name", {"may_contact": True, "may_publish": True, "with_name": False}, True),
    ],
)
def test_a_yes_that_was_typed_is_a_no_once_its_message_is_unsent(
    chat: Office, message_id: str, left: dict[str, object], agreed: bool
) -> None:
    begin(chat)
    chat.press(chat.say(STORY), NONE)
    for number, text in {"may": "ได้ค่ะ", "publish": "ใส่ชื่อได้เลยค่ะ", "name": "ป้าคำ"}.items():
        shown = chat.say(text, message_id=number)
    chat.press(shown, SEND)
    assert in_force(chat) == ["story", "story_publish"]
    chat.hear(an_event("unsend", unsend={"messageId": message_id}))
    shown_as = {"may": "may_contact", "publish": "may_publish", "name": "name"}[message_id]
    assert form(chat) == {"pictures": 0, "taken_back": [shown_as], **left}
    assert in_force(chat) == (["story", "story_publish"] if agreed else ["story"])


def test_what_was_pressed_has_no_message_to_be_unsent(chat: Office) -> None:
    """What was typed first, and then pressed instead, does not count any more."""
    begin(chat)
    chat.press(chat.say(STORY), NONE)
    chat.say("ได้ค่ะ", message_id="may")
    chat.say("ใส่ชื่อได้เลยค่ะ", message_id="publish")
    shown = chat.say("ป้าคำ")
    publish = chat.press(chat.press(shown, said("button.intake_fix")), said("intake.row_publish"))
    chat.press(chat.press(publish, UNNAMED), SEND)
    chat.hear(an_event("unsend", unsend={"messageId": "publish"}))
    assert form(chat) == {"may_contact": True, "may_publish": True, "with_name": False, "pictures": 0}


def test_what_is_not_to_be_published_has_no_consent_to_it(chat: Office) -> None:
    chat.press(chat.press(tell(chat), NOT_PUBLISHED), SEND)
    assert in_force(chat) == ["story"]
    assert form(chat) == {"may_contact": True, "may_publish": False, "with_name": False, "pictures": 0}


@pytest.mark.parametrize(
    ("typed", "published", "named"),
    [("ได้ แต่ไม่ใส่ชื่อนะ", True, False), ("ใส่ชื่อด้วย", True, True), ("ไม่ให้เผยแพร่ค่ะ", False, False)],
)
def test_uses_can_be_said_in_words(chat: Office, typed: str, published: bool, named: bool) -> None:
    begin(chat)
    for text in (STORY, "ไม่มี", "ไม่ต้อง", typed):
        asked = chat.say(text)
    if named:
        asked = chat.say("ป้าคำ")
    chat.press(asked, SEND)
    assert (form(chat)["may_contact"], form(chat)["may_publish"], form(chat)["with_name"]) == (False, published, named)


def test_a_mere_yes_does_not_say_whether_with_the_name(chat: Office) -> None:
    tell(chat)
    assert words(chat, "ได้ค่ะ") == said("intake.publish")


def test_words_that_were_shown_otherwise_are_no_yes_to_publishing(chat: Office) -> None:
    publish = tell(chat)
    mark = chat.desk.buttons.decode(data_of(publish, NAMED)).arguments["s"]
    forged = chat.desk.buttons.encode("intake_publish", now=chat.now, v="named", w="0" * 64, s=mark)

    assert words_of(chat.hear(a_press(forged))) == said("intake.publish")


def test_several_pictures_at_once_are_kept_and_answered_once(chat: Office) -> None:
    begin(chat)
    chat.say(STORY)
    told = [words_of(chat.hear(picture(f"p{index}", index=index, total=3))) for index in (1, 2, 3)]
    assert told == [said("intake.picture_got", count="1", most="5"), "", ""]
    assert "3 รูป" in words_of(_to_the_end(chat))


def test_a_sixth_picture_is_not_kept(chat: Office) -> None:
    begin(chat)
    chat.say(STORY)
    told = [words_of(chat.hear(picture(f"p{number}"))) for number in range(6)]
    assert told[-1] == said("intake.pictures_full", most="5")
    chat.press(_to_the_end(chat), SEND)
    assert form(chat)["pictures"] == 5


def test_the_story_may_go_on_while_pictures_are_waited_for(chat: Office) -> None:
    begin(chat)
    chat.say(STORY)
    assert said("intake.story_longer") in words(chat, "ตอนเช้าฝนตกพอดี")
    chat.press(_to_the_end(chat), SEND)
    assert [text for _, _, text in kept(chat, case_of(chat).id)] == [STORY, "ตอนเช้าฝนตกพอดี"]


def test_publishing_is_taken_back_as_easily_as_it_was_given(chat: Office) -> None:
    chat.press(chat.press(tell(chat), UNNAMED), SEND)
    assert in_force(chat) == ["story", "story_publish"]
    mine = chat.say("เรื่องของฉัน")

    assert words_of(chat.press(mine, said("button.case_unpublish"))) == said("case.unpublished")
    assert in_force(chat) == ["story"]
    assert kept(chat, case_of(chat).id)[-1] == ("citizen", "text", said("case.unpublish_word"))
    assert words_of(chat.press(mine, said("button.case_unpublish"))) == said("case.unpublished_before")
    assert said("button.case_unpublish") not in labels(chat.say("เรื่องของฉัน"))


def test_taken_back_long_after_it_still_reaches_staff(chat: Office) -> None:
    chat.press(chat.press(tell(chat), UNNAMED), SEND)
    staff_closes(chat, case_of(chat).id)
    chat.wait(days=30)
    chat.press(chat.say("เรื่องของฉัน"), said("button.case_unpublish"))
    assert [(case.state, case.detail) for case in cases_of(chat)] == [
        ("closed", STORY), ("open", said("case.unpublish_word")),
    ]  # fmt: skip


def test_taken_back_with_a_later_story_open_the_earlier_one_is_not_overlooked(chat: Office) -> None:
    chat.press(chat.press(tell(chat), UNNAMED), SEND)
    staff_closes(chat, case_of(chat).id)
    chat.wait(days=30)
    chat.press(chat.press(tell(chat), UNNAMED), SEND)
    chat.press(chat.say("เรื่องที่ 2"), said("button.case_unpublish"))
    word = said("case.unpublish_word")
    assert kept(chat, 2)[-1] == ("citizen", "text", word)
    assert [(case.state, case.detail) for case in cases_of(chat)] == [
        ("closed", STORY), ("open", STORY), ("open", word),
    ]  # fmt: skip


def _to_the_end(chat: Office) -> list[dict[str, Any]]:
    for text in ("ส่งครบแล้ว", "ได้", "ไม่ให้เผยแพร่"):
        shown = chat.say(text)
    return shown


def test_a_story_of_very_many_messages_says_that_the_last_one_is_not_kept(chat: Office) -> None:
    begin(chat)
    chat.say(STORY)
    for number in range(9):
        assert said("intake.story_longer") in words(chat, f"ตอนที่ {number}")
    assert said("intake.story_full", most="10") in words(chat, "อีกตอนหนึ่ง")


@pytest.mark.parametrize("typed", ["ไม่ให้เผยแพร่ ไม่ใส่ชื่อ", "ไม่ให้เผยแพร่และไม่ให้ลงชื่อ", "บ่หื้อเผยแพร่เจ้า"])
def test_a_refusal_is_no_consent_whatever_it_says_about_the_name(chat: Office, typed: str) -> None:
    tell(chat)
    chat.press(chat.say(typed), SEND)
    assert (in_force(chat), form(chat)["may_publish"]) == (["story"], False)


@pytest.mark.parametrize("typed", ["ใส่ชื่อแล้วใครจะเห็นบ้าง", "ได้ แต่เอาชื่อออก", "ขอคิดดูก่อนว่าจะใส่ชื่อ"])
def test_what_is_not_plainly_a_yes_to_publishing_is_asked_about_again(chat: Office, typed: str) -> None:
    tell(chat)
    again = chat.say(typed)
    assert (words_of(again), labels(again)[:3]) == (said("intake.publish"), [NAMED, UNNAMED, NOT_PUBLISHED])


@pytest.mark.parametrize(
    ("typed", "may"),
    [("ถามได้ค่ะ", True), ("ได้เลย ติดต่อมาได้", True), ("ไม่ต้องถาม", False), ("เอาไว้ก่อน", None), ("ได้ แต่อย่าโทร", None)],
)
def test_only_a_plain_yes_lets_the_team_ask_more(chat: Office, typed: str, may: bool | None) -> None:
    begin(chat)
    chat.press(chat.say(STORY), NONE)
    asked = chat.say(typed)
    assert words_of(asked) == said("intake.may_contact" if may is None else "intake.publish")
    if may is not None:
        chat.press(chat.press(asked, NOT_PUBLISHED), SEND)
        assert form(chat)["may_contact"] is may
