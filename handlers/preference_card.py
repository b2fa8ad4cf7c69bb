"""ตั้งค่า: how it stands with one person, the whole on one card and the notices on another, and what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import clock, thai_dates
from bot.conversation.turn import Turn
from bot.messages import Action, AskLocation, Card, Press
from bot.outreach.hear_back import hash_of
from bot.outreach.preferences import Wishes
from handlers.desk import Desk
from handlers.event_filters import district_name, named

HOURS: Mapping[str, tuple[int, int]] = {
    "evening": (18 * 60, 8 * 60),
    "work": (8 * 60, 17 * 60),
    "morning": (6 * 60, 12 * 60),
}
_HOUR_LABELS = {
    "evening": "button.prefer_evening",
    "work": "button.prefer_work",
    "morning": "button.prefer_morning",
}


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that one person can set. `awaited`: how many questions they are to be told the answer of."""

    wishes: Wishes
    awaited: int = 0
    called: str = ""
    restricted: bool = False


def draw_whole(turn: Turn, desk: Desk, whole: Whole, *, said: str = "") -> Card:
    """A row for each thing that can be set, saying how it is set now. `said` is what has just happened."""
    lines = [said or desk.say(turn, "preferences.all_text")]
    if whole.restricted:
        lines.append(desk.say(turn, "preferences.restricted"))
    named = desk.say(turn, "preferences.row_call_me")
    if whole.called:
        named = desk.say(turn, "preferences.row_called", name=whole.called)
    language = ("button.prefer_thai", "th") if turn.language == "en" else ("button.prefer_english", "en")
    return Card(
        title=desk.say(turn, "preferences.all_title"),
        text="\n\n".join(lines),
        actions=(
            desk.press(
                turn, desk.say(turn, "preferences.row_news", state=_state(turn, desk, whole.wishes)), "prefer_news"
            ),
            _reminder_row(turn, desk, on=whole.wishes.reminders),
            desk.press(turn, desk.say(turn, "preferences.row_hear", count=str(whole.awaited)), "prefer_hear"),
            desk.press(turn, named, "prefer_called"),
            desk.button(turn, language[0], "prefer_language", v=language[1]),
            desk.button(turn, "button.prefer_data", "my_data"),
        ),
        choices=desk.short_buttons(turn),
    )


def draw_awaited(turn: Turn, desk: Desk, count: int) -> Card:
    """To how many questions they are to be told the answer, and the way to end that."""
    back = desk.button(turn, "button.prefer_all_back", "prefer")
    end = (desk.button(turn, "button.prefer_hear_end", "prefer_hear_end"),) if count else ()
    key = "preferences.hear_some" if count else "preferences.hear_none"
    return Card(
        title=desk.say(turn, "preferences.hear_title"), text=desk.say(turn, key, count=str(count)),
        actions=(*end, back), choices=desk.short_buttons(turn), leads=False,
    )  # fmt: skip


def draw(turn: Turn, desk: Desk, wishes: Wishes, *, said: str = "") -> Card:
    """The notices, with everything that can be changed about them. `said` is what has just happened."""
    choices = (desk.button(turn, "button.prefer_all_back", "prefer"), *desk.short_buttons(turn))
    if not wishes.wants:
        return Card(
            title=desk.say(turn, "preferences.title"),
            text=said or desk.say(turn, "preferences.is_off"),
            facts=((desk.say(turn, "preferences.fact_state"), desk.say(turn, "preferences.state_off")),),
            actions=(desk.button(turn, "button.prefer_on", "prefer_on"),),
            choices=choices,
        )
    return Card(
        title=desk.say(turn, "preferences.title"),
        text=said or desk.say(turn, "preferences.is_on"),
        facts=_facts(turn, desk, wishes),
        actions=(
            desk.button(turn, "button.prefer_topics", "prefer_topics"),
            desk.button(turn, "button.prefer_district", "prefer_district"),
            desk.button(turn, "button.prefer_hours", "prefer_hours"),
            _pause_button(turn, desk, wishes),
            desk.button(turn, "button.prefer_off", "notice_off"),
        ),
        choices=choices,
    )


def draw_topics(turn: Turn, desk: Desk, wishes: Wishes) -> Card:
    """A row for each programme, ticked where it is chosen; and the topics that were asked for, to let go of."""
    lines = [
        desk.say(turn, "preferences.topics_all" if wishes.everything else "preferences.topics_some"),
        desk.say(turn, "preferences.topics_kept"),
        *sensitive_lines(turn, desk),
    ]
    title, text = desk.say(turn, "preferences.topics_title"), "\n\n".join(lines)
    shown = hash_of("\n".join((title, text)))
    chosen = set() if wishes.everything else set(wishes.programmes)
    rows: list[Action] = []
    for programme in turn.catalogue.pack.programmes:
        on = programme.id in chosen
        proof = {"w": shown} if programme.id in sensitive_programmes(turn) and not on else {}
        about = {"p": programme.id, "v": "0" if on else "1", **proof}
        rows.append(_row(turn, desk, named(turn, programme), about, ticked=on))
    for topic in wishes.topics:
        if topic in turn.catalogue.entries:
            title_of = desk.title(turn, turn.catalogue.entries[topic])
            rows.append(_row(turn, desk, title_of, {"e": topic, "v": "0"}, ticked=True))
    if not wishes.everything:
        rows.append(desk.button(turn, "button.prefer_all", "prefer_all"))
    rows.append(desk.button(turn, "button.prefer_done", "prefer_news"))
    return Card(title=title, text=text, actions=tuple(rows), choices=desk.short_buttons(turn))


