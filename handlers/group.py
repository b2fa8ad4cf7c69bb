"""In groups and rooms: brief, only when called by name, and nothing personal, because everybody reads it."""

from __future__ import annotations

from collections.abc import Callable

from bot.cases import groups
from bot.conversation.turn import GroupTurn, Understanding
from bot.messages import Message, Text
from bot.outreach import questions
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK

URGENT = "general.crisis"


def answer(desk: Desk, turn: GroupTurn) -> tuple[Message, ...]:
    """What is said in the group; nothing where the bot was not meant."""
    match turn.incoming.kind:
        case "join":
            return (Text(desk.say(turn, "group.hello")),)
        case "member_joined":
            return (Text(desk.say(turn, "group.welcome")),) if turn.newcomers else ()
        case "text" if turn.understanding is not None:
            return (Text(_answer_text(desk, turn, turn.understanding)),)
        case "text" | "postback":
            return ()
    return (Text(desk.say(turn, "group.only_words")),) if turn.incoming.mentions_us else ()


def refuse_code(
    desk: Desk, turn: GroupTurn, *, find_code: Callable[[str], str | None], key: str
) -> tuple[Message, ...]:  # fmt: skip
    """What is said to a code that everybody there has read by now; nothing where there is none."""
    urgent = turn.understanding is not None and turn.understanding.decision.urgent
    if urgent or turn.incoming.kind != "text" or find_code(turn.incoming.text) is None:
        return ()
    return (Text(desk.say(turn, key)),)


def _answer_text(desk: Desk, turn: GroupTurn, understanding: Understanding) -> str:
    if not turn.incoming.text:
        return desk.say(turn, "group.called")
    question_id = _log(desk, turn, understanding)
    decision = understanding.decision
    entry = turn.catalogue.entries.get(decision.entry or "")
    if decision.urgent and URGENT in turn.catalogue.entries:
        groups.open_or_add(
            turn.db, desk.vault, incoming_id=turn.incoming_id, message_id=turn.incoming.message_id,
            question_id=question_id, topic=decision.entry, masked=understanding.masked, now=turn.now,
            rules=desk.case_rules,
        )  # fmt: skip
        return desk.answer(turn, turn.catalogue.entries[URGENT])
    if decision.kind == "answer" and entry is not None:
        first = desk.answer(turn, entry).split("\n\n")[0]
        return first if entry.id in SMALL_TALK else f"{first}\n\n{desk.say(turn, 'group.more')}"
    return desk.say(turn, f"fallback.{decision.refusal}" if decision.refusal else "group.unsure")


def _log(desk: Desk, turn: GroupTurn, understanding: Understanding) -> int:
    """Without an asker: in a group nobody has been told what we keep."""
    return questions.log_question(
        turn.db, desk.vault, incoming_id=turn.incoming_id, person_id=None, message_id=turn.incoming.message_id,
        masked=understanding.masked, words=understanding.words, decision=understanding.decision,
        knowledge_version=turn.knowledge_version, milliseconds=understanding.milliseconds, now=turn.now,
    )  # fmt: skip
