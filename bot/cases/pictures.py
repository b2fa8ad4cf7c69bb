"""Pictures that citizens send to staff, as they are kept."""

from __future__ import annotations

from bot import photographs
from bot.photographs import Drawn

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 1600
"""Enough for staff to read a letter that was photographed."""
QUALITY = 82


def draw_anew(content: bytes) -> Drawn:
    """Raises bot.photographs.NotDrawn."""
    return photographs.draw_anew(content, formats=FORMATS, longest_side=LONGEST_SIDE, quality=QUALITY)
