"""Topics: listed, edited, added, deleted; nothing is overwritten unseen."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from bot.console import faq_forms
from bot.outreach.permissions import Role
from bot.storage import audit
from knowledge.care import Care
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.entries import Entry
from tests.bot.console.faq_site import (
    TOPIC,
    actions_noted,
    draft_of,
    fields,
    published,
    save,
    visitor,
    words,
)
from tests.bot.console.visiting import Site, Visitor
from tests.knowledge.content import HOURS, JOIN, OTHERS

__all__ = ["published", "visitor"]


def entry_of(site: Site, entry_id: str = "center.hours") -> Entry:
    draft = draft_of(site)
    assert draft is not None
    return draft.catalogue.entries[entry_id]


def test_without_anything_published_the_page_says_so(site: Site) -> None:
    answer = site.visitor(Role.STAFF).get("/console/faq")
    assert answer.status_code == 200
    assert "ยังไม่มีคลังคำตอบค่ะ" in words(answer)


def test_topics_are_listed_by_family_with_what_changed(published: Site, visitor: Visitor) -> None:
    before = words(visitor.get("/console/faq"))
    assert "ศูนย์ของเรา 1 เรื่องหนึ่ง ถามได้ 12 แบบ เวทีแลกเปลี่ยนเรียนรู้ 1 เรื่องหนึ่ง ถามได้ 12 แบบ เรื่องทั่วไป 1" in before
    save(visitor, title_th="เวลาเปิด", variants="\n".join((*HOURS, "เปิดยัง")))
    after = words(visitor.get("/console/faq"))
    assert "เวลาเปิด ถามได้ 13 แบบ แก้แล้ว" in after
    assert after.count("แก้แล้ว") == 1


@pytest.mark.parametrize(
    ("wanted", "titles"), [("เวทีรับคนนอกไหม", 1), ("คำตอบของ center.hours", 1), ("xyz", 0), ("", 3)]
)
def test_topics_are_found_by_what_they_say_and_how_they_are_asked(visitor: Visitor, wanted: str, titles: int) -> None:
    page = visitor.get("/console/faq", query_string={"q": wanted}).get_data(as_text=True)
    assert page.count('class="faq-row"') == titles


def test_an_unchanged_form_changes_nothing(published: Site, visitor: Visitor) -> None:
    answer = save(visitor)
    assert (answer.status_code, answer.location) == (302, TOPIC)
    assert draft_of(published) is None
    assert actions_noted(published) == []


def form_of(entry: Entry) -> MultiDict[str, str]:
    """What the form of an entry holds."""
    form: MultiDict[str, str] = MultiDict()
    for field, texts in (("title", entry.title), ("answer", entry.answer), ("unavailable", entry.unavailable or {})):
        for language, text in texts.items():
            form.add(f"{field}_{language}", text)
    for number, detail in enumerate(entry.details):
        for name in detail.needs:
            form.add(f"details_{number}_needs", name)
        for language, text in detail.text.items():
            form.add(f"details_{number}_{language}", text)
    for action in entry.actions:
        form.add("actions", action.name if action.argument is None else f"{action.name}({action.argument})")
    for other in entry.related:
        form.add("related", other)
    for name, text in asdict(entry.care).items():
        form.add(f"care_{name}", text)
    form.add("variants", faq_forms.lines_of(entry.variants))
    form.add("phrases", faq_forms.lines_of(entry.phrases))
    return form


def test_every_shipped_topic_goes_through_a_form_and_back() -> None:
    for entry in load_catalogue(SHIPPED).entries.values():
        assert faq_forms.entry_of(form_of(entry), entry_id=entry.id) == entry


def test_the_form_on_the_page_is_the_whole_topic(published: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    for entry in small_catalogue.entries.values():
        found = MultiDict(fields(visitor.get(f"/console/faq/topics/{entry.id}")))
        assert faq_forms.entry_of(found, entry_id=entry.id) == entry


def test_a_wording_with_a_line_end_stays_one() -> None:
    texts = ("หนึ่ง\nสอง", "สาม")
    assert faq_forms.texts_of(faq_forms.lines_of(texts)) == texts


def test_what_is_saved_is_in_the_draft_and_in_the_audit_log(
    published: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:
    changes: dict[str, Any] = {
        "answer_th": "เปิดทุกวันค่ะ\r\n\r\nมาได้เลย", "title_en": "", "details_1_needs": ["contact_phone", "contact_url"],
        "details_1_th": "โทร {contact_phone}", "actions": ["offer_person", "list_events(forum)"],
        "related": ["", "", ""],
        "variants": "\r\n".join((*HOURS[1:], "  เปิดยัง  ", "")),
        "care_owner": visitor.account.login, "care_confirmed": "2026-11-01", "care_best_before": "2026-12-05",
        "care_when_old": "withhold",
    }  # fmt: skip
    answer = save(visitor, **changes)
    assert (answer.status_code, answer.location) == (302, TOPIC)
    entry = entry_of(published)
    assert entry.answer == {"th": "เปิดทุกวันค่ะ\n\nมาได้เลย", "en": "The answer of center.hours."}
    assert entry.title == {"th": "เรื่องหนึ่ง"}
    assert [(detail.needs, detail.text["th"]) for detail in entry.details] == [
        (("contact_hours",), "เปิด {contact_hours}"), (("contact_phone", "contact_url"), "โทร {contact_phone}"),
    ]  # fmt: skip
    assert [(action.name, action.argument) for action in entry.actions] == [
        ("offer_person", None), ("list_events", "forum"),
    ]  # fmt: skip
    owner = visitor.account.login
    assert entry.care == Care(owner, confirmed="2026-11-01", best_before="2026-12-05", when_old="withhold")
    assert "ถึงเวลายืนยัน" in words(visitor.get("/console/faq"))
    assert (entry.related, entry.variants) == ((), (*HOURS[1:], "เปิดยัง"))
    with published.database.reading() as db:
        (line,) = audit.list_entries(db, action_prefix="faq.", limit=9)
    assert (line.action, line.subject_id, line.actor) == ("faq.entry_saved", "center.hours", visitor.account.name)
    assert (line.before["answer"]["th"], line.after["answer"]["th"]) == (
        small_catalogue.entries["center.hours"].answer["th"], "เปิดทุกวันค่ะ\n\nมาได้เลย",
    )  # fmt: skip
    assert "variants" in line.after
    assert "related" in line.after


FAULTY = [
    ({"variants": "เปิดยัง"}, "variants", "มีวิธีถาม 1 แบบ ขออย่างน้อย 12 แบบค่ะ"),
    ({"title_th": "ก" * 21}, "title_th", "ยาว 21 ตัวอักษร ปุ่มใน LINE รับได้ 20 ตัวค่ะ"),
    ({"title_th": " "}, "title_th", "ขอชื่อเรื่องภาษาไทยค่ะ"),
    ({"answer_th": ""}, "answer_th", "ขอคำตอบภาษาไทยค่ะ"),
    ({"answer_en": "Call {phone}"}, "answer_en", "ไม่มีข้อมูลชื่อ {phone} ค่ะ ใช้ได้: {contact_phone} เบอร์โทรของศูนย์"),
    ({"answer_th": "โทร {"}, "answer_th", "มีเครื่องหมาย { ตัวเดียวค่ะ"),
    ({"answer_th": "{years_since:ก}"}, "answer_th", "อ่าน {years_since:ก} ไม่ออกค่ะ"),
    ({"details_0_th": "เปิด {opening}"}, "details_0", "ไม่มีข้อมูลชื่อ {opening} ค่ะ"),
    ({"details_0_needs": []}, "details", "รายละเอียดทุกข้อต้องเลือกว่าใช้ข้อมูลอะไรค่ะ"),
    ({"unavailable_th": ""}, "unavailable_th", "ต้องมีทั้งคู่ หรือไม่มีทั้งคู่ค่ะ"),
    ({"related": ["forum.gone", "", ""]}, "related", "ไม่มีเรื่อง forum.gone ให้ไปต่อค่ะ"),
    ({"actions": ["dance"]}, "actions", "ไม่มีปุ่ม dance ค่ะ"),
    ({"actions": ["list_events(moon)"]}, "actions", "ปุ่ม list_events(moon) ใช้ไม่ได้ค่ะ"),
    ({"care_valid_from": "เมื่อวาน"}, "care_valid_from", "อ่านวันที่ เมื่อวาน ไม่ออกค่ะ"),
    ({"care_valid_from": "2026-02-02", "care_valid_until": "2026-02-01"}, "care_valid_until", "ก่อนวันแรกค่ะ"),
    ({"care_best_before": "2026-02-01"}, "care_confirmed", "ขอวันที่ยืนยันล่าสุดด้วยค่ะ"),
    ({"care_confirmed": "2026-02-02", "care_best_before": "2026-02-01"}, "care_best_before", "ก่อนวันที่ยืนยันล่าสุดค่ะ"),
    ({"care_when_old": "x"}, "care_when_old", "เมื่อเก่าแล้วค่ะ"),
    ({"variants": "\n".join((*HOURS, JOIN[0]))}, "variants", f"“{JOIN[0]}” มีอยู่แล้วที่ “เรื่องหนึ่ง” เก็บไว้ที่เดียวนะคะ"),
    ({"variants": "\n".join((*HOURS, "ก" * 1001))}, "variants", "มีบรรทัดหนึ่งยาว 1001 ตัวอักษร"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "said"), FAULTY)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    published: Site, visitor: Visitor, changes: dict[str, Any], field: str, said: str
) -> None:
    written = {"answer_en": "What I wrote."} | changes
    answer = save(visitor, **written)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    beside = re.search(rf'id="fault-{field}-1">(.*?)</div>', page)
    assert beside is not None, re.findall(r'id="fault-[^>]*>[^<]*', page)
    assert said in beside[1].replace("&#39;", "'")
    kept = fields(answer)
    assert kept["answer_en"] == written["answer_en"]
    assert draft_of(published) is None


def test_no_english_is_left_in_what_is_said_about_faults() -> None:
    """Every rule of the content's checks is known to the pages."""
    source = [
        "There are 3 variants. Write at least 12 ways to ask.", "A text is empty.",
        "There are no messages here any more.",
        "'ก' stands for 'a' and for 'b'.", "This entry cannot be removed: it is the answer to people in danger.",
        "'ก\\x00' holds a letter that cannot be shown.", "Only general.crisis has phrases.",
        "The id 'A b' must look like 'center.hours': small letters, one dot.",
    ]  # fmt: skip
    from bot.console.faq_faults import tell

    assert [text for text in source if tell(text, titles={}).words == text] == []


