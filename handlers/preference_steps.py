"""What is typed in the settings: in which district somebody lives, which may also be pressed or shown on the map, and
how they want to be addressed. Nothing is changed where they leave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers, names
from bot.messages import Action, Text
from bot.outreach import audience, preferences
from bot.outreach.audience import CalledFault, CalledRefused
from bot.outreach.preferences import NotAgreed, Wishes
from bot.storage import hear_back
from handlers import dialogue, preference_card
from handlers.desk import Desk
from handlers.dialogue import Step
from handlers.preference_card import Whole
from handlers.typed import plain_words
from knowledge.entries import SMALL_TALK

DISTRICT_STEP, CALLED_STEP = "preferences:district", "preferences:called"
OWN_STEPS = (DISTRICT_STEP, CALLED_STEP)
NOT_CALLED_WORDS = frozenset({"ไม่ต้อง", "ไม่ต้องเรียก", "ไม่ต้องเรียกชื่อ", "ลบ", "ลบออก", "no name", "none"})
NO_WORDS = frozenset(
    {
        *("ยกเลิก", "ข้าม", "ขอข้าม", "เปลี่ยนใจ", "อะไรก็ได้", "บ่", "บ่เอา", "บ่ต้อง", "พอแล้ว", "ย้อนกลับ"),
        *("no", "no thanks", "no thank you", "no, thank you", "never mind", "cancel", "skip", "anything"),
    }
)
"""And whatever begins with ไม่: nobody is called that."""
_SAYS = re.compile(
    r"^(?:(?:ช่วย|ให้|อยากให้)?(?:บอต|บอท)?เรียก(?:ฉัน|ผม|หนู|เรา|ดิฉัน)?ว่า|(?:please )?call me)\s*(?=\S)", re.IGNORECASE
)
NOWHERE_WORDS = frozenset({"ไม่ระบุ", "ทุกอำเภอ", "ไม่บอก", "no district", "not given", "any district"})


def ask_district(turn: Turn, desk: Desk) -> Reply:
    """While another dialogue waits, a district can be pressed, not typed: what is typed is for that one."""
    if turn.memory.step is not None:
        return Reply((preference_card.draw_districts(turn, desk),), turn.memory)
    memory = replace(dialogue.begin(turn, DISTRICT_STEP), said=None)
    turn = replace(turn, memory=memory)
    return Reply((preference_card.draw_districts(turn, desk, choices=_choices(turn, desk)),), memory)


def district_typed(turn: Turn, desk: Desk) -> Reply:
    if plain_words(turn.incoming.text) in NOWHERE_WORDS:
        return keep_district(turn, desk, None)
    found = turn.catalogue.places.named_in(turn.incoming.text.strip())
    if len(found) == 1:
        (district,) = found
        return keep_district(turn, desk, district)
    if not found and turn.understanding is not None and turn.understanding.decision.kind == "answer":
        return dialogue.answer_in_between(turn, desk, DISTRICT)
    return _ask_once_more(turn, desk, "preferences.district_several" if found else "preferences.district_unread")


def is_shown_a_place(turn: Turn) -> bool:
    return turn.memory.step == DISTRICT_STEP and turn.incoming.place is not None


def district_shown(turn: Turn, desk: Desk) -> Reply:
    """The district alone is kept, not the place."""
    place = turn.incoming.place
    address = ", ".join(filter(None, (place.address, place.title))) if place else ""
    found = turn.catalogue.places.recognise(
        address, place.latitude if place else None, place.longitude if place else None
    )
    if found.district is None:
        return _ask_once_more(turn, desk, "preferences.district_unseen")
    return keep_district(turn, desk, found.district)


def keep_district(turn: Turn, desk: Desk, district: str | None) -> Reply:
    outcome = preferences.set_district(turn.db, person_id=turn.speaker.person_id, district=district)
    return changed(replace(turn, memory=turn.memory.without_step()), desk, outcome, "preferences.changed")


def changed(turn: Turn, desk: Desk, outcome: Wishes | NotAgreed, key: str) -> Reply:
    """The card as it is now. Whoever has not said yes sees that nothing is sent to them."""
    if isinstance(outcome, NotAgreed):
        return Reply((preference_card.draw(turn, desk, Wishes()),), turn.memory)
    return Reply((preference_card.draw(turn, desk, outcome, said=desk.say(turn, key)),), turn.memory)


def keeping(leave: Callable[[Turn, Desk], Reply]) -> Callable[[Turn, Desk], Reply]:
    """Leaving these dialogues changes nothing, and says so: nobody shall think that they are sent no more notices."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        if turn.memory.step == CALLED_STEP:
            return show_whole(replace(turn, memory=turn.memory.without_step()), desk, "preferences.kept")
        if turn.memory.step != DISTRICT_STEP:
            return leave(turn, desk)
        wishes = preferences.state_of(turn.db, turn.speaker.person_id)
        card = preference_card.draw(turn, desk, wishes, said=desk.say(turn, "preferences.kept"))
        return Reply((card,), turn.memory.without_step())

    return answer


