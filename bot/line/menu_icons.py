"""The menu's icons, drawn with lines and circles on a square of 100 by 100 that is as large as wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PIL import ImageDraw

Point = tuple[float, float]
STROKE = 7.0


@dataclass(frozen=True, slots=True)
class Pen:
    """`ink` draws; the `inverse` draws with the `ground`, and so cuts out. Lengths in hundredths of `side`."""

    draw: ImageDraw.ImageDraw
    left: float
    top: float
    side: float
    ink: str
    ground: str

    def line(self, *points: Point, width: float = STROKE) -> None:
        """Round at its ends and corners."""
        self.draw.line([self._at(point) for point in points], fill=self.ink, width=round(self._long(width)))
        for point in points:
            self.dot(point, width / 2)

    def dot(self, centre: Point, radius: float) -> None:
        (x, y), length = self._at(centre), self._long(radius)
        self.draw.ellipse((x - length, y - length, x + length, y + length), fill=self.ink)

    def arc(self, centre: Point, radius: float, start: float, end: float, *, width: float = STROKE) -> None:
        """Degrees clockwise from three o'clock."""
        steps = max(2, int(abs(end - start) / 3))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line(*[(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles], width=width)

    def box(self, corner: Point, opposite: Point, radius: float) -> None:
        """Filled, with round corners."""
        self.draw.rounded_rectangle((*self._at(corner), *self._at(opposite)), self._long(radius), fill=self.ink)

    def shape(self, points: Sequence[Point]) -> None:
        self.draw.polygon([self._at(point) for point in points], fill=self.ink)

    def inverse(self) -> Pen:
        return Pen(self.draw, self.left, self.top, self.side, self.ground, self.ink)

    def _at(self, point: Point) -> Point:
        return self.left + self._long(point[0]), self.top + self._long(point[1])

    def _long(self, hundredths: float) -> float:
        return hundredths * self.side / 100


def draw_question(pen: Pen) -> None:
    """A speech bubble with a question mark."""
    pen.box((10, 12), (90, 76), 20)
    pen.shape([(26, 70), (26, 94), (52, 72)])
    mark = pen.inverse()
    mark.arc((50, 34), 11.5, 185, 405, width=8)
    mark.line((58.1, 42.1), (50.6, 48.6), (50, 54), width=8)
    mark.dot((50, 66), 5)


def draw_calendar(pen: Pen) -> None:
    """A calendar with one day marked."""
    pen.box((12, 18), (88, 90), 11)
    pen.line((32, 10), (32, 26), width=9)
    pen.line((68, 10), (68, 26), width=9)
    pen.inverse().box((20, 40), (80, 82), 5)
    for row, column in ((0, 1), (0, 2), (1, 0), (1, 1)):
        pen.box((27 + 18 * column, 47 + 17 * row), (37 + 18 * column, 57 + 17 * row), 2.5)
    pen.dot((68, 69), 9)


def draw_list(pen: Pen) -> None:
    """A sheet on a clipboard, its lines ticked off."""
    pen.box((16, 16), (84, 94), 10)
    pen.box((35, 7), (65, 25), 7)
    pen.inverse().box((24, 31), (76, 86), 4)
    for y in (45, 60, 75):
        pen.line((31, y - 1), (35, y + 3.5), (42, y - 5), width=5)
        pen.line((52, y), (69, y), width=5.5)


def draw_sprout(pen: Pen) -> None:
    """A seedling with two leaves over the soil."""
    pen.line((50, 84), (50, 62), width=8)
    pen.shape(_leaf((50, 56), (90, 14), 0.27))
    pen.shape(_leaf((50, 70), (12, 36), 0.27))
    pen.line((20, 88), (80, 88), width=9)


def draw_telephone(pen: Pen) -> None:
    """A handset, with its ringing beside it."""
    pen.arc((84, 16), 60, 108, 162, width=15)
    pen.line((25, 37), (36, 26), width=21)
    pen.line((63, 75), (74, 64), width=21)
    pen.arc((56, 44), 15, -82, -8, width=7)
    pen.arc((56, 44), 31, -82, -8, width=7)


def draw_person(pen: Pen) -> None:
    """Somebody with a headset."""
    pen.dot((50, 38), 19)
    pen.arc((50, 38), 30, 180, 360, width=7)
    pen.box((14, 33), (26, 53), 6)
    pen.box((74, 33), (86, 53), 6)
    pen.arc((58, 46), 22, 20, 80, width=5)
    pen.box((52, 63), (66, 71), 4)
    shoulders = [(50 + 36 * math.cos(math.radians(a)), 96 + 24 * math.sin(math.radians(a))) for a in range(180, 361, 4)]
    pen.shape(shoulders)


def draw_bell(pen: Pen) -> None:
    """A bell that rings."""
    pen.dot((50, 14), 7)
    dome = [(50 + 27 * math.cos(math.radians(a)), 42 + 27 * math.sin(math.radians(a))) for a in range(180, 361, 4)]
    pen.shape([*dome, (79, 66), (88, 76), (12, 76), (21, 66)])
    pen.line((15, 76), (85, 76), width=9)
    pen.arc((50, 82), 11, 0, 180, width=7)


def _leaf(stalk: Point, tip: Point, bulge: float) -> list[Point]:
    """Between its two ends, as wide on each side as `bulge` of its length, at most."""
    along = (tip[0] - stalk[0], tip[1] - stalk[1])
    across = (-along[1] * bulge, along[0] * bulge)
    sides = []
    for side in (1, -1):
        steps = [step / 24 for step in range(25)]
        sides.append(
            [
                (
                    stalk[0] + along[0] * t + across[0] * side * math.sin(math.pi * t),
                    stalk[1] + along[1] * t + across[1] * side * math.sin(math.pi * t),
                )
                for t in steps
            ]
        )
    return sides[0] + sides[1][::-1]


ICONS: Mapping[str, Callable[[Pen], None]] = {
    "question": draw_question,
    "calendar": draw_calendar,
    "list": draw_list,
    "sprout": draw_sprout,
    "telephone": draw_telephone,
    "person": draw_person,
    "bell": draw_bell,
}
