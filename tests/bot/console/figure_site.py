"""The console with the figures in it, whoever hung them in."""

from __future__ import annotations

from functools import partial

import pytest

from bot.console import figures, pages
from bot.console.figures import Sources
from bot.outreach.permissions import Permission
from bot.storage.engine import Database
from bot.storage.figures import INDEX
from tests.bot.outreach.counting import has_index


def hang_in(monkeypatch: pytest.MonkeyPatch, sources: Sources) -> None:
    others = [make for make in pages.BLUEPRINTS if getattr(make, "func", make) is not figures.figures]
    monkeypatch.setattr(pages, "BLUEPRINTS", (*others, partial(figures.figures, sources=sources)))
    if all(item.endpoint != "figures.index" for item in pages.NAVIGATION):
        item = pages.Item("figures.index", "ตัวเลข", "คนถามอะไร บอตตอบได้แค่ไหน", Permission.SEE_FIGURES)
        monkeypatch.setattr(pages, "NAVIGATION", (*pages.NAVIGATION, item))


def make_index(database: Database) -> None:
    if not has_index(database):
        INDEX.create(database.engine)
