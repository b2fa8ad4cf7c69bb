"""The lexicon: words to keep whole, and other ways of writing a word."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import faq_faults, faq_sentences, records
from bot.console.access import Pages, visitor
from bot.console.faq_forms import texts_of
from bot.console.faq_working import Working, open_working, show
from bot.console.premises import Premises
from bot.faq import drafts, editing
from bot.faq.editing import forms_of
from bot.faq.refusals import BadContent, Conflict, UnknownGroup
from bot.outreach.permissions import Permission
from knowledge.lexicon import LISTS, RELATED, SAME_WORD

EDIT = Permission.EDIT_FAQ
WITH_STANDARD = (*SAME_WORD, RELATED)
LONGEST_SEARCH = 200


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/words", needs=EDIT)
    def words() -> ResponseReturnValue:
        working = _open(premises)
        lexicon = working.catalogue.lexicon
        lists = [
            (name, *faq_sentences.WORDS[name], len(getattr(lexicon, name))) for name in (*WITH_STANDARD, *LISTS)
        ]  # fmt: skip
        return show("faq_words", working, lists=lists)

    @pages.page("/faq/words/<group>", needs=EDIT)
    def words_of_group(group: str) -> ResponseReturnValue:
        working = _open(premises)
        if group in LISTS:
            return _form(working, group, None)
        return _standards(working, group)

    @pages.page("/faq/words/<group>/word", needs=EDIT, methods=("GET", "POST"))
    def word(group: str) -> ResponseReturnValue:
        if request.method == "POST":
            return _save(premises, group)
        return _form(_open(premises), group, None if group in LISTS else request.args.get("word", ""))


def _open(premises: Premises) -> Working:
    with premises.database.reading() as db:
        return open_working(premises, db)


def _standards(working: Working, group: str) -> ResponseReturnValue:
    if group not in WITH_STANDARD:
        raise UnknownGroup(group)
    wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    every = getattr(working.catalogue.lexicon, group)
    found = [
        (standard, forms)
        for standard, forms in sorted(every.items())
        if not wanted or any(wanted in text for text in (standard, *forms))
    ]
    title, what = faq_sentences.WORDS[group]
    return show("faq_words_group", working, group=group, title=title, what=what, found=found, wanted=wanted)


def _form(
    working: Working,
    group: str,
    standard: str | None,
    *,
    seen: Sequence[str] | None = None,
    written: str | None = None,
    why: Sequence[str] = (),
    conflict: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """What is there now counts as seen, unless `seen` says otherwise."""
    forms = forms_of(working.catalogue, group=group, standard=standard)
    title, what = faq_sentences.WORDS[group]
    kept = json.dumps(list(forms if seen is None else seen), ensure_ascii=False)
    is_new = standard is not None and not forms
    page = show(
        "faq_word", working, group=group, title=title, what=what, standard=standard, forms=forms, seen=kept,
        written="\n".join(forms) if written is None else written, why=why, conflict=conflict, is_new=is_new,
    )  # fmt: skip
    return page, status


def _save(premises: Premises, group: str) -> ResponseReturnValue:
    standard = None if group in LISTS else request.form.get("standard", "").strip()
    written, seen = request.form.get("forms", ""), _seen(request.form.get("seen", ""))
    if standard == "":
        return _form(_open(premises), group, "", seen=seen, written=written, why=["ขอคำที่ถูกต้องด้วยค่ะ"], status=422)
    by, now, forms = visitor().account.id, premises.now(), texts_of(written)
    try:
        with premises.database.transaction() as db:
            drafts.open_draft(db, by=by, now=now)
            editing.change_lexicon(db, group=group, standard=standard, forms=forms, seen=seen, by=by, now=now)
            records.record(
                db, premises, "faq.lexicon_changed", ("lexicon", f"{group}/{standard or ''}".rstrip("/")),
                before={"forms": list(seen)}, after={"forms": list(forms)},
            )  # fmt: skip
    except Conflict:
        return _form(_open(premises), group, standard, written=written, conflict=True, status=409)
    except BadContent as bad:
        told = faq_faults.tell_all(bad.faults, owner="lexicon", titles=_open(premises).titles)
        return _form(
            _open(premises), group, standard, seen=seen, written=written, why=[one.words for one in told], status=422
        )
    flash(faq_sentences.SAVED, "success")
    return redirect(url_for("faq.words_of_group", group=group))


def _seen(text: str) -> tuple[str, ...]:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(str(form) for form in found) if isinstance(found, list) else ()
