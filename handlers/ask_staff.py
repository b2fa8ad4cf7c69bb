"""Handing over to a person: a case with a number, until when an answer is promised, and how to reach the centre
meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cases import opening
from bot.cases.kinds import PROMISED, CaseKind
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers import case_opening, case_promise, case_thread, crisis, dialogue, fallback
from handlers.desk import Desk
from handlers.dialogue import Step

LEAVE_STEP = "leave:word"
SENT = frozenset({"image", "video", "audio", "file", "media", "location"})
SAME_AGAIN = PROMISED | {CaseKind.PRIVACY}
WORDS = frozenset(
    {
        *("คุยกับเจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่", "อยากคุยกับเจ้าหน้าที่", "ติดต่อเจ้าหน้าที่", "เรียกเจ้าหน้าที่", "คุยกับคน"),
        *("ขอคุยกับคน", "talk to staff", "talk to a person"),
    }
)


def talk_to_staff(turn: Turn, desk: Desk) -> Reply:
    """From the menu: with a question at hand it is handed over, without one the person is asked what to say."""
    if turn.memory.question_id is None:
        return ask_for_word(turn, desk)
    return hand_over(turn, desk)


def hand_over(turn: Turn, desk: Desk, kind: CaseKind = CaseKind.WANTS_PERSON) -> Reply:
    """Opens a case for the question at hand, or names the one that is open already; the question goes into that."""
    pressed = turn.pressed.arguments if turn.pressed else {}
    asked = read_number(pressed.get("q"))
    question_id = asked if asked is not None else turn.memory.question_id
    topic = pressed.get("e") or turn.memory.subject
    case, new = case_opening.open_for_question(turn, desk, kind, question_id, topic=topic)
    number = str(case.id)
    if kind is CaseKind.PRIVACY:
        sentence = desk.say(turn, "privacy.told", number=number)
    elif new:
        sentence = desk.say(turn, "staff.told", number=number)
    elif kind is CaseKind.URGENT:
        case_opening.add_cry(turn, desk, case, question_id, desk.title(turn, turn.catalogue.entries[crisis.TOPIC]))
        sentence = desk.say(turn, "case.more_kept", number=number)
    elif case_opening.add_question(turn, desk, case, question_id):
        sentence = desk.say(turn, "case.added", number=number)
    else:
        sentence = desk.say(turn, "staff.told_before", number=number)
    choices = (case_opening.more_button(turn, desk, case), desk.button(turn, "button.menu", "menu"))
    told = case_opening.told(turn, desk, case, sentence)
    return Reply((Text(told, choices),), case_thread.going_on(turn.memory, case))


def ask_for_word(turn: Turn, desk: Desk) -> Reply:
    """Waits for one message that is passed on to staff: in the case that is open, or in one of its own."""
    case = case_thread.find_open(turn)
    return ask_for_more(turn, desk, case) if case is not None else _wait(turn, desk, [desk.say(turn, "leave.person")])


def ask_for_more(turn: Turn, desk: Desk, case: CaseRow) -> Reply:
    key = "case.more" if case.state != cases.CLOSED else "case.more_closed"
    return _wait(turn, desk, [desk.say(turn, key, number=str(case.id)), *case_promise.of_case(turn, desk, case)], case)


def ask_what_is_missing(turn: Turn, desk: Desk, case: CaseRow) -> Reply:
    """It has just been opened again."""
    reopened = desk.say(turn, "case.reopened", number=str(case.id))
    return _wait(
        turn, desk, [reopened, *case_promise.of_case(turn, desk, case), desk.say(turn, "case.reopened_ask")], case
    )


def ask_again(turn: Turn, desk: Desk) -> Text:
    """After an answer in between: what was waited for, and a way to pass on what may have been just that."""
    choices = [dialogue.cancel_button(turn, desk)]
    if turn.memory.data.get("held"):
        choices.insert(0, dialogue.button(turn, desk, "button.send_held", "send_held"))
        return Text(desk.say(turn, "leave.held"), tuple(choices))
    return Text(desk.say(turn, "leave.waiting"), tuple(choices))


def hold(turn: Turn) -> Mapping[str, str]:
    """What a text in the middle of the dialogue leaves behind, should it have been what was waited for."""
    masked = turn.understanding.masked if turn.understanding else ""
    return {"held": turn.incoming.text, "held_masked": masked, "held_id": turn.incoming.message_id or ""}


def is_sent_something(turn: Turn) -> bool:
    """What was waited for, though not in words."""
    return turn.memory.step == LEAVE_STEP and turn.incoming.kind in SENT


def something_sent(turn: Turn, desk: Desk) -> Reply:
    return _keep(turn, desk, "", "", None)


def word_left(turn: Turn, desk: Desk) -> Reply:
    """The message that was waited for."""
    masked = turn.understanding.masked if turn.understanding else ""
    return _keep(turn, desk, turn.incoming.text, masked, turn.incoming.message_id)


def held_word_left(turn: Turn, desk: Desk) -> Reply:
    """The message that was taken for a question in between is what was waited for."""
    data = turn.memory.data
    if turn.memory.step != LEAVE_STEP or not data.get("held"):
        return fallback.stale_button(turn, desk)
    return _keep(turn, desk, data["held"], data.get("held_masked", ""), data.get("held_id") or None)


def _wait(turn: Turn, desk: Desk, lines: list[str], case: CaseRow | None = None) -> Reply:
    memory = dialogue.begin(turn, LEAVE_STEP, case=str(case.id) if case is not None else "")
    cancel = desk.button(turn, "button.cancel", "leave", s=memory.data["mark"])
    return Reply((Text("\n".join(lines), (cancel,)),), memory)


def _keep(turn: Turn, desk: Desk, words: str, masked: str, message_id: str | None) -> Reply:
    """Unmasked, since staff have to answer it."""
    number = read_number(turn.memory.data.get("case"))
    case = cases.find(turn.db, number) if number is not None else None
    if case is not None and case_thread.hear(turn, desk, case, words, message_id=message_id):
        sentence = desk.say(turn, "case.more_kept", number=str(case.id))
    else:
        case = _open(turn, desk, _kind_after(case), masked, message_id)
        case_thread.hear(turn, desk, case, words, message_id=message_id)
        sentence = desk.say(turn, "leave.kept", number=str(case.id))
    text = case_opening.told(turn, desk, case, sentence)
    return Reply((Text(text, desk.short_buttons(turn)),), case_thread.going_on(turn.memory, case))


def _kind_after(closed: CaseRow | None) -> CaseKind:
    """More of a request about data is for the same eyes. A danger of long ago alerts nobody: one of today speaks for
    itself."""
    return CaseKind(closed.kind) if closed is not None and closed.kind in SAME_AGAIN else CaseKind.WANTS_PERSON


def _open(turn: Turn, desk: Desk, kind: CaseKind, masked: str, message_id: str | None) -> CaseRow:
    number = opening.open_case(
        turn.db, kind, now=turn.now, person_id=turn.speaker.person_id, incoming_id=turn.incoming_id,
        message_id=message_id, detail=masked, rules=desk.case_rules,
    )  # fmt: skip
    return case_opening.get(turn, number)


STEPS = (Step(LEAVE_STEP, take=word_left, ask_again=ask_again, hold=hold),)
