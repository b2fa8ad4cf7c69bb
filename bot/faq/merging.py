"""Three-way merging of plain values, and of catalogues part by part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from bot.faq.refusals import MergeConflict
from knowledge.catalogue import Catalogue

Choice = Literal["draft", "other", "both"]
Path = tuple[str, ...]
Parts = dict[Path, Any]

MISSING = None
"""No part of a catalogue is ever null, but one: an entry's `unavailable`, where null means that there is none."""


class Collision(Exception):
    """Both sides changed the same thing in different ways."""


def parts_of(catalogue: Catalogue) -> Parts:
    """Entries, lists of words and groups of messages one by one; the pack as a whole."""
    plain = json.loads(catalogue.to_json())
    parts: Parts = {("pack",): plain.pop("pack")}
    for name, group in plain.items():
        parts |= {(name, key): value for key, value in group.items()}
    return parts


def catalogue_of(parts: Parts) -> Catalogue:
    """The inverse of `parts_of`. Raises ContentError when something is not as it should be."""
    plain: dict[str, Any] = {"entries": {}, "lexicon": {}, "out_of_scope": {}, "refusals": {}}
    for path, value in parts.items():
        if value is MISSING:
            continue
        if len(path) == 1:
            plain[path[0]] = value
        else:
            plain[path[0]][path[1]] = value
    return Catalogue.from_json(json.dumps(plain, ensure_ascii=False))


def differences(before: Catalogue, after: Catalogue) -> list[list[Any]]:
    """[path, before, after] of each part that differs, for JSON."""
    old, new = parts_of(before), parts_of(after)
    paths = sorted({*old, *new})
    return [[list(path), old.get(path), new.get(path)] for path in paths if old.get(path) != new.get(path)]


def merge(base: Any, ours: Any, theirs: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Ours with the changes that led from `base` to `theirs`. Raises Collision."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    if all(isinstance(side, dict) for side in (base, ours, theirs)):
        keys = dict.fromkeys((*ours, *theirs))
        merged = {key: merge(base.get(key), ours.get(key), theirs.get(key)) for key in keys}
        return {key: value for key, value in merged.items() if value is not MISSING or key == "unavailable"}
    if all(_are_texts(side) for side in (base, ours, theirs)):
        kept = [text for text in ours if text in theirs or text not in base]
        return [*kept, *(text for text in theirs if text not in base and text not in ours)]
    raise Collision


def merge_parts(
    base: Parts, draft: Parts, other: Parts, *, choices: Mapping[str, Choice]
) -> tuple[Parts, tuple[MergeConflict, ...]]:
    """Each part as the side has it that changed it. Entries that both changed are for a person, by `choices`; word
    lists and messages are merged line by line."""
    merged: Parts = {}
    conflicts = []
    for path in sorted({*base, *draft, *other}):
        name = "/".join(path)
        result = _merge_part(name, base.get(path), draft.get(path), other.get(path))
        if isinstance(result, MergeConflict):
            choice = choices.get(name)
            if choice is None or (choice == "both" and result.both is MISSING):
                conflicts.append(result)
                continue
            result = {"draft": result.draft, "other": result.other, "both": result.both}[choice]
        merged[path] = result
    return merged, tuple(conflicts)


def _merge_part(name: str, base: Any, draft: Any, other: Any) -> Any | MergeConflict:  # noqa: ANN401 - JSON
    if other in (base, draft):
        return draft
    if draft == base:
        return other
    both = _both(base, draft, other)
    if both is MISSING or name.startswith("entries/"):
        return MergeConflict(name, base, draft, other, both)
    return both


def _both(base: Any, draft: Any, other: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return merge(base, draft, other)
    except Collision:
        return MISSING


def _are_texts(side: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    return isinstance(side, list) and all(isinstance(item, str) for item in side)
