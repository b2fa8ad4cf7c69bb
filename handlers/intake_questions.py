"""What is asked for a proposal and for a story, and how each question is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Turn
from bot.messages import Action, AskLocation, Card, Text
from handlers import dialogue, intake_card, intake_consent, intake_form
from handlers.desk import Desk
from handlers.intake_form import MOST_PICTURES, NAMED, NOT_PUBLISHED, UNNAMED

WORDS_STEP, PLACE_STEP, WHO_STEP, CONTACT_STEP = "intake:words", "intake:place", "intake:who", "intake:contact"
PICTURES_STEP, MAY_CONTACT_STEP = "intake:pictures", "intake:may_contact"
PUBLISH_STEP, NAME_STEP, CHECK_STEP = "intake:publish", "intake:name", "intake:check"

Draw = Callable[[Turn, Desk], Card | Text]


def draw(turn: Turn, desk: Desk) -> Card | Text:
    """The question of the step that waits."""
    return DRAWN[turn.memory.step or WORDS_STEP](turn, desk)


def waiting_for(turn: Turn, field: str | None) -> Memory:
    memory = turn.memory
    match field:
        case "words":
            memory = replace(memory, step=WORDS_STEP)
        case "place":
            memory = replace(memory, step=PLACE_STEP)
        case "who":
            memory = replace(memory, step=WHO_STEP)
        case "contact":
            memory = replace(memory, step=CONTACT_STEP)
        case "pictures":
            memory = replace(memory, step=PICTURES_STEP)
        case "may_contact":
            memory = replace(memory, step=MAY_CONTACT_STEP)
        case "publish":
            shown = intake_consent.hash_of(turn, intake_consent.PUBLISHING)
            memory = replace(memory, step=PUBLISH_STEP, data={**memory.data, "publish_shown": shown})
        case "name":
            memory = replace(memory, step=NAME_STEP)
        case _:
            shown = intake_consent.hash_of(turn, intake_form.kind_of(turn))
            memory = replace(memory, step=CHECK_STEP, data={**memory.data, "shown": shown})
    return memory


def ask_again(turn: Turn, desk: Desk) -> Text | Card:
    """After an answer in between: the question once more, and a way to use what may have been just its answer."""
    if turn.memory.data.get("held"):
        held = dialogue.button(turn, desk, "button.intake_held", "intake_held")
        return Text(desk.say(turn, "intake.held"), (held, dialogue.cancel_button(turn, desk)))
    return draw(turn, desk)


def _ask_words(turn: Turn, desk: Desk) -> Text:
    key = "intake.issue" if intake_form.kind_of(turn) == intake_form.PROPOSAL else "intake.story"
    return Text(desk.say(turn, key), (dialogue.cancel_button(turn, desk),))


def _ask_place(turn: Turn, desk: Desk) -> Text:
    choices = (AskLocation(desk.say(turn, "button.intake_here")), dialogue.cancel_button(turn, desk))
    return Text(desk.say(turn, "intake.place"), choices)


def _ask_who(turn: Turn, desk: Desk) -> Text:
    return Text(desk.say(turn, "intake.who"), (dialogue.cancel_button(turn, desk),))


def _ask_contact(turn: Turn, desk: Desk) -> Text:
    choices = (skip_contact(turn, desk), dialogue.cancel_button(turn, desk))
    return Text(desk.say(turn, "intake.contact"), choices)


def _ask_pictures(turn: Turn, desk: Desk) -> Card:
    return pictures_card(turn, desk, desk.say(turn, "intake.pictures", most=str(MOST_PICTURES)))


def pictures_card(turn: Turn, desk: Desk, words: str) -> Card:
    """A card, whose button stays when pictures follow."""
    key = "button.intake_done" if intake_form.pictures_of(turn) else "button.intake_no_pictures"
    cancel = dialogue.cancel_button(turn, desk)
    return Card(title="", text=words, actions=(dialogue.button(turn, desk, key, "intake_done"),), choices=(cancel,))


def _ask_may_contact(turn: Turn, desk: Desk) -> Text:
    mark = turn.memory.data["mark"]
    choices = (
        desk.button(turn, "button.intake_contact_yes", "intake_may", v="1", s=mark),
        desk.button(turn, "button.intake_contact_no", "intake_may", v="0", s=mark),
        dialogue.cancel_button(turn, desk),
    )
    return Text(desk.say(turn, "intake.may_contact"), choices)


def _ask_publish(turn: Turn, desk: Desk) -> Card:
    shown = intake_consent.hash_of(turn, intake_consent.PUBLISHING)
    mark = turn.memory.data["mark"]
    actions: tuple[Action, ...] = (
        desk.button(turn, "button.intake_named", "intake_publish", v=NAMED, w=shown, s=mark),
        desk.button(turn, "button.intake_unnamed", "intake_publish", v=UNNAMED, w=shown, s=mark),
        desk.button(turn, "button.intake_not_published", "intake_publish", v=NOT_PUBLISHED, s=mark),
    )
    words = intake_consent.words(turn, intake_consent.PUBLISHING)
    return Card(title="", text=words, actions=actions, choices=(dialogue.cancel_button(turn, desk),), leads=False)


def _ask_name(turn: Turn, desk: Desk) -> Text:
    return Text(desk.say(turn, "intake.name"), (dialogue.cancel_button(turn, desk),))


def skip_contact(turn: Turn, desk: Desk) -> Action:
    return dialogue.button(turn, desk, "button.intake_no_contact", "intake_skip")


DRAWN: Mapping[str, Draw] = {
    WORDS_STEP: _ask_words,
    PLACE_STEP: _ask_place,
    WHO_STEP: _ask_who,
    CONTACT_STEP: _ask_contact,
    PICTURES_STEP: _ask_pictures,
    MAY_CONTACT_STEP: _ask_may_contact,
    PUBLISH_STEP: _ask_publish,
    NAME_STEP: _ask_name,
    CHECK_STEP: intake_card.draw,
}
