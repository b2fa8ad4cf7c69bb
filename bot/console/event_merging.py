"""Two people had the same event's form open: what both have done is brought together, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.console.event_forms import FIELDS, Filled, Row

SESSIONS: Final = "sessions"
QUESTIONS: Final = "questions"


@dataclass(frozen=True, slots=True)
class Merged:
    filled: Filled
    """What one has changed oneself stands as one typed it, all else as the other has left it."""
    theirs: dict[str, str]
    """By field: what stands in the database, where both have changed it and not alike."""
    taken: tuple[str, ...]
    """Fields that only the other has changed."""


def merge(was: Filled | None, mine: Filled, theirs: Filled) -> Merged:
    """`was` is the form as it was drawn; without it, all that differs is one's own doing."""
    was = was or theirs
    fields: Row = {}
    conflicts: dict[str, str] = {}
    taken: list[str] = []
    for name in FIELDS:
        before, my, their = (one.fields.get(name, "") for one in (was, mine, theirs))
        fields[name] = their if my == before else my
        if my == before != their:
            taken.append(name)
        elif my not in (before, their) and their != before:
            conflicts[name] = their
    if ("starts" in taken) is not ("ends" in taken):
        _keep_together(was, mine, theirs, fields, conflicts)
    rows = {}
    for name in (SESSIONS, QUESTIONS):
        before_rows, my_rows, their_rows = (getattr(one, name) for one in (was, mine, theirs))
        rows[name] = their_rows if my_rows == before_rows else my_rows
        if my_rows == before_rows != their_rows:
            taken.append(name)
        elif my_rows not in (before_rows, their_rows) and their_rows != before_rows:
            conflicts[name] = "\n".join(_in_a_line(row) for row in their_rows)
            rows[name] = _with_new_ones(my_rows, before_rows, their_rows)
    return Merged(Filled(fields, rows[SESSIONS], rows[QUESTIONS]), conflicts, tuple(taken))


def _keep_together(was: Filled, mine: Filled, theirs: Filled, fields: Row, conflicts: dict[str, str]) -> None:
    """An end is the end of its own start: a start of one and an end of another make a time that nobody meant."""
    pair = ("starts", "ends")
    if all(mine.fields.get(name) == was.fields.get(name) for name in pair):
        return
    for name in pair:
        my, their = mine.fields.get(name, ""), theirs.fields.get(name, "")
        fields[name] = my
        if my != their:
            conflicts[name] = their


def _with_new_ones(mine: list[Row], before: list[Row], theirs: list[Row]) -> list[Row]:
    """One's own rows, and those that the other has added; of those that the other has removed, the number is worth
    nothing any more."""
    known, there = {row["id"] for row in before}, {row["id"] for row in theirs}
    kept = [row if row["id"] in there else {**row, "id": ""} for row in mine]
    return [*kept, *(row for row in theirs if row["id"] not in known)]


def _in_a_line(row: Row) -> str:
    return " · ".join(text.replace("\n", ", ") for name, text in row.items() if text and name not in ("id", "required"))
