"""A proposal for a forum: one question at a time, looked at once more, kept only after a yes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bot.cases import thread
from bot.storage import consents
from bot.storage.engine import Database
from handlers import intake_consent
from tests.bot.privacy.making import where
from tests.builders import MALEE, an_event
from tests.handlers.casework import befriended, case_of, cases_of, kept, person_of, picture, said, words
from tests.office import Office, ToldMatcher, answers, labels, shipped, words_of

BEGIN, SEND, FIX, CANCEL = "เสนอเรื่อง", said("button.intake_send"), said("button.intake_fix"), said("button.cancel")
DISTRICT = "แม่สาย"
ISSUE = "น้ำท่วมถนนหน้าโรงเรียนทุกปี โทร 081 234 5678"
QUESTION = "ศูนย์เปิดกี่โมง"
TYPED = {"w": ISSUE, "p": f"บ้านดอยลับ อำเภอ{DISTRICT}", "h": "เด็กนักเรียน", "c": "081-234-5678"}
"""By the id of the message."""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    office.matcher.told |= {QUESTION: answers("center.hours"), "อยากตาย": answers("general.crisis", urgent=True)}
    return befriended(office, อยากเสนอเรื่อง="forum.propose")


def begin(chat: Office) -> list[dict[str, Any]]:
    return chat.press(chat.say("อยากเสนอเรื่อง"), BEGIN)


def fill_in(chat: Office, contact: str = "081-234-5678") -> list[dict[str, Any]]:
    begin(chat)
    for text in (ISSUE, "บ้านป่าแดด อำเภอเมือง", "เด็กนักเรียนและผู้ปกครอง"):
        chat.say(text)
    return chat.say(contact)


def given(chat: Office) -> list[tuple[str, int, str, str]]:
    with chat.database.reading() as db:
        rows = consents.list_of_person(db, person_of(chat))
    return [(row.purpose, row.version, row.wording_hash, row.way) for row in rows]


def form(chat: Office) -> dict[str, Any]:
    return dict(thread.form_of(chat.vault, case_of(chat)))


def shown_hash(*parts: str) -> str:

    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_each_question_is_asked_in_its_turn(chat: Office) -> None:
    asked = [words_of(begin(chat)), words(chat, ISSUE), words(chat, "ป่าแดด"), words(chat, "เด็กนักเรียน")]
    assert asked == [said("intake.issue"), said("intake.place"), said("intake.who"), said("intake.contact")]


def test_it_is_shown_with_the_words_of_the_consent_before_anything_is_kept(chat: Office) -> None:
    shown = fill_in(chat)
    told = words_of(shown)
    assert said("intake.check_proposal") in told
    assert said("intake.consent_proposal") in told
    assert all(value in told for value in (ISSUE, "บ้านป่าแดด อำเภอเมือง", "เด็กนักเรียนและผู้ปกครอง", "081-234-5678"))
    assert labels(shown) == [SEND, FIX, CANCEL]
    assert cases_of(chat) == []
    assert given(chat) == []


def test_the_yes_keeps_it_with_what_was_agreed_to(chat: Office) -> None:
    told = chat.press(fill_in(chat), SEND)

    case = case_of(chat)
    assert said("leave.kept", number=str(case.id)) in words_of(told)
    assert said("case.promise", day="วันพรุ่งนี้", time="12:00 น.") in words_of(told)
    assert (case.kind, case.topic) == ("proposal", "forum.propose")
    assert case.detail == "น้ำท่วมถนนหน้าโรงเรียนทุกปี โทร <เบอร์โทร>"
    assert kept(chat, case.id) == [("citizen", "text", ISSUE)]
    assert form(chat)["contact"] == "081-234-5678"
    assert form(chat)["who"] == "เด็กนักเรียนและผู้ปกครอง"
    assert form(chat)["place"] == "บ้านป่าแดด อำเภอเมือง"
    words_shown = shown_hash(said("intake.consent_proposal"), SEND, FIX, CANCEL)
    assert given(chat) == [("proposal", intake_consent.VERSIONS["proposal"], words_shown, "button")]
    assert [question.text for question in chat.questions()] == ["อยากเสนอเรื่อง"]


@pytest.mark.parametrize("word", ["ส่งเลย", "ใช่ค่ะ", "ตกลง", "ถูกต้องแล้วค่ะ ส่งได้เลย", "แม่นแล้วเจ้า"])
def test_a_yes_in_words_is_one_too(chat: Office, word: str) -> None:
    fill_in(chat)
    chat.say(word)
    assert [way for *_, way in given(chat)] == ["text"]
    assert case_of(chat).kind == "proposal"


def test_pressed_twice_it_is_sent_once(chat: Office) -> None:
    shown = fill_in(chat)
    chat.press(shown, SEND)
    assert said("stale.button") in words_of(chat.press(shown, SEND))
    assert len(cases_of(chat)) == 1


@pytest.mark.parametrize(
    ("typed", "kept_as"),
    [
        ("0812345678", "081-234-5678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "081-234-5678"),
        ("053 711 123", "053-711-123"),
        ("malee@example.org", "malee@example.org"),
        ("ข้าม", None),
        ("ไม่ให้", None),
    ],
)
def test_the_number_is_read_and_may_be_left_out(chat: Office, typed: str, kept_as: str | None) -> None:
    chat.press(fill_in(chat, typed), SEND)
    assert form(chat).get("contact") == kept_as


def sent_in_messages(chat: Office) -> None:
    begin(chat)
    for message_id, text in TYPED.items():
        shown = chat.say(text, message_id=message_id)
    chat.press(shown, SEND)


@pytest.mark.parametrize(
    ("message_id", "left"),
    [
        ("w", {"place", "district", "who", "contact"}),
        ("p", {"who", "contact", "taken_back"}),
        ("h", {"place", "district", "contact", "taken_back"}),
        ("c", {"place", "district", "who", "taken_back"}),
    ],
)
def test_an_answer_goes_with_its_message_and_the_case_shows_that(chat: Office, message_id: str, left: set[str]) -> None:
    sent_in_messages(chat)
    whole = form(chat)
    assert set(whole) == {"place", "district", "who", "contact"}
    chat.hear(an_event("unsend", unsend={"messageId": message_id}))
    after = form(chat)
    assert set(after) == left
    assert after.pop("taken_back", None) == {"p": ["place"], "h": ["who"], "c": ["contact"]}.get(message_id)
    assert after == {name: value for name, value in whole.items() if name in left}
    gone = {"w": ISSUE, "p": "ดอยลับ", "h": "เด็กนักเรียน", "c": "081-234-5678"}[message_id]
    assert where(chat.database, chat.vault, {"gone": gone}) == {}


def test_nothing_is_left_of_an_answer_that_is_unsent_while_the_form_is_filled_in(chat: Office) -> None:
    begin(chat)
    for message_id, text in list(TYPED.items())[:3]:
        chat.say(text, message_id=message_id)
    chat.hear(an_event("unsend", unsend={"messageId": "h"}))
    assert where(chat.database, chat.vault, {"who": TYPED["h"]}) == {}


def test_somebody_else_s_unsend_takes_nothing(chat: Office) -> None:
    sent_in_messages(chat)
    whole = form(chat)
    chat.say("เมนู", user_id=MALEE)
    chat.hear(an_event("unsend", unsend={"messageId": "c"}, user_id=MALEE))
    assert form(chat) == whole


def test_a_number_that_nobody_has_is_asked_again(chat: Office) -> None:
    asked = fill_in(chat, "081 234")
    assert words_of(asked) == said("intake.contact_unread")
    shown = chat.press(asked, said("button.intake_no_contact"))
    assert said("intake.row_no_contact") in words_of(shown)


def test_a_place_can_be_shown_on_the_map(chat: Office) -> None:
    district = shipped().pack.districts[0].name["th"]
    begin(chat)
    chat.say(ISSUE)
    place = {"type": "location", "id": "9", "latitude": 19.91, "longitude": 99.83, "address": f"อำเภอ{district}"}
    assert words_of(chat.hear(an_event("message", message=place))) == said("intake.who")
    chat.say("ทุกคน")
    chat.press(chat.say("ข้าม"), SEND)
    assert form(chat)["district"] == district


def test_everything_can_be_changed_before_it_is_sent(chat: Office) -> None:
    choices = chat.press(fill_in(chat), FIX)
    assert labels(choices) == ["เรื่อง", "ที่ไหน", "เกี่ยวกับใคร", "เบอร์โทร", CANCEL]
    assert words_of(chat.press(choices, "ที่ไหน")) == said("intake.place")
    shown = chat.say("บ้านใหม่")
    assert "บ้านใหม่" in words_of(shown)
    chat.press(shown, SEND)
    assert form(chat)["place"] == "บ้านใหม่"


@pytest.mark.parametrize(
    "typed",
    [
        *("อืม", "เอาเบอร์ออกก่อน", "มีผิดค่ะ", "ได้ แต่ขอแก้เบอร์ก่อน", "มีอีกเรื่องอยากเพิ่ม", "ใช่ แต่ที่อยู่ผิด", "ถูกบางส่วน"),
        *("ยืนยันว่าไม่ส่ง", "เอาไว้ก่อน", "ok but change the place", "ใช่ไหม"),
    ],
)
def test_anything_else_typed_shows_it_again(chat: Office, typed: str) -> None:
    fill_in(chat)
    assert said("intake.checking") in words(chat, typed)
    assert (cases_of(chat), given(chat)) == ([], [])


@pytest.mark.parametrize("answered", range(4))
def test_it_can_be_left_at_every_step(chat: Office, answered: int) -> None:
    begin(chat)
    for text in (ISSUE, "ป่าแดด", "ทุกคน", "ข้าม")[:answered]:
        chat.say(text)
    assert said("menu.left") in words(chat, "ยกเลิก")
    assert cases_of(chat) == []
    assert words_of(begin(chat)) == said("intake.issue"), "and begins anew"


def test_a_question_in_between_is_answered_and_may_have_been_the_answer(chat: Office) -> None:
    begin(chat)
    between = chat.say(QUESTION)
    assert words_of(between).endswith(said("intake.held"))
    assert words_of(chat.press(between, said("button.intake_held"))) == said("intake.place")


def test_what_was_left_lying_is_gone_on_with(chat: Office) -> None:
    begin(chat)
    chat.say(ISSUE)
    chat.say("เมนู")
    assert words_of(begin(chat)) == f"{said('intake.found')}\n{said('intake.place')}"


def test_a_place_in_latin_letters_does_not_make_it_english(chat: Office) -> None:
    begin(chat)
    chat.say(ISSUE)
    assert words(chat, "Ban Pa Daet") == said("intake.who")


def test_a_cry_for_help_is_heard_in_the_middle(chat: Office) -> None:
    begin(chat)
    assert "โทร 1323" in labels(chat.say("อยากตาย"))


def test_nothing_of_it_asks_the_matcher_by_itself(chat: Office) -> None:
    matcher = chat.matcher
    assert isinstance(matcher, ToldMatcher)
    before = len(matcher.heard)
    chat.press(fill_in(chat), SEND)
    assert len(matcher.heard) - before == 5  # each text once, when its turn began


def test_what_follows_it_is_passed_on_too(chat: Office) -> None:
    chat.press(fill_in(chat), SEND)
    told = words_of(chat.hear(picture("p1")))
    chat.say("ลืมบอก ท่วมมาสามปีแล้ว")
    assert said("case.passed_on", number=str(case_of(chat).id)) in told
    assert [kind for _, kind, _ in kept(chat, case_of(chat).id)] == ["text", "image", "text"]
