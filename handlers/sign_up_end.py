"""The yes to the summary, and what came of it: a ticket, a place in the line, fewer seats, or waiting for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import asking, refusals, registration
from bot.events.asking import SELF, Kind
from bot.events.forms import Form
from bot.events.refusals import Refused
from bot.events.registration import Applicant, Outcome
from bot.messages import Action, Card, Message, Text
from bot.storage import registrations
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, OFFERED, PENDING, WAITING, RegistrationRow
from handlers import notice_ask, sign_up_consent, sign_up_refusals, sign_up_steps
from handlers.desk import Desk
from handlers.sign_up_form import Filling, Sheet, lay_out, without_unfinished
from handlers.ticket_card import ticket_card, until

LOOKS_AT = 50
_ASKED_ANEW: Mapping[type[Refused], Kind] = {
    refusals.EventFull: Kind.PARTY,
    refusals.PartyTooLarge: Kind.PARTY,
    refusals.TooManyByPhone: Kind.PHONE,
    refusals.NeedsGuardian: Kind.GUARDIAN,
    refusals.AdultsOnly: Kind.MINOR,
}
"""What the person may answer otherwise, so that it is possible."""


def confirm(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """Registers. What has become missing since the summary was shown is asked first."""
    try:
        sheet = lay_out(turn, filling)
    except Refused as refused:
        return sign_up_steps.ended(turn, desk, refused, filling)
    agreed = sign_up_consent.is_of_today(turn, sheet.event, filling.kind, filling.consent)
    if sheet.missing is not None or not agreed:
        changed = filling.version not in {0, sheet.event.form_version} or sheet.missing is not None
        opening = desk.say(turn, "signup.changed") if changed else ""
        return sign_up_steps.go_on(turn, desk, sheet.filling, opening=opening)
    return _register(turn, desk, sheet)


def _register(turn: Turn, desk: Desk, sheet: Sheet) -> Reply:
    event, filling = sheet.event, sheet.filling
    try:
        outcome = registration.register(
            turn.db, desk.vault, event_id=event.id, applicant=Applicant(turn.speaker.person_id, filling.kind),
            form=asking.form_of(sheet.fields, filling.given, kind=filling.kind),
            party_size=asking.party_of(filling.given), form_version=filling.version or event.form_version,
            consent=sign_up_consent.of(filling), now=turn.now,
        )  # fmt: skip
    except refusals.FormChanged:
        # Nothing that is asked now is missing, or the form would not have come so far: it is read once more.
        return sign_up_steps.go_on(turn, desk, filling, opening=desk.say(turn, "signup.changed"))
    except Refused as refused:
        return _refused(turn, desk, sheet, refused)
    memory = without_unfinished(turn.memory.without_step(), event.id)
    reply = Reply(shown(turn, desk, event, outcome), memory)
    placed = outcome.new and outcome.registration.state == CONFIRMED
    return notice_ask.after_registration(turn, desk, reply, programme=event.programme) if placed else reply


def _refused(turn: Turn, desk: Desk, sheet: Sheet, refused: Refused) -> Reply:
    kind = _ASKED_ANEW.get(type(refused))
    field = sheet.find(kind) if kind is not None else None
    none_left = isinstance(refused, refusals.EventFull) and refused.left == 0
    if field is None or none_left:
        return sign_up_steps.ended(turn, desk, refused, sheet.filling)
    given = {name: value for name, value in sheet.filling.given.items() if name != field.name}
    sheet = replace(sheet, filling=replace(sheet.filling, given=given))
    return sign_up_steps.ask(turn, desk, sheet, field, opening=sign_up_refusals.sentence(turn, desk, refused))


def shown(turn: Turn, desk: Desk, event: EventRow, outcome: Outcome) -> tuple[Message, ...]:
    """How the registration stands, and what may be done about it."""
    row = outcome.registration
    if row.state == OFFERED:
        return (_offer(turn, desk, event, row),)
    headline = _headline(turn, desk, outcome)
    card = replace(ticket_card(turn, desk, event, row), choices=ways_on(turn, desk, event))
    return (Text(headline), card)


def _headline(turn: Turn, desk: Desk, outcome: Outcome) -> str:
    row = outcome.registration
    if not outcome.new:
        return desk.say(turn, "signup.already" if row.kind == SELF else "signup.already_other")
    if row.state == PENDING:
        return desk.say(turn, "signup.pending")
    if row.state == WAITING:
        place = outcome.place or registrations.count_ahead(turn.db, row) + 1
        return desk.say(turn, "signup.waiting", place=str(place))
    return desk.say(turn, "signup.done")


def _offer(turn: Turn, desk: Desk, event: EventRow, row: RegistrationRow) -> Card:
    """Seats that are kept for a while; fewer than were asked for may be left for the whole number."""
    fewer = row.seats < row.party_size
    about = {"r": str(row.id), "t": str(row.turn)}
    facts = {
        "title": event.title, "seats": str(row.seats), "asked": str(row.party_size),
        "until": until(turn, row.offer_until or event.starts_at),
    }  # fmt: skip
    waits: tuple[Action, ...] = (desk.button(turn, "button.signup_wait", "offer_wait", **about),) if fewer else ()
    return Card(
        title=event.title,
        text=desk.say(turn, "signup.offered_fewer" if fewer else "signup.offered", **facts),
        actions=(
            desk.button(turn, "button.signup_take", "offer_yes", **about),
            *waits,
            desk.button(turn, "button.signup_leave", "offer_no", **about),
        ),
        choices=ways_on(turn, desk, event),
    )


def ways_on(turn: Turn, desk: Desk, event: EventRow) -> tuple[Action, ...]:
    others = [kind for kind in asking.kinds_of(event) if kind != SELF]
    keys = {asking.NEIGHBOUR: "button.signup_for_other", asking.CLASS: "button.signup_for_class"}
    return (
        *(desk.button(turn, keys[kind], "sign_up", i=str(event.id), k=kind) for kind in others),
        desk.button(turn, "button.signup_mine", "mine"),
        *desk.short_buttons(turn),
    )


def find_own(turn: Turn, desk: Desk, event_id: int) -> RegistrationRow | None:
    """This person's own place, or place in the line."""
    owner = registration.owner_of(desk.vault, Applicant(turn.speaker.person_id), Form(name=""))
    row = registrations.find_by_owner(turn.db, event_id=event_id, owner_key=owner)
    mine = row is not None and row.person_id == turn.speaker.person_id  # else of somebody erased, before this person
    return row if row is not None and mine and row.state in registrations.OPEN else None


def find_latest(turn: Turn, event_id: int) -> RegistrationRow | None:
    """The latest that this person registered for the event, whoever it is for."""
    rows = registrations.list_of_person(turn.db, turn.speaker.person_id, limit=LOOKS_AT)
    return next((row for row in rows if row.event_id == event_id), None)


def stands(turn: Turn, desk: Desk, event: EventRow, row: RegistrationRow) -> Reply:
    """Somebody who has a place sees it instead of a form."""
    return Reply(shown(turn, desk, event, Outcome(row, new=False)), turn.memory)
