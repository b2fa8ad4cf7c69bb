"""What is on, for everybody: /e/ lists it, /e/<public_id> tells all of one event, and .ics is for a calendar."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session

from bot.events import search
from bot.events.calendar import event_calendar
from bot.events.search import Door, Seats, Wanted
from bot.storage import events
from bot.storage.events import EventRow
from bot.web import event_facts
from bot.web.event_facts import Fact
from bot.web.pages import FOR_A_MINUTE, Grounds, blueprint, find_pack, render, say, say_no

MOST: Final = 100
"""Events on the page of what is on."""
ADD_FRIEND: Final = "https://line.me/R/ti/p/"
WAYS_IN: Final = search.OPEN_DOORS | {Door.NOT_YET}


def public_events(grounds: Grounds) -> Blueprint:
    pages = blueprint("public_events", grounds, prefix="/e", private=False, static=True)

    @pages.get("/")
    def index() -> Response:
        with grounds.database.reading() as db:
            found = [one.event for one in search.list_wanted(db, Wanted(), now=grounds.now())]
            seats = search.seats_of(db, found[:MOST], now=grounds.now())
        return _for_a_minute(_list(grounds, found, seats))

    @pages.get("/<public_id>")
    def show(public_id: str) -> Response:
        with grounds.database.reading() as db:
            event = _get_shown(db, grounds, public_id)
            return _for_a_minute(_page(db, grounds, event))

    @pages.get("/<public_id>.ics")
    def calendar(public_id: str) -> Response:
        with grounds.database.reading() as db:
            event = _get_shown(db, grounds, public_id)
            made = event_calendar([event], base_url=grounds.settings.base_url, now=grounds.now())
        response = Response(made, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{event.public_id}.ics"'
        return _for_a_minute(response)

    return pages


def _get_shown(db: Session, grounds: Grounds, public_id: str) -> EventRow:
    """Published, or called off after it had been. Answers 404."""
    known = public_id.isascii() and public_id.isprintable()
    event = events.find_by_public_id(db, public_id) if known else None
    if event is None or event.state == events.DRAFT or (event.published_at is None and event.state != events.PUBLISHED):
        abort(say_no(grounds, "not_found.event", "not_found.event_more", status=404))
    return event


def _for_a_minute(response: Response) -> Response:
    """A link that is shared in a group is opened by many at once."""
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return response


def _list(grounds: Grounds, found: list[EventRow], seats: dict[int, Seats]) -> Response:
    pack = find_pack(grounds)
    rows = [
        {
            "public_id": event.public_id,
            "title": event.title,
            "programme": event_facts.programme(event, pack),
            "when": event_facts.when(event),
            "where": event_facts.where(event, pack),
            "seats": event_facts.seats_left(event, seats[event.id]),
        }
        for event in found[:MOST]
    ]
    return render(
        grounds, "events.html", rows=rows, more=len(found) > MOST, most=MOST,
        address=f"{grounds.settings.base_url}{request.path}",
    )  # fmt: skip


def _page(db: Session, grounds: Grounds, event: EventRow) -> Response:
    pack = find_pack(grounds)
    seats = search.seats_of(db, [event], now=grounds.now())[event.id]
    off, over = event.state == events.CALLED_OFF, event.ends_at <= grounds.now()
    when, where = event_facts.when(event), event_facts.where(event, pack)
    open_door = seats.door in WAYS_IN and not off
    return render(
        grounds, "event.html", event=event, programme=event_facts.programme(event, pack),
        facts=_facts(db, event, seats, when=when, where=where, alive=not off and not over),
        map_link=event_facts.map_link(event), called_off=off, over=over,
        begun=seats.door is Door.BEGUN and not over, open_door=open_door,
        asked=_asked(db, event) if open_door else (), kept_days=event.retention_days,
        purpose=event.purpose or say("asked.usual_purpose"),
        add_friend=f"{ADD_FRIEND}{grounds.line_id}" if grounds.line_id else "",
        shared=f"{when} · {where}", address=f"{grounds.settings.base_url}/e/{event.public_id}",
    )  # fmt: skip


def _facts(
    db: Session, event: EventRow, seats: Seats, *, when: str, where: str, alive: bool
) -> tuple[Fact, ...]:  # fmt: skip
    facts = [
        Fact(say("fact.when"), when),
        *event_facts.parts(events.list_sessions(db, event.id)),
        Fact(say("fact.where"), where),
    ]
    if alive:
        facts += [Fact(say("fact.seats"), event_facts.seats_left(event, seats)), *_about_registering(event, seats)]
    if event.gives_certificate:
        facts.append(Fact(say("fact.certificate"), say("event.gives_certificate")))
    return (
        *facts,
        *event_facts.optional("fact.bring", event.bring),
        *event_facts.optional("fact.contact", event.contact),
    )


def _about_registering(event: EventRow, seats: Seats) -> list[Fact]:
    if seats.door not in WAYS_IN:
        return []
    until = event_facts.moment(event.closes_at) if event.closes_at else say("event.until_begin")
    facts = [Fact(say("fact.until"), until)]
    if event.party_most > 1:
        facts.append(Fact(say("fact.most"), say("event.most", most=event.party_most)))
    if event.for_classes:
        facts.append(Fact(say("fact.most"), say("event.class")))
    if event.minors in {"adults", "guardian"}:
        facts.append(Fact(say("fact.who"), say(f"event.{event.minors}")))
    return facts


def _asked(db: Session, event: EventRow) -> list[tuple[str, str]]:
    """Everything that is asked of those who register, and what for: nobody begins without knowing."""
    asked = [(say("asked.name"), say("asked.name_why"))]
    if event.phone_rule in {"optional", "required"}:
        label = "asked.phone" if event.phone_rule == "required" else "asked.phone_maybe"
        asked.append((say(label), say("asked.phone_why")))
    if event.asks_district:
        asked.append((say("asked.district"), say("asked.district_why")))
    if event.asks_companions:
        why = "asked.companions_certificate" if event.gives_certificate else "asked.companions_why"
        asked.append((say("asked.companions"), say(why)))
    if event.for_classes:
        asked.append((say("asked.school"), say("asked.school_why")))
    if event.minors in {"adults", "guardian"}:
        why = "asked.adults_why" if event.minors == "adults" else "asked.age_why"
        asked.append((say("asked.age"), say(why)))
    for question in events.list_questions(db, event.id):
        label = question.label if question.required else say("asked.own_maybe", label=question.label)
        asked.append((label, say("asked.own_why")))
    return asked
