"""The working draft: one for everybody. What is in force is never edited.

Who edits a thing names what they saw of it. Edits of different things never disturb each other; of two edits of the
same thing the second is refused, with both versions, and nothing is overwritten. Edits that only add or remove
wordings go through whatever else happens.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.faq import draft_checks, merging
from bot.faq.library import NothingPublished
from bot.faq.refusals import BadContent, CannotUndo, NoDraft, Stale
from bot.storage import faq_drafts, faq_history, faq_versions, locks
from bot.storage.faq_drafts import StoredDraft, StoredEdit
from knowledge.catalogue import Catalogue
from knowledge.entries import ContentError, Entry

LOCK = "faq-draft"
MOST_EDITS = 200


@dataclass(frozen=True, slots=True)
class Draft:
    base_version: str
    shipped_version: str | None
    first_revision: int
    revision: int
    catalogue: Catalogue
    changed_at: datetime
    changed_by: int | None


def revision_of(entry: Entry) -> str:
    """Names what an entry says now: equal as long as nobody changed it, whatever else in the draft changed."""
    plain = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()[:16]


def find_draft(db: Session) -> Draft | None:
    stored = faq_drafts.find_draft(db)
    return None if stored is None else _opened(stored)


def open_draft(db: Session, *, by: int | None, now: datetime) -> Draft:
    """The draft, started from the version in force when there is none. Raises NothingPublished."""
    locks.hold(db, [LOCK])
    stored = faq_drafts.find_draft(db)
    if stored is None:
        stored = _start(db, by=by, now=now)
    return _opened(stored)


def discard_draft(db: Session, *, seen_revision: int, by: int | None, now: datetime) -> None:
    """Raises NoDraft; Stale when it was edited since it was seen."""
    draft = get_for_edit(db)
    if not faq_drafts.close(db, seen_revision=seen_revision):
        raise Stale(seen=seen_revision, actual=draft.revision)
    faq_drafts.record(
        db, revision=draft.revision + 1, kind="discarded", subject="", what=None, by=by, now=now
    )  # fmt: skip


def undo(db: Session, *, revision: int, by: int | None, now: datetime) -> int:
    """Takes one edit back and leaves the later ones standing. Raises CannotUndo, BadContent, NoDraft."""
    draft = get_for_edit(db)
    what = faq_drafts.find_what(db, revision)
    if what is None or revision <= draft.first_revision:
        raise CannotUndo(revision)
    parts = merging.parts_of(draft.catalogue)
    for path, before, after in what:
        place = tuple(path)
        try:
            parts[place] = merging.merge(after, parts.get(place), before)
        except merging.Collision as collision:
            raise CannotUndo(revision, collides="/".join(path)) from collision
    if not faq_drafts.mark_undone(db, revision):
        raise CannotUndo(revision)
    return save(db, draft, catalogue_of(parts), kind="undo", subject=str(revision), by=by, now=now)


def list_edits(db: Session, *, limit: int = MOST_EDITS) -> list[StoredEdit]:
    """Of the open draft, the newest first."""
    stored = faq_drafts.find_draft(db)
    return [] if stored is None else faq_drafts.list_edits(db, limit=limit, since=stored.first_revision)


def get_for_edit(db: Session) -> Draft:
    """The draft as it is now, held until the end of the transaction. Raises NoDraft."""
    locks.hold(db, [LOCK])
    stored = faq_drafts.find_draft(db)
    if stored is None:
        raise NoDraft
    return _opened(stored)


def save(
    db: Session,
    draft: Draft,
    catalogue: Catalogue,
    *,
    kind: str,
    subject: str,
    by: int | None,
    now: datetime,
    base_version: str | None = None,
    shipped_version: str | None = None,
) -> int:
    """Checks and keeps what an edit made of the draft. The new revision, or the old one when nothing is different.
    An edit that gives the draft another origin cannot be undone. Raises BadContent."""
    base, shipped = base_version or draft.base_version, shipped_version or draft.shipped_version
    same_origin = (base, shipped) == (draft.base_version, draft.shipped_version)
    what = merging.differences(draft.catalogue, catalogue)
    if not what and same_origin:
        return draft.revision
    faults = draft_checks.find_faults(draft.catalogue, catalogue)
    if faults:
        raise BadContent(faults)
    revision = faq_drafts.save(
        db,
        seen_revision=draft.revision,
        content=catalogue.to_json(),
        base_version=base,
        shipped_version=shipped,
        by=by,
        now=now,
    )
    if revision is None:
        raise Stale(seen=draft.revision, actual=None)
    kept = what if same_origin else None
    faq_drafts.record(db, revision=revision, kind=kind, subject=subject, what=kept, by=by, now=now)
    return revision


def catalogue_of(parts: merging.Parts) -> Catalogue:
    """Raises BadContent."""
    try:
        return merging.catalogue_of(parts)
    except ContentError as error:
        raise BadContent(error.faults) from error


def _start(db: Session, *, by: int | None, now: datetime) -> StoredDraft:
    version = faq_versions.find_published(db)
    if version is None:
        raise NothingPublished
    revision = faq_drafts.last_revision(db) + 1
    stored = StoredDraft(
        base_version=version,
        shipped_version=faq_history.find_shipped_in(db, version),
        first_revision=revision,
        revision=revision,
        content=faq_versions.get_content(db, version),
        changed_at=now,
        changed_by=by,
    )
    faq_drafts.start(db, stored)
    faq_drafts.record(db, revision=revision, kind="opened", subject=version, what=None, by=by, now=now)
    return stored


def _opened(stored: StoredDraft) -> Draft:
    return Draft(
        base_version=stored.base_version,
        shipped_version=stored.shipped_version,
        first_revision=stored.first_revision,
        revision=stored.revision,
        catalogue=Catalogue.from_json(stored.content),
        changed_at=stored.changed_at,
        changed_by=stored.changed_by,
    )
