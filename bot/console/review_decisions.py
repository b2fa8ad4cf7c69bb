"""The buttons of a group: what was pressed, as a decision; and taking the last one back."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from bot.console import records, review_edits, review_groups, review_new_entry
from bot.console import review_sentences as sentences
from bot.console.access import Pages, may, visitor
from bot.console.premises import Premises
from bot.console.review_edits import EditedSince
from bot.console.review_settling import Stopped, may_by_name, settle, tell
from bot.faq import drafts
from bot.faq.refusals import FaqRefusal
from bot.outreach import review as reviewing
from bot.outreach.permissions import Permission
from bot.outreach.review import TEACHES, Decided, Decision, DecisionKind, NothingToUndo
from bot.storage import reviews

PROPOSE, DECIDE = Permission.PROPOSE_DECISION, Permission.DECIDE_QUESTIONS
LONGEST_PLACE = 80
SCOPE = "scope:"


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/<int:group_id>/decide", needs=PROPOSE, methods=("POST",))
    def decide(group_id: int) -> ResponseReturnValue:
        """Pressing Enter in a field decides nothing."""
        do, _, place = request.form.get("do", "").partition(":")
        if do in ("", "again"):
            return review_groups.show(premises, group_id)
        if do == "new":
            return review_new_entry.begin(premises, group_id)
        if do == "other":
            place = request.form.get("entry", "")
            if not place:
                return review_groups.show(premises, group_id, status=422, why=[sentences.NO_CHOICE])
        decision = _accepted(premises, group_id) if do == "accept" else _decision(do, place[:LONGEST_PLACE])
        if decision.kind is DecisionKind.NEW_ENTRY and may(DECIDE):
            return review_new_entry.begin(premises, group_id, title=decision.title or "")
        return settle(premises, group_id, decision)

    @pages.page("/review/<int:group_id>/undo", needs=DECIDE, methods=("POST",))
    def undo(group_id: int) -> ResponseReturnValue:
        return _undo(premises, group_id)


def _undo(premises: Premises, group_id: int) -> ResponseReturnValue:
    """Takes back that decision and no other: pressed twice, or in an old page, it does nothing."""
    by, now = visitor().account.id, premises.now()
    back = redirect(review_groups.page_of(group_id))
    try:
        with premises.database.transaction() as db:
            group = reviews.find_group(db, group_id)
            kept = dict((group.decision if group is not None else None) or {})
            if kept.get("kind") in TEACHES:
                drafts.open_draft(db, by=by, now=now)
            undone = reviewing.undo_last(db, by=str(by), may=may_by_name)
            if not isinstance(undone, Decided) or undone.group_id != group_id:
                raise Stopped(undone)
            review_edits.take_back(db, undone.edit, by=by, now=now)
            before = {name: kept.get(name) for name in ("kind", "entry", "scope")}
            records.record(db, premises, "review.undone", ("review_group", group_id), before=before)
    except Stopped as stopped:
        since = isinstance(stopped.refusal, NothingToUndo) and stopped.refusal.published_since
        flash(sentences.PUBLISHED_SINCE if since else sentences.NOTHING_TO_UNDO, "warning")
        return back
    except FaqRefusal as refusal:
        told = [sentences.EDITED_SINCE] if isinstance(refusal, EditedSince) else tell(premises, refusal)
        flash(" ".join(told), "danger")
        return back
    flash(sentences.UNDONE, "success")
    return back


def _decision(do: str, place: str) -> Decision:
    """Of a button: `add:center.hours`, `talk:scope:chitchat`, `scope:near`, `ignore`, `person`. What is not taught
    keeps no words, so that those of somebody who takes them back are gone here too."""
    texts = tuple(row.text for row in review_groups.filled_in() if row.ticked)
    if do in ("add", "other") and place:
        return Decision(DecisionKind.ADD_TO, entry=place, texts=texts)
    if do == "talk" and place.startswith(SCOPE):
        return Decision(DecisionKind.SMALL_TALK, scope=place.removeprefix(SCOPE), texts=texts)
    if do == "talk" and place:
        return Decision(DecisionKind.SMALL_TALK, entry=place, texts=texts)
    if do == "scope" and place:
        return Decision(DecisionKind.OUT_OF_SCOPE, scope=place, texts=texts)
    if do in ("ignore", "person"):
        return Decision(DecisionKind.IGNORE if do == "ignore" else DecisionKind.NEEDS_PERSON)
    return abort(400)


def _accepted(premises: Premises, group_id: int) -> Decision:
    """The proposal as it stands, with the wordings as the form has them. Whether it is the one that was seen, the
    version tells."""
    with premises.database.reading() as db:
        group = reviews.find_group(db, group_id)
    proposal = group.proposal if group is not None else None
    if proposal is None:
        abort(400)
    kind = DecisionKind(proposal["kind"])
    texts = tuple(row.text for row in review_groups.filled_in() if row.ticked) if kind in TEACHES else ()
    return Decision(kind, proposal["entry"], proposal["scope"], proposal["title"], texts)
