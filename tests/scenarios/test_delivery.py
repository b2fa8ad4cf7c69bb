"""How answers reach people when LINE is in trouble: by its ledger once, or staff are told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import SENDING, Phone

REPLY, PUSH = SENDING
QUESTION = "ศูนย์เปิดกี่โมงคะ"
QUOTA = {"status": 429, "body": {"message": "You have reached your monthly limit."}}

TROUBLE: dict[str, tuple[dict[str, Any], list[int | None]]] = {
    "500 before it is taken": ({"status": 500}, [500, 200]),
    "500 after it was taken": ({"status": 500, "when": "after"}, [500, 400]),
    "503 twice": ({"status": 503, "times": 2}, [503, 503, 200]),
    "cut before it is taken": ({"cut": True}, [None, 200]),
    "cut after it was taken": ({"cut": True, "when": "after"}, [None, 400]),
    "429 for the rate": ({"status": 429, "headers": {"Retry-After": "1"}}, [429, 200]),
    "401 for a moment": ({"status": 401}, [401, 200]),
    "a redirect": ({"status": 302}, [302, 200]),
}
"""What goes wrong with the first reply, and the statuses of all replies."""


def ways(house: House, event_id: str, phone: Phone) -> list[str]:
    """How LINE was given the answer to an event: replies name the event, pushes the key that was stored for it."""
    key = house.outgoing(event_id).retry_key
    rows = house.ledger(of=phone.user_id)
    return [row["way"] for row in rows if row["webhookEventId"] == event_id or row["retryKey"] == key]


def statuses(house: House, path: str, *, since: int) -> list[int | None]:
    return [row["status"] for row in house.calls(after=since, path=path)]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_reply_in_trouble_arrives_once_and_for_free(house: House, known: Phone, trouble: str) -> None:
    fault, expected = TROUBLE[trouble]
    since = house.mark()
    house.break_line(REPLY, **fault)

    event_id = known.write(QUESTION)

    wait_for(lambda: len(statuses(house, REPLY, since=since)) == len(expected), what="all replies")
    house.wait_until_idle()
    assert statuses(house, REPLY, since=since) == expected
    assert statuses(house, PUSH, since=since) == []
    assert ways(house, event_id, known) == ["reply"]
    answer = house.outgoing(event_id)
    assert (answer.status, answer.pushed, answer.messages, answer.reply_token) == ("sent", False, None, None)
    assert house.case_kinds(of=known.user_id) == []


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [({"status": 429}, 0.5), ({"status": 429, "headers": {"Retry-After": "1"}}, 1.0), ({"status": 503}, 0.5)],
    ids=["rate", "rate with Retry-After", "503"],
)
def test_line_is_given_a_rest_before_it_is_asked_again(
    house: House, known: Phone, fault: dict[str, Any], seconds: float
) -> None:
    since = house.mark()
    house.break_line(REPLY, **fault)

    known.write(QUESTION)

    first, second = wait_for(lambda: _two(house.calls(after=since, path=REPLY)), what="the second try")
    assert datetime.fromisoformat(second["at"]) - datetime.fromisoformat(first["at"]) >= timedelta(seconds=seconds)


def _two(calls: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    return calls if len(calls) == 2 else None


def test_the_next_message_waits_for_an_answer_in_trouble(house: House, known: Phone) -> None:
    house.break_line(REPLY, status=500)
    first = known.write("ศูนย์นี้ตั้งมากี่ปีแล้ว")
    second = known.write("เมนู")

    house.wait_until_idle()

    assert [row["webhookEventId"] for row in house.ledger(of=known.user_id)][-2:] == [first, second]


def test_others_do_not_wait_for_an_answer_in_trouble(house: House, known: Phone) -> None:
    since = house.mark()
    house.break_line(REPLY, status=429, headers={"Retry-After": "3"})
    event_id = known.write(QUESTION)
    wait_for(lambda: statuses(house, REPLY, since=since), what="the first try")

    Phone.of_somebody(house).say(QUESTION)

    assert house.outgoing(event_id).status == "trying"


def write_late(house: House, phone: Phone) -> str:
    """Writes, and LINE refuses the reply for so long that its token grows too old. The event's id."""
    since = house.mark()
    house.break_line(REPLY, status=429, headers={"Retry-After": "2"})
    event_id = phone.write(QUESTION)
    wait_for(lambda: statuses(house, REPLY, since=since), what="the first try")
    return event_id


