"""LINE's limits: by the second when switched on, by the minute and hour until switched off, and two without numbers."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.simulator.rate_limits import AUDIENCE_ENDPOINTS, RateLimits
from tests.bot.simulator.desk import KHAM, MULTICAST, PUSH, SOMSRI, Answer, Desk, running_simulator, text, wait_until

BROADCAST, AUDIENCE = "/v2/bot/message/broadcast", "/v2/bot/audienceGroup"
RATE = {"message": "The API rate limit has been exceeded. Try again later."}


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _taken(rates: RateLimits, endpoint: str, calls: int, now: float = 0.0) -> int:
    return sum(rates.take(endpoint, now) for _ in range(calls))


@pytest.mark.parametrize(
    ("endpoint", "calls"),
    [
        ("reply", 2000), ("push", 2000), ("profile", 2000), ("multicast", 200), ("coupon-create", 200),
        ("membership-list", 200), ("loading", 100), ("menu-list", 10), ("short-lived-token", 370),
        ("broadcast", 60), ("narrowcast", 60), ("insight-event", 60), ("webhook-test", 60), ("menu-create", 100),
        ("alias-delete", 100), ("menu-batch", 3), ("webhook-set", 1000), *((name, 60) for name in AUDIENCE_ENDPOINTS),
    ],
)  # fmt: skip
def test_an_endpoint_allows_so_many_calls_at_once(endpoint: str, calls: int) -> None:
    assert _taken(RateLimits({}, by_the_second=True), endpoint, calls + 5) == calls


def test_a_bucket_fills_up_again_and_never_over_its_brim() -> None:
    rates = RateLimits({}, by_the_second=True)
    assert (_taken(rates, "loading", 101), _taken(rates, "loading", 60, 0.5), _taken(rates, "loading", 200, 90.0)) == (
        100, 50, 100
    )  # fmt: skip
    assert (_taken(rates, "broadcast", 61), _taken(rates, "broadcast", 3, 60.0)) == (60, 1)
    assert (_taken(rates, "audience-get", 61), _taken(rates, "audience-get", 3, 1.0)) == (60, 1)


def test_every_endpoint_counts_by_itself() -> None:
    rates = RateLimits({}, by_the_second=True)
    assert _taken(rates, "coupon-create", 300) == 200
    assert (_taken(rates, "coupon-list", 1), _taken(rates, "multicast", 1)) == (1, 1)


def test_limits_by_the_second_wait_to_be_switched_on(desk: Desk) -> None:
    path = "/v2/bot/richmenu/list"
    assert {desk.line("GET", path).status for _ in range(40)} == {200}
    assert desk.api("POST", "/limits", {"bySecond": True})["bySecond"] is True
    answers = [desk.line("GET", path) for _ in range(200)]
    refused = [answer for answer in answers if answer.status == 429]
    assert (len(refused) > 0, answers[0].status) == (True, 200)
    assert (refused[0].json, _rule(refused[0])) == (RATE, "rate-limit")
    desk.api("POST", "/limits", {"bySecond": False})
    assert {desk.line("GET", path).status for _ in range(20)} == {200}


def test_limits_by_the_second_may_hold_from_the_start() -> None:
    with running_simulator("http://127.0.0.1:9/", limits_by_the_second=True) as strict:
        assert strict.api("GET", "/limits")["bySecond"] is True
        strict.api("POST", "/limits", {"bySecond": False})
        strict.api("POST", "/reset")
        assert strict.api("GET", "/limits")["bySecond"] is True


def test_limits_by_the_minute_and_hour_hold_unless_switched_off(desk: Desk) -> None:
    many = [desk.line("GET", f"{AUDIENCE}/list?page=1") for _ in range(90)]
    assert {answer.status for answer in many[:60]} == {200}
    assert {_rule(answer) for answer in many if answer.status == 429} == {"rate-limit-minute"}
    assert desk.line("GET", f"{AUDIENCE}/shared/list?page=1").status == 200
    sent = [desk.line("POST", BROADCAST, {"messages": [text()]}) for _ in range(61)]
    assert (sent[-1].status, sent[-1].json, _rule(sent[-1])) == (429, RATE, "rate-limit-hour")
    desk.api("POST", "/limits", {"byMinuteAndHour": False})
    assert desk.line("POST", BROADCAST, {"messages": [text()]}).status == 200


def test_too_many_messages_to_one_person_are_refused_in_their_own_words(desk: Desk) -> None:
    desk.api("POST", "/limits", {"sameUser": {"messages": 3, "seconds": 60}})
    assert [desk.push(SOMSRI, text(), text()).status, desk.push(SOMSRI).status] == [200, 200]
    answer = desk.push(SOMSRI)
    assert (answer.status, _rule(answer)) == (429, "rate-limit-same-user")
    assert answer.json == {"message": "Too many messages were sent to the same user. Try again later."}
    assert (desk.push(KHAM).status, desk.api("GET", "/stats")["billed"]) == (200, 3)
    assert desk.line("POST", MULTICAST, {"to": [SOMSRI], "messages": [text()]}).status == 200
    desk.api("POST", "/clock", {"advance": 61})
    assert desk.push(SOMSRI).status == 200
    desk.api("POST", "/limits", {"sameUser": None})
    assert {desk.push(SOMSRI).status for _ in range(5)} == {200}


def test_too_many_calls_at_the_same_time_are_refused_in_their_own_words(desk: Desk) -> None:
    desk.api("POST", "/limits", {"concurrency": 1})
    desk.api("POST", "/faults", {"path": PUSH, "delay": 0.6})
    slow: list[int] = []
    caller = threading.Thread(target=lambda: slow.append(desk.push(SOMSRI).status))
    caller.start()
    wait_until(lambda: desk.api("GET", "/faults") == [])
    answer = desk.line("GET", "/v2/bot/info")
    caller.join()
    assert (answer.status, _rule(answer)) == (429, "rate-limit-concurrency")
    assert answer.json == {"message": "Too many concurrent requests. Try again later."}
    assert (slow, desk.line("GET", "/v2/bot/info").status) == ([200], 200)


def test_limits_are_told_and_forgotten_by_a_reset(desk: Desk) -> None:
    wanted = {"bySecond": True, "byMinuteAndHour": False, "concurrency": 9, "sameUser": {"messages": 5, "seconds": 1.0}}
    assert desk.api("POST", "/limits", wanted) == wanted
    desk.api("POST", "/reset")
    assert desk.api("GET", "/limits") == {
        "bySecond": False, "byMinuteAndHour": True, "concurrency": None, "sameUser": None
    }  # fmt: skip


@pytest.mark.parametrize(
    "body", [{"speed": 1}, {"concurrency": 0}, {"concurrency": True}, {"sameUser": 5}, {"sameUser": {"messages": 0}},
             {"sameUser": {"messages": 1, "seconds": 0}}, {"sameUser": {"messages": 1}}],
)  # fmt: skip
def test_a_limit_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.call("POST", "/simulator/api/limits", body).status == 400
