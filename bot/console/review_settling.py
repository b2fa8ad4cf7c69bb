"""A decision put into force, with its edit of the draft in one transaction; and what is said when it cannot be."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import faq_faults, records, review_edits, review_groups, review_lookup
from bot.console import review_sentences as sentences
from bot.console.access import may, row_id, visitor
from bot.console.faq_working import open_working
from bot.console.premises import Premises
from bot.faq import drafts
from bot.faq.refusals import BadContent, FaqRefusal, UnknownEntry, UnknownGroup
from bot.outreach import review as reviewing
from bot.outreach.permissions import Permission
from bot.outreach.review import (
    TEACHES,
    AlreadyDecided,
    Changed,
    Decided,
    Decision,
    DecisionKind,
    GroupChanged,
    NoWording,
)

DECIDE = Permission.DECIDE_QUESTIONS


class Stopped(Exception):
    """A service said no: whatever the transaction did is undone."""

    def __init__(self, refusal: object) -> None:
        super().__init__(type(refusal).__name__)
        self.refusal = refusal


def may_by_name(permission: str) -> bool:
    return may(Permission(permission))


def settle(premises: Premises, group_id: int, decision: Decision) -> ResponseReturnValue:
    """Decides, or proposes where the visitor may no more than that; then the next group, or why not."""
    seen = request.form.get("version", type=row_id)
    if seen is None:
        abort(400)
    try:
        if may(DECIDE):
            decide_now(premises, group_id, seen=seen, decision=decision)
        else:
            _propose(premises, group_id, seen=seen, decision=decision)
            flash(sentences.PROPOSED, "success")
    except Stopped as stopped:
        return refused(premises, group_id, stopped.refusal)
    except FaqRefusal as refusal:
        return _not_editable(premises, group_id, refusal)
    return go_on(premises, group_id)


def decide_now(premises: Premises, group_id: int, *, seen: int, decision: Decision, answer: str = "") -> None:
    """The draft is held before the group, as everywhere. Raises Stopped, FaqRefusal; then nothing is changed."""
    by, now = visitor().account.id, premises.now()
    with premises.database.transaction() as db:
        owners: dict[str, str] = {}
        if decision.kind in TEACHES:
            owners = review_edits.owners_of(drafts.open_draft(db, by=by, now=now).catalogue, decision.texts)
        decided = reviewing.decide(
            db, group_id=group_id, seen_version=seen, decision=decision, by=str(by), may=may_by_name, now=now,
            owners_of=owners,
        )  # fmt: skip
        if not isinstance(decided, Decided):
            raise Stopped(decided)
        review_edits.apply(db, decided.edit, by=by, now=now, answer=answer)
        after = _kept(decision) | {"taken_from": sorted({placed.place for placed in decided.conflicts})}
        records.record(db, premises, "review.decided", ("review_group", group_id), after=after)


def _propose(premises: Premises, group_id: int, *, seen: int, decision: Decision) -> None:
    with premises.database.transaction() as db:
        _check_place(premises, db, decision)
        proposed = reviewing.propose(
            db, group_id=group_id, seen_version=seen, decision=decision, by=str(visitor().account.id),
            may=may_by_name, now=premises.now(),
        )  # fmt: skip
        if not isinstance(proposed, Changed):
            raise Stopped(proposed)
        records.record(db, premises, "review.proposed", ("review_group", group_id), after=_kept(decision))


def _check_place(premises: Premises, db: Session, decision: Decision) -> None:
    """Of a proposal, which edits nothing yet. Raises UnknownEntry, UnknownGroup."""
    catalogue = open_working(premises, db).catalogue
    is_new = decision.kind is DecisionKind.NEW_ENTRY
    if decision.entry is not None and not is_new and decision.entry not in catalogue.entries:
        raise UnknownEntry(decision.entry)
    if decision.scope is not None and decision.scope not in {**catalogue.out_of_scope, **catalogue.refusals}:
        raise UnknownGroup(decision.scope)


def go_on(premises: Premises, group_id: int) -> ResponseReturnValue:
    reason = review_groups.chosen_reason()
    with premises.database.reading() as db:
        found = review_lookup.find_next(db, after=group_id, reason=reason)
    if found is None:
        flash(sentences.END, "info")
        return redirect(url_for("review.index", reason=reason))
    return redirect(review_groups.page_of(found))


def refused(premises: Premises, group_id: int, refusal: object) -> ResponseReturnValue:
    """Somebody was quicker, or nothing is left to teach. Nothing was overwritten."""
    if isinstance(refusal, AlreadyDecided):
        flash(_tell_decided(premises, refusal), "warning")
        return go_on(premises, group_id)
    if isinstance(refusal, GroupChanged):
        if refusal.version is None:
            flash(sentences.GONE, "warning")
            return go_on(premises, group_id)
        return review_groups.show(premises, group_id, status=409, why=[_tell_changed(premises, refusal)])
    if isinstance(refusal, NoWording):
        return review_groups.show(premises, group_id, status=422, why=[sentences.NO_WORDING])
    return abort(403)


def tell(premises: Premises, refusal: FaqRefusal) -> list[str]:
    if not isinstance(refusal, BadContent):
        return [sentences.PLACE_GONE]
    with premises.database.reading() as db:
        titles = open_working(premises, db).titles
    return [one.words for one in faq_faults.tell_all(refusal.faults, owner="", titles=titles)]


def _not_editable(premises: Premises, group_id: int, refusal: FaqRefusal) -> ResponseReturnValue:
    status = 422 if isinstance(refusal, BadContent) else 409
    return review_groups.show(premises, group_id, status=status, why=tell(premises, refusal))


def _tell_decided(premises: Premises, refusal: AlreadyDecided) -> str:
    with premises.database.reading() as db:
        names, titles = review_lookup.list_names(db), open_working(premises, db).titles
    by = sentences.by_whom(refusal.by, me=str(visitor().account.id), names=names)
    return sentences.already_decided(by, refusal.at, sentences.decision(refusal.what, titles))


def _tell_changed(premises: Premises, refusal: GroupChanged) -> str:
    if refusal.proposed_by is None or refusal.proposed_by == str(visitor().account.id):
        return sentences.CHANGED
    with premises.database.reading() as db:
        names = review_lookup.list_names(db)
    return sentences.proposed_meanwhile(names.get(refusal.proposed_by, refusal.proposed_by))


def _kept(decision: Decision) -> dict[str, Any]:
    """What the audit log keeps: no words that may be a citizen's."""
    kept = {"kind": decision.kind.value, "entry": decision.entry, "scope": decision.scope}
    return {**kept, "wordings": len(decision.texts)}
