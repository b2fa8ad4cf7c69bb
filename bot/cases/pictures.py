"""Pictures that citizens send to staff: drawn anew, so that nothing of the file but what is seen is kept."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
"""A phone's largest photograph. What claims more is not unpacked."""
LONGEST_SIDE = 1600
"""Enough for staff to read a letter that was photographed."""
QUALITY = 82
PLAIN_MODES = ("1", "L", "RGB", "RGBA")


class PictureRefused(Exception):
    """It is no picture that can be shown: `why` is `unreadable` or `too_large`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Drawn:
    """A JPEG, upright and without anything of where, when and with what it was taken."""

    body: bytes
    width: int
    height: int


def draw_anew(content: bytes) -> Drawn:
    """Of a moving picture the first one. Raises PictureRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file says of itself may be broken; what counts is the picture
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise PictureRefused("too_large")
                paper = _on_white(_small(found))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureRefused("unreadable") from error
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Drawn(out.getvalue(), paper.width, paper.height)


def _small(found: Image.Image) -> Image.Image:
    """Made small before anything is copied: a large photograph takes a hundred megabytes."""
    found.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    plain = found if found.mode in PLAIN_MODES else found.convert("RGBA")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain


def _on_white(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    paper = Image.new("RGB", upright.size, "white")
    seen = upright.convert("RGBA")
    paper.paste(seen, mask=seen)
    return paper
