"""The proof of speed of notices: crowds of growing size, LINE answers in 50 ms, and people write all the while. Beside
it the simulator takes the very same requests from a bare loop."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from math import log10
from pathlib import Path

from bot.bench import load
from bot.bench.plots import Axis, Line, Panel
from bot.storage.engine import Database
from bot.storage.notices import APPROVED, PLANNING
from tests.proof.announcing_counting import Books
from tests.proof.announcing_making import click_send, settle, wait_until_over, write_notice
from tests.proof.announcing_stand import Newsroom, newsroom
from tests.proof.stand import TOKEN, call, in_background, made_questions

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ANSWERS_AFTER_SECONDS = 0.05
WRITES_EVERY_SECONDS = 0.5
WRITERS = 40
ANSWERED_WITHIN_SECONDS = 15.0
BARE_REQUESTS = 400
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class SpeedFigures:
    people: int
    who_want_it: int
    requests: int
    ledger_s: float
    sending_s: float
    requests_a_second: float
    people_a_second: int
    bare_requests_a_second: float
    """The simulator's, from as many connections as the bot uses, in the same run."""
    simulator_ms_a_request: float
    """Of processor time, in the bare loop."""
    worker_ms_a_request: float
    """Of processor time, of all workers, from the approval to the end."""
    worker_peak_mb: int
    web_peak_mb: int
    simulator_peak_mb: int
    replies: int
    reply_p50_s: float
    reply_p95_s: float
    missed: int
    twice: int


def run_speed(
    folder: Path, *, on: str, sizes: Sequence[int] = SIZES, senders: int = 2, a_second: int = 120
) -> list[SpeedFigures]:
    """Each notice is for everybody who has come so far."""
    found = []
    with (
        newsroom(folder, on=on, hurried=False, quick=False, senders=senders, a_second=a_second) as built,
        built.database() as database,
    ):
        call(f"{built.api}/faults", {"path": "/v2/bot/*", "times": 1_000_000_000, "delay": ANSWERS_AFTER_SECONDS})
        here, wanting = 0, set[str]()
        for size in sizes:
            wanting |= set(settle(built, database, size - here).wanting.values())
            here = size
            if not built.crew:
                built.start()
                _settle_down(built)
            found.append(_measure(built, database, size, wanting))
    return found


def _settle_down(built: Newsroom) -> None:
    """The worker is there once it has answered somebody."""
    load.fire(("127.0.0.1", built.ports["web 0"]), built.shots(made_questions(4, 4)), connections=1)
    built.wait_until_drained(seconds=120)


def _measure(built: Newsroom, database: Database, people: int, wanting: set[str]) -> SpeedFigures:
    books = Books(built.api)
    books.skip()
    notice_id = write_notice(built, database, title=f"หลักฐาน {people}")
    workers = [process.pid for name, process in built.crew.items() if name.startswith("worker")]
    writer = Writer(built)
    spent = sum(map(_cpu_seconds, workers))
    began = time.monotonic()
    with in_background(writer.work):
        click_send(built, database, notice_id, clicks=1)
        wait_until_over(database, notice_id, seconds=900, states=(APPROVED, PLANNING))
        planned = time.monotonic()
        state = wait_until_over(database, notice_id, seconds=3600)
        ended = time.monotonic()
    if state != "finished":
        raise RuntimeError(f"the notice ended as {state}")
    spent = sum(map(_cpu_seconds, workers)) - spent
    given = books.read_given()
    requests = len(given)
    calls = books.read_calls()
    bare, simulator_ms = _bare_rate(built, min(BARE_REQUESTS, requests))
    times = [user_id for one in given for user_id in one.user_ids]
    delays = writer.delays()
    return SpeedFigures(
        people=people, who_want_it=len(wanting), requests=len(calls),
        ledger_s=round(planned - began, 1), sending_s=round(ended - planned, 1),
        requests_a_second=round(requests / (ended - planned), 1),
        people_a_second=round(len(wanting) / (ended - planned)),
        bare_requests_a_second=round(bare, 1), simulator_ms_a_request=round(simulator_ms, 1),
        worker_ms_a_request=round(spent / requests * 1000, 1),
        worker_peak_mb=max(map(_peak_mb, workers)),
        web_peak_mb=max(_peak_mb(pid) for pid in _family(built.crew["web 0"].pid)),
        simulator_peak_mb=max(_peak_mb(pid) for pid in _family(built.simulator.pid if built.simulator else 0)),
        replies=len(delays), reply_p50_s=_share(delays, 0.5), reply_p95_s=_share(delays, 0.95),
        missed=len(wanting.difference(times)), twice=len(times) - len(set(times)),
    )  # fmt: skip


