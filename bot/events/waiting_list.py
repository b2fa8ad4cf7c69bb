"""The waiting list: free seats go to the first in line, offered for a while, or given at once close to the event.

Every function here needs the event's row as `bot.storage.events.lock` gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import booking, hours, seats
from bot.events.seats import Share
from bot.storage import consents, events, outgoing, registrations, service_messages
from bot.storage.events import EventRow
from bot.storage.registrations import CANCELLED, CONFIRMED, OFFERED, WAITING, RegistrationRow

AUTOMATIC_WITHIN = timedelta(hours=24)
"""So close to the event nobody is asked first: they are told that they have a seat, and can give it back."""
SHORT_OFFER_MINUTES = 60
"""For fewer seats than were asked for, close to the event: that cannot be decided for anybody."""
FIRST_LOOK = 200
"""Parties at the head of the line: it may be thousands long, and most often nobody behind them gets anything."""
MOST_LINES = 200
"""Events with people waiting that are looked at in one go."""


def fill(db: Session, event: EventRow, *, now: datetime, spoken_to: int | None = None) -> list[RegistrationRow]:
    """Gives, or offers, what is free to those who wait; returns whose state has changed. Offers are made by day only:
    what becomes free at night waits for the morning, and nobody else gets it meanwhile.

    `spoken_to` is the registration whose person is being answered right now, and needs no message besides.
    """
    if event.state != events.PUBLISHED or event.starts_at <= now:
        return []
    free = seats.free_seats(db, event)
    offers = not is_automatic(event, now=now)
    if not free or (offers and not hours.is_day(now)):
        return []
    shares, left = seats.share_out(registrations.list_line(db, event.id, limit=FIRST_LOOK), free)
    if left:  # there may be somebody further behind
        shares, _ = seats.share_out(registrations.list_line(db, event.id), free)
    if _can_wait_for_the_morning(event, now=now):
        shares = [share for share in shares if share.seats == share.row.party_size]
    return _hand_out(db, event, shares, offers=offers, now=now, spoken_to=spoken_to)


def is_automatic(event: EventRow, *, now: datetime) -> bool:
    if event.offer_minutes == 0 or event.starts_at - now <= AUTOMATIC_WITHIN:
        return True
    return hours.answer_by(now, event.offer_minutes) >= event.starts_at


def _can_wait_for_the_morning(event: EventRow, *, now: datetime) -> bool:
    """Of fewer seats than were asked for: nobody is asked that at night, unless the event begins too early for it."""
    return not hours.is_day(now) and hours.answer_by(now, SHORT_OFFER_MINUTES) < event.starts_at


def _answer_by(event: EventRow, *, offers: bool, now: datetime) -> datetime:
    until = hours.answer_by(now, event.offer_minutes if offers else SHORT_OFFER_MINUTES)
    if until >= event.starts_at:
        until = now + timedelta(minutes=SHORT_OFFER_MINUTES)
    return min(until, event.starts_at)


def run_out(db: Session, *, registration_id: int, event_id: int, now: datetime) -> bool:
    """The offer was not taken in time: the seat goes on to the next. Who was offered fewer than they asked for keeps
    their place, and is not asked that again; whom the offer never reached keeps it too, and is asked anew. False: it
    was settled meanwhile."""
    event = events.lock(db, event_id)
    row = registrations.find(db, registration_id)
    if event is None or row is None or row.state != OFFERED or row.offer_until is None or row.offer_until > now:
        return False
    untold = booking.find_untold(db, row, booking.OFFER)
    if untold is not None:
        may_have_read = untold.state == service_messages.QUEUED or _was_answered(db, row, since=untold.due_at)
        booking.drop_offer(db, row, now=now)
        registrations.change(db, row, state=WAITING, seats=0, offer_until=None, turn=row.turn + 1)
        if may_have_read:
            booking.tell(db, row, booking.BACK_IN_LINE, now=now)
    elif row.seats < row.party_size:
        back_into_line(db, row)
    else:
        registrations.change(
            db, row, state=CANCELLED, seats=0, offer_until=None, ended_at=now, ended_by="offer", turn=row.turn + 1
        )
        consents.withdraw_of_registration(db, row.id, now=now)
        booking.drop_for(db, row, event, why="ran out", now=now)
        booking.tell(db, row, booking.OFFER_OVER, now=now)
    fill(db, event, now=now)
    return True


def _was_answered(db: Session, row: RegistrationRow, *, since: datetime) -> bool:
    """Whoever asked for something since the offer was made may have been shown it with the answer."""
    return row.person_id is not None and outgoing.was_answered(db, person_id=row.person_id, since=since)


def keeps_its_place(db: Session, row: RegistrationRow) -> bool:
    """What `run_out` will make of an offer whose time is over: True where the party goes back into the line."""
    return row.seats < row.party_size or booking.find_untold(db, row, booking.OFFER) is not None


def back_into_line(db: Session, row: RegistrationRow) -> None:
    """With the place that it had, and not to be offered fewer again."""
    registrations.change(db, row, state=WAITING, seats=0, offer_until=None, whole_only=True, turn=row.turn + 1)


def confirm(db: Session, event: EventRow, row: RegistrationRow, *, taken: int, now: datetime) -> None:
    """The party has `taken` seats from now on."""
    _seat(row, taken=taken, now=now)
    db.flush()
    booking.book_reminders(db, event, [row], now=now)


def _seat(row: RegistrationRow, *, taken: int, now: datetime) -> None:
    row.state, row.seats, row.party_size = CONFIRMED, taken, taken
    row.offer_until, row.confirmed_at, row.turn = None, now, row.turn + 1


def _hand_out(
    db: Session, event: EventRow, shares: Sequence[Share], *, offers: bool, now: datetime, spoken_to: int | None
) -> list[RegistrationRow]:
    """All of them together: they may be thousands."""
    seated, told = [], []
    for row, taken in ((share.row, share.seats) for share in shares):
        fewer = taken < row.party_size
        if row.person_id is None or not (offers or fewer):
            # Whoever is not on LINE cannot answer an offer: they are telephoned, and may give the seat back.
            _seat(row, taken=taken, now=now)
            seated.append(row)
            kind = booking.PROMOTED
        else:
            row.state, row.seats, row.turn = OFFERED, taken, row.turn + 1
            row.offer_until = _answer_by(event, offers=offers, now=now)
            kind = booking.OFFER
        if row.id != spoken_to:
            told.append((row, kind))
    db.flush()
    booking.book_reminders(db, event, seated, now=now)
    booking.tell_each(db, told, now=now)
    return [share.row for share in shares]
