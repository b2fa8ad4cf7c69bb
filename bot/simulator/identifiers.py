"""Ids and tokens in the shapes that LINE gives them."""

from __future__ import annotations

import itertools
import re
import secrets
import time
import uuid

USER_ID = re.compile(r"U[0-9a-f]{32}")
GROUP_OR_ROOM_ID = re.compile(r"[CR][0-9a-f]{32}")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_message_numbers = itertools.count(int(time.time() * 1_000_000) * 100)


def new_webhook_event_id(now: float) -> str:
    return _new_ulid(now)


def new_coupon_id(now: float) -> str:
    return _new_ulid(now)


def _new_ulid(now: float) -> str:
    """48 bits of milliseconds, 80 of chance."""
    number = (int(now * 1000) << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def new_message_id() -> str:
    return str(next(_message_numbers))


def new_user_id() -> str:
    return "U" + secrets.token_hex(16)


def new_reply_token() -> str:
    return secrets.token_hex(16)


def new_quote_token() -> str:
    return secrets.token_urlsafe(48)


def new_read_token() -> str:
    return secrets.token_urlsafe(48)


def new_request_id() -> str:
    return str(uuid.uuid4())
