"""A roster that was kept on paper, typed back: ticks, and one button."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import check_in_sentences as sentences
from bot.console import records
from bot.console.access import Pages, row_id, visitor
from bot.console.check_in_answers import cards_of, new_key
from bot.console.check_in_asked import chosen_part, get_event
from bot.console.premises import Premises
from bot.events import check_in as door
from bot.events.check_in import MOST_PARTIES, MOST_PEOPLE, PAPER, Arrival, NoSuchPart
from bot.events.refusals import PartyTooLarge, Refused
from bot.outreach.permissions import Permission
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED

TYPED_BACK = "event.paper_typed_back"
LONGEST_KEY = 32


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/check-in/<int:event_id>/paper", needs=Permission.CHECK_IN, methods=("GET", "POST"))
    def paper(event_id: int) -> ResponseReturnValue:
        with premises.database.reading() as db:
            event = get_event(db, event_id)
        return _type_back(premises, event) if request.method == "POST" else _sheet(premises, event)


def _sheet(premises: Premises, event: EventRow, *, fault: str = "", status: int = 200) -> ResponseReturnValue:
    with premises.database.reading() as db:
        sessions = events.list_sessions(db, event.id)
        part = chosen_part(sessions, now=premises.now())
        rows = registrations.list_of_event(db, event.id, states=(CONFIRMED,), limit=MOST_PARTIES)
        cards = cards_of(db, premises.vault, event, rows, part=part)
    page = render_template(
        "console/check_in_paper.html",
        event=event,
        when=sentences.when,
        parts=[(one.id, sentences.part(one)) for one in sessions],
        part=part,
        cards=sorted(cards, key=lambda card: (card.name, card.code)),
        key=request.form.get("key", "")[:LONGEST_KEY] or new_key(),
        ticked=set(request.form.getlist("came", type=row_id)),
        typed=request.form,
        fault=fault,
        most=MOST_PEOPLE,
        new_key=new_key,
    )
    return page, status


def _type_back(premises: Premises, event: EventRow) -> ResponseReturnValue:
    """One key for the sheet, from which each row has its own: sent twice, every row counts once."""
    key, part = request.form.get("key", "")[:LONGEST_KEY], request.form.get("part", type=row_id)
    if not key:
        abort(400)
    people = {row: request.form.get(f"people_{row}", 0, type=int) for row in request.form.getlist("came", type=row_id)}
    now = premises.now()
    try:
        with premises.database.transaction() as db:
            arrival = Arrival(_began(event, now), now, PAPER, visitor().account.id, key, part=part)
            done = door.check_in_many(db, event_id=event.id, people=people, arrival=arrival)
            new = [one for one in done if one.new]
            if new:
                counted = {"part": new[0].part, "parties": len(new), "people": sum(one.people for one in new)}
                records.record(db, premises, TYPED_BACK, ("event", event.id), after=counted)
    except Refused as refused:
        return _sheet(premises, event, fault=_said(refused), status=422)
    flash(sentences.paper(len(new), sum(one.people for one in new), len(done) - len(new)), "success")
    return redirect(url_for("check_in.paper", event_id=event.id, part=part))


def _began(event: EventRow, now: datetime) -> datetime:
    """Nobody wrote down when they came: the beginning is the best guess once it is over."""
    return event.starts_at if event.ends_at <= now else now


def _said(refused: Refused) -> str:
    if isinstance(refused, PartyTooLarge):
        return " ".join(sentences.too_many(refused.most))
    return " ".join(sentences.NO_PART if isinstance(refused, NoSuchPart) else sentences.CALLED_OFF)