def show_whole(turn: Turn, desk: Desk, key: str = "") -> Reply:
    """Everything that can be set, as it is now; `key` of what has just happened."""
    person_id = turn.speaker.person_id
    whole = Whole(
        preferences.state_of(turn.db, person_id), awaited=hear_back.count_open(turn.db, person_id=person_id),
        called=audience.called_of(turn.db, desk.vault, person_id),
        restricted=audience.is_restricted(turn.db, person_id),
    )  # fmt: skip
    said = desk.say(turn, key, name=whole.called) if key else ""
    return Reply((preference_card.draw_whole(turn, desk, whole, said=said),), turn.memory)


def ask_called(turn: Turn, desk: Desk) -> Reply:
    """While another dialogue waits, what is typed is for that one."""
    if turn.memory.step is not None:
        return Reply((Text(desk.say(turn, "preferences.called_later")),), turn.memory)
    memory = replace(dialogue.begin(turn, CALLED_STEP), said=None)
    turn = replace(turn, memory=memory)
    return Reply((Text(desk.say(turn, "preferences.ask_called"), _called_choices(turn, desk)),), memory)


def called_typed(turn: Turn, desk: Desk) -> Reply:
    said, ended = plain_words(turn.incoming.text), replace(turn, memory=turn.memory.without_step())
    if said in NOT_CALLED_WORDS:
        audience.forget_called(turn.db, person_id=turn.speaker.person_id)
        return show_whole(ended, desk, "preferences.called_gone")
    if said in NO_WORDS or said.startswith("ไม่"):
        return show_whole(ended, desk, "preferences.kept")
    if _means_something_else(turn):
        return dialogue.answer_in_between(turn, desk, CALLED)
    words = _called_in(turn.incoming.text)
    try:
        audience.set_called(
            turn.db, desk.vault, person_id=turn.speaker.person_id, words=words, message_id=turn.incoming.message_id
        )
    except CalledRefused as refused:
        long = refused.fault is CalledFault.TOO_LONG
        key = "preferences.called_long" if long else "preferences.called_signs"
        said = desk.say(turn, key, most=str(audience.LONGEST_CALLED))
        return Reply((Text(said, _called_choices(turn, desk)),), turn.memory)
    return show_whole(ended, desk, "preferences.called_now")


def _means_something_else(turn: Turn) -> bool:
    """What the bot can answer is a question, however it is put; `call me …` is none."""
    decision = turn.understanding.decision if turn.understanding else None
    if decision is None or decision.kind != "answer" or decision.entry in SMALL_TALK:
        return False
    return not _SAYS.match(names.tidy(turn.incoming.text).strip(" .!\"'“”"))


def _called_in(text: str) -> str:
    """ป้าคำ, of `เรียกว่าป้าคำค่ะ`."""
    words = names.tidy(text).strip(" .!\"'“”")
    polite = answers.bare(words)
    if words.lower().startswith(polite):
        words = words[: len(polite)]
    return _SAYS.sub("", words)


def _ask_called_again(turn: Turn, desk: Desk) -> Text:
    return Text(desk.say(turn, "preferences.called_waiting"), _called_choices(turn, desk))


def _called_choices(turn: Turn, desk: Desk) -> tuple[Action, ...]:
    known = audience.called_of(turn.db, desk.vault, turn.speaker.person_id)
    forget = (desk.button(turn, "button.prefer_called_no", "prefer_called_no"),) if known else ()
    return (*forget, dialogue.cancel_button(turn, desk))


def _ask_again(turn: Turn, desk: Desk) -> Text:
    return Text(desk.say(turn, "preferences.district_waiting"), _choices(turn, desk))


def _ask_once_more(turn: Turn, desk: Desk, key: str) -> Reply:
    province = turn.catalogue.pack.province
    words = desk.say(turn, key, province=province.get(turn.language) or province["th"])
    return Reply((Text(words, _choices(turn, desk)),), turn.memory)


def _choices(turn: Turn, desk: Desk) -> tuple[Action, ...]:
    return preference_card.district_choices(turn, desk, dialogue.cancel_button(turn, desk))


DISTRICT = Step(DISTRICT_STEP, take=district_typed, ask_again=_ask_again, hold=lambda turn: {})  # noqa: ARG005 - holds nothing
CALLED = Step(CALLED_STEP, take=called_typed, ask_again=_ask_called_again, hold=lambda turn: {})  # noqa: ARG005
STEPS = (DISTRICT, CALLED)
