"""Messages that are not ours, by their kind: from them the bot learns what not to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import faq_faults, faq_sentences, records
from bot.console.access import Pages, row_id, visitor
from bot.console.faq_forms import texts_of
from bot.console.faq_working import Working, open_working, show
from bot.console.premises import Premises
from bot.faq import drafts, editing
from bot.faq.editing import WordingsAdded
from bot.faq.refusals import BadContent, UnknownGroup
from bot.faq.wordings import key_of
from bot.outreach.permissions import Permission

EDIT = Permission.EDIT_FAQ
A_PAGE = 100
LONGEST_SEARCH = 200


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/messages", needs=EDIT)
    def messages() -> ResponseReturnValue:
        working = _open(premises)
        every, known = groups(working), faq_sentences.KINDS_OF_MESSAGES
        kinds = [(kind, *known[kind], len(every[kind])) for kind in known if kind in every]
        return show("faq_messages", working, kinds=kinds)

    @pages.page("/faq/messages/<kind>", needs=EDIT, methods=("GET", "POST"))
    def messages_of_kind(kind: str) -> ResponseReturnValue:
        if request.method == "POST":
            return _change(premises, kind)
        return _page(_open(premises), kind)


def groups(working: Working) -> Mapping[str, tuple[str, ...]]:
    return {**working.catalogue.out_of_scope, **working.catalogue.refusals}


def _open(premises: Premises) -> Working:
    with premises.database.reading() as db:
        return open_working(premises, db)


def _page(
    working: Working, kind: str, *, written: str = "", why: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:  # fmt: skip
    texts = groups(working).get(kind)
    if texts is None:
        raise UnknownGroup(kind)
    wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    found = [text for text in texts if not wanted or key_of(wanted) in key_of(text)]
    begin = max(request.args.get("from", 0, type=row_id), 0)
    title, what = faq_sentences.KINDS_OF_MESSAGES[kind]
    page = show(
        "faq_messages_kind", working, kind=kind, title=title, what=what, total=len(texts), found=len(found),
        texts=found[begin : begin + A_PAGE], begin=begin, a_page=A_PAGE, wanted=wanted, written=written, why=why,
    )  # fmt: skip
    return page, status


def _change(premises: Premises, kind: str) -> ResponseReturnValue:
    written, chosen = request.form.get("texts", ""), request.form.getlist("remove")
    by, now, titles = visitor().account.id, premises.now(), _open(premises).titles
    try:
        with premises.database.transaction() as db:
            drafts.open_draft(db, by=by, now=now)
            if request.form.get("do") == "remove":
                editing.remove_out_of_scope(db, kind=kind, texts=chosen, by=by, now=now)
                said = f"ลบ {len(chosen)} ข้อความออกจากฉบับร่างแล้วค่ะ"
                records.record(db, premises, "faq.messages_removed", ("faq", kind), before={"texts": chosen})
            else:
                added = editing.add_out_of_scope(db, kind=kind, texts=texts_of(written), by=by, now=now)
                said = _said(added, titles)
                records.record(db, premises, "faq.messages_added", ("faq", kind), after={"texts": list(added.added)})
    except BadContent as bad:
        told = faq_faults.tell_all(bad.faults, owner=kind, titles=titles)
        return _page(_open(premises), kind, written=written, why=[one.words for one in told], status=422)
    flash(said, "success")
    return redirect(url_for("faq.messages_of_kind", kind=kind))


def _said(added: WordingsAdded, titles: Mapping[str, str]) -> str:
    said = f"เพิ่ม {len(added.added)} ข้อความลงฉบับร่างแล้วค่ะ"
    if added.moved:
        origins = "”, “".join(dict.fromkeys(faq_sentences.subject(one.origin, titles) for one in added.moved))
        said += f" ในจำนวนนี้ย้ายมาจาก “{origins}” {len(added.moved)} ข้อความ"
    if added.already:
        said += f" อีก {len(added.already)} ข้อความมีอยู่แล้ว"
    return said
