"""The menu under the chat: what it is made of, where its areas are, and how LINE describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.line import limits
from bot.messages import Press

NAME_BEGINS = "civicbot "
"""By which we know our own menus again. Nobody sees the name."""
BAR_GRAPHEMES = 14
PICTURE_BYTES = 1_000_000
"""LINE says 1 MB."""
WIDTH, ROW_HEIGHT = 2500, 843
"""Pixels: LINE's largest width, with its small height for each row."""
ROWS = {2: (2,), 3: (3,), 4: (2, 2), 5: (2, 3), 6: (3, 3), 7: (3, 4)}
"""How many areas stand in each row, by how many there are."""


class MenuRefused(Exception):
    """The menu cannot be as it is written. `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("the rich menu cannot be made:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Tile:
    """What is drawn in one area. `words` is one or two lines, `note` a smaller line below them, or empty."""

    icon: str
    words: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class RichMenu:
    """`bar` is what is written on the bar that opens and closes it. A press belongs to the tile of its position."""

    bar: str
    tiles: tuple[Tile, ...]
    presses: tuple[Press, ...]


@dataclass(frozen=True, slots=True)
class Area:
    left: int
    top: int
    width: int
    height: int


def lay_out(count: int) -> tuple[Area, ...]:
    """The areas of a menu with so many tiles, row by row, without a gap. Raises MenuRefused."""
    if count not in ROWS:
        raise MenuRefused([f"it has {count} tiles; it may have {min(ROWS)} to {max(ROWS)}"])
    areas = []
    for row, columns in enumerate(ROWS[count]):
        edges = [round(WIDTH * column / columns) for column in range(columns + 1)]
        areas += [Area(left, row * ROW_HEIGHT, right - left, ROW_HEIGHT) for left, right in pairwise(edges)]
    return tuple(areas)


def size_of(areas: Sequence[Area]) -> tuple[int, int]:
    """Width and height of the whole menu."""
    return max(area.left + area.width for area in areas), max(area.top + area.height for area in areas)


def define(menu: RichMenu, picture: bytes) -> dict[str, Any]:
    """The menu as LINE wants it. Its name tells this menu with this picture from every other. Raises MenuRefused."""
    areas = lay_out(len(menu.tiles))
    _check(menu)
    width, height = size_of(areas)
    definition: dict[str, Any] = {
        "size": {"width": width, "height": height},
        "selected": True,
        "chatBarText": menu.bar,
        "areas": [_area(area, press) for area, press in zip(areas, menu.presses, strict=True)],
    }
    content = json.dumps(definition, ensure_ascii=False, sort_keys=True).encode() + picture
    return {**definition, "name": NAME_BEGINS + hashlib.sha256(content).hexdigest()[:16]}


def _check(menu: RichMenu) -> None:
    faults = []
    if len(menu.presses) != len(menu.tiles):
        faults.append(f"{len(menu.tiles)} tiles and {len(menu.presses)} actions: each tile has one")
    if not 1 <= limits.graphemes(menu.bar) <= BAR_GRAPHEMES:
        faults.append(f"bar: {menu.bar!r} must have 1 to {BAR_GRAPHEMES} letters")
    for press in menu.presses:
        if not 1 <= limits.graphemes(press.label) <= limits.LABEL_GRAPHEMES:
            faults.append(f"label: {press.label!r} must have 1 to {limits.LABEL_GRAPHEMES} letters")
        if not 1 <= limits.graphemes(press.shown) <= limits.SHOWN_TEXT_GRAPHEMES:
            faults.append(f"shown: {press.shown!r} must have 1 to {limits.SHOWN_TEXT_GRAPHEMES} letters")
        if not 1 <= limits.utf16_units(press.data) <= limits.POSTBACK_DATA_UNITS:
            faults.append(f"data: the button {press.label!r} carries too much, or nothing")
    if faults:
        raise MenuRefused(faults)


def _area(area: Area, press: Press) -> dict[str, Any]:
    return {
        "bounds": {"x": area.left, "y": area.top, "width": area.width, "height": area.height},
        "action": {"type": "postback", "label": press.label, "data": press.data, "displayText": press.shown},
    }
