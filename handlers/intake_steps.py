"""The questions of a proposal and of a story, one at a time, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.events.names import tidy
from bot.messages import Message, Text
from bot.thai_phones import Phone, read_phone
from handlers import dialogue, event_filters, intake_consent, intake_form, intake_questions
from handlers.desk import Desk
from handlers.dialogue import Step
from handlers.intake_form import MOST_PICTURES, NAMED, NOT_PUBLISHED, UNNAMED, Words
from handlers.intake_questions import (
    CONTACT_STEP,
    MAY_CONTACT_STEP,
    NAME_STEP,
    PICTURES_STEP,
    PLACE_STEP,
    PUBLISH_STEP,
    WHO_STEP,
    WORDS_STEP,
)
from handlers.publishing_words import read_publishing

LONGEST_NAME = 60
SKIP_WORDS = frozenset(
    {
        *("ข้าม", "ไม่ให้", "ไม่ให้เบอร์", "ไม่มี", "ไม่มีเบอร์", "ไม่สะดวก", "ไม่บอก", "-", "no", "skip", "none"),
        *("no number", "no phone"),
    }
)
DONE_WORDS = frozenset(
    {
        *("ส่งครบแล้ว", "ครบแล้ว", "ครบ", "หมดแล้ว", "ส่งหมดแล้ว", "เสร็จแล้ว", "พอแล้ว", "ไม่มี", "ไม่มีรูป", "ไม่มีแล้ว"),
        *("ข้าม", "แค่นี้", "เท่านี้"),
        *("done", "that is all", "that's all", "no pictures", "no", "skip"),
    }
)

ASK_WORDS = ("ติดต่อ", "ถาม", "เขียน", "ทัก", "เพิ่ม", "มา", "you may")
"""What may be said with a yes to being asked more."""


def go_on(turn: Turn, desk: Desk, *before: Message) -> Reply:
    """What is missing is asked for; with everything there it is shown, for a yes."""
    field = intake_form.missing(turn)
    turn = replace(turn, memory=intake_questions.waiting_for(turn, field))
    question = intake_questions.draw(turn, desk)
    return Reply((*before, question), turn.memory)


def in_its_language(turn: Turn) -> Turn:
    """A name in Latin letters does not make the rest of the dialogue English."""
    speaker = replace(turn.speaker, language=turn.memory.data.get("language", turn.speaker.language))
    return replace(turn, speaker=speaker, incoming=replace(turn.incoming, text=""))


def typed(turn: Turn, desk: Desk) -> Reply:
    masked = turn.understanding.masked if turn.understanding else ""
    given = Words(turn.incoming.text, masked, turn.incoming.message_id)
    return TAKEN[turn.memory.step or WORDS_STEP](in_its_language(turn), desk, given)


def held_used(turn: Turn, desk: Desk) -> Reply:
    """The message that was taken for a question in between was the answer."""
    data = turn.memory.data
    take = TAKEN.get(turn.memory.step or "")
    if take is None or not data.get("held"):
        return go_on(turn, desk)
    return take(turn, desk, Words(data["held"], data.get("held_masked", ""), data.get("held_id") or None))


def place_shown(turn: Turn, desk: Desk) -> Reply:
    place = turn.incoming.place
    if place is None:
        return go_on(turn, desk)
    address = ", ".join(filter(None, (place.address, place.title)))
    found = turn.catalogue.places.recognise(address, place.latitude, place.longitude)
    district = event_filters.district_name(turn, found.district) if found.district is not None else ""
    shown = address or district or f"{place.latitude:.5f}, {place.longitude:.5f}"
    return go_on(intake_form.with_answer(turn, "place", turn.incoming.message_id, place=shown, district=district), desk)


def picture_sent(turn: Turn, desk: Desk) -> Reply:
    """Nothing is fetched before the yes. Of several sent at once only the first is answered."""
    known = intake_form.pictures_of(turn)
    message_id = turn.incoming.message_id or ""
    full = len(known) >= MOST_PICTURES
    if message_id and not full and message_id not in known:
        known = [*known, message_id]
    turn = intake_form.with_values(turn, pictures=",".join(known))
    if turn.incoming.position_in_set > 1 and not full:
        return Reply((), turn.memory)
    key = "intake.pictures_full" if full else "intake.picture_got"
    words = desk.say(turn, key, count=str(len(known)), most=str(MOST_PICTURES))
    return Reply((intake_questions.pictures_card(turn, desk, words),), turn.memory)


def pictures_done(turn: Turn, desk: Desk) -> Reply:
    pictures = turn.memory.data.get("pictures", "")
    return go_on(intake_form.with_values(turn, pictures=pictures, pictures_done="1"), desk)


def contact_skipped(turn: Turn, desk: Desk) -> Reply:
    return go_on(intake_form.with_answer(turn, "contact", None, contact=""), desk)


def may_contact_chosen(turn: Turn, desk: Desk) -> Reply:
    chosen = "1" if _argument(turn, "v") == "1" else "0"
    return go_on(intake_form.with_answer(turn, "may_contact", None, may_contact=chosen), desk)


def publishing_chosen(turn: Turn, desk: Desk) -> Reply:
    """The button carries the hash of the words that were shown; to other words than today's it is no yes."""
    return _publishing(turn, desk, _argument(turn, "v"), shown=_argument(turn, "w"), way=intake_consent.BUTTON)


