"""While a person of the centre is on the line: the bot keeps quiet, what staff write is said, and afterwards the bot
takes over again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cases import answering, hearing, inbox, satisfaction
from bot.cases.handling import CLOSED_MESSAGE
from bot.cases.refusals import NoSuchCase
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.incoming import SHARED
from bot.messages import Card, Message, Text
from bot.storage import case_messages, cases
from bot.storage.case_messages import CaseMessageRow
from bot.storage.cases import CaseRow
from handlers import ask_staff, case_promise, fallback
from handlers.desk import Desk
from handlers.typed import plain_words

END_WORDS = frozenset(
    {
        *("คุยกับบอต", "คุยกับบอท", "ขอคุยกับบอต", "ขอคุยกับบอท", "กลับไปคุยกับบอต", "กลับไปคุยกับบอท", "กลับไปหาบอต"),
        *("จบการคุย", "จบการสนทนา", "จบแชต", "จบแชท", "talk to the bot", "back to the bot", "end chat", "end the chat"),
    }
)
HEARD = SHARED | {"text", "media"}
ITS_OWN = "case_line.its_own"
"""What is remembered as `said` while the bot itself waits for an answer, asked for by a button pressed on the line."""
ROOM_BESIDE = 3
"""Besides so many messages there is room for one more, and for the privacy notice: LINE takes five."""


def is_on(turn: Turn) -> bool:
    """True for what is meant for a person of the centre."""
    if turn.incoming.kind not in HEARD or (turn.memory.step is not None and turn.memory.said == ITS_OWN):
        return False
    return hearing.find_live(turn.db, turn.speaker.person_id, now=turn.now) is not None


def heard(turn: Turn, desk: Desk) -> Reply:
    """Kept for staff, with the reply token: nobody else uses it."""
    case = hearing.find_live(turn.db, turn.speaker.person_id, now=turn.now)
    memory = replace(turn.memory.set_aside(now=turn.now), said=None, misses=0, quiet=False)
    if case is not None:
        hearing.hear(
            turn.db, desk.vault, case, turn.incoming, text=turn.incoming.text, now=turn.now, rules=desk.case_rules
        )
    return Reply((), memory)


def says_end(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and is_end(turn.incoming.text)


def is_end(text: str) -> bool:
    return plain_words(text) in END_WORDS


def ended(turn: Turn, desk: Desk) -> Reply:
    """The person wants the bot back, by word or by button. The case stays as it is."""
    person_id = turn.speaker.person_id
    case = hearing.find_live(turn.db, person_id, now=turn.now) or hearing.find_over(turn.db, person_id, now=turn.now)
    memory = replace(turn.memory, misses=0, quiet=False)
    if case is None:
        return Reply((Text(desk.say(turn, "case.line_none"), desk.menu_buttons(turn)),), memory)
    hearing.end_live(turn.db, case.id)
    if case.state == cases.CLOSED:
        return Reply((Text(desk.say(turn, "case.line_none"), desk.menu_buttons(turn)),), memory)
    words = [desk.say(turn, "case.line_ended", number=str(case.id)), *case_promise.of_case(turn, desk, case)]
    return Reply((Text("\n".join(words), desk.menu_buttons(turn)),), memory)


def minding(turn: Turn, desk: Desk, reply: Reply) -> Reply:
    """What the bot says beside the line, or after it: what it asks now is answered to it, and once the line is over
    it says so, once."""
    if turn.incoming.user_id is None:  # nobody wrote: it is said by itself
        return reply
    if reply.memory.step is not None and hearing.find_live(turn.db, turn.speaker.person_id, now=turn.now) is not None:
        return replace(reply, memory=replace(reply.memory, said=ITS_OWN))
    if not reply.messages or len(reply.messages) > ROOM_BESIDE:
        return reply
    case = hearing.find_over(turn.db, turn.speaker.person_id, now=turn.now)
    if case is None:
        return reply
    hearing.end_live(turn.db, case.id)
    return replace(reply, messages=(Text(_line_over(turn, desk, case)), *reply.messages))


def say(turn: Turn, desk: Desk) -> Reply:
    """One message of a case, to its citizen. No button leads here."""
    number = read_number(turn.pressed.arguments.get("m")) if turn.pressed else None
    try:
        row, words = answering.get_message(turn.db, desk.vault, number or 0)
    except NoSuchCase:
        return Reply((), turn.memory)
    case = inbox.find_own(turn.db, case_id=row.case_id, person_id=turn.speaker.person_id)
    if case is None:
        return Reply((), turn.memory)
    messages: tuple[Message, ...] = ()
    if row.author == case_messages.STAFF and words:
        messages = _from_staff(turn, desk, case, row, words)
    elif row.author == case_messages.BOT and row.kind == CLOSED_MESSAGE:
        messages = (_closing(turn, desk, case),) if case.state == cases.CLOSED else ()  # it may be open again by now
    elif row.author == case_messages.BOT:
        messages = (Text(_line_over(turn, desk, case), desk.short_buttons(turn)),)
    return Reply(messages, turn.memory)


def judged(turn: Turn, desk: Desk) -> Reply:
    """Whether it helped. If not, it is open again, and the person may say what is missing."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    person_id = turn.speaker.person_id
    case = inbox.find_own(turn.db, case_id=read_number(arguments.get("c")) or 0, person_id=person_id)
    if case is None:
        return fallback.stale_button(turn, desk)
    helped = arguments.get("v") == "yes"
    kept = satisfaction.say(
        turn.db, case.id, person_id=person_id, satisfied=helped, now=turn.now, rules=desk.case_rules
    )
    if kept and helped:
        return Reply((Text(desk.say(turn, "case.helped"), desk.short_buttons(turn)),), turn.memory)
    if kept:
        return ask_staff.ask_what_is_missing(turn, desk, case)
    if case.state != cases.CLOSED:
        return ask_staff.ask_for_more(turn, desk, case)
    gone = desk.say(turn, "case.too_late", number=str(case.id))
    return Reply((Text(gone, desk.short_buttons(turn)),), turn.memory)


def _from_staff(turn: Turn, desk: Desk, case: CaseRow, row: CaseMessageRow, words: str) -> tuple[Message, ...]:
    """How to go on is said with the first of them; the way back to the bot stands under each."""
    way_back = (desk.button(turn, "button.case_end", "case_end"),)
    header = desk.say(turn, "case.from_staff", number=str(case.id))
    said = Text(f"{header}\n\n{words}", way_back)
    if case.answered_at != row.at:
        return (said,)
    return (replace(said, choices=()), Text(desk.say(turn, "case.line_hint"), way_back))


def _closing(turn: Turn, desk: Desk, case: CaseRow) -> Card:
    number = str(case.id)
    return Card(
        title="",
        text=desk.say(turn, "case.closed", number=number),
        actions=(
            desk.button(turn, "button.case_helped", "case_helped", c=number, v="yes"),
            desk.button(turn, "button.case_not_helped", "case_helped", c=number, v="no"),
        ),
        choices=desk.short_buttons(turn),
        leads=False,
    )


def _line_over(turn: Turn, desk: Desk, case: CaseRow) -> str:
    if case.state == cases.CLOSED:
        return desk.say(turn, "case.line_over_closed")
    return "\n".join((desk.say(turn, "case.line_over", number=str(case.id)), *case_promise.of_case(turn, desk, case)))


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "case_say": say,
    "case_end": ended,
    "case_helped": judged,
}