def test_a_wording_of_another_topic_is_moved_when_one_says_so(published: Site, visitor: Visitor) -> None:
    twelve = (*JOIN, "ร่วมเวทีต้องแต่งตัวยังไง")
    save(visitor, "/console/faq/topics/forum.join", variants="\n".join(twelve))
    refused = save(visitor, variants="\n".join((*HOURS, JOIN[0])))
    assert refused.status_code == 422
    assert f'name="move" value="{JOIN[0]}"' in refused.get_data(as_text=True)
    kept = {name: value for name, value in fields(refused).items() if name != "move"}
    answer = visitor.post(TOPIC, data=kept | {"move": JOIN[0]})
    assert answer.status_code == 302
    assert entry_of(published).variants == (*HOURS, JOIN[0])
    assert entry_of(published, "forum.join").variants == twelve[1:]


def test_the_second_of_two_editors_sees_both_and_loses_nothing(published: Site, visitor: Visitor) -> None:
    theirs = published.visitor(Role.STAFF, name="แม่แก้ว")
    mine = fields(visitor.get(TOPIC))
    save(theirs, answer_th="ของเขาค่ะ", variants="\n".join((*HOURS, "เปิดยัง")))
    answer = visitor.post(TOPIC, data=mine | {"answer_th": "ของฉันค่ะ", "title_th": "เวลา"})
    assert answer.status_code == 409
    said = words(answer)
    assert "คำตอบ ของเขา ของเขาค่ะ ของคุณ ของฉันค่ะ" in said
    assert "มีแต่ของเขา เปิดยัง" in said
    kept = fields(answer)
    assert (kept["answer_th"], kept["title_th"]) == ("ของฉันค่ะ", "เวลา")
    assert entry_of(published).answer["th"] == "ของเขาค่ะ"
    again = visitor.post(TOPIC, data=kept | {"variants": "\n".join((*HOURS, "เปิดยัง"))})
    assert again.status_code == 302
    entry = entry_of(published)
    assert (entry.answer["th"], entry.title["th"], entry.variants[-1]) == ("ของฉันค่ะ", "เวลา", "เปิดยัง")