def _words(turn: Turn, desk: Desk, given: Words) -> Reply:
    return go_on(intake_form.with_words(turn, given), desk)


def _place(turn: Turn, desk: Desk, given: Words) -> Reply:
    """In their own words; where they name one district, staff see that, too."""
    words = tidy(given.text)
    named = turn.catalogue.places.named_in(words)
    district = event_filters.district_name(turn, named[0]) if len(named) == 1 else ""
    return go_on(intake_form.with_answer(turn, "place", given.message_id, place=words, district=district), desk)


def _who(turn: Turn, desk: Desk, given: Words) -> Reply:
    return go_on(intake_form.with_answer(turn, "who", given.message_id, who=tidy(given.text)), desk)


def _more_words(turn: Turn, desk: Desk, given: Words) -> Reply:
    """While pictures are waited for, the story may go on."""
    if answers.bare(given.text) in DONE_WORDS:
        return pictures_done(turn, desk)
    is_full = len(intake_form.words_of(turn)) >= intake_form.MOST_WORDS
    said = desk.say(turn, "intake.story_full", most=str(intake_form.MOST_WORDS)) if is_full else ""
    turn = intake_form.with_words(turn, given)
    said = said or desk.say(turn, "intake.story_longer")
    return Reply((intake_questions.pictures_card(turn, desk, said),), turn.memory)


def _may_contact(turn: Turn, desk: Desk, given: Words) -> Reply:
    agreed = answers.read_plain_yes_no(given.text, means_yes=("they may ask",), beside=ASK_WORDS)
    if agreed is None:
        return go_on(turn, desk)
    chosen = "1" if agreed else "0"
    return go_on(intake_form.with_answer(turn, "may_contact", given.message_id, may_contact=chosen), desk)


def _publish(turn: Turn, desk: Desk, given: Words) -> Reply:
    shown = turn.memory.data.get("publish_shown", "")
    choice = read_publishing(given.text)
    return _publishing(turn, desk, choice, shown=shown, way=intake_consent.TEXT, message_id=given.message_id)


def _contact(turn: Turn, desk: Desk, given: Words) -> Reply:
    words = tidy(given.text)
    if answers.bare(words) in SKIP_WORDS:
        return contact_skipped(turn, desk)
    phone = read_phone(words)
    if isinstance(phone, Phone):
        return go_on(intake_form.with_answer(turn, "contact", given.message_id, contact=phone.national), desk)
    if "@" in words:
        return go_on(intake_form.with_answer(turn, "contact", given.message_id, contact=words), desk)
    choices = (intake_questions.skip_contact(turn, desk), dialogue.cancel_button(turn, desk))
    return Reply((Text(desk.say(turn, "intake.contact_unread"), choices),), turn.memory)


def _publishing(
    turn: Turn, desk: Desk, choice: str, *, shown: str, way: str, message_id: str | None = None
) -> Reply:  # fmt: skip
    if choice == NOT_PUBLISHED:
        return go_on(_with_publishing(turn, message_id, choice, shown="", way=""), desk)
    if choice not in {NAMED, UNNAMED} or not intake_consent.is_of_today(turn, intake_consent.PUBLISHING, shown):
        return go_on(turn, desk)
    return go_on(_with_publishing(turn, message_id, choice, shown=shown, way=way), desk)


def _with_publishing(turn: Turn, message_id: str | None, choice: str, *, shown: str, way: str) -> Turn:
    return intake_form.with_answer(turn, "publish", message_id, publish=choice, publish_shown=shown, publish_way=way)


def _name(turn: Turn, desk: Desk, given: Words) -> Reply:
    words = tidy(given.text)
    if not 0 < len(words) <= LONGEST_NAME:
        text = desk.say(turn, "intake.name_long", most=str(LONGEST_NAME))
        return Reply((Text(text, (dialogue.cancel_button(turn, desk),)),), turn.memory)
    return go_on(intake_form.with_answer(turn, "name", given.message_id, name=words), desk)


def _argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


def hold(turn: Turn) -> Mapping[str, str]:
    masked = turn.understanding.masked if turn.understanding else ""
    return {"held": turn.incoming.text, "held_masked": masked, "held_id": turn.incoming.message_id or ""}


TAKEN: Mapping[str, Callable[[Turn, Desk, Words], Reply]] = {
    WORDS_STEP: _words,
    PLACE_STEP: _place,
    WHO_STEP: _who,
    CONTACT_STEP: _contact,
    PICTURES_STEP: _more_words,
    MAY_CONTACT_STEP: _may_contact,
    PUBLISH_STEP: _publish,
    NAME_STEP: _name,
}
FREELY = (WORDS_STEP, PLACE_STEP, WHO_STEP, CONTACT_STEP, PICTURES_STEP, NAME_STEP)
"""Steps at which what looks like a question may be the answer."""
STEPS = tuple(
    Step(name, take=typed, ask_again=intake_questions.ask_again, hold=hold if name in FREELY else lambda turn: {})  # noqa: ARG005
    for name in TAKEN
)
