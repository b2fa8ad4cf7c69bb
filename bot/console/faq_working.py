"""What a page of the FAQ shows and changes: the draft, or what is in force while there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import faq_sentences
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.faq import drafts
from bot.faq.drafts import Draft
from bot.faq.library import NothingPublished
from bot.faq.refusals import NoDraft, Stale, UnknownEntry, UnknownGroup
from bot.outreach import staff
from bot.storage import faq_versions
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry


@dataclass(frozen=True, slots=True)
class Working:
    version: str
    """The one in force."""
    in_force: Catalogue
    draft: Draft | None

    @property
    def catalogue(self) -> Catalogue:
        return self.draft.catalogue if self.draft else self.in_force

    @property
    def titles(self) -> dict[str, str]:
        """In Thai, of what is in force too: a deleted topic keeps its name."""
        every = {**self.in_force.entries, **self.catalogue.entries}
        return {name: entry.title.get("th") or name for name, entry in every.items()}

    def get_entry(self, entry_id: str) -> Entry:
        """Raises UnknownEntry."""
        entry = self.catalogue.entries.get(entry_id)
        if entry is None:
            raise UnknownEntry(entry_id)
        return entry


def open_working(premises: Premises, db: Session) -> Working:
    """Raises NothingPublished."""
    version = faq_versions.find_published(db)
    if version is None:
        raise NothingPublished
    return Working(version, catalogue_of(premises, db, version), drafts.find_draft(db))


def catalogue_of(premises: Premises, db: Session, version: str) -> Catalogue:
    """From memory where it is the one that answers: that may be some seconds behind the database."""
    try:
        known = premises.library.current()
    except NothingPublished:
        known = None
    if known is not None and known.version == version:
        return known.catalogue
    return Catalogue.from_json(faq_versions.get_content(db, version))


def list_names(db: Session) -> dict[int, str]:
    """Of the people who work here, by their account."""
    return {account.id: account.name for account in staff.list_accounts(db)}


def show(template: str, working: Working, **shown: Any) -> str:  # noqa: ANN401 - what templates show
    return render_template(f"console/{template}.html", working=working, titles=working.titles, **shown)


def tell_refusals(pages: Pages) -> None:
    """What a page answers when a service refuses and the page itself has nothing better to say."""

    def notice(title: str, what: str, status: int) -> ResponseReturnValue:
        return render_template("console/notice.html", title=title, what=what), status

    def unknown(_refusal: Exception) -> ResponseReturnValue:
        return notice(*faq_sentences.UNKNOWN_TOPIC, 404)

    def nothing(_refusal: NothingPublished) -> ResponseReturnValue:
        return notice(*faq_sentences.NOTHING_PUBLISHED, 409 if request.method == "POST" else 200)

    def back_to_draft(refusal: Exception) -> ResponseReturnValue:
        flash(faq_sentences.NO_DRAFT if isinstance(refusal, NoDraft) else faq_sentences.STALE, "warning")
        return redirect(url_for("faq.draft"))

    pages.blueprint.register_error_handler(UnknownEntry, unknown)
    pages.blueprint.register_error_handler(UnknownGroup, unknown)
    pages.blueprint.register_error_handler(NothingPublished, nothing)
    pages.blueprint.register_error_handler(NoDraft, back_to_draft)
    pages.blueprint.register_error_handler(Stale, back_to_draft)
