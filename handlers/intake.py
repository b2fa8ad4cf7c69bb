"""A proposal for a forum, and a community's story for the citizen media: begun, looked at once more, and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cases import hearing, opening, thread
from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.messages import Text
from bot.storage.cases import CaseRow
from handlers import (
    case_opening,
    case_thread,
    dialogue,
    fallback,
    intake_card,
    intake_consent,
    intake_form,
    intake_steps,
)
from handlers.desk import Desk
from handlers.dialogue import Step
from handlers.intake_form import PROPOSAL, STORY
from handlers.intake_questions import CHECK_STEP, PICTURES_STEP, PLACE_STEP, WORDS_STEP

DIALOGUE = "intake:"
SEND_WORDS = frozenset({"ส่งเลย", "ส่ง", "ส่งได้เลย", "send", "send it"})
FIX_WORDS = frozenset({"แก้ไข", "แก้", "ขอแก้", "change", "change it"})

Handler = Callable[[Turn, Desk], Reply]


def propose(turn: Turn, desk: Desk) -> Reply:
    return _begin(turn, desk, PROPOSAL)


def tell_story(turn: Turn, desk: Desk) -> Reply:
    return _begin(turn, desk, STORY)


def is_shown_a_place(turn: Turn) -> bool:
    return turn.memory.step == PLACE_STEP and turn.incoming.place is not None


def is_sent_a_picture(turn: Turn) -> bool:
    return turn.memory.step == PICTURES_STEP and turn.incoming.kind == "image"


def check_typed(turn: Turn, desk: Desk) -> Reply:
    """A plain yes in words is one, too; anything else is shown the card again."""
    text = turn.incoming.text
    turn = intake_steps.in_its_language(turn)
    said = answers.bare(text)
    if said in FIX_WORDS:
        return fix(turn, desk)
    if said in SEND_WORDS or answers.is_plain_yes(text, beside=("ส่ง",)):
        shown = turn.memory.data.get("shown", "")
        return _send(turn, desk, shown=shown, way=intake_consent.TEXT)
    return Reply((Text(desk.say(turn, "intake.checking")), intake_card.draw(turn, desk)), turn.memory)


def sent(turn: Turn, desk: Desk) -> Reply:
    shown = turn.pressed.arguments.get("w", "") if turn.pressed else ""
    return _send(turn, desk, shown=shown, way=intake_consent.BUTTON)


def fix(turn: Turn, desk: Desk) -> Reply:
    choices = (*intake_card.fields_to_fix(turn, desk), dialogue.cancel_button(turn, desk))
    return Reply((Text(desk.say(turn, "intake.fix"), choices),), turn.memory)


def edit(turn: Turn, desk: Desk) -> Reply:
    """Asks for this one again, and then shows it all again."""
    field = turn.pressed.arguments.get("f", "") if turn.pressed else ""
    return intake_steps.go_on(intake_form.without(turn, field), desk)


def _begin(turn: Turn, desk: Desk, kind: str) -> Reply:
    """What was left lying is gone on with."""
    about = intake_form.about(kind)
    memory = dialogue.begin(turn, WORDS_STEP, kind=kind, about=about, language=turn.language)
    kept = memory.unfinished
    if kept is None or kept.about != about or "words" not in kept.data:
        return intake_steps.go_on(replace(turn, memory=memory), desk)
    data = {**kept.data, "mark": memory.data["mark"], "language": turn.language}
    turn = replace(turn, memory=replace(memory, data=data, unfinished=None))
    return intake_steps.go_on(turn, desk, Text(desk.say(turn, "intake.found")))


def _send(turn: Turn, desk: Desk, *, shown: str, way: str) -> Reply:
    """Stores it, with what was agreed to; to other words than today's nobody has agreed yet."""
    kind = intake_form.kind_of(turn)
    if intake_form.missing(turn) is not None or not intake_consent.is_of_today(turn, kind, shown):
        return intake_steps.go_on(turn, desk)
    case = _open(turn, desk, kind)
    _hear(turn, desk, case)
    intake_consent.give(turn, kind, shown=shown, way=way)
    data = turn.memory.data
    if data.get("publish_shown"):
        intake_consent.give(turn, intake_consent.PUBLISHING, shown=data["publish_shown"], way=data["publish_way"])
    text = case_opening.told(turn, desk, case, desk.say(turn, "leave.kept", number=str(case.id)))
    memory = replace(case_thread.going_on(turn.memory, case), unfinished=None)
    return Reply((Text(text, desk.short_buttons(turn)),), memory)


def _open(turn: Turn, desk: Desk, kind: str) -> CaseRow:
    """The masked words of the first message stand in the list; the rest is sealed."""
    first = intake_form.words_of(turn)[0]
    number = opening.open_case(
        turn.db, intake_form.KINDS[kind], now=turn.now, person_id=turn.speaker.person_id, incoming_id=turn.incoming_id,
        message_id=first.message_id, detail=first.masked, topic=turn.memory.subject,
        form=thread.seal_form(desk.vault, intake_form.form_of(turn)), rules=desk.case_rules,
    )  # fmt: skip
    return case_opening.get(turn, number)


def _hear(turn: Turn, desk: Desk, case: CaseRow) -> None:
    """Every message under its own id, so that each can be taken back; pictures are fetched now."""
    written = replace(turn.incoming, kind="text", reply_token=None, place=None)
    messages = [(replace(written, message_id=part.message_id), part.text) for part in intake_form.words_of(turn)]
    pictures = intake_form.pictures_of(turn)
    messages += [(replace(written, kind="image", message_id=message_id), "") for message_id in pictures]
    for incoming, text in messages:
        hearing.hear(turn.db, desk.vault, case, incoming, text=text, now=turn.now, rules=desk.case_rules, answered=True)


def _in_dialogue(handler: Handler) -> Handler:
    """The buttons of a form that is over do nothing."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        if not (turn.memory.step or "").startswith(DIALOGUE):
            return fallback.stale_button(turn, desk)
        return handler(intake_steps.in_its_language(turn), desk)

    return answer


STEPS = (*intake_steps.STEPS, Step(CHECK_STEP, take=check_typed, ask_again=intake_card.draw, hold=lambda turn: {}))  # noqa: ARG005 - holds nothing
BUTTONS: Mapping[str, Handler] = {
    "intake_skip": _in_dialogue(intake_steps.contact_skipped),
    "intake_done": _in_dialogue(intake_steps.pictures_done),
    "intake_may": _in_dialogue(intake_steps.may_contact_chosen),
    "intake_publish": _in_dialogue(intake_steps.publishing_chosen),
    "intake_held": _in_dialogue(intake_steps.held_used),
    "intake_yes": _in_dialogue(sent),
    "intake_fix": _in_dialogue(fix),
    "intake_edit": _in_dialogue(edit),
}
