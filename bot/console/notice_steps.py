"""One notice, whatever its state, and what becomes of it: called back, paused, gone on with, stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import notice_approving, notice_facts, notice_progress, records, sentences
from bot.console import notice_step_words as words
from bot.console.access import Pages, device, may, visitor
from bot.console.notice_facts import Facts
from bot.console.notice_step_words import Told
from bot.console.premises import Premises
from bot.notices import budget, drafting, results, sending, steering
from bot.notices.refusals import NoSuchNotice, NotInThatState, Refused
from bot.notices.results import Progress
from bot.outreach import second_factor as factor
from bot.outreach.permissions import Permission
from bot.outreach.sign_in import TooManyTries
from bot.storage import notices
from bot.storage.notices import APPROVED, DRAFT, HELD, PAUSED, PLANNING, SENDING, SUBMITTED, NoticeRow

WRITE, SEND = Permission.WRITE_NOTICES, Permission.SEND_NOTICES
STOPPABLE = (APPROVED, PLANNING, SENDING, PAUSED, HELD)


@dataclass(frozen=True, slots=True)
class Again:
    status: int = 200
    told: Told | None = None
    code_fault: str = ""


def add_pages(pages: Pages, premises: Premises) -> None:
    """All that a notice goes through once it is written."""

    @pages.page("/notices/<int:notice_id>", needs=WRITE)
    def show(notice_id: int) -> ResponseReturnValue:
        return _page(premises, notice_id, Again())

    @pages.page("/notices/<int:notice_id>/call-back", needs=WRITE, methods=("POST",))
    def call_back(notice_id: int) -> ResponseReturnValue:
        """Whoever may write one may make its approval void by editing it: so they may say so plainly."""

        def step(db: Session, now: datetime) -> str:
            was = _locked(db, notice_id).state
            drafting.call_back(db, notice_id, now=now)
            _record(db, premises, "notice.called_back", notice_id, was=was, state=DRAFT)
            return words.CALLED_BACK

        return _step(premises, notice_id, step)

    @pages.page("/notices/<int:notice_id>/pause", needs=SEND, methods=("POST",))
    def pause(notice_id: int) -> ResponseReturnValue:
        def step(db: Session, now: datetime) -> str:
            steering.pause(db, notice_id, now=now)
            _record(db, premises, "notice.paused", notice_id, was=SENDING, state=PAUSED)
            return words.PAUSED

        return _step(premises, notice_id, step)

    @pages.page("/notices/<int:notice_id>/go-on", needs=SEND, methods=("POST",))
    def go_on(notice_id: int) -> ResponseReturnValue:
        return _go_on(premises, notice_id)

    @pages.page("/notices/<int:notice_id>/stop", needs=SEND, methods=("GET", "POST"))
    def stop(notice_id: int) -> ResponseReturnValue:
        return _stop(premises, notice_id) if request.method == "POST" else _before_stopping(premises, notice_id)

    notice_approving.add_pages(pages, premises)


def _page(premises: Premises, notice_id: int, again: Again) -> ResponseReturnValue:
    now = premises.now()
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        facts = notice_facts.gather(db, premises, row)
        progress = results.progress_of(db, row, now=now) if row.began_at is not None else None
        why = _why(db, facts, progress, now)
        alongside = notice_progress.alongside_of(db, premises, row, now=now)
    page = render_template(
        "console/notice_one.html", facts=facts, row=row, words=words, again=again, progress=progress, why=why, now=now,
        alongside=alongside, steers=may(SEND), twice=row.state == HELD and row.why in words.MAY_BE_SENT_TWICE,
        waits=words.how_long(row.begins_at - now) if row.begins_at and row.begins_at > now else "",
        stoppable=row.state in STOPPABLE, callable_back=row.state in (SUBMITTED, APPROVED),
    )  # fmt: skip
    return page, again.status


def _why(db: Session, facts: Facts, progress: Progress | None, now: datetime) -> Told | None:
    row = facts.row
    if row.state not in (PAUSED, HELD):
        return None
    if row.why != sending.QUOTA:
        return words.why(row.why)
    still_open = progress.open if progress is not None else 0
    return words.quota_paused(budget.find(db, now=now), still_open=still_open, now=now)


def _step(premises: Premises, notice_id: int, step: Callable[[Session, datetime], str]) -> ResponseReturnValue:
    """Does it and says so, or says who was quicker."""
    now = premises.now()
    try:
        with premises.database.transaction() as db:
            said = step(db, now)
    except NoSuchNotice:
        abort(404)
    except NotInThatState as refused:
        flash(words.refused(refused, now=now).what, "warning")
    else:
        flash(said, "success")
    return redirect(url_for("notices.show", notice_id=notice_id))


def _go_on(premises: Premises, notice_id: int) -> ResponseReturnValue:
    now, code = premises.now(), request.form.get("code", "")
    try:
        with premises.database.transaction() as db:
            state = _resume(db, premises, notice_id, code=code, now=now)
    except TooManyTries as refused:
        return _page(premises, notice_id, Again(429, code_fault=sentences.wait_until(refused.until)))
    except NoSuchNotice:
        abort(404)
    except NotInThatState as refused:
        flash(words.refused(refused, now=now).what, "warning")
        return redirect(url_for("notices.show", notice_id=notice_id))
    except Refused as refused:
        return _page(premises, notice_id, Again(422, told=words.refused(refused, now=now)))
    if state is None:
        fault = sentences.WRONG_CODE if code.strip() else words.NO_CODE
        return _page(premises, notice_id, Again(422, code_fault=fault))
    flash(words.RESUMED_LATER if state == APPROVED else words.RESUMED, "success")
    return redirect(url_for("notices.show", notice_id=notice_id))


def _resume(db: Session, premises: Premises, notice_id: int, *, code: str, now: datetime) -> str | None:
    """None: the code was wrong, which is noted: commit. Only what was held needs one: what was paused has had its yes.
    Raises a Refused, TooManyTries."""
    account = visitor().account
    row = notices.lock(db, notice_id) or drafting.get(db, notice_id)
    was, why = row.state, row.why
    if was == HELD:
        if not code.strip():
            return None
        if not factor.check(db, premises.vault, account=account, code=code, device=device(), now=now):
            records.record(db, premises, "session.code_wrong", ("staff", account.id))
            return None
    state = steering.go_on(db, notice_id, by=account.id, rules=notice_facts.rules_of(premises), now=now)
    notice_facts.wake(db, now=now)
    _record(db, premises, "notice.resumed", notice_id, was=was, state=state, why=why)
    return state


def _before_stopping(premises: Premises, notice_id: int) -> ResponseReturnValue:
    now = premises.now()
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        if row.state not in STOPPABLE:
            flash(words.refused(NotInThatState(row.state), now=now).what, "warning")
            return redirect(url_for("notices.show", notice_id=notice_id))
        facts = notice_facts.gather(db, premises, row)
        progress = results.progress_of(db, row, now=now)
    return render_template("console/notice_stop.html", facts=facts, progress=progress, words=words)


def _stop(premises: Premises, notice_id: int) -> ResponseReturnValue:
    def step(db: Session, now: datetime) -> str:
        was = _locked(db, notice_id).state
        steering.stop(db, notice_id, now=now)
        _record(db, premises, "notice.stopped", notice_id, was=was, state=notices.STOPPED)
        return words.STOPPED

    return _step(premises, notice_id, step)


def _locked(db: Session, notice_id: int) -> NoticeRow:
    return notices.lock(db, notice_id) or drafting.get(db, notice_id)


def _record(db: Session, premises: Premises, action: str, notice_id: int, **change: str) -> None:
    """`was`, and whatever it is afterwards."""
    before = {"state": change.pop("was")}
    after = {name: value for name, value in change.items() if value}
    records.record(db, premises, action, ("notice", notice_id), before=before, after=after)
