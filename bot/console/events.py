"""Events: what is coming, what is being planned, and one of them. All pages about them are one blueprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock, thai_dates
from bot.console import event_editing, event_steps, event_words
from bot.console.access import Pages, may, row_id
from bot.console.premises import Premises
from bot.events import event_lists, planning
from bot.events.event_lists import Crowd
from bot.outreach.permissions import Permission
from bot.storage import check_ins, event_feedback, events, registrations
from bot.storage.events import EventRow
from knowledge.pack import Named

SEE = Permission.SEE_EVENTS
A_PAGE = 20
MOST_WORDS = 30
TELEPHONE, NOTICE = "registrants.telephone", "notices.new"
ELSEWHERE = (
    ("registrants.index", "ผู้ลงทะเบียน", Permission.SEE_EVENTS),
    ("check_in.show", "เช็กอิน", Permission.CHECK_IN),
)
"""Pages of one event in other rooms, where there are such."""


@dataclass(frozen=True, slots=True)
class Figures:
    confirmed: tuple[int, int]
    """Parties, and the people in them; so are the next two."""
    waiting: tuple[int, int]
    pending: tuple[int, int]
    offered: tuple[int, int]
    seats: int
    came: int
    to_telephone: int
    stars: dict[int, int]
    words: list[tuple[int, str]]

    @property
    def rating(self) -> float | None:
        number = sum(self.stars.values())
        return sum(stars * people for stars, people in self.stars.items()) / number if number else None


def event_pages(premises: Premises) -> Blueprint:
    pages = Pages("events")

    @pages.page("/events", needs=SEE)
    def index() -> ResponseReturnValue:
        which = request.args.get("show", event_lists.COMING)
        if which not in event_lists.LISTS:
            abort(404)
        first, now = min(request.args.get("from", 0, type=row_id), 100_000), premises.now()
        with premises.database.reading() as db:
            found = event_lists.list_page(db, which, now=now, limit=A_PAGE + 1, offset=first)
            counts = event_lists.count_lists(db, now=now)
            crowds = event_lists.count_crowds(db, [event.id for event in found[:A_PAGE]])
        return render_template(
            "console/events.html", which=which, found=found[:A_PAGE], counts=counts, crowds=crowds, nobody=Crowd(),
            more=first + A_PAGE if len(found) > A_PAGE else None, first=first, words=event_words,
            names=names(event_editing.pack_of(premises).districts),
        )  # fmt: skip

    @pages.page("/events/<int:event_id>", needs=SEE)
    def show(event_id: int) -> ResponseReturnValue:
        with premises.database.reading() as db:
            event = events.find(db, event_id)
            if event is None:
                abort(404)
            plan, figures = planning.read_plan(db, event), _figures(db, event)
        now, pack = premises.now(), event_editing.pack_of(premises)
        return render_template(
            "console/event.html", event=event, plan=plan, figures=figures, words=event_words, now=now,
            districts=names(pack.districts), programmes=names(pack.programmes), links=_links(event_id),
            telephone=_telephone(event_id),
            over=event.ends_at <= now and event.state == events.PUBLISHED,
            missing=event_steps.missing(premises, plan) if event.state == events.DRAFT else [],
            relative=_relative(event, now), public=f"{premises.settings.base_url}/e/{event.public_id}",
            state=_state(event, now),
        )  # fmt: skip

    for module in (event_editing, event_steps):
        module.add_pages(pages, premises)
    return pages.guard(premises)


def names(several: tuple[Named, ...]) -> dict[str, str]:
    return {one.id: one.name.get("th", one.id) for one in several}


def _figures(db: Session, event: EventRow) -> Figures:
    states = registrations.count_by_state(db, event.id)
    return Figures(
        confirmed=states.get(registrations.CONFIRMED, (0, 0)),
        waiting=states.get(registrations.WAITING, (0, 0)),
        pending=states.get(registrations.PENDING, (0, 0)),
        offered=states.get(registrations.OFFERED, (0, 0)),
        seats=registrations.count_seats(db, event.id),
        came=max(check_ins.count_people(db, event.id).values(), default=0),
        to_telephone=event_lists.count_to_telephone(db, event.id),
        stars=event_feedback.count_by_stars(db, event.id),
        words=event_feedback.list_words(db, event.id, limit=MOST_WORDS),
    )


def _links(event_id: int) -> list[tuple[str, str]]:
    links = [
        (url_for(endpoint, event_id=event_id), title)
        for endpoint, title, needs in ELSEWHERE
        if endpoint in current_app.view_functions and may(needs)
    ]
    if NOTICE in current_app.view_functions and may(Permission.WRITE_NOTICES):
        links.append((url_for(NOTICE, event=event_id), "เขียนประกาศ"))
    return links


def _telephone(event_id: int) -> str:
    """Where it stands whom to call, for those who may know numbers."""
    there = TELEPHONE in current_app.view_functions and may(Permission.SEE_PEOPLE)
    return url_for(TELEPHONE, event=event_id) if there else ""


def _relative(event: EventRow, now: datetime) -> str:
    if event.ends_at <= event.starts_at:
        return ""
    if event.starts_at <= now < event.ends_at:
        return "กำลังจัดอยู่"
    return thai_dates.relative_day(clock.bangkok_date(event.starts_at), clock.bangkok_date(now))


def _state(event: EventRow, now: datetime) -> str:
    if event.state == events.PUBLISHED and event.ends_at <= now:
        return "จบแล้ว"
    return event_words.STATES.get(event.state, event.state)
