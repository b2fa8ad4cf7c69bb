"""The buttons under a question: what may be answered by pressing, and the ways back and out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.turn import Turn
from bot.events import asking
from bot.events.asking import CLASS, Field, Kind
from bot.line import limits
from bot.messages import Action
from handlers import sign_up_words
from handlers.desk import Desk
from handlers.sign_up_form import Filling, Sheet, choice_key

A_PAGE = 8
MOST_NUMBERS = 8
SKIP, YES, NO = "-", "yes", "no"
CLASS_SIZES = (20, 25, 30, 35, 40, 45, 50)


def of_field(turn: Turn, desk: Desk, sheet: Sheet, field: Field, *, held: bool = False) -> tuple[Action, ...]:
    """At most thirteen, as LINE allows: eight answers, and five ways on."""
    mark, given = sheet.filling.mark, sheet.filling.given
    choices: list[Action] = [desk.button(turn, "button.signup_held", "sign_up_held", m=mark)] if held else []
    choices += _answers(turn, desk, sheet, field)
    if not field.required:
        key = "button.signup_elsewhere" if field.kind is Kind.DISTRICT else "button.signup_skip"
        choices.append(_answer(turn, desk, sheet, field, label=desk.say(turn, key), value=SKIP))
    if asking.is_settled(field, given):
        choices.append(desk.button(turn, "button.signup_keep", "sign_up_keep", m=mark))
    if asking.before(sheet.fields, field.name) is not None:
        choices.append(desk.button(turn, "button.signup_back", "sign_up_back", m=mark))
    return (*choices, *ways_out(turn, desk, sheet.filling))


def ways_out(turn: Turn, desk: Desk, filling: Filling) -> tuple[Action, ...]:
    return (desk.button(turn, "button.cancel", "leave", s=filling.mark),)


def edits(turn: Turn, desk: Desk, sheet: Sheet, *, whole: bool = False) -> tuple[Action, ...]:
    """With `whole`, where there is room for it, the event's own questions stand there in their own words."""
    return tuple(
        desk.press(
            turn,
            (sign_up_words.label if whole and field.label else sign_up_words.edit_label)(turn, desk, sheet, field),
            "sign_up_edit", m=sheet.filling.mark, f=field.name,
        )
        for field in sheet.fields
    )  # fmt: skip


def listed(field: Field) -> Sequence[str]:
    """Choices too long for a button, or too many for one row of them, are written out."""
    if field.kind is not Kind.CHOICE:
        return ()
    fits = all(limits.graphemes(choice) <= limits.LABEL_GRAPHEMES for choice in field.choices)
    if fits and len(field.choices) <= A_PAGE:
        return ()
    return [f"{number}. {choice}" for number, choice in enumerate(field.choices, start=1)]


def _answers(turn: Turn, desk: Desk, sheet: Sheet, field: Field) -> list[Action]:
    match field.kind:
        case Kind.DISTRICT:
            districts = [(name, sign_up_words.district_name(turn, name)) for name in _districts(turn, sheet)]
            return _paged(turn, desk, sheet, field, districts)
        case Kind.CHOICE:
            numbered = bool(listed(field))
            choices = [
                (choice_key(choice), f"{number}. {choice}" if numbered else choice)
                for number, choice in enumerate(field.choices, start=1)
            ]
            return _paged(turn, desk, sheet, field, choices)
        case Kind.PARTY:
            return [_people(turn, desk, sheet, field, number) for number in _sizes(sheet, field)]
        case Kind.COMPANIONS if sheet.filling.names:
            number = len(sheet.filling.names) + (0 if sheet.filling.kind == CLASS else 1)
            party = sheet.find(Kind.PARTY)
            return [_people(turn, desk, sheet, party, number)] if party is not None else []
        case Kind.MINOR:
            labels = {NO: "button.signup_of_age", YES: "button.signup_under_age"}
        case Kind.GUARDIAN:
            labels = {YES: "button.signup_guardian", NO: "button.signup_not_asked"}
        case Kind.YES_NO:
            labels = {YES: "button.signup_yes", NO: "button.signup_no"}
        case _:
            labels = {}
    return [_answer(turn, desk, sheet, field, label=desk.say(turn, key), value=value) for value, key in labels.items()]


def _districts(turn: Turn, sheet: Sheet) -> list[str]:
    """The one where the person said they are comes first, then the one where it takes place."""
    ids = [named.id for named in turn.catalogue.pack.districts]
    likely = [turn.memory.district, sheet.event.district]
    return sorted(ids, key=lambda district: likely.index(district) if district in likely else len(likely))


def _sizes(sheet: Sheet, field: Field) -> Sequence[int]:
    if sheet.filling.kind == CLASS:
        return [size for size in CLASS_SIZES if size <= field.most]
    return range(1, min(field.most, MOST_NUMBERS) + 1)


def _people(turn: Turn, desk: Desk, sheet: Sheet, field: Field, number: int) -> Action:
    label = desk.say(turn, "button.signup_people", number=str(number))
    return _answer(turn, desk, sheet, field, label=label, value=str(number))


def _paged(
    turn: Turn, desk: Desk, sheet: Sheet, field: Field, values: Sequence[tuple[str, str]]
) -> list[Action]:  # fmt: skip
    pages = max(1, -(-len(values) // A_PAGE))
    page = sheet.filling.page % pages
    shown = values[page * A_PAGE : (page + 1) * A_PAGE]
    buttons = [_answer(turn, desk, sheet, field, label=label, value=value) for value, label in shown]
    if pages > 1:
        key = "button.signup_more_places" if field.kind is Kind.DISTRICT else "button.signup_more"
        about = {"m": sheet.filling.mark, "f": field.name, "p": str((page + 1) % pages)}
        buttons.append(desk.button(turn, key, "sign_up_page", **about))
    return list(buttons)


def _answer(turn: Turn, desk: Desk, sheet: Sheet, field: Field, *, label: str, value: str) -> Action:
    return desk.press(turn, label, "sign_up_is", m=sheet.filling.mark, f=field.name, v=value)
