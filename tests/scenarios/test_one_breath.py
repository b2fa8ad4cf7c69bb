"""Messages that follow each other within a second are one message in several bubbles."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.scenarios.house import House
from tests.scenarios.phone import Phone
from tests.scenarios.test_asking import FITS

PARTS = ("อยากถามหน่อยค่ะ", "เวทีแลกเปลี่ยน", "จัดที่ไหน")
QUESTION = "ศูนย์เปิดกี่โมงคะ"
A_BREATH, TRIES = 0.6, 4


def ids_of(events: list[dict[str, Any]]) -> list[str]:
    return [event["webhookEventId"] for event in events]


def answered(house: House, phone: Phone) -> int:
    return len(house.ledger(of=phone.user_id))


def say_in_one_breath(house: House, phone: Phone, webhooks: str) -> tuple[list[dict[str, Any]], float]:
    """The events, and how long LINE took to bring them."""
    parts = house.completed(*(phone.event(text) for text in PARTS))
    started = time.monotonic()
    if webhooks == "one":
        house.webhook(*parts)
    else:
        house.webhook(parts[0])  # the rest overtake one another, but not the first
        with ThreadPoolExecutor(2) as at_once:
            list(at_once.map(house.webhook, parts[1:]))
    return parts, time.monotonic() - started


@pytest.mark.parametrize("webhooks", ["one", "three"])
def test_three_messages_in_one_breath_are_one_question_with_one_answer(
    house: House, known: Phone, webhooks: str
) -> None:
    before = answered(house, known)
    parts, seconds = say_in_one_breath(house, known, webhooks)
    for _ in range(TRIES):
        if seconds < A_BREATH:
            break
        house.wait_until_idle()  # a busy machine: they came so far apart that nobody would take them for one
        known = Phone.of_a_friend(house)
        before = answered(house, known)
        parts, seconds = say_in_one_breath(house, known, webhooks)

    outcomes = sorted(house.wait_until_settled(event_id) for event_id in ids_of(parts))
    house.wait_until_idle()
    assert answered(house, known) == before + 1
    (question,) = [found for found in map(house.question, ids_of(parts)) if found]
    if webhooks == "one":
        assert outcomes == ["question", "read together", "read together"]
        assert sorted(question.text.splitlines()) == sorted(PARTS)
    else:  # the last may come when the others have been answered: it then adds nothing to them
        assert outcomes.count("question") == 1
        assert set(outcomes) <= {"question", "read together", "continued"}
        assert set(question.text.splitlines()) <= set(PARTS)
    assert FITS in str(known.bubbles()[-1])
    assert question.entry is not None and question.entry.startswith("forum.")


def test_messages_more_than_a_second_apart_are_answered_apart(house: House, known: Phone) -> None:
    before = answered(house, known)
    events = house.completed(known.event("ศูนย์นี้ตั้งมากี่ปีแล้ว"), known.event(QUESTION), seconds_apart=1.2)

    house.webhook(*events)

    house.wait_until_idle()
    assert answered(house, known) == before + 2
    assert [house.question(event_id).entry for event_id in ids_of(events)] == ["center.founded", "center.hours"]


def test_a_greeting_and_the_question_behind_it_get_one_answer(house: House, known: Phone) -> None:
    before = answered(house, known)
    events = house.completed(known.event("สวัสดีค่ะ"), known.event(QUESTION), seconds_apart=0.4)

    for event in events:
        house.webhook(event)

    house.wait_until_idle()
    assert answered(house, known) == before + 1
    assert house.question(ids_of(events)[0]).entry == "center.hours"


def test_a_greeting_with_nothing_behind_it_is_answered_after_a_moment(known: Phone) -> None:
    assert "สวัสดี" in known.say("สวัสดีค่ะ").words


def test_whoever_takes_back_a_part_takes_back_the_whole(house: House) -> None:
    people = [Phone.of_somebody(house) for _ in PARTS]
    events = house.webhook(*(person.event(text) for person in people for text in PARTS))["events"]
    house.wait_until_idle()
    asked = [events[place * 3 : place * 3 + 3] for place in range(3)]
    kept = [house.kept_words(parts[-1]["message"]["id"]) for parts in asked]
    assert kept == [["\n".join(PARTS)]] * 3

    for which, (person, parts) in enumerate(zip(people, asked, strict=True)):
        person.unsend(parts[which]["message"]["id"])

    for parts in asked:
        (question,) = [found for found in map(house.question, ids_of(parts)) if found]
        assert (question.text, question.words) == (None, [])
