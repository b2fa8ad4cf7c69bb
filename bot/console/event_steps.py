"""What becomes of an event: published, copied, called off; and a draft that nobody wants, removed."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import thai_dates
from bot.console import event_editing, event_words, records
from bot.console.access import Pages, row_id, visitor
from bot.console.event_forms import CONTROL
from bot.console.premises import Premises
from bot.events import calling_off, event_checks, event_lists, planning, refusals
from bot.events.calling_off import Ended
from bot.events.event_draft import Plan, plain
from bot.events.event_lists import Reach
from bot.events.planning import ChangedMeanwhile, NotADraft, PlanRefused
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventRow

MANAGE = Permission.MANAGE_EVENTS
LONGEST_REASON = 500


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/<int:event_id>/publish", needs=MANAGE, methods=("GET", "POST"))
    def publish(event_id: int) -> ResponseReturnValue:
        return _publish(premises, event_id) if request.method == "POST" else _before_publishing(premises, event_id)

    @pages.page("/events/<int:event_id>/call-off", needs=MANAGE, methods=("GET", "POST"))
    def call_off(event_id: int) -> ResponseReturnValue:
        return _call_off(premises, event_id)

    @pages.page("/events/<int:event_id>/copy", needs=MANAGE, methods=("POST",))
    def copy(event_id: int) -> ResponseReturnValue:
        return _copy(premises, event_id)

    @pages.page("/events/<int:event_id>/remove", needs=MANAGE, methods=("POST",))
    def remove(event_id: int) -> ResponseReturnValue:
        return _remove(premises, event_id)


def missing(premises: Premises, plan: Plan) -> list[tuple[str, str, str]]:
    """What stands between a draft and its publishing: the field's name, its label, and why."""
    found = event_checks.merged(
        event_checks.find_faults(plan, pack=event_editing.pack_of(premises), kept=plan),
        event_checks.find_faults_to_publish(plan, now=premises.now()),
    )
    return _told(found)


def _told(faults: event_checks.Faults) -> list[tuple[str, str, str]]:
    told = []
    for name, reasons in faults.items():
        field, kind = event_words.field_of(name)
        several = {"session": "sessions", "question": "questions", "choices": "questions"}.get(kind, kind)
        label = event_words.LABELS.get(several, several)
        told += [(field, label, event_words.fault(name, reason)) for reason in reasons]
    return told


def _before_publishing(premises: Premises, event_id: int, *, status: int = 200) -> ResponseReturnValue:
    event, plan = _find(premises, event_id)
    if event.state != events.DRAFT:
        return redirect(url_for("events.show", event_id=event_id))
    sensitive = event_words.sensitive([one.label for one in plan.questions])
    page = render_template(
        "console/event_publish.html", event=event, plan=plan, words=event_words, missing=missing(premises, plan),
        asked=event_words.asked_of_people(plan), sensitive=sensitive, closes=_closes(plan),
        districts={one.id: one.name.get("th", one.id) for one in event_editing.pack_of(premises).districts},
    )  # fmt: skip
    return page, status


def _publish(premises: Premises, event_id: int) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            done = planning.publish(
                db, event_id=event_id, seen=_seen(), now=premises.now(), pack=event_editing.pack_of(premises)
            )
            if done.new:
                records.record(
                    db, premises, "event.published", ("event", event_id),
                    before={"state": events.DRAFT}, after={"state": events.PUBLISHED},
                )  # fmt: skip
    except PlanRefused:
        return _before_publishing(premises, event_id, status=422)
    except (ChangedMeanwhile, refusals.CalledOff):
        flash(event_words.CHANGED_SINCE, "warning")
        return redirect(url_for("events.show", event_id=event_id))
    except refusals.NoSuchEvent:
        abort(404)
    flash(event_words.PUBLISHED, "success")
    return redirect(url_for("events.show", event_id=event_id))


