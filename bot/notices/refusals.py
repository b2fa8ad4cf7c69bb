"""How a notice is refused: the facts, for others to word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class Refused(Exception):
    """Nothing was changed."""


@dataclass(eq=False)
class NoSuchNotice(Refused):
    pass


@dataclass(eq=False)
class NotInThatState(Refused):
    """It is in another state by now: somebody else was quicker."""

    state: str


@dataclass(eq=False)
class ChangedMeanwhile(Refused):
    """Somebody else has edited it since it was looked at."""

    version: int


@dataclass(eq=False)
class NobodyToReach(Refused):
    pass


@dataclass(eq=False)
class SegmentTooSmall(Refused):
    """So few share that interest that a notice would tell who they are."""

    reached: int
    smallest: int


@dataclass(eq=False)
class NeedsSomebodyElse(Refused):
    """Whoever wrote it may not approve it for so many."""

    reached: int
    above: int


@dataclass(eq=False)
class QuotaTooSmall(Refused):
    """`left`: messages of this month that are neither used nor kept for reminders and offers."""

    needed: int
    left: int


@dataclass(eq=False)
class QuotaUnknown(Refused):
    """LINE has not been asked yet, or could not be."""


@dataclass(eq=False)
class SentAlready(Refused):
    """The same words to the same people within a day."""

    notice_ids: Sequence[int]


@dataclass(eq=False)
class HasFaults(Refused):
    """What it says, or leads to, must not go out like that: see `checks.find_faults`."""


@dataclass(eq=False)
class TimeIsPast(Refused):
    send_at: datetime


@dataclass(eq=False)
class AudienceRefused(Refused):
    """A group that is none, or none at all."""

    why: str
