"""`civicbot run` on an empty folder: the whole product, as its first user meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import servers
from tests.proof.stand import call
from tests.scenarios.house import wait_for
from tests.scenarios.phone import said

pytestmark = pytest.mark.xdist_group("scenarios-run")
ROOT = Path(__file__).parents[2]
STOPPED_WITHIN_SECONDS = 30.0


@dataclass
class Installation:
    """A folder with nothing in it, and two ports."""

    folder: Path
    port: int = field(default_factory=servers.free_port)
    simulator_port: int = field(default_factory=servers.free_port)

    def command(self) -> list[str]:
        ports = ["--port", str(self.port), "--simulator-port", str(self.simulator_port)]
        return [sys.executable, "-m", "bot.cli", "run", *ports]

    def environment(self) -> dict[str, str]:
        """As of somebody who has set up nothing."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CIVICBOT_", "LINE_"))}
        return kept | {"CIVICBOT_DATA_DIR": str(self.folder / "data"), "PYTHONPATH": str(ROOT)}

    @contextmanager
    def running(self) -> Iterator[Running]:
        with (self.folder / "errors.log").open("ab") as errors:
            process = subprocess.Popen(
                self.command(), cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=errors
            )
        try:
            yield Running(self, process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)
            if process.stdout is not None:
                process.stdout.close()

    def processes(self) -> list[int]:
        """Every process of this machine that belongs to this installation."""
        found, ours = [], f"CIVICBOT_DATA_DIR={self.folder / 'data'}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if ours in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found


@dataclass
class Running:
    installation: Installation
    process: subprocess.Popen[bytes]

    def wait_until_announced(self) -> tuple[str, float]:
        """The address of the phone as it is told on the screen, and after how many seconds."""
        started = time.monotonic()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = re.search(rb"Chat with it: (\S+)", line)
            if found:
                return found[1].decode(), time.monotonic() - started
        raise AssertionError((self.installation.folder / "errors.log").read_text(encoding="utf-8"))

    def ask(self, text: str) -> str:
        """As a new person, in the simulator that `run` brings along. The last thing that the bot says to it."""
        api = f"http://127.0.0.1:{self.installation.simulator_port}/simulator/api"
        (person,) = call(f"{api}/people", {"displayName": "คนแรก"})
        chat = f"{api}/people/{person['userId']}"
        call(f"{chat}/text", {"text": text})

        def look() -> str | None:
            items = call(f"{chat}/chat?after=0")["items"]
            return next((item["message"]["text"] for item in reversed(items) if "quickReply" in item["message"]), None)

        return wait_for(look, what="an answer in the simulator")

    def stop(self, number: signal.Signals) -> float:
        """Seconds until all has ended."""
        started = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(timeout=60) == 0
        return time.monotonic() - started


def test_an_empty_folder_becomes_a_bot_to_chat_with(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with installation.running() as first:
        address, seconds_at_first = first.wait_until_announced()
        assert address == f"http://127.0.0.1:{installation.simulator_port}/simulator/phone"
        with urlopen(address, timeout=10) as page:
            assert 'lang="th"' in page.read().decode()
        assert first.ask("วันเสาร์ศูนย์เปิดไหมคะ") == "ตอบตรงไหมคะ"
        assert len(installation.processes()) >= 4
        assert first.stop(signal.SIGTERM) < STOPPED_WITHIN_SECONDS
        assert installation.processes() == []

    with installation.running() as second:
        _, seconds_again = second.wait_until_announced()
        assert seconds_again < seconds_at_first
        assert second.ask("วิธีใช้") == said("menu.help")
        assert second.stop(signal.SIGINT) < STOPPED_WITHIN_SECONDS
        assert installation.processes() == []

    secrets = [installation.folder / "data" / name for name in ("secret.key", "simulator.key")]
    assert [oct(path.stat().st_mode & 0o777) for path in secrets] == ["0o600", "0o600"]


@pytest.mark.parametrize("part", ["CIVICBOT_PORT", "CIVICBOT_SIMULATOR_PORT"])
def test_a_taken_port_is_refused_in_plain_words(tmp_path: Path, part: str) -> None:
    installation = Installation(tmp_path)
    port = installation.port if part == "CIVICBOT_PORT" else installation.simulator_port
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            installation.command(), check=False, cwd=tmp_path, env=installation.environment(), capture_output=True,
            encoding="utf-8", timeout=60,
        )  # fmt: skip

    assert done.returncode == 2
    assert f"{part}: port {port} is taken by another program" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "civicbot.db").exists(), "nothing was begun"
