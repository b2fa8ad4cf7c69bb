"""Photographs are drawn anew, here as citizens send them to staff: bot.cases allows every format that is read."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from bot.cases import pictures
from bot.photographs import Drawn, NotDrawn

ORIENTATION, WORDS, GPS = 0x0112, 0x010E, 0x8825
CHANCE = random.Random(7)


def a_file(kind: str = "JPEG", *, size: tuple[int, int] = (300, 200), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    return out.getvalue()


def from_a_phone(kind: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (400, 200)) -> bytes:
    """Red above, blue below; taken at a place, of which its file tells."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[WORDS] = "CANARY-HOUSE-9"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[29] = "CANARY-GPS"
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, size[1] // 2, *size))
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def opened(drawn: Drawn) -> Image.Image:
    return Image.open(io.BytesIO(drawn.body))


@pytest.mark.parametrize("kind", pictures.FORMATS)
def test_a_picture_is_drawn_anew_no_larger_than_it_is_shown(kind: str) -> None:
    drawn = pictures.draw_anew(a_file(kind, size=(3200, 1600)))
    found = opened(drawn)
    assert (found.format, found.size, (drawn.width, drawn.height)) == ("JPEG", (1600, 800), (1600, 800))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_where_and_with_what_it_was_taken_is_kept(kind: str) -> None:
    content = from_a_phone(kind)
    assert b"CANARY-GPS" in content and b"CANARY-HOUSE-9" in content
    drawn = pictures.draw_anew(content)
    assert b"CANARY" not in drawn.body
    found = opened(drawn)
    assert (dict(found.getexif()), set(found.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == (
        {},
        {"progressive", "progression"},
    )


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (400, 200), "top"), (3, (400, 200), "bottom"), (6, (200, 400), "right"), (8, (200, 400), "left")],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_stands_upright(kind: str, orientation: int, size: tuple[int, int], red_at: str) -> None:
    found = opened(pictures.draw_anew(from_a_phone(kind, orientation=orientation)))
    width, height = found.size
    edges = {
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
    }
    red, _, blue = found.getpixel(edges[red_at])  # type: ignore[misc]
    assert (found.size, red > 200, blue < 60) == (size, True, True)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_of_keeping_colours_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 20)).save(out, "PNG")
    assert opened(pictures.draw_anew(out.getvalue())).size == (40, 20)


def test_what_is_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(pictures.draw_anew(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", a_file()[:400], a_file("PNG")[:40], a_file("BMP")])
def test_what_is_no_picture_that_can_be_shown_is_refused(content: bytes) -> None:
    with pytest.raises(NotDrawn) as refused:
        pictures.draw_anew(content)
    assert refused.value.why == "unreadable"


def test_one_that_unpacks_to_too_much_is_not_unpacked() -> None:
    with pytest.raises(NotDrawn) as refused:
        pictures.draw_anew(a_file("PNG", size=(10_000, 6_000), mode="1"))
    assert refused.value.why == "too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_file_is_drawn_or_refused_and_nothing_else(kind: str) -> None:
    content = a_file("GIF", size=(60, 40)) if kind == "GIF" else from_a_phone(kind, size=(60, 40))
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(CHANCE.randint(1, 6)):
            damaged[CHANCE.randrange(len(damaged))] = CHANCE.randrange(256)
        try:
            drawn = pictures.draw_anew(bytes(damaged[: CHANCE.randint(len(damaged) // 2, len(damaged))]))
        except NotDrawn:
            continue
        assert b"CANARY" not in drawn.body
