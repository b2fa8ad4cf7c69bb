"""Pictures for notices: taken from a phone, made small, and put where LINE fetches them."""

from __future__ import annotations

import io
import re
import secrets
import warnings
from datetime import datetime, timedelta

from PIL import Image, ImageOps
from sqlalchemy.orm import Session

from bot.notices.refusals import Refused
from bot.storage import notice_pictures
from bot.storage.notice_pictures import PictureRow

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
"""A phone's largest photograph. What claims more is not unpacked."""
LONGEST_SIDE = 1024
"""LINE shows no more in a card."""
QUALITY = 85
MOST_AN_HOUR = 30
TOKEN_BYTES = 18
_PATH = re.compile(r"/n/[A-Za-z0-9_-]{24}\.jpg")


class PictureRefused(Refused):
    """It is no picture that can be shown: `why` is `unreadable`, `too_large` or `too_many`."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


def put_up(db: Session, content: bytes, *, notice_id: int | None, by: int | None, now: datetime) -> str:
    """The path of its address. Drawn anew, so that nothing of the file but its picture is kept: no place, no camera, no
    program. Raises PictureRefused."""
    since = now - timedelta(hours=1)
    if notice_id is not None and notice_pictures.count_since(db, notice_id=notice_id, since=since) >= MOST_AN_HOUR:
        raise PictureRefused("too_many")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    notice_pictures.add(
        db, PictureRow(token=token, notice_id=notice_id, body=draw_anew(content), created_by=by, created_at=now)
    )  # fmt: skip
    return f"/n/{token}.jpg"


def draw_anew(content: bytes) -> bytes:
    """As a JPEG that is upright and no larger than it is shown. Raises PictureRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file says of itself may be broken; what counts is the picture
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise PictureRefused("too_large")
                found.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
                upright = ImageOps.exif_transpose(found)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                paper = Image.new("RGB", upright.size, "white")
                seen = upright.convert("RGBA")
                paper.paste(seen, mask=seen)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureRefused("unreadable") from error
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def is_path(path: str) -> bool:
    """Whether an address with this path is one of ours."""
    return _PATH.fullmatch(path) is not None
