"""What staff do with a registration: admit or refuse, change the party, cancel, move, answer an offer, give out a code
for a new LINE account, write a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import records, registrants_words
from bot.console.access import Pages, row_id, visitor
from bot.console.event_forms import CONTROL
from bot.console.premises import Premises
from bot.console.registrants_one import get_event, get_registrant, show_one
from bot.events import answers, booking, moving, refusals, registration
from bot.events import registrants as listing
from bot.events.refusals import Refused
from bot.events.registrants import Note
from bot.events.registration import Outcome
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, OFFERED, PENDING, WAITING, RegistrationRow

MANAGE = Permission.MANAGE_EVENTS
MOST_AT_ONCE = listing.A_PAGE


class Invalid(Exception):
    """A field of the form, and what is wrong with it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/<int:event_id>/registrants/<int:registration_id>/do", needs=MANAGE, methods=("POST",))
    def act(event_id: int, registration_id: int) -> ResponseReturnValue:
        return _act(premises, event_id, registration_id)

    @pages.page("/events/<int:event_id>/registrants/<int:registration_id>/claim", needs=MANAGE, methods=("POST",))
    def claim(event_id: int, registration_id: int) -> ResponseReturnValue:
        return _claim(premises, event_id, registration_id)

    @pages.page("/events/<int:event_id>/registrants/admit", needs=MANAGE, methods=("POST",))
    def admit_several(event_id: int) -> ResponseReturnValue:
        return _admit_several(premises, event_id)


def _act(premises: Premises, event_id: int, registration_id: int) -> ResponseReturnValue:
    do = request.form.get("do", "")
    if do not in ACTS:
        abort(400)
    here = url_for("registrants.show", event_id=event_id, registration_id=registration_id)
    try:
        with premises.database.transaction() as db:
            event = get_event(db, event_id)
            row = get_registrant(db, premises, event_id, registration_id).row
            said, leads_to = ACTS[do](db, premises, event, row)
    except Invalid as invalid:
        typed = {name: request.form.get(name, "") for name in ("note", "why", "people", "to")}
        return show_one(
            premises, event_id, registration_id, faults={invalid.field: invalid.why}, typed=typed, status=422
        )
    except Refused as refused:
        flash(registrants_words.refused(refused), "warning")
        return redirect(here)
    flash(said.strip(), "success")
    return redirect(leads_to or here)


Done = tuple[str, str]
"""What is said about it, and the page to go on to; empty: the registration's own."""
Act = Callable[[Session, Premises, EventRow, RegistrationRow], Done]


def _admit(db: Session, premises: Premises, _event: EventRow, row: RegistrationRow) -> Done:
    done = registration.admit(db, registration_id=row.id, now=premises.now())
    _note_down(db, premises, "admitted", row.id, after={"state": done.registration.state})
    return f"รับแล้วค่ะ {_standing(done)}", ""


def _refuse(db: Session, premises: Premises, event: EventRow, row: RegistrationRow) -> Done:
    why = _text("why", required=False)
    registration.refuse(db, registration_id=row.id, now=premises.now())
    if why:
        _keep(db, premises, row, f"ไม่รับ: {why}")
    _note_down(db, premises, "refused", row.id)
    return f"ไม่รับรายนี้แล้วค่ะ {_told(row, event, premises.now())}", ""


def _cancel(db: Session, premises: Premises, event: EventRow, row: RegistrationRow) -> Done:
    why, now = _text("why"), premises.now()
    done = registration.cancel(db, registration_id=row.id, by="staff", now=now)
    if not done.new:
        raise refusals.NotInThatState(done.registration.state)
    _keep(db, premises, row, f"ยกเลิก: {why}")
    if event.starts_at > now:
        booking.tell(db, done.registration, booking.STAFF_CANCELLED, now=now)
    _note_down(db, premises, "cancelled", row.id, after={"why": why})
    return f"ยกเลิกให้แล้วค่ะ {_told(row, event, now)}", ""


def _change_party(db: Session, premises: Premises, _event: EventRow, row: RegistrationRow) -> Done:
    people = answers.read_number(request.form.get("people", ""))
    if people is None:
        raise Invalid("people", registrants_words.NOT_A_NUMBER)
    before = row.party_size
    done = registration.change_party(db, registration_id=row.id, party_size=people, now=premises.now())
    if done.new:
        _note_down(db, premises, "party_changed", row.id, before={"party": before}, after={"party": people})
    return f"ตอนนี้มา {people} คนค่ะ {_standing(done)}", ""


def _take_offer(db: Session, premises: Premises, _event: EventRow, row: RegistrationRow) -> Done:
    done = registration.accept_offer(db, registration_id=row.id, now=premises.now())
    if done.new:
        _note_down(db, premises, "offer_taken", row.id)
    return f"ตอบรับให้แล้วค่ะ {_standing(done)}", ""


def _decline_offer(db: Session, premises: Premises, _event: EventRow, row: RegistrationRow) -> Done:
    waits = request.form.get("waits") == "yes"
    done = registration.decline_offer(db, registration_id=row.id, keeps_waiting=waits, now=premises.now())
    _note_down(db, premises, "offer_declined", row.id, after={"waits": waits})
    return f"สละที่ว่างให้คนถัดไปแล้วค่ะ {_standing(done)}", ""


