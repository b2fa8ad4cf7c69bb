"""Days as LINE's statistics write them: eight digits, in Japan."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.simulator.answering import Call
from bot.simulator.refusals import ApiRefusal

_DAY = re.compile(r"[0-9]{8}")


def read_day(call: Call, name: str = "date") -> str:
    """A day of the query. Raises LINE's refusal of what is none."""
    day = call.request.args.get(name) or ""
    _as_date(day, name)
    return day


def read_span(call: Call, *, most: int, rule: str) -> tuple[str, str]:
    """`from` and `to`, at most so many days apart. Raises LINE's refusal of a longer span, or one backwards."""
    first, last = read_day(call, "from"), read_day(call, "to")
    if not 0 <= (_as_date(last, "to") - _as_date(first, "from")).days <= most:
        raise ApiRefusal(400, "The value for the 'to' parameter is invalid", rule)
    return first, last


def _as_date(day: str, name: str) -> date:
    try:
        if _DAY.fullmatch(day):
            return datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        pass
    raise ApiRefusal(400, f"The value for the '{name}' parameter is invalid", "date-form")
