"""What differs between two catalogues."""

from __future__ import annotations

from dataclasses import replace

from bot.faq.changes import (
    Changes,
    EntryChange,
    FieldChange,
    LexiconChange,
    MessagesChange,
    MovedWording,
    TextsChange,
    compare,
)
from knowledge.catalogue import Catalogue
from knowledge.entries import Action
from tests.knowledge.content import CRISIS, HOURS, JOIN, OTHERS


def altered(small: Catalogue) -> Catalogue:
    hours = replace(
        small.entries["center.hours"],
        answer={"th": "ใหม่ค่ะ"},
        actions=(Action("offer_person"), Action("list_events", "forum")),
        related=(),
        variants=(*HOURS[1:], JOIN[0], "เปิดยัง"),
    )
    added = replace(hours, id="center.new", variants=(OTHERS["near"][0], "ของใหม่"), details=(), unavailable=None)
    join = replace(small.entries["forum.join"], variants=JOIN[1:])
    return replace(
        small,
        entries={"center.hours": hours, "center.new": added, "forum.join": join},
        out_of_scope={**small.out_of_scope, "near": OTHERS["near"][1:], "far": (*OTHERS["far"], "หุ้นขึ้นไหม")},
        lexicon=replace(small.lexicon, particles=("ครับ",), northern={"ทำ": ("ยะ",), "อะไร": ("อะหยัง",)}),
        pack=replace(small.pack, centre={"th": "ศูนย์ใหม่"}),
    )


def test_every_kind_of_change_is_named_once(small: Catalogue) -> None:
    found = compare(small, altered(small))
    assert found.entries[0] == EntryChange(
        "center.hours",
        "changed",
        (
            FieldChange("answer.th", "คำตอบของ center.hours ค่ะ", "ใหม่ค่ะ"),
            FieldChange("answer.en", "The answer of center.hours.", ""),
            FieldChange("actions", "offer_person", "offer_person, list_events(forum)"),
            FieldChange("related", "forum.join", ""),
        ),
        TextsChange(added=("เปิดยัง",), removed=(HOURS[0],)),
    )
    assert [(change.entry, change.kind, change.variants) for change in found.entries[1:]] == [
        ("center.new", "added", TextsChange(added=("ของใหม่",))),
        ("general.crisis", "removed", TextsChange(removed=CRISIS)),
    ]
    assert found.moved == (
        MovedWording(JOIN[0], "forum.join", "center.hours"),
        MovedWording(OTHERS["near"][0], "near", "center.new"),
    )
    assert found.messages == (MessagesChange("far", TextsChange(added=("หุ้นขึ้นไหม",))),)
    assert found.lexicon == (
        LexiconChange("particles", None, TextsChange(removed=("คะ", "ค่ะ"))),
        LexiconChange("northern", "ทำ", TextsChange(removed=("เฮ็ด",))),
    )
    assert found.pack


def test_a_catalogue_does_not_differ_from_itself(small: Catalogue) -> None:
    found = compare(small, Catalogue.from_json(small.to_json()))
    assert found == Changes((), (), (), (), pack=False)
    assert (bool(found), found.to_lines()) == (False, [])


def test_the_order_in_which_languages_were_read_is_no_change(small: Catalogue) -> None:
    hours = replace(small.entries["center.hours"], related=())
    stored = Catalogue.from_json(small.to_json())  # languages by the alphabet
    found = compare(stored, replace(small, entries={**small.entries, "center.hours": hours}))
    assert [(change.entry, change.fields) for change in found.entries] == [
        ("center.hours", (FieldChange("related", "forum.join", ""),))
    ]


def test_a_terminal_shows_old_and_new(small: Catalogue) -> None:
    lines = compare(small, altered(small)).to_lines()
    assert lines[:4] == [
        "~ center.hours: changed",
        "    answer.th",
        "      - คำตอบของ center.hours ค่ะ",
        "      + ใหม่ค่ะ",
    ]
    assert f"> {JOIN[0]}: moved from forum.join to center.hours" in lines
    assert lines[-1] == "~ the pack: the centre, its districts or its programmes"
