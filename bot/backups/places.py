"""Where backups are kept: the data folder, a second folder, storage that speaks S3."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from bot.backups import files, packing
from bot.backups.manifest import ERASURES, Part
from bot.backups.refusals import BackupRefused, Why
from bot.backups.sealing import Key, read_key
from bot.settings import Settings, SettingsRefused

HERE, FOLDER, S3 = "here", "folder", "s3"
TIME = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"civicbot-(\d{8}T\d{6}Z)(-before)?\.tar(\.age)?")
LONGEST_CALL = "10m"
PART = ".part"
_ASIDE = re.compile(r"erasures-(\d{8}T\d{6}Z)\.jsonl")


def name_of(made_at: datetime, *, encrypted: bool, before: bool = False) -> str:
    """`before`: of what a restore replaced, which is not what anybody means by the latest backup."""
    moment = made_at.astimezone(UTC).strftime(TIME)
    return f"civicbot-{moment}{'-before' if before else ''}.tar{'.age' if encrypted else ''}"


def time_of(name: str) -> datetime | None:
    """When a backup of that name was made. None: it is no backup."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], TIME).replace(tzinfo=UTC) if found else None


def is_of_before(name: str) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and found[2] is not None


def aside_name(now: datetime) -> str:
    """Of a list of who was erased that another one takes the place of."""
    return f"erasures-{now.astimezone(UTC).strftime(TIME)}.jsonl"


def time_of_aside(name: str) -> datetime | None:
    """When a list of that name was put aside. None: it is none."""
    found = _ASIDE.fullmatch(name)
    return datetime.strptime(found[1], TIME).replace(tzinfo=UTC) if found else None


class Place(Protocol):
    """Each raises BackupRefused with Why.NOT_WRITTEN where it cannot be reached or is full."""

    @property
    def kind(self) -> str: ...

    @property
    def where(self) -> str:
        """In words for whoever runs the machine: a path, an address."""

    def put(self, path: Path, part: Part) -> None:
        """Whole, read back and found the same, or not there at all."""

    def names(self) -> list[str]:
        """Of the backups that are there, the oldest first."""

    def fetch(self, name: str, target: Path) -> None: ...

    def remove(self, name: str) -> None: ...

    def names_aside(self) -> list[str]:
        """Of the lists of who was erased that were put aside."""

    def read_erasures(self, name: str = ERASURES) -> bytes | None: ...

    def write_erasures(self, content: bytes, name: str = ERASURES) -> None: ...


@contextmanager
def _told(where: str) -> Iterator[None]:
    try:
        yield
    except (OSError, BaseError) as error:
        words = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0]
        raise BackupRefused(Why.NOT_WRITTEN, f"{where}: {words[:200]}") from error


@dataclass(frozen=True, slots=True)
class FolderPlace:
    folder: Path
    kind: str = FOLDER

    @property
    def where(self) -> str:
        return str(self.folder)

    def put(self, path: Path, part: Part) -> None:
        with _told(self.where):
            new = self.folder / (path.name + PART)
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _copy(path, new)
                if packing.look_at(new) != part:
                    raise OSError("what can be read there is not what was written")
                new.replace(self.folder / path.name)
            except OSError:
                new.unlink(missing_ok=True)
                raise

    def names(self) -> list[str]:
        return [name for name in self._all_names() if time_of(name) is not None]

    def names_aside(self) -> list[str]:
        return [name for name in self._all_names() if time_of_aside(name) is not None]

    def _all_names(self) -> list[str]:
        with _told(self.where):
            return sorted(one.name for one in self.folder.iterdir()) if self.folder.exists() else []

    def fetch(self, name: str, target: Path) -> None:
        with _told(self.where):
            _copy(self.folder / name, target)

    def remove(self, name: str) -> None:
        with _told(self.where):
            (self.folder / name).unlink(missing_ok=True)

    def read_erasures(self, name: str = ERASURES) -> bytes | None:
        with _told(self.where):
            path = self.folder / name
            return path.read_bytes() if path.exists() else None

    def write_erasures(self, content: bytes, name: str = ERASURES) -> None:
        with _told(self.where):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.write_whole(self.folder / name, content)


