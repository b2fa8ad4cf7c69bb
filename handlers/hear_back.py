"""Being told later: the offer after a miss, the one question, and the answer once there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from bot import clock, thai_dates
from bot.conversation.memory import Memory
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.line.cutting import shorten
from bot.messages import Card, Message, Text
from bot.outreach import audience, hear_back
from bot.outreach.hear_back import Agreed, AlreadyTold, NoSuchQuestion, TooMany
from bot.storage.hear_back import News
from handlers import fallback
from handlers.buttons import entry_buttons
from handlers.desk import Desk
from handlers.typed import plain_words

WITHDRAW_WORDS = frozenset(
    {
        *("ไม่ต้องแจ้ง", "ไม่ต้องแจ้งแล้ว", "ไม่ต้องแจ้งกลับ", "ไม่ต้องแจ้งกลับแล้ว", "บ่ต้องแจ้ง", "บ่ต้องแจ้งแล้ว"),
        *("don't tell me", "don’t tell me", "dont tell me"),
    }
)
ALSO_WITHDRAW = frozenset({"ไม่ต้องบอกแล้ว"})
"""To a person who is on the line it is said of something else."""
YES_WORDS = frozenset({"ให้แจ้งกลับ", "แจ้งกลับ", "ให้แจ้งกลับด้วย", "แจ้งกลับด้วย", "yes, tell me", "yes tell me", "tell me"})
NO_WORDS = frozenset({"ไม่", "ไม่ต้อง", "ไม่เป็นไร", "บ่ต้อง", "no", "no, thank you", "no thank you", "no thanks"})
SAID = "hear_ask?"
"""How `said` begins after the one question; which one, the hash of its words, and what was `said` before follow."""
ROOM_BESIDE = 3
"""Besides so many messages there is room for what is new: LINE takes five, and one may be the privacy notice."""
MOST_AT_ONCE = 3
LONGEST_QUOTE = 300

Handler = Callable[[Turn, Desk], Reply]


def offering(handler: Handler) -> Handler:
    """The same, and after a miss the offer to be told later. Nobody is asked in a storm, nor after a refusal: there an
    answer will not come."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        reply = handler(turn, desk)
        refused = turn.understanding is not None and turn.understanding.decision.refusal is not None
        missed = reply.memory.misses > turn.memory.misses and not refused
        question_id = reply.memory.question_id
        if not (missed and reply.messages and reply.worth_a_push) or question_id is None:
            return reply
        if audience.is_restricted(turn.db, turn.speaker.person_id):  # nothing of the question is kept
            return reply
        *before, last = reply.messages
        offer = desk.button(turn, "button.hear_offer", "hear_offer", q=str(question_id))
        return replace(reply, messages=(*before, replace(last, choices=(*last.choices, offer))))

    return answer


def ask(turn: Turn, desk: Desk) -> Reply:
    """The one question. The button for yes carries the hash of the very words that were shown."""
    question_id = _question_id(turn)
    if question_id is None:
        return fallback.stale_button(turn, desk)
    wording = desk.say(turn, "hear.ask", days=str(hear_back.LASTS.days))
    shown = hear_back.hash_of("\n".join((wording, desk.say(turn, "button.hear_yes"), desk.say(turn, "button.hear_no"))))
    choices = (
        desk.button(turn, "button.hear_yes", "hear_yes", q=str(question_id), w=shown),
        desk.button(turn, "button.hear_no", "hear_no", q=str(question_id)),
    )
    memory = turn.memory
    if memory.step is None:
        memory = replace(memory, said=SAID + urlencode({"q": question_id, "w": shown, "was": memory.said or ""}))
    return Reply((Text(wording, choices),), memory)


def is_answered(turn: Turn) -> bool:
    """True for a yes or no that is typed right after the question."""
    asked = (turn.memory.said or "").startswith(SAID) and turn.memory.step is None
    return asked and turn.incoming.kind == "text" and plain_words(turn.incoming.text) in YES_WORDS | NO_WORDS


def answered(turn: Turn, desk: Desk) -> Reply:
    about = _asked_about(turn.memory)
    turn = replace(turn, memory=without_question(turn.memory))
    question_id = read_number(about.get("q"))
    if question_id is None:
        return fallback.stale_button(turn, desk)
    if plain_words(turn.incoming.text) in NO_WORDS:
        return _decline(turn, desk, question_id)
    return _agree(turn, desk, question_id, wording_hash=about.get("w", ""), way=hear_back.TEXT)


def without_question(memory: Memory) -> Memory:
    """What is typed now answers it no more."""
    if not (memory.said or "").startswith(SAID):
        return memory
    return replace(memory, said=_asked_about(memory).get("was") or None)


