"""Whom a notice is for: chosen by groups, counted at once, with what it leaves of the month's quota."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from bot.console import notice_facts, notice_words, records
from bot.console.access import Pages, row_id, visitor
from bot.console.event_editing import pack_of
from bot.console.notice_counting import Counted, count, find_narrower
from bot.console.notice_names import Names, page_of, write_group
from bot.console.premises import Premises
from bot.events import event_lists
from bot.notices import audience as audiences
from bot.notices import drafting, rules
from bot.notices.audience import Audience
from bot.notices.drafting import Plan
from bot.notices.refusals import AudienceRefused, ChangedMeanwhile, NoSuchNotice, NotInThatState
from bot.outreach.permissions import Permission
from bot.storage import events, notices
from bot.storage.events import EventRow
from bot.storage.notice_audience import (
    ABSENT,
    ATTENDED,
    DISTRICT,
    EVERYONE,
    PROGRAMME,
    REGISTERED,
    TOPIC,
    UNCLEAR,
    WAITS,
    Group,
)
from bot.storage.notices import NoticeRow

WRITE = Permission.WRITE_NOTICES
MOST_EVENTS = 40
"""Offered to choose from."""
MOST_ADDED = 10
COUNTED_AT_ONCE = 20_000
"""Of so many people narrower groups are looked for without being asked to: each is counted by itself."""
LONGEST_WAS = 20_000
NOBODY = Audience(())


@dataclass(frozen=True, slots=True)
class Section:
    """Groups that are chosen among one another."""

    title: str
    choices: tuple[tuple[str, str], ...]
    """What is sent, and what is read."""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """What is ticked, and what else is offered. `refused`: it cannot be kept like that."""

    audience: Audience
    events: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    refused: str = ""


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/notices/<int:notice_id>/audience", needs=WRITE, methods=("GET", "POST"))
    def audience(notice_id: int) -> ResponseReturnValue:
        row, plan = _open(premises, notice_id)
        if row.state not in drafting.EDITABLE:
            flash(notice_words.NOT_EDITABLE, "warning")
            return redirect(page_of(notice_id))
        return _chosen(premises, row, plan) if request.method == "POST" else _page(premises, row, plan)

    @pages.page("/notices/<int:notice_id>/count", needs=WRITE, methods=("POST",))
    def counted(notice_id: int) -> ResponseReturnValue:
        """A part of the page, for its script."""
        _, plan = _open(premises, notice_id)
        filled = of_request(request.form)
        with premises.database.reading() as db:
            found = _count(premises, db, notice_id, plan, filled, narrower=False)
        why = notice_words.audience_refused(filled.refused) if filled.refused else ""
        return render_template("console/notice_counted.html", counted=found, words=notice_words, why=why)


def of_request(form: MultiDict[str, str]) -> Filled:
    groups = {side: [_pair(text) for text in form.getlist(side)[: 3 * audiences.MOST_GROUPS]] for side in ("in", "out")}
    added = tuple(dict.fromkeys(form.getlist("event", type=row_id)[:MOST_ADDED]))
    topics = tuple(dict.fromkeys(topic[:40] for topic in form.getlist("topic")[:MOST_ADDED] if topic))
    try:
        return Filled(audiences.from_json({"groups": groups["in"], "without": groups["out"]}), added, topics)
    except AudienceRefused as refused:
        return Filled(NOBODY, added, topics, refused.why)


def _open(premises: Premises, notice_id: int) -> tuple[NoticeRow, Plan]:
    with premises.database.reading() as db:
        row = notices.find(db, notice_id)
    if row is None:
        abort(404)
    return row, drafting.plan_of(row)


def _chosen(premises: Premises, row: NoticeRow, plan: Plan) -> ResponseReturnValue:
    filled, do = of_request(request.form), request.form.get("do", "save")
    if do.startswith("use:"):
        only = _pair(do.removeprefix("use:"))
        filled = replace(filled, audience=replace(filled.audience, groups=(Group(only[0], only[1]),)))
        try:
            filled = replace(filled, audience=audiences.from_json(filled.audience.to_json()))
        except AudienceRefused:
            abort(400)
    if do == "quota":
        with premises.database.transaction() as db:
            notice_facts.ask_quota(db, now=premises.now())
    if filled.refused:
        return _page(premises, row, plan, filled=filled, why=notice_words.audience_refused(filled.refused), status=422)
    if do != "save":
        return _page(premises, row, plan, filled=filled, counts=True, narrower=do == "narrower", asked=do == "quota")
    seen = request.form.get("version", type=row_id)
    if seen is None:
        abort(400)
    if seen != row.version and _was() != plan.audience.to_json():
        return _page(premises, row, plan, filled=filled, theirs=plan.audience, status=409)
    if filled.audience == plan.audience or filled.audience.to_json() == plan.audience.to_json():
        return redirect(_back(row.id))
    return _save(premises, row, replace(plan, audience=filled.audience), filled)


def _save(premises: Premises, row: NoticeRow, plan: Plan, filled: Filled) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            drafting.edit(db, row.id, plan, seen=row.version, by=visitor().account.id, now=premises.now())
            records.record(
                db, premises, "notice.edited", ("notice", row.id),
                after={"fields": ["audience"], "was": row.state},
            )  # fmt: skip
    except ChangedMeanwhile:
        row, plan = _open(premises, row.id)
        return _page(premises, row, plan, filled=filled, theirs=plan.audience, status=409)
    except NotInThatState:
        flash(notice_words.NOT_EDITABLE, "warning")
        return redirect(page_of(row.id))
    except NoSuchNotice:
        abort(404)
    flash(notice_words.saved(row.state), "success")
    return redirect(_back(row.id))


def _back(notice_id: int) -> str:
    return url_for("notices.edit", notice_id=notice_id, _anchor="audience")


def _page(
    premises: Premises, row: NoticeRow, plan: Plan, *, filled: Filled | None = None, theirs: Audience | None = None,
    why: str = "", counts: bool = True, narrower: bool = False, asked: bool = False, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    chosen = filled or Filled(plan.audience)
    with premises.database.reading() as db:
        offered = _events_offered(db, plan, chosen)
        names = Names.look_up(premises, db, (*_groups(chosen.audience), *_groups(theirs or NOBODY)), offered)
        found = _count(premises, db, row.id, plan, chosen, narrower=narrower) if counts else None
        more = _more_events(premises, db, offered)
    sections = tuple(_sections(premises, names, offered, chosen))
    page = render_template(
        "console/notice_audience.html", row=row, chosen=chosen, sections=sections, why=why, counted=found,
        ticked={side: {write_group(one) for one in groups} for side, groups in _sides(chosen.audience)},
        theirs=None if theirs is None else names.describe(theirs), asked=asked, words=notice_words,
        was=json.dumps(plan.audience.to_json()), more_events=more, more_topics=_more_topics(premises, chosen),
        added=_added(plan, chosen),
    )  # fmt: skip
    return page, status


def _count(
    premises: Premises, db: Session, notice_id: int, plan: Plan, filled: Filled, *, narrower: bool
) -> Counted:  # fmt: skip
    now, applied = premises.now(), rules.of(premises.settings)
    found = count(db, replace(plan, audience=filled.audience), notice_id=notice_id, rules=applied, now=now)
    if not found.is_too_many or not (narrower or found.people <= COUNTED_AT_ONCE):
        return found
    pack = pack_of(premises)
    candidates = [Group(PROGRAMME, one.id) for one in pack.programmes] + [
        Group(DISTRICT, one.id) for one in pack.districts
    ]
    named = Names.look_up(premises, db, candidates, ())
    offers = find_narrower(db, plan, filled.audience, candidates, room=found.left or 0, rules=applied, now=now)
    return replace(found, narrower=tuple((write_group(one), named.of(one), people) for one, people in offers))


def _sections(
    premises: Premises, names: Names, offered: Sequence[EventRow], chosen: Filled
) -> Iterator[Section]:  # fmt: skip
    pack, now = pack_of(premises), premises.now()

    def section(title: str, groups: Iterable[Group], *, is_long: bool = False) -> Section:
        return Section(title, tuple((write_group(one), names.of(one)) for one in groups), is_long)

    ticked = set(_groups(chosen.audience))
    yield section("", [Group(EVERYONE)])
    yield section(notice_words.PROGRAMMES, [Group(PROGRAMME, one.id) for one in pack.programmes])
    yield section(notice_words.DISTRICTS, [Group(DISTRICT, one.id) for one in pack.districts], is_long=True)
    for event in offered:
        kinds = (REGISTERED, WAITS, ATTENDED, ABSENT) if event.starts_at <= now else (REGISTERED, WAITS)
        groups = [Group(kind, str(event.id)) for kind in kinds]
        groups += sorted((one for one in ticked if one.value == str(event.id) and one not in groups), key=write_group)
        yield section(notice_words.event_section(event), groups)
    unclear = sorted((one for one in ticked if one.kind == UNCLEAR), key=write_group)
    if unclear:
        yield section(notice_words.UNCLEAR, unclear)
    topics = dict.fromkeys((*(one.value for one in ticked if one.kind == TOPIC), *chosen.topics))
    if topics:
        yield section(notice_words.TOPICS, [Group(TOPIC, topic) for topic in topics])


def _events_offered(db: Session, plan: Plan, chosen: Filled) -> list[EventRow]:
    """That of the notice, those that groups speak of, and those that were added."""
    spoken_of = [
        int(one.value) for one in _groups(chosen.audience) if one.kind in (REGISTERED, WAITS, ATTENDED, ABSENT)
    ]
    wanted = dict.fromkeys([*([plan.event_id] if plan.event_id else []), *spoken_of, *chosen.events])
    found = (events.find(db, event_id) for event_id in wanted)
    return [event for event in found if event is not None]


def _more_events(premises: Premises, db: Session, offered: Sequence[EventRow]) -> list[tuple[int, str]]:
    there = {event.id for event in offered}
    half = MOST_EVENTS // 2
    several = [
        event
        for which in (event_lists.COMING, event_lists.PAST)
        for event in event_lists.list_page(db, which, now=premises.now(), limit=half)
    ]
    return [(event.id, notice_words.event_choice(event)) for event in several if event.id not in there]


def _more_topics(premises: Premises, chosen: Filled) -> list[tuple[str, str]]:
    there = {one.value for one in _groups(chosen.audience) if one.kind == TOPIC} | set(chosen.topics)
    found = Names.topics_of(premises)
    return sorted(((topic, title) for topic, title in found.items() if topic not in there), key=lambda one: one[1])


def _added(plan: Plan, chosen: Filled) -> Mapping[str, Sequence[int | str]]:
    """What only the form knows of, to be sent along."""
    return {"event": [one for one in chosen.events if one != plan.event_id], "topic": chosen.topics}


def _groups(audience: Audience) -> tuple[Group, ...]:
    return (*audience.groups, *audience.without)


def _sides(audience: Audience) -> tuple[tuple[str, tuple[Group, ...]], ...]:
    return (("in", audience.groups), ("out", audience.without))


def _pair(text: str) -> list[str]:
    kind, _, value = text.partition(":")
    return [kind, value[:40]]


def _was() -> object:
    try:
        return json.loads(request.form.get("was", "")[:LONGEST_WAS])
    except ValueError:
        return None