def test_what_somebody_deleted_meanwhile_can_be_kept_as_a_new_topic(published: Site, visitor: Visitor) -> None:
    mine = fields(visitor.get(TOPIC))
    theirs = published.visitor(Role.STAFF, name="แม่แก้ว")
    theirs.post(f"{TOPIC}/delete", data={"seen": mine["seen"]})
    answer = visitor.post(TOPIC, data=mine | {"answer_th": "ของฉันค่ะ"})
    assert answer.status_code == 409
    kept = fields(answer)
    assert (kept["family"], kept["name"], kept["answer_th"]) == ("center", "hours", "ของฉันค่ะ")


def test_a_new_topic(published: Site, visitor: Visitor) -> None:
    new = {
        "family": "center", "name": "parking", "title_th": "ที่จอดรถ", "answer_th": "จอดได้ค่ะ",
        "variants": "\n".join(f"จอดรถตรงไหน {number}" for number in range(12)),
    }  # fmt: skip
    assert visitor.post("/console/faq/new", data=new | {"name": "Parking Lot"}).status_code == 422
    taken = visitor.post("/console/faq/new", data=new | {"name": "hours"})
    assert taken.status_code == 409
    assert "มีเรื่องรหัส center.hours อยู่แล้วค่ะ" in words(taken)
    answer = visitor.post("/console/faq/new", data=new)
    assert (answer.status_code, answer.location) == (302, "/console/faq/topics/center.parking")
    assert entry_of(published, "center.parking").title == {"th": "ที่จอดรถ"}
    visitor.post("/console/faq/new", data=new | {
        "family": "", "new_family": "tour", "variants": "\n".join(f"เที่ยวไหน {number}" for number in range(12)),
    })  # fmt: skip
    assert entry_of(published, "tour.parking").family == "tour"
    assert actions_noted(published) == ["faq.entry_added"] * 2


