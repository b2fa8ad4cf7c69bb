"""One case: how it stands, what was said, what came before it, and what can be done with it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.cases import answering, canned, inbox, rights, rules, thread
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseRefused, NoSuchCase
from bot.console import case_bubbles, case_form, case_refusals, case_words, event_editing
from bot.console.access import may, visitor
from bot.console.case_bubbles import Bubble
from bot.console.case_lines import NUMBERED, Line, describe, topic_names
from bot.console.case_standing import Cost, called_of, cost_of, filled
from bot.console.faq_working import list_names
from bot.console.premises import Premises
from bot.outreach import staff
from bot.outreach.permissions import Permission
from bot.outreach.permissions import may as role_may
from bot.outreach.staff import Account
from bot.storage import case_gallery, consents
from bot.storage.case_messages import CITIZEN, QUEUED
from bot.storage.cases import CLOSED, CaseRow

SEE_PEOPLE = Permission.SEE_PEOPLE
MOST_SHOWN = 200
PUBLISHED = "may_publish"
"""The field of a story's form that is a consent of its own."""


@dataclass(frozen=True, slots=True)
class Moving:
    """What may change while the page is open."""

    line: Line
    bubbles: Sequence[Bubble]
    cost: Cost
    names: Mapping[int, str]
    called: str
    holder: int | None
    can_be_told: bool

    @property
    def standing(self) -> str:
        """Another one when somebody has taken a step, and not when somebody has written."""
        return f"{self.line.case.state}/{self.holder or 0}"


def get_case(db: Session, case_id: int) -> CaseRow:
    """404 also for one that is about somebody's data, where the visitor may not see people."""
    try:
        return inbox.get(db, case_id, may_see_privacy=may(SEE_PEOPLE))
    except NoSuchCase:
        abort(404)


def gather(db: Session, premises: Premises, case: CaseRow, *, now: datetime) -> Moving:
    names, whole, called = list_names(db), may(SEE_PEOPLE), called_of(db, premises, case)
    holder = rights.holder(db, case)
    said = thread.read(db, premises.vault, case.id, limit=MOST_SHOWN)
    pictures = case_gallery.list_of_case(db, case.id, limit=MOST_SHOWN)
    bubbles = [
        case_bubbles.draw(
            one, case_id=case.id, picture=pictures.get(one.picture_id or 0), names=names, called=called,
            whole=whole, now=now,
        )
        for one in said
    ]  # fmt: skip
    line = describe(
        case, text="", overdue=inbox.is_overdue(case, now=now), names=names if holder is not None else {},
        topics=topic_names(premises), me=visitor().account.id, now=now,
    )  # fmt: skip
    can_be_told = answering.can_be_told(db, case)
    cost = cost_of(db, case, used_up=any(one.delivery == QUEUED for one in said), now=now)
    return Moving(line, bubbles, cost, names, called, holder, can_be_told)


def shared(moving: Moving) -> dict[str, object]:
    """What the parts of the page are drawn with that may change."""
    me = visitor().account.id
    return {
        "one": moving.line,
        "bubbles": moving.bubbles,
        "hidden_before": len(moving.bubbles) >= MOST_SHOWN,
        "cost": moving.cost,
        "answering": may(Permission.ANSWER_CASES),
        "others": moving.holder is not None and moving.holder != me,
        "free": moving.holder is None,
        "words": case_words,
    }


def mark_of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def drawn(moving: Moving) -> tuple[dict[str, str], str]:
    """The parts that may change, and the mark of these: the cost apart, which changes each second."""
    given = shared(moving)
    parts = {name: render_template(f"console/case_{name}.html", **given) for name in ("standing", "thread", "cost")}
    tokenless = render_template("console/case_standing.html", **given, hidden=str)
    return parts, mark_of(tokenless, parts["thread"], str(moving.line.case.version))