def _call_off(premises: Premises, event_id: int) -> ResponseReturnValue:
    """The reason first; then whom it reaches, with the reason as they will read it; then a yes."""
    event, _ = _find(premises, event_id)
    if event.state != events.PUBLISHED:
        flash(event_words.OFF_BEFORE if event.state == events.CALLED_OFF else event_words.CHANGED_SINCE, "info")
        return redirect(url_for("events.show", event_id=event_id))
    if event.ends_at <= premises.now():
        flash(event_words.OVER, "warning")
        return redirect(url_for("events.show", event_id=event_id))
    reason = CONTROL.sub("", request.form.get("why", "").replace("\r\n", "\n")).strip()
    step, fault = request.form.get("do", ""), ""
    if request.method == "POST" and step != "back":
        fault = "" if reason else event_words.NO_REASON
        fault = event_words.REASON_TOO_LONG if len(reason) > LONGEST_REASON else fault
        if step == "yes" and not fault:
            return _end(premises, event_id, reason)
    with premises.database.reading() as db:
        reach = event_lists.count_reach(db, event_id)
    sure = request.method == "POST" and step != "back" and not fault
    page = render_template(
        "console/event_call_off.html", event=event, reach=reach, why=reason, fault=fault, sure=sure, words=event_words,
        longest=LONGEST_REASON,
    )  # fmt: skip
    return page, 422 if fault else 200


def _end(premises: Premises, event_id: int, reason: str) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            reach = event_lists.count_reach(db, event_id)
            ended = calling_off.call_off(db, event_id=event_id, why=reason, now=premises.now())
            if ended.new:
                records.record(
                    db, premises, "event.called_off", ("event", event_id), before={"state": events.PUBLISHED},
                    after={
                        "state": events.CALLED_OFF, "why": reason, "registrations": ended.registrations,
                        "by_telephone": reach.by_telephone,
                    },
                )  # fmt: skip
    except refusals.NoSuchEvent:
        abort(404)
    except refusals.EventOver:
        flash(event_words.OVER, "warning")
        return redirect(url_for("events.show", event_id=event_id))
    flash(_ended(ended, reach), "success" if ended.new else "info")
    return redirect(url_for("events.show", event_id=event_id))


def _copy(premises: Premises, event_id: int) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            made = planning.copy(db, event_id=event_id, created_by=visitor().account.id, now=premises.now())
            after = {**plain(planning.read_plan(db, made)), "copied_from": event_id}
            records.record(db, premises, "event.copied", ("event", made.id), after=after)
    except refusals.NoSuchEvent:
        abort(404)
    flash(event_words.COPIED, "success")
    return redirect(url_for("events.edit", event_id=made.id))


def _remove(premises: Premises, event_id: int) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            was = planning.remove(db, event_id=event_id, seen=_seen())
            records.record(db, premises, "event.removed", ("event", event_id), before=plain(was))
    except NotADraft:
        flash(event_words.NOT_A_DRAFT, "warning")
        return redirect(url_for("events.show", event_id=event_id))
    except ChangedMeanwhile:
        flash(event_words.CHANGED_SINCE, "warning")
        return redirect(url_for("events.show", event_id=event_id))
    except refusals.NoSuchEvent:
        abort(404)
    flash(event_words.REMOVED, "success")
    return redirect(url_for("events.index", show=event_lists.DRAFTS))


def _find(premises: Premises, event_id: int) -> tuple[EventRow, Plan]:
    with premises.database.reading() as db:
        event = events.find(db, event_id)
        if event is None:
            abort(404)
        return event, planning.read_plan(db, event)


def _seen() -> int:
    return request.form.get("version", -1, type=row_id)


def _closes(plan: Plan) -> str:
    moment = plan.closes_at or plan.starts_at
    return thai_dates.date_and_time(moment) if moment else ""


def _ended(ended: Ended, reach: Reach) -> str:
    if not ended.new:
        return event_words.OFF_BEFORE
    if not ended.registrations:
        return "ยกเลิกกิจกรรมแล้วค่ะ ยังไม่มีใครลงทะเบียน จึงไม่ต้องแจ้งใคร"
    calls = f" อีก {reach.by_telephone:,} รายต้องโทรบอกเอง" if reach.by_telephone else ""
    return f"ยกเลิกกิจกรรมแล้วค่ะ กำลังแจ้งทาง LINE {reach.by_line:,} ราย{calls}"
