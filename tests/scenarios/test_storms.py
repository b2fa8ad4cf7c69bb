"""One phone that floods the chat, and a crowd that the bot does not understand; what the neighbours notice of it."""

from __future__ import annotations

import time
from typing import Any

from tests.office import words_of
from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import SENDING, Phone, said

REPLY = SENDING[0]
QUESTION = "ศูนย์เปิดกี่โมงคะ"
FLOOD, BATCH = 1000, 100
CROWD, INSISTENT = 300, 100
PACE = 30
"""Messages of one person that are answered in a minute, as the settings ship."""
NOT_UNDERSTOOD = ("ฟ้าสีม่วงวันไหน", "ราคาทองวันนี้เท่าไหร่", "บอลเมื่อคืนใครชนะ")
SOON_SECONDS = 10.0
"""On a busy machine. The neighbour's answer itself takes a fraction of a second."""


def test_a_flood_from_one_phone_is_braked_and_the_neighbours_notice_nothing(stormy_house: House) -> None:
    house = stormy_house
    flooding, neighbour = Phone.of_somebody(house), Phone.of_somebody(house)
    since, seconds = house.mark(), []

    for number in range(FLOOD // BATCH):
        assert house.webhook(*(flooding.event(QUESTION) for _ in range(BATCH)))["status"] == 200
        if number in {1, 5}:
            started = time.monotonic()
            neighbour.say(QUESTION)
            seconds.append(time.monotonic() - started)

    house.wait_until_idle()
    sent = house.ledger(of=flooding.user_id)
    assert 1 <= len(sent) <= PACE + 1
    assert {row["way"] for row in sent} == {"reply"}
    replies = house.calls(after=since, of=flooding.user_id, path=REPLY)
    told = [row["request"]["messages"][-1].get("text") for row in replies]
    assert told.count(said("storm.pause")) == 1
    assert house.case_kinds(of=flooding.user_id) == ["flood"]
    assert max(seconds) < SOON_SECONDS


def crowd(house: House) -> list[Phone]:
    made = house.line("/people", {"count": CROWD, "prefix": "ชาวบ้าน"})
    ids = house.line(f"/crowds/{made['crowd']}/ids?start=0&limit={CROWD}")
    return [Phone(house, user_id) for user_id in ids]


def all_say(house: House, people: list[Phone], text: str, *, seconds_later: float) -> None:
    """Each once, and long enough after what they said before."""
    for first in range(0, len(people), BATCH):
        events = house.completed(*(person.event(text) for person in people[first : first + BATCH]))
        for event in events:
            event["timestamp"] += int(seconds_later * 1000)
        assert house.webhook(*events)["status"] == 200


def answers_to(house: House, people: list[Phone]) -> list[dict[str, Any]]:
    ids = {person.user_id for person in people}
    return [row for row in house.ledger() if row["userId"] in ids]


def test_a_crowd_that_is_not_understood_gets_free_answers_and_staff_one_case(stormy_house: House) -> None:
    house = stormy_house
    people = crowd(house)

    all_say(house, people, NOT_UNDERSTOOD[0], seconds_later=0)

    wait_for(lambda: len(answers_to(house, people)) >= CROWD, what="an answer for everybody", seconds=90)
    house.wait_until_idle()
    answers = answers_to(house, people)
    assert len({row["userId"] for row in answers}) == len(answers) == CROWD
    assert {row["way"] for row in answers} == {"reply"}
    assert all(said("fallback.first") in words_of(person.bubbles()) for person in people[::10])
    (storm,) = [detail for kind, detail in house.all_cases() if kind == "storm"]
    assert NOT_UNDERSTOOD[0] in storm

    _ask_on(house, people[:INSISTENT])


def _ask_on(house: House, people: list[Phone]) -> None:
    """During the storm nobody who misses three times gets a case of their own."""
    for times, text in enumerate(NOT_UNDERSTOOD[1:], 1):
        all_say(house, people, text, seconds_later=5 * times)
        house.wait_until_idle()

    answers = answers_to(house, people)
    assert len(answers) == len(people) * len(NOT_UNDERSTOOD)
    assert {row["way"] for row in answers} == {"reply"}
    assert said("fallback.storm") in words_of(people[-1].bubbles())
    kinds = [kind for kind, _ in house.all_cases()]
    assert (kinds.count("storm"), kinds.count("missed")) == (1, 0)