def show(
    premises: Premises, case_id: int, *, refused: CaseRefused | None = None, faults: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None, contact_shown: bool = False, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """`faults` and `typed` fill a form of this page in again, by the name of its field."""
    now, account, whole = premises.now(), visitor().account, may(SEE_PEOPLE)
    with premises.database.reading() as db:
        case = get_case(db, case_id)
        moving = gather(db, premises, case, now=now)
        form = _as_it_stands(db, case, thread.form_of(premises.vault, case))
        asked = thread.context(db, premises.vault, case, now=now)
        answers = canned.list_all(db) if moving.can_be_told else []
        colleagues = [one for one in _colleagues(db, case) if one.id != moving.holder]
    districts = {one.id: one.name.get("th", one.id) for one in event_editing.pack_of(premises).districts}
    latest = moving.bubbles[-1].author if moving.bubbles else None
    titles = topic_names(premises)
    told = case_refusals.tell(refused, case, names=moving.names, me=account.id, latest_by=latest, now=now)
    page = render_template(
        "console/case.html", refused=told, faults=faults or {}, typed=typed or {}, mark=drawn(moving)[1],
        standing=moving.standing, leads_to=_leads_to(case), detail=_detail(case, moving),
        context=[_asked(one, titles, now) for one in asked], called=moving.called,
        fields=case_form.read(form, whole=whole, contact_shown=contact_shown, districts=districts),
        canned=[(row, filled(row.text, case, premises, called=moving.called)) for row in answers],
        colleagues=colleagues, can_tell=moving.can_be_told, key=secrets.token_urlsafe(12), me=account.id,
        can_answer=moving.can_be_told and (case.state != CLOSED or bool(typed)), why_not=_why_not(case, moving),
        quiet=int(rules.of(premises.settings).quiet_for.total_seconds() // 60), may_move=whole, **shared(moving),
    )  # fmt: skip
    return page, status


def _as_it_stands(db: Session, case: CaseRow, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was filled in, but for a yes to publishing that was taken back since."""
    if case.person_id is None or not form.get(PUBLISHED):
        return form
    agreed = consents.is_in_force(db, person_id=case.person_id, purpose=consents.PUBLISHING, given_by=case.opened_at)
    return form if agreed else {**form, PUBLISHED: case_words.TAKEN_BACK_CONSENT}


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    when: str
    answered: str


def _asked(one: thread.Asked, titles: Mapping[str, str], now: datetime) -> Asked:
    answered = f"บอตตอบเรื่อง “{titles.get(one.entry, one.entry)}”" if one.entry else "บอตตอบไม่ได้"
    return Asked(one.text, case_words.moment(one.at, now), answered)


def _colleagues(db: Session, case: CaseRow) -> list[Account]:
    """Who may have it: enabled accounts that may answer such a case. Oneself only where a colleague has it."""
    needs = [Permission.ANSWER_CASES, *([SEE_PEOPLE] if case.kind == CaseKind.PRIVACY else [])]
    return [
        one
        for one in staff.list_accounts(db)
        if one.disabled_at is None and one.has_password and all(role_may(one.role, need) for need in needs)
    ]


def _leads_to(case: CaseRow) -> tuple[str, str] | None:
    """The page where such a case is worked on."""
    if case.kind == CaseKind.TELEPHONE and may(SEE_PEOPLE):
        return url_for("registrants.telephone"), "ไปหน้า “ต้องโทรบอก”"
    if case.kind == CaseKind.NOTICE and case.detail.isascii() and case.detail.isdigit():
        return url_for("notices.show", notice_id=int(case.detail)), "เปิดประกาศนี้"
    return None


def _detail(case: CaseRow, moving: Moving) -> str:
    """What was written down with it, masked, where the words themselves are not below."""
    heard = any(one.author == CITIZEN for one in moving.bubbles)
    return "" if heard or case.kind in NUMBERED else case.detail


def _why_not(case: CaseRow, moving: Moving) -> str:
    """Why there is no field to answer in; empty where nobody would expect one."""
    if case.state == CLOSED:
        return case_words.IS_CLOSED if moving.can_be_told else ""
    return "" if moving.can_be_told else case_words.NOBODY_TO_TELL
