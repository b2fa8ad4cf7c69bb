"""The data map: what is held about people, why, for how long, and what becomes of it. Read from `data_map.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

Words = Mapping[str, str]
"""By language."""
LINE = "line"


@dataclass(frozen=True, slots=True)
class Kept:
    """One of `setting` (of days), `days`, `hours` and `words` says how long."""

    what: Words
    setting: str | None = None
    days: int | None = None
    hours: int | None = None
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Of its columns: what says something about a person; what is encrypted; what holds words about nobody."""

    personal: frozenset[str]
    sealed: frozenset[str]
    plain: frozenset[str]


@dataclass(frozen=True, slots=True)
class Activity:
    """`erased` says what becomes of it when a person is erased, by a key of the wordings `erased.…`; `shared` with whom
    it is, by `shared.…`."""

    id: str
    name: Words
    whose: Words
    what: Words
    why: Words
    basis: Words
    sensitive: Words | None
    kept: Sequence[Kept]
    erased: str
    shared: str | None
    tables: Mapping[str, Table]


@cache
def load() -> tuple[Activity, ...]:
    text = resources.files(__package__).joinpath("data_map.yaml").read_text(encoding="utf-8")
    return tuple(_activity(one) for one in yaml.safe_load(text)["activities"])


def tables() -> dict[str, Table]:
    """Every table, by name."""
    return {name: table for activity in load() for name, table in activity.tables.items()}


def _activity(read: Mapping[str, Any]) -> Activity:
    return Activity(
        id=read["id"], name=read["name"], whose=read["whose"], what=read["what"], why=read["why"],
        basis=read["basis"], sensitive=read.get("sensitive"), kept=tuple(Kept(**one) for one in read["kept"]),
        erased=read["erased"], shared=read.get("shared"),
        tables={name: _table(columns or {}) for name, columns in read["tables"].items()},
    )  # fmt: skip


def _table(columns: Mapping[str, Sequence[str]]) -> Table:
    return Table(*(frozenset(columns.get(kind, ())) for kind in ("personal", "sealed", "plain")))
