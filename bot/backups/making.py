"""Making a backup while the service runs: written beside, read again and checked, then given its name and copied."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import clock, logs
from bot.backups import checking, erasure_lists, erasures, files, packing, places, postgres_tools, rotation
from bot.backups import manifest as manifests
from bot.backups.manifest import Manifest, Part
from bot.backups.places import FolderPlace, Place, Plan
from bot.backups.refusals import BackupRefused, Why
from bot.storage import backups, copying_postgres, copying_sqlite, migrate
from bot.storage.copying_sqlite import Damaged
from bot.storage.engine import Database
from bot.vault import Vault

log = logs.get(__name__)

A_SECOND = timedelta(seconds=1)
MOST_WORKERS = 50
"""Each has made one at the most for the same day, where they share no data folder."""
MAKING = ".making"
LOCK = ".lock"
MISSING = ".erasures-missing"
"""Is there while some place has not got the last list of who was erased."""


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    part: Part
    manifest: Manifest
    encrypted: bool
    places: tuple[str, ...]
    """Where it is whole, by kind."""
    faults: tuple[str, ...]
    """What went wrong elsewhere: the copy here is whole all the same."""
    removed: int


def make(
    database: Database, plan: Plan, *, before: bool = False, now: Callable[[], datetime] = clock.now
) -> Made:  # fmt: skip
    """Never two at once. What happens is written down in the table `backups`. Raises BackupRefused."""
    with ExitStack() as stack:
        began_at = now()
        try:
            _make_folder(plan)
            stack.enter_context(alone(database, plan))
        except BackupRefused as not_begun:
            if not_begun.why is not Why.AT_IT_ALREADY:
                _note_not_begun(database, plan, not_begun, now=began_at)
            raise
        name = places.name_of(began_at, encrypted=plan.key is not None, before=before)
        while (plan.folder / name).exists():  # made within the same second: that one stays as it is
            began_at += A_SECOND
            name = places.name_of(began_at, encrypted=plan.key is not None, before=before)
        with database.transaction() as db:
            backup_id = backups.begin(db, name=name, encrypted=plan.key is not None, now=began_at)
        try:
            made = _make(database, plan, name, began_at)
        except Exception as error:
            refused = _refused(error)
            log.error("backup.failed", why=refused.why.value, detail=refused.detail)  # noqa: TRY400 - told in full
            with suppress(DBAPIError), database.transaction() as db:  # the database may be what is wrong
                backups.fail(db, backup_id, error=str(refused))
            raise refused from error
        with database.transaction() as db:
            backups.finish(
                db, backup_id, size=made.part.size, sha256=made.part.sha256, places=made.places,
                error="; ".join(made.faults), now=now(),
            )  # fmt: skip
    log.info("backup.made", name=name, size=made.part.size, rows=made.manifest.rows, places=list(made.places))
    for fault in made.faults:
        log.error("backup.failed", why=Why.NOT_WRITTEN.value, detail=fault)
    return made


def _note_not_begun(database: Database, plan: Plan, refused: BackupRefused, *, now: datetime) -> None:
    log.error("backup.failed", why=refused.why.value, detail=refused.detail)
    encrypted = plan.key is not None
    with suppress(DBAPIError), database.transaction() as db:
        backup_id = backups.begin(db, name=places.name_of(now, encrypted=encrypted), encrypted=encrypted, now=now)
        backups.fail(db, backup_id, error=str(refused))


def carry_on(
    database: Database, plan: Plan, *, since: datetime, now: Callable[[], datetime] = clock.now
) -> bool:  # fmt: skip
    """Takes the last one made since then, which is whole here, once more to the places that did not get it: a new one
    at every try would fill the disk. False: there is none such. Raises BackupRefused."""
    with database.reading() as db:
        rows = backups.list_incomplete(db, since=since, until=now(), limit=MOST_WORKERS)
    row = next((one for one in rows if (plan.folder / one.name).exists()), None)
    if row is None or row.size is None or row.sha256 is None:
        return False
    meant = Part(row.size, row.sha256)
    _make_folder(plan)
    with alone(database, plan):
        if not (plan.folder / row.name).exists():  # rotated away meanwhile, by a command say
            return False
        whole, faults = _take_along(plan, plan.folder / row.name, meant)
        for place in whole:
            with suppress(BackupRefused):
                rotation.rotate(place, keep_days=plan.keep_days, now=now())
        away = [place for place in plan.second if place not in whole]
        faults += spread_erasures(database, plan, but=away, now=now)
        kinds = [place.kind for place in whole]
        with database.transaction() as db:
            backups.finish(
                db, row.id, size=meant.size, sha256=meant.sha256, places=kinds, error="; ".join(faults), now=now()
            )
    log.info("backup.carried_on", name=row.name, places=kinds)
    for fault in faults:
        log.error("backup.failed", why=Why.NOT_WRITTEN.value, detail=fault)
    return True


def _take_along(plan: Plan, path: Path, meant: Part) -> tuple[list[Place], list[str]]:
    """To every second place. Returns where it is whole, and what went wrong elsewhere."""
    whole: list[Place] = [plan.here]
    faults = []
    for place in plan.second:
        try:
            place.put(path, meant)
            whole.append(place)
        except BackupRefused as refused:
            faults.append(refused.detail)
    return whole, faults


def _make(database: Database, plan: Plan, name: str, now: datetime) -> Made:
    with making_folder(plan.folder) as folder:
        parts, manifest = _gather(database, plan, folder, now)
        packed = folder / name
        meant = packing.pack(parts, manifest, packed, key=plan.key)
        for path in parts.values():
            path.unlink()
        checking.read_again(packed, meant, key=plan.key)
        path = plan.folder / name
        packed.replace(path)
        files.write_through(plan.folder)
    whole, faults = _take_along(plan, path, meant)
    removed = 0
    for place in whole:
        with suppress(BackupRefused):  # it has just been written to: what is old goes the next time
            removed += len(rotation.rotate(place, keep_days=plan.keep_days, now=now))
    for used in _folders(database, plan, whole):
        with suppress(OSError):
            rotation.tidy(used, keep_days=plan.keep_days, now=now)
    away = [place for place in plan.second if place not in whole]
    faults += spread_erasures(database, plan, but=away, now=lambda: now)
    kinds = tuple(place.kind for place in whole)
    return Made(path, meant, manifest, plan.key is not None, kinds, tuple(faults), removed)


def _folders(database: Database, plan: Plan, whole: Collection[Place]) -> set[Path]:
    second = {place.folder for place in whole if isinstance(place, FolderPlace)}
    own = {Path(database.engine.url.database or "").parent} if database.is_sqlite else set()
    return {one for one in {plan.folder, *second, *own} if one.is_dir()}


def spread_erasures(
    database: Database, plan: Plan, *, but: Collection[Place] = (), now: Callable[[], datetime] = clock.now
) -> list[str]:  # fmt: skip
    """Writes beside the backups, in each place, who was erased. `but` cannot be reached just now, and is tried again
    later, as all those are that cannot. Returns what went wrong."""
    content = erasures.collect(database)
    faults = []
    for place in plan.all:
        try:
            if place not in but:
                erasure_lists.write(place, content, keep_erased_days=plan.keep_erased_days, now=now())
        except BackupRefused as refused:
            faults.append(refused.detail)
    missing = plan.folder / MISSING
    with suppress(OSError):  # then the list could not be written here either, and that is among the faults
        if faults or but:
            missing.touch()
        else:
            missing.unlink(missing_ok=True)
    return faults


def are_erasures_written(database: Database, plan: Plan) -> bool:
    """Everywhere, as they are now."""
    try:
        return not (plan.folder / MISSING).exists() and erasures.is_current(database, plan.folder / manifests.ERASURES)
    except OSError:  # the folder is somebody else's, say: writing tells what is wrong
        return False


def _gather(database: Database, plan: Plan, folder: Path, now: datetime) -> tuple[dict[str, Path], Manifest]:
    kind = manifests.SQLITE if database.is_sqlite else manifests.POSTGRESQL
    parts = {manifests.DATABASE[kind]: folder / manifests.DATABASE[kind]}
    counts = _copy_database(database, parts[manifests.DATABASE[kind]])
    parts[manifests.ERASURES] = folder / manifests.ERASURES
    files.write_whole(parts[manifests.ERASURES], erasures.collect(database))
    if plan.secret and plan.key is not None:
        parts[manifests.SECRET] = folder / manifests.SECRET
        files.write_whole(parts[manifests.SECRET], plan.secret.encode())
    return parts, Manifest(
        made_at=now, release=manifests.release(), revision=migrate.current(database) or "", database=kind,
        counts=counts, parts={name: packing.look_at(path) for name, path in parts.items()},
        sealed_with=sealed_with(plan.secret),
    )  # fmt: skip


def _copy_database(database: Database, target: Path) -> dict[str, int]:
    if not database.is_sqlite:
        with copying_postgres.one_moment(database) as (snapshot, counts):
            url = database.engine.url.render_as_string(hide_password=False)
            postgres_tools.dump(url, target, snapshot=snapshot)
            return counts
    copying_sqlite.copy(Path(database.engine.url.database or ""), target)
    return copying_sqlite.count_rows(target)


def sealed_with(secret: str) -> str:
    return Vault([secret]).keyed_hash(manifests.PURPOSE, "sealed with") if secret else ""


@contextmanager
def alone(database: Database, plan: Plan) -> Iterator[None]:
    """On this machine by a lock of the operating system, which ends with its process; on several by the database's.
    Raises BackupRefused."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context((plan.folder / LOCK).open("ab"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(Why.AT_IT_ALREADY) from error
        except OSError as error:  # made by another user of this machine, say
            raise BackupRefused(Why.NOT_WRITTEN, f"{plan.folder}: {error.strerror}") from error
        if not database.is_sqlite and not stack.enter_context(copying_postgres.alone_with_backups(database)):
            raise BackupRefused(Why.AT_IT_ALREADY)
        yield


@contextmanager
def making_folder(parent: Path) -> Iterator[Path]:
    """For its owner's eyes only; what an earlier process has left in it goes."""
    folder = parent / MAKING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_folder(plan: Plan) -> None:
    try:
        plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupRefused(Why.NOT_WRITTEN, f"{plan.folder}: {error.strerror}") from error


def _refused(error: Exception) -> BackupRefused:
    if isinstance(error, BackupRefused):
        return error
    if isinstance(error, Damaged):
        return BackupRefused(Why.DATABASE_DAMAGED, str(error)[:200])
    if isinstance(error, OSError):
        return BackupRefused(Why.NOT_WRITTEN, error.strerror or str(error)[:200])
    return BackupRefused(Why.TOOL_FAILED, type(error).__name__)
