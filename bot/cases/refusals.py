"""The room's ways to say no, with the facts that a sentence for people needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    DISABLED = "disabled"
    """The account does not exist, or may not come in any more."""
    ROLE = "role"
    """It may not answer people."""
    PRIVACY = "privacy"
    """It is about somebody's data: for those only who may see people."""


@dataclass(eq=False)
class CaseRefused(Exception):
    """No, and nothing was changed."""


@dataclass(eq=False)
class NoSuchCase(CaseRefused):
    """It does not exist, or is somebody else's."""


@dataclass(eq=False)
class TakenBySomebodyElse(CaseRefused):
    by: int | None
    """The account that has it. None: nobody has it any more."""


@dataclass(eq=False)
class CaseClosed(CaseRefused):
    by: int | None = None


@dataclass(eq=False)
class NobodyToTell(CaseRefused):
    """Nobody in LINE is behind it, or they have left, or LINE does not know them any more."""


@dataclass(eq=False)
class MayNotAnswer(CaseRefused):
    staff_id: int
    why: Why


@dataclass(eq=False)
class ChangedMeanwhile(CaseRefused):
    version: int
    """The one it has now."""


@dataclass(eq=False)
class TextRefused(CaseRefused):
    """Empty, or too long: `units` as LINE counts."""

    units: int
    most: int


@dataclass(eq=False)
class UnknownGaps(CaseRefused):
    """A canned answer asks for what nobody fills in."""

    names: tuple[str, ...]


@dataclass(eq=False)
class TitleRefused(CaseRefused):
    """Empty, too long, or another canned answer has it."""

    taken: bool


@dataclass(eq=False)
class NoSuchCannedAnswer(CaseRefused):
    pass
