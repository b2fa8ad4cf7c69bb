"""The room's ways to say no, with the facts that a sentence for people needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class Refused(Exception):
    """No, and nothing was changed."""


@dataclass(eq=False)
class NoSuchEvent(Refused):
    """It does not exist, or is not shown to this person."""


@dataclass(eq=False)
class NotOpenYet(Refused):
    opens_at: datetime


@dataclass(eq=False)
class RegistrationClosed(Refused):
    closed_at: datetime


@dataclass(eq=False)
class EventOver(Refused):
    """It has begun, or is past."""


@dataclass(eq=False)
class CalledOff(Refused):
    why: str


@dataclass(eq=False)
class EventFull(Refused):
    """And it has no waiting list. `left` seats are free, fewer than were asked for."""

    left: int


@dataclass(eq=False)
class NotEnoughSeats(Refused):
    """For a party that grows: what is free beyond those who wait."""

    left: int


@dataclass(eq=False)
class PartyTooLarge(Refused):
    most: int


@dataclass(eq=False)
class TooManyByPerson(Refused):
    """Somebody has registered so many parties for the event already."""

    most: int


@dataclass(eq=False)
class TooManyByPhone(Refused):
    most: int


@dataclass(eq=False)
class FormChanged(Refused):
    """What the event asks has changed since the form was filled in: ask again what is missing."""

    version: int


@dataclass(eq=False)
class NeedsGuardian(Refused):
    """A minor, and no guardian has said yes."""


@dataclass(eq=False)
class AdultsOnly(Refused):
    pass


@dataclass(eq=False)
class NoSuchRegistration(Refused):
    """It does not exist, or is somebody else's."""


@dataclass(eq=False)
class NotInThatState(Refused):
    """What was asked for is not possible any more: the registration is `state` by now."""

    state: str


@dataclass(eq=False)
class OfferOver(Refused):
    """The seat went to the next in the line."""


@dataclass(eq=False)
class AlreadyThere(Refused):
    """This person has a place of their own at that event."""
