"""One topic: its answer and how people ask for it. A new one, and the end of one."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import clock
from bot.console import faq_faults, faq_forms, faq_sentences, preview, records
from bot.console.access import Pages, visitor
from bot.console.faq_differences import between
from bot.console.faq_faults import Told, Twin
from bot.console.faq_working import Working, open_working, show
from bot.console.premises import Premises
from bot.console.preview import Preview
from bot.faq import drafts, editing
from bot.faq.changes import action_text
from bot.faq.drafts import revision_of
from bot.faq.refusals import BadContent, Conflict
from bot.faq.wordings import key_of
from bot.outreach import staff
from bot.outreach.permissions import Permission
from knowledge.content_files import CRISIS
from knowledge.entries import Entry

EDIT = Permission.EDIT_FAQ


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/topics/<entry_id>", needs=EDIT, methods=("GET", "POST"))
    def topic(entry_id: str) -> ResponseReturnValue:
        working = _open(premises)
        if request.method != "POST":
            entry = working.get_entry(entry_id)
            return _page(premises, working, entry, seen=revision_of(entry))
        mine, seen = faq_forms.entry_of(request.form, entry_id=entry_id), request.form.get("seen", "")
        if request.form.get("do") == "preview":
            return _page(premises, working, mine, seen=seen)
        return _save(premises, working, mine, seen=seen)

    @pages.page("/faq/new", needs=EDIT, methods=("GET", "POST"))
    def new_topic() -> ResponseReturnValue:
        working = _open(premises)
        if request.method != "POST":
            return _page(premises, working, faq_forms.blank_entry())
        mine = faq_forms.entry_of(request.form, entry_id=faq_forms.id_of(request.form))
        if request.form.get("do") == "preview":
            return _page(premises, working, mine)
        return _add(premises, working, mine)

    @pages.page("/faq/topics/<entry_id>/delete", needs=EDIT, methods=("POST",))
    def delete_topic(entry_id: str) -> ResponseReturnValue:
        return _delete(premises, entry_id)

    @pages.page("/faq/preview", needs=EDIT, methods=("POST",))
    def preview_topic() -> ResponseReturnValue:
        """The preview alone, for a page that shows it while somebody writes."""
        working = _open(premises)
        entry = faq_forms.entry_of(request.form, entry_id=request.form.get("id", ""))
        return render_template("console/faq_preview.html", previews=_previews(premises, working, entry))


def _list_owners(premises: Premises, entry: Entry) -> dict[str, str]:
    """Who may look after a topic, by login; whoever does now, whatever became of their account."""
    with premises.database.reading() as db:
        accounts = staff.list_accounts(db)
    owners = {account.login: account.name for account in accounts if account.disabled_at is None}
    return owners if entry.care.owner in ("", *owners) else {**owners, entry.care.owner: entry.care.owner}


def _open(premises: Premises) -> Working:
    with premises.database.reading() as db:
        return open_working(premises, db)


def _save(premises: Premises, working: Working, mine: Entry, *, seen: str) -> ResponseReturnValue:
    by, now, move = visitor().account.id, premises.now(), _to_move(mine)
    if working.catalogue.entries.get(mine.id) == mine:
        flash(faq_sentences.NOTHING_CHANGED, "info")
        return redirect(url_for("faq.topic", entry_id=mine.id))
    try:
        with premises.database.transaction() as db:
            before = drafts.open_draft(db, by=by, now=now).catalogue.entries.get(mine.id)
            if move and before is not None and revision_of(before) == seen:
                editing.add_variants(db, entry_id=mine.id, texts=move, by=by, now=now)
                seen = revision_of(drafts.get_for_edit(db).catalogue.entries[mine.id])
            editing.save_entry(db, entry=mine, seen=seen, by=by, now=now)
            subject = ("faq_entry", mine.id)
            records.record(db, premises, "faq.entry_saved", subject, before=_kept(before), after=_kept(mine))
    except Conflict as conflict:
        return _conflict(premises, _open(premises), mine, conflict.theirs)
    except BadContent as bad:
        return _refused(premises, _open(premises), mine, bad, seen=request.form.get("seen", ""))
    flash(faq_sentences.SAVED, "success")
    return redirect(url_for("faq.topic", entry_id=mine.id))


def _to_move(mine: Entry) -> list[str]:
    """The wordings that are to be taken from where they stand, as far as they are still wanted here."""
    chosen = {key_of(text) for text in request.form.getlist("move") if text}
    return [text for text in mine.variants if key_of(text) in chosen]


def _add(premises: Premises, working: Working, mine: Entry) -> ResponseReturnValue:
    by, now, move = visitor().account.id, premises.now(), _to_move(mine)
    first = replace(mine, variants=tuple(text for text in mine.variants if text not in move))
    try:
        with premises.database.transaction() as db:
            drafts.open_draft(db, by=by, now=now)
            editing.new_entry(db, entry=first, by=by, now=now)
            if move:
                editing.add_variants(db, entry_id=mine.id, texts=move, by=by, now=now)
            records.record(db, premises, "faq.entry_added", ("faq_entry", mine.id), after=_kept(mine))
    except Conflict:
        taken = Told("id", f"มีเรื่องรหัส {mine.id} อยู่แล้วค่ะ ตั้งชื่อย่ออื่นนะคะ")
        return _page(premises, working, mine, faults=[taken], status=409)
    except BadContent as bad:
        return _refused(premises, working, mine, bad)
    flash(faq_sentences.SAVED, "success")
    return redirect(url_for("faq.topic", entry_id=mine.id))


def _delete(premises: Premises, entry_id: str) -> ResponseReturnValue:
    by, now = visitor().account.id, premises.now()
    try:
        with premises.database.transaction() as db:
            before = drafts.open_draft(db, by=by, now=now).catalogue.entries.get(entry_id)
            seen = request.form.get("seen", "")
            deleted = editing.delete_entry(db, entry_id=entry_id, seen=seen, by=by, now=now)
            records.record(
                db, premises, "faq.entry_deleted", ("faq_entry", entry_id),
                before=_kept(before), after={"unlinked": list(deleted.unlinked)},
            )  # fmt: skip
    except Conflict:
        flash(f"{faq_sentences.CHANGED_BY_OTHERS} อ่านฉบับล่าสุดก่อนลบนะคะ", "warning")
        return redirect(url_for("faq.topic", entry_id=entry_id))
    except BadContent as bad:
        told = faq_faults.tell_all(bad.faults, owner=entry_id, titles=_open(premises).titles)
        flash(" ".join(one.words for one in told), "danger")
        return redirect(url_for("faq.topic", entry_id=entry_id))
    title = before.title.get("th", entry_id) if before else entry_id
    flash(f"ลบ “{title}” ออกจากฉบับร่างแล้วค่ะ เปลี่ยนใจได้ที่หน้าฉบับร่าง", "success")
    return redirect(url_for("faq.index"))


def _refused(
    premises: Premises, working: Working, mine: Entry, bad: BadContent, *, seen: str = ""
) -> ResponseReturnValue:
    texts = faq_forms.answer_texts(mine)
    told = faq_faults.tell_all(bad.faults, owner=mine.id, titles=working.titles, texts=texts)
    elsewhere = faq_faults.twins(bad.faults, owner=mine.id)
    return _page(premises, working, mine, seen=seen, faults=told, twins=elsewhere, status=422)


def _conflict(premises: Premises, working: Working, mine: Entry, theirs: Entry | None) -> ResponseReturnValue:
    """The form keeps what was written; saving it again puts it over what is there now, knowingly."""
    apart = None if theirs is None else between(theirs, mine, working)
    seen = "" if theirs is None else revision_of(theirs)
    return _page(premises, working, mine, seen=seen, conflict=True, theirs=theirs, apart=apart, status=409)


def _page(
    premises: Premises,
    working: Working,
    entry: Entry,
    *,
    seen: str = "",
    faults: list[Told] | None = None,
    twins: list[Twin] | None = None,
    status: int = 200,
    **more: Any,  # noqa: ANN401 - what templates show
) -> ResponseReturnValue:
    by_field: dict[str, list[str]] = {}
    for one in faults or ():
        by_field.setdefault(one.field, []).append(one.words)
    is_new = request.endpoint == "faq.new_topic"
    page = show(
        "faq_entry", working,
        entry=entry, seen=seen, is_new=is_new, faults=by_field, twins=twins or [], crisis=entry.id == CRISIS,
        actions=faq_forms.offered_actions(entry, working.catalogue.pack), lines_of=faq_forms.lines_of,
        places=faq_sentences.PLACES_TO_PUT, previews=_previews(premises, working, entry),
        families=_families(working), form=request.form, related_fields=max(faq_forms.MOST_RELATED, len(entry.related)),
        most_details=faq_forms.MOST_DETAILS, owners=_list_owners(premises, entry), when_old=faq_sentences.WHEN_OLD,
        **more,
    )  # fmt: skip
    return page, status


def _families(working: Working) -> dict[str, str]:
    """Those that there are, and those that the draft has emptied."""
    names = sorted(
        {entry.family for entry in (*working.in_force.entries.values(), *working.catalogue.entries.values())}
    )
    return {name: faq_sentences.family(name) for name in names}


def _previews(premises: Premises, working: Working, entry: Entry) -> list[tuple[str, Preview]]:
    """In each language that there is; then as it will be once the centre's facts are filled in."""
    facts, today = premises.settings.facts, clock.bangkok_date(premises.now())
    titles = {
        language: {
            name: other.title.get(language) or other.title.get("th", name)
            for name, other in working.catalogue.entries.items()
        }
        for language in ("th", "en")
    }
    drawn = [("th", preview.draw(entry, titles=titles["th"], facts=facts, today=today, language="th"))]
    if drawn[0][1].missing:
        filled = {name: f"〔{title}〕" for name, title in faq_sentences.PLACES_TO_PUT.items()} | dict(facts)
        drawn.append(("filled", preview.draw(entry, titles=titles["th"], facts=filled, today=today, language="th")))
    if entry.answer.get("en"):
        drawn.append(("en", preview.draw(entry, titles=titles["en"], facts=facts, today=today, language="en")))
    return drawn


def _kept(entry: Entry | None) -> dict[str, Any] | None:
    """What the audit log keeps of a topic."""
    if entry is None:
        return None
    return asdict(entry) | {"actions": [action_text(action) for action in entry.actions]}
