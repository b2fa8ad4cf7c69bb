"""What an endpoint of LINE's is: an address, a rate, and the work behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from bot.simulator.answering import READ_BYTES, Call, Work
from bot.simulator.refusals import ApiRefusal
from bot.simulator.retry_keys import FORMAT

CHANNEL_ID = "2000000001"
BodyKind = Literal["json", "any"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    name: str
    """What its rate limit goes by."""
    work: Work
    with_token: bool = True
    body: BodyKind = "json"
    """`any`: a form, a picture, or nothing; the work reads the bytes itself."""
    read_bytes: int = READ_BYTES
    """How much of a body is read at all."""


def part(call: Call, name: str) -> str:
    """A part of the path."""
    return str((call.request.view_args or {})[name])


def read_form(call: Call) -> dict[str, Any]:
    if call.request.method == "GET":
        return call.request.args.to_dict()
    return dict(parse_qsl(call.raw.decode(errors="replace"), keep_blank_values=True))


def read_retry_key(call: Call) -> str | None:
    key = call.request.headers.get("X-Line-Retry-Key")
    if key is not None and not FORMAT.fullmatch(key):
        raise ApiRefusal(400, "The retry key is invalid", "retry-key-format")
    return key


def read_number(call: Call, name: str, *, default: int, most: int, rule: str) -> int:
    """A whole number of the query, from 1. Raises LINE's refusal of another."""
    given = call.request.args.get(name)
    if given is None:
        return default
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= most:
        raise ApiRefusal(400, f"The value for the '{name}' parameter is invalid", rule)
    return int(given)
