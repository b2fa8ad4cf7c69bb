from __future__ import annotations

import sqlite3
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.backups import checking, making, packing, postgres_tools
from bot.backups import manifest as manifests
from bot.backups.places import FolderPlace
from bot.backups.refusals import BackupRefused, Why
from bot.storage import backups, copying_sqlite, people
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.backups.making_backups import IDENTITY, RECIPIENT, SECRET, fill, plan_in
from tests.builders import NOON


def rows_of(database: Database) -> list[tuple[bool, list[str], str | None]]:
    with database.reading() as db:
        return [(row.finished_at is not None, row.places, row.error) for row in backups.list_latest(db, limit=99)]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_backup_holds_every_row_and_is_written_down(database: Database, vault: Vault, tmp_path: Path) -> None:
    fill(database, vault)
    made = making.make(database, plan_in(tmp_path), now=lambda: NOON)
    assert names_in(tmp_path / "backups") == ["civicbot-20261124T050000Z.tar", "erasures.jsonl"]
    with checking.taken_apart(made.path, key=None, beside=tmp_path) as (manifest, _):
        assert manifest.counts["registrations"] == 3
        assert manifest.counts["people"] == 3
    assert rows_of(database) == [(True, ["here"], None)]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_the_secret_key_goes_into_an_encrypted_one_only(
    sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    fill(sqlite_database, vault)
    plain = making.make(sqlite_database, plan_in(tmp_path), now=lambda: NOON)
    assert manifests.SECRET not in plain.manifest.parts
    assert SECRET.encode() not in plain.path.read_bytes()
    sealed = making.make(sqlite_database, plan_in(tmp_path, key=IDENTITY), now=lambda: NOON + timedelta(hours=1))
    assert sealed.path.name == "civicbot-20261124T060000Z.tar.age"
    assert b"registrations" not in sealed.path.read_bytes()
    with checking.taken_apart(sealed.path, key=plan_in(tmp_path, key=IDENTITY).key, beside=tmp_path) as (_, folder):
        assert (folder / manifests.SECRET).read_text() == SECRET


def test_with_a_recipient_alone_it_is_made_and_cannot_be_read_here(
    sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    fill(sqlite_database, vault)
    plan = plan_in(tmp_path, key=RECIPIENT)
    made = making.make(sqlite_database, plan, now=lambda: NOON)
    with pytest.raises(BackupRefused) as refused, checking.taken_apart(made.path, key=plan.key, beside=tmp_path):
        pass
    assert refused.value.why is Why.NEEDS_KEY
    with checking.taken_apart(made.path, key=plan_in(tmp_path, key=IDENTITY).key, beside=tmp_path) as (manifest, _):
        assert manifest.counts["people"] == 3


def test_what_was_acknowledged_before_it_began_is_in_it_while_four_write(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    told = threading.Event()

    def write(who: int) -> None:
        number = 0
        while not told.is_set():
            user_id = f"U{who:08x}{number:024x}"
            with database.transaction() as db:
                people.find_or_create(db, line_user_id=user_id, now=NOON)
            acknowledged.append(user_id)
            number += 1

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 40:
        told.wait(0.01)
    before = list(acknowledged)
    made = making.make(database, plan_in(tmp_path), now=lambda: NOON)
    after = len(acknowledged)
    told.set()
    for thread in threads:
        thread.join()
    with checking.taken_apart(made.path, key=None, beside=tmp_path) as (manifest, folder):
        assert len(before) <= manifest.counts["people"]
        assert after > len(before), "nobody waited for the backup"
        if manifest.database == manifests.SQLITE:
            with closing(sqlite3.connect(folder / "database.sqlite")) as connection:
                there = {user_id for (user_id,) in connection.execute("SELECT line_user_id FROM people")}
        else:
            found = subprocess.run(
                [postgres_tools.find("pg_restore"), "--data-only", "-t", "people", "-f", "-", folder / "database.dump"],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            there = {user_id for user_id in before if user_id in found}
    assert set(before) <= there


def test_nothing_that_was_deleted_is_left_in_the_copy(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.transaction() as db:
        row = people.find_or_create(db, line_user_id="Ucanarycanary", now=NOON)
    with sqlite_database.transaction() as db:
        db.delete(row)
    made = making.make(sqlite_database, plan_in(tmp_path), now=lambda: NOON)
    assert b"Ucanarycanary" not in made.path.read_bytes()


def test_never_two_at_once(database: Database, tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    plan.folder.mkdir()
    with making.alone(database, plan), pytest.raises(BackupRefused) as refused:
        making.make(database, plan, now=lambda: NOON)
    assert refused.value.why is Why.AT_IT_ALREADY
    assert rows_of(database) == []


@pytest.mark.postgres
def test_nor_on_two_machines(migrated_postgres: Database, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "backups").mkdir(parents=True)
    with (
        making.alone(migrated_postgres, plan_in(tmp_path / "one")),
        pytest.raises(BackupRefused) as refused,
        making.alone(migrated_postgres, plan_in(tmp_path / "two")),
    ):
        pass
    assert refused.value.why is Why.AT_IT_ALREADY


def test_what_a_killed_one_left_behind_goes_with_the_next(sqlite_database: Database, tmp_path: Path) -> None:
    left = tmp_path / "backups" / making.MAKING
    left.mkdir(parents=True)
    (left / "civicbot-20261124T040000Z.tar").write_bytes(b"half of it")
    made = making.make(sqlite_database, plan_in(tmp_path), now=lambda: NOON)
    assert not left.exists()
    assert names_in(tmp_path / "backups") == [made.path.name, "erasures.jsonl"]


def test_what_cannot_be_read_again_is_no_backup(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = packing.pack

    def damaging(files: Any, manifest: Any, target: Path, **more: Any) -> Any:
        meant = pack(files, manifest, target, **more)
        with target.open("r+b") as file:
            file.seek(5000)
            file.write(b"\0oh\0")
        return meant

    monkeypatch.setattr(packing, "pack", damaging)
    with pytest.raises(BackupRefused) as refused:
        making.make(sqlite_database, plan_in(tmp_path), now=lambda: NOON)
    assert refused.value.why is Why.DAMAGED
    assert names_in(tmp_path / "backups") == []
    assert rows_of(sqlite_database) == [(False, [], "damaged: civicbot-20261124T050000Z.tar")]


def test_a_damaged_database_is_not_backed_up(sqlite_database: Database, tmp_path: Path) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(copying_sqlite.Damaged):
        copying_sqlite.copy(copy, tmp_path / "target.db")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        "bot.backups.places._copy", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    return


@pytest.mark.usefixtures("full")
def test_a_second_place_that_is_full_is_told_of_and_the_first_stays(sqlite_database: Database, tmp_path: Path) -> None:
    made = making.make(sqlite_database, plan_in(tmp_path, FolderPlace(tmp_path / "second")), now=lambda: NOON)
    fault = f"{tmp_path / 'second'}: No space left on device"
    assert (made.places, made.faults) == (("here",), (fault,))
    assert rows_of(sqlite_database) == [(False, ["here"], fault)]
    assert made.path.exists()


def test_a_second_place_that_is_no_folder_is_told_of(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "second").write_text("a file stands in the way")
    made = making.make(sqlite_database, plan_in(tmp_path, FolderPlace(tmp_path / "second")), now=lambda: NOON)
    assert made.places == ("here",)
    assert len(made.faults) == 1
    assert not making.are_erasures_written(sqlite_database, plan_in(tmp_path)), "tried again later"
    assert (tmp_path / "backups" / "erasures.jsonl").exists()


def test_a_second_place_gets_the_same(sqlite_database: Database, tmp_path: Path) -> None:
    second = FolderPlace(tmp_path / "second")
    made = making.make(sqlite_database, plan_in(tmp_path, second), now=lambda: NOON)
    assert made.places == ("here", "folder")
    assert names_in(tmp_path / "second") == [made.path.name, "erasures.jsonl"]
    assert making.are_erasures_written(sqlite_database, plan_in(tmp_path, second))
    assert (tmp_path / "second" / made.path.name).read_bytes() == made.path.read_bytes()


def test_old_ones_go_in_each_place_and_three_stay(sqlite_database: Database, tmp_path: Path) -> None:
    second = FolderPlace(tmp_path / "second")
    for days in range(6):
        moment = NOON + timedelta(days=days)
        making.make(sqlite_database, plan_in(tmp_path, second, keep_days=1), now=lambda moment=moment: moment)
    kept = ["civicbot-20261127T050000Z.tar", "civicbot-20261128T050000Z.tar", "civicbot-20261129T050000Z.tar"]
    assert plan_in(tmp_path).here.names() == kept
    assert second.names() == kept


def test_a_backup_can_be_opened_with_tar_alone(sqlite_database: Database, tmp_path: Path) -> None:
    made = making.make(sqlite_database, plan_in(tmp_path), now=lambda: NOON)
    with tarfile.open(made.path) as tar:
        assert tar.getnames() == ["manifest.json", "database.sqlite", "erasures.jsonl"]


@pytest.mark.postgres
def test_without_pg_dump_it_says_what_is_missing(
    migrated_postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused) as refused:
        making.make(migrated_postgres, plan_in(tmp_path), now=lambda: NOON)
    assert (refused.value.why, refused.value.detail) == (Why.NO_TOOL, "pg_dump")


@pytest.mark.parametrize("kind", ["up", "symbolic", "hard"])
def test_a_tar_made_to_write_or_read_elsewhere_is_refused(sqlite_database: Database, tmp_path: Path, kind: str) -> None:
    made = making.make(sqlite_database, plan_in(tmp_path / "ours"), now=lambda: NOON)
    secret = tmp_path / "elsewhere"
    secret.write_text("not for backups")
    with checking.taken_apart(made.path, key=None, beside=tmp_path) as (manifest, folder):
        part = packing.look_at(secret)
        name = "../../written" if kind == "up" else manifests.ERASURES
        hostile = replace(manifest, parts={**manifest.parts, name: part})
        with tarfile.open(tmp_path / "hostile.tar", "w") as tar:
            about = tarfile.TarInfo(manifests.NAME)
            about.size = len(manifests.to_json(hostile))
            tar.addfile(about, BytesIO(manifests.to_json(hostile)))
            tar.add(folder / "database.sqlite", "database.sqlite")
            about = tarfile.TarInfo(name)
            if kind == "up":
                about.size = part.size
                tar.addfile(about, BytesIO(secret.read_bytes()))
            else:
                about.type = tarfile.SYMTYPE if kind == "symbolic" else tarfile.LNKTYPE
                about.linkname = str(secret)
                tar.addfile(about)
    with (
        pytest.raises(BackupRefused) as refused,
        checking.taken_apart(tmp_path / "hostile.tar", key=None, beside=tmp_path / "ours"),
    ):
        pass
    assert refused.value.why is Why.DAMAGED
    assert not list(tmp_path.rglob("written"))


def test_what_psql_says_of_a_row_is_not_told_on() -> None:
    words = (
        b"psql:<stdin>:9: ERROR:  duplicate key\nDETAIL:  Key (line_user_id)=(Ucanary)\nCONTEXT:  COPY people, line 1\n"
    )
    assert postgres_tools._short(words) == "psql:<stdin>:9: ERROR:  duplicate key"
