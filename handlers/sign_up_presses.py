"""The buttons of a form that is being filled in, and what is waited for once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events.asking import Field, Kind, Value
from bot.events.refusals import Refused
from bot.messages import Card, Text
from bot.storage import events
from bot.storage.events import EventRow
from handlers import (
    fallback,
    sign_up_choices,
    sign_up_consent,
    sign_up_end,
    sign_up_refusals,
    sign_up_steps,
    sign_up_whom,
)
from handlers.desk import Desk
from handlers.sign_up_consent import CONSENT_STEP
from handlers.sign_up_form import Filling, Sheet, choice_key, find_filling, lay_out, pressed_in_time
from handlers.sign_up_steps import CONFIRM_STEP, EARLIER_STEP, go_on, on_sheet

Handler = Callable[[Turn, Desk], Reply]
WHOM_STEP = "sign_up:whom"


def in_this_form(handle: Callable[[Turn, Desk, Filling], Reply]) -> Handler:
    """Buttons of a form that is over, or of another one, change nothing."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        filling = pressed_in_time(turn, find_filling(turn.memory))
        return handle(turn, desk, filling) if filling is not None else stale(turn, desk)

    return answer


def given(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """A button with an answer, of this question or of an earlier one."""

    def take(sheet: Sheet) -> Reply:
        field = sheet.find(argument(turn, "f"))
        if field is None:
            return go_on(turn, desk, sheet.filling)
        if field.kind is Kind.PARTY:
            return sign_up_steps.take(turn, desk, _with_names(sheet), field, argument(turn, "v"))
        found, value = _value(field, argument(turn, "v"))
        if not found:
            return sign_up_steps.ask(turn, desk, sheet, field)
        return sign_up_steps.settle(turn, desk, sheet, field, value)

    return on_sheet(turn, desk, filling, take)


def _value(field: Field, pressed: str) -> tuple[bool, Value]:
    """Whether the button still stands for something, and for what."""
    if pressed == sign_up_choices.SKIP:
        return not field.required, None
    match field.kind:
        case Kind.MINOR | Kind.GUARDIAN | Kind.YES_NO:
            return True, pressed == sign_up_choices.YES
        case Kind.CHOICE:
            found = next((choice for choice in field.choices if choice_key(choice) == pressed), None)
            return found is not None, found
        case Kind.DISTRICT:
            return True, pressed
    return False, None


def _with_names(sheet: Sheet) -> Sheet:
    """The names that were too few are just right for the smaller party."""
    names = list(sheet.filling.names)
    if not names:
        return sheet
    return replace(sheet, filling=replace(sheet.filling, given={**sheet.filling.given, Kind.COMPANIONS: names}))


def edit(turn: Turn, desk: Desk, filling: Filling, *, page: int = 0) -> Reply:
    def ask(sheet: Sheet) -> Reply:
        field = sheet.find(argument(turn, "f"))
        return sign_up_steps.ask(turn, desk, sheet, field, page=page) if field else go_on(turn, desk, sheet.filling)

    return on_sheet(turn, desk, filling, ask)


def leaf_on(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    number = argument(turn, "p")
    return edit(turn, desk, filling, page=int(number) if number.isdigit() else 0)


def list_edits(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    def draw(sheet: Sheet) -> Reply:
        return Reply((sign_up_steps.draw_edits(turn, desk, sheet),), turn.memory)

    return on_sheet(turn, desk, filling, draw)


def held(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """What was taken for a question in between is the answer."""
    text = turn.memory.data.get("held", "")
    if not text:
        return again(turn, desk)
    words = replace(turn, incoming=replace(turn.incoming, text=text))
    return sign_up_steps.answered(words, desk, filling)


def confirmed(turn: Turn, desk: Desk) -> Reply:
    """`ยืนยัน`. Tapped twice, or long ago: the place that came of it."""
    filling = pressed_in_time(turn, find_filling(turn.memory))
    if filling is not None:
        return sign_up_end.confirm(turn, desk, filling)
    event = event_of(turn)
    row = sign_up_end.find_latest(turn, event.id) if event is not None else None
    if event is None or row is None:
        return stale(turn, desk)
    return sign_up_end.stands(turn, desk, event, row)


def stale(turn: Turn, desk: Desk) -> Reply:
    if find_filling(turn.memory) is None:
        return fallback.stale_button(turn, desk)
    return Reply((Text(desk.say(turn, "signup.stale")), ask_again(turn, desk)), turn.memory)


def again(turn: Turn, desk: Desk) -> Reply:
    return Reply((ask_again(turn, desk),), turn.memory)


def ask_again(turn: Turn, desk: Desk) -> Text | Card:
    """What is waited for, once more, whatever came in between."""
    filling = find_filling(turn.memory)
    if filling is None:
        return said(turn, desk, "signup.no_event")
    try:
        sheet = lay_out(turn, filling)
    except Refused as refused:
        return Text(sign_up_refusals.sentence(turn, desk, refused), sign_up_refusals.ways_on(turn, desk))
    return _drawn(turn, desk, sheet)


def _drawn(turn: Turn, desk: Desk, sheet: Sheet) -> Text | Card:
    step = turn.memory.step
    if step == WHOM_STEP:
        return sign_up_whom.draw(turn, desk, sheet.event)
    if step == CONSENT_STEP:
        return sign_up_consent.draw(turn, desk, sheet)
    if step == EARLIER_STEP:
        return sign_up_steps.draw_earlier(turn, desk, sheet)
    if step == CONFIRM_STEP and sheet.missing is None:
        return sign_up_steps.draw_summary(turn, desk, sheet)
    return sign_up_steps.draw_question(turn, desk, sheet, held=bool(turn.memory.data.get("held")))


def event_of(turn: Turn) -> EventRow | None:
    number = argument(turn, "i")
    return events.find(turn.db, int(number)) if number.isascii() and number.isdigit() else None


def argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


def said(turn: Turn, desk: Desk, key: str) -> Text:
    return Text(desk.say(turn, key), sign_up_refusals.ways_on(turn, desk))
