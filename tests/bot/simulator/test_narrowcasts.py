"""Narrowcasts to audiences: who is chosen, how few may be, and what is held of the quota."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.bot.simulator.desk import KHAM, SOMSRI, UNKNOWN, Answer, Desk, text

NARROWCAST, AUDIENCES = "/v2/bot/message/narrowcast", "/v2/bot/audienceGroup"
GENDER = {"demographic": {"type": "gender", "oneOf": ["female"]}}


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _narrowcast(desk: Desk, recipient: dict[str, Any] | None = None, **more: Any) -> Answer:
    to = {"recipient": recipient} if recipient is not None else {}
    return desk.line("POST", NARROWCAST, {"messages": [text("ประกาศ")], **to, **more})


def _progress(desk: Desk, sent: Answer, *, after: float = 3) -> dict[str, Any]:
    desk.api("POST", "/clock", {"advance": after})
    return desk.line("GET", f"/v2/bot/message/progress/narrowcast?requestId={sent.headers['X-Line-Request-Id']}").json


def _reached(desk: Desk) -> list[str]:
    return [row["userId"] for row in desk.api("GET", "/replies")["rows"]]


def _audience(desk: Desk, *ids: str, ready: bool = True) -> dict[str, Any]:
    body = {"description": "กลุ่ม", "audiences": [{"id": each} for each in ids]}
    made = desk.line("POST", f"{AUDIENCES}/upload", body).json
    if ready:
        desk.api("POST", "/clock", {"advance": 3})
    return {"type": "audience", "audienceGroupId": made["audienceGroupId"]}


def _looked(desk: Desk) -> dict[str, Any]:
    sent = desk.line("POST", "/v2/bot/message/broadcast", {"messages": [text()]}).headers["X-Line-Request-Id"]
    made = desk.line("POST", f"{AUDIENCES}/imp", {"description": "ดู", "requestId": sent}).json
    desk.api("POST", "/clock", {"advance": 3})
    return {"type": "audience", "audienceGroupId": made["audienceGroupId"]}


def _crowd(desk: Desk, count: int = 200) -> list[str]:
    made = desk.api("POST", "/people", {"count": count})
    ids: list[str] = desk.api("GET", f"/crowds/{made['crowd']}/ids")
    return ids


def _singles(desk: Desk) -> list[str]:
    return [person["userId"] for person in desk.api("GET", "/people?crowd=0")]


def _operator(**part: Any) -> dict[str, Any]:
    return {"type": "operator", **part}


def test_uploaded_ids_may_be_as_few_as_they_like(desk: Desk) -> None:
    sent = _narrowcast(desk, _audience(desk, SOMSRI, KHAM))
    progress = _progress(desk, sent)
    assert (sent.status, progress["phase"], progress["successCount"]) == (202, "succeeded", 2)
    assert (_reached(desk), desk.api("GET", "/stats")["billed"]) == ([SOMSRI, KHAM], 2)


def test_who_is_no_friend_is_in_an_audience_and_not_reached(desk: Desk) -> None:
    desk.api("POST", f"/people/{KHAM}/unfollow", {"wait": True})
    assert _progress(desk, _narrowcast(desk, _audience(desk, SOMSRI, KHAM, UNKNOWN)))["targetCount"] == 1
    assert _reached(desk) == [SOMSRI]
    nobody = _progress(desk, _narrowcast(desk, _audience(desk, UNKNOWN)))
    assert (nobody["phase"], nobody["errorCode"]) == ("failed", 2)


def test_audiences_are_combined(desk: Desk) -> None:
    ids = _crowd(desk)
    first, second = _audience(desk, *ids[:120]), _audience(desk, *ids[60:180])
    for recipient, chosen in (
        (_operator(**{"and": [first, second]}), ids[60:120]),
        (_operator(**{"or": [first, second]}), ids[:180]),
        (_operator(**{"and": [first, _operator(**{"not": second})]}), ids[:60]),
        (_operator(**{"not": first}), [*_singles(desk), *ids[120:]]),
    ):
        before = desk.api("GET", "/replies")["last"]
        sent = _narrowcast(desk, recipient)
        assert _progress(desk, sent)["successCount"] == len(chosen)
        rows = desk.api("GET", f"/replies?after={before}")["rows"]
        assert {row["userId"] for row in rows} == set(chosen)


def test_fifty_are_the_least_of_who_looked(desk: Desk) -> None:
    ids = _crowd(desk, 116)
    looked = _looked(desk)
    for person in ids[:20]:
        desk.api("POST", f"/people/{person}/unfollow", {"wait": True})
    progress = _progress(desk, _narrowcast(desk, looked))
    assert (progress["phase"], progress["errorCode"]) == ("failed", 2)


def test_of_several_audiences_none_may_be_small(desk: Desk) -> None:
    ids = _crowd(desk, 116)
    looked, uploaded = _looked(desk), _audience(desk, *ids)
    assert _progress(desk, _narrowcast(desk, _operator(**{"or": [looked, uploaded]})))["phase"] == "succeeded"
    for person in ids[:20]:
        desk.api("POST", f"/people/{person}/unfollow", {"wait": True})
    progress = _progress(desk, _narrowcast(desk, _operator(**{"or": [looked, uploaded]})))
    assert (progress["phase"], progress["errorCode"]) == ("failed", 4)


def test_an_audience_that_is_not_ready_is_refused(desk: Desk) -> None:
    waiting = _audience(desk, SOMSRI, ready=False)
    for recipient in (waiting, {"type": "audience", "audienceGroupId": 7}, _operator(**{"not": waiting})):
        answer = _narrowcast(desk, recipient)
        assert (answer.status, _rule(answer)) == (400, "narrowcast-audience")
        assert answer.json["message"].startswith("Invalid audience group id: ")


def test_a_narrowcast_goes_once_more_to_those_of_before(desk: Desk) -> None:
    ids = _crowd(desk)
    sent = _narrowcast(desk, _audience(desk, *ids[:70]))
    again = {"type": "redelivery", "requestId": sent.headers["X-Line-Request-Id"]}
    early = _narrowcast(desk, again)
    assert (early.status, _rule(early)) == (400, "narrowcast-redelivery")
    assert _progress(desk, sent)["phase"] == "succeeded"
    assert _progress(desk, _narrowcast(desk, again))["successCount"] == 70
    others = _operator(**{"and": [_audience(desk, *ids), _operator(**{"not": again})]})
    assert _progress(desk, _narrowcast(desk, others))["successCount"] == 130
    desk.api("POST", "/clock", {"advance": 15 * 24 * 3600})
    for request_id in (again["requestId"], "made-up"):
        assert _rule(_narrowcast(desk, {"type": "redelivery", "requestId": request_id})) == "narrowcast-redelivery"


def test_a_running_narrowcast_holds_the_quota_of_its_whole_reach(desk: Desk) -> None:
    audience = _audience(desk, *_crowd(desk, 196)[:60])
    desk.api("POST", "/config", {"quota": 210})
    assert _narrowcast(desk, audience).status == 202
    assert desk.api("GET", "/stats")["quotaLeft"] == 10
    pushed = desk.line("POST", "/v2/bot/message/broadcast", {"messages": [text()]})
    assert (pushed.status, _rule(pushed)) == (429, "quota")
    desk.api("POST", "/clock", {"advance": 3})
    assert desk.api("GET", "/stats")["quotaLeft"] == 150
    assert _rule(_narrowcast(desk, audience)) == "quota"


def test_a_limit_holds_less_of_the_quota(desk: Desk) -> None:
    audience = _audience(desk, *_crowd(desk, 196)[:60])
    desk.api("POST", "/config", {"quota": 210})
    assert _narrowcast(desk, audience, limit={"max": 100}).status == 202
    assert desk.api("GET", "/stats")["quotaLeft"] == 110
    assert _narrowcast(desk, limit={"upToRemainingQuota": True}).status == 202
    assert (desk.api("GET", "/stats")["billed"], desk.api("GET", "/stats")["quotaLeft"]) == (170, 0)


def test_a_narrowcast_that_would_be_partial_may_be_called_off(desk: Desk) -> None:
    _crowd(desk, 196)
    desk.api("POST", "/config", {"quota": 120})
    whole = {"upToRemainingQuota": True, "forbidPartialDelivery": True}
    progress = _progress(desk, _narrowcast(desk, limit=whole))
    assert (progress["phase"], progress["errorCode"], desk.api("GET", "/stats")["billed"]) == ("failed", 5, 0)
    alone = _narrowcast(desk, limit={"forbidPartialDelivery": True})
    assert (alone.status, _rule(alone)) == (400, "narrowcast-partial")
    desk.api("POST", "/config", {"quota": 300})
    assert _progress(desk, _narrowcast(desk, limit=whole))["phase"] == "succeeded"


def test_a_narrowcast_that_fails_later_was_accepted_under_its_key(desk: Desk) -> None:
    key = str(uuid.uuid4())
    answers = [desk.line("POST", NARROWCAST, {"messages": [text()]}, X_Line_Retry_Key=key) for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 409]


def test_to_everybody_fifty_are_the_least_too(desk: Desk) -> None:
    assert _progress(desk, _narrowcast(desk))["errorCode"] == 2


def test_progress_is_of_a_request(desk: Desk) -> None:
    answer = desk.line("GET", "/v2/bot/message/progress/narrowcast")
    assert (answer.status, _rule(answer)) == (400, "narrowcast-progress-id")


AUDIENCE: dict[str, Any] = {"type": "audience", "audienceGroupId": 1}
AGE = {"type": "age", "gte": "age_20", "lt": "age_30"}


@pytest.mark.parametrize(
    ("recipient", "rule"),
    [
        ({"type": "audience"}, "required-property"),
        ({"type": "audience", "audienceGroupId": "1"}, "property-type"),
        ({"type": "redelivery"}, "required-property"),
        (_operator(), "narrowcast-recipient"),
        (_operator(**{"and": []}), "narrowcast-recipient"),
        (_operator(**{"and": [AUDIENCE], "or": [AUDIENCE]}), "narrowcast-recipient"),
        (_operator(**{"or": [{"type": "everybody"}]}), "narrowcast-recipient"),
        (_operator(**{"or": [AUDIENCE] * 11}), "narrowcast-recipient-count"),
        (_operator(**{"not": _operator(**{"or": [AUDIENCE] * 11})}), "narrowcast-recipient-count"),
    ],
)
def test_recipients_that_make_no_sense_are_refused(desk: Desk, recipient: dict[str, Any], rule: str) -> None:
    answer = _narrowcast(desk, recipient)
    assert (answer.status, _rule(answer)) == (400, rule)


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "gender", "oneOf": []}, {"type": "gender", "oneOf": ["other"]}, {"type": "area", "oneOf": ["th_09"]},
        {"type": "age"}, {"type": "age", "gte": "age_21"}, {"type": "age", "gte": "age_30", "lt": "age_30"},
        {"type": "subscriptionPeriod", "lt": "day_8"}, _operator(**{"not": {"type": "shoes"}}), _operator(),
        _operator(**{"and": [AGE] * 11}),
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(desk: Desk, condition: dict[str, Any]) -> None:
    answer = _narrowcast(desk, filter={"demographic": condition})
    assert (answer.status, _rule(answer)) == (400, "narrowcast-filter")


def test_a_filter_in_order_is_accepted(desk: Desk) -> None:
    _crowd(desk)
    parts = [AGE, {"type": "area", "oneOf": ["th_03"]}, {"type": "appType", "oneOf": ["ios", "android"]},
             {"type": "subscriptionPeriod", "gte": "day_7"}, _operator(**{"not": GENDER["demographic"]})]  # fmt: skip
    assert _narrowcast(desk, filter={"demographic": _operator(**{"and": parts})}).status == 202
