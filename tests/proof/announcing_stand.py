"""A stand on which notices are sent: the bot's processes, which are killed while a notice is on its way."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import clock
from bot.notices.rules import Rules
from bot.storage import notice_audience, notice_chunks, notices
from bot.storage.engine import Database
from tests import servers
from tests.proof import announcing_bot
from tests.proof.announcing_nursery import Nursery
from tests.proof.registering_stand import Crew

LOOK_EVERY_SECONDS = 0.05
NEARLY_DONE = 0.95


@dataclass
class Newsroom(Crew):
    """`hurried`: waits are shortened."""

    chunk: int = 500
    a_second: int = 120
    senders: int = 2
    hurried: bool = True
    hours_ahead: float = 0.0
    nursery: Nursery | None = None
    """Starts the processes; None: they are started from nothing, as they are in earnest."""

    @property
    def environment(self) -> dict[str, str]:
        told = {announcing_bot.IN_A_HURRY: "true"} if self.hurried else {}
        return (
            super().environment
            | {
                "CIVICBOT_MULTICASTS_PER_SECOND": str(self.a_second),
                "CIVICBOT_NOTICE_SENDERS": str(self.senders),
                "CIVICBOT_NOTICE_WEEKLY_CAP": "50",
                announcing_bot.CHUNK: str(self.chunk),
                announcing_bot.HOURS_AHEAD: str(self.hours_ahead),
            }
            | told
        )

    @property
    def rules(self) -> Rules:
        """As the bot's own, for what is done in its stead."""
        return Rules(cooling=timedelta(0), day=announcing_bot.A_WHOLE_DAY, weekly_cap=50, senders=self.senders)

    @property
    def now(self) -> datetime:
        """By the clock of the processes."""
        return clock.now() + timedelta(hours=self.hours_ahead)

    def _start_one(self, name: str) -> None:
        port, log = self.ports.get(name), self.folder / f"{name}.log"
        part = ["work"] if port is None else ["web", "--port", str(port)]
        if self.nursery is not None:
            child = self.nursery.start(part, environment=self.environment, log=log, variant=self.variant)
            self.crew[name] = child  # type: ignore[assignment]
        else:
            with log.open("ab") as file:
                self.crew[name] = subprocess.Popen(
                    [sys.executable, "-m", "tests.proof.announcing_bot", *part], env=self.environment,
                    process_group=0, stderr=file,
                )  # fmt: skip
        self.processes = list(self.crew.values())

    def kill_one(self, chance: random.Random) -> None:
        """A worker: nobody else has a part in sending."""
        with self.changing:
            name = chance.choice(sorted(name for name in self.crew if name not in self.ports))
            self.end(name)
            self.kills += 1
            self._start_one(name)

    def end(self, name: str) -> None:
        """SIGKILL, with its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.crew[name].pid, signal.SIGKILL)
        self.crew[name].wait()

    def end_all(self) -> None:
        for name in list(self.crew):
            self.end(name)
        self.crew.clear()
        self.processes = []

    def start_workers(self) -> None:
        for number in range(self.workers):
            self._start_one(f"worker {number}")


@contextlib.contextmanager
def newsroom(folder: Path, *, on: str, webs: int = 1, quick: bool = True, **more: int | bool) -> Iterator[Newsroom]:
    """Prepared, not yet started. SQLite has one worker, PostgreSQL two. `quick`: processes are forks."""
    folder.mkdir(parents=True, exist_ok=True)
    if on == "sqlite":
        url, workers = f"sqlite:///{folder / 'civicbot.db'}", 1
    else:
        url, workers = servers.create_database(on, f"civicbot_{folder.name}".replace("-", "_")), 2
    nursery = Nursery() if quick else None
    built = Newsroom(folder, url, webs=webs, workers=workers, nursery=nursery, **more)  # type: ignore[arg-type]
    try:
        built.prepare()
        yield built
    finally:
        built.stop()
        if nursery is not None:
            nursery.close()


@dataclass
class Killer:
    """Kills at moments of the way that are chosen by chance, the writing of the ledger among them, each time after
    some work was done since the last."""

    built: Newsroom
    database: Database
    notice_id: int
    kills: int

    def work(self, stopping: threading.Event) -> None:
        chance, before = random.Random(self.kills), -1.0
        for moment in sorted(chance.uniform(0.0, NEARLY_DONE) for _ in range(self.kills)):
            while not before < (come := progress(self.database, self.notice_id)) >= moment:
                if stopping.wait(LOOK_EVERY_SECONDS):
                    return
            if stopping.wait(chance.uniform(0.0, 0.2)):
                return
            before = come
            self.built.kill_one(chance)


def progress(database: Database, notice_id: int) -> float:
    """From 0 to 1: a tenth is the ledger, the rest the requests."""
    with database.reading() as db:
        row = notices.find(db, notice_id)
        last = notice_audience.highest_id(db)
        chunks = {state: found for state, (found, _) in notice_chunks.count(db, notice_id).items()}
    ends = sum(found for state, found in chunks.items() if state not in notice_chunks.OPEN)
    planned = row.planned_to / last if row is not None else 0.0
    return 0.1 * planned + (0.9 * ends / sum(chunks.values()) if planned == 1 and chunks else 0.0)
