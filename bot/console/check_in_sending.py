"""The one address to which a door sends: somebody came, was let in, is not here after all. Twice is once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort
from sqlalchemy.orm import Session

from bot.console import check_in_sentences as sentences
from bot.console import records
from bot.console.access import may
from bot.console.check_in_answers import Answer, Tone, answer_done, cards_of
from bot.console.check_in_asked import CORRECT, IN, LET_IN, UNDO, WALK_IN, Asked
from bot.console.premises import Premises
from bot.events import check_in as door
from bot.events import check_in_finding as finding
from bot.events import refusals
from bot.events.check_in import CheckedIn, NoSuchPart
from bot.events.refusals import Refused
from bot.events.registration import Consent
from bot.outreach.permissions import Permission
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import PENDING, REFUSED, RegistrationRow

WORDING_VERSION = 1
ACTIONS = {UNDO: "registration.check_in_undone", CORRECT: "registration.check_in_corrected"}
CAME = "registration.checked_in"


def perform(premises: Premises, event: EventRow, asked: Asked) -> Answer:
    if asked.do == WALK_IN:
        fault = _fault_of_walk_in(asked)
        return fault or _settle(premises, event, asked, None)
    if asked.registration_id is not None:
        return _settle(premises, event, asked, asked.registration_id)
    found = look_for(premises, event, asked)
    return found if isinstance(found, Answer) else _settle(premises, event, asked, found)


def look_for(premises: Premises, event: EventRow, asked: Asked) -> Answer | int:
    """Whose registration was meant, where there is no doubt about it."""
    if not asked.text.strip():
        return Answer("empty", Tone.BAD, sentences.EMPTY)
    with premises.database.reading() as db:
        found = finding.find(db, premises.vault, event_id=event.id, text=asked.text)
        if found.elsewhere is not None:
            other = events.find(db, found.elsewhere.event_id)
            return Answer("elsewhere", Tone.BAD, sentences.elsewhere(other.title if other else ""))
        if not found.matches:
            return Answer("not_found", Tone.BAD, sentences.NOT_FOUND)
        if found.sure:
            return found.matches[0].registration.id
        return _choice(db, premises, event, asked, [match.registration for match in found.matches])


def _choice(db: Session, premises: Premises, event: EventRow, asked: Asked, rows: Sequence[RegistrationRow]) -> Answer:
    cards = cards_of(db, premises.vault, event, rows, part=part_of(db, event, asked))
    return Answer("choose", Tone.NOTICE, sentences.CHOOSE, cards)


def part_of(db: Session, event: EventRow, asked: Asked) -> int:
    return asked.arrival.part or door.part_at(events.list_sessions(db, event.id), asked.arrival.at)


def _settle(premises: Premises, event: EventRow, asked: Asked, registration_id: int | None) -> Answer:
    try:
        with premises.database.transaction() as db:
            if registration_id is not None:
                row = registrations.find(db, registration_id)
                if row is None or row.event_id != event.id:
                    raise refusals.NoSuchRegistration
                _check_rights(row, asked)
            done = _do(db, premises, event, asked, registration_id)
            answer = answer_done(db, premises.vault, event, done, do=asked.do)
            if done.new:
                _record(db, premises, asked, done)
            return answer
    except Refused as refused:
        return _refused(premises, event, asked, registration_id, refused)


def _do(db: Session, premises: Premises, event: EventRow, asked: Asked, registration_id: int | None) -> CheckedIn:
    arrival = asked.arrival
    if registration_id is None:
        consent = Consent(WORDING_VERSION, asked.wording_hash or "", "staff")
        return door.walk_in(
            db, premises.vault, event_id=event.id, name=asked.name, over_capacity=asked.over, consent=consent,
            arrival=arrival,
        )  # fmt: skip
    if asked.do == UNDO:
        return door.undo(db, registration_id=registration_id, key=arrival.key, now=arrival.now, part=arrival.part)
    if asked.do == CORRECT:
        return door.correct(
            db, registration_id=registration_id, people=arrival.people or 0, key=arrival.key, now=arrival.now,
            part=arrival.part,
        )  # fmt: skip
    if asked.do == LET_IN:
        return door.let_in(db, registration_id=registration_id, over_capacity=asked.over, arrival=arrival)
    return door.check_in(
        db, registration_id=registration_id, people=arrival.people, at=arrival.at, way=arrival.way,
        staff_id=arrival.staff_id, key=arrival.key, now=arrival.now, part=arrival.part,
    )  # fmt: skip


def _check_rights(row: RegistrationRow, asked: Asked) -> None:
    if asked.do == LET_IN and not may(Permission.MANAGE_EVENTS) and (asked.over or row.state in (PENDING, REFUSED)):
        abort(403)


def _fault_of_walk_in(asked: Asked) -> Answer | None:
    if asked.over and not may(Permission.MANAGE_EVENTS):
        abort(403)
    if not asked.name:
        return Answer("no_name", Tone.BAD, sentences.NO_NAME)
    if not asked.was_told or asked.wording_hash is None:
        return Answer("no_notice", Tone.BAD, sentences.NO_NOTICE)
    return None


def _record(db: Session, premises: Premises, asked: Asked, done: CheckedIn) -> None:
    after: dict[str, object] = {"part": done.part, "people": done.people}
    if asked.do in (IN, LET_IN, WALK_IN):
        after |= {"way": asked.arrival.way, "let_in": asked.do, "over_capacity": asked.over}
    action = ACTIONS.get(asked.do, CAME)
    records.record(db, premises, action, ("registration", done.registration.id), after=after)


def _refused(
    premises: Premises, event: EventRow, asked: Asked, registration_id: int | None, refused: Refused
) -> Answer:
    said = _said(refused)
    with premises.database.reading() as db:
        row = registrations.find(db, registration_id) if registration_id is not None else None
        if row is None or row.event_id != event.id or isinstance(refused, refusals.CalledOff | NoSuchPart):
            if isinstance(refused, refusals.EventFull) and asked.do == WALK_IN:
                return Answer("full", Tone.BAD, said, again=asked if may(Permission.MANAGE_EVENTS) else None)
            return Answer("refused", Tone.BAD, said)
        cards = cards_of(db, premises.vault, event, [row], part=part_of(db, event, asked))
    return Answer("no_place" if isinstance(refused, refusals.NotInThatState) else "refused", Tone.BAD, said, cards)


def _said(refused: Refused) -> tuple[str, str]:
    match refused:
        case refusals.EventFull():
            return sentences.full(refused.left)
        case refusals.PartyTooLarge():
            return sentences.too_many(refused.most)
        case refusals.NotInThatState():
            return sentences.NO_PLACE if refused.state != "confirmed" else sentences.NOTHING_TO_UNDO
        case refusals.CalledOff():
            return sentences.CALLED_OFF
        case NoSuchPart():
            return sentences.NO_PART
        case _:
            return sentences.GONE
