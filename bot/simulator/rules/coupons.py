"""A coupon as it is made: what it gives, to whom, and when."""

from __future__ import annotations

from typing import Any

from bot.simulator.refusals import Problem
from bot.simulator.rules.counting import utf16_units
from bot.simulator.rules.messages import refuse_if_wrong
from bot.simulator.rules.node import Node

NO_LIMIT = -1
MOST_WINNERS = 999_999
TIMEZONES = frozenset(
    (
        "ETC_GMT_MINUS_12", "ETC_GMT_MINUS_11", "PACIFIC_HONOLULU", "AMERICA_ANCHORAGE", "AMERICA_LOS_ANGELES",
        "AMERICA_PHOENIX", "AMERICA_CHICAGO", "AMERICA_NEW_YORK", "AMERICA_CARACAS", "AMERICA_SANTIAGO",
        "AMERICA_ST_JOHNS", "AMERICA_SAO_PAULO", "ETC_GMT_MINUS_2", "ATLANTIC_CAPE_VERDE", "EUROPE_LONDON",
        "EUROPE_PARIS", "EUROPE_ISTANBUL", "EUROPE_MOSCOW", "ASIA_TEHRAN", "ASIA_TBILISI", "ASIA_KABUL",
        "ASIA_TASHKENT", "ASIA_COLOMBO", "ASIA_KATHMANDU", "ASIA_ALMATY", "ASIA_RANGOON", "ASIA_BANGKOK",
        "ASIA_TAIPEI", "ASIA_TOKYO", "AUSTRALIA_DARWIN", "AUSTRALIA_SYDNEY", "ASIA_VLADIVOSTOK", "ETC_GMT_PLUS_12",
        "PACIFIC_TONGATAPU",
    )
)  # fmt: skip
REWARDS = ("discount", "free", "gift", "cashBack", "others")
PRICES = {"discount": ("fixed", "percentage", "explicit"), "cashBack": ("fixed", "percentage")}
AMOUNTS = {"fixed": {"fixedAmount"}, "percentage": {"percentage"}, "explicit": {"originalPrice", "priceAfterDiscount"}}


def check_coupon(body: dict[str, Any], *, now: float) -> None:
    problems: list[Problem] = []
    coupon = Node(body, "", problems)
    title = coupon.get("title", str, required=True)
    if title is not None and not 1 <= utf16_units(title) <= 60:
        coupon.refuse("coupon-title", "Size must be between 1 and 60", "title")
    coupon.text("description", "coupon-words", most=1000, least=0, required=False)
    coupon.text("usageCondition", "coupon-words", most=100, least=0, required=False)
    coupon.text("couponCode", "coupon-words", most=16, least=0, required=False)
    coupon.url("imageUrl", required=False)
    coupon.url("barcodeImageUrl", required=False)
    coupon.choice("visibility", "coupon-choice", {"PUBLIC", "UNLISTED"}, required=True)
    coupon.choice("timezone", "coupon-choice", TIMEZONES, required=True)
    if coupon.get("maxUseCountPerTicket", int, required=True) not in {None, 1, NO_LIMIT}:
        coupon.refuse_value("coupon-choice", "maxUseCountPerTicket")
    _check_time(coupon, now)
    _check_condition(coupon.child("acquisitionCondition", required=True))
    _check_reward(coupon.child("reward", required=True))
    refuse_if_wrong(problems)


def _check_time(coupon: Node, now: float) -> None:
    start = coupon.whole("startTimestamp", "coupon-time", least=0, required=True)
    end = coupon.whole("endTimestamp", "coupon-time", least=0, required=True)
    if end is not None and (end <= now or (start is not None and end <= start)):
        coupon.refuse("coupon-time", "Must be after now, and after startTimestamp", "endTimestamp")


def _check_condition(condition: Node | None) -> None:
    if condition is None:
        return
    if condition.choice("type", "coupon-condition", {"normal", "lottery"}, required=True) != "lottery":
        return
    condition.whole("lotteryProbability", "coupon-condition", least=1, most=99, required=True)
    winners = condition.get("maxAcquireCount", int, required=True)
    if winners is not None and winners != NO_LIMIT and not 1 <= winners <= MOST_WINNERS:
        condition.refuse("coupon-condition", f"Must be between 1 and {MOST_WINNERS}", "maxAcquireCount")


def _check_reward(reward: Node | None) -> None:
    if reward is None:
        return
    kind: str | None = reward.get("type", str, required=True)
    if kind is not None and kind not in REWARDS:
        reward.refuse("coupon-reward", f"Must be one of the following values: [{','.join(REWARDS)}]", "type")
        return
    price = reward.child("priceInfo", required=kind in PRICES)
    if price is None or kind is None:
        return
    if kind not in PRICES:
        reward.refuse("coupon-reward", "Must not be specified", "priceInfo")
        return
    form = price.choice("type", "coupon-reward", PRICES[kind], required=True)
    if form is None:
        return
    for name in sorted(AMOUNTS[form]):
        price.whole(name, "coupon-reward", least=1, most=99 if form == "percentage" else None, required=True)
    for name in sorted(set().union(*AMOUNTS.values()) - AMOUNTS[form]):
        if price.data.get(name) is not None:
            price.refuse("coupon-reward", "Must not be specified", name)
