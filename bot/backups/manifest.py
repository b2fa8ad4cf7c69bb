"""What a backup says of itself: which release made it, of what, and the hash of each of its parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.backups.refusals import BackupRefused, Why

FORMAT = 1
NAME = "manifest.json"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}
ERASURES = "erasures.jsonl"
SECRET = "secret.key"  # noqa: S105 - a name
LARGEST = 1_000_000
PURPOSE = "backups"


@dataclass(frozen=True, slots=True)
class Part:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: datetime
    release: str
    revision: str
    """Of the tables."""
    database: str
    counts: Mapping[str, int]
    """Rows by table."""
    parts: Mapping[str, Part]
    sealed_with: str
    """Tells whether a secret key is the one with which the copy's contents are sealed, and nothing else of it. Empty:
    there was none."""

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def release() -> str:
    return version("civicbot")


def to_json(manifest: Manifest) -> bytes:
    written = {
        "format": FORMAT, "made_at": manifest.made_at.isoformat(), "release": manifest.release,
        "revision": manifest.revision, "database": manifest.database, "counts": dict(manifest.counts),
        "parts": {name: {"size": part.size, "sha256": part.sha256} for name, part in manifest.parts.items()},
        "sealed_with": manifest.sealed_with,
    }  # fmt: skip
    return json.dumps(written, indent=1).encode()


def from_json(raw: bytes) -> Manifest:
    """Raises BackupRefused."""
    try:
        read: Any = json.loads(raw)
        if read["format"] > FORMAT:
            raise BackupRefused(Why.NEWER, f"format {read['format']}")
        manifest = Manifest(
            made_at=datetime.fromisoformat(read["made_at"]), release=str(read["release"]),
            revision=str(read["revision"]), database=str(read["database"]),
            counts={str(name): int(count) for name, count in read["counts"].items()},
            parts={str(name): Part(int(one["size"]), str(one["sha256"])) for name, one in read["parts"].items()},
            sealed_with=str(read["sealed_with"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(Why.NOT_A_BACKUP, NAME) from error
    if DATABASE.get(manifest.database) not in manifest.parts or manifest.made_at.tzinfo is None:
        raise BackupRefused(Why.NOT_A_BACKUP, NAME)
    return manifest
