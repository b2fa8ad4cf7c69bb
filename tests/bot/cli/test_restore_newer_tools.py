"""PostgreSQL's programs may be newer than the server: they set what that does not know."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.bot.backups.making_backups import checksum, fill
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import CHANGED

NEWER = """#!/bin/sh
{real} "$@" | sed 's/^SET idle_in_transaction_session_timeout = 0;$/&\\nSET transaction_timeout = 0;/'
"""


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_pg_restore_of_17_with_a_server_before_it(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installation.opened() as database:
        fill(database, installation.vault)
        before = checksum(database, but=CHANGED)
    installation.back_up()
    program = tmp_path / "bin" / "pg_restore"
    program.parent.mkdir()
    program.write_text(NEWER.format(real=shutil.which("pg_restore")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    done = installation.restore("latest", "--yes")
    assert (done.exit_code, done.exception) == (0, None), done.output
    with installation.opened() as database:
        assert checksum(database, but=CHANGED) == before
