"""`bench webhook`: our rate of acknowledged webhooks, beside a route that does nothing and one that does the least.

All three are served by the same server with the same settings, in turn, three times over; the median round counts.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.bench import events, load

SECRET = "bench-secret"  # noqa: S105 - of a server that lives for seconds
KINDS = ("bare", "verify and insert", "civicbot")
CONNECTIONS = 16
ROUNDS = 3
DESTINATION = "U" + "f" * 32


@dataclass(frozen=True, slots=True)
class Figure:
    kind: str
    a_second: float
    p50_ms: float
    p99_ms: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(kind: str, folder: Path) -> Iterator[int]:
    """One of the three applications, in a process of its own; yields its port."""
    port = free_port()
    child = subprocess.Popen([sys.executable, "-m", "bot.bench.servers", kind, str(port), str(folder)])
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or child.poll() is not None:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait(timeout=40)


def measure(kind: str, *, seconds: float) -> Figure:
    """One round: sixteen connections, each asking again as soon as it is answered."""
    with tempfile.TemporaryDirectory(prefix="civicbot-bench-") as name, served(kind, Path(name)) as port:
        made = events.conversation(int(seconds * 6000), events.people(2000))
        host = f"127.0.0.1:{port}"
        shots = [load.shot([event], secret=SECRET, host=host, destination=DESTINATION) for event in made]
        load.fire(("127.0.0.1", port), shots[:200], connections=CONNECTIONS)
        outcome = load.fire(("127.0.0.1", port), shots[200:], connections=CONNECTIONS, seconds=seconds)
    if set(outcome.statuses) != {200} or outcome.broken:
        raise RuntimeError(f"{kind}: answers {dict(outcome.statuses)}, {outcome.broken} broken")
    return Figure(kind, len(outcome.seconds) / outcome.elapsed, outcome.quantile(0.5), outcome.quantile(0.99))


def run(*, seconds: float) -> list[Figure]:
    """The median round of each kind, by rate. The rounds alternate, so that a change of speed hits all three."""
    rounds: dict[str, list[Figure]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind in KINDS:
            rounds[kind].append(measure(kind, seconds=seconds))
    medians = []
    for kind in KINDS:
        middle = statistics.median_low(figure.a_second for figure in rounds[kind])
        medians.append(next(figure for figure in rounds[kind] if figure.a_second == middle))
    return medians
