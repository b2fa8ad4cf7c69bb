"""The yes before a notice goes out, with the second factor's code typed for this one notice; and the no, with words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import notice_facts, records, sentences
from bot.console import notice_step_words as words
from bot.console.access import Pages, device, row_id, visitor
from bot.console.notice_step_words import Told
from bot.console.premises import Premises
from bot.notices import approval, drafting
from bot.notices.refusals import ChangedMeanwhile, NoSuchNotice, NotInThatState, Refused, SentAlready
from bot.outreach import second_factor as factor
from bot.outreach.permissions import Permission
from bot.outreach.sign_in import TooManyTries
from bot.storage import events, notices
from bot.storage.notices import DRAFT, SUBMITTED

APPROVE = Permission.APPROVE_NOTICES
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Again:
    """What the page says when it comes back: why, beside which field, and what had been filled in."""

    status: int = 200
    told: Told | None = None
    code_fault: str = ""
    words_fault: str = ""
    words: str = ""
    twice: bool = False


@dataclass(eq=False)
class ContentFaulty(Refused):
    number: int


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/notices/<int:notice_id>/approve", needs=APPROVE, methods=("GET", "POST"))
    def approve(notice_id: int) -> ResponseReturnValue:
        return _approve(premises, notice_id) if request.method == "POST" else _page(premises, notice_id, Again())

    @pages.page("/notices/<int:notice_id>/approve/quota", needs=APPROVE, methods=("POST",))
    def renew_quota(notice_id: int) -> ResponseReturnValue:
        with premises.database.transaction() as db:
            notice_facts.get(db, notice_id)
            notice_facts.ask_quota(db, now=premises.now())
        flash(words.QUOTA_ASKED, "info")
        return redirect(url_for("notices.approve", notice_id=notice_id))

    @pages.page("/notices/<int:notice_id>/send-back", needs=APPROVE, methods=("POST",))
    def send_back(notice_id: int) -> ResponseReturnValue:
        return _send_back(premises, notice_id)


def _page(premises: Premises, notice_id: int, again: Again) -> ResponseReturnValue:
    now, rules = premises.now(), notice_facts.rules_of(premises)
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        if row.state not in (DRAFT, SUBMITTED):
            if again.status != 200:
                flash(words.refused(NotInThatState(row.state), now=now).what, "warning")
            return redirect(url_for("notices.show", notice_id=notice_id))
        facts = notice_facts.gather(db, premises, row)
        quota = notice_facts.quota_of(db, facts, rules=rules, now=now)
        refusals = notice_facts.refusals_of(
            facts, approver_id=visitor().account.id, quota=quota, rules=rules, now=now
        )  # fmt: skip
        alike = notice_facts.sent_alike(db, row, now=now)
    faults = notice_facts.count_faults(premises, facts.plan, facts.event)
    barred = [words.refused(one, now=now) for one in refusals]
    page = render_template(
        "console/notice_approve.html", facts=facts, quota=quota, rules=rules, again=again, words=words, alike=alike,
        barred=[*barred, *([words.content_faults(faults)] if faults else [])], longest=LONGEST_WORDS,
        begins=approval.begins_at(facts.plan, rules=rules, now=now), cooling=words.how_long(rules.cooling),
    )  # fmt: skip
    return page, again.status


def _approve(premises: Premises, notice_id: int) -> ResponseReturnValue:
    twice = request.form.get("again") == "yes"
    code = request.form.get("code", "")
    if not code.strip():
        return _page(premises, notice_id, Again(422, code_fault=words.NO_CODE, twice=twice))
    try:
        with premises.database.transaction() as db:
            right = _decide(db, premises, notice_id, code=code, twice=twice)
    except TooManyTries as refused:
        fault = sentences.wait_until(refused.until)
        return _page(premises, notice_id, Again(429, code_fault=fault, twice=twice))
    except NoSuchNotice:
        abort(404)
    except Refused as refused:
        return _refuse(premises, notice_id, refused, twice=twice)
    if not right:
        return _page(premises, notice_id, Again(422, code_fault=sentences.WRONG_CODE, twice=twice))
    flash(words.APPROVED, "success")
    return redirect(url_for("notices.show", notice_id=notice_id))


def _decide(db: Session, premises: Premises, notice_id: int, *, code: str, twice: bool) -> bool:
    """False: the code was wrong, which is noted: commit. Whoever comes second spends no code. What is refused leaves
    the code unspent, for the next try. Raises a Refused, TooManyTries."""
    now, rules, account = premises.now(), notice_facts.rules_of(premises), visitor().account
    row = notices.lock(db, notice_id) or drafting.get(db, notice_id)
    if row.state not in (DRAFT, SUBMITTED):
        raise NotInThatState(row.state)
    if not factor.check(db, premises.vault, account=account, code=code, device=device(), now=now):
        records.record(db, premises, "session.code_wrong", ("staff", account.id))
        return False
    event = events.find(db, row.event_id) if row.event_id is not None else None
    faults = notice_facts.count_faults(premises, drafting.plan_of(row), event)
    if faults:
        raise ContentFaulty(faults)
    was, seen = row.state, request.form.get("version", -1, type=row_id)
    done = approval.approve(db, notice_id, seen=seen, approver_id=account.id, rules=rules, now=now, again=twice)
    notice_facts.wake(db, now=now)
    after = {
        "state": done.state, "hash": done.approved_hash, "count": done.approved_count, "version": done.version,
        "begins_at": done.begins_at.isoformat() if done.begins_at else None,
    }  # fmt: skip
    records.record(db, premises, "notice.approved", ("notice", notice_id), before={"state": was}, after=after)
    return True


def _refuse(premises: Premises, notice_id: int, refused: Refused, *, twice: bool) -> ResponseReturnValue:
    """What the page finds in the way by itself, it need not be told."""
    if isinstance(refused, NotInThatState):
        flash(words.refused(refused, now=premises.now()).what, "info")
        return redirect(url_for("notices.show", notice_id=notice_id))
    told = None
    if isinstance(refused, ChangedMeanwhile | SentAlready):
        told = words.refused(refused, now=premises.now())
    return _page(premises, notice_id, Again(409 if told else 422, told=told, twice=twice))


def _send_back(premises: Premises, notice_id: int) -> ResponseReturnValue:
    said = request.form.get("words", "").replace("\r\n", "\n").strip()[:LONGEST_WORDS]
    if not said:
        return _page(premises, notice_id, Again(422, words_fault=words.NO_WORDS))
    try:
        with premises.database.transaction() as db:
            drafting.send_back(db, notice_id, words=said, now=premises.now())
            records.record(
                db, premises, "notice.sent_back", ("notice", notice_id), before={"state": SUBMITTED},
                after={"state": DRAFT, "words": said},
            )  # fmt: skip
    except NoSuchNotice:
        abort(404)
    except NotInThatState as refused:
        flash(words.refused(refused, now=premises.now()).what, "warning")
    else:
        flash(words.SENT_BACK, "success")
    return redirect(url_for("notices.show", notice_id=notice_id))