def _asked_about(memory: Memory) -> dict[str, str]:
    return dict(parse_qsl((memory.said or "").removeprefix(SAID)))


def agreed(turn: Turn, desk: Desk) -> Reply:
    arguments = turn.pressed.arguments if turn.pressed else {}
    question_id = _question_id(turn)
    if question_id is None:
        return fallback.stale_button(turn, desk)
    return _agree(turn, desk, question_id, wording_hash=arguments.get("w", ""), way=hear_back.BUTTON)


def _agree(turn: Turn, desk: Desk, question_id: int, *, wording_hash: str, way: str) -> Reply:
    outcome = hear_back.agree(
        turn.db, desk.vault, person_id=turn.speaker.person_id, question_id=question_id, wording_hash=wording_hash,
        way=way, now=turn.now,
    )  # fmt: skip
    match outcome:
        case Agreed():
            return _say(turn, desk, desk.say(turn, "hear.agreed", date=_date(turn, outcome.deadline)))
        case AlreadyTold():
            return _say(turn, desk, desk.say(turn, "hear.already"))
        case NoSuchQuestion():
            return _say(turn, desk, desk.say(turn, "hear.gone"))
        case TooMany():
            return _say(turn, desk, desk.say(turn, "hear.too_many", most=str(outcome.most)))


def declined(turn: Turn, desk: Desk) -> Reply:
    """Also after a yes: it works at any time, however old the button."""
    question_id = _question_id(turn)
    if question_id is None:
        return fallback.stale_button(turn, desk)
    return _decline(turn, desk, question_id)


def _decline(turn: Turn, desk: Desk, question_id: int) -> Reply:
    hear_back.withdraw(turn.db, person_id=turn.speaker.person_id, question_id=question_id, now=turn.now)
    return _say(turn, desk, desk.say(turn, "hear.declined"))


def withdrawn(turn: Turn, desk: Desk) -> Reply:
    """`ไม่ต้องแจ้ง`, typed: about everything."""
    count = hear_back.withdraw(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    return _say(turn, desk, desk.say(turn, "hear.withdrawn" if count else "hear.nothing"))


def with_news(turn: Turn, desk: Desk, reply: Reply) -> Reply:
    """Puts an answer that the person waits for in front of what they are told anyway, as long as that costs nothing.
    Whoever asks again, and is answered, has been told."""
    free = turn.incoming.reply_token is not None and reply.worth_a_push
    if not free or len(reply.messages) > ROOM_BESIDE:
        return reply
    for news in hear_back.list_news(turn.db, person_id=turn.speaker.person_id, limit=1):
        card = _tell(turn, desk, news)
        just_answered = reply.memory.wrote_at is not None and reply.memory.subject == news.entry
        if card is not None and not just_answered:
            return replace(reply, messages=(card, *reply.messages))
    return reply


def tell(turn: Turn, desk: Desk) -> Reply:
    """What the person waits for, by itself. No button leads here: it is said when they have not written."""
    found = hear_back.list_news(turn.db, person_id=turn.speaker.person_id, limit=MOST_AT_ONCE)
    cards = [card for card in (_tell(turn, desk, news) for news in found) if card is not None]
    if not cards:
        return Reply((), turn.memory)
    *before, last = cards
    return Reply((*before, replace(last, choices=desk.short_buttons(turn))), turn.memory)


def _tell(turn: Turn, desk: Desk, news: News) -> Card | None:
    """None where it may not be told any more."""
    entry = turn.catalogue.entries.get(news.entry)
    if entry is None:
        hear_back.take_answer_back(turn.db, news)
        return None
    if not hear_back.mark_told(turn.db, news, told_in=turn.incoming_id, now=turn.now):
        return None
    opening = desk.say(turn, "hear.told", question=shorten(news.text, units=LONGEST_QUOTE))
    actions = entry_buttons(turn, desk, entry, news.question_id)
    return Card(
        title="", text=f"{opening}\n\n{desk.answer(turn, entry)}", actions=actions, alt=desk.say(turn, "hear.alt")
    )


def _say(turn: Turn, desk: Desk, sentence: str) -> Reply:
    messages: tuple[Message, ...] = (Text(sentence, desk.short_buttons(turn)),)
    return Reply(messages, turn.memory)


def _question_id(turn: Turn) -> int | None:
    return read_number(turn.pressed.arguments.get("q")) if turn.pressed else None


def _date(turn: Turn, moment: datetime) -> str:
    day = clock.bangkok_date(moment)
    return thai_dates.long_date(day) if turn.language == "th" else f"{day.day} {day:%B %Y}"