def draw_districts(turn: Turn, desk: Desk, *, choices: tuple[Action, ...] = ()) -> Card:
    """With `choices` of a dialogue that takes a typed one, too."""
    rows = [
        desk.press(turn, named(turn, district), "prefer_in", d=district.id)
        for district in turn.catalogue.pack.districts
    ]
    rows.append(desk.button(turn, "button.prefer_nowhere", "prefer_in", d=""))
    how = desk.say(turn, "preferences.district_type" if choices else "preferences.district_press")
    return Card(
        title=desk.say(turn, "preferences.district_title"),
        text=f"{how} {desk.say(turn, 'preferences.ask_district')}",
        actions=tuple(rows),
        choices=choices or desk.short_buttons(turn),
    )


def draw_hours(turn: Turn, desk: Desk, wishes: Wishes) -> Card:
    rows = [desk.button(turn, key, "prefer_quiet", h=name) for name, key in _HOUR_LABELS.items()]
    if wishes.quiet is not None:
        rows.append(desk.button(turn, "button.prefer_always", "prefer_quiet", h=""))
    rows.append(desk.button(turn, "button.prefer_back", "prefer_news"))
    begin, end = (f"{moment:%H:%M}" for moment in desk.notice_rules.day)
    return Card(
        title=desk.say(turn, "preferences.hours_title"),
        text=desk.say(turn, "preferences.ask_hours", begin=begin, end=end),
        actions=tuple(rows),
        choices=desk.short_buttons(turn),
    )


def district_choices(turn: Turn, desk: Desk, cancel: Press) -> tuple[Action, ...]:
    return (
        AskLocation(desk.say(turn, "button.prefer_here")),
        desk.button(turn, "button.prefer_nowhere", "prefer_in", d=""),
        cancel,
    )


def sensitive_programmes(turn: Turn) -> frozenset[str]:
    return frozenset(programme.id for programme in turn.catalogue.pack.programmes if programme.sensitive)


def sensitive_lines(turn: Turn, desk: Desk) -> list[str]:
    """What has to be known before such a programme is chosen among the others."""
    sensitive = sensitive_programmes(turn)
    found = [programme for programme in turn.catalogue.pack.programmes if programme.id in sensitive]
    return [desk.say(turn, "preferences.sensitive_named", topic=named(turn, programme)) for programme in found]


def programme_name(turn: Turn, programme_id: str) -> str:
    found = (known for known in turn.catalogue.pack.programmes if known.id == programme_id)
    return next((named(turn, known) for known in found), programme_id)


def day(turn: Turn, moment: datetime) -> str:
    return thai_dates.long_date(clock.bangkok_date(moment), english=turn.language == "en")


def _row(turn: Turn, desk: Desk, name: str, about: Mapping[str, str], *, ticked: bool) -> Press:
    label = desk.say(turn, "preferences.row_ticked" if ticked else "preferences.row_free", topic=name)
    shown = desk.say(turn, "preferences.row_drops" if ticked else "preferences.row_takes", topic=name)
    return Press(label, desk.buttons.encode("prefer_topic", now=turn.now, **about), shown)


def _reminder_row(turn: Turn, desk: Desk, *, on: bool) -> Press:
    topic = desk.say(turn, "preferences.reminders")
    label = desk.say(turn, "preferences.row_ticked" if on else "preferences.row_free", topic=topic)
    shown = desk.say(turn, "preferences.reminders_drop" if on else "preferences.reminders_take")
    return Press(label, desk.buttons.encode("prefer_remind", now=turn.now, v="0" if on else "1"), shown)


def _state(turn: Turn, desk: Desk, wishes: Wishes) -> str:
    if not wishes.wants:
        return desk.say(turn, "preferences.state_off")
    if wishes.paused_until is not None and wishes.is_paused(turn.now):
        return desk.say(turn, "preferences.state_paused", date=day(turn, wishes.paused_until))
    return desk.say(turn, "preferences.state_on")


def _pause_button(turn: Turn, desk: Desk, wishes: Wishes) -> Press:
    if wishes.is_paused(turn.now):
        return desk.button(turn, "button.prefer_resume", "prefer_resume")
    return desk.button(turn, "button.prefer_pause", "prefer_pause")


def _facts(turn: Turn, desk: Desk, wishes: Wishes) -> tuple[tuple[str, str], ...]:
    district = desk.say(turn, "preferences.no_district")
    if wishes.district is not None:
        district = district_name(turn, wishes.district)
    hours = desk.say(turn, "preferences.no_hours")
    if wishes.quiet is not None:
        begin, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in wishes.quiet)
        hours = desk.say(turn, "preferences.hours", begin=begin, end=end)
    return (
        (desk.say(turn, "preferences.fact_state"), _state(turn, desk, wishes)),
        (desk.say(turn, "preferences.fact_topics"), _topics(turn, desk, wishes)),
        (desk.say(turn, "preferences.fact_district"), district),
        (desk.say(turn, "preferences.fact_hours"), hours),
    )


def _topics(turn: Turn, desk: Desk, wishes: Wishes) -> str:
    if wishes.everything:
        return desk.say(turn, "preferences.everything")
    entries = turn.catalogue.entries
    names = [programme_name(turn, programme) for programme in wishes.programmes]
    names += [desk.title(turn, entries[topic]) for topic in wishes.topics if topic in entries]
    return "\n".join(names) or desk.say(turn, "preferences.nothing_chosen")
