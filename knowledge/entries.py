"""What the bot knows, as plain values: entries, and the faults found while reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.care import UNCARED_FOR, Care

SMALL_TALK = frozenset({"general.greeting", "general.thanks", "general.goodbye", "general.help"})
"""Entries that belong to any conversation, and say nothing about what somebody wants to know."""


@dataclass(frozen=True)
class Detail:
    """A line of an answer that is said only when every setting in `needs` is filled in."""

    needs: tuple[str, ...]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Action:
    """A button under an answer."""

    name: str
    argument: str | None = None


@dataclass(frozen=True)
class Entry:
    """One topic of the FAQ. Mappings are keyed by language; Thai is always there."""

    id: str
    title: Mapping[str, str]
    answer: Mapping[str, str]
    details: tuple[Detail, ...]
    unavailable: Mapping[str, str] | None
    actions: tuple[Action, ...]
    related: tuple[str, ...]
    variants: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    care: Care = UNCARED_FOR

    @property
    def family(self) -> str:
        """The part of the id before the dot: neighbouring topics share it."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, order=True)
class Fault:
    """Something to mend in the content; a warning may stay."""

    file: str
    line: int | None
    message: str
    warning: bool = False

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {'warning: ' if self.warning else ''}{self.message}"


class ContentError(Exception):
    """The content cannot be used. `faults` lists everything that is wrong, not just the first thing."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("The content has faults:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults
