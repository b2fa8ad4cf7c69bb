"""A test stand: the real web and worker processes against a simulator of their own, on a database of their own."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot import clock
from bot.bench import events, load
from bot.faq import library
from bot.storage import faq_versions, jobs, migrate
from bot.storage.engine import Database, open_database
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.model import RECIPE, train
from tests import servers
from tests.servers import SHARED_FOLDER
from tests.trained import shipped_model

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "a token of the test stand"
PREPARED_AT_ONCE = 200


def call(url: str, body: object = None, *, method: str | None = None) -> Any:
    """One JSON request to the simulator's control address."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method or ("GET" if body is None else "POST"),
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


@cache
def shipped() -> Catalogue:
    return load_catalogue(SHIPPED)


@cache
def trained() -> bytes:
    return shipped_model(Path(SHARED_FOLDER)) if SHARED_FOLDER else train(shipped()).to_bytes()


@dataclass
class Stand:
    """Addresses and processes. `kill` is SIGKILL of the bot's whole process group; the simulator lives on."""

    folder: Path
    database_url: str
    variant: str = ""
    """A module of tests/proof/broken that is put in front of the bot's commands."""
    worker_threads: int = 8
    web_port: int = field(default_factory=servers.free_port)
    simulator_port: int = field(default_factory=servers.free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    simulator: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}/simulator/api"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CIVICBOT_", "LINE_"))}
        return kept | {
            "CIVICBOT_DATA_DIR": str(self.folder),
            "CIVICBOT_DATABASE_URL": self.database_url,
            "CIVICBOT_SECRET_KEY": "of a test stand, long enough to be accepted",
            "CIVICBOT_SQLITE_PARTS": "true",
            "CIVICBOT_PORT": str(self.web_port),
            "CIVICBOT_LOG_LEVEL": "WARNING",
            "CIVICBOT_WORKER_THREADS": str(self.worker_threads),
            "CIVICBOT_PUSH_DAILY_CAP": "1000000",
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_API_URL": f"http://127.0.0.1:{self.simulator_port}",
            "OMP_NUM_THREADS": "1",
        }

    def prepare(self) -> None:
        """The tables, the shipped FAQ with its model (trained once for all stands of a process), and the simulator."""
        with self.database() as database:
            migrate.upgrade(database)
            library.load_first_version(database, now=clock.now())
            with database.transaction() as db:
                faq_versions.save_model(db, version=shipped().version, recipe=RECIPE, arrays=trained())
        self.start_simulator()

    def start_simulator(self) -> None:
        self.simulator = subprocess.Popen(
            [sys.executable, "-m", "bot.simulator", "--port", str(self.simulator_port), "--webhook-url",
             f"http://127.0.0.1:{self.web_port}/line/webhook", "--channel-secret", SECRET, "--channel-token", TOKEN,
             "--loopback-pictures"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        servers.wait_for_port(self.simulator_port, seconds=60)

    def start(self) -> None:
        """Web and worker, in one process group. Returns when webhooks are taken."""
        module = f"tests.proof.broken.{self.variant}" if self.variant else "bot.cli"
        group = 0
        self.processes = []
        for part in ("web", "work"):
            with (self.folder / f"{part}.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", module, part], env=self.environment, process_group=group, stderr=log
                )
            group = group or process.pid
            self.processes.append(process)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}/ready", timeout=5):
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def kill(self) -> None:
        os.killpg(self.processes[0].pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            process.wait(timeout=60)
        if self.simulator is not None:
            self.simulator.terminate()
            self.simulator.wait(timeout=30)

    def shots(self, made: Sequence[dict[str, Any]]) -> list[load.Shot]:
        """Signed requests for these events; the simulator learns their reply tokens, whose minute begins now."""
        host = f"127.0.0.1:{self.web_port}"
        found = []
        for first in range(0, len(made), PREPARED_AT_ONCE):
            answer = call(f"{self.api}/webhook", {"events": made[first : first + PREPARED_AT_ONCE], "send": False})
            found += [
                load.shot([event], secret=SECRET, host=host, destination=answer["destination"])
                for event in answer["events"]
            ]
        return found

    def replies(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            page = call(f"{self.api}/replies?after={rows[-1]['n'] if rows else 0}")
            if not page["rows"]:
                return rows
            rows += page["rows"]

    @contextlib.contextmanager
    def database(self) -> Iterator[Database]:
        database = open_database(self.database_url)
        yield database
        database.dispose()

    def wait_until_drained(self, *, seconds: float) -> float:
        """Returns how long it took until no job was open."""
        started = time.monotonic()
        with self.database() as database:
            while True:
                with database.reading() as db:
                    left = jobs.count_open(db)
                if left == 0:
                    return time.monotonic() - started
                if time.monotonic() - started > seconds:
                    raise TimeoutError(f"{left} jobs are still open after {seconds} s")
                time.sleep(0.25)


@contextlib.contextmanager
def stand(folder: Path, *, on: str, variant: str = "", worker_threads: int = 8) -> Iterator[Stand]:
    """A prepared stand, not yet started. `on` is sqlite, or the URL of a PostgreSQL server."""
    folder.mkdir(parents=True, exist_ok=True)
    if on == "sqlite":
        url = f"sqlite:///{folder / 'civicbot.db'}"
    else:
        url = servers.create_database(on, f"civicbot_{folder.name}".replace("-", "_"))
    built = Stand(folder, url, variant, worker_threads)
    built.prepare()
    try:
        yield built
    finally:
        with contextlib.suppress(ProcessLookupError):
            built.stop()


def made_questions(count: int, people: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Text events without ids or tokens: the simulator fills those in.

    Everybody writes in turn, so that each message is one by itself: what one person writes within a second is read
    together. The next `seed` goes on where this one ends.
    """
    everybody = events.people(people)
    made = events.conversation(count, everybody, seed=seed)
    writers = itertools.islice(itertools.cycle(everybody), seed * count % people, None)
    return [
        {"type": "message", "source": {"type": "user", "userId": writer}, "message": _only_text(event)}
        for event, writer in zip(made, writers, strict=False)
    ]


def _only_text(event: dict[str, Any]) -> dict[str, str]:
    return {"type": "text", "text": event["message"]["text"]}


@contextlib.contextmanager
def in_background(work: Any) -> Iterator[None]:
    """Runs `work(stopping)` beside the body of the `with`, and tells it to stop at the end."""
    stopping = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work(stopping)
        except BaseException as error:  # raised again below
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
    if failures:
        raise failures[0]
