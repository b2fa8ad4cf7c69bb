"""What all dialogues share: they can be left at every step, and a question in between is answered before they go on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Card, Press, Text
from handlers import faq
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK

_ASKS = re.compile(
    "ไหม|มั้ย|มัย|อะไร|อะหยัง|หยัง|ที่ไหน|ตี้ไหน|ตรงไหน|ไหน|เมื่อไ|เมื่อใด|ยังไง|อย่างไร|จะใด|ทำไม|กี่|เท่าไ|ใคร|ไผ|"
    "หรือเปล่า|รึเปล่า|หรือยัง|บ้าง|พ่อง|[?\uff1f]|"
    r"\b(what|where|when|who|why|how|which|can|could|do|does|is|are)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a dialogue waits for. `take` is given the text that was waited for; `ask_again` words the wait
    after an interruption; `hold` says what the interrupting text leaves in the dialogue's data."""

    name: str
    take: Callable[[Turn, Desk], Reply]
    ask_again: Callable[[Turn, Desk], Text | Card]
    hold: Callable[[Turn], Mapping[str, str]]


def begin(turn: Turn, step: str, **data: str) -> Memory:
    """A dialogue of its own: its buttons carry a mark, so that those of an earlier one are told apart. What another one
    had gathered is set aside."""
    return replace(turn.memory.set_aside(now=turn.now), step=step, data={**data, "mark": secrets.token_hex(3)})


def button(turn: Turn, desk: Desk, key: str, action: str) -> Press:
    """A button of this dialogue, which no other dialogue takes."""
    return desk.button(turn, key, action, s=turn.memory.data["mark"])


def cancel_button(turn: Turn, desk: Desk) -> Press:
    return button(turn, desk, "button.cancel", "leave")


def is_button_of_this(turn: Turn) -> bool:
    """False for a button of a dialogue that has ended."""
    mark = turn.pressed.arguments.get("s") if turn.pressed else None
    return mark is None or (turn.memory.step is not None and mark == turn.memory.data.get("mark"))


def is_interrupted(turn: Turn) -> bool:
    """True for a text that asks something which the bot can answer, while it waits for something else."""
    if turn.memory.step is None or turn.incoming.kind != "text" or turn.understanding is None:
        return False
    decision = turn.understanding.decision
    answers = decision.kind == "answer" and decision.entry not in SMALL_TALK
    return answers and _ASKS.search(turn.incoming.text) is not None


def answer_in_between(turn: Turn, desk: Desk, step: Step) -> Reply:
    """The answer, and then what was waited for once more."""
    return resume(turn, desk, faq.question_asked(turn, desk), step, held=step.hold(turn))


def resume(turn: Turn, desk: Desk, reply: Reply, step: Step, *, held: Mapping[str, str] | None = None) -> Reply:
    """The dialogue goes on after this reply; its question is the last message, so its choices are the ones shown. A
    district that is named next is an answer to that question."""
    said = None if (reply.memory.said or "").startswith("place.") else reply.memory.said
    memory = replace(reply.memory, step=step.name, data={**turn.memory.data, **(held or {})}, said=said)
    question = step.ask_again(replace(turn, memory=memory), desk)
    return replace(reply, messages=(*reply.messages, question), memory=memory)
