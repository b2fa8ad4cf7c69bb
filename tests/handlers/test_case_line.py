"""A person of the centre on the line: the bot keeps quiet, and takes over politely afterwards."""

from __future__ import annotations

import pytest

from bot.cases import handling
from bot.storage import cases
from bot.storage.engine import Database
from tests.builders import a_press, a_text, an_event
from tests.handlers.casework import (
    TO_STAFF,
    befriended,
    case_of,
    cases_of,
    kept,
    leave_word,
    picture,
    said,
    staff_closes,
    staff_writes,
    words,
)
from tests.office import Office, answers, labels, words_of

WORD = "อยากปรึกษาเรื่องที่ดิน โทร 081 234 5678"
TOMORROW = said("case.promise", day="วันพรุ่งนี้", time="12:00 น.")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What differs between the two databases is tried where cases are."""
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    office.matcher.told["อยากตาย"] = answers("general.crisis", urgent=True)
    return befriended(office, ศูนย์คืออะไร="center.what")


@pytest.fixture
def live(chat: Office) -> Office:
    """Somchai has left a word, and staff have just written to him."""
    staff_writes(chat, leave_word(chat, WORD).id)
    return chat


def close(office: Office, *, tell: bool = True) -> None:
    """And nothing is on its way yet."""
    case = case_of(office)
    with office.database.transaction() as db:
        handling.close(db, office.vault, case.id, by=case.taken_by or 0, tell=tell, now=office.now)


def test_what_staff_write_is_said_with_its_number_and_how_to_go_on(chat: Office) -> None:
    case = leave_word(chat, WORD)

    first = staff_writes(chat, case.id, "ที่ดินอยู่ที่ไหนคะ")
    chat.wait(minutes=1)
    second = staff_writes(chat, case.id, "มีโฉนดไหมคะ")

    header = said("case.from_staff", number=str(case.id))
    assert words_of(first) == f"{header}\n\nที่ดินอยู่ที่ไหนคะ\n{said('case.line_hint')}"
    assert words_of(second) == f"{header}\n\nมีโฉนดไหมคะ"
    assert labels(first) == labels(second) == [said("button.case_end")]


def test_the_bot_keeps_quiet_and_staff_hear_what_is_written(live: Office) -> None:
    assert live.say("ศูนย์คืออะไร") == []
    assert live.say("บ้านป่าแดด 081 234 5678") == []
    assert (
        live.hear(an_event("message", message={"type": "sticker", "id": "s1", "packageId": "1", "stickerId": "2"}))
        == []
    )

    case = case_of(live)
    assert [text for _, _, text in kept(live, case.id)] == [
        WORD, "สวัสดีค่ะ ที่ดินอยู่อำเภอไหนคะ", "ศูนย์คืออะไร", "บ้านป่าแดด 081 234 5678", None,
    ]  # fmt: skip
    assert case.waits_for == cases.STAFF
    assert [question.text for question in live.questions()] == [], "they are no questions to the bot"


@pytest.mark.parametrize("text", ["ไม่ต้องบอกแล้ว", "ให้แจ้งกลับค่ะ", "รับค่ะ", "ไม่เอาค่ะ"])
def test_what_may_be_meant_for_either_is_meant_for_staff(live: Office, text: str) -> None:
    assert live.say(text) == []
    assert [words for _, _, words in kept(live, case_of(live).id)][-1:] == [text]


def test_a_picture_is_heard_and_fetched(live: Office) -> None:
    assert live.hear(picture("p1")) == []
    assert kept(live, case_of(live).id)[-1][:2] == ("citizen", "image")


def test_the_free_reply_is_left_to_staff(live: Office) -> None:
    live.say("อยู่เชียงของค่ะ")
    staff_writes(live, case_of(live).id, "ขอบคุณค่ะ")
    assert live.line.sent[-1][0] == "reply"


def test_buttons_and_commands_still_work(live: Office) -> None:
    menu = live.say("เมนู")
    assert said("menu.title") in words_of(menu)
    assert "เครือข่ายประชาสังคม" in words_of(live.press(menu, "ศูนย์คืออะไร"))
    assert live.say("ศูนย์คืออะไร") == []


def test_a_dialogue_that_a_button_began_on_the_line_gets_its_answer(live: Office) -> None:
    asked = live.press(live.say("เมนู"), TO_STAFF)
    number = str(case_of(live).id)
    assert said("case.more", number=number) in words_of(asked)
    assert said("case.more_kept", number=number) in words(live, "มีเอกสารเพิ่ม")
    assert live.say("ขอบคุณค่ะ") == []


def test_a_dialogue_from_before_does_not_take_what_is_meant_for_staff(chat: Office) -> None:
    case = leave_word(chat, WORD)
    chat.matcher.told["อยากเสนอเรื่อง"] = answers("forum.propose")
    chat.press(chat.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")

    staff_writes(chat, case.id)

    assert chat.say("อำเภอเชียงของค่ะ") == []
    assert kept(chat, case.id)[-1][2] == "อำเภอเชียงของค่ะ"


def test_the_hotlines_come_first_and_are_heard_by_both(live: Office) -> None:
    heard = live.say("อยากตาย")

    assert "โทร 1323" in labels(heard)
    person, urgent = cases_of(live)
    assert (person.kind, urgent.kind) == ("wants_person", "urgent")
    assert [kept(live, case.id)[-1] for case in (person, urgent)] == [("citizen", "text", "อยากตาย")] * 2


@pytest.mark.parametrize("word", ["“คุยกับบอต”", "คุยกับบอตนะคะ", "คุยกับบอท", "คุยกับบอตค่ะ", "จบการคุย", "Talk to the bot"])
def test_the_person_can_end_it_by_a_word(live: Office, word: str) -> None:
    language = "en" if word.isascii() else "th"
    ended = live.say(word)
    assert said("case.line_ended", language, number=str(case_of(live).id)) in words_of(ended)
    assert "เครือข่ายประชาสังคม" in words(live, "ศูนย์คืออะไร")


def test_the_person_can_end_it_by_the_button(chat: Office) -> None:
    told = staff_writes(chat, leave_word(chat, WORD).id)
    chat.say("ค่ะ")
    ended = chat.press(told, said("button.case_end"))
    assert words_of(ended) == "\n".join((said("case.line_ended", number=str(case_of(chat).id)), TOMORROW))
    assert said("case.line_none") in words_of(chat.press(told, said("button.case_end")))


def test_afterwards_the_bot_says_once_that_it_looks_after_them_again(live: Office) -> None:
    live.say("อยู่เชียงของค่ะ")
    live.wait(minutes=31)

    again, later = words(live, "ศูนย์คืออะไร"), words(live, "ศูนย์คืออะไร")

    over = said("case.line_over", number=str(case_of(live).id))
    assert again.startswith(f"{over}\n{TOMORROW}\n")
    assert "เครือข่ายประชาสังคม" in again
    assert over not in later


def test_a_line_that_the_person_ended_is_not_ended_again(live: Office) -> None:
    live.say("คุยกับบอต")
    live.wait(minutes=31)
    assert said("case.line_over", number=str(case_of(live).id)) not in words(live, "ศูนย์คืออะไร")


def test_where_staff_wait_for_the_citizen_nothing_is_promised(live: Office) -> None:
    assert words(live, "คุยกับบอต") == said("case.line_ended", number=str(case_of(live).id))


def test_a_flood_is_heard_all_the_same(chat: Office) -> None:
    chat.person_pace = 3
    chat.__post_init__()
    case = leave_word(chat, WORD)
    staff_writes(chat, case.id)
    chat.wait(minutes=2)
    staff_writes(chat, case.id)
    for number in range(4):
        assert chat.say(f"ข้อที่ {number}") == []
    assert kept(chat, case.id)[-1][2] == "ข้อที่ 3"


def test_what_follows_a_flood_reaches_staff_too_up_to_twice_the_pace(chat: Office) -> None:
    """An album, say: whoever is on the line is never told that some of it was lost."""
    chat.person_pace = 10
    chat.__post_init__()
    case = leave_word(chat, WORD)
    staff_writes(chat, case.id)
    chat.wait(minutes=3)
    staff_writes(chat, case.id)
    before = len(kept(chat, case.id))
    chat.receive(*(picture(f"p{number}") for number in range(25)))
    chat.wait(seconds=1)
    chat.work()
    assert [kind for _, kind, _ in kept(chat, case.id)[before:]] == ["image"] * 19
    assert [kind for kind, _, _ in chat.cases()] == [], "it is no flood"


def test_the_closing_asks_whether_it_helped(live: Office) -> None:
    asked = staff_closes(live, case_of(live).id)
    assert words_of(asked) == said("case.closed", number=str(case_of(live).id))
    assert labels(asked)[:2] == ["ช่วยได้", "ยังไม่ได้"]

    assert words_of(live.press(asked, "ช่วยได้")) == said("case.helped")
    assert (case_of(live).state, case_of(live).satisfied) == ("closed", "yes")


def test_a_case_that_is_open_again_is_not_said_to_be_done(live: Office) -> None:
    """The citizen's words were before the bot's in their lane, and were read after staff had closed it."""
    live.press(live.say("เรื่องของฉัน"), said("button.case_more"))
    live.wait(seconds=1)
    live.receive(a_text("ลืมบอกว่าโฉนดหายค่ะ", message_id="late"))
    before = len(live.line.sent)
    close(live)
    live.wait(seconds=2)
    live.work()
    sent = "\n".join(words_of(messages) for _, _, messages in live.line.sent[before:])
    number = str(case_of(live).id)
    assert said("case.more_kept", number=number) in sent
    assert said("case.closed", number=number) not in sent
    assert case_of(live).state == "taken"


def test_closed_without_a_word_on_the_line_the_bot_says_that_it_is_back(live: Office) -> None:
    close(live, tell=False)
    live.wait(minutes=1)
    back = said("case.line_over_closed")
    assert words(live, "ศูนย์คืออะไร").startswith(back)
    assert back not in words(live, "ศูนย์คืออะไร")


def test_closed_without_a_word_it_is_not_said_to_be_with_staff(live: Office) -> None:
    close(live, tell=False)
    assert words(live, "คุยกับบอต") == said("case.line_none")
    assert said("case.line_over_closed") not in words(live, "ศูนย์คืออะไร")


def test_not_yet_opens_it_again_and_asks_what_is_missing(live: Office) -> None:
    number = str(case_of(live).id)
    asked = staff_closes(live, case_of(live).id)

    again = live.press(asked, "ยังไม่ได้")

    assert words_of(again) == "\n".join((said("case.reopened", number=number), TOMORROW, said("case.reopened_ask")))
    assert (case_of(live).state, case_of(live).satisfied) == ("taken", "no")
    assert said("case.more_kept", number=number) in words(live, "ยังไม่ได้โฉนดคืนค่ะ")
    assert kept(live, int(number))[-1] == ("citizen", "text", "ยังไม่ได้โฉนดคืนค่ะ")


def test_not_yet_pressed_twice_is_one_reopening(live: Office) -> None:
    asked = staff_closes(live, case_of(live).id)
    live.press(asked, "ยังไม่ได้")
    assert said("case.reopened", number=str(case_of(live).id)) in words_of(live.press(asked, "ยังไม่ได้"))
    assert case_of(live).state == "taken"


def test_not_yet_after_a_week_leads_to_a_new_one(live: Office) -> None:
    asked = staff_closes(live, case_of(live).id)
    live.wait(days=8)
    assert words_of(live.press(asked, "ยังไม่ได้")) == said("case.too_late", number=str(case_of(live).id))
    assert case_of(live).state == "closed"


def test_somebody_else_s_case_cannot_be_judged(live: Office) -> None:
    asked = staff_closes(live, case_of(live).id)
    heard = live.press(asked, "ยังไม่ได้", user_id="U" + "9" * 32)
    assert said("stale.button") in words_of(heard)
    assert case_of(live).state == "closed"


def test_a_message_of_a_case_is_said_to_nobody_else(live: Office) -> None:
    data = live.desk.buttons.encode("case_say", now=live.now, m="2")
    assert live.hear(a_press(data, user_id="U" + "9" * 32)) == []


def test_a_picture_that_the_bot_asked_for_on_the_line_is_heard(live: Office) -> None:
    live.press(live.say("เมนู"), TO_STAFF)
    live.hear(picture("p1"))
    assert kept(live, case_of(live).id)[-1][1] == "image"


def test_of_danger_at_night_the_hotlines_are_said_and_no_hours(chat: Office) -> None:
    chat.wait(hours=10)
    chat.say("อยากตาย")
    number = str(case_of(chat).id)
    urgent, closed = said("case.passed_on_urgent"), "นอกเวลาทำงาน"
    told = [words(chat, "เรื่องของฉัน")]
    staff_writes(chat, int(number))
    chat.say("ยังอยู่ค่ะ")
    told.append(words(chat, "คุยกับบอต"))
    told.append(words_of(chat.press(chat.say(f"#{number}"), said("button.case_more"))))
    told.append(words_of(chat.press(staff_closes(chat, int(number)), "ยังไม่ได้")))
    told.append(words(chat, "ยังกลัวอยู่ค่ะ"))
    assert [urgent in one for one in told] == [True] * 5
    assert [closed in one or "เจ้าหน้าที่จะตอบภายใน" in one for one in told] == [False] * 5


def test_danger_that_nobody_has_looked_at_in_time_is_said_to_be_no_broken_promise(chat: Office) -> None:
    """Nothing was promised in words; how to reach somebody is what counts."""
    chat.say("อยากตาย")
    chat.wait(hours=1)
    told = words(chat, "เรื่องของฉัน")
    assert said("case.late") not in told
    assert said("case.passed_on_urgent") in told
    assert "053 000 000" in told
