"""A stand with several web and worker processes, each of which may be killed at any moment and is started again; and
what LINE would do around them: deliver until it is acknowledged, and carry what the bot says to people's phones."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.bench import load
from tests import servers
from tests.proof.stand import Stand, call

Delivered = list[dict[str, Any]]
"""The messages of one reply or push."""
CONNECTIONS = 8
READ_EVERY_SECONDS = 0.15
ROWS_AT_ONCE = 1000
REDELIVERED_SHARE = 0.05


@dataclass
class Crew(Stand):
    """On PostgreSQL two of each, on SQLite one of each. Every process is a group of its own, so that a kill takes its
    children too."""

    webs: int = 2
    workers: int = 2
    crew: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    start_seconds: float = 0.0
    changing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"CIVICBOT_PERSON_PACE": "10000", "CIVICBOT_BASE_URL": "https://bot.example.org"}

    def start(self) -> None:
        began = time.monotonic()
        self.ports = {f"web {number}": servers.free_port() for number in range(self.webs)}
        for name in (*self.ports, *(f"worker {number}" for number in range(self.workers))):
            self._start_one(name)
        for port in self.ports.values():
            _wait_until_ready(port)
        self.start_seconds = time.monotonic() - began

    def _start_one(self, name: str) -> None:
        module = f"tests.proof.broken.{self.variant}" if self.variant else "tests.proof.by_day"
        port = self.ports.get(name)
        part = ["work"] if port is None else ["web", "--port", str(port)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.crew[name] = subprocess.Popen(
                [sys.executable, "-m", module, *part], env=self.environment, process_group=0, stderr=log
            )
        self.processes = list(self.crew.values())

    def stop(self) -> None:
        """Nothing is under way any more that would have to come to an end."""
        for process in self.crew.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self.simulator is not None:
            self.simulator.terminate()
            self.simulator.wait(timeout=30)

    def kill_one(self, chance: random.Random) -> None:
        """And starts it again."""
        with self.changing:
            name = chance.choice(sorted(self.crew))
            os.killpg(self.crew[name].pid, signal.SIGKILL)
            self.crew[name].wait()
            self.kills += 1
            self._start_one(name)

    def require_alive(self) -> None:
        """Raises RuntimeError where a process has ended that nobody killed: nothing would ever come to rest."""
        with self.changing:
            ended = [name for name, process in self.crew.items() if process.poll() is not None]
        if ended:
            raise RuntimeError(f"ended by themselves: {ended}; {(self.folder / f'{ended[0]}.log').read_text()[-2000:]}")

    def kill_now_and_then(self, stopping: threading.Event, *, every: tuple[float, float], most: int) -> None:
        """The next one once the last may have started again: else nobody would be left to do the work."""
        chance, least = random.Random(most), 0.0
        while self.kills < most and not stopping.wait(max(least, chance.uniform(*every))):
            self.kill_one(chance)
            least = self.start_seconds / self.workers

    def send(self, made: Sequence[dict[str, Any]], chance: random.Random) -> int:
        """Each event again and again until one of the web processes has acknowledged it, and some once more after
        that, as LINE does. Returns how many were sent once more."""
        left = {shot.event_ids[0]: shot for shot in self.shots(made)}
        again = [shot for shot in left.values() if chance.random() < REDELIVERED_SHARE]
        while left:
            self.require_alive()
            waiting = list(left.values())
            chance.shuffle(waiting)
            for event_id in self._fire(waiting):
                left.pop(event_id, None)
        self._fire(again)
        return len(again)

    def _fire(self, shots: Sequence[load.Shot]) -> list[str]:
        """What was acknowledged, by any of the web processes, to all of which something is sent."""
        ports = list(self.ports.values())
        outcomes: list[load.Outcome] = []

        def fire_at(port: int, part: Sequence[load.Shot]) -> None:
            outcomes.append(load.fire(("127.0.0.1", port), part, connections=min(CONNECTIONS, len(part))))

        parts = [(port, shots[number :: len(ports)]) for number, port in enumerate(ports)]
        threads = [threading.Thread(target=fire_at, args=part) for part in parts if part[1]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [event_id for outcome in outcomes for event_id in outcome.acknowledged]


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def crew(folder: Path, *, on: str, variant: str = "", of_each: int = 2) -> Iterator[Crew]:
    """A prepared stand, not yet started. `on` is sqlite, or the URL of a PostgreSQL server; SQLite takes one process of
    each."""
    folder.mkdir(parents=True, exist_ok=True)
    if on == "sqlite":
        url, of_each = f"sqlite:///{folder / 'civicbot.db'}", 1
    else:
        url = servers.create_database(on, f"civicbot_{folder.name}".replace("-", "_"))
    built = Crew(folder, url, variant, webs=of_each, workers=of_each)
    built.prepare()
    try:
        yield built
    finally:
        built.stop()


class Postman:
    """Reads the simulator's journal as it grows, and hands everybody what the bot has sent them, in its order."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._boxes: dict[str, list[Delivered]] = {}
        self._read_up_to = 0
        self._rounds = 0

    def keep_box(self, user_id: str) -> list[Delivered]:
        """Fills from now on."""
        with self._lock:
            return self._boxes.setdefault(user_id, [])

    def take_away(self, user_ids: Sequence[str]) -> None:
        with self._lock:
            for user_id in user_ids:
                self._boxes.pop(user_id, None)

    def work(self, stopping: threading.Event) -> None:
        while not stopping.wait(READ_EVERY_SECONDS):
            while self._read_on() == ROWS_AT_ONCE:
                pass
            self._rounds += 1

    def catch_up(self) -> None:
        """Until all is delivered that was sent before this call."""
        wanted = self._rounds + 2
        while self._rounds < wanted:
            time.sleep(READ_EVERY_SECONDS / 2)

    def _read_on(self) -> int:
        rows = call(f"{self._api}/journal?kind=call&after={self._read_up_to}&limit={ROWS_AT_ONCE}")["rows"]
        with self._lock:
            for row in rows:
                self._hand_out(row)
                self._read_up_to = row["n"]
        return len(rows)

    def _hand_out(self, row: Mapping[str, Any]) -> None:
        if row["status"] != 200 or not str(row["path"]).endswith(("/message/reply", "/message/push")):
            return
        for user_id in row["userIds"]:
            if user_id in self._boxes:
                self._boxes[user_id].append(row["request"]["messages"])
