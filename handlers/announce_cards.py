"""What a volunteer sees while making an announcement: the events, the notice itself, for whom, and the summary."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.turn import Turn
from bot.events import search
from bot.events.search import Wanted
from bot.messages import Action, Card, Carousel, Link, Message, Press, Text
from bot.notices import approval, budget, messages
from bot.notices.audience import Audience, Reach
from bot.notices.checks import Fault, Reason
from bot.storage import notice_audience
from bot.storage.events import EventRow
from handlers import dialogue, event_cards, event_filters, ticket_card
from handlers.announce_steps import (
    AUDIENCE,
    DISTRICT,
    EVERYONE,
    PREVIEW,
    PROGRAMME,
    REGISTERED,
    Making,
    Sheet,
    count,
    find_faults,
)
from handlers.desk import Desk

PAGE = 10
ACTION = "announce"
BUTTON_TO = {
    EVERYONE: "button.announce_everyone",
    PROGRAMME: "button.announce_programme",
    DISTRICT: "button.announce_district",
    REGISTERED: "button.announce_registered",
}
LEFT_OUT = {
    notice_audience.NOT_AGREED: "announce.not_agreed",
    notice_audience.OPTED_OUT: "announce.opted_out",
    notice_audience.BLOCKED: "announce.blocked",
    notice_audience.UNREACHABLE: "announce.unreachable",
    notice_audience.OTHER_TOPICS: "announce.other_topics",
    notice_audience.PAUSED: "announce.paused",
    notice_audience.CAPPED: "announce.capped",
}
FAULTS = {
    Reason.EMPTY: "announce.fault_empty",
    Reason.TOO_LONG: "announce.fault_long",
    Reason.TOO_MANY_MARKS: "announce.fault_long",
    Reason.TOO_MANY_LINES: "announce.fault_lines",
    Reason.PLACEHOLDER: "announce.fault_braces",
    Reason.LINK_SCHEME: "announce.fault_scheme",
    Reason.LINK_SHORTENER: "announce.fault_short_link",
    Reason.LINK_GLUED: "announce.fault_glued",
    Reason.LINK_USER_INFO: "announce.fault_disguise",
    Reason.LINK_LOOK_ALIKE: "announce.fault_disguise",
    Reason.LINK_NOT_ALLOWED: "announce.fault_link",
    Reason.LINK_PORT: "announce.fault_link",
}


def button(turn: Turn, desk: Desk, key: str, making: Making, what: str, **more: str) -> Press:
    return desk.button(turn, key, ACTION, d=what, m=making.mark, **more)


def list_coming(turn: Turn) -> list[EventRow]:
    return [coming.event for coming in search.list_wanted(turn.db, Wanted(), now=turn.now)]


def draw_none(turn: Turn, desk: Desk, *, opening: str = "") -> Card:
    words = "\n\n".join(filter(None, (opening, desk.say(turn, "announce.none"))))
    return _console_card(turn, desk, words, *desk.short_buttons(turn))


def draw_events(
    turn: Turn, desk: Desk, making: Making, found: Sequence[EventRow], *, offset: int = 0, opening: str = ""
) -> tuple[Message, ...]:
    offset = offset if 0 <= offset < len(found) else 0
    page = found[offset : offset + PAGE]
    cards = [_event_card(turn, desk, making, event) for event in page]
    if offset + PAGE < len(found):
        more = button(turn, desk, "button.announce_more", making, "events", o=str(offset + PAGE))
        cards.append(Card(title=desk.say(turn, "announce.more"), text="", actions=(more,)))
    words = "\n\n".join(filter(None, (opening, desk.say(turn, "announce.which"))))
    choices = (
        button(turn, desk, "button.announce_free", making, "free"),
        dialogue.cancel_button(turn, desk),
    )
    return (Text(words), Carousel(tuple(cards), alt=words, choices=choices))


def _event_card(turn: Turn, desk: Desk, making: Making, event: EventRow) -> Card:
    facts = (
        (desk.say(turn, "events.fact_when"), ticket_card.in_lines(ticket_card.when(turn, desk, event))),
        (desk.say(turn, "events.fact_where"), event_cards.place_words(turn, desk, event)),
    )
    choose = button(turn, desk, "button.announce_this", making, "event", i=str(event.id))
    return Card(title=event.title, text="", facts=facts, actions=(choose,))


def draw_free(turn: Turn, desk: Desk, making: Making) -> Card:
    """Free words are written where there is room for them."""
    back = button(turn, desk, "button.announce_list", making, "events")
    return _console_card(turn, desk, desk.say(turn, "announce.free"), back, dialogue.cancel_button(turn, desk))


def _console_card(turn: Turn, desk: Desk, words: str, *choices: Action) -> Card:
    address = f"{desk.base_url}/console/notices/new"
    link = Link(desk.say(turn, "button.announce_console"), address)
    return Card(title="", text=f"{words}\n{address}", actions=(link,), choices=choices)


def draw_preview(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> tuple[Message, ...]:
    """The notice as people will see it; only its way out leads nowhere yet."""

    def press(label: str, action: str, arguments: dict[str, str]) -> Press:
        if action == "notice_off":
            return desk.press(turn, label, ACTION, d="sample", m=sheet.making.mark)
        return desk.press(turn, label, action, **arguments)

    notice = messages.messages_of(sheet.content, buttons=press, notice_id=0, event_id=sheet.event.id, trial=True)
    return (*notice, preview_card(turn, desk, sheet, opening=opening))


def preview_card(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "", waiting: bool = False) -> Card:
    """What may be done with it. `waiting`: it is no longer right above."""
    making, seen = sheet.making, {"w": sheet.words_seal}
    faults = find_faults(turn, desk, sheet)
    lines = [opening, *worded(turn, desk, faults)] if faults else [opening]
    if not faults:
        lines.append(desk.say(turn, "announce.waiting_preview" if waiting else "announce.preview"))
    actions: list[Press] = []
    if not faults:
        actions.append(button(turn, desk, "button.announce_to", making, "to", **seen))
    if waiting:
        actions.append(button(turn, desk, "button.announce_look", making, "preview"))
    actions.append(button(turn, desk, "button.announce_words", making, "words"))
    if making.text:
        actions.append(button(turn, desk, "button.announce_written", making, "written"))
    choices = (button(turn, desk, "button.announce_other", making, "events"), dialogue.cancel_button(turn, desk))
    words = "\n\n".join(filter(None, lines))
    return Card(title="", text=words, actions=tuple(actions), choices=choices)


def worded(turn: Turn, desk: Desk, faults: Sequence[Fault]) -> list[str]:
    """Each kind once, whatever stands before it or how often."""
    said = [
        desk.say(turn, FAULTS.get(fault.reason, "announce.fault_other"), detail=fault.detail) for fault in faults
    ]  # fmt: skip
    return [desk.say(turn, "announce.faults"), *dict.fromkeys(said)]


def draw_words(turn: Turn, desk: Desk, making: Making, *, faults: Sequence[Fault] = ()) -> Text:
    said = "\n\n".join((*worded(turn, desk, faults), desk.say(turn, "announce.words_again"))) if faults else ""
    choices = [button(turn, desk, "button.announce_keep", making, "preview")]
    if making.text:
        choices.append(button(turn, desk, "button.announce_written", making, "written"))
    return Text(said or desk.say(turn, "announce.words"), (*choices, dialogue.cancel_button(turn, desk)))


def draw_audiences(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Card:
    """Each with how many that is now. So few that they could be guessed are not counted out."""
    facts, actions = [], []
    for name, whom in sheet.groups.items():
        facts.append((group_words(turn, desk, sheet.event, name), _how_many(turn, desk, sheet, whom)))
        actions.append(button(turn, desk, BUTTON_TO[name], sheet.making, "group", g=name, w=sheet.words_seal))
    words = "\n\n".join(filter(None, (opening, desk.say(turn, "announce.to_whom"))))
    choices = (
        button(turn, desk, "button.announce_look", sheet.making, "preview"),
        button(turn, desk, "button.announce_other", sheet.making, "events"),
        dialogue.cancel_button(turn, desk),
    )
    return Card(
        title=desk.say(turn, "announce.to_whom_title"), text=words, facts=tuple(facts), actions=tuple(actions),
        choices=choices,
    )  # fmt: skip


def group_words(turn: Turn, desk: Desk, event: EventRow, group: str) -> str:
    if group == PROGRAMME:
        known = [one for one in turn.catalogue.pack.programmes if one.id == event.programme]
        name = event_filters.named(turn, known[0]) if known else event.programme or ""
        return desk.say(turn, "announce.to_programme", programme=name)
    if group == DISTRICT:
        name = event_filters.district_name(turn, event.district or "")
        return desk.say(turn, "announce.to_district", district=name)
    if group == REGISTERED:
        return desk.say(turn, "announce.to_registered")
    return desk.say(turn, "announce.to_everyone")


def _how_many(turn: Turn, desk: Desk, sheet: Sheet, whom: Audience) -> str:
    reached = count(turn, desk, sheet, whom).reached
    smallest = desk.notice_rules.smallest_segment
    if whom.is_of_interest and reached < smallest:
        return desk.say(turn, "announce.fewer", count=f"{smallest:,}")
    return desk.say(turn, "announce.people", count=f"{reached:,}")


def draw_summary(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Card:
    """To how many, who is left out and why, and what it leaves of the quota."""
    reach, making = count(turn, desk, sheet, sheet.audience), sheet.making
    facts = [
        (desk.say(turn, "announce.fact_event"), sheet.event.title),
        (desk.say(turn, "announce.fact_to"), group_words(turn, desk, sheet.event, making.group)),
        (desk.say(turn, "announce.fact_reached"), desk.say(turn, "announce.people", count=f"{reach.reached:,}")),
        (desk.say(turn, "announce.fact_left_out"), _left_out(turn, desk, reach)),
        (desk.say(turn, "announce.fact_quota"), _quota(turn, desk, sheet, reach)),
    ]
    words = "\n\n".join(filter(None, (opening, desk.say(turn, "announce.summary"))))
    actions = (
        button(turn, desk, "button.announce_submit", making, "submit", w=sheet.seal),
        button(turn, desk, "button.announce_others", making, "to", w=sheet.words_seal),
        button(turn, desk, "button.announce_look", making, "preview"),
    )
    return Card(
        title=desk.say(turn, "announce.summary_title"), text=words, facts=tuple(facts), actions=actions,
        choices=(dialogue.cancel_button(turn, desk),),
    )  # fmt: skip


def _left_out(turn: Turn, desk: Desk, reach: Reach) -> str:
    lines = [
        desk.say(turn, key, count=f"{reach.left_out[why]:,}")
        for why, key in LEFT_OUT.items()
        if reach.left_out.get(why)
    ]
    return "\n".join(lines) or desk.say(turn, "announce.nobody_left_out")


def _quota(turn: Turn, desk: Desk, sheet: Sheet, reach: Reach) -> str:
    found = budget.find(turn.db, now=turn.now)
    if found is None:
        return desk.say(turn, "announce.quota_unknown")
    if found.left is None:
        return desk.say(turn, "announce.quota_without_limit")
    rules = desk.notice_rules
    left = max(0, found.left - approval.promised_to_others(turn.db, 0, rules=rules, now=turn.now))
    needed = approval.needed_this_month(sheet.plan, reach.reached, rules=rules, now=turn.now)
    if needed > left:
        return desk.say(turn, "announce.quota_short", left=f"{left:,}", needed=f"{needed:,}")
    return desk.say(turn, "announce.quota_after", left=f"{left - needed:,}")


def draw_submitted(turn: Turn, desk: Desk, notice_id: int, *, key: str) -> Card:
    address = f"{desk.base_url}/console/notices/{notice_id}"
    link = Link(desk.say(turn, "button.announce_console"), address)
    return Card(title="", text=f"{desk.say(turn, key)}\n{address}", actions=(link,), choices=desk.short_buttons(turn))


def draw(turn: Turn, desk: Desk, sheet: Sheet) -> Card:
    """What is being looked at, in one bubble."""
    if sheet.making.at == AUDIENCE:
        return draw_audiences(turn, desk, sheet)
    if sheet.making.at == PREVIEW or sheet.making.group not in sheet.groups:
        return preview_card(turn, desk, sheet, waiting=True)
    return draw_summary(turn, desk, sheet)


def draw_waiting(turn: Turn, desk: Desk, making: Making) -> Text:
    """While no event is chosen yet."""
    choices = (button(turn, desk, "button.announce_list", making, "events"), dialogue.cancel_button(turn, desk))
    return Text(desk.say(turn, "announce.waiting_event"), choices)
