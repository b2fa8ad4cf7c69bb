"""What is held about one person, as a tree: parts, the things in each, and of each thing rows of a label and its
words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """`name` stays the same in every language; `exact` is the value as a machine wants it, where its words say it in
    another way."""

    name: str
    label: str
    value: str
    exact: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing: a registration, a question, a case. `picture` is the number of a picture that can be shown."""

    title: str
    rows: tuple[Row, ...]
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of data, and why it is kept. `more`: there is more of it than what stands here."""

    name: str
    title: str
    about: str
    records: tuple[Record, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    language: str
    made_at: datetime
    title: str
    parts: tuple[Part, ...]
    """Those of which there is nothing are left out."""

    def pictures(self) -> tuple[int, ...]:
        return tuple(one.picture for part in self.parts for one in part.records if one.picture is not None)


def as_json(held: Held) -> dict[str, Any]:
    return {
        "title": held.title,
        "language": held.language,
        "made_at": held.made_at.isoformat(),
        "parts": [
            {
                "name": part.name, "title": part.title, "about": part.about, "more": part.more,
                "records": [
                    {
                        "title": record.title,
                        **({"picture": f"picture-{record.picture}.jpg"} if record.picture is not None else {}),
                        "rows": [_row(row) for row in record.rows],
                    }
                    for record in part.records
                ],
            }
            for part in held.parts
        ],
    }  # fmt: skip


def lines(held: Held) -> Iterator[tuple[str, str, str, str]]:
    """For a table: the part, the thing, the label and the value."""
    for part in held.parts:
        for record in part.records:
            for row in record.rows:
                yield part.title, record.title, row.label, row.value
        if part.more:
            yield part.title, "", "", part.more


def _row(row: Row) -> dict[str, Any]:
    exact = {"exact": row.exact} if row.exact is not None else {}
    return {"name": row.name, "label": row.label, "value": row.value, **exact}
