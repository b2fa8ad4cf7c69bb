"""Who was erased, as keyed hashes, in a file beside the backups: who was erased after a backup was made is erased
again when that is put back.

The first line holds the key of the hashes, sealed with CIVICBOT_SECRET_KEY; each other line is an erasure.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.storage import restoring, tombstones
from bot.storage.engine import Database
from bot.storage.restoring import Erased

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """`sealed_key` None: nobody was erased, or the list is not ours."""

    sealed_key: bytes | None
    erased: tuple[Erased, ...]


NOTHING = Listed(None, ())


def collect(database: Database) -> bytes:
    """The list as it is now."""
    with database.reading() as db:
        sealed = restoring.find_kept_key(db, tombstones.KEY)
        erased = restoring.list_erased(db)
    last = max((one.number for one in erased), default=0)
    head: dict[str, Any] = {"format": FORMAT, "key": _spelt(sealed), "last": last, "number": len(erased)}
    return b"".join(json.dumps(line).encode() + b"\n" for line in (head, *map(_written, erased)))


def read(raw: bytes) -> Listed:
    """A line that was cut off counts as not there, and so does a list that is none of ours."""
    lines = [one for one in map(_parsed, raw.splitlines()) if one is not None]
    if not lines or lines[0].get("format") != FORMAT:
        return NOTHING
    erased = tuple(found for found in map(_erased, lines[1:]) if found is not None)
    try:
        key = base64.b64decode(str(lines[0].get("key", "")), validate=True)
    except ValueError:
        return NOTHING
    return Listed(key or None, erased)


def is_whole(raw: bytes) -> bool:
    """Whether it is a list of ours, with all the lines that it was written with."""
    head = _parsed(raw.partition(b"\n")[0])
    return head is not None and (head.get("format"), head.get("number")) == (FORMAT, len(read(raw).erased))


def is_current(database: Database, path: Path) -> bool:
    """Whether the file says what the database says, under the same key."""
    try:
        with path.open("rb") as file:
            head = _parsed(file.readline())
    except FileNotFoundError:
        return False
    with database.reading() as db:
        last, number = restoring.sum_up_erased(db)
        key = _spelt(restoring.find_kept_key(db, tombstones.KEY))
    return head is not None and (head.get("last"), head.get("number"), head.get("key")) == (last, number, key)


def together(lists: Iterable[Listed]) -> Sequence[tuple[bytes, tuple[Erased, ...]]]:
    """By the sealed keys that they come with, each erasure once."""
    found: dict[bytes, dict[tuple[str, datetime], Erased]] = {}
    for one in lists:
        if one.sealed_key is not None:
            some = found.setdefault(one.sealed_key, {})
            some.update({(erased.key, erased.erased_at): erased for erased in one.erased})
    return [(key, tuple(some.values())) for key, some in found.items()]


def _spelt(sealed: bytes | None) -> str:
    return base64.b64encode(sealed).decode() if sealed is not None else ""


def _written(one: Erased) -> dict[str, Any]:
    return {
        "number": one.number, "key": one.key, "erased_at": one.erased_at.isoformat(), "way": one.way,
        "counts": one.counts,
    }  # fmt: skip


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _erased(line: dict[str, Any]) -> Erased | None:
    try:
        erased_at = datetime.fromisoformat(line["erased_at"])
        return Erased(int(line["number"]), str(line["key"]), erased_at, str(line["way"])[:12], dict(line["counts"]))
    except (KeyError, ValueError, TypeError):
        return None
