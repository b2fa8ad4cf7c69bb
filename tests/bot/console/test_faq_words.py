"""Messages that are not ours, and the words of the lexicon."""

from __future__ import annotations

import json

from bot.outreach.permissions import Role
from tests.bot.console.faq_site import actions_noted, draft_of, published, visitor, words
from tests.bot.console.visiting import Site, Visitor
from tests.knowledge.content import HOURS, OTHERS

__all__ = ["published", "visitor"]

NEAR = "/console/faq/messages/near"
ANYTHING = "/console/faq/words/northern/word"


def test_kinds_of_messages_with_how_many_there_are(visitor: Visitor) -> None:
    said = words(visitor.get("/console/faq/messages"))
    assert "เรื่องใกล้เคียงที่หน่วยงานอื่นดูแล เช่น ทำบัตรประชาชน ต่อใบขับขี่ 3" in said
    assert "คำด่า บอตไม่ตอบเนื้อหา 2" in said


def test_messages_are_added_and_taken_from_where_they_stood(published: Site, visitor: Visitor) -> None:
    visitor.get(NEAR)
    texts = f"ต่อทะเบียนรถ\r\n{OTHERS['far'][0]}\r\n{OTHERS['near'][0]}"
    answer = visitor.post(NEAR, data={"do": "add", "texts": texts})
    assert (answer.status_code, answer.location) == (302, NEAR)
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.out_of_scope["near"] == (*OTHERS["near"], "ต่อทะเบียนรถ", OTHERS["far"][0])
    assert draft.catalogue.out_of_scope["far"] == OTHERS["far"][1:]
    said = words(visitor.get(NEAR))
    assert "เพิ่ม 2 ข้อความลงฉบับร่างแล้วค่ะ ในจำนวนนี้ย้ายมาจาก “เรื่องไกลตัว” 1 ข้อความ อีก 1 ข้อความมีอยู่แล้ว" in said
    assert actions_noted(published) == ["faq.messages_added"]


def test_messages_are_removed_but_not_all_of_them(published: Site, visitor: Visitor) -> None:
    refused = visitor.post(NEAR, data={"do": "remove", "remove": list(OTHERS["near"])})
    assert refused.status_code == 422
    assert "ลบหมดไม่ได้ค่ะ" in words(refused)
    visitor.post(NEAR, data={"do": "remove", "remove": OTHERS["near"][1]})
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.out_of_scope["near"] == (OTHERS["near"][0], OTHERS["near"][2])


def test_a_wording_that_would_leave_a_topic_with_too_few_is_not_taken(published: Site, visitor: Visitor) -> None:
    refused = visitor.post(NEAR, data={"do": "add", "texts": HOURS[0]})
    assert refused.status_code == 422
    assert "เรื่องหนึ่ง: มีวิธีถาม 11 แบบ" in words(refused)
    assert f"\n{HOURS[0]}</textarea>" in refused.get_data(as_text=True)
    assert draft_of(published) is None


def test_messages_are_found_and_paged(published: Site, visitor: Visitor) -> None:
    visitor.post(NEAR, data={"do": "add", "texts": "\n".join(f"ต่อทะเบียนคันที่ {number}" for number in range(120))})
    assert "1–100 จาก 123" in words(visitor.get(NEAR))
    assert "101–123 จาก 123" in words(visitor.get(NEAR, query_string={"from": 100}))
    assert "1–1 จาก 1" in words(visitor.get(NEAR, query_string={"q": "คันที่ 77"}))
    assert visitor.get(NEAR, query_string={"from": -5, "q": "ไม่มี"}).status_code == 200


def test_a_kind_or_group_that_there_is_not(visitor: Visitor) -> None:
    paths = ("messages/moon", "words/moon", "words/moon/word", "words/pack/word")
    assert [visitor.get(f"/console/faq/{path}").status_code for path in paths] == [404] * 4
    assert visitor.post("/console/faq/messages/moon", data={"do": "add", "texts": "ก"}).status_code == 404
    assert visitor.post("/console/faq/words/moon/word", data={"standard": "ก", "forms": "ข"}).status_code == 404


def test_other_ways_of_writing_a_word(published: Site, visitor: Visitor) -> None:
    page = visitor.get(ANYTHING, query_string={"word": "อะไร"}).get_data(as_text=True)
    assert "\nอะหยัง</textarea>" in page
    answer = visitor.post(
        ANYTHING, data={"standard": "อะไร", "seen": json.dumps(["อะหยัง"]), "forms": "อะหยัง\r\n หยัง \r\n"}
    )
    assert (answer.status_code, answer.location) == (302, "/console/faq/words/northern")
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.lexicon.northern["อะไร"] == ("อะหยัง", "หยัง")
    assert "อะไร อะหยัง · หยัง" in words(visitor.get("/console/faq/words/northern"))
    visitor.post(ANYTHING, data={"standard": "อะไร", "seen": json.dumps(["อะหยัง", "หยัง"]), "forms": ""})
    draft = draft_of(published)
    assert draft is not None
    assert list(draft.catalogue.lexicon.northern) == ["ทำ"]
    assert actions_noted(published) == ["faq.lexicon_changed"] * 2


def test_a_form_under_two_words_and_a_word_without_a_name(published: Site, visitor: Visitor) -> None:
    refused = visitor.post(ANYTHING, data={"standard": "พูด", "seen": "[]", "forms": "อะหยัง"})
    assert refused.status_code == 422
    assert "“อะหยัง” อยู่ใต้สองคำ คือ อะไร และ พูด เก็บไว้ที่เดียวนะคะ" in words(refused)
    nameless = visitor.post(ANYTHING, data={"standard": " ", "seen": "[]", "forms": "อู้"})
    assert nameless.status_code == 422
    assert "\nอู้</textarea>" in nameless.get_data(as_text=True)
    assert draft_of(published) is None


def test_a_plain_list_of_words(published: Site, visitor: Visitor) -> None:
    path = "/console/faq/words/particles"
    assert "\nครับ\nคะ\nค่ะ</textarea>" in visitor.get(path).get_data(as_text=True)
    seen = json.dumps(["ครับ", "คะ", "ค่ะ"])
    assert visitor.post(f"{path}/word", data={"seen": seen, "forms": "ครับ\nคะ\nค่ะ\nเจ้า"}).status_code == 302
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.lexicon.particles == ("ครับ", "คะ", "ค่ะ", "เจ้า")


def test_the_second_to_change_a_word_sees_both(published: Site, visitor: Visitor) -> None:
    theirs = published.visitor(Role.STAFF, name="แม่แก้ว")
    seen = json.dumps(["อะหยัง"])
    theirs.post(ANYTHING, data={"standard": "อะไร", "seen": seen, "forms": "อะหยัง\nหยัง"})
    answer = visitor.post(ANYTHING, data={"standard": "อะไร", "seen": seen, "forms": "อะหยัง\nอิหยัง"})
    assert answer.status_code == 409
    assert "ของเขา อะหยัง หยัง" in words(answer)
    assert "\nอะหยัง\nอิหยัง</textarea>" in answer.get_data(as_text=True)
    for seen in ("", "{", "3", "[[1]]"):
        assert visitor.post(ANYTHING, data={"standard": "อะไร", "seen": seen, "forms": "ก"}).status_code == 409
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue.lexicon.northern["อะไร"] == ("อะหยัง", "หยัง")
