"""Everything that was gathered, once more, with the words of the consent: before the yes."""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.line.cutting import shorten
from bot.messages import Card, Press
from handlers import dialogue, intake_consent, intake_form
from handlers.desk import Desk
from handlers.intake_form import PROPOSAL

LONGEST_SHOWN = 300
ROWS = {
    PROPOSAL: {
        "words": "intake.row_issue", "place": "intake.row_place", "who": "intake.row_who",
        "contact": "intake.row_contact",
    },
    intake_form.STORY: {
        "words": "intake.row_story", "pictures": "intake.row_pictures", "may_contact": "intake.row_may_contact",
        "publish": "intake.row_publish",
    },
}  # fmt: skip


def draw(turn: Turn, desk: Desk) -> Card:
    kind = intake_form.kind_of(turn)
    return Card(
        title=desk.say(turn, "intake.check_proposal" if kind == PROPOSAL else "intake.check_story"),
        text=intake_consent.words(turn, kind),
        actions=(
            _button(turn, desk, "button.intake_send", "intake_yes", w=intake_consent.hash_of(turn, kind)),
            _button(turn, desk, "button.intake_fix", "intake_fix"),
            dialogue.cancel_button(turn, desk),
        ),
        facts=tuple((desk.say(turn, key), _shown(turn, desk, field)) for field, key in ROWS[kind].items()),
    )


def fields_to_fix(turn: Turn, desk: Desk) -> tuple[Press, ...]:
    rows = ROWS[intake_form.kind_of(turn)]
    mark = turn.memory.data["mark"]
    return tuple(desk.press(turn, desk.say(turn, key), "intake_edit", f=field, s=mark) for field, key in rows.items())


def _shown(turn: Turn, desk: Desk, field: str) -> str:
    data = turn.memory.data
    match field:
        case "words":
            return shorten("\n".join(part.text for part in intake_form.words_of(turn)), units=LONGEST_SHOWN)
        case "contact":
            return data.get("contact") or desk.say(turn, "intake.row_no_contact")
        case "pictures":
            count = len(intake_form.pictures_of(turn))
            none = desk.say(turn, "intake.row_no_pictures")
            return desk.say(turn, "intake.row_picture_count", count=str(count)) if count else none
        case "may_contact":
            yes = data.get("may_contact") == "1"
            return desk.say(turn, "button.intake_contact_yes" if yes else "button.intake_contact_no")
        case "publish":
            return _publishing(turn, desk)
    return shorten(data.get(field, ""), units=LONGEST_SHOWN)


def _publishing(turn: Turn, desk: Desk) -> str:
    data = turn.memory.data
    match data.get("publish"):
        case intake_form.NAMED:
            return desk.say(turn, "intake.row_named", name=data.get("name", ""))
        case intake_form.UNNAMED:
            return desk.say(turn, "button.intake_unnamed")
    return desk.say(turn, "button.intake_not_published")


def _button(turn: Turn, desk: Desk, key: str, action: str, **arguments: str) -> Press:
    return desk.button(turn, key, action, s=turn.memory.data["mark"], **arguments)
