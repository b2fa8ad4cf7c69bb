"""The bot as the proof of notices runs it: a day of 24 hours, waits of a moment instead of minutes, smaller requests, a
clock that may be ahead. What it shall be is said by the environment.

Lives among the tests, so that no such switches exist in the product.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import time, timedelta

from bot import clock, wiring
from bot.cli.main import main
from bot.line import calls
from bot.messages import Messenger
from bot.notices import ledger, pacing, rules, sending
from bot.notices.rules import Rules
from bot.queue import jobs
from bot.settings import Settings
from bot.tasks.tools import Tools
from bot.wiring import Parts

CHUNK, HOURS_AHEAD, IN_A_HURRY = (
    "CIVICBOT_TESTS_CHUNK", "CIVICBOT_TESTS_HOURS_AHEAD", "CIVICBOT_TESTS_IN_A_HURRY",
)  # fmt: skip
A_WHOLE_DAY = (time.min, time.max)
CALL_SECONDS, CLAIM_SECONDS, LEASE_SECONDS = 1.0, 3.0, 4.0
"""Each longer than the one before it, as the bot's own."""

_rules_of, _tools_of = rules.of, wiring.tools_of


def as_told() -> None:
    rules.of = by_day
    wiring.tools_of = with_clock
    ledger.LARGEST_CHUNK = int(os.environ.get(CHUNK, ledger.LARGEST_CHUNK))
    if IN_A_HURRY in os.environ:
        _hurry()


def by_day(settings: Settings) -> Rules:
    return replace(_rules_of(settings), day=A_WHOLE_DAY)


def with_clock(parts: Parts, messenger: Messenger) -> Tools:
    ahead = timedelta(hours=float(os.environ.get(HOURS_AHEAD, "0")))
    return replace(_tools_of(parts, messenger), now=lambda: clock.now() + ahead)


def _hurry() -> None:
    """Whoever was killed leaves their work to others after seconds, and what failed is tried again at once."""
    calls.TIMEOUT_SECONDS = (3.0, CALL_SECONDS)
    sending.CLAIMED_FOR = timedelta(seconds=CLAIM_SECONDS)
    sending.FIRST_WAIT_SECONDS, sending.LONGEST_WAIT_SECONDS = 0.1, 1.0
    pacing.SLOW_FOR = timedelta(seconds=1)
    for function in (jobs.claim, jobs.renew):
        function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), "lease": timedelta(seconds=LEASE_SECONDS)}


if __name__ == "__main__":
    as_told()
    main()
