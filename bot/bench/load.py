"""A load of signed webhooks: prepared beforehand, sent over kept-alive connections, every answer timed.

In an open loop (`rate` given) a request's time counts from the moment at which it was due, so that a server that stalls
cannot hide it by being asked less.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.line.signature import sign

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One request, framed and signed, with the ids of its events."""

    data: bytes
    event_ids: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What came of a load. `seconds` are the answers' times, `acknowledged` the event ids that were answered 200."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    sent_at: dict[str, float] = field(default_factory=dict)
    """When each event was first due to be sent, in seconds of Unix time."""
    broken: int = 0
    elapsed: float = 0.0

    def quantile(self, share: float) -> float:
        """The time within which that share of the answers came, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


def frame(body: bytes, secret: str, *, host: str) -> bytes:
    return (
        f"POST /line/webhook HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"X-Line-Signature: {sign(body, secret)}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def shot(events: Sequence[dict[str, object]], *, secret: str, host: str, destination: str) -> Shot:
    body = json.dumps({"destination": destination, "events": events}, ensure_ascii=False).encode()
    return Shot(frame(body, secret, host=host), tuple(str(event["webhookEventId"]) for event in events))


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    def exchange(self, data: bytes) -> int:
        """The status of the answer. Raises OSError, after which the next exchange connects again."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(data)
            return self._read_answer(self._socket)
        except OSError:
            self.close()
            raise

    def _read_answer(self, sock: socket.socket) -> int:
        buffer = b""
        while b"\r\n\r\n" not in buffer:
            buffer += _some(sock)
        head, _, rest = buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        missing = int(headers.get("content-length", "0")) - len(rest)
        while missing > 0:
            missing -= len(_some(sock))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split(" ")[1])

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _some(sock: socket.socket) -> bytes:
    part = sock.recv(65_536)
    if not part:
        raise ConnectionResetError("the server closed the connection")
    return part


def fire(
    address: tuple[str, int],
    shots: Sequence[Shot],
    *,
    connections: int,
    rate: float | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Sends the shots: at `rate` a second when given, else as fast as the answers come, for at most `seconds`."""
    total, lock = Outcome(), threading.Lock()
    turn = iter(range(len(shots)))
    started = time.perf_counter()

    def next_index() -> int | None:
        with lock:
            if seconds is not None and time.perf_counter() - started > seconds:
                return None
            return next(turn, None)

    def send_on_one_connection() -> None:
        connection, mine = _Connection(address), Outcome()
        while (index := next_index()) is not None:
            due = started + index / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            _send(connection, shots[index], due, mine)
        connection.close()
        with lock:
            _add(total, mine)

    threads = [threading.Thread(target=send_on_one_connection) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total.elapsed = time.perf_counter() - started
    return total


def _send(connection: _Connection, one: Shot, due: float, mine: Outcome) -> None:
    try:
        status = connection.exchange(one.data)
    except OSError:
        mine.broken += 1
        time.sleep(0.05)
        return
    taken = time.perf_counter() - due
    mine.seconds.append(taken)
    for event_id in one.event_ids:
        mine.sent_at.setdefault(event_id, time.time() - taken)
    mine.statuses[status] += 1
    if status == 200:
        mine.acknowledged.extend(one.event_ids)


def _add(total: Outcome, mine: Outcome) -> None:
    total.seconds.extend(mine.seconds)
    total.statuses.update(mine.statuses)
    total.acknowledged.extend(mine.acknowledged)
    total.broken += mine.broken
    for event_id, moment in mine.sent_at.items():
        total.sent_at.setdefault(event_id, moment)
