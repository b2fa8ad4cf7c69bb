"""The form of a notice: written, looked at, tried out, saved, and handed to whoever approves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import (
    notice_audiences,
    notice_forms,
    notice_names,
    notice_preview,
    notice_trying,
    notice_uploads,
    notice_words,
    records,
)
from bot.console.access import Pages, row_id, visitor
from bot.console.notice_counting import count
from bot.console.notice_forms import Filled, Merged
from bot.console.premises import Premises
from bot.events import event_lists
from bot.notices import approval, audience, checks, drafting, rules
from bot.notices.drafting import Plan
from bot.notices.refusals import ChangedMeanwhile, NobodyToReach, NoSuchNotice, NotInThatState, SegmentTooSmall
from bot.outreach import staff
from bot.outreach.permissions import Permission
from bot.storage import events, notice_trials, notices
from bot.storage.events import EventRow
from bot.storage.notices import DRAFT, NoticeRow

WRITE = Permission.WRITE_NOTICES
LONGEST_WAS = 100_000
MOST_TRIALS = 8
"""Of which it is said what has become of them."""

Faults = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A notice whose form is open, as the database has it now."""

    row: NoticeRow
    plan: Plan


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/notices/<int:notice_id>/edit", needs=WRITE, methods=("GET", "POST"))
    def edit(notice_id: int) -> ResponseReturnValue:
        opened = _open(premises, notice_id)
        if opened.row.state not in drafting.EDITABLE:
            flash(notice_words.NOT_EDITABLE, "warning")
            return redirect(notice_names.page_of(notice_id))
        if request.method == "POST":
            return _filled_in(premises, opened)
        checked = _find_faults(premises, opened.plan) if "check" in request.args else {}
        return _page(premises, opened, faults=checked)

    @pages.page("/notices/<int:notice_id>/preview", needs=WRITE, methods=("POST",))
    def preview(notice_id: int) -> ResponseReturnValue:
        """A part of the page, for its script. Nothing is kept."""
        opened, filled = _open(premises, notice_id), notice_forms.of_request(request.form)
        return render_template(
            "console/notice_preview.html", words=notice_words, **_looked_at(premises, opened, filled)
        )

    @pages.page("/notices/<int:notice_id>/remove", needs=WRITE, methods=("POST",))
    def remove(notice_id: int) -> ResponseReturnValue:
        return _remove(premises, notice_id)


def _open(premises: Premises, notice_id: int) -> Opened:
    with premises.database.reading() as db:
        row = notices.find(db, notice_id)
    if row is None:
        abort(404)
    return Opened(row, drafting.plan_of(row))


