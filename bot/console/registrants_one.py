"""One registration: what was given, how it stands, what has happened to it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import check_in_sentences, event_editing, event_words, registrants_words
from bot.console.access import may
from bot.console.premises import Premises
from bot.events import certificates
from bot.events import registrants as listing
from bot.events.certificates import Attended
from bot.events.registrants import Registrant
from bot.outreach.permissions import Permission
from bot.storage import check_ins, consents, events
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.registrations import CANCELLED, OPEN, REFUSED

MOST_EVENTS = 50


def get_event(db: Session, event_id: int) -> EventRow:
    """404 for a draft as well: nobody is registered there."""
    event = events.find(db, event_id)
    if event is None or event.state == events.DRAFT:
        abort(404)
    return event


def get_registrant(db: Session, premises: Premises, event_id: int, registration_id: int) -> Registrant:
    found = listing.find(db, premises.vault, event_id=event_id, registration_id=registration_id)
    if found is None:
        abort(404)
    return found


def count_came(db: Session, found: Sequence[Registrant]) -> dict[int, int]:
    """The most of each party that came to any part of the event; without those of whom nobody came."""
    came: dict[int, int] = {}
    for line in check_ins.list_of_registrations(db, [one.row.id for one in found]):
        if line.people:
            came[line.registration_id] = max(line.people, came.get(line.registration_id, 0))
    return came


def show_one(
    premises: Premises, event_id: int, registration_id: int, *, phone_shown: bool = False,
    faults: dict[str, str] | None = None, typed: dict[str, str] | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """`faults` and `typed` fill a form of this page in again, by the name of its field."""
    now = premises.now()
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        one = get_registrant(db, premises, event_id, registration_id)
        questions = events.list_questions(db, event_id, removed_too=True)
        parts = {part.id: check_in_sentences.part(part) for part in events.list_sessions(db, event_id)}
        agreed = consents.list_of_registration(db, registration_id)
        messages = listing.list_messages(db, registration_id)
        came = check_ins.list_of_registrations(db, [registration_id])
        coming = events.list_coming(db, after=now, limit=MOST_EVENTS)
        earned = certificates.attendance(db, event, one.row, now=now)
    whole = may(Permission.SEE_PEOPLE)
    page = render_template(
        "console/registrant.html", event=event, one=one, row=one.row, words=registrants_words, whole=whole,
        phone=registrants_words.phone(one.form.phone, whole=whole or phone_shown), phone_shown=phone_shown or whole,
        answers=_answers(one, questions), parts=parts, consents=agreed, messages=messages, came=came,
        notes=listing.read_notes(premises.vault, one.row) if whole else [],
        managing=may(Permission.MANAGE_EVENTS), is_open=one.row.state in OPEN,
        others=[other for other in coming if other.id != event_id],
        when=event_words.when(event.starts_at, event.ends_at), when_of=_when_of, over=event.ends_at <= now,
        districts={named.id: named.name.get("th", named.id) for named in event_editing.pack_of(premises).districts},
        ticket=f"{premises.settings.base_url}/t/{one.row.ticket}", certified=isinstance(earned, Attended),
        again=one.row.state in (CANCELLED, REFUSED), faults=faults or {}, typed=typed or {},
        back=url_for("registrants.index", event_id=event_id), longest=listing.LONGEST_NOTE,
    )  # fmt: skip
    return page, status


def _answers(one: Registrant, questions: list[EventQuestionRow]) -> list[tuple[str, str, bool]]:
    """Each of the event's questions with its answer, and whether it is asked no more; those only where answered."""
    given = one.form.answers
    told = [
        (question.label, _answer(given.get(question.id), question.kind), question.removed_at is not None)
        for question in questions
        if question.removed_at is None or question.id in given
    ]
    known = {question.id for question in questions}
    other = [(registrants_words.OF_ANOTHER, text, True) for number, text in given.items() if number not in known]
    return told + other


def _answer(text: str | None, kind: str) -> str:
    return registrants_words.answer(text, kind) if text else registrants_words.NOT_ANSWERED


def _when_of(event: EventRow) -> str:
    return event_words.when(event.starts_at, event.ends_at)
