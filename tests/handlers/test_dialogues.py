"""What people see: every dialogue of the bot, with a matcher that decides as told."""

from __future__ import annotations

import pytest

from bot.line import limits
from knowledge.decision import Candidate, Decision
from tests.builders import MALEE, SOMCHAI, a_follow, a_press, a_text
from tests.office import Office, answers, data_of, labels, words_of

CLARIFY = Decision(
    "clarify", None, (Candidate("school.apply", 0.4), Candidate("school.who", 0.3), Candidate("event.register", 0.1),
                      Candidate("media.join", 0.05)),
)  # fmt: skip


@pytest.fixture
def known(office: Office) -> Office:
    """Somebody who has been welcomed, and a matcher that knows a few questions."""
    office.matcher.told = {
        "ศูนย์คืออะไร": answers("center.what"),
        "ติดต่อยังไง": answers("center.contact"),
        "อยากเสนอเรื่อง": answers("forum.propose"),
        "สวัสดี": answers("general.greeting"),
        "อบรมโรงเรียน": CLARIFY,
        "อยากตาย": answers("general.crisis", urgent=True),
        "เลือกพรรคไหนดี": Decision("fallback", None, (), refusal="political"),
        "ไอ้บอตโง่": Decision("fallback", None, (), refusal="abuse"),
        "สองเรื่อง": answers("center.hours", also=("center.location",)),
    }
    office.hear(a_follow())
    return office


def test_a_new_friend_is_welcomed_with_the_notice_and_the_menu(office: Office) -> None:
    messages = office.hear(a_follow())
    assert len(messages) == 2
    said = words_of(messages)
    assert "ศูนย์พัฒนาการเมืองภาคพลเมือง" in said
    assert "ข้อมูลของฉัน" in said
    notice = messages[1]["text"].splitlines()[1:]
    assert len(notice) == 3, "three sentences"
    assert {"เมนู", "คุยกับเจ้าหน้าที่"} & set(labels(messages))


def test_somebody_who_comes_back_is_not_told_again(known: Office) -> None:
    messages = known.hear(a_follow())
    assert len(messages) == 1
    assert "ข้อมูลของคุณ" not in words_of(messages)


def test_an_earlier_friend_gets_the_notice_with_the_first_answer_only(known: Office) -> None:
    first = known.say("ศูนย์คืออะไร", user_id=MALEE)
    assert first[0]["text"].startswith("สวัสดีค่ะ 🙏 นี่คือบอตของศูนย์")
    assert "เรื่องข้อมูลของคุณ" in first[0]["text"]
    assert "เครือข่ายประชาสังคม" in words_of(first[1:])
    second = known.say("ศูนย์คืออะไร", user_id=MALEE)
    assert "เรื่องข้อมูลของคุณ" not in words_of(second)


def test_nothing_stands_before_the_hotlines(known: Office) -> None:
    messages = known.say("อยากตาย", user_id=MALEE)
    assert "เรื่องข้อมูลของคุณ" not in words_of(messages)
    assert [number for number in ("191", "1669", "1323", "1300") if number in words_of(messages[:1])] == [
        "191", "1669", "1323", "1300",
    ]  # fmt: skip
    assert {"โทร 191", "โทร 1669", "โทร 1323", "โทร 1300"} <= set(labels(messages))
    assert known.cases() == [("urgent", True, "อยากตาย")]


def test_two_cries_for_help_are_one_case(known: Office) -> None:
    known.say("อยากตาย")
    known.say("อยากตาย")
    assert len(known.cases()) == 1


def test_an_answer_comes_with_its_neighbours_and_the_question_whether_it_fits(known: Office) -> None:
    messages = known.say("ศูนย์คืออะไร")
    assert messages[-1]["text"] == "ตอบตรงไหมคะ"
    shown = labels([messages[-1]])
    assert shown[:2] == ["👍 ตรง", "👎 ไม่ตรง"]
    related = known.tools.library.current().catalogue.entries["center.what"].related
    titles = [known.tools.library.current().catalogue.entries[entry].title["th"] for entry in related]
    assert [label for label in shown if label in titles] == titles


def test_yes_is_kept_and_thanked_for(known: Office) -> None:
    thanks = known.press(known.say("ศูนย์คืออะไร"), "👍 ตรง")
    assert "ขอบคุณ" in words_of(thanks)
    assert known.questions()[-1].feedback == "yes"