def test_a_topic_is_deleted_and_no_other_leads_to_it(published: Site, visitor: Visitor) -> None:
    seen = fields(visitor.get(TOPIC))["seen"]
    answer = visitor.post(f"{TOPIC}/delete", data={"seen": seen})
    assert (answer.status_code, answer.location) == (302, "/console/faq")
    draft = draft_of(published)
    assert draft is not None
    assert list(draft.catalogue.entries) == ["forum.join", "general.crisis"]
    assert draft.catalogue.entries["forum.join"].related == ()
    assert visitor.get(TOPIC).status_code == 404
    assert "ลบในร่าง" in words(visitor.get("/console/faq"))
    assert actions_noted(published) == ["faq.entry_deleted"]


def test_what_was_not_seen_is_not_deleted_nor_is_the_answer_to_people_in_danger(
    published: Site, visitor: Visitor
) -> None:
    visitor.post(f"{TOPIC}/delete", data={"seen": "old"})
    assert draft_of(published) is None
    crisis = "/console/faq/topics/general.crisis"
    visitor.post(f"{crisis}/delete", data={"seen": fields(visitor.get(crisis))["seen"]})
    assert "ลบเรื่องนี้ไม่ได้ค่ะ" in words(visitor.get(crisis))
    assert draft_of(published) is None


def test_the_phrases_of_danger_can_be_edited(published: Site, visitor: Visitor) -> None:
    crisis = "/console/faq/topics/general.crisis"
    assert save(visitor, crisis, phrases="อยากตาย\nไม่อยากอยู่แล้ว").status_code == 302
    assert entry_of(published, "general.crisis").phrases == ("อยากตาย", "ไม่อยากอยู่แล้ว")


def test_nothing_that_was_typed_becomes_part_of_the_page(published: Site, visitor: Visitor) -> None:
    evil = '"><script>alert(1)</script>{{7187*7193}}'
    written = {"title_th": evil, "answer_th": evil, "variants": f"{evil}\n</textarea>{evil}", "do": "preview"}
    for path, more in ((TOPIC, {}), ("/console/faq/new", {"family": evil, "name": evil})):
        page = visitor.post(path, data=fields(visitor.get(path)) | written | more).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "51696091" not in page
    fragment = visitor.post("/console/faq/preview", data=written).get_data(as_text=True)
    assert "<script" not in fragment
    save(visitor, answer_th=evil, variants="\n".join((*HOURS, evil)))
    for path in ("/console/faq/draft", "/console/faq", TOPIC):
        assert "<script>alert" not in visitor.get(path).get_data(as_text=True)


def test_a_preview_saves_nothing(published: Site, visitor: Visitor) -> None:
    answer = save(visitor, answer_th="ยังไม่บันทึกค่ะ", do="preview")
    assert answer.status_code == 200
    assert 'class="line-bubble line-card"> <p>ยังไม่บันทึกค่ะ' in " ".join(answer.get_data(as_text=True).split())
    assert fields(answer)["answer_th"] == "ยังไม่บันทึกค่ะ"
    assert draft_of(published) is None


@pytest.mark.parametrize("near", [OTHERS["near"][0]])
def test_a_message_that_is_not_ours_is_moved_into_a_new_topic(published: Site, visitor: Visitor, near: str) -> None:
    variants = "\n".join((near, *(f"ทำบัตรที่ไหน {number}" for number in range(12))))
    new = {"family": "center", "name": "card", "title_th": "บัตร", "answer_th": "ที่อำเภอค่ะ", "variants": variants}
    assert visitor.post("/console/faq/new", data=new).status_code == 422
    assert visitor.post("/console/faq/new", data=new | {"move": near}).status_code == 302
    draft = draft_of(published)
    assert draft is not None
    assert near not in draft.catalogue.out_of_scope["near"]
    assert set(draft.catalogue.entries["center.card"].variants) == set(variants.split("\n"))


def test_settings_may_be_named_in_every_text_of_an_answer(small_catalogue: Catalogue) -> None:
    entry = small_catalogue.entries["center.hours"]
    assert faq_forms.answer_texts(replace(entry, unavailable=None)).keys() == {"answer_th", "answer_en", "details_0"}
