"""Whether a backup is whole: read again, taken apart, and its database looked through."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.backups import manifest as manifests
from bot.backups import packing, postgres_tools, sealing
from bot.backups.manifest import Manifest, Part
from bot.backups.refusals import BackupRefused, Why
from bot.backups.sealing import Key
from bot.storage import copying_sqlite
from bot.storage.copying_sqlite import Damaged

OPENED = ".opened-"
"""How folders begin in which a backup is taken apart. What is in them is not encrypted."""


def read_again(path: Path, meant: Part, *, key: Key | None) -> None:
    """What lies on the disk is what was meant to be written, and can be taken apart by whoever has the key; where this
    machine has not, its hash has to do. Raises BackupRefused."""
    if packing.look_at(path) != meant:
        raise BackupRefused(Why.DAMAGED, path.name)
    if key is not None and key.identity is None:
        return
    with taken_apart(path, key=key, beside=path.parent):
        pass


@contextmanager
def taken_apart(path: Path, *, key: Key | None, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """Its parts, checked, as files in a folder that goes again afterwards. Raises BackupRefused."""
    folder = Path(tempfile.mkdtemp(prefix=OPENED, dir=beside))
    try:
        manifest = packing.unpack(path, folder, key=key)
        _check_database(folder / manifests.DATABASE[manifest.database], manifest)
        yield manifest, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def needs_key(path: Path, key: Key | None) -> bool:
    return sealing.is_sealed(path) and (key is None or key.identity is None)


def _check_database(path: Path, manifest: Manifest) -> None:
    if manifest.database == manifests.POSTGRESQL:
        postgres_tools.check(path)
        return
    try:
        copying_sqlite.check(path)
        counts = copying_sqlite.count_rows(path)
    except Damaged as error:
        raise BackupRefused(Why.DAMAGED, str(error)[:200]) from error
    missing = [name for name, count in manifest.counts.items() if name in counts and counts[name] != count]
    if missing:
        raise BackupRefused(Why.DAMAGED, ", ".join(missing))
