"""Coupons: made, listed, closed, and sent only while they are open."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.simulator import coupons as store
from tests.bot.simulator.desk import MULTICAST, SOMSRI, Answer, Desk, RememberingBot, text

COUPON = "/v2/bot/coupon"
DAY = 24 * 3600
FIXED = {"type": "discount", "priceInfo": {"type": "fixed", "fixedAmount": 100}}
LOTTERY = {"type": "lottery", "lotteryProbability": 50, "maxAcquireCount": -1}


def _coupon(**more: Any) -> dict[str, Any]:
    return {
        "title": "ส่วนลดค่าอบรม", "acquisitionCondition": {"type": "normal"}, "maxUseCountPerTicket": 1,
        "startTimestamp": 0, "endTimestamp": int(time.time()) + 30 * DAY, "timezone": "ASIA_BANGKOK",
        "reward": FIXED, "visibility": "UNLISTED", **more,
    }  # fmt: skip


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _make(desk: Desk, **more: Any) -> str:
    return str(desk.line("POST", COUPON, _coupon(**more)).json["couponId"])


def _message(coupon_id: str) -> dict[str, Any]:
    return {"type": "coupon", "couponId": coupon_id}


def test_a_coupon_is_told_as_it_was_made(desk: Desk) -> None:
    coupon_id = _make(desk, acquisitionCondition=LOTTERY)
    told = desk.line("GET", f"{COUPON}/{coupon_id}").json
    assert [told[name] for name in ("couponId", "title", "status", "maxTicketPerUser", "acquisitionCondition")] == [
        coupon_id, "ส่วนลดค่าอบรม", "RUNNING", 1, LOTTERY
    ]  # fmt: skip
    assert told["reward"]["priceInfo"] == {"type": "fixed", "fixedAmount": 100, "currency": "THB"}


@pytest.mark.parametrize(
    "reward",
    [
        {"type": "free"}, {"type": "gift"}, {"type": "others"},
        {"type": "discount", "priceInfo": {"type": "percentage", "percentage": 99}},
        {"type": "discount", "priceInfo": {"type": "explicit", "originalPrice": 200, "priceAfterDiscount": 150}},
        {"type": "cashBack", "priceInfo": {"type": "fixed", "fixedAmount": 1}},
    ],
)  # fmt: skip
def test_rewards_in_order_are_accepted(desk: Desk, reward: dict[str, Any]) -> None:
    assert desk.line("POST", COUPON, _coupon(reward=reward)).status == 200


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"title": ""}, "coupon-title"), ({"title": "ก" * 61}, "coupon-title"), ({"title": None}, "required-property"),
        ({"description": "ก" * 1001}, "coupon-words"), ({"usageCondition": "ก" * 101}, "coupon-words"),
        ({"couponCode": "A" * 17}, "coupon-words"), ({"imageUrl": "http://example.org/a.png"}, "url-https"),
        ({"visibility": "PRIVATE"}, "coupon-choice"), ({"timezone": "Asia/Bangkok"}, "coupon-choice"),
        ({"maxUseCountPerTicket": 2}, "coupon-choice"), ({"endTimestamp": 1}, "coupon-time"),
        ({"startTimestamp": int(time.time()) + 60 * DAY}, "coupon-time"),
        ({"acquisitionCondition": {"type": "referral"}}, "coupon-condition"),
        ({"acquisitionCondition": {**LOTTERY, "lotteryProbability": 100}}, "coupon-condition"),
        ({"acquisitionCondition": {**LOTTERY, "maxAcquireCount": 0}}, "coupon-condition"),
        ({"reward": {"type": "cash"}}, "coupon-reward"), ({"reward": {"type": "discount"}}, "required-property"),
        ({"reward": {**FIXED, "type": "free"}}, "coupon-reward"),
        ({"reward": {**FIXED, "priceInfo": {"type": "fixed", "fixedAmount": 1, "percentage": 1}}}, "coupon-reward"),
        ({"reward": {"type": "cashBack", "priceInfo": {"type": "explicit"}}}, "coupon-reward"),
        ({"reward": {**FIXED, "priceInfo": {"type": "percentage", "percentage": 100}}}, "coupon-reward"),
    ],
)  # fmt: skip
def test_a_coupon_that_makes_no_sense_is_refused(desk: Desk, more: dict[str, Any], rule: str) -> None:
    answer = desk.line("POST", COUPON, _coupon(**more))
    assert (answer.status, _rule(answer)) == (400, rule)


def test_refusals_of_coupons_are_in_lines_words(desk: Desk) -> None:
    title = desk.line("POST", COUPON, _coupon(title="ก" * 61)).json["details"]
    kind = desk.line("POST", COUPON, _coupon(reward={"type": "cash"})).json["details"]
    assert title == [{"message": "Size must be between 1 and 60", "property": "title"}]
    words = "Must be one of the following values: [discount,free,gift,cashBack,others]"
    assert kind == [{"message": words, "property": "reward.type"}]


def test_there_are_at_most_so_many_valid_coupons(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_COUPONS", 2)
    first = _make(desk)
    _make(desk)
    answer = desk.line("POST", COUPON, _coupon())
    assert (answer.status, _rule(answer)) == (400, "coupon-count")
    assert answer.json["details"] == [{"message": "You have too many coupons created."}]
    desk.line("PUT", f"{COUPON}/{first}/close")
    assert desk.line("POST", COUPON, _coupon()).status == 200


def test_coupons_are_listed_in_pages_and_by_status(desk: Desk) -> None:
    made = [_make(desk, title=f"ใบที่ {number}") for number in range(3)]
    desk.line("PUT", f"{COUPON}/{made[0]}/close")
    page = desk.line("GET", f"{COUPON}?limit=2").json
    assert [item["couponId"] for item in page["items"]] == [made[2], made[1]]
    rest = desk.line("GET", f"{COUPON}?limit=2&start={page['next']}").json
    assert rest == {"items": [{"couponId": made[0], "title": "ใบที่ 0"}]}
    for query, found in (("status=CLOSED", 1), ("status=DRAFT,RUNNING", 2), ("status=DRAFT&status=CLOSED", 1)):
        assert len(desk.line("GET", f"{COUPON}?{query}").json["items"]) == found
    assert _rule(desk.line("GET", f"{COUPON}?start=x")) == "continuation-token"


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "status=OPEN"])
def test_a_list_of_coupons_that_makes_no_sense_is_refused(desk: Desk, query: str) -> None:
    answer = desk.line("GET", f"{COUPON}?{query}")
    assert (answer.status, _rule(answer)) == (400, "coupon-page")


def test_a_coupon_is_closed_once(desk: Desk) -> None:
    coupon_id = _make(desk)
    assert desk.line("PUT", f"{COUPON}/{coupon_id}/close").json == {}
    again = desk.line("PUT", f"{COUPON}/{coupon_id}/close")
    assert (again.status, _rule(again)) == (410, "coupon-closed")
    assert desk.line("GET", f"{COUPON}/{coupon_id}").json["status"] == "CLOSED"
    for answer in (desk.line("GET", f"{COUPON}/none"), desk.line("PUT", f"{COUPON}/none/close")):
        assert (answer.status, _rule(answer)) == (404, "coupon-known")


def test_a_coupon_is_sent_while_it_is_open(desk: Desk, remembering_bot: RememberingBot) -> None:
    coupon_id = _make(desk, endTimestamp=int(time.time()) + DAY)
    assert desk.push(SOMSRI, text(), _message(coupon_id)).status == 200
    assert desk.chat()["items"][-1]["message"] == _message(coupon_id)
    desk.write()
    unknown = desk.reply(remembering_bot.last_token, _message("01JYNW8JMQVFBNWF1APF8Z3FS7"))
    assert (unknown.status, _rule(unknown)) == (400, "coupon-open")
    assert unknown.json["details"] == [{"message": "coupon not found", "property": "messages[0].couponId"}]
    assert desk.reply(remembering_bot.last_token, _message(coupon_id)).status == 200
    desk.api("POST", "/clock", {"advance": DAY})
    for answer in (
        desk.push(SOMSRI, _message(coupon_id)),
        desk.line("POST", MULTICAST, {"to": [SOMSRI], "messages": [_message(coupon_id)]}),
        desk.line("POST", "/v2/bot/message/broadcast", {"messages": [_message(coupon_id)]}),
    ):
        assert (answer.status, _rule(answer)) == (400, "coupon-open")
