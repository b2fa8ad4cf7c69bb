"""Take into the draft what changed elsewhere: a version published meanwhile, or the content of a new release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.faq import drafts, merging
from bot.faq.merging import Choice
from bot.faq.refusals import MergeConflicts
from bot.storage import faq_drafts, faq_history, faq_versions
from knowledge.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Waiting:
    """Versions that the draft does not have yet."""

    in_force: str | None
    """Must be taken in before the draft can be published."""
    shipped: str | None


def find_waiting(db: Session) -> Waiting:
    stored = faq_drafts.find_draft(db)
    if stored is None:
        return Waiting(None, None)
    in_force, shipped = faq_versions.find_published(db), faq_history.find_newest_shipped(db)
    return Waiting(
        in_force if in_force != stored.base_version else None,
        shipped if shipped not in (stored.shipped_version, stored.base_version, in_force) else None,
    )


def rebase(
    db: Session, *, onto: str, by: int | None, now: datetime, choices: Mapping[str, Choice] | None = None
) -> int:
    """Merges a version into the draft, part by part, and returns the draft's revision.

    `choices` say what a person decided on the parts of an earlier MergeConflicts. Until each has a decision nothing is
    merged. Raises MergeConflicts, BadContent, NoDraft."""
    draft = drafts.get_for_edit(db)
    in_force = faq_versions.find_published(db)
    shipped = faq_history.is_shipped(db, onto)
    ancestor = draft.base_version
    if shipped and onto != in_force and draft.shipped_version is not None:
        ancestor = draft.shipped_version
    merged, conflicts = merging.merge_parts(
        _parts(db, ancestor), merging.parts_of(draft.catalogue), _parts(db, onto), choices=choices or {}
    )
    if conflicts:
        raise MergeConflicts(conflicts)
    return drafts.save(
        db,
        draft,
        drafts.catalogue_of(merged),
        kind="merged",
        subject=onto,
        by=by,
        now=now,
        base_version=onto if onto == in_force else None,
        shipped_version=faq_history.find_shipped_in(db, onto) if shipped or onto == in_force else None,
    )


def _parts(db: Session, version: str) -> merging.Parts:
    return merging.parts_of(Catalogue.from_json(faq_versions.get_content(db, version)))
