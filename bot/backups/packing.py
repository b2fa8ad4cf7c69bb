"""Several files into one, and out of it again, each with its hash."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from bot.backups import manifest as manifests
from bot.backups import sealing
from bot.backups.manifest import Manifest, Part
from bot.backups.refusals import BackupRefused, Why
from bot.backups.sealing import Key

A_PIECE = 1 << 20


class Hashing:
    """A file to write to that remembers the hash of all that was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        self._file.write(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def part(self) -> Part:
        return Part(self.size, self._hash.hexdigest())


def look_at(path: Path) -> Part:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Part(path.stat().st_size, digest.hexdigest())


def pack(files: Mapping[str, Path], manifest: Manifest, target: Path, *, key: Key | None) -> Part:
    """Written through to the disk. Returns the hash of what was meant to be written."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        hashing = Hashing(file)
        with sealing.writing(hashing, key) as into, tarfile.open(fileobj=into, mode="w|") as tar:  # type: ignore[arg-type]
            _add(tar, manifests.NAME, manifests.to_json(manifest), manifest)
            for name, path in files.items():
                about = _about(name, path.stat().st_size, manifest)
                with path.open("rb") as source:
                    tar.addfile(about, source)
        file.flush()
        os.fsync(file.fileno())
    return hashing.part


def unpack(path: Path, folder: Path, *, key: Key | None) -> Manifest:
    """Its parts as files in `folder`, each as it was put in. Raises BackupRefused, OSError."""
    try:
        sealed = sealing.is_sealed(path)
    except FileNotFoundError as error:
        raise BackupRefused(Why.NOTHING_THERE, str(path)) from error
    if not sealed:
        return _unpack(path, folder)
    opened = folder / "opened.tar"
    with opened.open("wb") as target:
        sealing.open_into(path, target, key)
    try:
        return _unpack(opened, folder)
    finally:
        opened.unlink()


def _unpack(path: Path, folder: Path) -> Manifest:
    with _told_of_damage(path), tarfile.open(path, mode="r:") as tar:
        members = {member.name: member for member in tar if member.isreg()}
        first = members.get(manifests.NAME)
        if first is None or first.size > manifests.LARGEST:
            raise BackupRefused(Why.NOT_A_BACKUP, path.name)
        manifest = manifests.from_json(_source(tar, first).read())
        for name, part in manifest.parts.items():
            if name not in _KNOWN or name not in members or members[name].size != part.size:
                raise BackupRefused(Why.DAMAGED, name)
            if _extract(tar, members[name], folder / name) != part:
                raise BackupRefused(Why.DAMAGED, name)
    return manifest


_KNOWN = {*manifests.DATABASE.values(), manifests.ERASURES, manifests.SECRET}


@contextmanager
def _told_of_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        empty = path.stat().st_size == 0
        with path.open("rb") as file:
            began = file.read(512)
        ours = manifests.NAME.encode() in began or empty
        raise BackupRefused(Why.DAMAGED if ours else Why.NOT_A_BACKUP, path.name) from error


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> Part:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        hashing = Hashing(file)
        source = _source(tar, member)
        while piece := source.read(A_PIECE):
            hashing.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return hashing.part


def _source(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    source = tar.extractfile(member)
    assert source is not None, "a regular file has contents"  # noqa: S101 - the caller passes such only
    return source


def _about(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.size, about.mode, about.mtime = size, 0o600, int(manifest.made_at.timestamp())
    return about


def _add(tar: tarfile.TarFile, name: str, content: bytes, manifest: Manifest) -> None:
    tar.addfile(_about(name, len(content), manifest), BytesIO(content))
