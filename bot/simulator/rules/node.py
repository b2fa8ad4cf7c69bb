"""One object of a request's JSON, read property by property; what is wrong is noted, not raised."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.refusals import Problem
from bot.simulator.rules.counting import Unit, utf16_units

URL_UNITS = 2000
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NOT_IN_A_URI = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")


class Node:
    """Properties that are null count as absent. `pointer` chooses LINE's way to name a place: Flex has its own.

    `loopback` lets pictures come over plain HTTP from this machine, which LINE never does.
    """

    __slots__ = ("at", "data", "loopback", "pointer", "problems")

    def __init__(
        self, data: dict[str, Any], at: str, problems: list[Problem], *, pointer: bool = False, loopback: bool = False
    ) -> None:
        self.data = data
        self.loopback = loopback
        self.at = at
        self.problems = problems
        self.pointer = pointer

    def place(self, name: str, index: int | None = None) -> str:
        if self.pointer:
            whole = f"{self.at}/{name}" if name else self.at or "/"
            return whole if index is None else f"{whole}/{index}"
        whole = f"{self.at}.{name}" if self.at and name else self.at or name
        return whole if index is None else f"{whole}[{index}]"

    def refuse(self, rule: str, message: str, name: str = "") -> None:
        self.problems.append(Problem(rule, message, self.place(name)))

    def refuse_value(self, rule: str, name: str) -> None:
        self.refuse(rule, "invalid property" if self.pointer else "Invalid value", name)

    def get(self, name: str, kinds: type | tuple[type, ...], *, required: bool = False) -> Any:  # noqa: ANN401 - JSON
        """The value if it has one of the JSON types; None, and a problem noted where it is due, if not."""
        value = self.data.get(name)
        if value is None:
            if required:
                self.refuse("required-property", "must be specified" if self.pointer else "May not be empty", name)
            return None
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            self.refuse("property-type", "invalid property", name)
            return None
        return value

    def text(
        self, name: str, rule: str, *, most: int, least: int = 1, unit: Unit = utf16_units, required: bool = True
    ) -> str | None:
        value = self.get(name, str, required=required)
        if value is None:
            return None
        if not value and least:
            self.refuse(rule, "must be specified" if self.pointer else "May not be empty", name)
            return None
        if len(value) * 2 > most and unit(value) > most:
            too_long = f"size: must be less than or equal to {most}"
            self.refuse(rule, too_long if self.pointer else f"Length must be between 0 and {most}", name)
            return None
        return str(value)

    def matching(self, name: str, rule: str, pattern: re.Pattern[str], *, required: bool = False) -> str | None:
        value: str | None = self.get(name, str, required=required)
        if value is not None and not pattern.fullmatch(value):
            self.refuse_value(rule, name)
            return None
        return value

    def url(self, name: str, *, required: bool = True, of_picture: bool = False) -> None:
        """An address that LINE itself, or the person's phone, fetches."""
        value = self.text(name, "url-length", most=URL_UNITS, required=required)
        if value is None or is_uri(value, ("https",)) or (of_picture and self.loopback and is_loopback(value)):
            return
        self.refuse("url-https", "invalid uri" if self.pointer else "Must be a valid HTTPS URL", name)

    def whole(self, name: str, rule: str, *, least: int, most: int | None = None, required: bool = False) -> int | None:
        value: int | None = self.get(name, int, required=required)
        if value is not None and (value < least or (most is not None and value > most)):
            self.refuse(rule, f"Must be between {least} and {most}" if most is not None else "invalid property", name)
            return None
        return value

    def number(self, name: str, rule: str, *, least: float, most: float) -> None:
        value = self.get(name, (int, float), required=True)
        if value is not None and not least <= value <= most:
            self.refuse(rule, f"Must be between {least:g} and {most:g}", name)

    def flag(self, name: str) -> bool:
        return bool(self.get(name, bool))

    def choice(self, name: str, rule: str, values: Collection[str], *, required: bool = False) -> str | None:
        value: str | None = self.get(name, str, required=required)
        if value is not None and value not in values:
            words = f"Must be one of the following values: [{', '.join(sorted(values))}]"
            self.refuse(rule, "invalid property" if self.pointer else words, name)
            return None
        return value

    def child(self, name: str, *, required: bool = False) -> Node | None:
        value = self.get(name, dict, required=required)
        return None if value is None else self._inside(value, self.place(name))

    def children(self, name: str, rule: str, *, least: int, most: int | None, required: bool = True) -> list[Node]:
        """The objects of a list. A list of the wrong size is noted, and read all the same."""
        values = self.get(name, list, required=required)
        if values is None:
            return []
        if len(values) < least or (most is not None and len(values) > most):
            words = f"Size must be between {least} and {most}" if most is not None else "must be specified"
            self.refuse(rule, words, name)
        nodes = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                nodes.append(self._inside(value, self.place(name, index)))
            else:
                self.problems.append(Problem("property-type", "invalid property", self.place(name, index)))
        return nodes

    def _inside(self, value: dict[str, Any], at: str) -> Node:
        return Node(value, at, self.problems, pointer=self.pointer, loopback=self.loopback)

    def refuse_unknown(self, rule: str, known: Collection[str]) -> None:
        for name in self.data.keys() - known:
            self.refuse(rule, "unknown field", name)


def is_loopback(value: str) -> bool:
    return is_uri(value, ("http",)) and urlsplit(value).hostname in LOOPBACK


def is_uri(value: str, schemes: tuple[str, ...]) -> bool:
    """Whether it has one of the schemes, something after it, and nothing that needs percent-encoding."""
    scheme = _SCHEME.match(value)
    if scheme is None or scheme[1].lower() not in schemes or _NOT_IN_A_URI.search(value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) if scheme[1].lower() in {"http", "https"} else bool(value[scheme.end() :])
