"""What reaches us from people, in our own words, whoever carried it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["text", "postback", "follow", "unfollow", "unsend", "media", "other"]


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
    """The words of a text, the data of a postback, the carrier's type name of anything else."""
    message_id: str | None = None
