"""The rich menu's picture: one card a tile, an icon over large words. Drawn four times as large and made smaller."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.line.bubbles import ACCENT, INK, PAPER
from bot.line.lettering import NoSuchLetter, SetLine, load_typeface
from bot.line.menu_icons import ICONS, Pen
from bot.line.rich_menu import PICTURE_BYTES, Area, MenuRefused, Tile, lay_out, size_of

FADED = "#4B5563"
"""Of the notes under the words of a tile; the other colours are those of our cards."""
GROUND, SOFT = "#DCEBE4", "#E9F4EF"
OVERSIZE = 4
GAP, MARGIN, ROUNDING = 14, 34, 56
"""Half of the room between two cards, the room within one on both sides of the words, and its corners: pixels."""
DISC_TOP, DISC, ICON_SIDE = 62, 336, 228
LARGEST, SMALLEST = 142, 104
"""The size of the words in pixels. A phone of 360 points shows the picture at a seventh: 15 points at least."""
NOTE_SHARE = 0.68
ABOVE, BELOW = 1.06, 0.3
"""The least room for a line from its baseline, as parts of the letters' size. One mark on another needs more."""
TEXT_SHARE = 0.94
"""Of the room below the icon."""


@dataclass(frozen=True, slots=True)
class _Lettered:
    words: tuple[SetLine, ...]
    note: SetLine | None

    def lines(self) -> list[tuple[SetLine, float]]:
        """Each line with its size as a part of the words' size."""
        return [*((line, 1.0) for line in self.words), *([(self.note, NOTE_SHARE)] if self.note else [])]

    def height(self) -> float:
        return sum(share * (_above(line) + _below(line)) for line, share in self.lines())

    def largest(self, area: Area) -> float:
        """The size in which the widest line, and all lines on top of each other, just fit."""
        width = max(line.width * share for line, share in self.lines())
        room = area.height - GAP - DISC_TOP - DISC
        return min((area.width - 2 * (GAP + MARGIN)) / width, room * TEXT_SHARE / self.height())


def _above(line: SetLine) -> float:
    return max(ABOVE, line.above)


def _below(line: SetLine) -> float:
    return max(BELOW, line.below)


def draw(tiles: Sequence[Tile]) -> bytes:
    """A PNG of the size that `lay_out` gives. The first tile stands out. Raises MenuRefused."""
    areas = lay_out(len(tiles))
    lettered = _letter(tiles)
    size = _size_of_words(lettered, areas)
    picture = Image.new("RGB", size_of(areas), GROUND)
    for position, (tile, words, area) in enumerate(zip(tiles, lettered, areas, strict=True)):
        card = _card(tile, words, area, size=size, first=position == 0)
        picture.paste(card, (area.left, area.top))
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    if data.tell() > PICTURE_BYTES:
        raise MenuRefused([f"its picture has {data.tell()} bytes; LINE takes {PICTURE_BYTES}"])
    return data.getvalue()


def _letter(tiles: Sequence[Tile]) -> list[_Lettered]:
    bold, lighter = load_typeface("Sarabun-Bold"), load_typeface("Sarabun-SemiBold")
    lettered, faults = [], []
    for tile in tiles:
        if tile.icon not in ICONS:
            faults.append(f"icon: there is no {tile.icon!r}; there are {', '.join(ICONS)}")
        if not 1 <= len(tile.words) <= 2:
            faults.append(f"words: {' / '.join(tile.words)!r} must be one or two lines")
        try:
            words = tuple(bold.set(line) for line in tile.words)
            lettered.append(_Lettered(words, lighter.set(tile.note) if tile.note else None))
        except NoSuchLetter as error:
            faults.append(f"words: {error}")
    if faults:
        raise MenuRefused(faults)
    return lettered


def _size_of_words(lettered: Sequence[_Lettered], areas: Sequence[Area]) -> float:
    """One size for all tiles: the largest in which every line fits."""
    rooms = [words.largest(area) for words, area in zip(lettered, areas, strict=True)]
    size = min(LARGEST, *rooms)
    if size < SMALLEST:
        number = rooms.index(min(rooms)) + 1
        raise MenuRefused([f"words: tile {number} says too much: shorten a line, break it, or drop the note"])
    return size


def _card(tile: Tile, words: _Lettered, area: Area, *, size: float, first: bool) -> Image.Image:
    paper, ink, note, disc, icon = (ACCENT, PAPER, SOFT, PAPER, ACCENT) if first else (PAPER, INK, FADED, ACCENT, PAPER)
    picture = Image.new("RGB", (area.width * OVERSIZE, area.height * OVERSIZE), GROUND)
    draw = ImageDraw.Draw(picture)
    edge = GAP * OVERSIZE
    draw.rounded_rectangle(
        (edge, edge, picture.width - edge, picture.height - edge), ROUNDING * OVERSIZE, fill=paper
    )  # fmt: skip
    middle, top, radius, side = (
        picture.width / 2, DISC_TOP * OVERSIZE, DISC / 2 * OVERSIZE, ICON_SIDE * OVERSIZE
    )  # fmt: skip
    draw.ellipse((middle - radius, top, middle + radius, top + 2 * radius), fill=disc)
    ICONS[tile.icon](Pen(draw, middle - side / 2, top + radius - side / 2, side, icon, disc))
    bottom = top + 2 * radius
    lines = [(line, size * share * OVERSIZE) for line, share in words.lines()]
    bottom += (picture.height - edge - bottom - words.height() * size * OVERSIZE) * 0.42
    for line, height in lines:
        left, colour = middle - line.width * height / 2, note if line is words.note else ink
        line.draw(picture, left=left, baseline=bottom + height * _above(line), size=height, colour=colour)
        bottom += height * (_above(line) + _below(line))
    return picture.resize((area.width, area.height), Image.Resampling.LANCZOS)