def _move(db: Session, premises: Premises, event: EventRow, row: RegistrationRow) -> Done:
    to = request.form.get("to", type=row_id)
    if not to:
        raise Invalid("to", registrants_words.NO_EVENT)
    now, notes = premises.now(), listing.read_notes(premises.vault, row)
    done = moving.move(db, premises.vault, registration_id=row.id, to_event_id=to, now=now)
    moved = done.registration
    if done.new:
        note = Note(now, visitor().account.name, f"ย้ายมาจากงาน “{event.title}”")
        listing.write_notes(db, premises.vault, moved, [*notes, note])
    _note_down(db, premises, "moved", row.id, before={"event": event.id}, after={"event": to})
    said = "ย้ายแล้วค่ะ" if done.new else "รายนี้มีที่ในงานนั้นอยู่แล้วค่ะ จึงยกเลิกที่เดิมให้"
    leads_to = url_for("registrants.show", event_id=to, registration_id=moved.id)
    return f"{said} {_standing(done)}", leads_to


def _write(db: Session, premises: Premises, _event: EventRow, row: RegistrationRow) -> Done:
    _keep(db, premises, row, _text("note"))
    _note_down(db, premises, "noted", row.id)
    return registrants_words.NOTE_SAVED, ""


ACTS: Mapping[str, Act] = {
    "admit": _admit,
    "refuse": _refuse,
    "cancel": _cancel,
    "party": _change_party,
    "take": _take_offer,
    "decline": _decline_offer,
    "move": _move,
    "note": _write,
}


def _claim(premises: Premises, event_id: int, registration_id: int) -> ResponseReturnValue:
    """Shown once: only its hash is kept."""
    try:
        with premises.database.transaction() as db:
            event = get_event(db, event_id)
            one = get_registrant(db, premises, event_id, registration_id)
            code = moving.make_claim(db, registration_id=registration_id, now=premises.now())
            _note_down(db, premises, "claim_made", registration_id)
    except Refused as refused:
        flash(registrants_words.refused(refused), "warning")
        return redirect(url_for("registrants.show", event_id=event_id, registration_id=registration_id))
    until = premises.now() + moving.CLAIM_LASTS
    return render_template("console/registrant_claim.html", event=event, one=one, code=code, until=until)


def _admit_several(premises: Premises, event_id: int) -> ResponseReturnValue:
    """In the order in which they had asked, however they were ticked; who is settled already is passed over."""
    chosen = {number for number in request.form.getlist("who", type=row_id)[:MOST_AT_ONCE] if number}
    back = redirect(url_for("registrants.index", event_id=event_id, show="pending"))
    if not chosen:
        flash(registrants_words.NOBODY_CHOSEN, "warning")
        return back
    with premises.database.transaction() as db:
        get_event(db, event_id)
        events.lock(db, event_id)  # nobody else decides about them from here on
        admitted = [
            registration.admit(db, registration_id=one.row.id, now=premises.now()).registration
            for one in listing.list_all(db, premises.vault, event_id, states=(PENDING,))
            if one.row.id in chosen
        ]
        seated = [row for row in admitted if row.state == CONFIRMED]
        if admitted:
            after = {"registrations": [row.id for row in admitted], "confirmed": len(seated)}
            records.record(db, premises, "event.admitted_several", ("event", event_id), after=after)
    waiting = len(admitted) - len(seated)
    said = f"รับแล้ว {len(admitted)} รายค่ะ" if admitted else "ไม่มีรายที่รอรับแล้วค่ะ"
    flash(f"{said} ได้ที่นั่ง {len(seated)} ราย อยู่ในคิว {waiting} ราย" if waiting else said, "success")
    return back


def _text(field: str, *, required: bool = True) -> str:
    text = CONTROL.sub("", request.form.get(field, "").replace("\r\n", "\n")).strip()
    if required and not text:
        raise Invalid(field, registrants_words.NO_REASON if field == "why" else registrants_words.NO_NOTE)
    if len(text) > listing.LONGEST_NOTE:
        raise Invalid(field, registrants_words.TOO_LONG)
    return text


def _keep(db: Session, premises: Premises, row: RegistrationRow, text: str) -> None:
    by = visitor().account.name
    listing.add_note(db, premises.vault, registration_id=row.id, text=text, by=by, now=premises.now())


def _note_down(
    db: Session, premises: Premises, what: str, registration_id: int, *, before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    records.record(db, premises, f"registration.{what}", ("registration", registration_id), before=before, after=after)


def _standing(done: Outcome) -> str:
    """Nothing for one that has ended."""
    row = done.registration
    if row.state == WAITING:
        return f"อยู่{registrants_words.place_of(row, done.place)}"
    return {CONFIRMED: "ได้ที่นั่งแล้ว", OFFERED: "มีที่ว่างให้ รอเขาตอบ", PENDING: "รอเจ้าหน้าที่รับ"}.get(row.state, "")


def _told(row: RegistrationRow, event: EventRow, now: datetime) -> str:
    if event.starts_at <= now:
        return ""
    return "กำลังแจ้งทาง LINE" if row.person_id is not None else "ต้องโทรบอกเอง ดูที่หน้า “ต้องโทรบอก”"
