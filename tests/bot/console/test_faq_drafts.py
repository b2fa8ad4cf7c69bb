"""The draft: what differs, single edits undone, given up; other versions merged into it."""

from __future__ import annotations

from dataclasses import replace

from bot.faq import drafts
from bot.outreach.permissions import Role
from bot.storage import faq_versions
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from tests.bot.console.faq_site import (
    TOPIC,
    actions_noted,
    draft_of,
    open_draft,
    published,
    save,
    visitor,
    words,
)
from tests.bot.console.visiting import NINE, Site, Visitor
from tests.knowledge.content import HOURS

__all__ = ["published", "visitor"]

DRAFT = "/console/faq/draft"


def revision(site: Site) -> int:
    draft = draft_of(site)
    assert draft is not None
    return draft.revision


def with_entries(catalogue: Catalogue, *entries: Entry) -> Catalogue:
    return replace(catalogue, entries={**catalogue.entries, **{entry.id: entry for entry in entries}})


def ship(site: Site, catalogue: Catalogue) -> str:
    with site.database.transaction() as db:
        faq_versions.add(
            db, version=catalogue.version, content=catalogue.to_json(), source="shipped files", now=NINE
        )  # fmt: skip
    return catalogue.version


def test_without_a_draft_the_page_says_how_one_begins(visitor: Visitor) -> None:
    answer = visitor.get(DRAFT)
    assert answer.status_code == 200
    assert "ตอนนี้ไม่มีฉบับร่างค่ะ" in words(answer)


def test_what_differs_is_told_in_words(published: Site, visitor: Visitor) -> None:
    save(
        visitor, answer_th="เปิดทุกวันค่ะ", actions=["list_events(forum)"], related="",
        variants="\n".join((*HOURS[1:], "เปิดยัง")),
    )  # fmt: skip
    visitor.post("/console/faq/messages/near", data={"do": "add", "texts": "ต่อทะเบียนรถ"})
    said = words(visitor.get(DRAFT))
    for part in (
        "คำตอบ เดิม คำตอบของ center.hours ค่ะ ใหม่ เปิดทุกวันค่ะ",
        "ปุ่มใต้คำตอบ เดิม คุยกับเจ้าหน้าที่ ใหม่ ดูกิจกรรม: เวที",
        "เรื่องใกล้กัน เดิม เรื่องหนึ่ง ใหม่ ไม่มี",
        f"วิธีที่คนถาม − ลบ {HOURS[0]} + เพิ่ม เปิดยัง",
        "ข้อความที่ไม่ใช่เรื่องของเรา เรื่องใกล้เคียงที่หน่วยงานอื่นดูแล + เพิ่ม ต่อทะเบียนรถ",
        "เพิ่มข้อความใน เรื่องใกล้เคียงที่หน่วยงานอื่นดูแล ครั้งที่ 3",
        "แก้เรื่อง เรื่องหนึ่ง ครั้งที่ 2",
    ):
        assert part in said


