"""The working draft: opened, edited, taken back, given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.faq import drafts, editing
from bot.faq.drafts import revision_of
from bot.faq.library import NothingPublished
from bot.faq.refusals import BadContent, CannotUndo, Conflict, NoDraft, Stale
from bot.faq.wordings import Moved
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue
from tests.builders import NOON
from tests.knowledge.content import HOURS, OTHERS

BY = {"by": 7, "now": NOON}
EXTRA = ("ศูนย์ปิดวันพระไหม", "เช้าสุดเปิดตอนไหน")


@pytest.fixture
def opened(published: Database) -> Database:
    with published.transaction() as db:
        drafts.open_draft(db, **BY)
    return published


def draft_of(database: Database) -> drafts.Draft:
    with database.reading() as db:
        found = drafts.find_draft(db)
    assert found is not None
    return found


def add(database: Database, entry_id: str, *texts: str) -> editing.WordingsAdded:
    with database.transaction() as db:
        return editing.add_variants(db, entry_id=entry_id, texts=texts, **BY)


def test_a_draft_starts_from_what_is_in_force_and_is_opened_once(published: Database, small: Catalogue) -> None:
    with published.transaction() as db:
        first = drafts.open_draft(db, **BY)
        assert drafts.open_draft(db, by=8, now=NOON) == first
    assert (first.base_version, first.shipped_version, first.revision) == (small.version, small.version, 1)
    assert first.catalogue == small


def test_without_anything_published_there_is_no_draft(database: Database) -> None:
    with pytest.raises(NothingPublished), database.transaction() as db:
        drafts.open_draft(db, **BY)
    with pytest.raises(NoDraft), database.transaction() as db:
        editing.add_variants(db, entry_id="center.hours", texts=EXTRA, **BY)


def test_an_entry_is_saved_and_the_others_stay(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    wanted = replace(entry, answer={"th": "เปิดทุกวันค่ะ"})
    with opened.transaction() as db:
        assert editing.save_entry(db, entry=wanted, seen=revision_of(entry), **BY) == 2
        assert editing.save_entry(db, entry=wanted, seen=revision_of(wanted), **BY) == 2  # nothing is different
    assert draft_of(opened).catalogue.entries == {**small.entries, "center.hours": wanted}


def test_an_entry_that_was_changed_since_is_refused_with_both_versions(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    mine, theirs = replace(entry, related=()), replace(entry, answer={"th": "ของเขาค่ะ"})
    with opened.transaction() as db:
        editing.save_entry(db, entry=theirs, seen=revision_of(entry), **BY)
    with pytest.raises(Conflict) as refused, opened.transaction() as db:
        editing.save_entry(db, entry=mine, seen=revision_of(entry), **BY)
    assert (refused.value.mine, refused.value.theirs) == (mine, theirs)
    assert draft_of(opened).catalogue.entries["center.hours"] == theirs


def test_what_breaks_a_rule_is_refused_and_nothing_is_saved(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    bad = replace(
        entry,
        title={"th": "ยาวกว่าที่ปุ่มหนึ่งปุ่มจะใส่ได้จริง"},
        answer={"th": " ", "en": "{nonsense}"},
        related=("no.such",),
        variants=(*entry.variants, OTHERS["near"][0]),
    )
    with pytest.raises(BadContent) as refused, opened.transaction() as db:
        editing.save_entry(db, entry=bad, seen=revision_of(entry), **BY)
    said = [fault.message for fault in refused.value.faults]
    assert [message[:20] for message in said] == [
        "'answer' is missing ",
        "A text is empty.",
        "The title (th) has 2",
        "There is no setting ",
        "'related' names 'no.",
        "'ทำบัตรประชาชนที่ไหน",
    ]
    assert draft_of(opened).catalogue == small


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\ud800"])
def test_letters_that_no_database_or_screen_takes_are_refused(opened: Database, letter: str) -> None:
    with pytest.raises(BadContent), opened.transaction() as db:
        editing.add_variants(db, entry_id="center.hours", texts=[f"เปิด{letter}ไหม"], **BY)


def test_wordings_are_moved_from_wherever_they_stood(opened: Database) -> None:
    add(opened, "center.hours", *EXTRA)
    found = add(opened, "forum.join", f"  {EXTRA[0]}!! ", OTHERS["near"][0], "เวทีเริ่มสมัครเมื่อไหร่", "เวทีเริ่มสมัครเมื่อไหร่", "")
    assert found.added == (f"{EXTRA[0]}!!", OTHERS["near"][0], "เวทีเริ่มสมัครเมื่อไหร่")
    assert found.moved == (Moved(EXTRA[0], "center.hours"), Moved(OTHERS["near"][0], "near"))
    draft = draft_of(opened).catalogue
    assert draft.entries["center.hours"].variants == (*HOURS, EXTRA[1])
    assert draft.out_of_scope["near"] == OTHERS["near"][1:]
    assert draft.entries["forum.join"].variants[-3:] == found.added


def test_adding_twice_changes_nothing_the_second_time(opened: Database) -> None:
    first = add(opened, "center.hours", *EXTRA)
    again = add(opened, "center.hours", *EXTRA)
    assert (first.revision, first.already, again.revision, again.added, again.already) == (2, (), 2, (), EXTRA)


def test_taking_the_last_ways_to_ask_from_an_entry_is_refused(opened: Database, small: Catalogue) -> None:
    with pytest.raises(BadContent) as refused, opened.transaction() as db:
        editing.add_variants(db, entry_id="forum.join", texts=[HOURS[0]], **BY)
    assert [fault.file for fault in refused.value.faults] == ["center.hours"]
    assert draft_of(opened).catalogue == small


def test_messages_that_are_not_ours_are_taken_from_entries(opened: Database) -> None:
    add(opened, "center.hours", *EXTRA)
    with opened.transaction() as db:
        found = editing.add_out_of_scope(db, kind="far", texts=[EXTRA[0], "หุ้นขึ้นไหม"], **BY)
    assert found.moved == (Moved(EXTRA[0], "center.hours"),)
    draft = draft_of(opened).catalogue
    assert draft.out_of_scope["far"] == (*OTHERS["far"], EXTRA[0], "หุ้นขึ้นไหม")
    assert draft.entries["center.hours"].variants == (*HOURS, EXTRA[1])


def test_variants_and_messages_are_removed(opened: Database, small: Catalogue) -> None:
    add(opened, "center.hours", *EXTRA)
    with opened.transaction() as db:
        editing.remove_variants(db, entry_id="center.hours", texts=[EXTRA[0] + " ", "ไม่มีอยู่"], **BY)
        editing.remove_out_of_scope(db, kind="near", texts=OTHERS["near"][:1], **BY)
    draft = draft_of(opened).catalogue
    assert draft.entries["center.hours"].variants == (*HOURS, EXTRA[1])
    assert draft.out_of_scope["near"] == OTHERS["near"][1:]


def test_an_entry_is_added_and_deleted_with_the_links_to_it(opened: Database, small: Catalogue) -> None:
    variants = tuple(f"ขอเบอร์โทรแบบที่ {number}" for number in range(12))
    entry = replace(small.entries["forum.join"], id="center.phone", variants=variants, actions=())
    linked = replace(small.entries["forum.join"], related=("center.phone",))
    with opened.transaction() as db:
        editing.new_entry(db, entry=entry, **BY)
        editing.save_entry(db, entry=linked, seen=revision_of(small.entries["forum.join"]), **BY)
    assert list(draft_of(opened).catalogue.entries) == ["center.hours", "center.phone", "forum.join", "general.crisis"]
    with pytest.raises(Conflict), opened.transaction() as db:
        editing.new_entry(db, entry=entry, **BY)
    with opened.transaction() as db:
        gone = editing.delete_entry(db, entry_id="center.phone", seen=revision_of(entry), **BY)
    assert gone.unlinked == ("forum.join",)
    assert list(draft_of(opened).catalogue.entries) == list(small.entries)


def test_the_answer_to_people_in_danger_cannot_be_deleted(opened: Database, small: Catalogue) -> None:
    crisis = small.entries["general.crisis"]
    with pytest.raises(BadContent), opened.transaction() as db:
        editing.delete_entry(db, entry_id=crisis.id, seen=revision_of(crisis), **BY)


def test_the_lexicon_is_changed_against_what_was_seen(opened: Database) -> None:
    change = {"group": "northern", "standard": "ทำ", **BY}
    with opened.transaction() as db:
        editing.change_lexicon(db, forms=["ยะ", "เฮ็ด", "เฮด"], seen=("ยะ", "เฮ็ด"), **change)
        editing.change_lexicon(db, group="particles", standard=None, forms=["เน้อ"], seen=("ครับ", "คะ", "ค่ะ"), **BY)
    with pytest.raises(Conflict) as refused, opened.transaction() as db:
        editing.change_lexicon(db, forms=["ยะ"], seen=("ยะ", "เฮ็ด"), **change)
    assert (refused.value.mine, refused.value.theirs) == (("ยะ",), ("ยะ", "เฮ็ด", "เฮด"))
    with pytest.raises(BadContent), opened.transaction() as db:
        editing.change_lexicon(db, group="misspellings", standard="อื่น", forms=["ยะ"], seen=(), **BY)
    with opened.transaction() as db:
        editing.change_lexicon(db, forms=[], seen=("ยะ", "เฮ็ด", "เฮด"), **change)
    lexicon = draft_of(opened).catalogue.lexicon
    assert (lexicon.northern, lexicon.particles) == ({"อะไร": ("อะหยัง",)}, ("เน้อ",))


def test_an_edit_is_undone_and_later_ones_stay(opened: Database, small: Catalogue) -> None:
    first = add(opened, "center.hours", EXTRA[0], OTHERS["near"][0])
    add(opened, "center.hours", EXTRA[1])
    with opened.transaction() as db:
        assert drafts.undo(db, revision=first.revision, **BY) == 4
    draft = draft_of(opened).catalogue
    assert draft.entries["center.hours"].variants == (*HOURS, EXTRA[1])
    assert draft.out_of_scope["near"] == OTHERS["near"]
    with opened.reading() as db:
        edits = [(edit.revision, edit.kind, edit.subject, edit.undone) for edit in drafts.list_edits(db)]
    assert edits == [
        (4, "undo", "2", False),
        (3, "variants added", "center.hours", False),
        (2, "variants added", "center.hours", True),
        (1, "opened", small.version, False),
    ]


def test_what_cannot_be_undone_says_so(opened: Database, small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    once, twice = replace(entry, answer={"th": "หนึ่งค่ะ"}), replace(entry, answer={"th": "สองค่ะ"})
    with opened.transaction() as db:
        editing.save_entry(db, entry=once, seen=revision_of(entry), **BY)
        editing.save_entry(db, entry=twice, seen=revision_of(once), **BY)
    for revision in (1, 2, 99):
        with pytest.raises(CannotUndo), opened.transaction() as db:
            drafts.undo(db, revision=revision, **BY)
    with opened.transaction() as db:
        drafts.undo(db, revision=3, **BY)
        drafts.undo(db, revision=2, **BY)
    assert draft_of(opened).catalogue == small
    with pytest.raises(CannotUndo), opened.transaction() as db:
        drafts.undo(db, revision=2, **BY)


def test_a_discarded_draft_is_gone_and_revisions_are_never_used_twice(opened: Database, small: Catalogue) -> None:
    add(opened, "center.hours", *EXTRA)
    with pytest.raises(Stale), opened.transaction() as db:
        drafts.discard_draft(db, seen_revision=1, **BY)
    with opened.transaction() as db:
        drafts.discard_draft(db, seen_revision=2, **BY)
    with opened.transaction() as db:
        assert drafts.find_draft(db) is None
        again = drafts.open_draft(db, **BY)
    assert (again.revision, again.catalogue) == (4, small)
    with pytest.raises(CannotUndo), opened.transaction() as db:
        drafts.undo(db, revision=2, **BY)
