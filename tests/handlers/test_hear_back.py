"""Being told later: offered after a miss, agreed to by one press, told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.faq.library import Knowledge
from bot.outreach import hear_back
from bot.queue import schedule
from bot.storage.hear_back import HearBackRow
from handlers import wording
from knowledge.decision import Candidate, Decision
from tests.bot.storage.hear_back_table import migrated_postgres, sqlite_database
from tests.builders import MALEE, SOMCHAI, a_press, a_text, an_event
from tests.handlers.casework import case_of, kept
from tests.office import Office, ToldMatcher, answers, data_of, labels, shipped, words_of

__all__ = ["migrated_postgres", "sqlite_database"]
ASKED = "มีรถรับส่งไหม"
OFFER, YES, NO = "ให้บอกเมื่อมีคำตอบ", "ให้แจ้งกลับ", "ไม่ต้องแจ้ง"
NEAR = Decision("fallback", None, (Candidate("school.apply", 0.1),))


def said(key: str, **facts: str) -> str:
    return wording.load("th").say(key, centre=shipped().pack.centre["th"], **facts)


@dataclass
class LaterLibrary:
    """The next version of the FAQ, with the same content."""

    matcher: ToldMatcher
    version: str = "v2"

    def current(self) -> Knowledge:
        return Knowledge(self.version, shipped(), self.matcher)  # type: ignore[arg-type]


@pytest.fixture
def chat(office: Office) -> Office:
    """Somchai and Malee have been told about their data."""
    office.matcher.told = {
        ASKED: NEAR,
        "ศูนย์คืออะไร": answers("center.what"),
        "เลือกพรรคไหนดี": Decision("fallback", None, (), refusal="political"),
    }
    for user_id in (SOMCHAI, MALEE):
        office.say("เมนู", user_id=user_id)
    return office


def agree(chat: Office) -> list[dict[str, Any]]:
    return chat.press(chat.press(chat.say(ASKED), OFFER), YES)


def publish(chat: Office, entry: str = "center.hours", *, version: str = "v2") -> None:
    """A version is in force that knows, and the job has looked."""
    chat.matcher.told[ASKED] = answers(entry)
    object.__setattr__(chat.tools, "library", LaterLibrary(chat.matcher, version))
    look(chat)


def look(chat: Office) -> None:
    schedule.enqueue_due(chat.database, now=chat.now)
    chat.work()


def rows(chat: Office) -> list[HearBackRow]:
    with chat.database.reading() as db:
        return list(db.scalars(select(HearBackRow).order_by(HearBackRow.id)))


def states(chat: Office) -> list[str]:
    return [row.state for row in rows(chat)]


def pushes(chat: Office) -> list[str]:
    return [words_of(messages) for way, _, messages in chat.line.sent if way == "push"]


@pytest.mark.parametrize("misses", [0, 1, 2])
def test_every_rung_offers_to_tell_later_and_asks_nothing_by_itself(chat: Office, misses: int) -> None:
    for number in range(misses):
        chat.say(f"อื่น {number}")
    heard = chat.say(ASKED)
    assert labels(heard[-1:])[-1] == OFFER
    assert rows(chat) == []


@pytest.mark.parametrize("text", ["ศูนย์คืออะไร", "เลือกพรรคไหนดี"])
def test_what_was_answered_or_declined_offers_nothing(chat: Office, text: str) -> None:
    assert OFFER not in labels(chat.say(text))


def test_in_a_storm_nothing_is_offered(chat: Office) -> None:
    chat.storm_misses = 1
    chat.__post_init__()
    assert OFFER not in labels(chat.say(ASKED))


def test_none_of_the_topics_offers_too(chat: Office) -> None:
    assert labels(chat.press(chat.say(ASKED), "ไม่ใช่ทั้งหมดนี้"))[-1] == OFFER


def test_the_one_question_has_a_yes_and_a_no(chat: Office) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    assert (words_of(asked), labels(asked)) == (said("hear.ask", days="7"), [YES, NO])
    assert rows(chat) == []


def test_yes_is_kept_with_the_hash_of_what_was_shown(chat: Office) -> None:
    heard = agree(chat)
    assert words_of(heard) == said("hear.agreed", date="1 ธันวาคม 2569")
    (row,) = rows(chat)
    shown = hear_back.hash_of("\n".join((said("hear.ask", days="7"), YES, NO)))
    assert (row.wording_hash, row.way, row.state) == (shown, "button", "waiting")
    assert row.question_id == chat.questions()[-1].id


def test_pressed_twice_it_is_one_agreement(chat: Office) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    assert words_of(chat.press(asked, YES)) == words_of(chat.press(asked, YES))
    assert states(chat) == ["waiting"]


def test_no_keeps_nothing(chat: Office) -> None:
    heard = chat.press(chat.press(chat.say(ASKED), OFFER), NO)
    assert (words_of(heard), rows(chat)) == (said("hear.declined"), [])


def test_no_after_yes_takes_it_back_however_old_the_button(chat: Office) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    chat.press(asked, YES)
    chat.wait(days=8)
    assert words_of(chat.press(asked, NO)) == said("hear.declined")
    assert states(chat) == ["withdrawn"]


def test_an_old_yes_is_an_old_button(chat: Office) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    chat.wait(days=8)
    assert words_of(chat.press(asked, YES)) == said("stale.button")
    assert rows(chat) == []


@pytest.mark.parametrize(
    "text",
    [
        *("ไม่ต้องแจ้ง", "ไม่ต้องแจ้งแล้ว", "ไม่ต้องแจ้งค่ะ", "ไม่ต้องแจ้งแล้วครับ", "ไม่ต้องแจ้งนะ", "ไม่ต้องเเจ้งนะคะ"),
        *('"ไม่ต้องแจ้ง"', "“ไม่ต้องแจ้ง” ค่ะ", "บ่ต้องแจ้ง", "ไม่ต้องบอกแล้ว"),
    ],
)
def test_a_word_takes_everything_back(chat: Office, text: str) -> None:
    agree(chat)
    publish(chat)
    assert words_of(chat.say(text)) == said("hear.withdrawn")
    assert states(chat) == ["withdrawn"]
    assert words_of(chat.say(text)) == said("hear.nothing")
    chat.wait(days=3)
    look(chat)
    assert pushes(chat) == []


@pytest.mark.parametrize("text", ["ให้แจ้งกลับ", "ให้แจ้งกลับค่ะ", "แจ้งกลับครับ", "“ให้แจ้งกลับ”"])
def test_the_words_of_the_button_may_be_typed(chat: Office, text: str) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    heard = words_of(chat.say(text))
    pressed = chat.desk.buttons.decode(data_of(asked, YES))
    assert heard.startswith("ได้เลยค่ะ 🙏")
    assert [(row.state, row.way, row.wording_hash) for row in rows(chat)] == [
        ("waiting", "text", pressed.arguments["w"])
    ]
    assert words_of(chat.say(text)) != heard


@pytest.mark.parametrize("text", ["ไม่ต้องค่ะ", "No, thank you"])
def test_a_no_may_be_typed_right_after_the_question(chat: Office, text: str) -> None:
    chat.press(chat.say(ASKED), OFFER)
    assert words_of(chat.say(text))[:10] in {said("hear.declined")[:10], "All right,"}
    assert rows(chat) == []


def test_after_the_question_more_of_a_miss_still_reaches_its_case(chat: Office) -> None:
    given = [chat.say(text) for text in ("ไม่รู้จัก", "ไม่รู้จักเลย", "ก็ยังไม่รู้จัก")][-1]
    chat.press(given, OFFER)
    assert chat.say("อยู่แม่สายค่ะ") == []
    assert [words for _, _, words in kept(chat, case_of(chat).id)][-1:] == ["อยู่แม่สายค่ะ"]


@pytest.mark.parametrize("between", ["เมนู", "ศูนย์คืออะไร", "ไม่ต้องแจ้ง", "ไม่รู้จัก"])
def test_typed_later_the_words_of_the_button_agree_to_nothing(chat: Office, between: str) -> None:
    chat.press(chat.say(ASKED), OFFER)
    chat.say(between)
    chat.say("ให้แจ้งกลับ")
    assert rows(chat) == []


@pytest.mark.parametrize("text", ["ค่ะ", "ได้", "แจ้งกลับเมื่อไหร่คะ"])
def test_other_words_agree_to_nothing(chat: Office, text: str) -> None:
    chat.press(chat.say(ASKED), OFFER)
    chat.say(text)
    assert rows(chat) == []


def test_somebody_else_cannot_wait_for_my_question(chat: Office) -> None:
    asked = chat.press(chat.say(ASKED), OFFER)
    heard = chat.hear(a_press(data_of(asked, YES), user_id=MALEE))
    assert (words_of(heard), rows(chat)) == (said("hear.gone"), [])


def test_the_next_free_reply_tells_first_and_only_once(chat: Office) -> None:
    agree(chat)
    publish(chat)
    chat.wait(hours=1)

    heard = words_of(chat.say("ศูนย์คืออะไร"))

    told = said("hear.told", question=ASKED)
    assert heard.startswith(told)
    assert heard.endswith(said("answer.fits"))
    assert told not in words_of(chat.say("ศูนย์คืออะไร"))
    chat.wait(days=3)
    look(chat)
    assert (states(chat), pushes(chat)) == (["told"], [])


def test_nobody_else_is_told(chat: Office) -> None:
    agree(chat)
    publish(chat)
    assert said("hear.told", question=ASKED) not in words_of(chat.say("ศูนย์คืออะไร", user_id=MALEE))
    assert states(chat) == ["answered"]


def test_silence_is_broken_by_news(chat: Office) -> None:
    agree(chat)
    for text in ("ก", "ข", "ค"):
        chat.say(text)
    assert chat.say("ง") == []
    publish(chat)
    assert words_of(chat.say("จ")).startswith(said("hear.told", question=ASKED))


def test_who_asks_again_and_is_answered_has_been_told(chat: Office) -> None:
    agree(chat)
    publish(chat)
    assert said("hear.told", question=ASKED) not in words_of(chat.say(ASKED))
    assert states(chat) == ["told"]


def test_danger_is_answered_without_news_in_front(chat: Office) -> None:
    chat.matcher.told["อยากตาย"] = answers("general.crisis", urgent=True)
    agree(chat)
    publish(chat)
    assert said("hear.told", question=ASKED) not in words_of(chat.say("อยากตาย"))
    assert states(chat) == ["answered"]


def test_a_late_answer_in_a_storm_does_not_use_the_news_up(chat: Office) -> None:
    agree(chat)
    publish(chat)
    chat.storm_misses = 1
    chat.__post_init__()
    object.__setattr__(chat.tools, "library", LaterLibrary(chat.matcher))
    chat.say("ก")
    assert states(chat) == ["answered"]


def test_without_a_message_one_push_tells_and_no_second(chat: Office) -> None:
    agree(chat)
    publish(chat)
    assert pushes(chat) == []
    chat.wait(days=2)
    look(chat)
    (told,) = pushes(chat)
    assert told.startswith(said("hear.told", question=ASKED))
    chat.wait(days=1)
    look(chat)
    assert said("hear.told", question=ASKED) not in words_of(chat.say("ศูนย์คืออะไร"))
    assert (states(chat), len(pushes(chat))) == (["told"], 1)


def test_an_unsent_question_is_never_told_about(chat: Office) -> None:
    agree(chat)
    publish(chat)
    message_id = chat.questions()[-1].message_id
    chat.hear(an_event("unsend", unsend={"messageId": message_id}))
    assert said("hear.told", question=ASKED) not in words_of(chat.say("ศูนย์คืออะไร"))
    chat.wait(days=2)
    look(chat)
    assert (rows(chat), pushes(chat)) == ([], [])


def test_who_blocked_us_is_not_told_also_after_coming_back(chat: Office) -> None:
    agree(chat)
    publish(chat)
    chat.receive(an_event("unfollow"))
    chat.work()
    chat.wait(days=2)
    look(chat)
    chat.wait(minutes=1)
    assert said("hear.told", question=ASKED) not in words_of(chat.hear(a_text("ศูนย์คืออะไร")))
    assert (states(chat), pushes(chat)) == (["withdrawn"], [])


def test_an_entry_that_is_gone_again_is_not_told_and_the_question_waits_on(chat: Office) -> None:
    agree(chat)
    publish(chat, "center.no_such_entry")
    chat.say("ศูนย์คืออะไร")
    assert [(row.state, row.entry) for row in rows(chat)] == [("waiting", None)]


def test_a_button_that_nobody_shows_tells_nothing_that_is_not_waited_for(chat: Office) -> None:
    forged = chat.desk.buttons.encode("tell", now=chat.now)
    assert chat.hear(a_press(forged)) == []


def test_everything_is_said_in_english_too(chat: Office) -> None:
    offered = chat.say("is there a bus for us")
    assert labels(offered)[-1] == "Tell me later"
    assert words_of(chat.say("don't tell me")).startswith("There is nothing")


def test_news_fit_beside_the_longest_answer(chat: Office) -> None:
    """LINE takes five messages: nothing of the answer itself is lost."""
    agree(chat)
    publish(chat)
    chat.matcher.told["สองเรื่อง"] = answers("center.what", also=("center.contact",))
    heard = chat.say("สองเรื่อง")
    assert len(heard) <= 5
    assert said("answer.also") in words_of(heard)
