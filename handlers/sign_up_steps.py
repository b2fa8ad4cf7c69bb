"""One question at a time: what is asked next, how it is drawn, and what is made of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers, asking, corrections
from bot.events.answers import Fault, Reason
from bot.events.asking import Field, Kind, Value
from bot.events.corrections import Correction
from bot.events.earlier import Earlier, find_earlier
from bot.events.refusals import Refused
from bot.messages import Card, Text
from bot.thai_phones import Phone, masked, read_phone
from handlers import menu, sign_up_choices, sign_up_consent, sign_up_refusals, sign_up_words
from handlers.desk import Desk
from handlers.sign_up_form import Filling, Sheet, begin, in_its_language, lay_out, without_unfinished

ANSWER_STEP = "sign_up:answer"
EARLIER_STEP = "sign_up:earlier"
CONFIRM_STEP = "sign_up:confirm"
MOST_EDITS = 11


def go_on(turn: Turn, desk: Desk, filling: Filling, *, opening: str = "") -> Reply:
    """The next thing that is missing, else the summary. Ends where registration is not open any more."""
    return on_sheet(turn, desk, filling, lambda sheet: _next(turn, desk, sheet, opening=opening))


def _next(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str) -> Reply:
    filling = sheet.filling
    if not sign_up_consent.is_of_today(turn, sheet.event, filling.kind, filling.consent):
        changed = desk.say(turn, "signup.notice_changed") if filling.consent else ""
        return sign_up_consent.ask(turn, desk, sheet, opening=changed)
    if not filling.offered_earlier:
        return _offer_earlier(turn, desk, sheet)
    missing = sheet.missing
    return ask(turn, desk, sheet, missing, opening=opening) if missing else _sum_up(turn, desk, sheet, opening=opening)


def on_sheet(turn: Turn, desk: Desk, filling: Filling, act: Callable[[Sheet], Reply]) -> Reply:
    """Whatever is done needs the form as the event asks it now, and an event that one can still sign up for."""
    try:
        sheet = lay_out(turn, filling)
    except Refused as refused:
        return ended(turn, desk, refused, filling)
    return act(sheet)


def ended(turn: Turn, desk: Desk, refused: Refused, filling: Filling) -> Reply:
    """Nothing of the form is kept."""
    memory = without_unfinished(turn.memory.without_step(), filling.event_id)
    return sign_up_refusals.end(turn, desk, refused, memory)


def ask(turn: Turn, desk: Desk, sheet: Sheet, field: Field, *, opening: str = "", page: int = 0) -> Reply:
    names = sheet.filling.names if field.kind is Kind.COMPANIONS else ()
    filling = replace(sheet.filling, asked=field.name, page=page, names=names)
    sheet = replace(sheet, filling=filling)
    return Reply((draw_question(turn, desk, sheet, opening=opening),), begin(turn, ANSWER_STEP, filling))


def draw_question(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "", held: bool = False) -> Text:
    field = sheet.asked
    if field is None:
        return Text(desk.say(turn, "signup.go_on"), sign_up_choices.ways_out(turn, desk, sheet.filling))
    lines = [opening, sign_up_words.question(turn, desk, sheet, field)]
    if asking.is_settled(field, sheet.filling.given):
        value = sign_up_words.written(turn, desk, field, sheet)
        lines.append(desk.say(turn, "signup.so_far", value=value))
    lines += sign_up_choices.listed(field)
    return Text("\n".join(filter(None, lines)), sign_up_choices.of_field(turn, desk, sheet, field, held=held))


def answered(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    """The text that was waited for, or a correction of something that was given before."""
    text = turn.incoming.text
    if answers.bare(text) in menu.LEAVE_WORDS:
        return menu.leave_dialogue(turn, desk)
    turn = in_its_language(turn, filling)
    return on_sheet(turn, desk, filling, lambda sheet: _read(turn, desk, sheet, text))


def _read(turn: Turn, desk: Desk, sheet: Sheet, text: str) -> Reply:
    words = answers.bare(text)
    if words in corrections.BACK_WORDS:
        return one_back(turn, desk, sheet.filling)
    if sheet.filling.asked and sheet.asked is None:  # it is not asked any more
        return go_on(turn, desk, sheet.filling, opening=desk.say(turn, "signup.changed"))
    field = sheet.asked or sheet.missing
    corrected = find_correction(sheet, field, text)
    if corrected is not None:
        return _correct(turn, desk, sheet, *corrected)
    if field is None or (words in corrections.KEEP_WORDS and asking.is_settled(field, sheet.filling.given)):
        return go_on(turn, desk, sheet.filling)
    return take(turn, desk, sheet, field, text)


def find_correction(sheet: Sheet, field: Field | None, text: str) -> tuple[Field, Correction] | None:
    """To an event's own question everything may be an answer, unless it says plainly that it is none."""
    found = corrections.read_correction(text)
    target = sheet.find(found.kind) if found is not None else None
    if found is None or target is None:
        return None
    may_be_answer = field is not None and field.kind is Kind.TEXT and found.rest and not found.flat
    return None if may_be_answer else (target, found)


def _correct(turn: Turn, desk: Desk, sheet: Sheet, field: Field, found: Correction) -> Reply:
    if not found.rest:
        return ask(turn, desk, sheet, field)
    return take(turn, desk, sheet, field, found.rest)


