"""What the buttons of an announcement do, from the list of events to handing it in. Each is asked with the dialogue it
belongs to, by somebody who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.events import refusals as event_refusals
from bot.events import search
from bot.messages import Card, Text
from bot.notices import approval, drafting, refusals
from bot.notices.audience import Reach
from bot.outreach import audit
from bot.outreach.audit import Actor
from handlers import announce_cards, fallback
from handlers.announce_steps import (
    AUDIENCE,
    PREVIEW,
    SUMMARY,
    WORDS_STEP,
    Making,
    Sheet,
    argument,
    count,
    find_author,
    find_faults,
    find_making,
    keep,
    lay_out,
    of_event,
)
from handlers.desk import Desk

SENT = "announce?"
"""How `said` begins right after a notice was handed in; its mark and its number follow."""

Act = Callable[[Turn, Desk, Making], Reply]


def list_events(turn: Turn, desk: Desk, making: Making, opening: str = "") -> Reply:
    found = announce_cards.list_coming(turn)
    if not found:
        return Reply((announce_cards.draw_none(turn, desk, opening=opening),), turn.memory.without_step())
    making = Making(making.mark)
    turn, offset = keep(turn, making), read_number(argument(turn, "o")) or 0
    return Reply(announce_cards.draw_events(turn, desk, making, found, offset=offset, opening=opening), turn.memory)


def use_words(turn: Turn, desk: Desk, making: Making) -> Reply:
    """One's own, as `making` holds them now. They are asked for again where they cannot be sent."""

    def take(sheet: Sheet) -> Reply:
        faults = find_faults(turn, desk, sheet)
        if faults:
            before = find_making(turn.memory) or making
            return Reply((announce_cards.draw_words(turn, desk, before, faults=faults),), turn.memory)
        return _preview(turn, desk, sheet)

    return _on_sheet(turn, desk, making, take)


def again(turn: Turn, desk: Desk, making: Making) -> Reply:  # noqa: ARG001 - an act like the others
    return Reply((ask_again(turn, desk),), turn.memory)


def ask_again(turn: Turn, desk: Desk) -> Text | Card:
    """What is waited for, once more, whatever came in between."""
    making = find_making(turn.memory)
    if making is None or find_author(turn) is None:
        return Text(desk.say(turn, "stale.button"), desk.menu_buttons(turn))
    if turn.memory.step == WORDS_STEP:
        return announce_cards.draw_words(turn, desk, making)
    try:
        sheet = lay_out(turn, desk, making)
    except event_refusals.Refused:
        return announce_cards.draw_waiting(turn, desk, making)
    return announce_cards.draw(turn, desk, sheet)


def _tell_of_console(turn: Turn, desk: Desk, making: Making) -> Reply:
    return Reply((announce_cards.draw_free(turn, desk, making),), turn.memory)


def _choose_event(turn: Turn, desk: Desk, making: Making) -> Reply:
    try:
        event = search.get_shown(turn.db, read_number(argument(turn, "i")) or 0, now=turn.now)
    except event_refusals.Refused as refused:
        return _refuse_event(turn, desk, making, refused)
    return _show_preview(turn, desk, of_event(turn, making, event))


def _show_preview(turn: Turn, desk: Desk, making: Making) -> Reply:
    return _on_sheet(turn, desk, making, lambda sheet: _preview(turn, desk, sheet))


def _preview(turn: Turn, desk: Desk, sheet: Sheet, opening: str = "") -> Reply:
    turn = keep(turn, replace(sheet.making, at=PREVIEW))
    return Reply(announce_cards.draw_preview(turn, desk, sheet, opening=opening), turn.memory)


def _sample_pressed(turn: Turn, desk: Desk, making: Making) -> Reply:  # noqa: ARG001 - an act like the others
    """The way out in the preview: it does not take the volunteer's own notices away."""
    return Reply((Text(desk.say(turn, "announce.sample")), ask_again(turn, desk)), turn.memory)


def _ask_for_words(turn: Turn, desk: Desk, making: Making) -> Reply:
    memory = replace(turn.memory, step=WORDS_STEP, data=making.data)
    return Reply((announce_cards.draw_words(replace(turn, memory=memory), desk, making),), memory)


def _take_written(turn: Turn, desk: Desk, making: Making) -> Reply:
    return _show_preview(turn, desk, replace(making, text=""))


def _ask_to_whom(turn: Turn, desk: Desk, making: Making) -> Reply:
    return _on_seen_sheet(turn, desk, making, lambda sheet: _audiences(turn, desk, sheet))


def _audiences(turn: Turn, desk: Desk, sheet: Sheet, opening: str = "") -> Reply:
    turn = keep(turn, replace(sheet.making, at=AUDIENCE, group=""))
    return Reply((announce_cards.draw_audiences(turn, desk, sheet, opening=opening),), turn.memory)


