"""What is said while a form is filled in: the questions, what was wrong with an answer, and the summary."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.turn import Scene
from bot.events.answers import Fault, Reason
from bot.events.asking import CLASS, NEIGHBOUR, SELF, Field, Kind, Value
from bot.thai_phones import Phone, PhoneFault, read_phone
from handlers.desk import Desk
from handlers.sign_up_form import Sheet

_ASKED: Mapping[Kind, Mapping[str, str]] = {
    Kind.NAME: {SELF: "signup.ask_name", NEIGHBOUR: "signup.ask_name_neighbour", CLASS: "signup.ask_teacher"},
    Kind.PHONE: {SELF: "signup.ask_phone", NEIGHBOUR: "signup.ask_phone_neighbour", CLASS: "signup.ask_phone_teacher"},
    Kind.DISTRICT: {SELF: "signup.ask_district", NEIGHBOUR: "signup.ask_district_neighbour",
                    CLASS: "signup.ask_district_school"},
    Kind.SCHOOL: {SELF: "signup.ask_school"},
    Kind.LEVEL: {SELF: "signup.ask_level"},
    Kind.PARTY: {SELF: "signup.ask_party", NEIGHBOUR: "signup.ask_party_neighbour", CLASS: "signup.ask_pupils"},
    Kind.COMPANIONS: {SELF: "signup.ask_companions", CLASS: "signup.ask_pupil_names"},
    Kind.MINOR: {SELF: "signup.ask_age", NEIGHBOUR: "signup.ask_age_neighbour"},
    Kind.GUARDIAN: {SELF: "signup.ask_guardian", CLASS: "signup.ask_guardians"},
}  # fmt: skip
_LABELS: Mapping[Kind, str] = {
    Kind.NAME: "signup.fact_name",
    Kind.PHONE: "signup.fact_phone",
    Kind.DISTRICT: "signup.fact_district",
    Kind.SCHOOL: "signup.fact_school",
    Kind.LEVEL: "signup.fact_level",
    Kind.PARTY: "signup.fact_party",
    Kind.COMPANIONS: "signup.fact_companions",
    Kind.MINOR: "signup.fact_age",
    Kind.GUARDIAN: "signup.fact_guardian",
}
_EDITS: Mapping[Kind, str] = {
    Kind.NAME: "button.signup_edit_name",
    Kind.PHONE: "button.signup_edit_phone",
    Kind.DISTRICT: "button.signup_edit_district",
    Kind.SCHOOL: "button.signup_edit_school",
    Kind.LEVEL: "button.signup_edit_level",
    Kind.PARTY: "button.signup_edit_party",
    Kind.COMPANIONS: "button.signup_edit_names",
    Kind.MINOR: "button.signup_edit_age",
    Kind.GUARDIAN: "button.signup_edit_guard",
}
_FAULTS: Mapping[Reason, str] = {
    Reason.EMPTY: "signup.fault_empty",
    Reason.NOT_A_NAME: "signup.fault_no_name",
    Reason.A_NUMBER: "signup.fault_number_for_name",
    Reason.A_QUESTION: "signup.fault_question",
    Reason.TOO_LONG: "signup.fault_long",
    Reason.NO_DISTRICT: "signup.fault_district",
    Reason.SEVERAL_DISTRICTS: "signup.fault_districts",
    Reason.NO_NUMBER: "signup.fault_no_number",
    Reason.TOO_MANY: "signup.fault_party",
    Reason.TOO_MANY_NAMES: "signup.fault_many_names",
    Reason.NOT_A_CHOICE: "signup.fault_choice",
    Reason.NOT_YES_OR_NO: "signup.fault_yes_no",
    Reason.NOT_WITHOUT: "signup.fault_needed",
}
_PHONE_FAULTS: Mapping[str, str] = {
    PhoneFault.EMPTY.value: "signup.fault_phone_none",
    PhoneFault.TOO_SHORT.value: "signup.fault_phone_short",
    PhoneFault.TOO_LONG.value: "signup.fault_phone_long",
    PhoneFault.NOT_POSSIBLE.value: "signup.fault_phone",
    PhoneFault.HOTLINE.value: "signup.fault_phone_hotline",
}


def question(turn: Scene, desk: Desk, sheet: Sheet, field: Field) -> str:
    """The one question for a field, and that it may be left out."""
    if field.label:
        said = desk.say(turn, "signup.ask_own", question=field.label)
    else:
        keys = _ASKED[field.kind]
        said = desk.say(turn, keys.get(sheet.filling.kind) or keys[SELF], most=str(field.most))
    skips = not field.required and field.kind is not Kind.DISTRICT
    lines = [said, *([desk.say(turn, "signup.may_skip")] if skips else [])]
    if field.kind is Kind.COMPANIONS and sheet.filling.names:
        names, left = sheet.filling.names, field.most - len(sheet.filling.names)
        lines = [desk.say(turn, "signup.ask_more_names", names=", ".join(names), left=str(left))]
    return "\n".join(lines)


def fault(turn: Scene, desk: Desk, wrong: Fault) -> str:
    """What could not be read, and how it is written."""
    if wrong.reason is Reason.BAD_PHONE:
        return desk.say(turn, _PHONE_FAULTS[wrong.phone])
    names = wrong.names
    if wrong.reason is Reason.SEVERAL_DISTRICTS:
        names = tuple(district_name(turn, name) for name in names)
    return desk.say(
        turn, _FAULTS[wrong.reason], most=str(wrong.most), got=str(wrong.got), names=", ".join(names),
        left=str(abs(wrong.most - wrong.got)),
    )  # fmt: skip


def not_possible(turn: Scene, desk: Desk, field: Field) -> str:
    """An answer that was understood, and with which nobody can be registered."""
    return desk.say(turn, "signup.adults_only" if field.kind is Kind.MINOR else "signup.needs_guardian")


def summary(turn: Scene, desk: Desk, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Everything that was given, as rows of a card."""
    rows = [(label(turn, desk, sheet, field), written(turn, desk, field, sheet)) for field in sheet.fields]
    return tuple(rows)


