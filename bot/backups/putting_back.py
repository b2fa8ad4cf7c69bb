"""Putting a backup in the place of the present database. What the service may do after that is said by a hold that
comes with the copy: it is never there without it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import clock, logs
from bot.backups import checking, erasure_lists, erasures, files, making, postgres_tools, rotation
from bot.backups import manifest as manifests
from bot.backups.erasure_lists import Found
from bot.backups.erasures import Listed
from bot.backups.manifest import Manifest
from bot.backups.places import HERE, PART, Place, Plan, is_of_before, time_of
from bot.backups.refusals import BackupRefused, Why
from bot.settings import SettingsRefused
from bot.storage import copying_postgres, copying_sqlite, holds, migrate
from bot.storage.engine import Database, open_database

log = logs.get(__name__)

LATEST = "latest"
UNFINISHED = "unfinished"
"""Why sending is held while a restore is not through: erasures are not done again yet."""
FOLDER = ".restoring"
ABOUT = "restore.json"
WITHOUT_LIST = "without_list"


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup, checked and taken apart."""

    name: str
    manifest: Manifest
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / manifests.DATABASE[self.manifest.database]

    @property
    def secret(self) -> str:
        """The CIVICBOT_SECRET_KEY that came with it; empty where it did not."""
        path = self.folder / manifests.SECRET
        return path.read_text(encoding="utf-8").strip() if manifests.SECRET in self.manifest.parts else ""


@dataclass(frozen=True, slots=True)
class Kept:
    place: Place
    name: str


def list_all(plan: Plan) -> tuple[list[Kept], list[str]]:
    """What is in every place, the latest first, and which places cannot be reached."""
    found, faults = [], []
    for place in plan.all:
        try:
            found += [Kept(place, name) for name in place.names()]
        except BackupRefused as refused:
            faults.append(refused.detail)
    here_first = sorted(found, key=lambda one: one.place.kind != HERE)
    return sorted(here_first, key=lambda one: time_of(one.name) or clock.now(), reverse=True), faults


def locate(plan: Plan, wanted: str) -> Path:
    """`latest`, a file, or the name of a backup in one of the places: fetched from there if need be. Raises
    BackupRefused."""
    if wanted != LATEST and Path(wanted).is_file():
        return Path(wanted)
    there, faults = list_all(plan)
    found = [one for one in there if wanted == one.name or (wanted == LATEST and not is_of_before(one.name))]
    if not found:
        raise BackupRefused(Why.NOTHING_THERE, "; cannot be looked at: ".join((wanted, *faults)))
    if faults and wanted == LATEST:
        log.warning("backups.not_looked_at", places=faults, taken=found[0].name)
    path = plan.folder / found[0].name
    if not path.exists():
        plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(path.name + PART)
        found[0].place.fetch(found[0].name, new)
        new.replace(path)
    return path


@contextmanager
def opened(path: Path, plan: Plan, *, url: str) -> Iterator[Opened]:
    """Raises BackupRefused where it is not whole, or not for this installation and release."""
    beside = path_of(url).parent if url.startswith("sqlite") else plan.folder
    beside.mkdir(parents=True, exist_ok=True)
    with checking.taken_apart(path, key=plan.key, beside=beside) as (manifest, folder):
        kind = manifests.SQLITE if url.startswith("sqlite") else manifests.POSTGRESQL
        if manifest.database != kind:
            raise BackupRefused(Why.OTHER_DATABASE, manifest.database)
        if manifest.revision not in {script.revision for script in migrate.history()}:
            raise BackupRefused(Why.NEWER, manifest.release)
        yield Opened(path.name, manifest, folder)


def require_secret(one: Opened, secrets: Sequence[str]) -> None:
    """Raises BackupRefused where none of them opens what people wrote in it."""
    sealed_with = one.manifest.sealed_with
    if sealed_with and sealed_with not in [making.sealed_with(secret) for secret in secrets]:
        raise BackupRefused(Why.OTHER_SECRET, one.name)


def put_in_place(one: Opened, *, url: str, held: bool, now: datetime) -> Path | None:
    """In one step, or not at all. `held` False: nothing was sent since it was made. Returns where that is which was
    there before, on SQLite. Raises BackupRefused."""
    if one.manifest.database == manifests.POSTGRESQL:
        database = open_database(url, pool_size=2)
        try:
            copying_postgres.require_nobody(database)
        except copying_postgres.InUse as error:
            raise BackupRefused(Why.IN_USE, str(error)) from error
        finally:
            database.dispose()
        after = copying_postgres.hold_sending(why=UNFINISHED, now=now) if held else ""
        postgres_tools.put_back(url, one.database, before=copying_postgres.BEFORE, after=after)
        return None
    if held:
        copying_sqlite.hold_sending(one.database, why=UNFINISHED, now=now)
    path = path_of(url)
    kept = path.with_name(rotation.kept_name(path.name, now=now)) if path.exists() else None
    try:
        with copying_sqlite.held_alone(path):
            copying_sqlite.put_in_place(one.database, path, kept=kept)
    except copying_sqlite.InUse as error:
        raise BackupRefused(Why.IN_USE, str(error)) from error
    return kept


