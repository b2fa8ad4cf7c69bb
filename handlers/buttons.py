"""The buttons under an answer."""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.messages import Action
from handlers.desk import Desk
from knowledge.entries import Entry

MOST_UNDER_AN_ANSWER = 3


def entry_buttons(turn: Turn, desk: Desk, entry: Entry, question_id: int | None) -> tuple[Action, ...]:
    """What the entry offers to do, each offer once. `q` ties what follows to the question."""
    buttons: dict[str, Action] = {}
    for action in entry.actions[:MOST_UNDER_AN_ANSWER]:
        label = desk.say(turn, f"action.{action.name}")
        buttons.setdefault(
            label,
            desk.press(turn, label, "do", a=action.name, g=action.argument or "", e=entry.id, q=str(question_id or "")),
        )
    return tuple(buttons.values())


def feedback_buttons(turn: Turn, desk: Desk, entry: Entry, question_id: int | None) -> tuple[Action, ...]:
    """Yes, no, the neighbouring topics, the menu. Without a logged question there is nothing to judge."""
    related = [desk.topic_button(turn, other) for other in entry.related if other in turn.catalogue.entries]
    if question_id is None:
        return (*related, *desk.short_buttons(turn))
    number = str(question_id)
    return (
        desk.button(turn, "button.fits", "fits", v="yes", q=number, e=entry.id),
        desk.button(turn, "button.misses", "fits", v="no", q=number, e=entry.id),
        *related,
        *desk.short_buttons(turn),
    )
