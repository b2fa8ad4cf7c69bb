"""The form of an event: filled in, read, confirmed back in words, and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import clock
from bot.console import event_confirming, event_forms, event_merging, event_words, records
from bot.console.access import Pages, row_id, visitor
from bot.console.event_forms import Filled
from bot.console.event_merging import Merged
from bot.console.premises import Premises
from bot.events import event_checks, planning, refusals
from bot.events.event_draft import Plan, differences, plain
from bot.events.planning import Amended, ChangedMeanwhile, PlanRefused
from bot.faq.library import NothingPublished
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow
from knowledge.pack import Pack

MANAGE = Permission.MANAGE_EVENTS
LONGEST_WAS = 200_000
BLANK = Plan()
NO_PACK = Pack(centre={}, province={})


@dataclass(frozen=True, slots=True)
class Opened:
    """An event whose form is open, as the database has it now; None of a new one."""

    event: EventRow | None
    plan: Plan

    @property
    def address(self) -> str:
        return url_for("events.new") if self.event is None else url_for("events.edit", event_id=self.event.id)


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/new", needs=MANAGE, methods=("GET", "POST"))
    def new() -> ResponseReturnValue:
        opened = Opened(None, BLANK)
        return _filled_in(premises, opened) if request.method == "POST" else form_page(premises, opened)

    @pages.page("/events/<int:event_id>/edit", needs=MANAGE, methods=("GET", "POST"))
    def edit(event_id: int) -> ResponseReturnValue:
        opened = _open(premises, event_id)
        if opened.event is not None and opened.event.state == events.CALLED_OFF:
            flash(event_words.CALLED_OFF, "warning")
            return redirect(url_for("events.show", event_id=event_id))
        return _filled_in(premises, opened) if request.method == "POST" else form_page(premises, opened)


def form_page(
    premises: Premises, opened: Opened, *, filled: Filled | None = None,
    faults: Mapping[str, Sequence[str]] | None = None, merged: Merged | None = None, shown: str = "", status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """`shown` is the part of the page that a button changed."""
    drawn = event_forms.of_plan(opened.plan)
    was = event_forms.of_json(request.form.get("was", "")[:LONGEST_WAS]) if request.method == "POST" else None
    filled = (merged.filled if merged else filled) or drawn
    page = render_template(
        "console/event_form.html",
        opened=opened,
        filled=filled,
        was=(was if was is not None and merged is None else drawn).to_json(),
        version=_seen(opened) if merged is None else _version(opened),
        faults=faults or {},
        merged=merged,
        shown=shown,
        pack=pack_of(premises),
        words=event_words,
        reminders=_reminders_offered(filled),
        offers=_offers_offered(filled),
        most_questions=event_checks.MOST_QUESTIONS,
        most_sessions=event_checks.MOST_SESSIONS,
    )
    return page, status


def pack_of(premises: Premises) -> Pack:
    """Without districts and programmes as long as no content is published: events can be planned all the same."""
    try:
        return premises.library.current().catalogue.pack
    except NothingPublished:
        return NO_PACK


def _open(premises: Premises, event_id: int) -> Opened:
    with premises.database.reading() as db:
        event = events.find(db, event_id)
        if event is None:
            abort(404)
        return Opened(event, planning.read_plan(db, event))


def _filled_in(premises: Premises, opened: Opened) -> ResponseReturnValue:
    filled, do = event_forms.of_request(request.form), request.form.get("do", "look")
    shown = event_forms.reshape(filled, do)
    if shown is not None or do == "back":
        return form_page(premises, opened, filled=filled, shown=shown or "")
    if _seen(opened) != _version(opened):
        return _meanwhile(premises, opened, filled)
    read = event_forms.read(filled, today=clock.bangkok_date(premises.now()), base=opened.plan)
    faults = _faults(premises, opened, read)
    if faults:
        return form_page(premises, opened, filled=filled, faults=faults, status=422)
    plan = read.plan
    if opened.event is not None and not differences(opened.plan, plan):
        flash(event_words.NOTHING_CHANGED, "info")
        return redirect(url_for("events.show", event_id=opened.event.id))
    to_confirm = event_confirming.look(premises, opened.event, opened.plan, plan)
    if to_confirm.token and not (do == "save" and request.form.get("confirmed") == to_confirm.token):
        return render_template(
            "console/event_confirm.html", opened=opened, filled=filled, confirm=to_confirm, version=_seen(opened),
            was=request.form.get("was", "")[:LONGEST_WAS], words=event_words,
        )  # fmt: skip
    return _save(premises, opened, filled, plan)


def _save(premises: Premises, opened: Opened, filled: Filled, plan: Plan) -> ResponseReturnValue:
    try:
        if opened.event is None:
            return _create(premises, plan)
        tells = bool(request.form.get("tells")) or not request.form.get("asked_tells")
        return _amend(premises, opened, plan, tells=tells)
    except PlanRefused as refused:
        return form_page(premises, opened, filled=filled, faults=_told(refused.faults), status=422)
    except ChangedMeanwhile:
        return _meanwhile(premises, _open(premises, opened.event.id if opened.event else 0), filled)
    except refusals.CalledOff:
        flash(event_words.CALLED_OFF, "warning")
        return redirect(url_for("events.index"))
    except refusals.NoSuchEvent:
        abort(404)


def _create(premises: Premises, plan: Plan) -> ResponseReturnValue:
    now = premises.now()
    with premises.database.transaction() as db:
        event = planning.create(db, plan, created_by=visitor().account.id, now=now, pack=pack_of(premises))
        records.record(db, premises, "event.created", ("event", event.id), after=plain(plan))
    flash(event_words.SAVED_DRAFT, "success")
    return redirect(url_for("events.show", event_id=event.id))


def _amend(premises: Premises, opened: Opened, plan: Plan, *, tells: bool) -> ResponseReturnValue:
    event = opened.event
    assert event is not None  # noqa: S101 - only what is there is amended
    changes = {name: getattr(plan, name) for name in differences(opened.plan, plan)}
    with premises.database.transaction() as db:
        done = planning.amend(
            db, event_id=event.id, seen=_seen(opened), changes=changes, now=premises.now(), tells=tells,
            pack=pack_of(premises),
        )  # fmt: skip
        if done.changed:
            records.record(
                db, premises, "event.amended", ("event", event.id),
                before=plain(done.before, done.changed), after={**plain(done.after, done.changed), **_told_of(done)},
            )  # fmt: skip
    flash(event_confirming.after(done), "success")
    return redirect(url_for("events.show", event_id=event.id))


def _told_of(done: Amended) -> dict[str, Any]:
    found = {one.name: getattr(done.consequences, one.name) for one in fields(done.consequences)}
    return {name: number for name, number in found.items() if number}


def _meanwhile(premises: Premises, opened: Opened, filled: Filled) -> ResponseReturnValue:
    was = event_forms.of_json(request.form.get("was", "")[:LONGEST_WAS])
    merged = event_merging.merge(was, filled, event_forms.of_plan(opened.plan))
    return form_page(premises, opened, merged=merged, status=409)


def _faults(premises: Premises, opened: Opened, read: event_forms.Read) -> dict[str, list[str]]:
    """What could not be read, and what is wrong with the rest."""
    faults: dict[str, list[str]] = {}
    for name, reason in read.faults.items():
        faults.setdefault(name, []).append(event_words.form_fault(reason))
    for field, sentences in _told(_considered(premises, opened, read.plan)).items():
        if field not in read.faults and not (field == "ends" and "starts" in read.faults):
            faults.setdefault(field, []).extend(sentences)
    return faults


def _considered(premises: Premises, opened: Opened, plan: Plan) -> event_checks.Faults:
    if opened.event is None:
        return event_checks.find_faults(plan, pack=pack_of(premises))
    changes = {name: getattr(plan, name) for name in differences(opened.plan, plan)}
    try:
        with premises.database.reading() as db:
            planning.consider(
                db, event_id=opened.event.id, seen=opened.event.version, changes=changes, now=premises.now(),
                pack=pack_of(premises),
            )  # fmt: skip
    except PlanRefused as refused:
        return refused.faults
    except refusals.Refused:
        return {}  # saving will say so
    return {}


def _told(faults: event_checks.Faults) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for name, reasons in faults.items():
        field, _ = event_words.field_of(name)
        for reason in reasons:
            sentence = event_words.fault(name, reason)
            if sentence not in told.setdefault(field, []):
                told[field].append(sentence)
    return told


def _version(opened: Opened) -> int:
    return opened.event.version if opened.event is not None else 0


def _seen(opened: Opened) -> int:
    """The version from which the form was drawn."""
    if request.method != "POST":
        return _version(opened)
    return request.form.get("version", _version(opened), type=row_id)


def _reminders_offered(filled: Filled) -> list[tuple[int, str, bool]]:
    chosen = {int(one) for one in filled.fields.get("reminders", "").split(",") if one.isdecimal()}
    offered = {**{one: f"{event_words.minutes(one)}ก่อน" for one in chosen}, **event_words.REMINDERS}
    return [(one, offered[one], one in chosen) for one in sorted(offered, reverse=True)]


def _offers_offered(filled: Filled) -> dict[str, str]:
    offered = {str(minutes): words for minutes, words in event_words.OFFERS.items()}
    kept = filled.fields.get("offer_minutes", "")
    if kept.isdecimal() and kept not in offered:
        offered[kept] = event_words.minutes(int(kept))
    return offered
