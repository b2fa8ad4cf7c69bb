"""ลบข้อมูลของฉัน: what goes and what stays, the one question, and the last words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import clock, thai_dates
from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.line.cutting import shorten
from bot.messages import Card, Text
from bot.privacy import erasing, tombstones
from bot.privacy.erasing import Consequences
from bot.storage import people
from handlers import dialogue
from handlers.desk import Desk
from handlers.dialogue import Step
from knowledge.entries import SMALL_TALK

SURE_STEP = "my_data:sure"
PRIVACY = "general.privacy"
"""The topic that one comes from: words like those are about this very question."""
GOOD_FOR = timedelta(minutes=15)
MOST_NAMED = 5
LONGEST_TITLE = 60
YES_WORDS = frozenset(
    {
        *("ลบเลย", "ลบได้เลย", "ยืนยันลบ", "ยืนยันการลบ", "ลบข้อมูลเลย", "ใช่ ลบเลย", "delete everything", "yes, delete"),
        *("yes delete", "delete it", "delete now"),
    }
)
"""Nothing that could be said by the way: a mere yes is not enough."""


def ask(turn: Turn, desk: Desk) -> Reply:
    """Asked again, the earlier buttons do nothing any more."""
    memory = dialogue.begin(turn, SURE_STEP, at=turn.now.isoformat())
    turn = replace(turn, memory=memory)
    return Reply((ask_again(turn, desk),), memory)


def ask_again(turn: Turn, desk: Desk) -> Card:
    goes = erasing.what_goes(turn.db, desk.vault, turn.speaker.person_id, now=turn.now)
    return Card(
        title=desk.say(turn, "erase.title"),
        text="\n\n".join(_what_goes(turn, desk, goes)),
        actions=(
            dialogue.button(turn, desk, "button.erase_yes", "erase_yes"),
            dialogue.button(turn, desk, "button.erase_no", "erase_no"),
        ),
        alt=desk.say(turn, "erase.title"),
        leads=False,
    )


def answered(turn: Turn, desk: Desk) -> Reply:
    """Words that are no clear yes: a no is a no, what is about something else is answered, the rest is asked about once
    more."""
    if answers.read_yes_no(turn.incoming.text) is False:
        return kept(turn, desk)
    decision = turn.understanding.decision if turn.understanding else None
    if decision is not None and decision.kind == "answer" and decision.entry not in {*SMALL_TALK, PRIVACY}:
        return dialogue.answer_in_between(turn, desk, STEPS[0])
    text = Text(
        desk.say(turn, "erase.unsure"),
        (
            dialogue.button(turn, desk, "button.erase_yes", "erase_yes"),
            dialogue.button(turn, desk, "button.erase_no", "erase_no"),
        ),
    )
    return Reply((text,), turn.memory)


def kept(turn: Turn, desk: Desk) -> Reply:
    return Reply((Text(desk.say(turn, "erase.kept"), desk.short_buttons(turn)),), turn.memory.without_step())


def says_yes(turn: Turn) -> bool:
    """True for the yes that counts: to the question that is open, within a quarter of an hour."""
    if turn.memory.step != SURE_STEP:
        return False
    if turn.pressed is not None:
        in_time = turn.now - turn.pressed.made_at <= GOOD_FOR
        return turn.pressed.action == "erase_yes" and in_time and _is_of_this(turn)
    if turn.incoming.kind != "text" or not says_so(turn.incoming.text):
        return False
    return turn.now - datetime.fromisoformat(turn.memory.data["at"]) <= GOOD_FOR


def says_so(text: str) -> bool:
    return answers.bare(text) in YES_WORDS


def erased(turn: Turn, desk: Desk) -> Reply:
    """After this there is nobody to remember anything of; nor is anything said but by the free reply."""
    receipt = erasing.erase(
        turn.db, desk.vault, person_id=turn.speaker.person_id, way=erasing.LINE, now=turn.now
    )  # fmt: skip
    return Reply((Text(desk.say(turn, "erase.done", number=str(receipt.number))),), Memory(), worth_a_push=False)


def says_yes_again(turn: Turn, desk: Desk) -> bool:
    """True for a second press of the same button, by somebody of whom nothing was left: by it they came back."""
    if turn.pressed is None or turn.pressed.action != "erase_yes" or turn.incoming.user_id is None:
        return False
    if people.get(turn.db, turn.speaker.person_id).first_seen_at != turn.now:
        return False
    return tombstones.covers(
        turn.db, desk.vault, line_user_id=turn.incoming.user_id, occurred_at=turn.pressed.made_at
    )  # fmt: skip


def erased_before(turn: Turn, desk: Desk) -> Reply:
    """What this very press has brought back goes again."""
    erasing.erase(turn.db, desk.vault, person_id=turn.speaker.person_id, way=erasing.LINE, now=turn.now)
    return Reply((Text(desk.say(turn, "erase.done_before")),), Memory(), worth_a_push=False)


def _is_of_this(turn: Turn) -> bool:
    return turn.pressed is not None and turn.pressed.arguments.get("s") == turn.memory.data.get("mark")


def _what_goes(turn: Turn, desk: Desk, goes: Consequences) -> Iterator[str]:
    yield desk.say(turn, "erase.what")
    if goes.registrations:
        yield "\n".join(_places(turn, desk, goes))
    if goes.cases:
        yield desk.say(turn, "erase.cases", number=f"{goes.cases:,}")
    if goes.hear_back:
        yield desk.say(turn, "erase.hear_back", number=f"{goes.hear_back:,}")
    if goes.notices:
        yield desk.say(turn, "erase.notices")
    if goes.is_staff:
        yield desk.say(turn, "erase.staff")
    yield desk.say(turn, "erase.stays", days=str(desk.backup_days))
    yield desk.say(turn, "erase.chat")


def _places(turn: Turn, desk: Desk, goes: Consequences) -> Iterator[str]:
    yield desk.say(turn, "erase.places")
    for place in goes.registrations[:MOST_NAMED]:
        day = thai_dates.long_date(clock.bangkok_date(place.starts_at), english=turn.language == "en")
        yield desk.say(turn, "erase.place", title=shorten(place.title, units=LONGEST_TITLE), date=day)
    if len(goes.registrations) > MOST_NAMED:
        yield desk.say(turn, "erase.more_places", number=str(len(goes.registrations) - MOST_NAMED))
    if any(place.kind != "self" for place in goes.registrations):
        yield desk.say(turn, "erase.places_of_others")


def _holds_nothing(_turn: Turn) -> Mapping[str, str]:
    return {}


STEPS = (Step(SURE_STEP, take=answered, ask_again=ask_again, hold=_holds_nothing),)
