"""Pictures for notices: taken from a phone, made small, and put where LINE fetches them."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import photographs
from bot.notices.refusals import Refused
from bot.photographs import NotDrawn
from bot.storage import notice_pictures
from bot.storage.notice_pictures import PictureRow

FORMATS = ("JPEG", "PNG", "WEBP")
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
        return photographs.draw_anew(content, formats=FORMATS, longest_side=LONGEST_SIDE, quality=QUALITY).body
    except NotDrawn as refused:
        raise PictureRefused(refused.why) from refused


def is_path(path: str) -> bool:
    """Whether an address with this path is one of ours."""
    return _PATH.fullmatch(path) is not None