@dataclass(frozen=True, slots=True)
class S3Place:
    store: S3Store
    where: str
    kind: str = S3

    def put(self, path: Path, part: Part) -> None:
        with _told(self.where):
            obstore.put(self.store, path.name, path)
            if self._look_at(path.name) != part:
                obstore.delete(self.store, path.name)
                raise OSError("what can be read there is not what was written")

    def _look_at(self, name: str) -> Part:
        digest, size = hashlib.sha256(), 0
        for piece in obstore.get(self.store, name).stream():
            digest.update(piece)
            size += len(piece)
        return Part(size, digest.hexdigest())

    def names(self) -> list[str]:
        return [name for name in self._all_names() if time_of(name) is not None]

    def names_aside(self) -> list[str]:
        return [name for name in self._all_names() if time_of_aside(name) is not None]

    def _all_names(self) -> list[str]:
        with _told(self.where):
            found = obstore.list_with_delimiter(self.store)["objects"]
            return sorted(str(one["path"]).rpartition("/")[2] for one in found)

    def fetch(self, name: str, target: Path) -> None:
        with _told(self.where), _private(target) as descriptor, os.fdopen(descriptor, "wb") as file:
            for piece in obstore.get(self.store, name).stream():
                file.write(piece)

    def remove(self, name: str) -> None:
        with _told(self.where):
            obstore.delete(self.store, name)

    def read_erasures(self, name: str = ERASURES) -> bytes | None:
        with _told(self.where):
            try:
                return bytes(obstore.get(self.store, name).bytes())
            except FileNotFoundError:
                return None

    def write_erasures(self, content: bytes, name: str = ERASURES) -> None:
        with _told(self.where):
            obstore.put(self.store, name, content)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the settings say about backups. Without a folder none is ever made."""

    data_dir: Path | None = None
    key: Key | None = None
    keep_days: int = 30
    keep_erased_days: int = 400
    """For how long it is known who was erased."""
    second: tuple[Place, ...] = ()
    secret: str = field(default="", repr=False)
    """CIVICBOT_SECRET_KEY: goes into encrypted backups."""
    at_minute: int | None = None
    """Of Bangkok's day. None: never by itself."""

    @property
    def folder(self) -> Path:
        assert self.data_dir is not None  # noqa: S101 - asked for where a plan has one
        return self.data_dir / "backups"

    @property
    def here(self) -> FolderPlace:
        return FolderPlace(self.folder, HERE)

    @property
    def all(self) -> tuple[Place, ...]:
        return (self.here, *self.second)


def plan_of(settings: Settings, *, also: Path | None = None) -> Plan:
    """`also` is one more folder to copy to. Raises SettingsRefused."""
    try:
        key = read_key(settings.backup_key.get_secret_value())
    except ValueError as error:
        raise SettingsRefused((f"CIVICBOT_BACKUP_KEY: {error}; `civicbot backup key` makes one",)) from error
    second: list[Place] = [FolderPlace(folder) for folder in (settings.backup_folder, also) if folder is not None]
    if settings.backup_s3:
        second.append(_s3_place(settings))
    at = settings.backup_time
    return Plan(
        data_dir=settings.data_dir, key=key, secret=settings.secret_key.get_secret_value(), second=tuple(second),
        keep_days=settings.backup_keep_days, keep_erased_days=settings.keep_tombstones_days,
        at_minute=at.hour * 60 + at.minute if at is not None else None,
    )  # fmt: skip


def _s3_place(settings: Settings) -> S3Place:
    parts = urlsplit(settings.backup_s3)
    endpoint = settings.backup_s3_endpoint
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config={
            "region": settings.backup_s3_region,
            "access_key_id": settings.backup_s3_key_id,
            "secret_access_key": settings.backup_s3_secret.get_secret_value(),
            **({"endpoint": endpoint} if endpoint else {}),
        },
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": LONGEST_CALL,
            "connect_timeout": "15s",
        },
        retry_config={"max_retries": 3},
    )
    return S3Place(store, settings.backup_s3)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reads, _private(target) as descriptor, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(reads, file, packing.A_PIECE)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _private(path: Path) -> Iterator[int]:
    yield os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
