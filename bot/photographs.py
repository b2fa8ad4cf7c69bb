"""Photographs that people send or put up: drawn anew, so that nothing of the file but what is seen is kept. No place,
no camera, no program."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000
"""A phone's largest photograph. What claims more is not unpacked."""
PLAIN_MODES = ("1", "L", "RGB", "RGBA")


class NotDrawn(Exception):
    """It is no picture that can be shown: `why` is `unreadable` or `too_large`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Drawn:
    """A JPEG, upright and on white."""

    body: bytes
    width: int
    height: int


def draw_anew(content: bytes, *, formats: tuple[str, ...], longest_side: int, quality: int) -> Drawn:
    """No larger than `longest_side` pixels; of a moving picture the first one. Raises NotDrawn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file says of itself may be broken; what counts is the picture
            with Image.open(io.BytesIO(content), formats=formats) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise NotDrawn("too_large")
                paper = _on_white(_small(found, longest_side))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotDrawn("unreadable") from error
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return Drawn(out.getvalue(), paper.width, paper.height)


def _small(found: Image.Image, longest_side: int) -> Image.Image:
    """Made small before anything is copied: a large photograph takes a hundred megabytes."""
    found.draft("RGB", (longest_side * 2, longest_side * 2))
    plain = found if found.mode in PLAIN_MODES else found.convert("RGBA")
    plain.thumbnail((longest_side, longest_side))
    return plain


def _on_white(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    paper = Image.new("RGB", upright.size, "white")
    seen = upright.convert("RGBA")
    paper.paste(seen, mask=seen)
    return paper
