"""Certificates as a PDF: one A4 page each, Thai set by HarfBuzz, so that no mark stands on another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import segno

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH, HEIGHT = 297.0, 210.0
SIDE = 34.0
"""Left free on both sides of the words, in millimetres as everything here."""
ROOM = WIDTH - 2 * SIDE
TOP, BOTTOM = 52.0, 160.0
"""Between the heading and the foot."""
QR_SIZE = 27.0
INK, BLUE, GOLD, GREY = (28, 39, 51), (18, 59, 87), (158, 116, 34), (77, 91, 105)
PLAIN, STRONG = "plain", "strong"
POINTS_TO_MM = 25.4 / 72
LINE_HEIGHT = 1.68
"""Of the letters' size: Thai stacks two marks above a letter and one below it."""
Split = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The words of one page. Empty ones are left out."""

    centre: str
    heading: str
    given_to: str
    name: str
    beside_name: str
    has_joined: str
    title: str
    when: str
    hours: str
    number: str
    check: str
    """How to find out whether it is genuine."""
    check_address: str


@dataclass(frozen=True, slots=True)
class Typefaces:
    """TrueType files."""

    plain: Path
    strong: Path


class NoSuchLetter(Exception):
    """A name has a letter that the typeface lacks: it would be printed as an empty box."""


def draw(
    pages: Sequence[Certificate], *, typefaces: Typefaces, split: Split, title: str, language: str, now: datetime
) -> bytes:
    """`split` finds the words of a Thai phrase, at whose ends a line may break. Raises NoSuchLetter."""
    from fpdf import FPDF  # noqa: PLC0415 - a second of every start, for a page that few ask for
    from fpdf.fonts import TTFFont  # noqa: PLC0415

    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_creation_date(now)
    pdf.set_title(title)
    pdf.set_lang(language)
    try:
        pdf.add_font(PLAIN, fname=typefaces.plain)
        pdf.add_font(STRONG, fname=typefaces.strong)
        pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
        for page in pages:
            _page(pdf, page, split)
        made = BytesIO()
        pdf.output(made)
        return made.getvalue()
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()  # it would leave its file open


def _page(pdf: FPDF, page: Certificate, split: Split) -> None:
    pdf.set_font(STRONG, size=30)
    if _missing(pdf, page.name):
        raise NoSuchLetter(page.name)
    pdf.add_page()
    _frame(pdf)
    _words(pdf, page, split)
    _foot(pdf, page)


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*BLUE)
    pdf.set_line_width(1.6)
    pdf.rect(9, 9, WIDTH - 18, HEIGHT - 18)
    pdf.set_draw_color(*GOLD)
    pdf.set_line_width(0.5)
    pdf.rect(12, 12, WIDTH - 24, HEIGHT - 24)


def _words(pdf: FPDF, page: Certificate, split: Split) -> None:
    """From top to bottom, the middle part centred in what is left over the foot."""
    _line(pdf, page.centre, top=21, size=17, font=STRONG, colour=BLUE)
    _line(pdf, page.heading, top=33, size=38, font=STRONG, colour=GOLD)
    title = _broken(pdf, page.title, split)
    rows = [
        (page.given_to, 16.0, PLAIN, GREY),
        (page.name, 32.0, STRONG, INK),
        (page.beside_name, 16.0, PLAIN, INK),
        (page.has_joined, 16.0, PLAIN, GREY),
        *((line, title[1], STRONG, BLUE) for line in title[0]),
        (page.when, 16.0, PLAIN, INK),
        (page.hours, 16.0, PLAIN, INK),
    ]
    shown = [row for row in rows if row[0]]
    heights = [size * POINTS_TO_MM * LINE_HEIGHT for _, size, _, _ in shown]
    top = TOP + max(0.0, (BOTTOM - TOP - sum(heights)) / 2)
    for (words, size, font, colour), height in zip(shown, heights, strict=True):
        _line(pdf, words, top=top, size=size, font=font, colour=colour)
        top += height


def _foot(pdf: FPDF, page: Certificate) -> None:
    top, left = HEIGHT - 20 - QR_SIZE, WIDTH - 21 - QR_SIZE
    _qr(pdf, page.check_address, left=left, top=top)
    right = left - 5
    for words, size, font, bottom in (
        (page.check, 11.0, PLAIN, 20.0),
        (page.number, 13.0, STRONG, 12.0),
        (page.check_address, 9.0, PLAIN, 4.5),
    ):
        shown = _printable(pdf, words, font)
        fitting = _fitting(pdf, shown, font, size, right - 21)
        _set(pdf, shown, left=21, right=right, middle=top + QR_SIZE - bottom, font=font, size=fitting, colour=INK)


def _line(pdf: FPDF, words: str, *, top: float, size: float, font: str, colour: tuple[int, int, int]) -> None:
    """Centred, and smaller where it would be too wide."""
    words = _printable(pdf, words, font)
    fitting = _fitting(pdf, words, font, size, ROOM)
    middle = top + size * POINTS_TO_MM * LINE_HEIGHT / 2
    _set(pdf, words, left=SIDE, right=WIDTH - SIDE, middle=middle, font=font, size=fitting, colour=colour, centred=True)


def _set(
    pdf: FPDF, words: str, *, left: float, right: float, middle: float, font: str, size: float,
    colour: tuple[int, int, int], centred: bool = False,
) -> None:  # fmt: skip
    """By `cell`, which shapes what it sets: `text` does not."""
    pdf.set_font(font, size=size)
    pdf.set_text_color(*colour)
    height = size * POINTS_TO_MM
    pdf.set_xy(left, middle - height / 2)
    pdf.cell(right - left, height, words, align="C" if centred else "R")


def _broken(pdf: FPDF, words: str, split: Split) -> tuple[list[str], float]:
    """A title on as few lines as it needs, at most three, the smaller the more there are."""
    words = _printable(pdf, words, STRONG)
    for size, most in ((24.0, 1), (20.0, 2), (16.0, 3)):
        pdf.set_font(STRONG, size=size)
        if pdf.get_string_width(words) <= ROOM:
            return [words], size
        lines = _filled(pdf, words, split)
        if len(lines) <= most:
            return lines, size
    return [*lines[: most - 1], " ".join(lines[most - 1 :])], size


def _filled(pdf: FPDF, words: str, split: Split) -> list[str]:
    """As much on each line as its share of the whole, so that the last one is no orphan."""
    count = int(pdf.get_string_width(words) / ROOM) + 1
    share = min(ROOM, pdf.get_string_width(words) / count * 1.12)
    lines, line = [], ""
    for phrase in words.split():
        gap = " "
        for piece in split(phrase):
            longer = f"{line}{gap}{piece}" if line else piece
            if line and pdf.get_string_width(longer) > share:
                lines.append(line)
                longer = piece
            line, gap = longer, ""
    return [*lines, line]


def _fitting(pdf: FPDF, words: str, font: str, size: float, room: float) -> float:
    pdf.set_font(font, size=size)
    width = pdf.get_string_width(words)
    return size if width <= room else size * room / width


def _printable(pdf: FPDF, words: str, font: str) -> str:
    """Without what the typeface has no picture of, such as faces."""
    pdf.set_font(font, size=10)
    gone = _missing(pdf, words)
    return " ".join("".join(letter for letter in words if letter not in gone).split()) if gone else words


def _missing(pdf: FPDF, words: str) -> set[str]:
    """Of the letters in `words`, those that the typeface in use lacks."""
    known = pdf.current_font.cmap  # type: ignore[union-attr]
    return {letter for letter in words if ord(letter) not in known}


def _qr(pdf: FPDF, address: str, *, left: float, top: float) -> None:
    matrix = tuple(segno.make(address, error="m", micro=False).matrix)
    side = QR_SIZE / len(matrix)
    pdf.set_fill_color(0, 0, 0)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:  # a hair wider than it is, or pale lines show between neighbours
                pdf.rect(left + column * side, top + row * side, side + 0.02, side + 0.02, style="F")