def test_a_late_answer_is_pushed_with_the_key_that_was_stored_for_it(house: House, known: Phone) -> None:
    since, before = house.mark(), len(known.bubbles())
    event_id = write_late(house, known)

    with house.line_later(seconds=61):
        wait_for(lambda: statuses(house, PUSH, since=since), what="the push")
        house.wait_until_idle()

    assert statuses(house, REPLY, since=since) == [429, 400]
    assert ways(house, event_id, known) == ["push"]
    (pushed,) = house.calls(after=since, of=known.user_id, path=PUSH)
    assert pushed["retryKey"] == house.outgoing(event_id).retry_key
    assert pushed["request"]["to"] == known.user_id
    assert known.bubbles()[before:] == pushed["request"]["messages"]
    assert house.outgoing(event_id).pushed


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 500}, [500, 200]),
        ({"status": 500, "when": "after"}, [500, 409]),
        ({"cut": True}, [None, 200]),
        ({"cut": True, "when": "after"}, [None, 409]),
        ({"status": 429, "headers": {"Retry-After": "1"}}, [429, 200]),
    ],
    ids=["500 before", "500 after", "cut before", "cut after", "429"],
)
def test_a_push_in_trouble_is_tried_again_with_the_same_key(
    house: House, known: Phone, fault: dict[str, Any], expected: list[int | None]
) -> None:
    since = house.mark()
    house.break_line(PUSH, **fault)
    spent = house.ledger(of=known.user_id)[-1]["replyToken"]

    (event,) = house.webhook(known.event(QUESTION, replyToken=spent))["events"]

    event_id = event["webhookEventId"]
    wait_for(lambda: len(statuses(house, PUSH, since=since)) == len(expected), what="both pushes")
    house.wait_until_idle()
    assert statuses(house, PUSH, since=since) == expected
    keys = {row["retryKey"] for row in house.calls(after=since, path=PUSH)}
    assert keys == {house.outgoing(event_id).retry_key}
    assert ways(house, event_id, known) == ["push"]
    assert house.outgoing(event_id).status == "sent"
    assert house.case_kinds(of=known.user_id) == []


def test_a_late_answer_beyond_the_quota_goes_to_staff(house: House, known: Phone) -> None:
    since = house.mark()
    house.line("/config", {"quota": 0})
    event_id = write_late(house, known)

    with house.line_later(seconds=61):
        wait_for(lambda: statuses(house, PUSH, since=since), what="the push")
        house.wait_until_idle()

    assert statuses(house, PUSH, since=since) == [429], "a spent quota is not tried again"
    assert ways(house, event_id, known) == []
    assert house.outgoing(event_id).status == "undeliverable"
    assert house.case_kinds(of=known.user_id) == ["undeliverable"]


def test_an_answer_that_line_will_never_take_goes_to_staff_at_once(house: House, known: Phone) -> None:
    since = house.mark()
    house.break_line(REPLY, status=400, body={"message": "The request body has 1 error(s)"})

    event_id = known.write(QUESTION)

    wait_for(lambda: house.outgoing(event_id), what="the answer")
    house.wait_until_idle()
    assert statuses(house, "/v2/bot/message", since=since) == [400]
    assert house.outgoing(event_id).status == "undeliverable"
    assert house.case_kinds(of=known.user_id) == ["undeliverable"]
    listed = house.command("cases", "list").splitlines()
    told = [line.split("น.")[1].split() for line in listed if "undeliverable" in line]
    assert told.count(["undeliverable", "refused:", "HTTP", "400"]) == 1


def test_people_see_that_an_answer_is_on_its_way_when_line_is_slow(house: House, known: Phone) -> None:
    since, before = house.mark(), len(known.bubbles())
    house.break_line(REPLY, delay=2.5)

    known.write(QUESTION)

    wait_for(known.is_loading, what="the loading animation")
    assert len(known.bubbles()) == before
    known.wait_for_bubbles(before + 1)
    assert not known.is_loading()
    house.wait_until_idle()
    (loading,) = house.calls(after=since, of=known.user_id, path="/v2/bot/chat/loading")
    assert (loading["status"], loading["request"]) == (202, {"chatId": known.user_id, "loadingSeconds": 20})


def test_a_quick_answer_shows_no_loading(house: House, known: Phone) -> None:
    since = house.mark()

    known.say(QUESTION)

    assert house.calls(after=since, path="/v2/bot/chat/loading") == []


def test_an_answer_does_not_suffer_from_a_loading_animation_that_fails(house: House, known: Phone) -> None:
    since = house.mark()
    house.break_line(REPLY, delay=2.0)
    house.break_line("/v2/bot/chat/loading/start", status=500)

    event_id = known.write(QUESTION)

    wait_for(lambda: event_id in [row["webhookEventId"] for row in house.ledger(of=known.user_id)], what="the answer")
    house.wait_until_idle()
    assert statuses(house, "/v2/bot/chat/loading", since=since) == [500]
    assert house.outgoing(event_id).status == "sent"


def test_line_has_given_nobody_the_same_answer_twice(house: House) -> None:
    """Looks back on everything that this house has lived through."""
    house.wait_until_idle()
    rows = house.ledger()

    assert rows
    for identity in ("webhookEventId", "replyToken", "retryKey"):
        times = Counter(row[identity] for row in rows if row[identity])
        assert {each: count for each, count in times.items() if count > 1} == {}
