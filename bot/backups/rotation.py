"""Which backups are kept."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.backups.checking import OPENED
from bot.backups.places import PART, TIME, Place, is_of_before, time_of, time_of_aside

AT_LEAST = 3
A_DAY = timedelta(days=1)
BEFORE = ".before-"
"""In the name of a database file that a restore took out of its place."""
A_TIME = f"{'[0-9]' * 8}T{'[0-9]' * 6}Z"
"""A moment in a name, as a pattern."""


def old_ones(names: Sequence[str], *, keep_days: int, now: datetime) -> list[str]:
    """Those that are older than so many days, except the last three; what a restore has replaced is not of these."""
    in_order = sorted(names, key=lambda name: (time_of(name) or now, name))
    stay = [name for name in in_order if not is_of_before(name)][-AT_LEAST:]
    may_go = [name for name in in_order if name not in stay]
    return [name for name in may_go if (made := time_of(name)) is not None and made < now - timedelta(days=keep_days)]


def rotate(place: Place, *, keep_days: int, now: datetime) -> list[str]:
    """Returns which backups are gone. Raises BackupRefused."""
    names = place.names()
    gone = old_ones(names, keep_days=keep_days, now=now)
    for name in gone:
        place.remove(name)
    kept = [made for name in names if name not in gone and (made := time_of(name)) is not None]
    for name in place.names_aside():
        put_aside = time_of_aside(name)
        if put_aside is not None and put_aside < min([*kept, now - timedelta(days=keep_days)]):
            place.remove(name)
    return gone


def kept_name(name: str, *, now: datetime) -> str:
    return f"{name}{BEFORE}{now.strftime(TIME)}"


def tidy(folder: Path, *, keep_days: int, now: datetime) -> int:
    """Database files that a restore replaced are no backups that anybody will want for longer than those; and what a
    process that was killed has left half done is of no use after a day. How many went. What has no name of ours stays:
    the folder may be one that holds other things too."""
    ages = {f"*{BEFORE}{A_TIME}*": timedelta(days=keep_days), f"{OPENED}*": A_DAY, f"civicbot-{A_TIME}*{PART}": A_DAY}
    count = 0
    for pattern, age in ages.items():
        for path in folder.glob(pattern):
            if datetime.fromtimestamp(path.lstat().st_ctime, tz=now.tzinfo) >= now - age:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            count += 1
    return count
