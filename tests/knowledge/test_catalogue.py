from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge import content_files
from knowledge.catalogue import SHIPPED, Catalogue, ContentError, check_content, load_catalogue
from knowledge.entries import Action, Fault
from tests.knowledge.content import HOURS, a_topic, write


def change(path: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    plain = yaml.safe_load(path.read_text("utf-8"))
    edit(plain)
    write(path, plain)


def test_the_shipped_content_has_no_fault() -> None:
    assert [fault for fault in check_content(SHIPPED) if not fault.warning] == []


def test_load_gives_entries_in_order(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert list(catalogue.entries) == ["center.hours", "forum.join", "general.crisis"]
    assert catalogue.entries["forum.join"].actions == (Action("list_events", "forum"),)
    assert catalogue.entries["center.hours"].variants == HOURS
    assert catalogue.pack.districts[0].name["en"] == "Phan"


def test_json_and_back_is_the_same(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    again = Catalogue.from_json(catalogue.to_json())
    assert again == catalogue
    assert again.version == catalogue.version


@pytest.mark.parametrize(("written", "marked"), [(True, True), (False, False), (None, False)])
def test_a_programme_may_be_marked_as_sensitive(folder: Path, written: bool | None, marked: bool) -> None:
    if written is not None:
        change(folder / "pack.yaml", lambda pack: pack["programmes"]["forum"].update(sensitive=written))
    catalogue = load_catalogue(folder)
    assert [programme.sensitive for programme in catalogue.pack.programmes] == [marked]
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
    assert ("sensitive" in catalogue.to_json()) is marked, "versions stored before keep their hash"


def test_the_shipped_programmes_of_which_interest_reveals_an_origin_are_marked() -> None:
    programmes = content_files.read(SHIPPED).pack.programmes
    assert {programme.id for programme in programmes if programme.sensitive} == {"ethnic"}


def test_version_changes_with_the_content_and_not_with_its_layout(folder: Path) -> None:
    before = load_catalogue(folder).version
    path = folder / "faq" / "center.hours.yaml"
    path.write_text("# a remark\n" + path.read_text("utf-8"), "utf-8")
    assert load_catalogue(folder).version == before
    change(path, lambda topic: topic["variants"].append("เปิดตีห้าไหม"))
    assert load_catalogue(folder).version != before


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"entries": 3}', "null"])
def test_from_json_refuses_what_is_no_catalogue(text: str) -> None:
    with pytest.raises(ContentError):
        Catalogue.from_json(text)


def test_stored_json_holds_no_file_names(folder: Path) -> None:
    assert str(folder) not in load_catalogue(folder).to_json()
    assert json.loads(load_catalogue(folder).to_json())["entries"]["forum.join"]["id"] == "forum.join"


SPOILT: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("faq/center.hours.yaml", lambda t: t.update(id="center.other"), "must be the file's name"),
    ("faq/center.hours.yaml", lambda t: t.update(colour="red"), "no 'colour'"),
    ("faq/center.hours.yaml", lambda t: t.pop("title"), "The title is missing in Thai"),
    ("faq/center.hours.yaml", lambda t: t["title"].update(th="ก" * 21), "21 letters"),
    ("faq/center.hours.yaml", lambda t: t["answer"].update(th="ก" * 5001), "a message has 5000"),
    ("faq/center.hours.yaml", lambda t: t["answer"].update(th="  "), "is empty"),
    ("faq/center.hours.yaml", lambda t: t["answer"].update(th="{contact_fax}"), "no setting 'contact_fax'"),
    ("faq/center.hours.yaml", lambda t: t["answer"].update(th="{years_since:x}"), "{years_since:2555}"),
    ("faq/center.hours.yaml", lambda t: t["answer"].update(th="ก { ข"), "lone '{'"),
    ("faq/center.hours.yaml", lambda t: t["details"][0].update(needs=["phone"]), "no setting 'phone'"),
    ("faq/center.hours.yaml", lambda t: t["details"][0].update(needs=[]), "'needs'"),
    ("faq/center.hours.yaml", lambda t: t.pop("unavailable"), "go together"),
    ("faq/center.hours.yaml", lambda t: t.update(actions=["dance"]), "no action 'dance'"),
    ("faq/center.hours.yaml", lambda t: t.update(actions=["list_events(x)"]), "list_events may name: forum"),
    ("faq/center.hours.yaml", lambda t: t.update(actions=["List events"]), "not written like"),
    ("faq/center.hours.yaml", lambda t: t.update(related=["a.b"]), "no other topic"),
    ("faq/center.hours.yaml", lambda t: t.update(phrases=["x"]), "Only general.crisis"),
    ("faq/center.hours.yaml", lambda t: t.update(variants=list(HOURS[:11])), "There are 11 variants"),
    ("faq/center.hours.yaml", lambda t: t.update(variants="เปิดไหม"), "must be a list"),
    ("faq/center.hours.yaml", lambda t: t["variants"].append({"a": "b"}), "must be one text"),
    ("faq/center.hours.yaml", lambda t: t["variants"].append("อยากไปร่วมเวที!!"), "center.hours too"),
    ("out_of_scope.yaml", lambda t: t["messages"]["far"].append("เปิดกี่โมงครับ"), "center.hours too"),
    ("out_of_scope.yaml", lambda t: t["refusals"].pop("abuse"), "no messages under 'abuse'"),
    ("lexicon.yaml", lambda t: t["northern"].update({"ไป": ["ยะ"]}), "stands for 'ทำ' and for 'ไป'"),
    ("pack.yaml", lambda t: t.pop("centre"), "'centre' is missing in Thai"),
    ("pack.yaml", lambda t: t["programmes"]["forum"].update(sensitive="maybe"), "'sensitive' is true or false"),
    ("pack.yaml", lambda t: t["programmes"]["forum"].update(colour="red"), "no 'colour'"),
    ("pack.yaml", lambda t: t["districts"]["phan"].update(sensitive=True), "no 'sensitive'"),
]


@pytest.mark.parametrize(("name", "spoil", "words"), SPOILT)
def test_a_fault_is_told_with_its_file(
    folder: Path, name: str, spoil: Callable[[dict[str, Any]], Any], words: str
) -> None:
    change(folder / name, spoil)
    with pytest.raises(ContentError) as raised:
        load_catalogue(folder)
    telling = [fault for fault in raised.value.faults if words in fault.message]
    assert telling, raised.value.faults
    assert telling[0].file in (name, "faq/forum.join.yaml")


def test_every_fault_is_told_at_once(folder: Path) -> None:
    change(folder / "faq/center.hours.yaml", lambda t: t.update(actions=["dance"], related=["a.b"]))
    change(folder / "faq/forum.join.yaml", lambda t: t["title"].pop("th"))
    (folder / "pack.yaml").unlink()
    with pytest.raises(ContentError) as raised:
        load_catalogue(folder)
    assert {fault.file for fault in raised.value.faults} >= {
        "faq/center.hours.yaml",
        "faq/forum.join.yaml",
        "pack.yaml",
    }
    assert len([fault for fault in raised.value.faults if fault.file == "faq/center.hours.yaml"]) == 2


def test_a_fault_knows_the_line_of_its_variant(folder: Path) -> None:
    path = folder / "faq" / "forum.join.yaml"
    change(path, lambda topic: topic["variants"].append(HOURS[0]))
    line = path.read_text("utf-8").splitlines().index(f"- {HOURS[0]}") + 1
    faults = check_content(folder)
    assert [(fault.file, fault.line) for fault in faults] == [("faq/forum.join.yaml", line)]


def test_a_long_answer_is_only_a_warning(folder: Path) -> None:
    change(folder / "faq/forum.join.yaml", lambda topic: topic["answer"].update(th="ก" * 501))
    assert [fault.warning for fault in check_content(folder)] == [True]
    assert load_catalogue(folder).entries["forum.join"].answer["th"] == "ก" * 501


def test_letters_are_counted_as_a_reader_counts_them(folder: Path) -> None:
    change(folder / "faq/forum.join.yaml", lambda topic: topic["title"].update(th="ที่" * 20))
    assert check_content(folder) == ()


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    assert Fault("faq", None, f"There are no topics (*.yaml) in {tmp_path.name}/faq.") in check_content(tmp_path)


def test_topics_outside_the_folders_list_do_not_matter(folder: Path) -> None:
    write(folder / "faq" / "new.topic.yaml", a_topic("new.topic", tuple(f"คำถามที่ {number}" for number in range(12))))
    assert "new.topic" in load_catalogue(folder).entries


def test_what_is_taught_is_told_from_what_is_answered(small: Catalogue) -> None:
    entry = small.entries["center.hours"]
    other_answer = replace(entry, answer={"th": "คำตอบใหม่ค่ะ"}, related=(), title={"th": "ชื่อใหม่"})
    other_variants = replace(entry, variants=(*entry.variants, "เปิดตีห้าหรือเปล่า"))
    answered = replace(small, entries={**small.entries, entry.id: other_answer})
    taught = replace(small, entries={**small.entries, entry.id: other_variants})
    assert (answered.lesson, answered.version == small.version) == (small.lesson, False)
    assert taught.lesson != small.lesson
    assert replace(small, out_of_scope={**small.out_of_scope, "far": ()}).lesson != small.lesson