@dataclass
class Writer:
    """Somebody asks something every half second; nobody so often that the bot would ask them for a pause."""

    built: Newsroom
    sent_at: dict[str, float] = field(default_factory=dict)
    last: int = 0

    def work(self, stopping: threading.Event) -> None:
        self.last = call(f"{self.built.api}/replies?limit=0")["last"]
        number = itertools.count(1)
        while not stopping.wait(WRITES_EVERY_SECONDS):
            shots = self.built.shots(made_questions(1, WRITERS, seed=next(number)))
            outcome = load.fire(("127.0.0.1", self.built.ports["web 0"]), shots, connections=1)
            self.sent_at |= outcome.sent_at
        deadline = time.monotonic() + ANSWERED_WITHIN_SECONDS
        while len(self.delays()) < len(self.sent_at) and time.monotonic() < deadline:
            time.sleep(WRITES_EVERY_SECONDS)

    def delays(self) -> list[float]:
        """From the sending of an event to LINE's acceptance of the answer."""
        found, after = [], self.last
        while rows := call(f"{self.built.api}/sendings?after={after}&limit=1000")["rows"]:
            after = rows[-1]["first"]
            found += [
                datetime.fromisoformat(row["at"]).timestamp() - self.sent_at[row["webhookEventId"]]
                for row in rows
                if row["webhookEventId"] in self.sent_at
            ]
        return sorted(found)


def _share(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else float("nan")


def _bare_rate(built: Newsroom, most: int) -> tuple[float, float]:
    """The last requests of the bot's, made once more with keys of their own: how many a second the simulator takes, and
    how much of the processor's time each costs it."""
    bodies = _last_bodies(built, most)
    turn, lock = iter(bodies), threading.Lock()
    pid = built.simulator.pid if built.simulator is not None else 0
    spent = sum(map(_cpu_seconds, _family(pid)))

    def send(_: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", built.simulator_port, timeout=60)
        while True:
            with lock:
                body = next(turn, None)
            if body is None:
                break
            headers = {
                "Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json",
                "X-Line-Retry-Key": str(uuid.uuid4()),
            }  # fmt: skip
            connection.request("POST", "/v2/bot/message/multicast", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the bare loop was answered {answer.status}")
        connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(built.senders) as pool:
        list(pool.map(send, range(built.senders)))
    elapsed = time.monotonic() - began
    spent = sum(map(_cpu_seconds, _family(pid))) - spent
    return len(bodies) / elapsed, spent / len(bodies) * 1000


def _last_bodies(built: Newsroom, most: int) -> list[bytes]:
    last = call(f"{built.api}/journal?kind=call&slim&limit=0")["last"]
    rows: list[Mapping[str, object]] = []
    after = max(0, last - 2 * most - 400)
    while page := call(f"{built.api}/journal?kind=call&after={after}&limit=200")["rows"]:
        after = page[-1]["n"]
        rows += page
    found = [row["request"] for row in rows if str(row["path"]).endswith("/multicast") and row["request"]]
    return [json.dumps(body).encode() for body in found[-most:]]


def _family(pid: int) -> list[int]:
    """A process and its children: gunicorn's workers do the work."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def _peak_mb(pid: int) -> int:
    """The most memory that it has had at any moment."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def panels(found: Mapping[str, Sequence[SpeedFigures]]) -> list[Panel]:
    """Seconds against people, both as powers of ten."""
    lines = []
    for name, figures in found.items():
        lines.append(Line(f"{name}, ledger", [(log10(one.people), log10(max(one.ledger_s, 0.1))) for one in figures]))
        lines.append(Line(f"{name}, sending", [(log10(one.people), log10(max(one.sending_s, 0.1))) for one in figures]))
    across, up = Axis("people, as a power of ten", 3, 6, 1), Axis("seconds, as a power of ten", -1, 3, 1)
    return [Panel("What a notice costs, by its audience", lines, across, up)]
