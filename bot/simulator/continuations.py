"""Continuation tokens: how a list that comes in pages goes on, for a day."""

from __future__ import annotations

from bot.simulator.answering import Call
from bot.simulator.refusals import ApiRefusal

GOOD_SECONDS = 24 * 3600


def make_continuation(start: int, *, now: float) -> str:
    return f"{start:x}.{int(now):x}"


def read_continuation(call: Call, *, now: float) -> int:
    """Where the page begins. Raises LINE's refusal of a token that was not given, or is a day old."""
    given = call.request.args.get("start")
    if given is None:
        return 0
    try:
        start, made_at = (int(half, 16) for half in given.split("."))
    except ValueError as error:
        raise ApiRefusal(400, "Invalid start param", "continuation-token") from error
    if start < 0 or now - made_at > GOOD_SECONDS:
        raise ApiRefusal(400, "Invalid start param", "continuation-token")
    return start
