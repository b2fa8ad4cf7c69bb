"""Questions to review in the console, with the small content in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.faq import drafts
from bot.outreach import review as reviewing
from bot.outreach.review import GroupLine
from bot.storage import audit, faq_versions, questions
from bot.storage.engine import Database
from bot.storage.reviews import ReviewGroupRow
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.visiting import NINE, Site
from tests.bot.outreach.reviewing import ask, gather

AN_HOUR_AGO = NINE - timedelta(hours=1)
XSS = ("<script>window.bad=1</script>", "<img src=x onerror=window.bad=1>", "{{7*7}} %s {user.__class__}",
       '"><svg onload=window.bad=1>', "javascript:window.bad=1")  # fmt: skip


@pytest.fixture
def reviewing_site(
    sqlite_database: Database,
    vault: Vault,
    small_catalogue: Catalogue,
    small_catalogue_model: Model,
) -> Site:
    put_in_force(sqlite_database, small_catalogue)
    return Site(sqlite_database, vault, small_catalogue, small_catalogue_model)


@pytest.fixture
def reviewing_site_on_each(
    database: Database,
    vault: Vault,
    small_catalogue: Catalogue,
    small_catalogue_model: Model,
) -> Site:
    put_in_force(database, small_catalogue)
    return Site(database, vault, small_catalogue, small_catalogue_model)


def put_in_force(database: Database, catalogue: Catalogue) -> None:
    with database.transaction() as db:
        faq_versions.add(db, version=catalogue.version, content=catalogue.to_json(), source="test", now=AN_HOUR_AGO)
        faq_versions.publish(db, version=catalogue.version, now=AN_HOUR_AGO)


def ask_all(site: Site, texts: Sequence[str], *, times: Sequence[int] = (), **more: Any) -> None:
    """Each as often as `times` says, by so many people, and then gathered into groups."""
    with site.database.transaction() as db:
        latest = questions.list_latest(db, limit=1)
        number = 1000 + (latest[0].id if latest else 0)
        for text, count in zip(texts, times or [1] * len(texts), strict=True):
            for _ in range(count):
                number += 1
                ask(db, number, text, at=AN_HOUR_AGO + timedelta(seconds=number / 1000), **more)
        gather(db, now=site.now, limit=10_000)


def queue(site: Site) -> list[GroupLine]:
    with site.database.reading() as db:
        return reviewing.list_groups(db)


def group(site: Site, group_id: int) -> ReviewGroupRow:
    with site.database.reading() as db:
        found = reviewing.find_group(db, group_id)
    assert found is not None
    return found.line.group


def catalogue(site: Site) -> Catalogue:
    """Of the draft, or what is in force without one."""
    with site.database.reading() as db:
        draft = drafts.find_draft(db)
    return draft.catalogue if draft is not None else site.catalogue


def logged(site: Site) -> list[tuple[str, str, str]]:
    """(action, kind, subject) of the audit log, the oldest first."""
    with site.database.reading() as db:
        return [(line.action, line.subject_kind, line.subject_id) for line in reversed(audit.list_entries(db))]


def form_of(site: Site, group_id: int, do: str, texts: Sequence[str], **more: Any) -> dict[str, Any]:
    """As the page sends it: every wording ticked."""
    fields = {f"text-{at}": text for at, text in enumerate(texts)}
    ticked = [str(at) for at in range(len(texts))]
    return {"version": str(group(site, group_id).version), "do": do, "use": ticked, **fields, **more}


def expected_of(db: Session) -> list[tuple[str, str | None]]:
    """The permanent tests in force: message and entry."""
    from bot.console.review_lookup import list_tests

    return [(test.text, test.expect) for test in list_tests(db, wanted="", before=None, limit=500)]
