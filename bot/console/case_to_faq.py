"""What staff answered becomes an answer of the bot: a wording of a topic that is there, or a topic of the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.cases import to_faq
from bot.console import case_words, faq_sentences, records, review_groups
from bot.console.access import Pages, visitor
from bot.console.case_one import get_case
from bot.console.faq_forms import LINE_END, texts_of
from bot.console.faq_working import Working, open_working
from bot.console.premises import Premises
from bot.console.review_settling import tell
from bot.faq import drafts, editing
from bot.faq.refusals import FaqRefusal
from bot.outreach.permissions import Permission
from bot.outreach.review import reviewed_text
from knowledge.checks import FEWEST_VARIANTS, LONGEST_TITLE
from knowledge.entries import Entry

EDIT = Permission.EDIT_FAQ
LONGEST_FIELD = 5_000
LONGEST_QUESTION = 1_000
MOST_LINES = 200
LEAST_SCORE = 0.02
"""Topics that have less to do with the question than this are not offered."""
FAMILY = "general"
FIELDS = ("question", "entry", "title", "family", "answer", "texts")


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/cases/<int:case_id>/faq", needs=EDIT, methods=("GET", "POST"))
    def to_faq(case_id: int) -> ResponseReturnValue:
        if request.method != "POST":
            return _page(premises, case_id, _suggested(premises, case_id))
        filled = {name: request.form.get(name, "").strip()[:LONGEST_FIELD] for name in FIELDS}
        return _put(premises, case_id, filled)


def _suggested(premises: Premises, case_id: int) -> dict[str, str]:
    with premises.database.reading() as db:
        get_case(db, case_id)
        found = to_faq.suggestion(db, premises.vault, case_id)
    return {"question": " ".join(found.question.split())[:LONGEST_QUESTION], "answer": found.answer[:LONGEST_FIELD]}


def _put(premises: Premises, case_id: int, filled: dict[str, str]) -> ResponseReturnValue:
    do = request.form.get("do", "")
    chosen = filled["entry"] if do == "other" else do.removeprefix("add:") if do.startswith("add:") else ""
    question = reviewed_text(filled["question"][:LONGEST_QUESTION])
    why = _missing(do, chosen, question, filled)
    if why:
        return _page(premises, case_id, filled, why=[why], status=422)
    try:
        if do == "new":
            entry_id = _new(premises, case_id, question, filled)
        else:
            entry_id = _add(premises, case_id, question, chosen)
    except FaqRefusal as refusal:
        return _page(premises, case_id, filled, why=tell(premises, refusal), status=422)
    flash(case_words.IN_DRAFT, "success")
    return redirect(url_for("faq.topic", entry_id=entry_id))


def _missing(do: str, chosen: str, question: str, filled: dict[str, str]) -> str:
    if do not in ("other", "new") and not do.startswith("add:"):
        abort(400)
    if not question:
        return case_words.NO_QUESTION
    if do == "new":
        return "" if filled["title"] and filled["answer"] else case_words.NO_TITLE_OR_ANSWER
    return "" if chosen else case_words.NO_TOPIC


def _add(premises: Premises, case_id: int, question: str, entry_id: str) -> str:
    def edit(db: Session, by: int, now: datetime) -> None:
        editing.add_variants(db, entry_id=entry_id, texts=[question], by=by, now=now)

    _edit(premises, case_id, edit, entry_id=entry_id, after={"wordings": 1})
    return entry_id


def _new(premises: Premises, case_id: int, question: str, filled: dict[str, str]) -> str:
    """Its wordings go with it only where they stand nowhere else: the check of the draft says so."""
    if filled["family"] not in _families(_open(premises)):
        abort(400)
    entry_id = f"{filled['family']}.case_{case_id}"
    others = [reviewed_text(text) for text in texts_of(filled["texts"])[:MOST_LINES]]
    variants = tuple(dict.fromkeys([question, *filter(None, others)]))
    answer = filled["answer"].replace("\r\n", "\n")
    entry = Entry(entry_id, {"th": filled["title"]}, {"th": answer}, (), None, (), (), variants)

    def edit(db: Session, by: int, now: datetime) -> None:
        editing.new_entry(db, entry=entry, by=by, now=now)

    _edit(premises, case_id, edit, entry_id=entry_id, after={"wordings": len(variants), "new": True})
    return entry_id


def _edit(
    premises: Premises,
    case_id: int,
    edit: Callable[[Session, int, datetime], None],
    *,
    entry_id: str,
    after: dict[str, Any],
) -> None:
    """Raises FaqRefusal; then nothing is changed."""
    by, now = visitor().account.id, premises.now()
    with premises.database.transaction() as db:
        get_case(db, case_id)
        drafts.open_draft(db, by=by, now=now)
        edit(db, by, now)
        records.record(db, premises, "faq.from_case", ("faq_entry", entry_id), after=after | {"case": case_id})


def _page(
    premises: Premises, case_id: int, filled: dict[str, str], *, why: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:  # fmt: skip
    with premises.database.reading() as db:
        get_case(db, case_id)
    working = _open(premises)
    found = review_groups.find_best(premises, working, filled["question"] or None)
    best = [one for one in found if one.score >= LEAST_SCORE]
    typed = {"family": best[0].entry.partition(".")[0] if best else FAMILY, **{k: v for k, v in filled.items() if v}}
    page = render_template(
        "console/case_to_faq.html", case_id=case_id, typed=typed, best=best, why=why,
        entries=review_groups.list_entries(working), families=_families(working), fewest=FEWEST_VARIANTS,
        longest_title=LONGEST_TITLE, longest_question=LONGEST_QUESTION, line_end=LINE_END,
    )  # fmt: skip
    return page, status


def _open(premises: Premises) -> Working:
    with premises.database.reading() as db:
        return open_working(premises, db)


def _families(working: Working) -> dict[str, str]:
    names = sorted({entry.family for entry in working.catalogue.entries.values()})
    return {name: faq_sentences.family(name) for name in names}
