from __future__ import annotations

from pathlib import Path

import pytest

from bot.backups import checking, making, sealing
from bot.backups.refusals import BackupRefused, Why
from bot.storage.engine import Database
from tests.bot.backups.making_backups import IDENTITY, plan_in
from tests.builders import NOON


@pytest.fixture
def sealed(sqlite_database: Database, tmp_path: Path) -> Path:
    return making.make(sqlite_database, plan_in(tmp_path, key=IDENTITY), now=lambda: NOON).path


def why_not(path: Path, key: str) -> Why:
    with (
        pytest.raises(BackupRefused) as refused,
        checking.taken_apart(path, key=sealing.read_key(key), beside=path.parent),
    ):
        pass
    return refused.value.why


def test_another_key_does_not_open_it(sealed: Path) -> None:
    assert why_not(sealed, sealing.make_key()[0]) is Why.OTHER_KEY


def test_without_a_key_it_says_that_it_needs_one(sealed: Path) -> None:
    assert why_not(sealed, "") is Why.NEEDS_KEY


def test_one_that_was_cut_off_is_damaged(sealed: Path) -> None:
    sealed.write_bytes(sealed.read_bytes()[:-100])
    assert why_not(sealed, IDENTITY) is Why.DAMAGED


def test_one_that_was_altered_is_damaged(sealed: Path) -> None:
    altered = bytearray(sealed.read_bytes())
    altered[len(altered) // 2] ^= 1
    sealed.write_bytes(bytes(altered))
    assert why_not(sealed, IDENTITY) is Why.DAMAGED


def test_a_full_disk_while_encrypting_is_no_broken_pipe(tmp_path: Path) -> None:
    class Full:
        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...

    with pytest.raises(OSError, match="No space"), sealing.writing(Full(), sealing.read_key(IDENTITY)) as into:  # type: ignore[arg-type]
        for _ in range(200):
            into.write(b"x" * 100_000)
