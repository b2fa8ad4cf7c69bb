"""Notices: what is announced to many. All pages about them are one blueprint; this module has the list and what begins
a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import (
    event_words,
    notice_audiences,
    notice_editing,
    notice_names,
    notice_progress,
    notice_steps,
    notice_words,
    records,
)
from bot.console.access import Pages, may, row_id, visitor
from bot.console.event_editing import pack_of
from bot.console.premises import Premises
from bot.events import event_lists
from bot.notices import audience, drafting, letters
from bot.notices.audience import Audience
from bot.notices.content import Content
from bot.notices.drafting import Plan
from bot.notices.letters import LetterKind
from bot.notices.refusals import NoSuchNotice
from bot.outreach import staff
from bot.outreach.permissions import Permission
from bot.storage import events, notices, places
from bot.storage.events import EventRow
from bot.storage.notice_audience import ATTENDED, PROGRAMME, REGISTERED, WAITS, Group
from bot.storage.notices import APPROVED, DRAFT, FINISHED, HELD, PAUSED, STOPPED, SUBMITTED, UNDER_WAY, NoticeRow
from knowledge.pack import Named

WRITE = Permission.WRITE_NOTICES
A_PAGE = 20
MOST_EVENTS, MOST_OVER = 30, 10
STATES = {
    "waiting": (SUBMITTED,), "drafts": (DRAFT,), "way": (APPROVED, *UNDER_WAY), "over": (FINISHED, STOPPED),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    row: NoticeRow
    title: str
    author: str
    address: str


def notice_pages(premises: Premises) -> Blueprint:
    pages = Pages("notices")

    @pages.page("/notices", needs=WRITE)
    def index() -> ResponseReturnValue:
        return _index(premises)

    @pages.page("/notices/new", needs=WRITE, methods=("GET", "POST"))
    def new() -> ResponseReturnValue:
        if request.method != "POST":
            return _new(premises)
        event_id, copied = (request.form.get(name, type=row_id) for name in ("event", "copy"))
        if copied is not None:
            return _copy(premises, copied, to_the_unclear=bool(request.form.get("unclear")))
        return _create(premises, event_id)

    for module in (notice_editing, notice_audiences, notice_steps, notice_progress):
        module.add_pages(pages, premises)
    return pages.guard(premises)


def _index(premises: Premises) -> ResponseReturnValue:
    first = min(request.args.get("from", 0, type=row_id), 100_000)
    with premises.database.reading() as db:
        by_state = notices.count_by_state(db)
        counts = {which: sum(by_state.get(state, 0) for state in states) for which, states in STATES.items()}
        which = request.args.get("show") or _most_urgent(counts)
        if which not in STATES:
            abort(404)
        found = notices.list_in_states(db, STATES[which], limit=A_PAGE + 1, offset=first)
        authors = {one.id: one.name for one in staff.list_accounts(db)}
    return render_template(
        "console/notices.html", which=which, counts=counts, first=first, words=notice_words,
        found=[_line(row, authors) for row in found[:A_PAGE]],
        more=first + A_PAGE if len(found) > A_PAGE else None,
        stuck=by_state.get(HELD, 0) + by_state.get(PAUSED, 0),
    )  # fmt: skip


def _most_urgent(counts: dict[str, int]) -> str:
    """What the visitor can do something about comes first."""
    order = (
        ("waiting", "way", "drafts", "over")
        if may(Permission.APPROVE_NOTICES)
        else ("drafts", "waiting", "way", "over")
    )
    return next((which for which in order if counts[which]), "drafts")


def _line(row: NoticeRow, authors: dict[int, str]) -> Line:
    address = url_for("notices.edit" if row.state == DRAFT else "notices.show", notice_id=row.id)
    title = notice_names.title_of(row, drafting.plan_of(row))
    return Line(row, title, authors.get(row.author_id or 0, ""), address)


def _new(premises: Premises) -> ResponseReturnValue:
    now, first = premises.now(), min(request.args.get("from", 0, type=row_id), 100_000)
    event_id, copied = (request.args.get(name, type=row_id) for name in ("event", "copy"))
    with premises.database.reading() as db:
        row = notices.find(db, copied) if copied is not None else None
        only = events.find(db, event_id) if event_id is not None else None
        coming = [only] if only else _list_events(db, event_lists.COMING, MOST_EVENTS, now=now, first=first)
        over = [] if only or first else _list_events(db, event_lists.PAST, MOST_OVER, now=now)
    if (copied is not None and row is None) or (event_id is not None and only is None):
        abort(404)
    title = notice_names.title_of(row, drafting.plan_of(row)) if row is not None else ""

    def letters_of(event: EventRow) -> list[str]:
        return [LetterKind.THANKS] if event.ends_at <= now else [LetterKind.INVITATION, LetterKind.SEATS]

    return render_template(
        "console/notice_new.html", events=coming[:MOST_EVENTS], over=over[:MOST_OVER], first=first,
        more=first + MOST_EVENTS if len(coming) > MOST_EVENTS else None, only=only, letters=letters_of,
        when=event_words.when,
        copied={"id": copied, "title": title} if row is not None else None, words=notice_words,
    )  # fmt: skip


def _list_events(db: Session, which: str, most: int, *, now: datetime, first: int = 0) -> list[EventRow]:
    return event_lists.list_page(db, which, now=now, limit=most + 1, offset=first)


def _create(premises: Premises, event_id: int | None) -> ResponseReturnValue:
    with premises.database.transaction() as db:
        event = events.find(db, event_id) if event_id is not None else None
        if event_id is not None and event is None:
            abort(404)
        plan = _plan_for(premises, db, event) if event is not None else Plan(Content(()), Audience(()))
        row = drafting.create(db, plan, author_id=visitor().account.id, now=premises.now())
        records.record(db, premises, "notice.created", ("notice", row.id), after={"event": event_id})
    flash(notice_words.CREATED_FROM_EVENT if event_id is not None else notice_words.CREATED, "success")
    return redirect(url_for("notices.edit", notice_id=row.id))


def _plan_for(premises: Premises, db: Session, event: EventRow) -> Plan:
    """To whoever wants to hear of its programme and has not signed up yet; thanks, to those who were there."""
    pack = pack_of(premises)
    kind = next((one for one in LetterKind if one == request.form.get("letter")), LetterKind.INVITATION)
    seats_left = None
    if event.capacity is not None:
        seats_left = max(0, event.capacity - places.count_crowds(db, [event.id]).get(event.id, (0, 0, 0))[0])
    content = letters.letter_for(
        event, district=_name(pack.districts, event.district), programme=_name(pack.programmes, event.programme),
        base_url=premises.settings.base_url, seats_left=seats_left, kind=kind,
    )  # fmt: skip
    number = str(event.id)
    if kind is LetterKind.THANKS:
        return Plan(content, Audience((Group(ATTENDED, number),)), event_id=event.id)
    known = any(one.id == event.programme for one in pack.programmes)
    groups = (Group(PROGRAMME, event.programme or ""),) if known else audience.everyone().groups
    return Plan(content, Audience(groups, (Group(REGISTERED, number), Group(WAITS, number))), event_id=event.id)


def _copy(premises: Premises, notice_id: int, *, to_the_unclear: bool) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            row = drafting.copy(
                db, notice_id, author_id=visitor().account.id, now=premises.now(), to_the_unclear=to_the_unclear
            )  # fmt: skip
            records.record(db, premises, "notice.created", ("notice", row.id), after={"copy_of": notice_id})
    except NoSuchNotice:
        abort(404)
    flash(notice_words.COPIED, "success")
    return redirect(url_for("notices.edit", notice_id=row.id))


def _name(several: tuple[Named, ...], wanted: str | None) -> str:
    return next((one.name.get("th", one.id) for one in several if one.id == wanted), "")