def test_one_edit_is_undone_and_the_later_stay(published: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    save(visitor, answer_th="หนึ่งค่ะ")
    save(visitor, title_th="เวลา")
    visitor.get(DRAFT)
    visitor.post(f"{DRAFT}/undo", data={"revision": 2})
    draft = draft_of(published)
    assert draft is not None
    hours = small_catalogue.entries["center.hours"]
    assert draft.catalogue.entries["center.hours"] == replace(hours, title={**hours.title, "th": "เวลา"})
    assert "(ย้อนแล้ว)" in words(visitor.get(DRAFT))
    for again in ("2", "99", "x", ""):
        visitor.post(f"{DRAFT}/undo", data={"revision": again})
        assert "ย้อนครั้งนี้ไม่ได้ค่ะ" in words(visitor.get(DRAFT))
    assert actions_noted(published) == ["faq.entry_saved", "faq.entry_saved", "faq.edit_undone"]


def test_a_draft_is_given_up_only_as_it_was_seen(published: Site, visitor: Visitor) -> None:
    save(visitor, answer_th="หนึ่งค่ะ")
    seen = revision(published)
    save(visitor, answer_th="สองค่ะ")
    visitor.post(f"{DRAFT}/discard", data={"seen": seen})
    assert revision(published) == seen + 1
    assert "ฉบับร่างเพิ่งเปลี่ยนไปค่ะ" in words(visitor.get(DRAFT))
    visitor.post(f"{DRAFT}/discard", data={"seen": seen + 1})
    assert draft_of(published) is None
    visitor.post(f"{DRAFT}/discard", data={"seen": seen + 1})
    assert actions_noted(published)[-1] == "faq.draft_discarded"
    assert actions_noted(published).count("faq.draft_discarded") == 1


def test_what_a_release_brought_opens_a_draft(published: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    assert "โปรแกรมรุ่นใหม่" not in words(visitor.get("/console/faq"))
    hours = small_catalogue.entries["center.hours"]
    version = ship(published, with_entries(small_catalogue, replace(hours, answer={"th": "ของรุ่นใหม่ค่ะ"})))
    assert "โปรแกรมรุ่นใหม่มีคำตอบชุดใหม่มาด้วยค่ะ" in words(visitor.get("/console/faq"))
    answer = visitor.post(f"{DRAFT}/merge", data={"onto": version})
    assert (answer.status_code, answer.location) == (302, DRAFT)
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.entries["center.hours"].answer == {"th": "ของรุ่นใหม่ค่ะ"}
    assert "โปรแกรมรุ่นใหม่" not in words(visitor.get(DRAFT))
    assert actions_noted(published) == ["faq.merged"]


def test_what_both_changed_is_decided_by_a_person(
    published: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:  # fmt: skip
    save(visitor, answer_th="ของเราค่ะ", variants="\n".join((*HOURS, "เปิดยัง")), related="", actions=[])
    hours = small_catalogue.entries["center.hours"]
    other = replace(hours, answer={**hours.answer, "th": "ของเขาค่ะ"}, variants=(*HOURS, "ปิดยัง"))
    version = ship(published, with_entries(small_catalogue, other))
    answer = visitor.post(f"{DRAFT}/merge", data={"onto": version})
    assert answer.status_code == 409
    said = words(answer)
    assert "คำตอบ ฉบับร่าง ของเราค่ะ อีกฉบับ ของเขาค่ะ" in said
    assert "วิธีที่คนถาม ฉบับร่าง เปิดยัง อีกฉบับ ปิดยัง" in said
    assert "ปุ่มใต้คำตอบ ฉบับร่าง ไม่มี อีกฉบับ คุยกับเจ้าหน้าที่ เรื่องใกล้กัน ฉบับร่าง ไม่มี อีกฉบับ เรื่องหนึ่ง" in said
    assert "รวมทั้งสองอย่าง" not in said
    nonsense = {"onto": version, "choice:entries/center.hours": "neither"}
    assert visitor.post(f"{DRAFT}/merge", data=nonsense).status_code == 409
    decided = {"onto": version, "choice:entries/center.hours": "other"}
    assert visitor.post(f"{DRAFT}/merge", data=decided).status_code == 302
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.entries["center.hours"] == other


def test_only_what_waits_is_merged(published: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    save(visitor, answer_th="ของเราค่ะ")
    for onto in ("", "x" * 64, small_catalogue.version):
        assert visitor.post(f"{DRAFT}/merge", data={"onto": onto}).location == DRAFT
    assert actions_noted(published) == ["faq.entry_saved"]


def test_volunteers_see_nothing_of_it(published: Site) -> None:
    volunteer = published.visitor(Role.VOLUNTEER)
    paths = ("faq", "faq/new", "faq/draft", "faq/check", "faq/versions", "faq/files", "faq/files/draft.csv")
    assert [volunteer.get(f"/console/{path}").status_code for path in paths] == [403] * 7
    assert volunteer.post(TOPIC, data={"seen": ""}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_edits(published: Site, visitor: Visitor) -> None:
    from sqlalchemy import event

    open_draft(published)
    counted: list[str] = []
    event.listen(published.database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    visitor.get(DRAFT)
    few = len(counted)
    for number in range(5):
        save(visitor, answer_th=f"ครั้งที่ {number} ค่ะ")
    counted.clear()
    visitor.get(DRAFT)
    assert len(counted) == few
    with published.database.reading() as db:
        assert len(drafts.list_edits(db)) == 6
