"""The console with the pages for writing notices in it, and what their forms send."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.console import pages
from bot.console.notices import notice_pages
from bot.console.pages import Item
from bot.outreach.permissions import Permission
from bot.storage import notices, people, staff
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.visiting import Site, Visitor

DOMAIN = "civic.example.org"


def hang_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless they hang there already."""
    if notice_pages not in pages.BLUEPRINTS:
        monkeypatch.setattr(pages, "BLUEPRINTS", (*pages.BLUEPRINTS, notice_pages))
    if all(item.endpoint != "notices.index" for item in pages.NAVIGATION):
        item = Item("notices.index", "ประกาศ", "เขียนข่าวถึงคนที่ตอบรับ", Permission.WRITE_NOTICES)
        monkeypatch.setattr(pages, "NAVIGATION", (*pages.NAVIGATION, item))


def a_site(database: Database, vault: Vault, catalogue: Catalogue, model: Model, **environment: str) -> Site:
    return Site(database, vault, catalogue, model, environment={"CIVICBOT_LINK_DOMAINS": DOMAIN, **environment})


def fields_of(page: TestResponse, form: str = "notice") -> dict[str, Any]:
    """What a browser would send of a form of the page, without any button."""
    whole = page.get_data(as_text=True)
    found = re.search(rf'<form id="{form}".*?</form>', whole, re.DOTALL) or re.search(
        r"<form [^>]*data-count.*?</form>", whole, re.DOTALL
    )
    assert found is not None
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", found[0]):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        sent.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', found[0], re.DOTALL):
        sent[name] = [unescape(text)]
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent.setdefault(name, []).append(chosen[1] if chosen else "")
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def write(visitor: Visitor, notice_id: int, do: str = "save", **typed: Any) -> TestResponse:
    """Opens the form, types, and presses a button."""
    drawn = fields_of(visitor.get(f"/console/notices/{notice_id}/edit"))
    return visitor.post(f"/console/notices/{notice_id}/edit", {**drawn, **typed, "do": do})


def begin(visitor: Visitor, **form: Any) -> int:
    """A new draft."""
    made = visitor.post("/console/notices/new", form)
    assert made.status_code == 302, made.get_data(as_text=True)
    return int(re.search(r"/notices/(\d+)/edit", made.location)[1])  # type: ignore[index]


def link_to_line(site: Site, visitor: Visitor, number: int) -> int:
    """The visitor's own LINE account; the person's id."""
    with site.database.transaction() as db:
        person = people.find_or_create(db, line_user_id=f"U{number:032x}", now=site.now)
        staff.change(db, visitor.account.id, person_id=person.id, linked_at=site.now)
        return person.id


def list_all(site: Site) -> list[notices.NoticeRow]:
    with site.database.reading() as db:
        return notices.list_in_states(db, ("draft", "submitted", "approved"), limit=100)
