"""A word that the bot misreads, put right while the question that showed it is at hand."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from bot.console import faq_sentences, records, review_groups, review_settling
from bot.console import review_sentences as sentences
from bot.console.access import Pages, visitor
from bot.console.premises import Premises
from bot.faq import drafts, editing
from bot.faq.editing import forms_of
from bot.faq.refusals import FaqRefusal
from bot.outreach.permissions import Permission
from knowledge.lexicon import RELATED, SAME_WORD, key

LONGEST_WORD = 100


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/<int:group_id>/word", needs=Permission.EDIT_FAQ, methods=("POST",))
    def word(group_id: int) -> ResponseReturnValue:
        form, standard = (request.form.get(name, "").strip()[:LONGEST_WORD] for name in ("form", "standard"))
        group = request.form.get("group", "")
        if group not in (*SAME_WORD, RELATED):
            abort(400)
        if not form or not standard or key(form) == key(standard):
            return review_groups.show(premises, group_id, status=422, word_why=[sentences.WORD_FIELDS])
        try:
            _teach(premises, group=group, standard=standard, form=form)
        except FaqRefusal as refusal:
            told = review_settling.tell(premises, refusal)
            return review_groups.show(premises, group_id, status=422, word_why=told)
        title = faq_sentences.WORDS[group][0]
        flash(f"ต่อไปบอตจะอ่าน “{form}” เป็น “{standard}” ({title}) เมื่อเผยแพร่ฉบับร่างค่ะ", "success")
        return redirect(review_groups.page_of(group_id))


def _teach(premises: Premises, *, group: str, standard: str, form: str) -> None:
    """Adds one form and takes nothing away, so what others add at the same time stays. Raises FaqRefusal."""
    by, now = visitor().account.id, premises.now()
    with premises.database.transaction() as db:
        seen = forms_of(drafts.open_draft(db, by=by, now=now).catalogue, group=group, standard=standard)
        forms = (*seen, form)
        editing.change_lexicon(db, group=group, standard=standard, forms=forms, seen=seen, by=by, now=now)
        subject = ("lexicon", f"{group}/{standard}")
        records.record(
            db, premises, "faq.lexicon_changed", subject, before={"forms": list(seen)}, after={"forms": list(forms)}
        )  # fmt: skip
