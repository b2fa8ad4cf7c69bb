"""Taking into the draft what was published meanwhile, or what a new release brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import faq_faults, faq_sentences, records
from bot.console.access import Pages, visitor
from bot.console.faq_differences import Row
from bot.console.faq_forms import action_names
from bot.console.faq_working import Working, open_working, show
from bot.console.premises import Premises
from bot.faq import drafts, rebasing
from bot.faq.changes import action_text
from bot.faq.merging import Choice
from bot.faq.rebasing import Waiting
from bot.faq.refusals import BadContent, MergeConflict, MergeConflicts
from bot.outreach.permissions import Permission
from bot.storage import faq_history
from knowledge.entries import Action

CHOICES = ("draft", "other", "both")
LONG_LIST = 8
NOTHING = "ไม่มี"


@dataclass(frozen=True, slots=True)
class Conflicting:
    part: str
    title: str
    rows: tuple[Row, ...]
    """What the two sides say differently: ours, and the other's."""
    can_have_both: bool
    gone: str
    """`draft` or `other` where that side has removed it."""


def find_waiting(db: Session, working: Working) -> Waiting:
    """Without a draft too: then one would be opened for what a release brought."""
    if working.draft is not None:
        return rebasing.find_waiting(db)
    newest = faq_history.find_newest_shipped(db)
    known = (working.version, faq_history.find_shipped_in(db, working.version))
    return Waiting(None, None if newest in known else newest)


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/draft/merge", needs=Permission.EDIT_FAQ, methods=("POST",))
    def merge() -> ResponseReturnValue:
        onto = request.form.get("onto", "")
        with premises.database.reading() as db:
            working = open_working(premises, db)
            waiting = find_waiting(db, working)
        if not onto or onto not in (waiting.in_force, waiting.shipped):
            flash("ไม่มีฉบับอื่นรอรวมแล้วค่ะ", "info")
            return redirect(url_for("faq.draft"))
        return _merge(premises, working, onto, _choices())


def _choices() -> dict[str, Choice]:
    """What a person decided on each conflicting part."""
    found = {name.removeprefix("choice:"): value for name, value in request.form.items() if name.startswith("choice:")}
    return {part: cast(Choice, value) for part, value in found.items() if value in CHOICES}


def _merge(premises: Premises, working: Working, onto: str, choices: Mapping[str, Choice]) -> ResponseReturnValue:
    by, now = visitor().account.id, premises.now()
    try:
        with premises.database.transaction() as db:
            drafts.open_draft(db, by=by, now=now)
            revision = rebasing.rebase(db, onto=onto, by=by, now=now, choices=choices)
            records.record(
                db, premises, "faq.merged", ("faq_draft", revision), after={"onto": onto, "choices": dict(choices)}
            )
    except MergeConflicts as conflicts:
        shown = [_shown(conflict, working) for conflict in conflicts.conflicts]
        return show("faq_merge", working, onto=onto, conflicts=shown, decided=choices), 409
    except BadContent as bad:
        told = faq_faults.tell_all(bad.faults, owner="", titles=working.titles)
        return show("faq_merge", working, onto=onto, conflicts=[], decided=choices, why=told), 422
    flash("รวมเข้าฉบับร่างแล้วค่ะ", "success")
    return redirect(url_for("faq.draft"))


def _shown(conflict: MergeConflict, working: Working) -> Conflicting:
    kind, _, name = conflict.part.partition("/")
    titles = working.titles
    title = "ข้อมูลของศูนย์" if kind == "pack" else faq_sentences.subject(name, titles)
    ours, theirs = _fields(conflict.draft), _fields(conflict.other)
    rows = []
    known = list(faq_sentences.FIELDS)
    order = sorted({*ours, *theirs}, key=lambda field: (known.index(field) if field in known else len(known), field))
    for field in order:
        mine, other = ours.get(field, ()), theirs.get(field, ())
        if mine != other:
            old, new = (_named(field, lines, working) for lines in (_without(mine, other), _without(other, mine)))
            rows.append(Row(_label(field), old or NOTHING, new or NOTHING))
    gone = "draft" if conflict.draft is None else "other" if conflict.other is None else ""
    return Conflicting(conflict.part, title, tuple(rows), conflict.both is not None, gone)


def _fields(value: Any, field: str = "") -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - a part of a catalogue, as JSON
    """Each field of a part by its path, as lines of text."""
    if isinstance(value, dict):
        return {
            path: lines
            for name, inner in value.items()
            if name != "id"
            for path, lines in _fields(inner, f"{field}.{name}".lstrip(".")).items()
        }
    if isinstance(value, list):
        return {field: tuple(_line(item) for item in value)}
    return {} if value is None else {field: tuple(str(value).splitlines())}


def _line(item: Any) -> str:  # noqa: ANN401 - a text, a detail or an action, as JSON
    if not isinstance(item, dict):
        return str(item)
    if "name" in item:
        return action_text(Action(**item))
    return " · ".join(
        ", ".join(value) if isinstance(value, list) else " ".join(value.values()) if isinstance(value, dict) else value
        for value in item.values()
        if value
    )


def _label(field: str) -> str:
    return faq_sentences.FIELDS.get(field, field) or "ข้อความ"


def _without(mine: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The whole text; of a long list only what the other side does not have."""
    if max(len(mine), len(other)) <= LONG_LIST:
        return mine
    return tuple(line for line in mine if line not in other)


def _named(field: str, lines: tuple[str, ...], working: Working) -> str:
    """Topics and buttons by the names that people know."""
    if field == "related":
        titles = working.titles
        return ", ".join(titles.get(line, line) for line in lines)
    if field == "actions":
        return action_names(", ".join(lines), working.catalogue.pack)
    return "\n".join(lines)
