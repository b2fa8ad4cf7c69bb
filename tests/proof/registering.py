"""The proof of the seats: crowds register for events at the same moment, leave, change their minds, are offered seats
and let them lapse, while seats are added and taken away and processes are killed; in the end everything is counted."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bot.conversation.postback import Buttons
from bot.storage.jobs import DEAD, JobRow
from bot.vault import Vault
from tests.proof.by_day import day_all_around
from tests.proof.registering_counting import Figures, Sampler
from tests.proof.registering_stand import Postman, crew
from tests.proof.registering_trial import House, Size, Trial
from tests.proof.stand import in_background

__all__ = ["Figures", "Size", "run_registering"]
AT_ONCE = 4
"""Trials that are under way together: while one waits for a killed worker's leases to end, the others go on."""
SEED = 11


@contextlib.contextmanager
def open_house(folder: Path, *, on: str, size: Size, variant: str = "") -> Iterator[House]:
    """A running bot, and all that is going on around it."""
    with (
        crew(folder, on=on, variant=variant, of_each=size.of_each) as built,
        built.database() as database,
        day_all_around(),
    ):
        vault = Vault([built.environment["CIVICBOT_SECRET_KEY"]])
        house = House(built, database, vault, Buttons(vault), Postman(built.api), Sampler(database))
        built.start()
        with contextlib.ExitStack() as stack:
            stack.enter_context(in_background(house.postman.work))
            stack.enter_context(in_background(house.sampler.work))
            if size.every is not None:
                kills = partial(built.kill_now_and_then, every=size.every, most=size.most_kills)
                stack.enter_context(in_background(kills))
            yield house


def run_registering(
    folder: Path, *, on: str, size: Size, variant: str = "", told: Callable[[str], None] = lambda _: None
) -> Figures:
    """`told` hears of every trial."""
    total = Figures()
    began = time.monotonic()
    with open_house(folder, on=on, size=size, variant=variant) as house:

        def run_one(number: int) -> Figures | None:
            if time.monotonic() - began > size.limit_seconds:
                return None
            figures = Trial(house, random.Random(SEED * 1000 + number), size).run()
            told(f"trial {number}: {figures}")
            return figures

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for figures in pool.map(run_one, range(1, size.trials + 1)):
                if figures is not None:
                    total.add(figures)
        total.kills, total.samples = house.crew.kills, house.sampler.samples
        with house.database.reading() as db:
            total.jobs_failed = db.scalar(select(func.count()).where(JobRow.status == DEAD)) or 0
    total.seconds = round(time.monotonic() - began)
    return total
