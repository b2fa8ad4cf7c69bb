"""The picture of the rich menu: what LINE takes, what can be read, and nothing that runs over an edge."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageDraw

from bot.line import menu_picture
from bot.line.menu_icons import ICONS, Pen
from bot.line.menu_picture import ACCENT, DISC, DISC_TOP, FADED, GAP, INK, MARGIN, PAPER, ROUNDING, SOFT, draw
from bot.line.rich_menu import PICTURE_BYTES, MenuRefused, Tile, lay_out, size_of
from bot.simulator.rules.pictures import check_menu_picture

TALL = "ปั๊มน้ำที่นี่"
"""Marks as high and as low as Thai has them."""


@cache
def drawn(count: int) -> tuple[bytes, Image.Image]:
    words = [((TALL, "กตัญญู"), ""), (("ผู้ใหญ่",), TALL), ((TALL, "กตัญญู"), TALL)] * 2
    words = [((TALL, "กตัญญู"), ""), (("ผู้ใหญ่",), TALL), (("ผู้ใหญ่", "กตัญญู"), "งาน")] * 3
    tiles = [Tile(icon, lines, note) for icon, (lines, note) in zip(ICONS, words, strict=False)]
    raw = draw(tiles[:count])
    return raw, Image.open(io.BytesIO(raw)).convert("RGB")


def colours_in(picture: Image.Image, box: tuple[int, int, int, int]) -> set[str]:
    found = picture.crop(box).getcolors(maxcolors=1_000_000) or []
    return {"#" + "".join(f"{part:02X}" for part in colour) for _, colour in found if isinstance(colour, tuple)}


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_the_picture_is_one_that_line_takes(count: int) -> None:
    raw, picture = drawn(count)
    width, height = size_of(lay_out(count))
    check_menu_picture(raw, "image/png", {"width": width, "height": height})
    assert picture.size == (width, height)
    assert len(raw) < PICTURE_BYTES


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_nothing_runs_over_the_edge_of_its_card(count: int) -> None:
    _, picture = drawn(count)
    for number, area in enumerate(lay_out(count)):
        paper = ACCENT if number == 0 else PAPER
        left, right = area.left + GAP + 6, area.left + area.width - GAP - 6
        top, bottom = area.top + GAP + ROUNDING, area.top + area.height - GAP - ROUNDING
        assert colours_in(picture, (left, top, left + MARGIN - 12, bottom)) == {paper}
        assert colours_in(picture, (right - MARGIN + 12, top, right, bottom)) == {paper}
        below_disc, foot = area.top + DISC_TOP + DISC + 4, area.top + area.height - GAP - 6
        assert colours_in(picture, (left + 40, below_disc, right - 40, below_disc + 2)) == {paper}
        assert colours_in(picture, (left + 40, foot - 4, right - 40, foot)) == {paper}
        assert len(colours_in(picture, (left, top, right, bottom))) > 10, "and something stands on it"


def test_words_have_contrast_enough_for_old_eyes() -> None:
    for ink, paper in ((PAPER, ACCENT), (INK, PAPER), (FADED, PAPER), (SOFT, ACCENT), (ACCENT, PAPER)):
        assert contrast(ink, paper) >= 4.5


def test_words_stay_large_on_a_narrow_phone() -> None:
    assert menu_picture.SMALLEST * 360 / 2500 >= 14.9
    assert menu_picture.SMALLEST * menu_picture.NOTE_SHARE * 360 / 2500 >= 10


def test_the_same_tiles_give_the_same_bytes() -> None:
    tiles = [Tile("list", ("หนึ่ง",)), Tile("person", ("สอง",))]
    assert draw(tiles) == draw(tiles)
    assert draw(tiles) != draw([*tiles[:1], Tile("person", ("สาม",))])


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_stays_within_its_square_and_can_be_cut_out(name: str) -> None:
    side, room = 400, 40
    picture = Image.new("L", (side + 2 * room, side + 2 * room), "black")
    ICONS[name](Pen(ImageDraw.Draw(picture), room, room, side, "white", "black"))
    left, top, right, bottom = picture.getbbox() or (0, 0, 0, 0)
    assert min(left, top) >= room
    assert max(right, bottom) <= side + room + 1
    assert (right - left) * (bottom - top) > side * side / 3, "it fills the square"
    assert abs((left + right) / 2 - room - side / 2) < side * 0.06, "and stands in its middle"


@pytest.mark.parametrize(
    ("tile", "fault"),
    [
        (Tile("unicorn", ("ก",)), "there is no 'unicorn'; there are question"),
        (Tile("list", ()), "one or two lines"),
        (Tile("list", ("ก", "ข", "ค")), "one or two lines"),
        (Tile("list", ("ถาม 😀",)), "no '😀'"),
        (Tile("list", ("ก",), "漢"), "no '漢'"),
        (Tile("list", ("การลงทะเบียนของฉันทั้งหมดในปีนี้และปีหน้า",)), "tile 2 says too much"),
        (Tile("list", (TALL, TALL), TALL), "tile 2 says too much"),
    ],
    ids=["icon", "no words", "three lines", "letter", "letter in the note", "too long", "too high"],
)
def test_a_tile_that_cannot_be_drawn_is_refused_in_words(tile: Tile, fault: str) -> None:
    with pytest.raises(MenuRefused, match=fault):
        draw([Tile("list", ("ก",)), tile, Tile("list", ("ค",))])


def test_a_picture_too_large_for_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_picture, "PICTURE_BYTES", 1000)
    with pytest.raises(MenuRefused, match="LINE takes 1000"):
        draw([Tile("list", ("ก",)), Tile("list", ("ข",))])
