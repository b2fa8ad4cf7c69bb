"""Button data: written by us, carried by LINE, signed, because anybody may press any button at any time and a phone can
be made to send anything.

`answer?e=center.what&q=12~rc5k3c~Zm9v…`: the action, its arguments, the minute it was made (base 36), a signature.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode

from bot.vault import Vault

LONGEST = 300
_PURPOSE = "postback"
_MAC_BYTES = 9


class NotOurs(Exception):
    """The data was not made by us, or was changed on the way."""


@dataclass(frozen=True, slots=True)
class Pressed:
    action: str
    arguments: Mapping[str, str]
    made_at: datetime


class Buttons:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def encode(self, action: str, *, now: datetime, **arguments: str) -> str:
        """Raises ValueError when it would not fit into LINE's 300 characters."""
        body = f"{quote(action)}?{urlencode(arguments)}~{_base36(int(now.timestamp()) // 60)}"
        data = f"{body}~{self._mac(body)}"
        if len(data) > LONGEST:
            raise ValueError(f"button data of {len(data)} characters")
        return data

    def decode(self, data: str) -> Pressed:
        """Raises NotOurs."""
        body, _, mac = data.rpartition("~")
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            raise NotOurs
        rest, _, minute = body.rpartition("~")
        action, _, query = rest.partition("?")
        made_at = datetime.fromtimestamp(int(minute, 36) * 60, tz=UTC)
        return Pressed(action, dict(parse_qsl(query, keep_blank_values=True)), made_at)

    def _mac(self, body: str) -> str:
        return base64.urlsafe_b64encode(self._vault.mac(_PURPOSE, body.encode())[:_MAC_BYTES]).decode()


def read_number(text: str | None) -> int | None:
    """A number as it was written into a button; None also where it is larger than any row's."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text or "0"