def require_stopped(url: str) -> None:
    """Raises BackupRefused while a process of ours works with the database."""
    try:
        if url.startswith("sqlite"):
            with copying_sqlite.held_alone(path_of(url)):
                return
        database = open_database(url, pool_size=2)
        copying_postgres.require_nobody(database)
    except (copying_sqlite.InUse, copying_postgres.InUse) as error:
        raise BackupRefused(Why.IN_USE, str(error)) from error


def find_lists(plan: Plan, *, beside: Path, secrets: Sequence[str], without_list: bool) -> Found:
    """Of who was erased since, from every place and from beside the file itself. Raises BackupRefused where one cannot
    be had, or opened, unless whoever puts the copy back has said that it is to be done without."""
    found = erasure_lists.find(plan, beside=beside)
    if not without_list:
        erasure_lists.require_all(found)
        erasure_lists.require_opened(found.contents, secrets)
    return found


def remember(plan: Plan, one: Opened, found: Found, *, url: str, without_list: bool) -> bool:
    """Writes down, before anything is changed, what has to be done after it: who was erased since, by the lists that
    were found and by the present database: they may be older than the last erasure by a quarter of an hour. False:
    there is no list at all."""
    folder = _folder(plan)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lists = [*found.contents, *_still_known(url)]
    for number, content in enumerate(lists):
        files.write_whole(folder / f"{number}.jsonl", content)
    about = {"name": one.name, "made_at": one.manifest.made_at.isoformat(), WITHOUT_LIST: without_list}
    files.write_whole(folder / ABOUT, json.dumps(about).encode())
    return bool(lists)


@dataclass(frozen=True, slots=True)
class Remembered:
    name: str
    """Empty: nothing is written down here."""
    contents: tuple[bytes, ...]
    faults: tuple[str, ...]
    without_list: bool

    @property
    def lists(self) -> tuple[Listed, ...]:
        return tuple(map(erasures.read, self.contents))


def recall(plan: Plan) -> Remembered:
    """What `remember` wrote down, also for whoever goes on after it was broken off, on another machine if need be."""
    folder = _folder(plan)
    about: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        about = dict(json.loads((folder / ABOUT).read_bytes()))
    written = [path.read_bytes() for path in sorted(folder.glob("*.jsonl"))]
    again = erasure_lists.find(plan)
    contents = tuple(dict.fromkeys((*written, *again.contents)))
    return Remembered(str(about.get("name", "")), contents, again.faults, bool(about.get(WITHOUT_LIST)))


def require_recalled(plan: Plan, secrets: Sequence[str]) -> None:
    """Before one that was broken off is gone on with. Raises BackupRefused as `find_lists` does; where it was begun
    here, all that can be reached was read then."""
    remembered = recall(plan)
    if remembered.without_list:
        return
    if not remembered.name:
        erasure_lists.require_all(Found(remembered.contents, remembered.faults))
    erasure_lists.require_opened(remembered.contents, secrets)


def _still_known(url: str) -> list[bytes]:
    """Of a database that is damaged as much as can be read; nothing where there is none."""
    if url.startswith("sqlite") and not path_of(url).exists():
        return []
    database = open_database(url, pool_size=2)
    try:
        return [erasures.collect(database)]
    except SQLAlchemyError:
        return []
    finally:
        database.dispose()


def forget(plan: Plan) -> None:
    shutil.rmtree(_folder(plan), ignore_errors=True)


def is_unfinished(database: Database) -> bool:
    with database.reading() as db:
        hold = holds.find(db, holds.SENDING)
    return hold is not None and hold.why == UNFINISHED


def require_finished(database: Database) -> None:
    """Before anybody is served. Raises SettingsRefused."""
    if is_unfinished(database):
        raise SettingsRefused(("a restore was broken off: run `civicbot migrate`, which brings it to its end",))


def path_of(url: str) -> Path:
    """Of an SQLite file."""
    return Path(url.removeprefix("sqlite:///"))


def keep_what_is_there(database: Database, plan: Plan) -> Path | None:
    """A backup of it, on PostgreSQL. None: there is nothing. Raises BackupRefused."""
    if copying_postgres.is_empty(database):
        return None
    return making.make(database, plan, before=True).path


def _folder(plan: Plan) -> Path:
    assert plan.data_dir is not None  # noqa: S101 - a plan from settings has one
    return plan.data_dir / FOLDER
