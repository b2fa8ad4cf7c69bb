"""The page for the wall: the code of the moment, how to use it, and how many are here."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from bot.console.access import Pages
from bot.console.check_in_asked import get_event
from bot.console.premises import Premises
from bot.events import check_in as door
from bot.events import wall_codes
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/check-in/<int:event_id>/wall", needs=Permission.CHECK_IN)
    def wall(event_id: int) -> ResponseReturnValue:
        event, now = _now(premises, event_id)
        return render_template("console/wall.html", event=event, **now)

    @pages.page("/check-in/<int:event_id>/wall/now", needs=Permission.CHECK_IN)
    def wall_now(event_id: int) -> ResponseReturnValue:
        return jsonify(_now(premises, event_id)[1])


def _now(premises: Premises, event_id: int) -> tuple[EventRow, dict[str, Any]]:
    """Without a code on a day when the bot would not take it."""
    now = premises.now()
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        found = door.count(db, event_id)
        part = door.part_at(events.list_sessions(db, event_id), now)
        is_on = event_id in {one.id for one in wall_codes.list_today(db, now)}
    code = wall_codes.code_at(premises.vault, event_id, now) if is_on else ""
    seconds = (wall_codes.changes_at(now) - now).total_seconds()
    return event, {"code": code, "seconds": round(seconds), "came": found.came.get(part, 0), "expected": found.expected}
