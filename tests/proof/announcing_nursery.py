"""Starts the bot's processes quickly: all that it is made of is imported once, and each process is a fork of that. They
are killed as any process is; only the seconds that importing takes are spared at every start.

`python -m tests.proof.announcing_nursery` reads orders, a line of JSON each, and answers each with a process's number.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bot.app
import bot.cli.main
import bot.web.server
import bot.worker
from tests.proof import announcing_bot


class Child:
    """A process that is not ours to wait for, with as much of a Popen as a stand needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = -1

    def poll(self) -> int | None:
        return self._ended_within(0)

    def wait(self, timeout: float | None = None) -> int | None:
        return self._ended_within(timeout)

    def kill(self) -> None:
        """With the processes that it has started itself."""
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.killpg(self.pid, signal.SIGKILL)

    terminate = kill

    def _ended_within(self, seconds: float | None) -> int | None:
        if self._handle < 0:
            return 0
        if not select.select([self._handle], [], [], seconds)[0]:
            return None
        os.close(self._handle)
        self._handle = -1
        return 0


class Nursery:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.announcing_nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def start(self, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path, variant: str) -> Child:
        order = {"arguments": arguments, "environment": environment, "log": str(log), "variant": variant}
        given, answers = self._process.stdin, self._process.stdout
        if given is None or answers is None:
            raise RuntimeError("the nursery is closed")
        with self._lock:
            given.write(json.dumps(order) + "\n")
            given.flush()
            return Child(int(answers.readline()))

    def close(self) -> None:
        self._process.communicate(timeout=30)


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone at once
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(child, child)  # whichever of the two comes first: it is killed as a group
        print(child, flush=True)


def _become(order: Mapping[str, Any]) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(os.devnull).open("r+b") as nothing, Path(order["log"]).open("ab") as log:
        for stream, file in ((0, nothing), (1, nothing), (2, log)):
            os.dup2(file.fileno(), stream)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["civicbot", *order["arguments"]]
    code = 1
    try:
        if order["variant"]:
            importlib.import_module(f"tests.proof.broken.{order['variant']}")
        announcing_bot.as_told()
        bot.cli.main.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
