"""Checking in at the door. All pages about it are one blueprint; this module has the page that a phone shows there."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from bot import clock
from bot.console import check_in_paper, check_in_sentences, check_in_wall
from bot.console.access import Pages, may
from bot.console.check_in_answers import Answer, Card, cards_of, new_key
from bot.console.check_in_asked import chosen_part, get_event, read_asked
from bot.console.check_in_sending import perform
from bot.console.doors import OUR_FILES
from bot.console.premises import Premises
from bot.events import check_in as door
from bot.events import check_in_finding as finding
from bot.events import wall_codes
from bot.events.check_in import Attendance
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow

NEEDS = Permission.CHECK_IN
LAST_ONES = 10
LATELY = timedelta(days=7)
"""For so long after an event its paper can be typed back from the first page."""
MOST_LISTED = 50
WANTS_JSON = "application/json"


def check_in(premises: Premises) -> Blueprint:
    pages = Pages("check_in")

    @pages.page("/check-in/", needs=NEEDS)
    def index() -> ResponseReturnValue:
        now = premises.now()
        with premises.database.reading() as db:
            today = wall_codes.list_today(db, now)
            later = events.list_coming(db, after=now, limit=len(today) + 5)
            lately = events.list_coming(db, after=now - LATELY, before=now, limit=MOST_LISTED)
        known = {event.id for event in today}
        return render_template(
            "console/check_in_index.html",
            when=check_in_sentences.when,
            today=today,
            later=[event for event in later if event.id not in known],
            lately=[event for event in reversed(lately) if event.id not in known and event.ends_at <= now],
        )

    @pages.page("/check-in/<int:event_id>", needs=NEEDS)
    def show(event_id: int) -> ResponseReturnValue:
        return _show(premises, event_id)

    @pages.page("/check-in/<int:event_id>/send", needs=NEEDS, methods=("POST",))
    def send(event_id: int) -> ResponseReturnValue:
        return _send(premises, event_id)

    @pages.page("/check-in/<int:event_id>/roster", needs=NEEDS)
    def roster(event_id: int) -> ResponseReturnValue:
        """For the time without a signal. Kept by the page alone, and only while it is open."""
        with premises.database.reading() as db:
            get_event(db, event_id)
            rows = finding.roster(db, premises.vault, event_id)
        return jsonify([[row.ticket_hash, row.code, row.name, row.party] for row in rows])

    @pages.page("/check-in/<int:event_id>/count", needs=NEEDS)
    def count(event_id: int) -> ResponseReturnValue:
        with premises.database.reading() as db:
            get_event(db, event_id)
            found = door.count(db, event_id)
        return jsonify({**_count(found), "token": generate_csrf()})

    @pages.page("/check-in/shell", needs=NEEDS)
    def shell() -> ResponseReturnValue:
        """The door without an event or anybody's name: what a telephone keeps to open without a signal."""
        return render_template("console/check_in_shell.html", new_key=new_key, part=0)

    @pages.page("/check-in/worker.js", needs=NEEDS)
    def worker() -> ResponseReturnValue:
        """Here and not among the other files, since it may only look after pages below its own address."""
        return Response((OUR_FILES / "check_in_worker.js").read_text(encoding="utf-8"), mimetype="text/javascript")

    for module in (check_in_paper, check_in_wall):
        module.add_pages(pages, premises)
    return pages.guard(premises)


def _show(premises: Premises, event_id: int, answer: Answer | None = None, status: int = 200) -> ResponseReturnValue:
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        sessions = events.list_sessions(db, event_id)
        part = chosen_part(sessions, now=premises.now())
        found = door.count(db, event_id)
        rows = [row for row, _ in finding.list_here(db, event_id, part)[:LAST_ONES]]
        last = cards_of(db, premises.vault, event, rows, part=part)
    page = render_template(
        "console/check_in.html",
        event=event,
        when=check_in_sentences.when,
        parts=[(one.id, check_in_sentences.part(one)) for one in sessions],
        part=part,
        count=found,
        last=last,
        answer=answer,
        typed=request.form.get("text", ""),
        notice=check_in_sentences.notice(event),
        notice_hash=check_in_sentences.notice_hash(event),
        managing=may(Permission.MANAGE_EVENTS),
        new_key=new_key,
        is_today=clock.bangkok_date(event.starts_at) <= clock.bangkok_date(premises.now()),
    )
    return page, status


def _send(premises: Premises, event_id: int) -> ResponseReturnValue:
    """A page without scripts goes on to the page; what has to be chosen or decided first is shown at once."""
    asked = read_asked(premises.now())
    with premises.database.reading() as db:
        event = get_event(db, event_id)
    answer = perform(premises, event, asked)
    if request.accept_mimetypes.best == WANTS_JSON:
        return jsonify(_spoken(premises, event, answer))
    if not answer.settles:
        return _show(premises, event_id, answer, 200 if answer.kind == "choose" else 422)
    name = answer.cards[0].name if answer.cards else ""
    flash(f"{name}: {' '.join(answer.said)}", "success" if answer.tone == "good" else "warning")
    return redirect(url_for("check_in.show", event_id=event_id, part=request.form.get("part")))


def _spoken(premises: Premises, event: EventRow, answer: Answer) -> dict[str, object]:
    """The same words as on the page, drawn by the same templates."""
    with premises.database.reading() as db:
        found = door.count(db, event.id)
    card: Card | None = answer.cards[0] if answer.settles and answer.cards else None
    shared = {"event": event, "part": request.form.get("part", ""), "new_key": new_key}
    return {
        "kind": answer.kind,
        "tone": answer.tone,
        "title": answer.said[0],
        "words": answer.said[1],
        "html": render_template("console/check_in_answer.html", answer=answer, **shared),
        "registration": card.registration_id if card is not None else None,
        "line": render_template("console/check_in_line.html", card=card, **shared) if card is not None else None,
        "count": _count(found),
    }


def _count(found: Attendance) -> dict[str, object]:
    return {"expected": found.expected, "came": {str(part): people for part, people in found.came.items()}}
