"""Questions in everyday Thai, and what comes of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import clock
from bot.storage import faq_versions
from bot.storage.questions import QuestionRow
from knowledge.answers import compose
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from tests.scenarios.house import CONTACT_PHONE, House
from tests.scenarios.phone import Heard, Phone, said
from tests.scenarios.test_arriving import MENU

FITS = "ตอบตรงไหมคะ"
HEAR_BACK = "ให้บอกเมื่อมีคำตอบ"
NONE = "ไม่ใช่ทั้งหมดนี้"
VAGUE = ("สมัคร", "สมัครได้ไหม", "มีอะไรบ้าง", "อยากสมัคร", "เข้าร่วม", "ยกเลิก ลงทะเบียน", "โครงการ", "เด็ก", "ต้องทำยังไง",
         "อยากรู้เรื่องอบรม", "เรื่องโรงเรียน", "งาน", "ช่วยเหลือ", "พื้นที่", "ข้อมูล", "รายละเอียด", "เวลา", "ทำได้ไหม")  # fmt: skip


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(SHIPPED)


def opening(catalogue: Catalogue, entry: str) -> str:
    """The first paragraph of an entry's answer, with today's figures and this centre's facts."""
    today = clock.bangkok_date(clock.now())
    facts = {"contact_phone": CONTACT_PHONE}
    return compose(catalogue.entries[entry], language="th", facts=facts, today=today).split("\n\n")[0]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        pytest.param("ศูนย์นี้ตั้งมากี่ปีแล้ว", "center.founded", id="everyday"),
        pytest.param("จะขอให้มาจัดเวทีที่หมู่บ้านต้องติดต่อยังไง", "forum.propose", id="long"),
        pytest.param("อยากเปนสื่ออาสาต้องทำไงค่ะ", "media.join", id="misspelt"),
        pytest.param("โรงเรียนสมัคเข้าโครงการยังงัย", "school.apply", id="misspelt-too"),
        pytest.param("ศูนย์ทำงานในพื้นที่อำเภอไหนบ้างของเชียงราย", "center.area", id="without-spaces"),
        pytest.param("บัตรคนจน  ลงทะเบียน   ที่ไหน", "poverty.welfare_card", id="spaces-everywhere"),
        pytest.param("ข้าเจ้าใคร่เป็นสื่ออาสา ต้องยะจะใดเจ้า", "media.join", id="northern"),
    ],
)
def test_a_question_is_answered_with_its_topic(
    house: House, known: Phone, catalogue: Catalogue, text: str, entry: str
) -> None:
    heard = known.say(text)

    assert house.question(heard.event_id).entry == entry
    assert opening(catalogue, entry) in heard.words
    assert heard.messages[-1]["text"] == FITS


def test_a_question_in_english_is_answered_in_english(known: Phone, catalogue: Catalogue) -> None:
    heard = known.say("what time does the centre open on Saturday")

    assert "Did that answer your question?" in heard.words
    assert not any("\u0e00" <= letter <= "\u0e7f" for letter in heard.messages[-1]["text"])


def test_the_centre_s_own_facts_are_stated(known: Phone) -> None:
    assert CONTACT_PHONE in known.say("ขอเบอร์ติดต่อศูนย์หน่อยครับ").words


def test_neighbouring_questions_are_a_press_away(known: Phone, catalogue: Catalogue) -> None:
    heard = known.say("วันเสาร์ศูนย์เปิดไหมคะ")
    related = catalogue.entries["center.hours"].related
    titles = [catalogue.entries[entry].title["th"] for entry in related]
    assert heard.choices == ["👍 ตรง", "👎 ไม่ตรง", *titles, "เมนู", "คุยกับเจ้าหน้าที่"]

    for title, entry in zip(titles, related, strict=True):
        answer = known.press(title, on=heard)
        assert opening(catalogue, entry) in answer.words


@pytest.mark.parametrize(
    ("label", "feedback", "key"),
    [("👍 ตรง", "yes", "feedback.thanks"), ("👎 ไม่ตรง", "no", "feedback.sorry")],
    ids=["yes", "no"],
)
def test_whether_an_answer_fits_is_kept(house: House, known: Phone, label: str, feedback: str, key: str) -> None:
    asked = known.say("วันเสาร์ศูนย์เปิดไหมคะ")

    heard = known.press(label)

    assert said(key) in heard.words
    assert "คุยกับเจ้าหน้าที่" in heard.choices
    question = house.question(asked.event_id)
    assert question.feedback == feedback
    assert question.feedback_at > question.asked_at


def test_one_may_think_again_about_whether_it_fits(house: House, known: Phone) -> None:
    asked = known.say("วันเสาร์ศูนย์เปิดไหมคะ")
    known.press("👎 ไม่ตรง", on=asked)
    known.press("👍 ตรง", on=asked)

    assert house.question(asked.event_id).feedback == "yes"


@pytest.fixture
def unsure(house: House) -> tuple[Phone, Heard]:
    """Somebody whose words the bot is not sure of, and its question back."""
    for text in VAGUE:
        phone = Phone.of_somebody(house)
        phone.follow()
        heard = phone.say(text)
        if NONE in heard.labels:
            return phone, heard
    raise AssertionError(f"the bot was sure of, or lost with, every one of {VAGUE}")


