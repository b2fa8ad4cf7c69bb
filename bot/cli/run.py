"""`run`: the whole product in one go, on the embedded database, with a LINE simulator where LINE is not set up."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from bot import clock, settings
from bot.cli import first_account
from bot.cli.serve import prepare_database
from bot.settings import LINE_API, Settings

READY_WITHIN_SECONDS = 90.0
RESTART_AFTER_SECONDS = 1.0
STOP_WITHIN_SECONDS = 35.0
PR_SET_PDEATHSIG = 1
SIMULATED_LOGIN = "2000000002"
"""The simulator's LINE Login channel; its secret is that of the messaging channel."""


@click.command()
@click.option("--port", type=int, default=None, help="Port of the web process instead of CIVICBOT_PORT.")
@click.option("--simulator-port", type=int, default=None, help="Port of the LINE simulator.")
def run(port: int | None, simulator_port: int | None) -> None:
    """Run everything: database, web, worker, and a LINE simulator when no LINE credentials are set."""
    chosen = settings.read()
    environment = dict(os.environ)
    if port:
        environment["CIVICBOT_PORT"] = str(port)
    if simulator_port:
        environment["CIVICBOT_SIMULATOR_PORT"] = str(simulator_port)
    environment["CIVICBOT_SQLITE_PARTS"] = "true"
    environment["CIVICBOT_BASE_URL"] = _base_url(chosen, port=port or chosen.port)
    environment.update(_keys_of(chosen))
    simulated = not (_is_set(chosen.channel_secret) and _is_set(chosen.channel_access_token))
    if simulated:
        api = f"http://127.0.0.1:{simulator_port or chosen.simulator_port}"
        environment.update({**_simulated_channel(chosen), "LINE_API_URL": api})
    chosen = settings.of({name: value for name, value in environment.items() if name in settings.setting_names()})
    _refuse_taken_ports(chosen, simulated=simulated)
    database = prepare_database(chosen)
    invitation = first_account.invite(database, now=clock.now())
    database.dispose()
    family = _Family(environment)
    family.start("web", [sys.executable, "-m", "bot.cli", "web"])
    family.start("worker", [sys.executable, "-m", "bot.cli", "work"])
    if simulated:
        family.start("simulator", _simulator_command(chosen))
    _serve(family, chosen, simulated=simulated, invitation=invitation)


def _base_url(chosen: Settings, *, port: int) -> str:
    """The one that was set, wherever it was; else this machine's, at the port that is really served."""
    unset = chosen.base_url == Settings.model_fields["base_url"].default
    return f"http://127.0.0.1:{port}" if unset else chosen.base_url


def _is_set(secret: object) -> bool:
    return bool(getattr(secret, "get_secret_value", lambda: "")())


def _keys_of(chosen: Settings) -> Mapping[str, str]:
    """The secret key of this installation: from the settings, else made once and kept in the data folder."""
    if _is_set(chosen.secret_key):
        return {}
    return {"CIVICBOT_SECRET_KEY": _kept(chosen.data_dir / settings.KEY_FILE, lambda: secrets.token_urlsafe(48))}


def _simulated_channel(chosen: Settings) -> Mapping[str, str]:
    made = _kept(
        chosen.data_dir / "simulator.key",
        lambda: json.dumps({"secret": secrets.token_hex(16), "token": secrets.token_urlsafe(64)}),
    )
    channel = json.loads(made)
    return {
        "LINE_CHANNEL_SECRET": channel["secret"],
        "LINE_CHANNEL_ACCESS_TOKEN": channel["token"],
        "CIVICBOT_LINE_LOGIN_CHANNEL_ID": SIMULATED_LOGIN,
        "CIVICBOT_LINE_LOGIN_CHANNEL_SECRET": channel["secret"],
    }


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What the file holds, made at the first use, for its owner's eyes only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
    return path.read_text(encoding="utf-8").strip()


