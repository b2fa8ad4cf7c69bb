"""The bot with a day of 24 hours: seats are offered by day only, and proofs are run at any hour.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time

from bot.cli.main import main
from bot.events import hours


@contextmanager
def day_all_around() -> Iterator[None]:
    before = (hours.DAY_BEGINS, hours.DAY_ENDS)
    hours.DAY_BEGINS, hours.DAY_ENDS = time.min, time.max
    try:
        yield
    finally:
        hours.DAY_BEGINS, hours.DAY_ENDS = before


if __name__ == "__main__":
    with day_all_around():
        main()
