"""What we can send, whoever carries it: messages, the carrier's port, and how sending fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Protocol

Rendered = list[dict[str, Any]]
"""Messages in the carrier's own wire format, ready to send and to store."""


@dataclass(frozen=True, slots=True)
class Say:
    """A button that types `text` for the person."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button that tells us `data` and shows `shown` as the person's own words."""

    label: str
    data: str
    shown: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    uri: str


@dataclass(frozen=True, slots=True)
class AskLocation:
    """A button that lets the person send where they are. Only as one of `choices`: in a card it is left out."""

    label: str


PickMode = Literal["date", "time", "datetime"]
PictureShape = Literal["wide", "square"]


@dataclass(frozen=True, slots=True)
class PickDate:
    """A button that lets the person pick a day, a time or both; what they picked comes back with `data`, in
    `Incoming.picked`.

    `initial`, `min` and `max` are written as it comes back: 2026-11-28, 09:00 or 2026-11-28T09:00, years of our era, no
    time zone, by the clock on the wall.
    """

    label: str
    data: str
    mode: PickMode = "date"
    initial: str | None = None
    min: str | None = None
    max: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that puts `text` where the person can paste it from."""

    label: str
    text: str


Action = Say | Press | Link | AskLocation | PickDate | Copy


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    choices: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A titled text with buttons under it. `alt` is what a notification shows: the card's own words when empty.

    `picture` is the address of an image that the carrier can fetch, shown on top: `wide` fills a banner and may lose
    its edges, `square` is shown whole, as a QR code has to be. `facts` are rows of a label and its value (วันที่, สถานที่,
    ที่นั่งว่าง), between the text and the buttons.
    """

    title: str
    text: str
    actions: tuple[Action, ...]
    alt: str = ""
    choices: tuple[Action, ...] = ()
    picture: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    picture_shape: PictureShape = "wide"
    leads: bool = True
    """Whether the first button is what most people want, and looks like it."""


@dataclass(frozen=True, slots=True)
class Carousel:
    """Cards side by side, for leafing through: the first twelve at most, fewer where they would be too large together.

    The cards' own `alt` and `choices` are not used here.
    """

    cards: tuple[Card, ...]
    alt: str
    choices: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    title: str
    address: str
    latitude: float
    longitude: float
    choices: tuple[Action, ...] = ()


Message = Text | Card | Carousel | Place


@dataclass(frozen=True, slots=True)
class Receipt:
    """The carrier took the messages. That it took them never proves that a person saw them."""

    request_id: str | None
    duplicate: bool = False
    """True when the carrier says that it had already taken the same request before."""


@dataclass(frozen=True, slots=True)
class QuotaTold:
    """How many people's messages the account may send in this month, replies not counted; None is without a limit."""

    limit: int | None
    used: int


class Failure(StrEnum):
    """Why a request did not, or may not have, gone through. Source: LINE's error table, and its retry guide."""

    AMBIGUOUS = "ambiguous"
    """Nobody knows whether it was taken: a timeout, a cut connection, a 5xx."""
    UNREACHABLE = "unreachable"
    """It was certainly not taken: no connection was made, or a redirect was answered."""
    RATE_LIMITED = "rate_limited"
    QUOTA_SPENT = "quota_spent"
    UNAUTHORISED = "unauthorised"
    TOKEN_SPENT = "token_spent"  # noqa: S105 - the name of a failure, not a secret
    """The reply token was used before, or is too old."""
    REFUSED = "refused"
    """It will never be taken as it is: a bad body, an unknown recipient, a plan without the feature."""


