"""What changed elsewhere is taken into the draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.faq import drafts, editing, rebasing
from bot.faq.drafts import revision_of
from bot.faq.rebasing import Waiting
from bot.faq.refusals import BadContent, CannotUndo, MergeConflicts
from bot.storage import faq_versions
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from tests.bot.faq.conftest import put_in_force
from tests.builders import NOON
from tests.knowledge.content import HOURS, JOIN, OTHERS

BY = {"by": 7, "now": NOON}


@pytest.fixture
def opened(published: Database) -> Database:
    with published.transaction() as db:
        drafts.open_draft(db, **BY)
    return published


def changed(catalogue: Catalogue, *entries: Entry, near: tuple[str, ...] = OTHERS["near"]) -> Catalogue:
    every = {**catalogue.entries, **{entry.id: entry for entry in entries}}
    return replace(catalogue, entries=every, out_of_scope={**catalogue.out_of_scope, "near": near})


def ship(database: Database, catalogue: Catalogue) -> str:
    with database.transaction() as db:
        faq_versions.add(
            db, version=catalogue.version, content=catalogue.to_json(), source="shipped files", now=NOON
        )  # fmt: skip
    return catalogue.version


def save(database: Database, before: Entry, after: Entry) -> None:
    with database.transaction() as db:
        editing.save_entry(db, entry=after, seen=revision_of(before), **BY)


def draft_of(database: Database) -> drafts.Draft:
    with database.reading() as db:
        found = drafts.find_draft(db)
    assert found is not None
    return found


def waiting(database: Database) -> Waiting:
    with database.reading() as db:
        return rebasing.find_waiting(db)


def test_what_one_side_changed_is_taken(opened: Database, small: Catalogue) -> None:
    hours, join = small.entries["center.hours"], small.entries["forum.join"]
    mine, theirs = replace(hours, answer={"th": "ของเรา"}), replace(join, answer={"th": "ของเขา"})
    save(opened, hours, mine)
    with opened.transaction() as db:
        editing.add_out_of_scope(db, kind="near", texts=["ต่อทะเบียนรถ"], **BY)
    other = changed(small, theirs, near=(*OTHERS["near"][1:], "ทำพาสปอร์ต"))
    put_in_force(opened, other, source="a person")
    assert waiting(opened) == Waiting(in_force=other.version, shipped=None)
    with opened.transaction() as db:
        rebasing.rebase(db, onto=other.version, **BY)
    near = (*OTHERS["near"][1:], "ต่อทะเบียนรถ", "ทำพาสปอร์ต")
    assert draft_of(opened).catalogue == changed(small, mine, theirs, near=near)
    assert draft_of(opened).base_version == other.version
    assert waiting(opened) == Waiting(None, None)


def test_an_entry_that_both_changed_is_for_a_person(opened: Database, small: Catalogue) -> None:
    hours = small.entries["center.hours"]
    mine = replace(hours, answer={"th": "ของเรา"}, variants=(*HOURS, "เปิดยัง"))
    theirs = replace(hours, title={"th": "ของเขา", "en": "One thing"}, variants=("ปิดยัง", *HOURS[1:]))
    save(opened, hours, mine)
    version = ship(opened, changed(small, theirs))
    with pytest.raises(MergeConflicts) as refused, opened.transaction() as db:
        rebasing.rebase(db, onto=version, **BY)
    assert [conflict.part for conflict in refused.value.conflicts] == ["entries/center.hours"]
    assert draft_of(opened).catalogue == changed(small, mine)
    with opened.transaction() as db:
        rebasing.rebase(db, onto=version, choices={"entries/center.hours": "both"}, **BY)
    both = replace(mine, title=theirs.title, variants=(*HOURS[1:], "เปิดยัง", "ปิดยัง"))
    assert draft_of(opened).catalogue == changed(small, both)


@pytest.mark.parametrize(("choice", "text"), [("draft", "ของเรา"), ("other", "ของเขา")])
def test_a_person_decides_for_one_side(opened: Database, small: Catalogue, choice: str, text: str) -> None:
    hours = small.entries["center.hours"]
    save(opened, hours, replace(hours, answer={"th": "ของเรา"}))
    version = ship(opened, changed(small, replace(hours, answer={"th": "ของเขา"})))
    with pytest.raises(MergeConflicts), opened.transaction() as db:  # both changed the same field
        rebasing.rebase(db, onto=version, choices={"entries/center.hours": "both"}, **BY)
    with opened.transaction() as db:
        revision = rebasing.rebase(db, onto=version, choices={"entries/center.hours": choice}, **BY)
    assert draft_of(opened).catalogue.entries["center.hours"].answer == {"th": text}
    with pytest.raises(CannotUndo), opened.transaction() as db:
        drafts.undo(db, revision=revision, **BY)


def test_releases_are_merged_from_the_last_one_taken_in(opened: Database, small: Catalogue) -> None:
    hours = small.entries["center.hours"]
    skipped = changed(small, replace(hours, answer={"th": "รุ่นสอง"}))
    newest = changed(skipped, replace(small.entries["forum.join"], answer={"th": "รุ่นสาม"}))
    ship(opened, skipped)
    ship(opened, newest)
    assert waiting(opened) == Waiting(in_force=None, shipped=newest.version)
    with opened.transaction() as db:
        rebasing.rebase(db, onto=newest.version, **BY)
    draft = draft_of(opened)
    assert (draft.catalogue, draft.base_version, draft.shipped_version) == (newest, small.version, newest.version)
    assert waiting(opened) == Waiting(None, None)


def test_a_wording_that_both_put_somewhere_else_is_shown_and_nothing_is_merged(
    opened: Database, small: Catalogue
) -> None:
    with opened.transaction() as db:
        editing.add_variants(db, entry_id="center.hours", texts=["วันนี้ไปได้ไหม"], **BY)
    join = replace(small.entries["forum.join"], variants=(*JOIN, "วันนี้ไปได้ไหม"))
    version = ship(opened, changed(small, join))
    with pytest.raises(BadContent) as refused, opened.transaction() as db:
        rebasing.rebase(db, onto=version, **BY)
    assert [fault.file for fault in refused.value.faults] == ["forum.join"]
    assert draft_of(opened).revision == 2
