"""The edits of the working draft. Each is checked; what would leave the content faulty is refused whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.faq import drafts
from bot.faq.drafts import Draft, revision_of
from bot.faq.refusals import Conflict, UnknownEntry, UnknownGroup
from bot.faq.wordings import Moved, distinct, key_of, take_out, without
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from knowledge.lexicon import LISTS, RELATED, SAME_WORD

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingsAdded:
    revision: int
    added: Texts
    """New there, those that were moved included."""
    moved: tuple[Moved, ...]
    already: Texts
    """Stood there before."""


@dataclass(frozen=True, slots=True)
class EntryDeleted:
    revision: int
    unlinked: Texts
    """The entries that named it as related, and do so no longer."""


def save_entry(db: Session, *, entry: Entry, seen: str, by: int | None, now: datetime) -> int:
    """`seen` is `revision_of` the entry that the editor began with. Returns the draft's revision.

    Raises Conflict, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    theirs = draft.catalogue.entries.get(entry.id)
    if theirs is None or revision_of(theirs) != seen:
        raise Conflict(entry.id, mine=entry, theirs=theirs)
    return _save(db, draft, _with_entry(draft.catalogue, entry), kind="entry saved", subject=entry.id, by=by, now=now)


def new_entry(db: Session, *, entry: Entry, by: int | None, now: datetime) -> int:
    """Raises Conflict when the id is taken, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    theirs = draft.catalogue.entries.get(entry.id)
    if theirs is not None:
        raise Conflict(entry.id, mine=entry, theirs=theirs)
    return _save(db, draft, _with_entry(draft.catalogue, entry), kind="entry added", subject=entry.id, by=by, now=now)


def delete_entry(db: Session, *, entry_id: str, seen: str, by: int | None, now: datetime) -> EntryDeleted:
    """Its wordings go with it. Raises UnknownEntry, Conflict, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    theirs = _get_entry(draft, entry_id)
    if revision_of(theirs) != seen:
        raise Conflict(entry_id, mine=None, theirs=theirs)
    unlinked = tuple(other.id for other in draft.catalogue.entries.values() if entry_id in other.related)
    kept = {
        name: replace(entry, related=tuple(other for other in entry.related if other != entry_id))
        for name, entry in draft.catalogue.entries.items()
        if name != entry_id
    }
    after = replace(draft.catalogue, entries=kept)
    return EntryDeleted(_save(db, draft, after, kind="entry deleted", subject=entry_id, by=by, now=now), unlinked)


def add_variants(
    db: Session, *, entry_id: str, texts: Sequence[str], by: int | None, now: datetime
) -> WordingsAdded:  # fmt: skip
    """Wordings that stood anywhere else are moved here. Raises UnknownEntry, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    entry = _get_entry(draft, entry_id)
    added, already = _split_known(texts, entry.variants)
    after, moved = take_out(draft.catalogue, added, keeper=entry_id)
    after = _with_entry(after, replace(entry, variants=(*entry.variants, *added)))
    revision = _save(db, draft, after, kind="variants added", subject=entry_id, by=by, now=now)
    return WordingsAdded(revision, added, moved, already)


def add_out_of_scope(
    db: Session, *, kind: str, texts: Sequence[str], by: int | None, now: datetime
) -> WordingsAdded:  # fmt: skip
    """`kind` is a group of messages that are not ours, or of those that are refused. Wordings that stood anywhere else
    are moved here. Raises UnknownGroup, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    before = _group(draft.catalogue, kind)
    added, already = _split_known(texts, before)
    after, moved = take_out(draft.catalogue, added, keeper=kind)
    after = _with_group(after, kind, (*before, *added))
    revision = _save(db, draft, after, kind="messages added", subject=kind, by=by, now=now)
    return WordingsAdded(revision, added, moved, already)


def remove_variants(db: Session, *, entry_id: str, texts: Sequence[str], by: int | None, now: datetime) -> int:
    """Wordings that are not there are passed over. Raises UnknownEntry, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    entry = _get_entry(draft, entry_id)
    after = _with_entry(draft.catalogue, replace(entry, variants=without(entry.variants, texts)))
    return _save(db, draft, after, kind="variants removed", subject=entry_id, by=by, now=now)


def remove_out_of_scope(db: Session, *, kind: str, texts: Sequence[str], by: int | None, now: datetime) -> int:
    """Raises UnknownGroup, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    after = _with_group(draft.catalogue, kind, without(_group(draft.catalogue, kind), texts))
    return _save(db, draft, after, kind="messages removed", subject=kind, by=by, now=now)


def forms_of(catalogue: Catalogue, *, group: str, standard: str | None) -> Texts:
    """The words of a list of the lexicon, or the other ways of writing a standard word. Raises UnknownGroup."""
    if group in LISTS and standard is None:
        words: Texts = getattr(catalogue.lexicon, group)
        return words
    if group in (*SAME_WORD, RELATED) and standard is not None:
        forms: Texts = getattr(catalogue.lexicon, group).get(standard, ())
        return forms
    raise UnknownGroup(group)


def change_lexicon(
    db: Session, *, group: str, standard: str | None, forms: Sequence[str], seen: Texts, by: int | None, now: datetime
) -> int:
    """`standard` is None for the plain lists. `seen` are the forms that the editor began with; no forms at all remove
    the standard word. Raises UnknownGroup, Conflict, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    mine = tuple(dict.fromkeys(form.strip() for form in forms if form.strip()))
    theirs = forms_of(draft.catalogue, group=group, standard=standard)
    if theirs != seen:
        raise Conflict(f"{group}/{standard or ''}".rstrip("/"), mine=mine, theirs=theirs)
    words: Any = mine
    if standard is not None:
        others = {name: kept for name, kept in getattr(draft.catalogue.lexicon, group).items() if name != standard}
        words = others | {standard: mine} if mine else others
    after = replace(draft.catalogue, lexicon=replace(draft.catalogue.lexicon, **{group: words}))
    return _save(db, draft, after, kind="lexicon changed", subject=standard or group, by=by, now=now)


_save = drafts.save


def _get_entry(draft: Draft, entry_id: str) -> Entry:
    entry = draft.catalogue.entries.get(entry_id)
    if entry is None:
        raise UnknownEntry(entry_id)
    return entry


def _with_entry(catalogue: Catalogue, entry: Entry) -> Catalogue:
    return replace(catalogue, entries=dict(sorted({**catalogue.entries, entry.id: entry}.items())))


def _group(catalogue: Catalogue, kind: str) -> Texts:
    for groups in (catalogue.out_of_scope, catalogue.refusals):
        if kind in groups:
            return groups[kind]
    raise UnknownGroup(kind)


def _with_group(catalogue: Catalogue, kind: str, texts: Texts) -> Catalogue:
    if kind in catalogue.out_of_scope:
        return replace(catalogue, out_of_scope={**catalogue.out_of_scope, kind: texts})
    return replace(catalogue, refusals={**catalogue.refusals, kind: texts})


def _split_known(texts: Sequence[str], there: Texts) -> tuple[Texts, Texts]:
    """What is new, and what stands there already."""
    known = {key_of(text) for text in there}
    wanted = distinct(texts)
    new = tuple(text for text in wanted if key_of(text) not in known)
    return new, tuple(text for text in wanted if key_of(text) in known)
