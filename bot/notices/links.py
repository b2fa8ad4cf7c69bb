"""Whether people may be led to an address.

Two readings, each on the safe side. `find_links` looks for whatever a phone could turn into a link, with the disguises
taken off: letters nobody sees, wide letters, other dots and slashes. `judge` takes an address as it is written: where
its host has a disguise, it is refused for that alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

import regex

from bot.notices.content import shorten
from bot.notices.link_finding import Found, find_links
from bot.notices.link_hosts import LONGEST, is_a_number, is_allowed, is_shortener, looks_like_allowed
from bot.notices.link_reading import AT, PORT, Parts, plain, split

__all__ = ["Found", "Reason", "Verdict", "find_links", "judge", "shown"]

SHOWN_LETTERS = 60
FEWEST_DIGITS = 3
PORTS = ("", "443")


class Reason(StrEnum):
    """Why nobody is led there. The gravest comes first."""

    SCHEME = "scheme"
    """It does not begin with https://; a telephone number that cannot be dialled, or stands as an address in a text."""
    USER_INFO = "user_info"
    """It shows one host and leads to another: what stands before an @, or around a backslash, is no host."""
    LOOK_ALIKE = "look_alike"
    """Its host can be taken for another one, or is not to be read at all: other alphabets, hidden letters, numbers."""
    GLUED = "glued"
    """Thai letters stand right behind it: with a blank between them it is a host that is allowed."""
    SHORTENER = "shortener"
    NOT_ALLOWED = "not_allowed"
    PORT = "port"


@dataclass(frozen=True, slots=True)
class Verdict:
    ok: bool
    reason: Reason | None
    host: str


_GLUED = regex.compile(r"([a-z0-9.\-]+\.[a-z]{2,})[\p{Script=Thai}\p{Default_Ignorable_Code_Point}]+")
_DIALLED = re.compile(r"\+?[\d() .-]{3,30}")
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}]")


def judge(address: str, domains: Collection[str], *, may_dial: bool = True) -> Verdict:
    """Of an address by itself, such as behind a button. `domains` are in lower case, Thai ones in their ASCII form.

    Of several reasons the gravest. `may_dial`: whether `tel:` may stand there.
    """
    parts = split(address)
    if not parts.is_web:
        dials = parts.scheme == "tel" and may_dial and _can_be_dialled(address.strip()[len("tel:") :])
        return Verdict(dials, None if dials else Reason.SCHEME, "")
    reason = _why_not_there(parts, domains)
    seen = split(plain(address))
    if reason is None and seen.port not in PORTS:
        reason = Reason.PORT
    if reason is None and (parts.scheme, parts.before) != ("https", "//"):
        reason = Reason.SCHEME
    return Verdict(reason is None, reason, seen.host)


def shown(address: str) -> str:
    """Where it really leads, as a line to be read: host and path, with Thai letters as such; or the number to dial."""
    parts = split(plain(address))
    if not parts.is_web:
        return shorten(" ".join(address.strip()[len(parts.scheme) + 1 :].split()), SHOWN_LETTERS)
    try:
        rest = unquote(parts.rest, errors="strict")
    except UnicodeDecodeError:
        rest = parts.rest
    rest = parts.rest if _UNSEEN.search(rest) else rest
    return shorten(f"{parts.host}{'' if rest == '/' else rest}", SHOWN_LETTERS)


def _why_not_there(parts: Parts, domains: Collection[str]) -> Reason | None:
    if AT.search(plain(parts.authority)) or "\\" in parts.before or parts.rest.startswith("\\"):
        return Reason.USER_INFO
    host = PORT.sub("", parts.authority).lower().removesuffix(".")
    if len(host) > LONGEST:
        return Reason.NOT_ALLOWED
    if is_allowed(host, domains) and not is_shortener(host):
        return None
    if host.isascii():
        return _why_not_host(host, domains)
    glued = _GLUED.fullmatch(host)
    if glued is None:
        return Reason.LOOK_ALIKE
    return Reason.GLUED if is_allowed(glued[1], domains) else _why_not_host(glued[1], domains)


def _why_not_host(host: str, domains: Collection[str]) -> Reason:
    if is_shortener(host):
        return Reason.SHORTENER
    if "%" in host or "xn--" in host or _UNSEEN.search(host) or is_a_number(host) or looks_like_allowed(host, domains):
        return Reason.LOOK_ALIKE
    return Reason.NOT_ALLOWED


def _can_be_dialled(number: str) -> bool:
    """Not what has * or # in it: those are orders to the telephone itself."""
    return _DIALLED.fullmatch(number) is not None and sum(map(str.isdecimal, number)) >= FEWEST_DIGITS
