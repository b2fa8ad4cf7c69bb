"""Real servers for tests: PostgreSQL and Redis, started for one test session and stopped with it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

SHARED = "CIVICBOT_TESTS_TRAINED"
"""Names a folder for what all rounds of the suite share: the trained content. Read once, then hidden like the other."""
SHARED_FOLDER = os.environ.get(SHARED)
IN_MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 1024**3
MAY_LEAVE_OUT = os.environ.get("CIVICBOT_TESTS_FORBID_LEAVING_OUT") != "true"


def quick_folder() -> Path | None:
    """Where files are kept in memory, and writing one through to the disk costs nothing; None where that is small."""
    try:
        large = shutil.disk_usage(IN_MEMORY).free >= ENOUGH_MEMORY
    except OSError:
        return None
    return IN_MEMORY if large and os.access(IN_MEMORY, os.W_OK | os.X_OK) else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
        else:
            return


def find_postgres() -> Path | None:
    """The folder of the distribution's server binaries, newest first."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, where we are root."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        pwd.getpwnam("postgres")
        return "postgres"
    return "nobody"


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """A fresh cluster; yields the URL of its maintenance database.

    It does not write through to the disk: processes are killed in tests, the machine is not.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries = find_postgres()
    if binaries is None:
        raise FileNotFoundError("no PostgreSQL server is installed")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="civicbot-pg-", dir=quick_folder()))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "civicbot", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, user=user, cwd="/",
    )  # fmt: skip
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
         "-c", "max_connections=200", "-c", "fsync=off", "-c", "full_page_writes=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd="/",
    )  # fmt: skip
    url = f"postgresql://civicbot@127.0.0.1:{port}/postgres"
    try:
        _wait_for_postgres(url)
        yield url
    finally:
        server.send_signal(2)  # fast shutdown
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_postgres(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def create_database(server_url: str, name: str) -> str:
    """A new empty database on the server; returns its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return server_url.rsplit("/", 1)[0] + "/" + name


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    binary = shutil.which("redis-server")
    if binary is None:
        raise FileNotFoundError("no redis-server is installed")
    folder, port = tempfile.mkdtemp(prefix="civicbot-redis-"), free_port()
    server = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)
