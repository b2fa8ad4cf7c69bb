"""An address taken apart, and writing with its disguise taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

WEB = ("http", "https")
AT = re.compile(r"@|%(?:25)*40")
PORT = re.compile(r":(\d*)$")

_ADDRESS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+\-]*):)?([/\\]*)([^/\\?#]*)(.*)", re.DOTALL)
_OTHER_SIGNS = str.maketrans(
    {"。": ".", "․": ".", "⁄": "/", "∕": "/", "⧸": "/", "꞉": ":", "∶": ":", "∖": "\\", "⧵": "\\"}
)
_IGNORED = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}]")


@dataclass(frozen=True, slots=True)
class Parts:
    """`before`: what of slashes stands between scheme and authority. A host with a port is not taken for a scheme."""

    scheme: str
    before: str
    authority: str
    rest: str

    @property
    def is_web(self) -> bool:
        return self.scheme in ("", *WEB)

    @property
    def place(self) -> str:
        """Host and port: what stands behind the last @, in lower case."""
        return AT.split(self.authority)[-1].lower()

    @property
    def host(self) -> str:
        return PORT.sub("", self.place).removesuffix(".")

    @property
    def port(self) -> str:
        port = PORT.search(self.place)
        return port[1] if port else ""


def split(address: str) -> Parts:
    found = _ADDRESS.fullmatch(address.strip())
    scheme, before, authority, rest = found.groups() if found else (None, "", address, "")
    return Parts((scheme or "").lower(), before, authority, rest)


def fold(text: str) -> tuple[str, Sequence[int]]:
    """The text without disguise, and where each letter of it stands in the original."""
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        letter = _plain_letter(character)
        letters.append(letter)
        places.extend([place] * len(letter))
    return "".join(letters), places


def plain(text: str) -> str:
    return text if text.isascii() else "".join(map(_plain_letter, text))


@lru_cache(maxsize=4096)
def _plain_letter(character: str) -> str:
    """Empty for what nobody sees. Thai is left as it is: what makes ำ two letters is of no use here."""
    if character.isascii() or "\u0e00" <= character <= "\u0e7f":
        return "" if unicodedata.category(character) == "Cc" and not character.isspace() else character
    if _IGNORED.match(character):
        return ""
    return unicodedata.normalize("NFKC", character).translate(_OTHER_SIGNS)
