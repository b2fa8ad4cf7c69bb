"""How far an upgrade has got, so that one that was broken off is brought to its end, or taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.backups import files

FILE = "upgrade.json"


class Step(StrEnum):
    BACKED_UP = "backed_up"
    """The copy is made and checked; the tables may be the old ones or the new."""
    DONE = "done"
    TAKING_BACK = "taking_back"
    """The copy is being put in place again. Nothing was sent in between."""
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Upgrade:
    step: Step
    backup: str
    """The name of the copy that was made before."""
    revision: str
    """Of the tables before."""
    release: str
    """That made the copy."""
    counts: Mapping[str, int]
    at: str


def read(folder: Path) -> Upgrade | None:
    try:
        found = json.loads((folder / FILE).read_bytes())
        return Upgrade(**{**found, "step": Step(found["step"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, upgrade: Upgrade) -> None:
    files.write_whole(folder / FILE, json.dumps(asdict(upgrade), indent=1).encode())


def begun(backup: str, *, revision: str, release: str, counts: Mapping[str, int], now: datetime) -> Upgrade:
    return Upgrade(Step.BACKED_UP, backup, revision, release, dict(counts), now.isoformat())
