"""Editors who save at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from bot.faq import drafts, editing
from bot.faq.drafts import revision_of
from bot.faq.refusals import Conflict, FaqRefusal
from bot.storage import locks
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from tests.builders import NOON

BY = {"by": 7, "now": NOON}
POSTGRES = [pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def opened(published: Database) -> Database:
    with published.transaction() as db:
        drafts.open_draft(db, **BY)
    return published


@contextmanager
def slow_reads(engine: Engine, readers: int) -> Iterator[None]:
    """Where nothing holds them apart, all have read the draft before any of them writes it."""
    together = threading.Barrier(readers)

    def wait(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT faq_draft.base_version"):
            try:
                together.wait(timeout=0.5)
            except threading.BrokenBarrierError:
                return

    event.listen(engine, "after_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", wait)


def save_at_once(database: Database, *edits: tuple[Entry, str]) -> list[str]:
    """Each (entry, seen) in a thread of its own; what came of them."""
    outcomes: list[str] = []

    def save(entry: Entry, seen: str) -> None:
        try:
            with database.transaction() as db:
                editing.save_entry(db, entry=entry, seen=seen, **BY)
        except FaqRefusal as refusal:
            outcomes.append(type(refusal).__name__)
        else:
            outcomes.append("saved")

    with slow_reads(database.engine, len(edits)):
        threads = [threading.Thread(target=save, args=edit) for edit in edits]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    return sorted(outcomes)


def answers(database: Database) -> dict[str, str]:
    with database.reading() as db:
        draft = drafts.find_draft(db)
    assert draft is not None
    return {entry.id: entry.answer["th"] for entry in draft.catalogue.entries.values()}


def saying(entry: Entry, text: str) -> Entry:
    return replace(entry, answer={"th": text})


def test_of_two_edits_of_one_entry_the_second_is_refused(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    seen = revision_of(entry)
    assert save_at_once(opened, (saying(entry, "หนึ่ง"), seen), (saying(entry, "สอง"), seen)) == ["Conflict", "saved"]


def test_edits_of_different_entries_do_not_disturb_each_other(opened: Database, small: Catalogue) -> None:
    hours, join = small.entries["center.hours"], small.entries["forum.join"]
    edits = ((saying(hours, "หนึ่ง"), revision_of(hours)), (saying(join, "สอง"), revision_of(join)))
    assert save_at_once(opened, *edits) == ["saved", "saved"]
    assert answers(opened) == {
        "center.hours": "หนึ่ง",
        "forum.join": "สอง",
        "general.crisis": small.entries["general.crisis"].answer["th"],
    }


@pytest.mark.parametrize("database", POSTGRES, indirect=True)
def test_without_the_lock_the_guarded_update_still_keeps_the_first(
    opened: Database, small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    entry = small.entries["center.hours"]
    seen = revision_of(entry)
    assert save_at_once(opened, (saying(entry, "หนึ่ง"), seen), (saying(entry, "สอง"), seen)) == ["Stale", "saved"]


def test_without_looking_at_what_was_seen_the_first_would_be_overwritten(
    opened: Database, small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "revision_of", lambda entry: "whatever")
    entry = small.entries["center.hours"]
    both = (saying(entry, "หนึ่ง"), "whatever"), (saying(entry, "สอง"), "whatever")
    assert save_at_once(opened, *both) == ["saved", "saved"]


def test_the_second_is_told_what_the_first_wrote(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    with opened.transaction() as db:
        editing.save_entry(db, entry=saying(entry, "หนึ่ง"), seen=revision_of(entry), **BY)
    with pytest.raises(Conflict) as refused, opened.transaction() as db:
        editing.save_entry(db, entry=saying(entry, "สอง"), seen=revision_of(entry), **BY)
    assert refused.value.theirs == saying(entry, "หนึ่ง")
    assert answers(opened)["center.hours"] == "หนึ่ง"


def test_many_who_open_the_draft_at_once_open_one(published: Database) -> None:
    revisions: list[int] = []

    def open_it() -> None:
        with published.transaction() as db:
            revisions.append(drafts.open_draft(db, **BY).revision)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert revisions == [1] * 6
