"""A ticket on a telephone: /t/<ticket>. Whoever knows the address has the ticket, so it is told to nobody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Final

import segno
from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session

from bot import thai_dates
from bot.events import certificates, check_in, forms
from bot.events.name_parts import first_name
from bot.storage import check_ins, events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Unreadable
from bot.web import event_facts
from bot.web.event_facts import Fact
from bot.web.guesses import WINDOW_SECONDS
from bot.web.pages import Grounds, blueprint, find_pack, is_english, render, say, say_no

SHOWN_AFTER: Final = timedelta(days=30)
LARGEST_PICTURE: Final = 1024
"""Of a picture's sides, in pixels, as LINE takes it in a card."""
PICTURE_KEPT: Final = "private, max-age=86400"
QUIET_ZONE: Final = 4
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{16,43}")
GOOD, WAIT, OFF = "good", "wait", "off"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, in words, and whether that is good news."""

    tone: str
    title: str
    more: tuple[str, ...] = ()
    admits: bool = False
    """It is the moment to show it at the door."""


def tickets(grounds: Grounds) -> Blueprint:
    pages = blueprint("tickets", grounds, prefix="/t")

    @pages.get("/<ticket>")
    def show(ticket: str) -> Response:
        with grounds.database.reading() as db:
            event, row = get_ticket(db, grounds, ticket)
            return _page(db, grounds, event, row)

    @pages.get("/<ticket>/qr.png")
    def picture(ticket: str) -> Response:
        with grounds.database.reading() as db:
            _, row = get_ticket(db, grounds, ticket)
        response = Response(draw_code(address_of(grounds, row)), content_type="image/png")
        response.headers["Cache-Control"] = PICTURE_KEPT
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a chat shows it on a page of its own
        return response

    return pages


def get_ticket(
    db: Session, grounds: Grounds, ticket: str, *, expires: bool = True
) -> tuple[EventRow, RegistrationRow]:  # fmt: skip
    """Answers 404 for one that does not exist, looked up in the index like one that does; 410 for one whose event is
    long over; 429 where too many wrong ones came from."""
    if grounds.guesses.are_too_many(request.remote_addr):
        refused = say_no(grounds, "slow.title", "slow.more", status=429)
        refused.headers["Retry-After"] = f"{WINDOW_SECONDS:.0f}"
        abort(refused)
    row = registrations.find_by_ticket(db, ticket if WELL_FORMED.fullmatch(ticket) else "")
    event = events.find(db, row.event_id) if row is not None and not row.forgotten else None
    if row is None or event is None or event.state == events.DRAFT:
        grounds.guesses.note(request.remote_addr)
        abort(say_no(grounds, "not_found.ticket", "not_found.ticket_more", status=404))
    if expires and event.ends_at + SHOWN_AFTER < grounds.now():
        abort(say_no(grounds, "gone.ticket", "gone.ticket_more", status=410))
    return event, row


def address_of(grounds: Grounds, row: RegistrationRow) -> str:
    return f"{grounds.settings.base_url}/t/{row.ticket}"


def draw_code(address: str) -> bytes:
    """A QR code with its quiet zone, as large as the largest picture allows."""
    code = segno.make(address, error="m", micro=False)
    made = BytesIO()
    code.save(made, kind="png", scale=LARGEST_PICTURE // code.symbol_size(border=QUIET_ZONE)[0], border=QUIET_ZONE)
    return made.getvalue()


def _page(db: Session, grounds: Grounds, event: EventRow, row: RegistrationRow) -> Response:
    standing = _standing(db, grounds, event, row)
    earned = certificates.attendance(db, event, row, now=grounds.now())
    alive = row.state in registrations.OPEN and event.state == events.PUBLISHED
    seated = alive and row.state == registrations.CONFIRMED
    return render(
        grounds, "ticket.html", event=event, ticket=row.ticket, standing=standing,
        code=row.code if alive and event.ends_at > grounds.now() else "",
        facts=_facts(db, grounds, event, row), map_link=event_facts.map_link(event),
        online_link=event.online_link if seated and event.online_link.startswith("https://") else "",
        has_calendar=seated and event.ends_at > grounds.now(),
        has_certificate=isinstance(earned, certificates.Attended),
    )  # fmt: skip


def _facts(db: Session, grounds: Grounds, event: EventRow, row: RegistrationRow) -> tuple[Fact, ...]:
    try:
        name = first_name(forms.opened(grounds.vault, row).name)
    except Unreadable:
        name = ""
    return (
        Fact(say("fact.when"), event_facts.when(event)),
        *event_facts.parts(events.list_sessions(db, event.id)),
        Fact(say("fact.where"), event_facts.where(event, find_pack(grounds))),
        *event_facts.optional("fact.name", name),
        Fact(say("fact.party"), event_facts.people(row.party_size)),
        *event_facts.optional("fact.bring", event.bring),
        *event_facts.optional("fact.contact", event.contact),
    )


def _standing(db: Session, grounds: Grounds, event: EventRow, row: RegistrationRow) -> Standing:
    if event.state == events.CALLED_OFF:
        why = (say("state.called_off_why", why=event.called_off_why),) if event.called_off_why else ()
        return Standing(OFF, say("state.called_off"), (say("state.called_off_more"), *why))
    if row.state == registrations.REFUSED:
        return Standing(OFF, say("state.refused"), (say("state.refused_more"),))
    if row.state not in registrations.OPEN:
        return _ended(row, begun=event.starts_at <= grounds.now())
    if event.ends_at <= grounds.now():
        came = any(line.people for line in check_ins.list_of_registrations(db, [row.id]))
        key = "state.over_came" if came else "state.over"
        return Standing(GOOD if came else OFF, say(key), (say(f"{key}_more"),))
    if row.state == registrations.CONFIRMED:
        return _seated(db, grounds, event, row)
    return _waiting(db, grounds, event, row)


def _ended(row: RegistrationRow, *, begun: bool) -> Standing:
    if row.ended_by == "offer":
        return Standing(OFF, say("state.offer_over"), () if begun else (say("state.offer_over_more"),))
    if row.ended_by == "person":
        return Standing(OFF, say("state.cancelled"), () if begun else (say("state.cancelled_person"),))
    return Standing(OFF, say("state.cancelled"), (say("state.cancelled_staff"),))


def _seated(db: Session, grounds: Grounds, event: EventRow, row: RegistrationRow) -> Standing:
    """Of an event of several parts it is the one that is on, or next, that counts."""
    sessions = events.list_sessions(db, event.id)
    now = check_in.part_at(sessions, grounds.now())
    numbers = {part.id: (number, part) for number, part in enumerate(sessions, start=1)}
    for line in check_ins.list_of_registrations(db, [row.id]):
        if line.part == now and line.people:
            facts = {
                "people": event_facts.people(line.people),
                "at": thai_dates.time_of_day(line.at, english=is_english()),
            }
            if now not in numbers:
                return Standing(GOOD, say("state.came"), (say("state.came_more", **facts),), admits=True)
            number, part = numbers[now]
            said = say("state.came_part_more", part=event_facts.part_name(part, number), **facts)
            return Standing(GOOD, say("state.came"), (said,), admits=True)
    more = say("state.confirmed_more", people=event_facts.people(row.party_size))
    return Standing(GOOD, say("state.confirmed"), (more,), admits=True)


def _waiting(db: Session, grounds: Grounds, event: EventRow, row: RegistrationRow) -> Standing:
    if row.state == registrations.PENDING:
        return Standing(WAIT, say("state.pending"), (say("state.pending_more"),))
    if row.state == registrations.WAITING:
        place = registrations.count_ahead(db, row) + 1
        key = "state.waiting_more" if row.person_id is not None else "state.waiting_staff"
        return Standing(WAIT, say("state.waiting"), (say(key, place=f"{place:,}"),))
    deadline = row.offer_until or event.starts_at
    if deadline <= grounds.now():
        return Standing(OFF, say("state.offer_over"), (say("state.offer_over_more"),))
    said = say("state.offered_more", seats=row.seats, until=event_facts.moment(deadline))
    return Standing(WAIT, say("state.offered"), (said,))
