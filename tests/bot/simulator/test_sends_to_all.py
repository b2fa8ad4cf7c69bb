"""Broadcasts and narrowcasts: who is reached, what is billed, and how a narrowcast goes on."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.bot.simulator.desk import SOMSRI, Answer, Desk, text

BROADCAST, NARROWCAST = "/v2/bot/message/broadcast", "/v2/bot/message/narrowcast"
GENDER = {"demographic": {"type": "gender", "oneOf": ["female"]}}


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _narrowcast(desk: Desk, **more: Any) -> Answer:
    return desk.line("POST", NARROWCAST, {"messages": [text("ประกาศ")], **more})


def _progress(desk: Desk, sent: Answer, *, after: float = 3) -> dict[str, Any]:
    desk.api("POST", "/clock", {"advance": after})
    return desk.line("GET", f"/v2/bot/message/progress/narrowcast?requestId={sent.headers['X-Line-Request-Id']}").json


def test_a_broadcast_reaches_all_friends_and_bills_each(desk: Desk) -> None:
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    answer = desk.line("POST", BROADCAST, {"messages": [text("ประกาศ"), text("จบ")]})
    assert (answer.status, answer.json) == (200, {})
    stats = desk.api("GET", "/stats")
    assert (stats["billed"], stats["delivered"]["broadcast"]) == (3, 6)
    assert SOMSRI not in [row["userId"] for row in desk.api("GET", "/replies")["rows"]]
    assert [row["delivered"] for row in desk.rows()] == [3]


def test_a_broadcast_keeps_the_rules_of_every_sending(desk: Desk) -> None:
    key = str(uuid.uuid4())
    first = desk.line("POST", BROADCAST, {"messages": [text()]}, X_Line_Retry_Key=key)
    again = desk.line("POST", BROADCAST, {"messages": [text()]}, X_Line_Retry_Key=key)
    assert (first.status, again.status, again.json) == (200, 409, {"message": "The retry key is already accepted"})
    assert desk.line("POST", BROADCAST, {"messages": [text("")]}).status == 400
    desk.api("POST", "/config", {"quota": 5})
    assert _rule(desk.line("POST", BROADCAST, {"messages": [text()]})) == "quota"


def test_sixty_broadcasts_an_hour_are_enough(desk: Desk) -> None:
    answers = [desk.line("POST", BROADCAST, {"messages": [text()]}) for _ in range(61)]
    assert [answer.status for answer in answers] == [200] * 60 + [429]
    assert answers[-1].json["message"].startswith("The API rate limit")
    desk.api("POST", "/clock", {"advance": 61})
    assert desk.line("POST", BROADCAST, {"messages": [text()]}).status == 200


def test_a_narrowcast_to_too_few_is_accepted_and_fails_later(desk: Desk) -> None:
    sent = _narrowcast(desk)
    assert (sent.status, sent.json) == (202, {})
    assert _progress(desk, sent, after=0)["phase"] == "waiting"
    progress = _progress(desk, sent)
    assert (progress["phase"], progress["errorCode"]) == ("failed", 2)
    assert desk.api("GET", "/stats")["billed"] == 0


def test_a_narrowcast_goes_through_its_phases(desk: Desk) -> None:
    desk.api("POST", "/people", {"count": 196})
    sent = _narrowcast(desk, filter=GENDER)
    assert _progress(desk, sent, after=1.2)["phase"] == "sending"
    progress = _progress(desk, sent)
    assert {name: progress[name] for name in ("phase", "targetCount", "successCount", "failureCount")} == {
        "phase": "succeeded", "targetCount": 200, "successCount": 200, "failureCount": 0
    }  # fmt: skip
    desk.api("POST", "/clock", {"advance": 15 * 24 * 3600})
    unknown = desk.line("GET", f"/v2/bot/message/progress/narrowcast?requestId={sent.headers['X-Line-Request-Id']}")
    assert (unknown.status, _rule(unknown)) == (404, "narrowcast-progress-known")


def test_a_filter_needs_a_hundred_who_could_be_reached(desk: Desk) -> None:
    refused = _narrowcast(desk, filter=GENDER)
    assert (refused.status, _rule(refused)) == (403, "narrowcast-target-reach")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"limit": {"max": 0}}, "narrowcast-limit"),
        ({"recipient": {"type": "everybody"}}, "narrowcast-recipient"),
        ({"filter": {"demographic": {"type": "shoes"}}}, "narrowcast-filter"),
        ({"filter": {"demographic": {"type": "operator", "or": [GENDER["demographic"]] * 11}}}, "narrowcast-filter"),
        ({"filter": {}}, "required-property"),
    ],
)
def test_a_narrowcast_that_makes_no_sense_is_refused(desk: Desk, more: dict[str, Any], rule: str) -> None:
    answer = _narrowcast(desk, **more)
    assert (answer.status, _rule(answer)) == (400, rule)


def test_a_quote_is_refused_where_many_are_addressed(desk: Desk) -> None:
    token = desk.push(SOMSRI).json["sentMessages"][0]["quoteToken"]
    answer = desk.line("POST", BROADCAST, {"messages": [{**text(), "quoteToken": token}]})
    assert (answer.status, _rule(answer)) == (400, "quote-token-way")
