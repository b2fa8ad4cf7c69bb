"""The body of a narrowcast: to whom, filtered how, and how many at most."""

from __future__ import annotations

from typing import Any

from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.messages import check_messages, refuse_if_wrong
from bot.simulator.rules.node import Node

RECIPIENTS = 10
FILTER_CONDITIONS = 10
FILTER_TYPES = frozenset({"operator", "gender", "age", "appType", "area", "subscriptionPeriod"})
OPERATORS = ("and", "or", "not")
AGES = tuple(f"age_{years}" for years in range(15, 75, 5))
FRIENDSHIPS = ("day_7", "day_30", "day_90", "day_180", "day_365")
AREAS = frozenset(
    f"{country}_{number:02d}" for country, last in (("jp", 47), ("tw", 22), ("th", 8)) for number in range(1, last + 1)
)
CHOICES = {"gender": frozenset({"male", "female"}), "appType": frozenset({"ios", "android"}), "area": AREAS}
RANGES = {"age": AGES, "subscriptionPeriod": FRIENDSHIPS}


def check_narrowcast(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems, loopback=loopback)
    recipient = request.child("recipient")
    if recipient is not None and _check_recipient(recipient) > RECIPIENTS:
        recipient.refuse("narrowcast-recipient-count", f"Size must be between 1 and {RECIPIENTS}")
    _check_filter(request.child("filter"))
    limit = request.child("limit")
    if limit is not None:
        _check_limit(limit)
    request.flag("notificationDisabled")
    check_messages(request)
    refuse_if_wrong(problems)


def _check_recipient(recipient: Node) -> int:
    """How many audiences and earlier narrowcasts it speaks of."""
    rule = "narrowcast-recipient"
    kind = recipient.choice("type", rule, {"audience", "redelivery", "operator"}, required=True)
    if kind == "audience":
        recipient.get("audienceGroupId", int, required=True)
    elif kind == "redelivery":
        recipient.text("requestId", rule, most=100)
    elif kind == "operator":
        return sum(_check_recipient(part) for part in _parts(recipient, rule))
    return 1


def _check_filter(chosen: Node | None) -> None:
    demographic = chosen.child("demographic", required=True) if chosen is not None else None
    if demographic is not None and _check_condition(demographic) > FILTER_CONDITIONS:
        demographic.refuse("narrowcast-filter", f"Size must be between 1 and {FILTER_CONDITIONS}")


def _check_condition(condition: Node) -> int:
    rule = "narrowcast-filter"
    kind = condition.choice("type", rule, FILTER_TYPES, required=True)
    if kind == "operator":
        return sum(_check_condition(part) for part in _parts(condition, rule))
    if kind in CHOICES:
        values = condition.get("oneOf", list, required=True)
        if values is not None and (not values or not set(map(str, values)) <= CHOICES[kind]):
            condition.refuse_value(rule, "oneOf")
    elif kind in RANGES:
        _check_range(condition, RANGES[kind])
    return 1


def _check_range(condition: Node, steps: tuple[str, ...]) -> None:
    least = condition.choice("gte", "narrowcast-filter", steps)
    below = condition.choice("lt", "narrowcast-filter", steps)
    if condition.data.get("gte") is None and condition.data.get("lt") is None:
        condition.refuse("narrowcast-filter", "gte or lt must be specified")
    elif least is not None and below is not None and steps.index(least) >= steps.index(below):
        condition.refuse_value("narrowcast-filter", "gte")


def _parts(operator: Node, rule: str) -> list[Node]:
    """What exactly one of `and`, `or` and `not` holds."""
    given = [name for name in OPERATORS if operator.data.get(name) is not None]
    if len(given) != 1:
        operator.refuse(rule, "Specify exactly one of: and, or, not")
        return []
    if given == ["not"]:
        part = operator.child("not")
        return [part] if part is not None else []
    return operator.children(given[0], rule, least=1, most=None)


def _check_limit(limit: Node) -> None:
    limit.whole("max", "narrowcast-limit", least=1)
    up_to_quota = limit.flag("upToRemainingQuota")
    if limit.flag("forbidPartialDelivery") and not up_to_quota:
        words = "The option forbidPartialDelivery must be used with upToRemainingQuota."
        raise ApiRefusal(400, words, "narrowcast-partial")
