"""The FAQ's pages on a database with the small content in force."""

from __future__ import annotations

import html
import re

import pytest
from werkzeug.test import TestResponse

from bot.faq import drafts
from bot.faq.drafts import Draft
from bot.outreach.permissions import Role
from bot.storage import audit, faq_versions
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue
from knowledge.model import RECIPE, Model
from tests.bot.console.visiting import NINE, Site, Visitor
from tests.builders import NOON

TOPIC = "/console/faq/topics/center.hours"


@pytest.fixture
def published(site: Site, small_catalogue: Catalogue, small_catalogue_model: Model) -> Site:
    put_in_force(site.database, small_catalogue, small_catalogue_model)
    return site


@pytest.fixture
def visitor(published: Site) -> Visitor:
    return published.visitor(Role.STAFF)


def put_in_force(database: Database, catalogue: Catalogue, model: Model | None = None) -> None:
    with database.transaction() as db:
        faq_versions.add(
            db, version=catalogue.version, content=catalogue.to_json(), source="shipped files", now=NOON
        )  # fmt: skip
        faq_versions.publish(db, version=catalogue.version, now=NOON)
        if model is not None:
            faq_versions.save_model(db, version=catalogue.version, recipe=RECIPE, arrays=model.to_bytes())


def draft_of(site: Site) -> Draft | None:
    with site.database.reading() as db:
        return drafts.find_draft(db)


def open_draft(site: Site) -> Draft:
    with site.database.transaction() as db:
        return drafts.open_draft(db, by=None, now=NINE)


def actions_noted(site: Site) -> list[str]:
    """What the audit log holds about the FAQ, the oldest first."""
    with site.database.reading() as db:
        lines = audit.list_entries(db, action_prefix="faq.", limit=100)
    return [line.action for line in reversed(lines)]


def words(response: TestResponse) -> str:
    """What can be read on a page."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def fields(response: TestResponse) -> dict[str, str | list[str]]:
    """What the page's topic form would send, as it was filled in by the server."""
    page = response.get_data(as_text=True)
    form = page[page.index("data-preview=") :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for match in re.finditer(
        r"<input[^>]*>|<textarea[^>]*name=\"([^\"]+)\"[^>]*>\n?(.*?)</textarea>|<select[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>",
        form,
        flags=re.DOTALL,
    ):
        tag = match[0]
        if match[1]:
            found.setdefault(match[1], []).append(html.unescape(match[2]))
        elif match[3]:
            chosen = re.search(r'<option value="([^"]*)" selected', match[4])
            found.setdefault(match[3], []).append(html.unescape(chosen[1]) if chosen else "")
        else:
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and ('type="checkbox"' not in tag or " checked" in tag):
                found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    found.pop("csrf_token", None)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def save(visitor: Visitor, path: str = TOPIC, **changes: str | list[str]) -> TestResponse:
    """Opens the topic, changes some fields, and saves."""
    return visitor.post(path, data=fields(visitor.get(path)) | changes)
