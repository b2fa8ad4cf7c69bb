"""Groups that are one question put together, and a question that is another taken out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import records, review_groups, review_settling
from bot.console import review_sentences as sentences
from bot.console.access import Pages, row_id
from bot.console.premises import Premises
from bot.console.review_settling import Stopped, may_by_name
from bot.outreach import likeness
from bot.outreach import review as reviewing
from bot.outreach.permissions import Permission
from bot.outreach.review import Changed, GroupLine, NoWording
from bot.storage import questions

DECIDE = Permission.DECIDE_QUESTIONS
MOST_COMPARED, OFFERED = 300, 12


@dataclass(frozen=True, slots=True)
class Alike:
    line: GroupLine
    likeness: float


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/<int:group_id>/merge", needs=DECIDE, methods=("GET", "POST"))
    def merge(group_id: int) -> ResponseReturnValue:
        if request.method == "POST":
            return _merge(premises, group_id)
        with premises.database.reading() as db:
            found = reviewing.find_group(db, group_id, items=1, wordings=1)
            others = reviewing.list_groups(db, limit=MOST_COMPARED)
        if found is None:
            return review_groups.no_group()
        if found.line.group.state != "open":
            return review_groups.show(premises, group_id)
        return render_template(
            "console/review_merge.html",
            group=found.line.group,
            label=found.line.label,
            alike=_list_alike(found.line, others),
            reason=review_groups.chosen_reason(),
        )

    @pages.page("/review/<int:group_id>/part", needs=DECIDE, methods=("POST",))
    def part(group_id: int) -> ResponseReturnValue:
        return _part(premises, group_id)


def _list_alike(line: GroupLine, others: list[GroupLine]) -> list[Alike]:
    """Of the groups that most people asked, those worded most like this one, by their letters."""
    ours = _grams(line.label)
    weighed = [
        Alike(other, 2 * len(ours & theirs) / (len(ours) + len(theirs)))
        for other in others
        if other.group.id != line.group.id and (theirs := _grams(other.label))
    ]
    return sorted(weighed, key=lambda one: (-one.likeness, one.line.group.id))[:OFFERED]


def _grams(text: str | None) -> frozenset[str]:
    return likeness.read(text, ()).grams if text else frozenset()


def _merge(premises: Premises, group_id: int) -> ResponseReturnValue:
    form = request.form
    version = form.get("version", type=row_id)
    from_id, from_version = form.get("from", type=row_id), form.get("from_version", type=row_id)
    if version is None or from_id is None or from_version is None or from_id == group_id:
        abort(400)
    try:
        with premises.database.transaction() as db:
            merged = reviewing.merge(
                db, into_id=group_id, into_version=version, from_id=from_id, from_version=from_version,
                may=may_by_name,
            )  # fmt: skip
            if not isinstance(merged, Changed):
                raise Stopped(merged)
            records.record(db, premises, "review.merged", ("review_group", group_id), after={"taken_in": from_id})
    except Stopped:
        flash(sentences.CHANGED, "warning")
        return redirect(url_for("review.merge", group_id=group_id, reason=review_groups.chosen_reason()))
    flash(sentences.MERGED, "success")
    return redirect(review_groups.page_of(group_id))


def _part(premises: Premises, group_id: int) -> ResponseReturnValue:
    version, question_id = (request.form.get(name, type=row_id) for name in ("version", "question"))
    if version is None or question_id is None:
        abort(400)
    try:
        with premises.database.transaction() as db:
            if questions.find(db, question_id) is None:
                raise Stopped(NoWording())
            parted = reviewing.move_out(
                db, group_id=group_id, seen_version=version, question_id=question_id, may=may_by_name
            )
            if not isinstance(parted, Changed):
                raise Stopped(parted)
            after = {"new_group": parted.group_id}
            records.record(db, premises, "review.parted", ("review_group", group_id), after=after)
    except Stopped as stopped:
        if isinstance(stopped.refusal, NoWording):
            return review_groups.show(premises, group_id, status=422, why=[sentences.CANNOT_PART])
        return review_settling.refused(premises, group_id, stopped.refusal)
    flash(sentences.PARTED, "success")
    return redirect(review_groups.page_of(parted.group_id))