def test_no_is_kept_and_offers_neighbours_and_a_person(known: Office) -> None:
    sorry = known.press(known.say("ศูนย์คืออะไร"), "👎 ไม่ตรง")
    assert known.questions()[-1].feedback == "no"
    assert "คุยกับเจ้าหน้าที่" in labels(sorry)
    assert len(labels(sorry)) > 2


def test_a_settings_fact_is_stated_and_a_missing_one_is_not_invented(known: Office) -> None:
    assert "053 000 000" in words_of(known.say("ติดต่อยังไง"))
    assert "@" not in words_of(known.say("ติดต่อยังไง"))


def test_a_question_back_offers_three_topics_and_none_of_these(known: Office) -> None:
    messages = known.say("อบรมโรงเรียน")
    entries = known.tools.library.current().catalogue.entries
    titles = [entries[entry].title["th"] for entry in ("school.apply", "school.who", "event.register")]
    assert labels(messages)[:4] == [*titles, "ไม่ใช่ทั้งหมดนี้"]
    answer = known.press(messages, titles[1])
    assert entries["school.who"].answer["th"].split("\n")[0][:20] in words_of(answer)
    assert known.questions()[-1].chosen == "school.who"


def test_none_of_these_is_kept_and_leads_on(known: Office) -> None:
    messages = known.press(known.say("อบรมโรงเรียน"), "ไม่ใช่ทั้งหมดนี้")
    assert known.questions()[-1].chosen == "none"
    assert "คุยกับเจ้าหน้าที่" in labels(messages)


def test_misses_in_a_row_are_answered_with_other_words(known: Office) -> None:
    said = [words_of(known.say(f"เรื่องที่ไม่รู้ {number}")) for number in range(3)]
    assert len(set(said)) == 3
    assert known.questions()[-1].decision == "fallback"
    known.say("ศูนย์คืออะไร")
    assert words_of(known.say("เรื่องที่ไม่รู้ อีก")) == said[0], "an answer begins a new row"


def test_refusals_are_kind_and_neutral(known: Office) -> None:
    assert "เป็นกลาง" in words_of(known.say("เลือกพรรคไหนดี"))
    assert "ขอโทษ" in words_of(known.say("ไอ้บอตโง่"))


def test_small_talk_is_not_asked_whether_it_fits(known: Office) -> None:
    messages = known.say("สวัสดี")
    assert "ตอบตรงไหมคะ" not in words_of(messages)
    assert "ศูนย์คืออะไร" in labels(messages)


def test_a_second_need_is_one_press_away(known: Office) -> None:
    messages = known.say("สองเรื่อง")
    title = known.tools.library.current().catalogue.entries["center.location"].title["th"]
    assert title in labels(messages)


@pytest.mark.parametrize("word", ["เมนู", "menu", " เมนู! "])
def test_the_menu_is_a_word_away(known: Office, word: str) -> None:
    assert "โรงเรียน" in labels(known.say(word))
    assert known.questions() == [], "asking for the menu is no question"


def test_help_says_what_the_bot_can_do(known: Office) -> None:
    assert "ประชาธิปไตยในโรงเรียน" in words_of(known.say("วิธีใช้"))


def test_every_menu_button_leads_somewhere(known: Office) -> None:
    menu = known.say("เมนู")
    for label in labels(menu):
        assert known.press(menu, label), label


def test_a_topic_leads_to_staff_with_a_number_once(known: Office) -> None:
    pressed = data_of(known.say("ติดต่อยังไง"), "คุยกับเจ้าหน้าที่")
    told = known.hear(a_press(pressed))
    assert "เลขเรื่อง" in words_of(told)
    assert "053 000 000" in words_of(told)
    again = known.hear(a_press(pressed))
    assert "อยู่กับเจ้าหน้าที่แล้ว" in words_of(again)
    assert known.cases() == [("wants_person", False, "ติดต่อยังไง")]


def test_a_person_asked_for_without_a_question_is_asked_what_to_say(known: Office) -> None:
    asked = known.press(known.say("เมนู"), "คุยกับเจ้าหน้าที่")
    assert "พิมพ์เรื่องที่อยากบอก" in words_of(asked)
    assert "รับเรื่องไว้แล้ว" in words_of(known.say("อยากถามเรื่องที่ดิน"))
    assert [kind for kind, _, _ in known.cases()] == ["wants_person"]


