"""Addresses behind buttons, and of pictures, in the form that LINE takes."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from bot.line import limits
from bot.line.cutting import clean

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)", re.DOTALL)
_WEB = re.compile(r"//([^/?#]+)(.*)", re.DOTALL)
_NOT_IN_AN_ADDRESS = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_NUMBER = re.compile(r"\+?[0-9*#(),.-]+(?:;[A-Za-z-]+=[0-9A-Za-z.+-]+)*")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def fit_address(address: str) -> str | None:
    """Percent-encoded, a Thai host in its ASCII form, a telephone number without blanks and Thai digits.

    None for what LINE refuses and nobody can make right: another scheme than http, https, line or tel, no host, no
    number, more than 1,000 characters. An address cannot be cut.
    """
    found = _SCHEME.fullmatch(clean(address))
    if found is None or found[1].lower() not in limits.URI_SCHEMES:
        return None
    scheme, rest = found[1].lower(), found[2]
    fitted = {"tel": _fit_number, "line": _encode}.get(scheme, _fit_web)(rest)
    whole = f"{scheme}:{fitted}"
    return whole if fitted and len(whole) <= limits.URI_CHARACTERS and _holds_together(whole) else None


def fit_picture(address: str) -> str | None:
    """The same of a picture that LINE fetches: https only, at most 2,000 characters.

    An address of this machine itself keeps its http. LINE refuses that with a 400, and could not fetch it in any case;
    it is there for a simulator on the same machine (`--loopback-pictures`), where a picture of ours has no other
    address. A bot on a live channel has an https address of its own, and never comes here with another.
    """
    found = _SCHEME.fullmatch(clean(address))
    if found is None or found[1].lower() not in {"http", "https"}:
        return None
    fitted = _fit_web(found[2])
    whole = f"{found[1].lower()}:{fitted}"
    if not fitted or len(whole) > limits.PICTURE_ADDRESS_CHARACTERS or not _holds_together(whole):
        return None
    return whole if whole.startswith("https:") or urlsplit(whole).hostname in _LOOPBACK else None


def _encode(text: str) -> str:
    return _NOT_IN_AN_ADDRESS.sub(lambda found: quote(found[0], safe=""), text)


def _fit_number(text: str) -> str:
    """Empty for what cannot be dialled: with letters left out, it would be another number."""
    number = "".join(text.translate(_THAI_DIGITS).split())
    if not _NUMBER.fullmatch(number) or not any(map(str.isdigit, number)):
        return ""
    return number.replace("#", "%23")


def _fit_web(text: str) -> str:
    found = _WEB.fullmatch(text)
    if found is None:
        return ""
    place = found[1] if found[1].isascii() else _ascii_place(found[1])
    if not place or _NOT_IN_AN_ADDRESS.search(place):
        return ""
    return f"//{place}{_encode(found[2])}"


def _holds_together(address: str) -> bool:
    """Whether what stands in a host's place can be one: with `line:`, too."""
    try:
        parts = urlsplit(address)
        return parts.port != 0 and (bool(parts.hostname) or not address.startswith("http"))
    except ValueError:  # a port that is no number, half a pair of brackets
        return False


def _ascii_place(place: str) -> str:
    user, at, host = place.rpartition("@")
    name, colon, port = host.partition(":")
    try:
        return f"{user}{at}{name.encode('idna').decode()}{colon}{port}"
    except UnicodeError:
        return ""
