"""The labelled messages that come with the content: for a look at the figures before anything is published."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from knowledge.evaluation import Labelled, read_labelled

FILES = ("dev.jsonl", "followups-dev.jsonl")


def labelled_for(entries: Collection[str]) -> tuple[Labelled, ...]:
    """Those whose every expected entry is among these: another province's FAQ knows other topics."""
    known = set(entries)
    return tuple(item for item in _all() if known.issuperset(item.expect))


@cache
def _all() -> tuple[Labelled, ...]:
    folder = files("knowledge") / "labelled"
    return tuple(
        item for name in FILES for item in read_labelled((folder / name).read_text("utf-8").splitlines(), source=name)
    )
