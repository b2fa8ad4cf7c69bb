"""What the bot says when it does not know: three rungs, each once, then silence; never the same words twice running."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import memory
from bot.conversation.memory import Memory
from bot.conversation.pace import Pace
from bot.messages import Failure
from knowledge.decision import Candidate, Decision
from tests.builders import SOMCHAI, a_follow, a_press, a_text, an_event
from tests.handlers.casework import case_of, kept, leave_word
from tests.office import Office, answers, words_of

FIRST, SECOND, THIRD = "ยังไม่เข้าใจคำถามนี้", "เรื่องนี้บอตยังตอบไม่ได้", "ส่งคำถามให้เจ้าหน้าที่แล้ว"
IN_A_STORM = "มีคนถามเข้ามามาก"
CHOICES = (Candidate("school.apply", 0.4), Candidate("school.who", 0.3))


@pytest.fixture
def friend(office: Office) -> Office:
    return befriended(office)


def befriended(office: Office) -> Office:
    office.matcher.told = {
        "ศูนย์คืออะไร": answers("center.what"),
        "ไม่มีเรื่องใกล้เคียง": Decision("fallback", None, ()),
        "อบรมโรงเรียน": Decision("clarify", None, CHOICES),
        "เลือกพรรคไหนดี": Decision("fallback", None, (), refusal="political"),
        "ไอ้บอตโง่": Decision("fallback", None, (), refusal="abuse"),
    }
    office.hear(a_follow())
    return office


def remembered(office: Office) -> Memory:
    with office.database.reading() as db:
        return memory.load(db, office.vault, person_id=1, now=office.now)


def said(office: Office, *texts: str) -> list[str]:
    return [words_of(office.say(text)) for text in texts]


def shared(kind: str) -> dict[str, Any]:
    return an_event("message", message={"type": kind, "id": "9"})


def none_pressed(office: Office) -> dict[str, Any]:
    return a_press(office.desk.buttons.encode("none", now=office.now, q=""))


def test_each_rung_comes_once_and_then_silence(friend: Office) -> None:
    first, second, third, *rest = said(friend, "ก", "ข", "ค", "ง", "จ")
    assert FIRST in first
    assert SECOND in second
    assert THIRD in third
    assert rest == ["", ""]
    assert [(kind, words) for kind, _, words in friend.cases()] == [("missed", "ค")]


def test_what_follows_in_the_silence_is_heard_by_staff(friend: Office) -> None:
    *_, told = said(friend, "ก", "ข", "บ้านพังเพราะลม")
    assert THIRD in told
    assert friend.hear(a_text("อยู่แม่สาย โทร 081 234 5678", message_id="2")) == []
    assert friend.hear(an_event("message", message={"type": "image", "id": "3"})) == []
    assert [(kind, text) for _, kind, text in kept(friend, case_of(friend).id)] == [
        ("text", "อยู่แม่สาย โทร 081 234 5678"), ("image", None),
    ]  # fmt: skip
    assert case_of(friend).reply_token is not None, "nobody else has used it"


def test_abuse_in_the_silence_is_not_for_staff(friend: Office) -> None:
    said(friend, "ก", "ข", "ค", "ไอ้บอตโง่")
    assert kept(friend, case_of(friend).id) == []


def test_in_the_silence_of_a_storm_nothing_goes_into_an_older_case(friend: Office) -> None:
    case = leave_word(friend)
    friend.wait(hours=1)
    with_storm = replace_storm(friend)
    said(with_storm, "ก", "ข", "ค", "ง")
    assert len(kept(friend, case.id)) == 1


def replace_storm(office: Office) -> Office:
    office.storm_misses = 0
    office.__post_init__()
    return office


def test_without_near_topics_the_menu_comes_at_once_in_other_words_the_second_time(friend: Office) -> None:
    first, second, third, fourth = said(friend, *["ไม่มีเรื่องใกล้เคียง"] * 4)
    assert SECOND in first
    assert "บอตยังหาคำตอบไม่เจอ" in second
    assert THIRD in third
    assert fourth == ""


@pytest.mark.parametrize("misses", [1, 2, 3, 4])
def test_an_answer_begins_the_ladder_anew(friend: Office, misses: int) -> None:
    said(friend, *"กขคง"[:misses])
    answered, missed = said(friend, "ศูนย์คืออะไร", "จ")
    assert answered
    assert FIRST in missed
    assert remembered(friend).misses == 1


def test_a_question_back_ends_the_silence(friend: Office) -> None:
    *_, silent, asked_back, spoken = said(friend, "ก", "ข", "ค", "ง", "อบรมโรงเรียน", "จ")
    assert silent == ""
    assert "ยังไม่แน่ใจ" in asked_back
    assert THIRD in spoken


def test_none_of_the_topics_never_gets_the_topics_again(friend: Office) -> None:
    offered = said(friend, "อบรมโรงเรียน")
    answer = words_of(friend.hear(none_pressed(friend)))
    assert offered
    assert SECOND in answer


@pytest.mark.parametrize("text", ["เลือกพรรคไหนดี", "ไอ้บอตโง่"])
def test_a_refusal_is_worded_twice_then_rested_then_silent_and_opens_no_case(friend: Office, text: str) -> None:
    one, two, three, four = said(friend, *[text] * 4)
    assert len({one, two, three}) == 3
    assert "ขอพักไว้เท่านี้" in three
    assert four == ""
    assert friend.cases() == []


def test_in_a_storm_nobody_gets_a_case_and_staff_get_one(friend: Office) -> None:
    friend.desk = stormy(friend, 3)
    _, _, third = said(friend, "ก", "ข", "ค")
    assert IN_A_STORM in third
    assert [kind for kind, _, _ in friend.cases()] == ["storm"]


def test_below_a_storm_the_third_rung_is_a_case(friend: Office) -> None:
    friend.desk = stormy(friend, 4)
    assert THIRD in said(friend, "ก", "ข", "ค")[-1]


def test_in_a_storm_a_late_answer_is_dropped_without_a_push_or_a_case(friend: Office) -> None:
    friend.desk = stormy(friend, 1)
    before = len(friend.line.sent)
    friend.receive(a_text("ก"))
    friend.wait(seconds=56)
    friend.work()
    assert friend.line.sent[before:] == []
    assert [kind for kind, _, _ in friend.cases()] == ["storm"]


def test_the_first_words_ever_are_no_excuse_for_a_push_in_a_storm(office: Office) -> None:
    office.desk = stormy(office, 1)
    office.receive(a_text("ก"))
    office.wait(seconds=56)
    office.work()
    assert office.line.sent == []


def test_outside_a_storm_the_same_late_answer_is_pushed(friend: Office) -> None:
    before = len(friend.line.sent)
    friend.receive(a_text("ก"))
    friend.wait(seconds=56)
    friend.work()
    assert [way for way, _, _ in friend.line.sent[before:]] == ["push"]


def test_what_line_refuses_to_reply_in_a_storm_is_not_pushed(friend: Office) -> None:
    friend.desk = stormy(friend, 1)
    before = len(friend.line.sent)
    friend.line.failures = [Failure.TOKEN_SPENT]
    friend.say("ก")
    assert friend.line.sent[before:] == []
    assert [kind for kind, _, _ in friend.cases()] == ["storm"]


def stormy(office: Office, misses: int) -> Any:
    """The same desk, with so few misses for a storm."""
    office.storm_misses = misses
    office.__post_init__()
    return office.desk


EVENTS: dict[str, Callable[[Office], dict[str, Any]]] = {
    "miss": lambda _: a_text("ก"),
    "other miss": lambda _: a_text("ไม่มีเรื่องใกล้เคียง"),
    "political": lambda _: a_text("เลือกพรรคไหนดี"),
    "abuse": lambda _: a_text("ไอ้บอตโง่"),
    "clarify": lambda _: a_text("อบรมโรงเรียน"),
    "none pressed": none_pressed,
    "sticker": lambda _: shared("sticker"),
    "picture": lambda _: shared("image"),
    "stale button": lambda _: a_press("nonsense"),
    "answered": lambda _: a_text("ศูนย์คืออะไร"),
}


def steps_from(office: Office, path: tuple[str, ...], before: Memory, name: str) -> tuple[Memory, str]:
    office.wait(seconds=5)
    with office.database.transaction() as db:
        memory.save(db, office.vault, replace(before, pace=Pace(), wrote_at=None), person_id=1, now=office.now)
    words = words_of(office.hear(EVENTS[name](office)))
    assert office.deliveries().keys() == {"sent"}, (*path, name)
    return remembered(office), words


def walk(office: Office, *, length: int) -> tuple[list[tuple[str, ...]], int]:
    """All sequences of so many events, those that lead to the same point taken once. Returns those whose last two
    answers are in the same words, and how many steps were taken."""
    edge: list[tuple[tuple[str, ...], Memory, str]] = [((), Memory(), "")]
    seen: set[tuple[Any, ...]] = set()
    repeated, count = [], 0
    for _ in range(length):
        following = []
        for path, before, last in edge:
            for name in EVENTS:
                after, words = steps_from(office, path, before, name)
                count += 1
                again = name == "answered" == path[-1:]  # the same question has the same answer
                if words and words == last and not again and path[-1:] != ("answered",):
                    repeated.append((*path, name))
                latest = words or last
                point = (after.said, after.misses, after.quiet, after.step, re.sub(r"\d+", "", latest))
                if point not in seen:
                    seen.add(point)
                    following.append(((*path, name), after, latest))
        edge = following
    return repeated, count


def test_in_no_sequence_of_four_is_the_same_thing_said_twice_running(sqlite_office: Office) -> None:
    repeated, count = walk(sqlite_office, length=4)
    assert count > 100
    assert repeated == []


@pytest.fixture
def sqlite_office(sqlite_database: Any, vault: Any) -> Office:
    """On one database only: the words do not depend on it, and the walk is long."""
    return befriended(Office(sqlite_database, vault))


def test_somebody_else_s_misses_do_not_count(friend: Office) -> None:
    said(friend, "ก", "ข")
    other = "U" + "7" * 32
    assert other != SOMCHAI
    assert FIRST in words_of(friend.say("ค", user_id=other))
