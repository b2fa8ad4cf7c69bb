"""Who has registered for an event: the list, one of them, and the telephone number that a volunteer asks to see. All
pages about them are one blueprint."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import (
    event_editing,
    event_words,
    records,
    registrants_acts,
    registrants_adding,
    registrants_by_hand,
    registrants_export,
    registrants_roster,
    registrants_words,
)
from bot.console.access import Pages, may, row_id
from bot.console.premises import Premises
from bot.console.registrants_one import count_came, get_event, get_registrant, show_one
from bot.events import by_hand
from bot.events import registrants as listing
from bot.events.registrants import A_PAGE, MOST_FOUND, Listed
from bot.outreach.permissions import Permission
from bot.storage.events import EventRow

SEE = Permission.SEE_EVENTS
OPEN = "open"
LONGEST_SEARCH = 200


def registrants(premises: Premises) -> Blueprint:
    pages = Pages("registrants")

    @pages.page("/events/<int:event_id>/registrants", needs=SEE)
    def index(event_id: int) -> ResponseReturnValue:
        return _index(premises, event_id)

    @pages.page("/events/<int:event_id>/registrants/search", needs=SEE, methods=("GET", "POST"))
    def search(event_id: int) -> ResponseReturnValue:
        """Asked for by a form that is sent, so that no name stands in an address."""
        return _search(premises, event_id)

    @pages.page("/events/<int:event_id>/registrants/<int:registration_id>", needs=SEE)
    def show(event_id: int, registration_id: int) -> ResponseReturnValue:
        return show_one(premises, event_id, registration_id)

    @pages.page("/events/<int:event_id>/registrants/<int:registration_id>/phone", needs=SEE, methods=("POST",))
    def reveal(event_id: int, registration_id: int) -> ResponseReturnValue:
        with premises.database.transaction() as db:
            get_event(db, event_id)
            get_registrant(db, premises, event_id, registration_id)
            records.record(db, premises, "registration.phone_shown", ("registration", registration_id))
        return show_one(premises, event_id, registration_id, phone_shown=True)

    for module in (
        registrants_acts,
        registrants_adding,
        registrants_export,
        registrants_roster,
        registrants_by_hand,
    ):
        module.add_pages(pages, premises)
    return pages.guard(premises)


def _index(premises: Premises, event_id: int) -> ResponseReturnValue:
    tab = request.args.get("show", OPEN)
    if tab not in registrants_words.TABS:
        abort(404)
    first = min(request.args.get("from", 0, type=row_id), listing.MOST)
    states = registrants_words.TABS[tab][1]
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        listed = listing.list_page(db, premises.vault, event, states=states, first=first)
        came = count_came(db, listed.found)
        calls = by_hand.count_calls(db, now=premises.now(), event_id=event_id)
    return render_template(
        "console/registrants.html", tab=tab, first=first, listed=listed, calls=calls, a_page=A_PAGE,
        tabs=_tabs(event, listed), **shared(premises, event, came),
    )  # fmt: skip


def _search(premises: Premises, event_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()[:LONGEST_SEARCH]
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        found = listing.search(db, premises.vault, event_id, text) if text else []
        came = count_came(db, found)
    return render_template(
        "console/registrants_found.html", text=text, found=found, cut=len(found) >= MOST_FOUND,
        **shared(premises, event, came),
    )  # fmt: skip


def shared(premises: Premises, event: EventRow, came: dict[int, int]) -> dict[str, object]:
    """What a list of registrants is drawn with. Numbers are whole for those who may see people."""
    return {
        "event": event,
        "came": came,
        "words": registrants_words,
        "when": event_words.when(event.starts_at, event.ends_at),
        "whole": may(Permission.SEE_PEOPLE),
        "managing": may(Permission.MANAGE_EVENTS),
        "districts": {one.id: one.name.get("th", one.id) for one in event_editing.pack_of(premises).districts},
        "back": url_for("events.show", event_id=event.id) if "events.show" in current_app.view_functions else "",
    }


def _tabs(event: EventRow, listed: Listed) -> list[tuple[str, str, int]]:
    """Without those that are empty, unless everybody always looks there."""
    told = []
    for name, (title, states) in registrants_words.TABS.items():
        parties = sum(listed.counts[state][0] for state in states)
        if parties or name in (OPEN, "confirmed") or (name == "pending" and event.admits_each):
            told.append((name, title, parties))
    return told
