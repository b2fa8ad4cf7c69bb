"""The lists of who was erased, in every place: read from there before a copy is put back, and never lost by being
written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.backups import erasures
from bot.backups.manifest import ERASURES
from bot.backups.places import HERE, FolderPlace, Place, Plan, aside_name
from bot.backups.refusals import BackupRefused, Why
from bot.vault import Unreadable, Vault


@dataclass(frozen=True, slots=True)
class Found:
    contents: tuple[bytes, ...]
    faults: tuple[str, ...]
    """Where one cannot be read; and second places where none lies, for a disk that is not mounted looks like that."""


def find(plan: Plan, *, beside: Path | None = None) -> Found:
    """Of every place, those put aside too, and of the folder of that file."""
    contents: list[bytes] = []
    faults: list[str] = []
    for place in (*plan.all, *([FolderPlace(beside.parent, HERE)] if beside is not None else [])):
        try:
            some = _read_all(place)
        except BackupRefused as refused:
            faults.append(refused.detail)
            continue
        if not some and place.kind != HERE:
            faults.append(f"{place.where}: there is no {ERASURES}")
        if not all(map(erasures.is_whole, some)):
            faults.append(f"{place.where}: {ERASURES} is damaged")
        contents += some
    return Found(tuple(dict.fromkeys(contents)), tuple(faults))


def require_all(found: Found) -> None:
    """Raises BackupRefused: who is on a list that nobody has read would be there again."""
    if found.faults:
        raise BackupRefused(Why.LIST_NOT_READ, "; ".join(found.faults))


def require_opened(contents: Sequence[bytes], secrets: Sequence[str]) -> None:
    """Raises BackupRefused where none of these keys opens one with somebody on it."""
    sealed = {one.sealed_key for one in map(erasures.read, contents) if one.sealed_key is not None and one.erased}
    if sealed and not secrets:
        raise BackupRefused(Why.LIST_OTHER_SECRET, ERASURES)
    for key in sealed:
        try:
            Vault(secrets).open(key)
        except Unreadable as error:
            raise BackupRefused(Why.LIST_OTHER_SECRET, ERASURES) from error


def write(place: Place, content: bytes, *, keep_erased_days: int, now: datetime) -> None:
    """What lies there and names somebody whom `content` does not is put aside first: it may be of a key that is set
    again, or of a copy that was put back without it. Raises BackupRefused."""
    there = place.read_erasures()
    if there is not None and not erasures.read(content).erased:
        return  # an installation that is new does not know whom an earlier one has erased
    since = now - timedelta(days=keep_erased_days)
    if there is not None and _names_more(there, content, since=since) and there not in _read_aside(place):
        place.write_erasures(there, aside_name(now))
    place.write_erasures(content)


def _read_all(place: Place) -> list[bytes]:
    main = place.read_erasures()
    return [*([main] if main is not None else []), *_read_aside(place)]


def _read_aside(place: Place) -> list[bytes]:
    found = [place.read_erasures(name) for name in place.names_aside()]
    return [one for one in found if one is not None]


def _names_more(there: bytes, content: bytes, *, since: datetime) -> bool:
    """Those erased before that moment have been forgotten on purpose."""
    known = {(one.key, one.erased_at) for one in erasures.read(content).erased}
    return any(one.erased_at >= since and (one.key, one.erased_at) not in known for one in erasures.read(there).erased)