def _page(
    premises: Premises, opened: Opened, *, filled: Filled | None = None, faults: Faults | None = None,
    merged: Merged | None = None, shown: str = "", status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """`shown` is the part of the page that a button changed."""
    drawn = notice_forms.of_plan(opened.plan)
    filled = (merged.filled if merged else filled) or drawn
    was = None if merged is not None else _was()
    with premises.database.reading() as db:
        counted = count(db, opened.plan, notice_id=opened.row.id, rules=rules.of(premises.settings), now=premises.now())
        described = notice_names.describe(premises, db, opened.plan.audience)
        accounts = staff.list_accounts(db)
        latest = notice_trials.list_latest(db, notice_id=opened.row.id, limit=MOST_TRIALS)
        offered = _events_offered(premises, db, filled)
    page = render_template(
        "console/notice_form.html", row=opened.row, filled=filled, was=(was or drawn).to_json(),
        version=_seen() if was is not None else opened.row.version, faults=faults or {}, merged=merged,
        shown=shown, words=notice_words, events=offered, counted=counted, described=described,
        bubbles=filled.bubbles or [notice_forms.blank()], most_bubbles=checks.MOST_BUBBLES,
        trials=notice_trying.name_each(latest, accounts), linked=visitor().account.person_id is not None,
        group=len(notice_trying.group_of(accounts)), **_looked_at(premises, opened, filled),
    )  # fmt: skip
    return page, status


def _looked_at(premises: Premises, opened: Opened, filled: Filled) -> Mapping[str, object]:
    """What a preview shows of the form as it stands: nothing of it is kept."""
    applied, now, settings = rules.of(premises.settings), premises.now(), premises.settings
    read = notice_forms.read(filled, base=opened.plan, rules=applied, now=now)
    drawn = notice_preview.draw(
        read.plan.content, notice_id=opened.row.id, event_id=read.plan.event_id, base_url=settings.base_url,
        domains=settings.link_domains,
    )  # fmt: skip
    faults = {name: [notice_words.cannot_read(name, fault)] for name, fault in read.faults.items()}
    if filled.bubbles:
        faults = {**_find_faults(premises, read.plan), **faults}
    timing = notice_words.timing(read.plan, rules=applied, now=now) if not read.faults else []
    return {"drawn": drawn, "to_mend": faults, "timing": timing}


def _filled_in(premises: Premises, opened: Opened) -> ResponseReturnValue:
    sent = notice_uploads.put_up(premises, opened.row.id, request.files)
    filled, do = notice_forms.of_request(request.form, sent.addresses), request.form.get("do", "save")
    if sent.faults:
        return _page(premises, opened, filled=filled, faults=sent.faults, status=422)
    if notice_forms.reshape(filled, do):
        return _page(premises, opened, filled=filled, shown="bubbles")
    if do == "look":
        return _page(premises, opened, filled=filled, shown="preview")
    if _seen() != opened.row.version:
        merged = notice_forms.merge(_was(), filled, notice_forms.of_plan(opened.plan))
        if merged.theirs or merged.taken:
            return _page(premises, opened, merged=merged, status=409)
    applied = rules.of(premises.settings)
    read = notice_forms.read(filled, base=opened.plan, rules=applied, now=premises.now())
    if read.faults:
        faults = {name: [notice_words.cannot_read(name, fault)] for name, fault in read.faults.items()}
        return _page(premises, opened, filled=filled, faults=faults, status=422)
    return _keep(premises, opened, filled, read.plan, do)


def _keep(premises: Premises, opened: Opened, filled: Filled, plan: Plan, do: str) -> ResponseReturnValue:
    try:
        saved = _save(premises, opened, plan)
    except ChangedMeanwhile:
        opened = _open(premises, opened.row.id)
        merged = notice_forms.merge(_was(), filled, notice_forms.of_plan(opened.plan))
        return _page(premises, opened, merged=merged, status=409)
    except NotInThatState:
        flash(notice_words.NOT_EDITABLE, "warning")
        return redirect(notice_names.page_of(opened.row.id))
    except NoSuchNotice:
        abort(404)
    return _go_on(premises, saved, do, was=opened)


def _save(premises: Premises, opened: Opened, plan: Plan) -> Opened:
    """Whoever changes it last is its author: nobody is to approve words of their own alone. Raises ChangedMeanwhile,
    NotInThatState, NoSuchNotice."""
    fields = notice_forms.differences(opened.plan, plan)
    if not fields:
        return opened
    with premises.database.transaction() as db:
        if plan.event_id is not None and events.find(db, plan.event_id) is None:
            plan = replace(plan, event_id=None)
        row = drafting.edit(
            db, opened.row.id, plan, seen=opened.row.version, by=visitor().account.id, now=premises.now()
        )
        records.record(
            db, premises, "notice.edited", ("notice", row.id), after={"fields": fields, "was": opened.row.state}
        )
    return Opened(row, plan)


def _go_on(premises: Premises, saved: Opened, do: str, *, was: Opened) -> ResponseReturnValue:
    """What was pressed besides saving."""
    notice_id = saved.row.id
    faults = _find_faults(premises, saved.plan)
    if do in ("submit", "try_me", "try_group") and faults:
        flash(notice_words.not_yet(do, len(faults)), "warning")
        return redirect(url_for("notices.edit", notice_id=notice_id, check=1))
    if do == "submit":
        return _submit(premises, saved)
    if do in ("try_me", "try_group"):
        return notice_trying.try_out(premises, notice_id, everybody=do == "try_group")
    if saved is was:
        flash(notice_words.NOTHING_CHANGED, "info")
    elif do != "audience":
        flash(notice_words.saved(was.row.state, faults=len(faults)), "success")
    elif was.row.state != DRAFT:
        flash(notice_words.saved(was.row.state), "success")
    if do == "audience":
        return redirect(url_for("notices.audience", notice_id=notice_id))
    return redirect(url_for("notices.edit", notice_id=notice_id, check=1 if faults else None))


def _submit(premises: Premises, saved: Opened) -> ResponseReturnValue:
    notice_id, now = saved.row.id, premises.now()
    applied = rules.of(premises.settings)
    with premises.database.reading() as db:
        reach = audience.count(db, saved.plan.audience, event_id=saved.plan.event_id, rules=applied, now=now)
    back = redirect(url_for("notices.audience", notice_id=notice_id))
    try:
        if not saved.plan.audience.groups:
            raise NobodyToReach
        approval.check_reach(saved.plan, reach, rules=applied)
        with premises.database.transaction() as db:
            drafting.submit(db, notice_id, seen=saved.row.version, now=now)
            records.record(db, premises, "notice.submitted", ("notice", notice_id), after={"reached": reach.reached})
    except NobodyToReach:
        flash(notice_words.NOBODY if saved.plan.audience.groups else notice_words.NOT_CHOSEN, "warning")
        return back
    except SegmentTooSmall as small:
        flash(notice_words.too_small(small.reached, small.smallest), "warning")
        return back
    except NotInThatState as other:
        flash(notice_words.SUBMITTED_ALREADY if other.state != DRAFT else notice_words.NOT_EDITABLE, "info")
        return redirect(notice_names.page_of(notice_id))
    except ChangedMeanwhile:
        flash(notice_words.CHANGED_SINCE, "warning")
        return redirect(url_for("notices.edit", notice_id=notice_id))
    except NoSuchNotice:
        abort(404)
    flash(notice_words.SUBMITTED_NOW, "success")
    return redirect(notice_names.page_of(notice_id))


def _remove(premises: Premises, notice_id: int) -> ResponseReturnValue:
    try:
        with premises.database.transaction() as db:
            drafting.remove(db, notice_id)
            records.record(db, premises, "notice.removed", ("notice", notice_id))
    except NoSuchNotice:
        abort(404)
    except NotInThatState:
        flash(notice_words.NOT_REMOVABLE, "warning")
        return redirect(notice_names.page_of(notice_id))
    flash(notice_words.REMOVED, "success")
    return redirect(url_for("notices.index"))


def _find_faults(premises: Premises, plan: Plan) -> dict[str, list[str]]:
    """What has to be mended before anybody is sent it, by the names of the form."""
    now = premises.now()
    event = None
    if plan.event_id is not None:
        with premises.database.reading() as db:
            event = events.find(db, plan.event_id)
    told: dict[str, list[str]] = {}
    for fault in checks.find_faults(plan.content, event=event, domains=premises.settings.link_domains, now=now):
        name = fault.field if fault.bubble == checks.NOBODY else f"b{fault.bubble}_{fault.field}"
        told.setdefault(name, []).append(notice_words.fault(fault, domains=premises.settings.link_domains))
    for name, words in notice_words.timing_faults(plan, now=now):
        told.setdefault(name, []).append(words)
    return told


def _events_offered(premises: Premises, db: Session, filled: Filled) -> dict[str, str]:
    offered: list[EventRow] = event_lists.list_page(
        db, event_lists.COMING, now=premises.now(), limit=notice_audiences.MOST_EVENTS
    )
    chosen = notice_forms.event_of(filled.fields)
    if chosen is not None and all(event.id != chosen for event in offered):
        found = events.find(db, chosen)
        offered = [*([found] if found is not None else []), *offered]
    return {str(event.id): notice_words.event_choice(event) for event in offered}


def _seen() -> int:
    """The version that the form was drawn from."""
    return request.form.get("version", 0, type=row_id)


def _was() -> Filled | None:
    if request.method != "POST":
        return None
    return notice_forms.of_json(request.form.get("was", "")[:LONGEST_WAS])
