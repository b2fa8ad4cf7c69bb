"""ข้อมูลของฉัน: what is held about whoever asks, in a few numbers, with a link to all of it for an hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cases.opening import CaseKind
from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.messages import Card, Link
from bot.privacy import held, links
from bot.privacy.held import Counts
from handlers import ask_staff, my_data_steps
from handlers.desk import Desk
from handlers.typed import plain_words

SHOW_WORDS = frozenset(
    {
        *("ข้อมูลของฉัน", "ดูข้อมูลของฉัน", "ขอดูข้อมูลของฉัน", "ข้อมูลของผม", "ข้อมูลของหนู", "ข้อมูลส่วนตัวของฉัน"),
        *("my data", "show my data", "see my data", "my personal data"),
    }
)
ERASE_WORDS = frozenset(
    {
        *("ลบข้อมูลของฉัน", "ขอลบข้อมูลของฉัน", "ลบข้อมูลฉัน", "ลบข้อมูลของผม", "ลบข้อมูลของหนู"),
        *("ลบข้อมูลส่วนตัวของฉัน", "ลบข้อมูลทั้งหมดของฉัน", "delete my data", "erase my data"),
    }
)


def show(turn: Turn, desk: Desk) -> Reply:
    """A new link each time, and an hour later it opens nothing."""
    counts = held.count(turn.db, desk.vault, turn.speaker.person_id, now=turn.now)
    facts = _facts(turn, desk, counts)
    card = Card(
        title=desk.say(turn, "data.title"),
        text=desk.say(turn, "data.text") if facts else desk.say(turn, "data.little"),
        facts=facts,
        actions=(
            Link(desk.say(turn, "button.data_open"), _address(turn, desk)),
            desk.button(turn, "button.data_erase", "erase_ask"),
            desk.button(turn, "button.data_staff", "data_staff"),
        ),
        choices=desk.short_buttons(turn),
    )
    return Reply((card,), turn.memory)


def talk(turn: Turn, desk: Desk) -> Reply:
    """About their data, and not about the question that happened to be at hand."""
    memory = replace(turn.memory, question_id=None, subject=None)
    return ask_staff.hand_over(replace(turn, memory=memory), desk, CaseKind.PRIVACY)


def says(words: frozenset[str]) -> Callable[[Turn], bool]:
    """A text that is one of these words, politely or not, and nothing more."""
    return lambda turn: turn.incoming.kind == "text" and answers.bare(turn.incoming.text) in words


def is_command(text: str) -> bool:
    return plain_words(text) in SHOW_WORDS or answers.bare(text) in ERASE_WORDS


def _facts(turn: Turn, desk: Desk, counts: Counts) -> tuple[tuple[str, str], ...]:
    """What there is none of is not spoken of."""
    known = (
        (counts.questions, "data.fact_questions", "data.questions"),
        (counts.registrations, "data.fact_events", "data.events"),
        (counts.cases, "data.fact_cases", "data.cases"),
        (counts.notices, "data.fact_notices", "data.notices"),
    )
    return tuple(
        (desk.say(turn, label), desk.say(turn, words, number=f"{number:,}")) for number, label, words in known if number
    )


def _address(turn: Turn, desk: Desk) -> str:
    token = links.open_link(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    return f"{desk.base_url}/me/{token}{'?lang=en' if turn.language == 'en' else ''}"


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "my_data": show,
    "data_staff": talk,
    "erase_ask": my_data_steps.ask,
    "erase_yes": my_data_steps.ask,
    "erase_no": my_data_steps.kept,
}
"""A yes that comes too late is asked for again; one that counts has a route of its own."""
