"""The proof of the seats: crowds register for events at the same moment, leave, change their minds, are offered seats
and let them lapse, while seats are added and taken away and processes are killed; in the end everything is counted."""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

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
    folder: Path, *, on: str, size: Size, variant: str = "", told: Callable[[str], None] = lambda _: None,
    book: Path | None = None,
) -> Figures:  # fmt: skip
    """`told` hears of every trial. A `book` keeps what came of each, so that a run that was broken off is gone on with:
    what stands in it is not tried again, and counts."""
    began = time.monotonic()
    kept = _Book(book)
    with open_house(folder, on=on, size=size, variant=variant) as house:

        def note(number: int, figures: Figures) -> None:
            told(f"trial {number}: {figures}")
            with house.database.reading() as db:
                failed = db.scalar(select(func.count()).where(JobRow.status == DEAD)) or 0
            kept.note(number, figures)
            kept.note_house(
                kills=house.crew.kills, samples=house.sampler.samples, jobs_failed=failed,
                seconds=round(time.monotonic() - began),
            )  # fmt: skip

        def run_one(number: int) -> None:
            if number not in kept.trials and time.monotonic() - began <= size.limit_seconds:
                note(number, Trial(house, random.Random(SEED * 1000 + number), size).run())

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(run_one, range(1, size.trials + 1)))
    return kept.total()


class _Book:
    """What came of each trial, and of each house that trials were held in, as lines of JSON."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._house = str(time.time_ns())
        self.trials: dict[int, Figures] = {}
        self._houses: dict[str, dict[str, int]] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else ():
            self._take(json.loads(line))

    def note(self, number: int, figures: Figures) -> None:
        self._write({"trial": number, "figures": vars(figures)})

    def note_house(self, **counts: int) -> None:
        self._write({"house": self._house, "counts": counts})

    def total(self) -> Figures:
        total = Figures()
        for figures in self.trials.values():
            total.add(figures)
        for counts in self._houses.values():
            total.add(Figures(**counts))
        return total

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._take(line)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as book:
                    book.write(json.dumps(line) + "\n")

    def _take(self, line: dict[str, Any]) -> None:
        if "trial" in line:
            self.trials[line["trial"]] = Figures(**line["figures"])
        else:
            self._houses[line["house"]] = line["counts"]
