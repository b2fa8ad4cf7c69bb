"""What a decision about questions means for the FAQ's draft, done there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.faq import drafts, editing
from bot.faq.drafts import revision_of
from bot.faq.refusals import FaqRefusal, UnknownEntry, UnknownGroup
from bot.faq.wordings import key_of, owners
from bot.outreach.review import OUT_OF_SCOPE, Edit, Placed, reviewed_text
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry


class EditedSince(FaqRefusal):
    """The new entry that is to go again was worked on meanwhile."""


def owners_of(catalogue: Catalogue, texts: Iterable[str]) -> dict[str, str]:
    """Where these wordings stand, by their normalised form."""
    wanted = {key_of(reviewed_text(text)) for text in texts}
    return {
        key: owner if owner in catalogue.entries else f"{OUT_OF_SCOPE}{owner}"
        for owner, each in owners(catalogue)
        for key in wanted.intersection(map(key_of, each))
    }


def apply(db: Session, edit: Edit, *, by: int, now: datetime, answer: str = "") -> None:
    """In the decision's own transaction, with the draft open. `answer` is that of a new entry. Raises FaqRefusal."""
    if edit.new_entry is not None:
        _open_entry(db, edit, answer, by=by, now=now)
        return
    for place, texts in _by_place(edit.add):
        _add(db, place, texts, by=by, now=now)


def take_back(db: Session, edit: Edit, *, by: int, now: datetime) -> None:
    """The edit of an undone decision. What is no longer there needs not be taken away. Raises FaqRefusal."""
    if edit.drop_entry is not None:
        _drop(db, edit.drop_entry, by=by, now=now)
    for place, texts in _by_place(edit.add):
        _add(db, place, texts, by=by, now=now)
    for place, texts in _by_place(edit.remove):
        try:
            _remove(db, place, texts, by=by, now=now)
        except (UnknownEntry, UnknownGroup):
            continue


def _open_entry(db: Session, edit: Edit, answer: str, *, by: int, now: datetime) -> None:
    """What stood elsewhere is taken away first: a new entry moves nothing by itself."""
    for place, texts in _by_place(edit.remove):
        _remove(db, place, texts, by=by, now=now)
    entry_id, title = edit.new_entry or ("", "")
    variants = tuple(placed.text for placed in edit.add)
    entry = Entry(entry_id, {"th": title}, {"th": answer} if answer else {}, (), None, (), (), variants)
    editing.new_entry(db, entry=entry, by=by, now=now)


def _drop(db: Session, entry_id: str, *, by: int, now: datetime) -> None:
    entry = drafts.get_for_edit(db).catalogue.entries.get(entry_id)
    if entry is None:
        return
    if any(edit.subject == entry_id and edit.kind != "entry added" for edit in drafts.list_edits(db)):
        raise EditedSince(entry_id)
    editing.delete_entry(db, entry_id=entry_id, seen=revision_of(entry), by=by, now=now)


def _add(db: Session, place: str, texts: list[str], *, by: int, now: datetime) -> None:
    if place.startswith(OUT_OF_SCOPE):
        editing.add_out_of_scope(db, kind=place.removeprefix(OUT_OF_SCOPE), texts=texts, by=by, now=now)
    else:
        editing.add_variants(db, entry_id=place, texts=texts, by=by, now=now)


def _remove(db: Session, place: str, texts: list[str], *, by: int, now: datetime) -> None:
    if place.startswith(OUT_OF_SCOPE):
        editing.remove_out_of_scope(db, kind=place.removeprefix(OUT_OF_SCOPE), texts=texts, by=by, now=now)
    else:
        editing.remove_variants(db, entry_id=place, texts=texts, by=by, now=now)


def _by_place(placed: Iterable[Placed]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for one in placed:
        found.setdefault(one.place, []).append(one.text)
    return list(found.items())