def test_another_question_goes_into_the_case_that_is_open(known: Office) -> None:
    known.press(known.say("ติดต่อยังไง", message_id="1"), "คุยกับเจ้าหน้าที่")
    added = known.press(known.say("อยากเสนอเรื่อง", message_id="2"), "คุยกับเจ้าหน้าที่")
    assert "อยู่ในเรื่องเดิม" in words_of(added)
    assert [words for _, _, words in known.cases()] == ["ติดต่อยังไง"]


def test_the_crisis_topic_pressed_is_as_urgent_as_written(known: Office) -> None:
    data = known.tools.buttons.encode("topic", now=known.now, e="general.crisis")
    assert "โทร 1323" in labels(known.hear(a_press(data)))
    assert [urgent for _, urgent, _ in known.cases()] == [True]


def test_one_s_data_can_be_asked_for_in_the_middle_of_a_dialogue(known: Office) -> None:
    known.press(known.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")
    heard = known.say("ข้อมูลของฉัน")
    assert ("เปิดดูข้อมูล" in labels(heard), "ยกเลิก" in labels(heard)) == (True, True)


def test_a_word_is_left_for_staff(known: Office) -> None:
    known.press(known.say("เมนู"), "คุยกับเจ้าหน้าที่")
    kept = known.say("น้ำท่วมบ้านป่าแดด โทร 081 234 5678")
    assert "รับเรื่องไว้แล้ว" in words_of(kept)
    assert [kind for kind, _, _ in known.cases()] == ["wants_person"]
    assert known.questions() == [], "it is no question"


def test_leaving_a_word_can_be_left(known: Office) -> None:
    asked = known.press(known.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")
    assert "ยกเลิกให้แล้ว" in words_of(known.say("ยกเลิก"))
    asked = known.press(known.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")
    assert "ยกเลิกให้แล้ว" in words_of(known.press(asked, "ยกเลิก"))
    assert known.cases() == []
    assert known.say("ศูนย์คืออะไร")


def test_a_cry_for_help_is_heard_in_the_middle_of_a_dialogue(known: Office) -> None:
    known.press(known.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")
    assert "1323" in words_of(known.say("อยากตาย"))


def test_asking_for_one_s_data_reaches_staff(known: Office) -> None:
    heard = known.press(known.say("ข้อมูลของฉัน"), "คุยกับเจ้าหน้าที่เรื่องข้อมูล")
    assert "ส่งคำขอ" in words_of(heard)
    assert [kind for kind, _, _ in known.cases()] == ["privacy"]


def test_every_offer_answers(known: Office) -> None:
    from handlers.offers import OFFERS

    for name in OFFERS:
        data = known.tools.buttons.encode("do", now=known.now, a=name, g="", e="center.what", q="")
        assert words_of(known.hear(a_press(data))), name


def test_an_offer_that_is_gone_gets_a_kind_word(known: Office) -> None:
    data = known.tools.buttons.encode("do", now=known.now, a="fly", g="", e="center.what", q="")
    assert "ปุ่มนี้ใช้ไม่ได้แล้ว" in words_of(known.hear(a_press(data)))


def test_the_map_is_sent_where_there_is_one(office: Office) -> None:
    data = office.tools.buttons.encode("do", now=office.now, a="send_location", g="", e="center.location", q="")
    assert "ยังไม่มีแผนที่" in words_of(office.hear(a_press(data)))
    office.facts.update(contact_latitude="19.9", contact_longitude="99.8", contact_address="ถนนสายหนึ่ง")
    (place,) = office.hear(a_press(data))
    assert (place["type"], place["latitude"], place["address"]) == ("location", 19.9, "ถนนสายหนึ่ง")


def test_english_is_answered_in_english_where_we_have_it(known: Office) -> None:
    known.matcher.told["what is the centre"] = answers("center.what")
    said = words_of(known.say("what is the centre"))
    assert "Did that answer your question?" in said


def test_every_topic_can_be_answered_within_line_s_limits(known: Office) -> None:
    catalogue = known.tools.library.current().catalogue
    for entry in catalogue.entries.values():
        known.matcher.told["q"] = answers(entry.id)
        messages = known.say("q", user_id=SOMCHAI)
        assert 1 <= len(messages) <= limits.MESSAGES_A_REQUEST
        assert all(limits.graphemes(label) <= 20 for label in labels(messages)), entry.id


def test_a_text_of_five_thousand_letters_is_read(known: Office) -> None:
    assert known.hear(a_text("ก" * 5000))