class DeliveryFailed(Exception):
    """The carrier did not confirm. `failure` says what may be done about it."""

    def __init__(
        self, failure: Failure, detail: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{failure.value}: {detail}")
        self.failure = failure
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


class Messenger(Protocol):
    """Carries messages to people. Every method raises DeliveryFailed, and nothing else, when it fails."""

    def reply(self, token: str, messages: Rendered) -> Receipt: ...

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        """Asked again with the same key within a day, it is not sent again. `unit` names what it is counted under."""

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        """The same messages to each of up to 500 people, all or none; otherwise like a push. Who is no friend any more
        is passed over in silence.
        """

    def validate(self, messages: Rendered) -> None:
        """Sends nothing. Fails with REFUSED where the messages would not be taken."""

    def quota(self) -> QuotaTold:
        """What was used is the carrier's own count, which lags a little behind."""

    def list_units(self) -> frozenset[str]:
        """The units that messages of this month were counted under."""

    def unit_statistics(self, unit: str, first_day: date, last_day: date) -> Mapping[str, int | None]:
        """How many people saw and touched what was counted under the unit: `uniqueImpression`, `uniqueClick` and what
        else the carrier counts. None stands where it tells nothing, because there were too few people. Days are the
        carrier's, in Japan's time; at most thirty.
        """

    def display_name(self, user_id: str) -> str | None:
        """What the person is called there, on one line and short. None where they are no friend."""

    def content(self, message_id: str) -> bytes | None:
        """The picture that a person sent in that message. None where it is not there any more. Fails with REFUSED
        where it is larger than a picture may be, with UNREACHABLE while it is not ready yet.
        """

    def follower_pages(self) -> Iterator[tuple[str, ...]]:
        """The ids of all friends, a page at each step. Fails with REFUSED and status 403 where the account may not."""

    def show_loading(self, recipient: str, *, seconds: int) -> None: ...

    def mark_as_read(self, token: str) -> None:
        """Shows the person that their message, and all before it, was read."""

    def bot_user_id(self) -> str: ...

    def reads_by_hand(self) -> bool:
        """Whether the account leaves it to us to mark messages as read."""


@dataclass(slots=True)
class RememberingMessenger:
    """A messenger for tests and trials: remembers what it was asked, answers from its fields, and fails as told."""

    sent: list[tuple[str, str, Rendered]] = field(default_factory=list)
    failures: list[Failure | None] = field(default_factory=list)
    """What the next calls of reply, push and multicast do, first one first; None, or an empty list, means success."""
    takes_in_doubt: bool = False
    """Whether what fails with AMBIGUOUS was taken all the same."""
    multicasts: list[tuple[str, ...]] = field(default_factory=list)
    """The recipients of each multicast in `sent`, in the same order."""
    delivered: list[str] = field(default_factory=list)
    """Whom pushes and multicasts reached, once for each time: a key that was used before reaches nobody."""
    units: list[str] = field(default_factory=list)
    told_quota: QuotaTold = QuotaTold(limit=None, used=0)
    names: dict[str, str] = field(default_factory=dict)
    followers: list[tuple[str, ...]] = field(default_factory=list)
    statistics: dict[str, dict[str, int | None]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    """What people sent, by the id of its message."""
    cannot_tell: DeliveryFailed | None = None
    """What every question meets: quota, units, statistics, names, contents, followers, and whether messages are in
    order."""
    _taken: set[str] = field(default_factory=set)

    def reply(self, token: str, messages: Rendered) -> Receipt:
        self._fail_as_told()
        self.sent.append(("reply", token, messages))
        return Receipt(request_id=None)

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        return self._send("push", (recipient,), messages, retry_key, unit)

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        if not 1 <= len(recipients) <= 500:
            raise DeliveryFailed(Failure.REFUSED, "1 to 500 recipients", status=400)
        return self._send("multicast", tuple(recipients), messages, retry_key, unit)

    def _send(self, way: str, to: tuple[str, ...], messages: Rendered, key: str, unit: str | None) -> Receipt:
        try:
            self._fail_as_told()
        except DeliveryFailed as failed:
            if failed.failure is Failure.AMBIGUOUS and self.takes_in_doubt:
                self._take(to, key, unit)
            raise
        self.sent.append((way, key, messages))
        if way == "multicast":
            self.multicasts.append(to)
        return Receipt(request_id=None, duplicate=not self._take(to, key, unit))

    def _take(self, to: tuple[str, ...], key: str, unit: str | None) -> bool:
        if key in self._taken:
            return False
        self._taken.add(key)
        self.delivered += to
        if unit is not None and unit not in self.units:
            self.units.append(unit)
        return True

    def _fail_as_told(self) -> None:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise DeliveryFailed(failure, "as told")

    def validate(self, messages: Rendered) -> None:  # noqa: ARG002 - the port's
        self._answer()

    def quota(self) -> QuotaTold:
        self._answer()
        return self.told_quota

    def list_units(self) -> frozenset[str]:
        self._answer()
        return frozenset(self.units)

    def unit_statistics(self, unit: str, first_day: date, last_day: date) -> Mapping[str, int | None]:  # noqa: ARG002
        self._answer()
        return self.statistics.get(unit, {"uniqueImpression": None, "uniqueClick": None})

    def display_name(self, user_id: str) -> str | None:
        self._answer()
        return self.names.get(user_id)

    def content(self, message_id: str) -> bytes | None:
        self._answer()
        return self.contents.get(message_id)

    def follower_pages(self) -> Iterator[tuple[str, ...]]:
        self._answer()
        return iter(self.followers)

    def _answer(self) -> None:
        if self.cannot_tell is not None:
            raise self.cannot_tell

    def show_loading(self, recipient: str, *, seconds: int) -> None:
        self.sent.append(("loading", recipient, [{"seconds": seconds}]))

    def mark_as_read(self, token: str) -> None:
        self.sent.append(("read", token, []))

    def bot_user_id(self) -> str:
        return "U" + "0" * 32

    def reads_by_hand(self) -> bool:
        return False


def texts(messages: Sequence[Message]) -> list[str]:
    """The words of each message, for logs of a test and for alternative texts."""
    return [_words(message) for message in messages]


def _words(message: Message) -> str:
    match message:
        case Place():
            return message.title
        case Carousel():
            return message.alt
        case _:
            return message.text
