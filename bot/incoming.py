"""What reaches us from people, in our own words, whoever carried it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Shared = Literal["sticker", "image", "video", "audio", "file", "location"]
"""What a person can send besides words."""
SHARED: frozenset[str] = frozenset(get_args(Shared))
Kind = Literal[
    "text", "postback", "follow", "unfollow", "unsend", "join", "leave", "member_joined", "link", "suspended",
    "resumed", "media", "other", Shared
]  # fmt: skip
"""`media` is a message of a kind that we do not know yet, `other` an event of such a kind."""


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """A location that somebody sent. Degrees; the address is whatever their phone wrote, often empty."""

    title: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened in a chat.

    `user_id` is None for people who never consented to share it; `group_id` is None in a chat of two.
    `reply_token` is None where the carrier offers no answer (unfollow, unsend, standby).
    """

    event_id: str
    kind: Kind
    occurred_at: datetime
    standby: bool
    user_id: str | None = None
    group_id: str | None = None
    reply_token: str | None = None
    text: str = ""
    """The words of a text or of a sticker that has some, the data of a postback, the carrier's name of what we do not
    know, `ok` or `failed` of a link. A mention of the bot itself is left out of the words."""
    message_id: str | None = None
    read_token: str | None = None
    """Lets a bot whose account does not do so by itself mark the chat as read up to this message."""
    edited: bool = False
    """True for the new wording of a message that was there before. Only groups have it."""
    mentions_us: bool = False
    place: SharedPlace | None = None
    picked: str | None = None
    """What was picked with a `PickDate` button, of a postback: 2026-11-28, 09:00 or 2026-11-28T09:00, no time zone."""
    position_in_set: int = 1
    """Of a picture among several sent at once; their order of arrival is not their order."""
    members: int = 0
    """How many people joined the group."""