def label(turn: Scene, desk: Desk, sheet: Sheet, field: Field) -> str:
    """The event's own questions are numbered, as the buttons for changing their answers are."""
    if field.label:
        return f"{_number(sheet, field)}. {field.label}"
    if sheet.filling.kind == CLASS:
        key = {Kind.NAME: "signup.fact_teacher", Kind.PARTY: "signup.fact_pupils"}.get(field.kind)
        if key is not None:
            return desk.say(turn, key)
    return desk.say(turn, _LABELS[field.kind])


def edit_label(turn: Scene, desk: Desk, sheet: Sheet, field: Field) -> str:
    if not field.label:
        return desk.say(turn, _EDITS[field.kind])
    return desk.say(turn, "button.signup_edit_own", number=str(_number(sheet, field)))


def _number(sheet: Sheet, field: Field) -> int:
    """Among the event's own questions."""
    return [one.name for one in sheet.fields if one.label].index(field.name) + 1


def written(turn: Scene, desk: Desk, field: Field, sheet: Sheet) -> str:
    """A value as people read it."""
    value: Value = sheet.filling.given.get(field.name)
    if value is None:
        return desk.say(turn, "signup.left_out")
    match field.kind:
        case Kind.PHONE:
            said = phone(str(value))
        case Kind.DISTRICT:
            said = district_name(turn, str(value))
        case Kind.PARTY:
            said = desk.say(turn, "signup.people", number=str(value))
        case Kind.COMPANIONS if isinstance(value, list):
            said = "\n".join(f"{number}. {name}" for number, name in enumerate(value, start=1))
        case Kind.MINOR:
            said = desk.say(turn, "signup.under_age" if value else "signup.of_age")
        case Kind.GUARDIAN | Kind.YES_NO:
            said = desk.say(turn, "signup.yes" if value else "signup.no")
        case _:
            said = str(value)
    return said


def phone(e164: str) -> str:
    found = read_phone(e164)
    return found.national if isinstance(found, Phone) else e164


def district_name(turn: Scene, district_id: str) -> str:
    names = next((named.name for named in turn.catalogue.pack.districts if named.id == district_id), {})
    return names.get(turn.language) or names.get("th") or district_id
