"""Lines in a frame, as SVG: readable on a phone, and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 400, 50, 14
"""As wide as a phone, so that letters are shown in their size."""
TITLE, LEGEND_ROW, ABOVE, BELOW, COUNT_ROW = 26, 20, 22, 46, 16
NARROW_NAME = 20
"""Names up to so many letters go two in a row."""
GREY, INK = "#d4d4d4", "#222"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pen:
    colour: str
    dashes: str
    shape: str
    """Of the marks at the points: a path around 0,0."""


PENS = (
    Pen("#111111", "", "M-4,-4h8v8h-8z"),
    Pen("#0b62a8", "8 3", "M0,-5L5,4H-5z"),
    Pen("#d1560a", "3 3", "M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z"),
    Pen("#5aa9d6", "", "M0,-5L5,0L0,5L-5,0z"),
    Pen("#8a8a8a", "10 3 2 3", "M-5,-4H5L0,5z"),
)
"""Of different lightness, dashes and marks: each tells the lines apart alone."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    points: Sequence[Point]
    counts: Sequence[tuple[float, int]] = ()
    """Numbers to print below the axis: where, and how many."""


@dataclass(frozen=True, slots=True)
class Axis:
    title: str
    low: float
    high: float
    step: float

    def ticks(self) -> list[float]:
        return [
            round(self.low + self.step * place, 6) for place in range(round((self.high - self.low) / self.step) + 1)
        ]


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    lines: Sequence[Line]
    across: Axis
    up: Axis
    marked: float | None = None
    """Where an upright line shows the value in force."""
    diagonal: bool = False
    height: int = 220
    """Of the frame."""


def draw(panels: Sequence[Panel]) -> str:
    """The panels below each other. Raises ValueError for more lines than there are pens."""
    top, body = 0, []
    for panel in panels:
        body += _panel(panel, top)
        top += total_height(panel)
    frame = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" font-family="sans-serif"'
    drawn = "\n".join(body)
    return f'<svg {frame}>\n<rect width="{WIDTH}" height="{top}" fill="#fff"/>\n{drawn}\n</svg>\n'


def total_height(panel: Panel) -> int:
    return _frame_top(panel) + panel.height + BELOW + _count_rows(panel)


def _panel(panel: Panel, top: int) -> list[str]:
    if len(panel.lines) > len(PENS):
        raise ValueError(f"{len(panel.lines)} lines, but {len(PENS)} ways to draw them.")
    place = _Place(panel, top + _frame_top(panel))
    parts = [text(LEFT - 40, top + 19, panel.title, size=15, more=' font-weight="bold"')]
    parts += _legend(panel, top + TITLE)
    parts += _frame(panel, place)
    for line, pen in zip(panel.lines, PENS, strict=False):
        parts += _line(line, pen, place)
    return [*parts, *_counts(panel, place)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Turns values into places."""

    panel: Panel
    top: int

    @property
    def bottom(self) -> int:
        return self.top + self.panel.height

    def across(self, value: float) -> float:
        axis = self.panel.across
        return round(LEFT + (value - axis.low) / (axis.high - axis.low) * (WIDTH - LEFT - RIGHT), 1)

    def up(self, value: float) -> float:
        axis = self.panel.up
        return round(self.bottom - (value - axis.low) / (axis.high - axis.low) * self.panel.height, 1)


def _frame(panel: Panel, place: _Place) -> list[str]:
    right = WIDTH - RIGHT
    parts = []
    for value in panel.up.ticks():
        parts.append(_stroke(LEFT, place.up(value), right, place.up(value), GREY))
        parts.append(text(LEFT - 6, place.up(value) + 4, f"{value:g}", size=12, more=' text-anchor="end"'))
    for value in panel.across.ticks():
        parts.append(_stroke(place.across(value), place.bottom, place.across(value), place.bottom + 4, INK))
        parts.append(text(place.across(value), place.bottom + 17, f"{value:g}", size=12, more=' text-anchor="middle"'))
    parts.append(_stroke(LEFT, place.bottom, right, place.bottom, INK))
    parts.append(text((LEFT + right) / 2, place.bottom + 34, panel.across.title, more=' text-anchor="middle"'))
    middle = (place.top + place.bottom) / 2
    turned = f' text-anchor="middle" transform="rotate(-90 13 {middle})"'
    parts.append(text(13, middle, panel.up.title, more=turned))
    if panel.diagonal:
        ends = (panel.across.low, panel.across.high)
        corners = (place.across(ends[0]), place.up(ends[0]), place.across(ends[1]), place.up(ends[1]))
        parts.append(_stroke(*corners, "#777", dashes="2 4"))
    if panel.marked is not None:
        at = place.across(panel.marked)
        parts.append(_stroke(at, place.top, at, place.bottom, "#777", dashes="5 4"))
        label = f"in force: {panel.marked:g}"
        parts.append(text(at, place.top - 5, label, size=12, more=' text-anchor="middle"'))
    return parts


def _line(line: Line, pen: Pen, place: _Place) -> list[str]:
    points = [(place.across(x), place.up(y)) for x, y in line.points]
    joined = " ".join(f"{x},{y}" for x, y in points)
    return [
        f'<polyline points="{joined}" fill="none" stroke="{pen.colour}" stroke-width="2"{_dashed(pen.dashes)}/>',
        *(_mark(x, y, pen) for x, y in points),
    ]


def _legend(panel: Panel, top: int) -> list[str]:
    columns = _legend_columns(panel)
    parts = []
    for number, (line, pen) in enumerate(zip(panel.lines, PENS, strict=False)):
        x = LEFT + number % columns * (WIDTH - LEFT - RIGHT) / columns
        y = top + number // columns * LEGEND_ROW + 10
        parts += [_stroke(x, y, x + 34, y, pen.colour, dashes=pen.dashes, width=2), _mark(x + 17, y, pen)]
        parts.append(text(x + 40, y + 5, line.name))
    return parts


def _counts(panel: Panel, place: _Place) -> list[str]:
    """A row of numbers for each line that has counts, with the line's mark before it."""
    parts = []
    counted = [(line, pen) for line, pen in zip(panel.lines, PENS, strict=False) if line.counts]
    for row, (line, pen) in enumerate(counted):
        y = place.bottom + BELOW + row * COUNT_ROW + 8
        parts += [text(4, y, "n"), _mark(24, y - 4, pen)]
        parts += [
            text(place.across(at), y, str(count), size=11, more=' text-anchor="middle"') for at, count in line.counts
        ]
    return parts


def _frame_top(panel: Panel) -> int:
    rows = -(-len(panel.lines) // _legend_columns(panel))
    return TITLE + rows * LEGEND_ROW + ABOVE


def _count_rows(panel: Panel) -> int:
    return COUNT_ROW * sum(bool(line.counts) for line in panel.lines)


def _legend_columns(panel: Panel) -> int:
    return 2 if max((len(line.name) for line in panel.lines), default=0) <= NARROW_NAME else 1


def _mark(x: float, y: float, pen: Pen) -> str:
    return f'<path d="{pen.shape}" transform="translate({x} {y}) scale(0.8)" fill="{pen.colour}"/>'


def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashes: str = "", width: float = 1) -> str:
    ends = f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{_dashed(dashes)}/>'


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def text(x: float, y: float, words: str, *, size: int = 14, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{INK}"{more}>{escape(words)}</text>'
