"""The link under which somebody sees what is held about them: for an hour, for whoever has it."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bot.storage import data_links, data_requests, people

LASTS: Final = timedelta(hours=1)
MOST_OPEN: Final = 3
"""Of one person at a time: with the next, the oldest ends."""
ONE_REQUEST: Final = timedelta(days=1)
"""Looking again within so long is the same request."""
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Open:
    person_id: int
    language: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """It was right once."""


def open_link(db: Session, *, person_id: int, now: datetime) -> str:
    """The token, which is told to this person and kept by nobody: the database has its hash. That they asked is noted
    as a request."""
    token = secrets.token_urlsafe(32)
    data_links.add(db, person_id=person_id, token_hash=token_hash(token), now=now, expires_at=now + LASTS)
    data_links.keep_latest(db, person_id, most=MOST_OPEN)
    kind, way = data_requests.ACCESS, data_requests.LINE
    if not data_requests.has_since(db, person_id=person_id, kind=kind, way=way, since=now - ONE_REQUEST):
        data_requests.add(db, person_id=person_id, kind=kind, way=way, now=now)
    return token


def find_by_token(db: Session, token: str, *, now: datetime) -> Open | Over | None:
    """None for what never was a link, or leads to nobody any more."""
    row = data_links.find(db, token_hash(token)) if WELL_FORMED.fullmatch(token) else None
    if row is None:
        return None
    if row.expires_at <= now:
        return Over()
    return Open(row.person_id, people.get(db, row.person_id).language, row.expires_at)


def token_hash(token: str) -> str:
    """The token is as long as a key: nobody tries through what it may be."""
    return hashlib.sha256(token.encode()).hexdigest()
