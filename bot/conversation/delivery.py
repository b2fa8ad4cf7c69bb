"""How an answer travels: by the free reply token while it lives, else by one push with a key stored beforehand.

Each function takes one step and says what the delivery is now. Nothing is ever sent twice by itself: when LINE may have
taken a reply and nobody can find out, the delivery ends as `unknown`, for a person to look at.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import DeliveryFailed, Failure, Messenger, Receipt, Rendered
from bot.storage.outgoing import Delivery

TOKEN_LIFE = timedelta(seconds=50)
"""LINE gives a minute. Ten seconds are left for the call itself."""
STALE_AFTER = timedelta(minutes=10)
"""An answer this late helps nobody: it goes to staff instead of to the person."""
TOO_LATE = "too late to be of use"
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A delivery as stored: what to send, to whom, and what earlier tries left in doubt."""

    messages: Rendered
    recipient: str | None
    reply_token: str | None
    token_from: datetime
    token_doubtful: bool
    retry_key: str
    push_doubtful: bool
    tries: int
    push_allowed: bool
    good_until: datetime | None = None
    """What concerns people's own registration is of use for longer than an answer. None: see STALE_AFTER."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step. `status` TRYING means: again at `again_at`, with these doubts, and without the reply token
    when it is `token_dead`."""

    status: Delivery
    receipt: Receipt | None = None
    pushed: bool = False
    token_doubtful: bool = False
    token_dead: bool = False
    push_doubtful: bool = False
    again_at: datetime | None = None
    error: str | None = None


def will_reply(attempt: Attempt, now: datetime) -> bool:
    """True while the reply token is there and young enough to be used."""
    return attempt.reply_token is not None and now - attempt.token_from < TOKEN_LIFE


def take_step(messenger: Messenger, attempt: Attempt, *, now: datetime) -> Step:
    """One request to LINE at the most. Call it outside any transaction, after the try has been noted in one."""
    if will_reply(attempt, now):
        return _reply(messenger, attempt, now)
    if attempt.token_doubtful:
        return Step(Delivery.UNKNOWN, error="nobody knows whether LINE took the reply")
    if now > (attempt.good_until or attempt.token_from + STALE_AFTER):
        status = Delivery.UNKNOWN if attempt.push_doubtful else Delivery.UNDELIVERABLE
        return Step(status, error=TOO_LATE)
    if attempt.recipient is None:
        return Step(Delivery.UNDELIVERABLE, error="no one to send to")
    if not attempt.push_allowed:
        return Step(Delivery.UNDELIVERABLE, error="the daily number of billed answers is used up")
    return _push(messenger, attempt, now)


def _reply(messenger: Messenger, attempt: Attempt, now: datetime) -> Step:
    try:
        receipt = messenger.reply(attempt.reply_token or "", attempt.messages)
    except DeliveryFailed as failed:
        match failed.failure:
            case Failure.TOKEN_SPENT if attempt.token_doubtful:
                return Step(Delivery.SENT, Receipt(request_id=None, duplicate=True))  # our own earlier try got through
            case Failure.TOKEN_SPENT:
                return Step(Delivery.TRYING, token_dead=True, again_at=now, error=str(failed))
            case Failure.REFUSED:
                return Step(Delivery.UNDELIVERABLE, error=str(failed))
            case _:
                doubtful = attempt.token_doubtful or failed.failure is Failure.AMBIGUOUS
                return Step(
                    Delivery.TRYING, token_doubtful=doubtful, push_doubtful=attempt.push_doubtful,
                    again_at=now + wait_after(attempt.tries, failed.retry_after), error=str(failed),
                )  # fmt: skip
    return Step(Delivery.SENT, receipt)


def _push(messenger: Messenger, attempt: Attempt, now: datetime) -> Step:
    try:
        receipt = messenger.push(attempt.recipient or "", attempt.messages, retry_key=attempt.retry_key)
    except DeliveryFailed as failed:
        match failed.failure:
            case Failure.REFUSED | Failure.QUOTA_SPENT | Failure.TOKEN_SPENT:
                return Step(Delivery.UNDELIVERABLE, error=str(failed))
            case _:
                doubtful = attempt.push_doubtful or failed.failure is Failure.AMBIGUOUS
                return Step(
                    Delivery.TRYING, token_dead=True, push_doubtful=doubtful,
                    again_at=now + wait_after(attempt.tries, failed.retry_after), error=str(failed),
                )  # fmt: skip
    return Step(Delivery.SENT, receipt, pushed=True)


def wait_after(tries: int, retry_after: float | None) -> timedelta:
    """Exponential with jitter, from half a second to one minute; longer when LINE asks for it."""
    most = min(FIRST_WAIT_SECONDS * 2.0**tries, LONGEST_WAIT_SECONDS)
    return timedelta(seconds=max(random.uniform(most / 2, most), retry_after or 0.0))  # noqa: S311 - spreading load
