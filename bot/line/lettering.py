"""Words as outlines. HarfBuzz puts every vowel and tone mark where Thai wants it; what it sets is drawn as polygons.

Pillow can set Thai too, but only where the system has FriBiDi, which its wheels do not carry: a machine with nothing
but Python would draw the marks on top of each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import uharfbuzz as hb  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

Point = tuple[float, float]
CURVE_STEPS = 8


class NoSuchLetter(Exception):
    """The typeface has no picture of a letter: it would be drawn as an empty box."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shape of the typeface, and where it stands: in the typeface's units, from the line's start, y upwards."""

    number: int
    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of words, set. Lengths are in parts of the letters' size."""

    typeface: Typeface
    glyphs: tuple[Glyph, ...]
    width: float
    above: float
    """How far the highest mark reaches above the baseline, and the lowest below it."""
    below: float

    def draw(self, picture: Image.Image, *, left: float, baseline: float, size: float, colour: str) -> None:
        """`left`, `baseline` and `size` in pixels of the picture."""
        scale = size / self.typeface.units
        for glyph in self.glyphs:
            outlines = [
                [(left + (glyph.x + x) * scale, baseline - (glyph.y + y) * scale) for x, y in outline]
                for outline in self.typeface.outlines(glyph.number)
            ]
            _fill(picture, outlines, colour)


class Typeface:
    """One weight of the packaged typeface."""

    def __init__(self, name: str) -> None:
        data = resources.files(__package__).joinpath("fonts", f"{name}.ttf").read_bytes()
        self._font = hb.Font(hb.Face(hb.Blob(data)))
        self._outlines: dict[int, list[list[Point]]] = {}
        self.units = int(self._font.face.upem)

    def set(self, words: str) -> SetLine:
        """One line. Raises NoSuchLetter."""
        buffer = hb.Buffer()
        buffer.add_str(words)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        missing = {words[info.cluster] for info in buffer.glyph_infos if info.codepoint == 0}
        if missing:
            raise NoSuchLetter(f"the typeface has no {' '.join(sorted(missing))!r}, which stands in {words!r}")
        glyphs, at = [], 0
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            name = str(self._font.get_glyph_name(info.codepoint))
            glyphs.append(Glyph(info.codepoint, name, at + place.x_offset, place.y_offset))
            at += place.x_advance
        heights = [glyph.y + y for glyph in glyphs for outline in self.outlines(glyph.number) for _, y in outline]
        return SetLine(
            self,
            tuple(glyphs),
            width=at / self.units,
            above=max([0, *heights]) / self.units,
            below=-min([0, *heights]) / self.units,
        )

    def outlines(self, number: int) -> list[list[Point]]:
        """The closed lines around a glyph's black, and around the white within it."""
        if number not in self._outlines:
            pen = _Pen()
            self._font.draw_glyph_with_pen(number, pen)
            self._outlines[number] = pen.outlines
        return self._outlines[number]


@cache
def load_typeface(name: str) -> Typeface:
    return Typeface(name)


@dataclass(slots=True)
class _Pen:
    """Follows a glyph's outline, curves as short straight pieces. The names are those that HarfBuzz calls."""

    outlines: list[list[Point]] = field(default_factory=list)

    def moveTo(self, point: Point) -> None:
        self.outlines.append([point])

    def lineTo(self, point: Point) -> None:
        self.outlines[-1].append(point)

    def qCurveTo(self, control: Point, end: Point) -> None:
        start = self.outlines[-1][-1]
        self.outlines[-1].extend(_bent(start, control, end))

    def curveTo(self, *_: Point) -> None:
        raise NotImplementedError("a TrueType font has no cubic curves")

    def closePath(self) -> None:
        pass

    endPath = closePath


def _bent(start: Point, control: Point, end: Point) -> Iterator[Point]:
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        yield a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1]


def _fill(picture: Image.Image, outlines: list[list[Point]], colour: str) -> None:
    """What turns the way of the largest outline is black, what turns the other way is cut out of it."""
    if not outlines:
        return
    ordered = sorted(outlines, key=lambda outline: -abs(_area(outline)))
    way = _area(ordered[0]) > 0
    points = [point for outline in outlines for point in outline]
    left, top = int(min(x for x, _ in points)) - 1, int(min(y for _, y in points)) - 1
    right, bottom = int(max(x for x, _ in points)) + 2, int(max(y for _, y in points)) + 2
    mask = Image.new("L", (right - left, bottom - top), 0)
    draw = ImageDraw.Draw(mask)
    for outline in ordered:
        draw.polygon([(x - left, y - top) for x, y in outline], fill=255 if (_area(outline) > 0) == way else 0)
    picture.paste(colour, (left, top), mask)


def _area(outline: list[Point]) -> float:
    """Twice the area, with the sign of the way it turns."""
    return sum(
        x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(outline, [*outline[1:], outline[0]], strict=True)
    )
