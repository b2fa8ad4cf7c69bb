from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

MANY_THREADS = """
import re, sys, threading
from pathlib import Path
from bot.cli.serve import share_heaps
if sys.argv[1] == "shared":
    assert share_heaps()
held, done = threading.Barrier(17), threading.Barrier(17)
def work():
    kept = [bytes(1000) for _ in range(100)]
    held.wait(); done.wait(); len(kept)
for _ in range(16):
    threading.Thread(target=work, daemon=True).start()
held.wait()
heaps = re.findall(r"^[0-9a-f]+-[0-9a-f]+ rw-p 00000000 00:00 0 *$", Path("/proc/self/maps").read_text(), re.M)
sizes = [re.match(r"([0-9a-f]+)-([0-9a-f]+)", line).groups() for line in heaps]
print(sum(int(first, 16) % (64 << 20) == 0 for first, last in sizes))
done.wait()
"""
"""Counts the heaps of threads: each begins at a multiple of 64 MB."""


def heaps(how: str) -> int:
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", MANY_THREADS, how]
    return int(subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=60).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="left out: a setting of glibc")
def test_threads_share_two_heaps() -> None:
    assert heaps("shared") <= 2
    assert heaps("each its own") > 2