def _simulator_command(chosen: Settings) -> list[str]:
    """The channel's secret and token are of the simulator's own making: nothing to hide from a list of processes."""
    options = {
        "--host": "127.0.0.1",
        "--port": str(chosen.simulator_port),
        "--webhook-url": f"http://127.0.0.1:{chosen.port}/line/webhook",
        "--channel-secret": chosen.channel_secret.get_secret_value(),
        "--channel-token": chosen.channel_access_token.get_secret_value(),
    }
    given = (part for option in options.items() for part in option)
    return [sys.executable, "-m", "bot.simulator", *given, "--loopback-pictures"]


def _refuse_taken_ports(chosen: Settings, *, simulated: bool) -> None:
    wanted = {"CIVICBOT_PORT": chosen.port}
    if simulated:
        wanted["CIVICBOT_SIMULATOR_PORT"] = chosen.simulator_port
    faults = []
    for name, port in wanted.items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((chosen.host, port))
            except OSError:
                faults.append(f"{name}: port {port} is taken by another program; try {name}={port + 1}")
    if faults:
        raise settings.SettingsRefused(tuple(faults))


def _die_with_parent() -> None:
    """Asks Linux to end a child whose parent is killed. Elsewhere the children go on until they are told."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class _Family:
    """The child processes. One that dies is started again."""

    environment: Mapping[str, str]
    commands: dict[str, Sequence[str]] = field(default_factory=dict)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    errands: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str]) -> None:
        self.commands[name] = command
        self.children[name] = self._open(command)

    def send(self, command: Sequence[str]) -> None:
        """Something done once, beside the rest; its success is not waited for."""
        self.errands.append(self._open(command, stdout=subprocess.DEVNULL))

    def _open(self, command: Sequence[str], *, stdout: int | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=dict(self.environment),
            stdout=stdout,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - before any thread of ours is started
        )

    def restart_the_dead(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                click.echo(f"civicbot: {name} ended with status {child.returncode}; starting it again", err=True)
                time.sleep(RESTART_AFTER_SECONDS)
                self.start(name, self.commands[name])

    def stop(self) -> None:
        everybody = [*self.errands, *self.children.values()]
        for child in everybody:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for child in everybody:
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def _serve(family: _Family, chosen: Settings, *, simulated: bool, invitation: str | None) -> None:
    stopping: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: stopping.append(number))
    try:
        _wait_until_ready(family, chosen, stopping)
        if not stopping:
            _announce(chosen, simulated=simulated, invitation=invitation)
            if simulated:  # a simulator that has just been started knows no menu
                family.send([sys.executable, "-m", "bot.cli", "menu", "install"])
        while not stopping:
            time.sleep(0.3)
            family.restart_the_dead()
    finally:
        family.stop()


def _wait_until_ready(family: _Family, chosen: Settings, stopping: list[int]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not stopping and time.monotonic() < deadline:
        if any(child.poll() is not None for child in family.children.values()):
            raise click.ClickException("a part of civicbot ended while starting; its message is above")
        try:
            with urllib.request.urlopen(f"http://{chosen.host}:{chosen.port}/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    if not stopping:
        raise click.ClickException("civicbot did not become ready in time; its messages are above")


def _announce(chosen: Settings, *, simulated: bool, invitation: str | None) -> None:
    lines = [f"civicbot is running on http://{chosen.host}:{chosen.port}"]
    if simulated:
        lines.append(f"Chat with it: http://127.0.0.1:{chosen.simulator_port}/simulator/phone")
    elif chosen.line_api_url == LINE_API:
        lines.append(f"LINE's webhook address is {chosen.base_url}/line/webhook")
    if invitation is not None:
        lines.append(f"Your account for the console, once: {chosen.base_url}/console/join/{invitation}")
    else:
        lines.append(f"The console for staff: {chosen.base_url}/console/")
    lines.append("Stop with Ctrl-C.")
    click.echo("\n".join(["", *lines, ""]))
    sys.stdout.flush()