def test_words_that_may_mean_several_things_are_asked_about(house: House, unsure: tuple[Phone, Heard]) -> None:
    _, heard = unsure
    (card,) = heard.messages
    *topics, none = [label for label in heard.labels if label not in heard.choices]

    assert "หมายถึงเรื่องไหนคะ" in card["altText"]
    assert none == NONE
    assert 1 <= len(topics) <= 3
    assert heard.choices == ["เมนู", "คุยกับเจ้าหน้าที่"]
    assert house.question(heard.event_id).decision == "clarify"


def test_one_of_the_choices_is_answered_and_kept(
    house: House, unsure: tuple[Phone, Heard], catalogue: Catalogue
) -> None:
    phone, heard = unsure
    question = house.question(heard.event_id)
    meant = question.candidates[1]["entry"]

    answer = phone.press(catalogue.entries[meant].title["th"])

    assert opening(catalogue, meant) in answer.words
    assert house.question(heard.event_id).chosen == meant


def test_none_of_the_choices_leads_on(house: House, unsure: tuple[Phone, Heard]) -> None:
    phone, heard = unsure

    answer = phone.press(NONE)

    assert said("fallback.second") in answer.words
    assert answer.labels == [*MENU, HEAR_BACK]
    assert house.question(heard.event_id).chosen == "none"


@pytest.mark.parametrize(
    ("text", "entry"),
    [("สวัสดีตอนเช้าจ้า", "general.greeting"), ("ขอบคุณมากนะคะ", "general.thanks"), ("ไปก่อนนะคะ", "general.goodbye")],
    ids=["greeting", "thanks", "goodbye"],
)
def test_small_talk_is_answered_and_not_judged(known: Phone, catalogue: Catalogue, text: str, entry: str) -> None:
    heard = known.say(text)

    assert opening(catalogue, entry) in heard.words
    assert FITS not in heard.words
    assert heard.choices == MENU


def test_the_menu_is_a_word_away_and_every_button_of_it_answers(known: Phone) -> None:
    menu = known.say("เมนู")
    assert menu.words.startswith(f"{said('menu.title')}\n{said('menu.text')}")
    assert menu.labels == MENU

    answers = [known.press(label, on=menu).words for label in MENU]

    assert len(set(answers)) == len(MENU), "each with words of its own"
    assert not any(said("stale.button") in answer for answer in answers)


def test_help_says_what_the_bot_can_do(known: Phone) -> None:
    heard = known.say("วิธีใช้")

    assert heard.words == said("menu.help")
    assert heard.choices == MENU


def test_a_question_is_logged_masked_with_all_that_led_to_the_answer(house: House, known: Phone) -> None:
    heard = known.say("รบกวนโทรกลับ ๐๘๑-234 5678 หน่อย อยากรู้ว่าศูนย์เปิดกี่โมง")

    logged = house.question(heard.event_id)
    with house.db.reading() as db:
        version = faq_versions.find_published(db)
    assert logged.text == "รบกวนโทรกลับ <เบอร์โทร> หน่อย อยากรู้ว่าศูนย์เปิดกี่โมง"
    assert not any(character.isdigit() for word in logged.words for character in word)
    assert {"ศูนย์", "เปิด"} <= set(logged.words)
    assert (logged.decision, logged.entry, logged.refusal, logged.urgent) == ("answer", "center.hours", None, False)
    assert logged.candidates[0]["entry"] == "center.hours"
    assert 0 < len(logged.candidates) <= 5
    assert all(0 <= candidate["score"] <= 1 for candidate in logged.candidates)
    assert logged.knowledge_version == version
    assert logged.milliseconds > 0
    assert logged.message_id == known.sent_message_id
    assert known.user_id not in str(logged.asker)


def test_one_person_s_questions_have_one_asker_and_another_s_another(house: House, known: Phone) -> None:
    other = Phone.of_somebody(house)
    mine = [known.say(text).event_id for text in ("ศูนย์เปิดกี่โมงคะ", "ศูนย์นี้ตั้งมากี่ปีแล้ว")]
    theirs = other.say("ศูนย์เปิดกี่โมงคะ").event_id

    first, second, third = (house.question(event_id).asker for event_id in (*mine, theirs))

    assert first == second != third


def test_what_is_taken_back_loses_its_words(house: House, known: Phone) -> None:
    heard = known.say("ศูนย์เปิดกี่โมงคะ")

    known.unsend(known.sent_message_id)

    question = house.question(heard.event_id)
    assert (question.text, question.words) == (None, [])
    with house.db.reading() as db:
        left = db.scalars(select(QuestionRow.text).where(QuestionRow.message_id == known.sent_message_id)).all()
    assert left == [None]


def test_what_is_taken_back_before_it_reached_the_bot_leaves_no_words(house: House, known: Phone) -> None:
    """LINE does not promise the order of events."""
    (message,) = house.webhook(known.event("ศูนย์เปิดกี่โมงคะ"), send=False)["events"]
    source = {"type": "user", "userId": known.user_id}
    taken_back = {"type": "unsend", "source": source, "unsend": {"messageId": message["message"]["id"]}}

    house.webhook(taken_back, message)

    house.wait_until_idle()
    with house.db.reading() as db:
        kept = db.scalars(select(QuestionRow.text).where(QuestionRow.message_id == message["message"]["id"])).all()
    assert [text for text in kept if text] == []
