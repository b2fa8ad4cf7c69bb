"""Whom to telephone because LINE does not reach them, and messages that were held until somebody has looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import event_words, records, registrants_words
from bot.console.access import Pages, row_id, visitor
from bot.console.premises import Premises
from bot.events import by_hand, forms
from bot.events.by_hand import ByHand
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow
from bot.vault import Unreadable

MANAGE = Permission.MANAGE_EVENTS
MOST = 300
"""Lines on the page; when those are done, the next ones show."""


@dataclass(frozen=True, slots=True)
class Line:
    one: ByHand
    name: str
    phone: str


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/telephone", needs=Permission.SEE_PEOPLE)
    def telephone() -> ResponseReturnValue:
        return _show(premises)

    @pages.page("/events/telephone/told", needs=MANAGE, methods=("POST",))
    def told() -> ResponseReturnValue:
        return _told(premises)

    @pages.page("/events/telephone/held", needs=MANAGE, methods=("POST",))
    def settle() -> ResponseReturnValue:
        return _settle(premises)


def _show(premises: Premises) -> ResponseReturnValue:
    now = premises.now()
    only = request.args.get("event", type=row_id)
    with premises.database.reading() as db:
        calls = by_hand.list_calls(db, now=now, limit=MOST, event_id=only)
        held = by_hand.list_held(db, now=now, limit=MOST, event_id=only)
        counts = by_hand.count_held(db)
        event = events.find(db, only) if only else None
    if only and event is None:
        abort(404)
    open_ones = [one for one in calls if one.message.telephoned_by is None]
    return render_template(
        "console/registrants_telephone.html", words=registrants_words, only=event, counts=counts,
        to_call=_by_event(premises, [one for one in open_ones if one.true]),
        called=_by_event(premises, [one for one in calls if one.message.telephoned_by is not None]),
        not_any_more=sum(not one.true for one in open_ones), held=_by_event(premises, held),
        cut=len(calls) == MOST or len(held) == MOST, when_of=_when_of, now=now,
    )  # fmt: skip


def _told(premises: Premises) -> ResponseReturnValue:
    message_id, undo = request.form.get("message", 0, type=row_id), request.form.get("do") == "undo"
    with premises.database.transaction() as db:
        one = by_hand.find(db, message_id, now=premises.now())
        if one is None:
            abort(404)
        if undo:
            done = by_hand.undo_telephone(db, message_id)
        else:
            done = by_hand.tell_by_telephone(db, message_id, staff_id=visitor().account.id)
        if done:
            action = "registration.telephone_undone" if undo else "registration.telephoned"
            subject = ("registration", one.registration.id)
            records.record(db, premises, action, subject, after={"kind": one.message.kind})
    said = registrants_words.NOT_TELEPHONED if undo else registrants_words.TELEPHONED
    flash(said if done else registrants_words.GONE, "success" if done else "info")
    return redirect(_back())


def _settle(premises: Premises) -> ResponseReturnValue:
    """Sends, or drops, what was held: one message, or all of an event."""
    do, now = request.form.get("do", ""), premises.now()
    message_id, event_id = (request.form.get(name, type=row_id) for name in ("message", "of"))
    if do not in ("release", "drop") or (message_id is None) is (event_id is None):
        abort(400)
    with premises.database.transaction() as db:
        one = by_hand.find(db, message_id, now=now) if message_id is not None else None
        if message_id is not None and one is None:
            abort(404)
        if do == "release":
            released = by_hand.release(db, now=now, message_id=message_id, event_id=event_id)
            number, kept = released.released, dict(released.kinds)
            said = _released(number, released.untrue)
        else:
            number = by_hand.drop(db, now=now, message_id=message_id, event_id=event_id)
            kept, said = {}, f"ทิ้งแล้ว {number:,} ข้อความค่ะ" if number else registrants_words.GONE
        if number:
            ending = "released" if do == "release" else "dropped"
            action = f"registration.message_{ending}" if one is not None else f"event.messages_{ending}"
            subject = ("registration", one.registration.id) if one is not None else ("event", event_id or 0)
            records.record(db, premises, action, subject, after={"messages": number, **kept})
    flash(said, "success" if number else "info")
    return redirect(_back())


def _released(number: int, untrue: int) -> str:
    if not number:
        return registrants_words.NOT_TRUE if untrue else registrants_words.GONE
    left = f" อีก {untrue:,} ข้อความไม่ตรงกับความจริงแล้ว จึงไม่ได้ส่ง" if untrue else ""
    return f"กำลังส่ง {number:,} ข้อความค่ะ{left}"


def _back() -> str:
    return url_for("registrants.telephone", event=request.form.get("event", type=row_id))


def _by_event(premises: Premises, several: Sequence[ByHand]) -> list[tuple[EventRow, list[Line]]]:
    found: dict[int, tuple[EventRow, list[Line]]] = {}
    for one in several:
        found.setdefault(one.event.id, (one.event, []))[1].append(_line(premises, one))
    return list(found.values())


def _line(premises: Premises, one: ByHand) -> Line:
    name = forms.name_of(premises.vault, one.registration) or registrants_words.NAMELESS
    try:
        phone = forms.opened(premises.vault, one.registration).phone
    except Unreadable:
        phone = None
    return Line(one, name, registrants_words.phone(phone, whole=True))


def _when_of(event: EventRow) -> str:
    return event_words.when(event.starts_at, event.ends_at)
