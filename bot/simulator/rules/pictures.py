"""What a picture's own header says about its kind and size, and which may be a rich menu's."""

from __future__ import annotations

import struct

from bot.simulator.refusals import ApiRefusal

MOST_BYTES = 1024 * 1024
WIDTHS = (800, 2500)
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})


def check_menu_picture(raw: bytes, content_type: str, size: dict[str, int]) -> None:
    """Raises LINE's refusal of a picture that cannot be the rich menu's."""
    if content_type not in {"image/png", "image/jpeg"}:
        raise ApiRefusal(415, "Unsupported media type", "menu-picture-type")
    if len(raw) > MOST_BYTES:
        raise ApiRefusal(413, "Request entity too large", "menu-picture-bytes")
    measured = measure_png(raw) if content_type == "image/png" else measure_jpeg(raw)
    if measured is None:
        raise ApiRefusal(400, "The image file is invalid", "menu-picture-type")
    width, height = measured
    if not WIDTHS[0] <= width <= WIDTHS[1] or height < LEAST_HEIGHT or width / height < LEAST_RATIO:
        raise ApiRefusal(400, "The image size is invalid", "menu-picture-size")
    if (width, height) != (size["width"], size["height"]):
        raise ApiRefusal(400, "The image size does not match the rich menu", "menu-picture-matches")


def measure_png(raw: bytes) -> tuple[int, int] | None:
    """Width and height; None for what is no PNG."""
    if len(raw) < 24 or raw[:8] != b"\x89PNG\r\n\x1a\n" or raw[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return width, height


def measure_jpeg(raw: bytes) -> tuple[int, int] | None:
    """Width and height from the first start-of-frame segment; None for what is no JPEG."""
    if raw[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(raw) and raw[at] == 0xFF:
        marker = raw[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", raw[at + 2 : at + 4])[0]
    return None
