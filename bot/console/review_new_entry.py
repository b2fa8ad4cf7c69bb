"""A group of questions that nothing answers yet becomes a new topic of the draft, with its answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.console import faq_sentences, review_groups, review_settling
from bot.console import review_sentences as sentences
from bot.console.access import Pages, may, row_id
from bot.console.faq_forms import LINE_END, texts_of
from bot.console.faq_working import open_working
from bot.console.premises import Premises
from bot.faq.refusals import FaqRefusal
from bot.outreach import review as reviewing
from bot.outreach.permissions import Permission
from bot.outreach.review import Decision, DecisionKind
from knowledge.checks import FEWEST_VARIANTS, LONGEST_TITLE

PROPOSE, DECIDE = Permission.PROPOSE_DECISION, Permission.DECIDE_QUESTIONS
TOPICS = "/console/faq/topics/"
"""Where a topic of the draft is worked on."""
LONGEST_FIELD = 5_000
MOST_LINES = 200
FAMILY = "general"


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/<int:group_id>/new", needs=PROPOSE, methods=("POST",))
    def new_entry(group_id: int) -> ResponseReturnValue:
        form = request.form
        title, family = form.get("title", "").strip()[:LONGEST_FIELD], form.get("family", "")
        texts = texts_of(form.get("texts", ""))[:MOST_LINES]
        if not title:
            return _page(premises, group_id, why=[sentences.TITLE_MISSING])
        if family not in _families(premises):
            abort(400)
        entry_id = f"{family}.asked_{group_id}"
        decision = Decision(DecisionKind.NEW_ENTRY, entry=entry_id, title=title, texts=texts)
        if not may(DECIDE):
            return review_settling.settle(premises, group_id, decision)
        return _open(premises, group_id, decision)


def begin(premises: Premises, group_id: int, *, title: str = "") -> ResponseReturnValue:
    """The form, with the wordings that were ticked."""
    texts = "\n".join(row.text for row in review_groups.filled_in() if row.ticked)
    return _page(premises, group_id, title=title, texts=texts, status=200)


def _open(premises: Premises, group_id: int, decision: Decision) -> ResponseReturnValue:
    seen = request.form.get("version", type=row_id)
    answer = request.form.get("answer", "").replace("\r\n", "\n").strip()[:LONGEST_FIELD]
    if seen is None:
        abort(400)
    try:
        review_settling.decide_now(premises, group_id, seen=seen, decision=decision, answer=answer)
    except review_settling.Stopped as stopped:
        if isinstance(stopped.refusal, reviewing.NoWording):
            return _page(premises, group_id, why=[sentences.NO_WORDING])
        return review_settling.refused(premises, group_id, stopped.refusal)
    except FaqRefusal as refusal:
        return _page(premises, group_id, why=review_settling.tell(premises, refusal))
    flash(f"เปิดเรื่อง “{decision.title}” ในฉบับร่างแล้วค่ะ ตรวจและเติมต่อได้ที่นี่", "success")
    return redirect(f"{TOPICS}{decision.entry}")


def _page(
    premises: Premises,
    group_id: int,
    *,
    title: str | None = None,
    texts: str | None = None,
    why: Sequence[str] = (),
    status: int = 422,
) -> ResponseReturnValue:
    form = request.form
    with premises.database.reading() as db:
        found = reviewing.find_group(db, group_id, items=1, wordings=1)
        working = open_working(premises, db)
    if found is None or found.line.group.state != "open":
        return review_groups.show(premises, group_id)
    best = review_groups.find_best(premises, working, found.line.label)
    page = render_template(
        "console/review_new.html",
        group=found.line.group,
        label=found.line.label,
        version=form.get("version", found.line.group.version, type=row_id),
        reason=review_groups.chosen_reason(),
        title=form.get("title", "") if title is None else title,
        answer=form.get("answer", ""),
        texts=form.get("texts", "") if texts is None else texts,
        family=form.get("family") or (best[0].entry.partition(".")[0] if best else FAMILY),
        families=_families(premises),
        fewest=FEWEST_VARIANTS,
        longest_title=LONGEST_TITLE,
        line_end=LINE_END,
        why=why,
    )
    return page, status


def _families(premises: Premises) -> dict[str, str]:
    with premises.database.reading() as db:
        working = open_working(premises, db)
    names = sorted({entry.family for entry in working.catalogue.entries.values()})
    return {name: faq_sentences.family(name) for name in names}
