"""PostgreSQL's own programs: `pg_dump`, `pg_restore`, `psql`. The password goes by the environment: a list of processes
shows what stands on a command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

from bot.backups.refusals import BackupRefused, Why

LONGEST_WORDS = 300
OURS_ALONE = ("--no-owner", "--no-privileges")


def find(name: str) -> str:
    """Raises BackupRefused."""
    found = shutil.which(name)
    if found is None:
        raise BackupRefused(Why.NO_TOOL, name)
    return found


def dump(url: str, target: Path, *, snapshot: str) -> None:
    """One moment of the schema `public`, compressed. Raises BackupRefused."""
    _run("pg_dump", ["-Fc", *OURS_ALONE, "--schema=public", f"--snapshot={snapshot}", "-f", str(target)], url=url)


def check(path: Path) -> None:
    """Reads its table of contents, and all of its contents. Raises BackupRefused."""
    try:
        _run("pg_restore", ["--list", str(path)])
        _run("pg_restore", ["-f", os.devnull, str(path)])
    except BackupRefused as refused:
        if refused.why is Why.TOOL_FAILED:
            raise BackupRefused(Why.DAMAGED, refused.detail) from refused
        raise


def put_back(url: str, path: Path, *, before: str, after: str) -> None:
    """All in one transaction: `before`, what the dump holds, `after`. Raises BackupRefused; nothing is changed then,
    nor when this process dies."""
    contents = path.with_name(path.name + ".list")
    listed = _run("pg_restore", ["--list", str(path)]).stdout.splitlines(keepends=True)
    contents.write_bytes(b"".join(line for line in listed if _is_wanted(line)))
    options = ["-v", "ON_ERROR_STOP=1", "-q", "-X", "-f", "-"]
    with (
        subprocess.Popen(
            [find("pg_restore"), *OURS_ALONE, "-L", str(contents), "-f", "-", str(path)], stdout=subprocess.PIPE
        ) as source,
        subprocess.Popen(
            [find("psql"), *options], env=_environment(url), stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as psql,
    ):  # fmt: skip
        whole = _pour(source, psql, before=before, after=after)
        words = psql.stderr.read() if psql.stderr is not None else b""
    if psql.returncode != 0 or not whole:
        raise BackupRefused(Why.TOOL_FAILED, f"psql: {_short(words)}")


def _pour(source: subprocess.Popen[bytes], psql: subprocess.Popen[bytes], *, before: str, after: str) -> bool:
    """False: not all of it came to be said. What does not end with its COMMIT leaves nothing behind: psql by itself
    would commit whatever it got."""
    assert psql.stdin is not None  # noqa: S101 - asked for by the caller
    assert source.stdout is not None  # noqa: S101 - asked for by the caller
    try:
        psql.stdin.write(f"BEGIN;\n{before}".encode())
        head = source.stdout.read(1 << 16)  # an older server does not know what pg_restore of 17 and later says there
        psql.stdin.write(head.replace(b"\nSET transaction_timeout = 0;", b"", 1))
        shutil.copyfileobj(source.stdout, psql.stdin, 1 << 20)
        if source.wait() != 0:
            return False
        psql.stdin.write(f"\n{after}\nCOMMIT;\n".encode())
        psql.stdin.flush()
    except BrokenPipeError:  # psql has said why
        return False
    finally:
        source.stdout.close()
        with suppress(BrokenPipeError):
            psql.stdin.close()
    return True


def _is_wanted(line: bytes) -> bool:
    """In a dump's table of contents: the schema itself is there already, and so is its comment."""
    return b" SCHEMA - public " not in line and b" SCHEMA public " not in line


def _run(name: str, options: Sequence[str], *, url: str | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = _environment(url) if url is not None else None
    done = subprocess.run([find(name), *options], env=environment, capture_output=True, check=False)
    if done.returncode != 0:
        raise BackupRefused(Why.TOOL_FAILED, f"{name}: {_short(done.stderr)}")
    return done


def _environment(url: str) -> Mapping[str, str]:
    parsed = make_url(url)
    named = {
        "PGHOST": parsed.host, "PGPORT": str(parsed.port) if parsed.port else None, "PGUSER": parsed.username,
        "PGPASSWORD": str(parsed.password) if parsed.password is not None else None, "PGDATABASE": parsed.database,
        **{f"PG{name.upper()}": str(value) for name, value in parsed.query.items() if name in _OF_LIBPQ},
    }  # fmt: skip
    return {**os.environ, "PGAPPNAME": "civicbot-backup", **{name: value for name, value in named.items() if value}}


_OF_LIBPQ = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "options"}
"""What may stand behind the address of a database, and has a variable of that name."""


_OF_A_ROW = ("CONTEXT:", "DETAIL:", "STATEMENT:", "LINE ", "QUERY:")


def _short(words: bytes) -> str:
    """Without what PostgreSQL adds of the row at which it stopped."""
    told = words.decode(errors="replace").splitlines()
    lines = [line for line in told if line.strip() and not line.startswith(_OF_A_ROW)]
    return " ".join(lines)[:LONGEST_WORDS]
