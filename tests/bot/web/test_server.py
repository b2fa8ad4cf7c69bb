"""The server itself, over real sockets: slow senders are cut off, others are not kept waiting."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.bench import load
from bot.bench.webhook import DESTINATION, SECRET, served
from tests.builders import a_text


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served("civicbot", tmp_path_factory.mktemp("server")) as number:
        yield number


def good(port: int) -> bytes:
    return load.shot([a_text("สวัสดี")], secret=SECRET, host=f"127.0.0.1:{port}", destination=DESTINATION).data


def exchange(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(data)
        return sock.recv(4096)


def drip(port: int, start: bytes, piece: bytes, *, gap: float) -> float:
    """Sends a piece every `gap` seconds until it is cut off; returns after how long."""
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(start)
        sock.settimeout(gap)
        while time.monotonic() - started < 25:
            try:
                sock.sendall(piece)
                if sock.recv(1024) == b"":
                    return time.monotonic() - started
            except TimeoutError:
                continue
            except OSError:
                return time.monotonic() - started
    return float("inf")


def test_a_good_request_is_answered_200(port: int) -> None:
    assert exchange(port, good(port)).startswith(b"HTTP/1.1 200")


def test_dripping_senders_are_cut_off_in_ten_seconds_and_nobody_else_waits(port: int) -> None:
    head = b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nX-Line-Signature: x\r\nContent-Length: 100000\r\n\r\n{"
    starts = [(head, b"x")] * 4 + [(b"POST /line/webhook HTTP/1.1\r\n", b"X-A: 1\r\n")] * 4
    cut_after: list[float] = []
    drippers = [
        threading.Thread(target=lambda start=start, piece=piece: cut_after.append(drip(port, start, piece, gap=0.5)))
        for start, piece in starts
    ]
    for dripper in drippers:
        dripper.start()
    times = []
    for _ in range(20):
        started = time.monotonic()
        assert exchange(port, good(port)).startswith(b"HTTP/1.1 200")
        times.append(time.monotonic() - started)
        time.sleep(0.1)
    for dripper in drippers:
        dripper.join()
    assert max(cut_after) <= 11, cut_after
    assert sorted(times)[len(times) // 2] < 1, times


def test_a_request_larger_than_a_megabyte_is_refused_before_it_is_sent(port: int) -> None:
    head = b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"
    assert exchange(port, head).startswith(b"HTTP/1.1 413")


def test_a_length_and_chunks_together_are_refused(port: int) -> None:
    head = b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    smuggled = head + b"0\r\n\r\nGET /x"
    assert b" 200 " not in exchange(port, smuggled).split(b"\r\n")[0]


def test_kill_minus_nine_leaves_nothing_behind_that_hinders_the_next_start(tmp_path: Path) -> None:
    with served("civicbot", tmp_path) as port:
        assert exchange(port, good(port)).startswith(b"HTTP/1.1 200")
        listing = subprocess.run(
            ["pgrep", "-f", f"bot.bench.servers civicbot {port}"], capture_output=True, text=True, check=True
        )
        for pid in listing.stdout.split():
            subprocess.run(["kill", "-9", pid], check=False)
    with served("civicbot", tmp_path) as port:
        assert exchange(port, good(port)).startswith(b"HTTP/1.1 200")
    assert sys.platform.startswith("linux")
