"""Signing up for an event: for whom, the yes to the notice, one question at a time, a summary, and the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers, asking, refusals, seats
from bot.events.asking import SELF, Value
from bot.events.refusals import Refused
from bot.storage import events
from bot.storage.events import EventRow
from handlers import (
    menu,
    sign_up_agree,
    sign_up_aside,
    sign_up_end,
    sign_up_presses,
    sign_up_refusals,
    sign_up_steps,
    sign_up_whom,
)
from handlers.desk import Desk
from handlers.dialogue import Step
from handlers.sign_up_consent import CONSENT_STEP
from handlers.sign_up_form import (
    Filling,
    Sheet,
    begin,
    find_filling,
    find_unfinished,
    in_its_language,
    without_unfinished,
)
from handlers.sign_up_presses import WHOM_STEP, argument, event_of, in_this_form, said
from handlers.sign_up_steps import ANSWER_STEP, CONFIRM_STEP, EARLIER_STEP, go_on, on_sheet

Handler = Callable[[Turn, Desk], Reply]


def opened(turn: Turn, desk: Desk) -> Reply:
    """`ลงทะเบียน` under an event: a place that one has already, what was left unfinished, or for whom."""
    event, kind = event_of(turn), argument(turn, "k")
    if event is None or event.state == events.DRAFT:
        return Reply((said(turn, desk, "signup.no_event"),), turn.memory)
    kind = kind if kind in asking.kinds_of(event) else ""
    own = sign_up_end.find_own(turn, desk, event.id) if kind in {"", SELF} else None
    if own is not None:
        return sign_up_end.stands(turn, desk, event, own)
    try:
        _check(turn, event)
    except Refused as refused:
        return sign_up_refusals.end(turn, desk, refused, turn.memory)
    unfinished = find_unfinished(turn.memory, event.id)
    if unfinished is not None and kind in {"", unfinished.kind}:
        return Reply((sign_up_aside.offer_to_go_on(turn, desk, event, unfinished),), turn.memory)
    return _start(turn, desk, event, kind)


def _check(turn: Turn, event: EventRow) -> None:
    """Raises a Refused. Also where nobody could be taken any more: that is said before anything is asked."""
    asking.check_open(event, now=turn.now)
    takes_more = event.has_waiting_list or event.admits_each
    if not takes_more and seats.left_for_newcomers(turn.db, event) == 0:
        raise refusals.EventFull(0)


def _start(turn: Turn, desk: Desk, event: EventRow, kind: str) -> Reply:
    """A form for another event that is under way can be found again."""
    current = find_filling(turn.memory)
    other = current is not None and current.event_id != event.id
    memory = turn.memory.set_aside(now=turn.now) if other else turn.memory.without_step()
    turn = replace(turn, memory=without_unfinished(memory, event.id))
    filling = Filling(event.id, kind, language=turn.language)
    if kind:
        return go_on(turn, desk, filling)
    return Reply((sign_up_whom.draw(turn, desk, event),), begin(turn, WHOM_STEP, filling))


def went_on(turn: Turn, desk: Desk) -> Reply:
    """`ทำต่อจากเมื่อกี้`."""
    event = event_of(turn)
    unfinished = find_unfinished(turn.memory, event.id) if event is not None else None
    if event is None or unfinished is None:
        return opened(turn, desk)
    turn = replace(turn, memory=without_unfinished(turn.memory, event.id))
    return go_on(turn, desk, unfinished)


def begun_anew(turn: Turn, desk: Desk) -> Reply:
    event = event_of(turn)
    if event is None:
        return opened(turn, desk)
    memory = without_unfinished(turn.memory, event.id)
    current = find_filling(memory)
    if current is not None and current.event_id == event.id:
        memory = memory.without_step()
    return opened(replace(turn, memory=memory), desk)


def whom_told(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """Typed, where a button was expected."""
    words = answers.bare(turn.incoming.text)
    if words in menu.LEAVE_WORDS:
        return menu.leave_dialogue(turn, desk)

    def choose(sheet: Sheet) -> Reply:
        kind = sign_up_whom.read(words, sheet.event)
        if kind is None:
            again = sign_up_whom.draw(turn, desk, sheet.event, opening=desk.say(turn, "signup.press"))
            return Reply((again,), turn.memory)
        own = sign_up_end.find_own(turn, desk, sheet.event.id) if kind == SELF else None
        if own is not None:
            return sign_up_end.stands(turn, desk, sheet.event, own)
        return go_on(in_its_language(turn, filling), desk, replace(filling, kind=kind))

    return on_sheet(turn, desk, filling, choose)


def earlier_told(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """Yes, no, or at once what is different now."""
    words = answers.bare(turn.incoming.text)
    answer = answers.read_yes_no(words)
    if answer is None and "เดิม" not in words:
        return sign_up_steps.answered(turn, desk, filling)
    turn = in_its_language(turn, filling)
    return go_on(turn, desk, filling) if answer is False else use_earlier(turn, desk, filling)


def use_earlier(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    def fill_in(sheet: Sheet) -> Reply:
        given: dict[str, Value] = {**sign_up_steps.find_usable(turn, desk, sheet), **filling.given}
        return go_on(turn, desk, replace(filling, given=given))

    return on_sheet(turn, desk, filling, fill_in)


def confirm_told(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """A yes, a no, a correction, or a way back."""
    words = answers.bare(turn.incoming.text)
    answer = answers.read_plain_yes_no(words)
    if answer:
        return sign_up_end.confirm(in_its_language(turn, filling), desk, filling)
    if words in {"แก้", "แก้ไข", "edit"} or (answer is False and len(words.split()) == 1):
        return sign_up_presses.list_edits(in_its_language(turn, filling), desk, filling)
    return sign_up_steps.answered(turn, desk, filling)


def _taken_by(take: Callable[[Turn, Desk, Filling], Reply]) -> Handler:
    def answer(turn: Turn, desk: Desk) -> Reply:
        filling = find_filling(turn.memory)
        if filling is None:  # written by another release: there is nothing to go on with
            return Reply((said(turn, desk, "signup.gone"),), turn.memory.without_step())
        return take(turn, desk, filling)

    return answer


BUTTONS: Mapping[str, Handler] = {
    "sign_up": opened,
    "sign_up_on": went_on,
    "sign_up_anew": begun_anew,
    "sign_up_ok": sign_up_agree.agreed,
    "sign_up_no": sign_up_agree.declined,
    "sign_up_same": in_this_form(use_earlier),
    "sign_up_new": in_this_form(go_on),
    "sign_up_is": in_this_form(sign_up_presses.given),
    "sign_up_page": in_this_form(sign_up_presses.leaf_on),
    "sign_up_keep": in_this_form(go_on),
    "sign_up_back": in_this_form(sign_up_steps.one_back),
    "sign_up_edit": in_this_form(sign_up_presses.edit),
    "sign_up_edits": in_this_form(sign_up_presses.list_edits),
    "sign_up_held": in_this_form(sign_up_presses.held),
    "sign_up_yes": sign_up_presses.confirmed,
}
STEPS = tuple(
    Step(name, take=_taken_by(take), ask_again=sign_up_presses.ask_again, hold=sign_up_aside.hold)
    for name, take in (
        (WHOM_STEP, whom_told),
        (CONSENT_STEP, sign_up_agree.told),
        (EARLIER_STEP, earlier_told),
        (ANSWER_STEP, sign_up_steps.answered),
        (CONFIRM_STEP, confirm_told),
    )
)
