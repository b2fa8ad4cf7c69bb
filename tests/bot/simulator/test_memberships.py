"""Memberships: the plans that are offered, who has joined, and what the bot is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator.memberships import Subscription
from tests.bot.simulator.desk import KHAM, SOMSRI, UNKNOWN, Answer, Desk, RememberingBot

BASE = "/v2/bot/membership"


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _offer(desk: Desk, plan: int = 3189, **more: Any) -> dict[str, Any]:
    body = {"membershipId": plan, "title": "แผนพื้นฐาน", **more}
    made: dict[str, Any] = desk.api("POST", "/account/memberships", body)
    return made


def _change(desk: Desk, kind: str, person: str = SOMSRI, plan: int = 3189) -> None:
    desk.api("POST", f"/people/{person}/membership", {"type": kind, "membershipId": plan, "wait": True})


def test_plans_are_told_with_their_members(desk: Desk) -> None:
    none = desk.line("GET", f"{BASE}/list")
    assert (none.status, _rule(none)) == (404, "membership-offered")
    _offer(desk, price=99, limit=2)
    _change(desk, "joined")
    (plan,) = desk.line("GET", f"{BASE}/list").json["memberships"]
    assert [plan[name] for name in ("membershipId", "title", "price", "currency", "memberCount", "memberLimit")] == [
        3189, "แผนพื้นฐาน", 99.0, "THB", 1, 2
    ]  # fmt: skip
    assert (plan["isInAppPurchase"], plan["isPublished"], len(plan["benefits"])) == (True, True, 1)


def test_a_persons_subscription_is_told_while_it_lasts(desk: Desk, remembering_bot: RememberingBot) -> None:
    path = f"{BASE}/subscription/{SOMSRI}"
    for kind in ("joined", "renewed"):
        _change(desk, kind)
    (found,) = desk.line("GET", path).json["subscriptions"]
    assert (found["membership"]["membershipId"], found["user"]["membershipNo"]) == (3189, 1)
    assert (found["user"]["totalSubscriptionMonths"], "memberCount" in found["membership"]) == (2, False)
    _change(desk, "left")
    told = [received.events[0]["membership"] for received in remembering_bot.received]
    assert told == [{"type": kind, "membershipId": 3189} for kind in ("joined", "renewed", "left")]
    for answer in (desk.line("GET", path), desk.line("GET", f"{BASE}/subscription/{UNKNOWN}")):
        assert (answer.status, _rule(answer)) == (404, "membership-subscribed")
    assert _rule(desk.line("GET", f"{BASE}/subscription/someone")) == "recipient-format"


def test_members_come_in_pages(desk: Desk) -> None:
    for person in (SOMSRI, KHAM):
        _change(desk, "joined", person)
    first = desk.line("GET", f"{BASE}/3189/users/ids?limit=1").json
    assert first["userIds"] == [SOMSRI]
    assert desk.line("GET", f"{BASE}/3189/users/ids?start={first['next']}").json == {"userIds": [KHAM]}
    for limit in ("0", "1001", "x"):
        assert _rule(desk.line("GET", f"{BASE}/3189/users/ids?limit={limit}")) == "membership-page"
    unknown = desk.line("GET", f"{BASE}/7/users/ids")
    assert (unknown.status, unknown.json, _rule(unknown)) == (
        404, {"message": "Membership ID is not found"}, "membership-known"
    )  # fmt: skip


def test_a_member_who_is_no_friend_any_more_is_left_out(desk: Desk) -> None:
    for person in (SOMSRI, KHAM):
        _change(desk, "joined", person)
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.line("GET", f"{BASE}/3189/users/ids").json["userIds"] == [KHAM]


def test_the_next_payment_is_a_month_later_in_japan() -> None:
    january = 1769787000.0
    """The 31st there, still the 30th in Thailand."""
    assert Subscription(1, january).describe()["nextBillingDate"] == "2026-02-28"
    assert Subscription(1, january, months=12).describe()["nextBillingDate"] == "2027-01-31"


@pytest.mark.parametrize(
    "body", [{}, {"membershipId": 0, "title": "ก"}, {"membershipId": 1}, {"membershipId": 1, "title": "ก", "price": 0},
             {"membershipId": 1, "title": "ก", "limit": 0}, {"membershipId": 3189, "title": "ก"}],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    _offer(desk)
    assert desk.call("POST", "/simulator/api/account/memberships", body).status == 400


def test_a_full_plan_takes_nobody_more_and_nobody_joins_twice(desk: Desk) -> None:
    _offer(desk, limit=1)
    _change(desk, "joined")
    for person in (SOMSRI, KHAM):
        body = {"type": "joined", "membershipId": 3189}
        assert desk.call("POST", f"/simulator/api/people/{person}/membership", body).status == 400
    for plan in range(1, 5):
        _offer(desk, plan)
    assert desk.call("POST", "/simulator/api/account/memberships", {"membershipId": 9, "title": "ก"}).status == 400