def take(turn: Turn, desk: Desk, sheet: Sheet, field: Field, text: str) -> Reply:
    named_in = turn.catalogue.places.named_in
    value = answers.read(field, text, named_in=named_in, so_far=sheet.filling.names)
    if isinstance(value, Fault):
        return _ask_again_for(turn, desk, sheet, field, value)
    if field.kind is Kind.NAME:
        sheet = _with_phone_beside(sheet, text)
    return settle(turn, desk, sheet, field, value)


def settle(turn: Turn, desk: Desk, sheet: Sheet, field: Field, value: Value) -> Reply:
    """Keeps the value and goes on, unless nobody can be registered with it."""
    if field.wants is not None and value is not field.wants:
        return ask(turn, desk, sheet, field, opening=sign_up_words.not_possible(turn, desk, field))
    return go_on(turn, desk, sheet.filling.with_value(field.name, value))


def _ask_again_for(turn: Turn, desk: Desk, sheet: Sheet, field: Field, wrong: Fault) -> Reply:
    if wrong.reason is Reason.TOO_FEW_NAMES:
        sheet = replace(sheet, filling=replace(sheet.filling, names=wrong.names))
        return ask(turn, desk, sheet, field)
    return ask(turn, desk, sheet, field, opening=sign_up_words.fault(turn, desk, wrong))


def _with_phone_beside(sheet: Sheet, text: str) -> Sheet:
    """Many write their number behind their name, unasked."""
    found = read_phone(text)
    if sheet.find(Kind.PHONE) is None or Kind.PHONE in sheet.filling.given or not isinstance(found, Phone):
        return sheet
    return replace(sheet, filling=sheet.filling.with_value(Kind.PHONE, found.e164))


def one_back(turn: Turn, desk: Desk, filling: Filling) -> Reply:
    def ask_before(sheet: Sheet) -> Reply:
        field = asking.before(sheet.fields, filling.asked)
        if field is None:
            return ask(turn, desk, sheet, sheet.fields[0], opening=desk.say(turn, "signup.first"))
        return ask(turn, desk, sheet, field)

    return on_sheet(turn, desk, filling, ask_before)


def _offer_earlier(turn: Turn, desk: Desk, sheet: Sheet) -> Reply:
    filling = replace(sheet.filling, offered_earlier=True)
    earlier = find_usable(turn, desk, sheet)
    if not earlier:
        return go_on(turn, desk, filling)
    return Reply((draw_earlier(turn, desk, sheet),), begin(turn, EARLIER_STEP, filling))


def find_usable(turn: Turn, desk: Desk, sheet: Sheet) -> dict[str, Value]:
    """What this person gave before, as far as this event asks for it."""
    found = find_earlier(turn.db, desk.vault, person_id=turn.speaker.person_id, kind=sheet.filling.kind) or Earlier()
    known = {named.id for named in turn.catalogue.pack.districts}
    values: dict[str, Value] = {
        Kind.SCHOOL: found.school, Kind.NAME: found.name, Kind.PHONE: found.phone,
        Kind.DISTRICT: found.district if found.district in known else None,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value is not None and sheet.find(name) is not None}


def draw_earlier(turn: Turn, desk: Desk, sheet: Sheet) -> Card:
    earlier = find_usable(turn, desk, sheet)
    shown = replace(sheet, filling=replace(sheet.filling, given=earlier))
    rows = []
    for field in sheet.fields:
        if field.name in earlier:
            value = sign_up_words.written(turn, desk, field, shown)
            value = masked(str(earlier[field.name])) if field.kind is Kind.PHONE else value
            rows.append((sign_up_words.label(turn, desk, sheet, field), value))
    mark = sheet.filling.mark
    return Card(
        title="", text=desk.say(turn, "signup.earlier"), facts=tuple(rows),
        actions=(
            desk.button(turn, "button.signup_same", "sign_up_same", m=mark),
            desk.button(turn, "button.signup_fill_anew", "sign_up_new", m=mark),
        ),
        choices=sign_up_choices.ways_out(turn, desk, sheet.filling),
    )  # fmt: skip


def _sum_up(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Reply:
    filling = replace(sheet.filling, asked="", version=sheet.event.form_version, names=())
    sheet = replace(sheet, filling=filling)
    return Reply((draw_summary(turn, desk, sheet, opening=opening),), begin(turn, CONFIRM_STEP, filling))


def draw_summary(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Card:
    """Everything on one card. Each item can be changed; the yes stands on the card itself."""
    mark = sheet.filling.mark
    return Card(
        title=desk.say(turn, "signup.summary_title"),
        text="\n\n".join(filter(None, (opening, sheet.event.title))),
        facts=sign_up_words.summary(turn, desk, sheet),
        actions=(
            desk.button(turn, "button.signup_confirm", "sign_up_yes", m=mark, i=str(sheet.event.id)),
            desk.button(turn, "button.signup_edit", "sign_up_edits", m=mark),
        ),
        alt=desk.say(turn, "signup.summary_alt"),
        choices=(
            *sign_up_choices.edits(turn, desk, sheet)[:MOST_EDITS],
            *sign_up_choices.ways_out(turn, desk, sheet.filling),
        ),
    )


def draw_edits(turn: Turn, desk: Desk, sheet: Sheet) -> Card:
    edits = sign_up_choices.edits(turn, desk, sheet, whole=True)
    return Card(
        title="", text=desk.say(turn, "signup.what_to_edit"), actions=edits,
        choices=sign_up_choices.ways_out(turn, desk, sheet.filling),
    )  # fmt: skip
