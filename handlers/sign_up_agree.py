"""The answer to the notice: yes, pressed or typed, or no."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import asking
from bot.events.asking import SELF
from bot.messages import Text
from handlers import menu, sign_up_consent, sign_up_end, sign_up_presses, sign_up_refusals
from handlers.desk import Desk
from handlers.sign_up_consent import BUTTON, TEXT
from handlers.sign_up_form import Filling, Sheet, find_filling, in_its_language, without_unfinished
from handlers.sign_up_presses import argument, event_of
from handlers.sign_up_steps import go_on, on_sheet
from handlers.typed import plain_words

AGREES = frozenset(
    {
        *("ยินยอม", "ยินยอมและไปต่อ", "ตกลง", "ยอมรับ", "ตกลงยินยอม"),
        *("i agree", "agree", "yes, i agree", "i agree, go on"),
    }
)
DECLINES = menu.LEAVE_WORDS | {
    *("ไม่", "ไม่ยินยอม", "ไม่ตกลง", "ไม่ยอมรับ", "ไม่เอา", "ไม่ยอม", "บ่", "บ่เอา"),
    *("no", "i do not agree", "i don't agree", "i don’t agree", "disagree"),
}


def agreed(turn: Turn, desk: Desk) -> Reply:
    """The button of the notice. It carries the hash of what was read, and is good as long as the notice says that."""
    event, kind, wording_hash = event_of(turn), argument(turn, "k"), argument(turn, "w")
    if event is None or kind not in asking.kinds_of(event):
        return Reply((sign_up_presses.said(turn, desk, "signup.no_event"),), turn.memory)
    current = find_filling(turn.memory)
    if current is not None and (current.event_id, current.kind) == (event.id, kind):
        if current.consent == wording_hash:
            return sign_up_presses.again(turn, desk)  # tapped twice
        return go_on(turn, desk, replace(current, consent=wording_hash, way=BUTTON))
    own = sign_up_end.find_own(turn, desk, event.id)
    if own is not None and kind == SELF:
        return sign_up_end.stands(turn, desk, event, own)
    aside = turn.memory.set_aside(now=turn.now)
    turn = replace(turn, memory=without_unfinished(aside, event.id))
    return go_on(turn, desk, Filling(event.id, kind, consent=wording_hash, way=BUTTON, language=turn.language))


def told(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """Typed, where a button was expected. Only plain words are a yes, or a no."""
    words = plain_words(turn.incoming.text)
    if words in DECLINES:
        return _decline(turn, desk, filling.event_id)
    turn = in_its_language(turn, filling)
    if words in AGREES:
        return go_on(turn, desk, replace(filling, consent=filling.shown, way=TEXT))

    def ask(sheet: Sheet) -> Reply:
        return sign_up_consent.ask(turn, desk, sheet, opening=desk.say(turn, "signup.press_agree"))

    return on_sheet(turn, desk, filling, ask)


def declined(turn: Turn, desk: Desk) -> Reply:
    """Without a yes nothing is kept, whatever had been given by then. The notice of a form that was sent off meanwhile
    is answered with what came of it."""
    event, current = event_of(turn), find_filling(turn.memory)
    if event is not None and (current is None or current.event_id != event.id):
        placed = sign_up_end.find_own(turn, desk, event.id) or sign_up_end.find_latest(turn, event.id)
        if placed is not None:
            return sign_up_end.stands(turn, desk, event, placed)
    return _decline(turn, desk, event.id if event is not None else 0)


def _decline(turn: Turn, desk: Desk, event_id: int) -> Reply:
    current = find_filling(turn.memory)
    memory = without_unfinished(turn.memory, event_id)
    if current is not None and current.event_id == event_id:
        memory = memory.without_step()
    return Reply((Text(desk.say(turn, "signup.declined"), sign_up_refusals.ways_on(turn, desk)),), memory)