def _choose_group(turn: Turn, desk: Desk, making: Making) -> Reply:
    making = replace(making, at=SUMMARY, group=argument(turn, "g"))
    return _on_seen_sheet(turn, desk, making, lambda sheet: _sum_up(turn, desk, sheet))


def _sum_up(turn: Turn, desk: Desk, sheet: Sheet, opening: str = "") -> Reply:
    if sheet.making.group not in sheet.groups:
        return _audiences(turn, desk, sheet, desk.say(turn, "announce.changed"))
    too_few = _too_few(turn, desk, sheet, count(turn, desk, sheet, sheet.audience))
    if too_few is not None:
        return _audiences(turn, desk, sheet, too_few)
    turn = keep(turn, sheet.making)
    return Reply((announce_cards.draw_summary(turn, desk, sheet, opening=opening),), turn.memory)


def _too_few(turn: Turn, desk: Desk, sheet: Sheet, reach: Reach) -> str | None:
    """Why a notice to them would not be approved, whoever is asked."""
    try:
        approval.check_reach(sheet.plan, reach, rules=desk.notice_rules)
    except refusals.SegmentTooSmall as refused:
        return desk.say(turn, "announce.too_small", smallest=f"{refused.smallest:,}")
    except refusals.NobodyToReach:
        return desk.say(turn, "announce.nobody")
    return None


def _submit(turn: Turn, desk: Desk, making: Making) -> Reply:
    """What is handed in is what the summary was about, or nothing is."""

    def hand_in(sheet: Sheet) -> Reply:
        if find_faults(turn, desk, sheet):
            return _preview(turn, desk, sheet, desk.say(turn, "announce.changed"))
        if sheet.making.group not in sheet.groups or argument(turn, "w") != sheet.seal:
            return _sum_up(turn, desk, sheet, desk.say(turn, "announce.changed"))
        reach = count(turn, desk, sheet, sheet.audience)
        too_few = _too_few(turn, desk, sheet, reach)
        if too_few is not None:
            return _audiences(turn, desk, sheet, too_few)
        return _hand_in(turn, desk, sheet, reach)

    return _on_sheet(turn, desk, making, hand_in)


def _hand_in(turn: Turn, desk: Desk, sheet: Sheet, reach: Reach) -> Reply:
    author = find_author(turn)
    if author is None:
        return fallback.stale_button(replace(turn, memory=turn.memory.without_step()), desk)
    row = drafting.create(turn.db, sheet.plan, author_id=author.id, now=turn.now)
    drafting.submit(turn.db, row.id, seen=row.version, now=turn.now)
    card = announce_cards.draw_submitted(turn, desk, row.id, key="announce.submitted")
    written = {"notice.created": {"event": sheet.event.id}, "notice.submitted": {"reached": reach.reached}}
    for action, after in written.items():
        audit.record(
            turn.db, desk.vault, actor=Actor(author.id, author.name), action=action, subject=("notice", row.id),
            after={**after, "way": "line"}, now=turn.now,
        )  # fmt: skip
    return Reply((card,), replace(turn.memory.without_step(), said=f"{SENT}{sheet.making.mark}&{row.id}"))


def _on_sheet(turn: Turn, desk: Desk, making: Making, act: Callable[[Sheet], Reply]) -> Reply:
    """Whatever is done needs an event that takes place."""
    try:
        sheet = lay_out(turn, desk, making)
    except event_refusals.Refused as refused:
        return _refuse_event(turn, desk, making, refused)
    return act(sheet)


def _on_seen_sheet(turn: Turn, desk: Desk, making: Making, act: Callable[[Sheet], Reply]) -> Reply:
    """And nobody goes on with a notice that has changed since they saw it."""

    def check(sheet: Sheet) -> Reply:
        if argument(turn, "w") != sheet.words_seal or find_faults(turn, desk, sheet):
            return _preview(turn, desk, sheet, desk.say(turn, "announce.changed"))
        return act(sheet)

    return _on_sheet(turn, desk, making, check)


def _refuse_event(turn: Turn, desk: Desk, making: Making, refused: event_refusals.Refused) -> Reply:
    if isinstance(refused, event_refusals.CalledOff):
        key = "announce.event_called_off"
    else:
        key = "announce.event_over" if isinstance(refused, event_refusals.EventOver) else "announce.event_gone"
    return list_events(turn, desk, making, desk.say(turn, key))


ACTS: Mapping[str, Act] = {
    "events": list_events,
    "free": _tell_of_console,
    "event": _choose_event,
    "preview": _show_preview,
    "sample": _sample_pressed,
    "words": _ask_for_words,
    "written": _take_written,
    "to": _ask_to_whom,
    "group": _choose_group,
    "submit": _submit,
}
