"""What is decided in the console: a group, its edit of the draft and its tests together, and nobody's overwritten."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.faq import drafts, editing
from bot.outreach import review
from bot.outreach.permissions import Role
from bot.outreach.review import Decision, DecisionKind
from bot.storage import audit
from tests.bot.console.reviewing import (
    ask_all,
    catalogue,
    expected_of,
    form_of,
    group,
    logged,
    put_in_force,
    queue,
    reviewing_site,
    reviewing_site_on_each,
)
from tests.bot.console.visiting import Site, Visitor
from tests.knowledge.content import HOURS, JOIN, OTHERS

__all__ = ["reviewing_site", "reviewing_site_on_each"]
TENT, PARKING, HELLO = "ขอยืมเต็นท์ได้ไหม", "ที่จอดรถอยู่ตรงไหน", "กินข้าวหรือยังจ๊ะ"
WAYS = tuple(f"ขอยืมเต็นท์แบบที่ {number}" for number in range(1, 12))


def expected(site: Site) -> list[tuple[str, str | None]]:
    with site.database.reading() as db:
        return expected_of(db)


def decide(visitor: Visitor, site: Site, do: str, texts: list[str], *, group_id: int = 1, **more: Any) -> Any:
    return visitor.post(f"/console/review/{group_id}/decide", form_of(site, group_id, do, texts, **more))


@pytest.fixture
def waiting(reviewing_site_on_each: Site) -> Site:
    """Three groups: parking by three people, tents by two, a greeting by one."""
    ask_all(reviewing_site_on_each, [TENT, PARKING, HELLO], times=[2, 3, 1])
    return reviewing_site_on_each


def test_a_decision_teaches_the_draft_leaves_a_test_and_goes_on(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    answer = decide(staff, waiting, "add:center.hours", [PARKING], group_id=2)
    assert (answer.status_code, answer.location) == (302, "/console/review/1")
    assert catalogue(waiting).entries["center.hours"].variants == (*HOURS, PARKING)
    assert expected(waiting) == [(PARKING, "center.hours")]
    assert (group(waiting, 2).state, group(waiting, 2).decided_by) == ("decided", str(staff.account.id))
    assert logged(waiting) == [("review.decided", "review_group", "2")]
    page = staff.get("/console/review/1").get_data(as_text=True)
    assert f"ล่าสุดคุณตัดสิน “<bdi>{PARKING}</bdi>”: เป็นวิธีถามของ “เรื่องหนึ่ง”" in page
    assert 'action="/console/review/2/undo"' in page


@pytest.mark.parametrize(
    ("do", "kind", "place"),
    [
        ("scope:near", "out_of_scope", "near"),
        ("scope:traps", "out_of_scope", "traps"),
        ("scope:far", "out_of_scope", "far"),
        ("scope:chitchat", "out_of_scope", "chitchat"),
        ("talk:scope:chitchat", "small_talk", "chitchat"),
        ("ignore", "ignore", None),
        ("person", "needs_person", None),
    ],
)
def test_each_button_and_taking_it_back(reviewing_site: Site, do: str, kind: str, place: str | None) -> None:
    site = reviewing_site
    ask_all(site, [TENT])
    staff = site.visitor(Role.STAFF)
    assert decide(staff, site, do, [TENT]).location == "/console/review"
    kept = group(site, 1).decision or {}
    assert (kept["kind"], kept["scope"]) == (kind, place)
    taught = {name: texts for name, texts in catalogue(site).out_of_scope.items() if texts != OTHERS[name]}
    assert taught == ({place: (*OTHERS[place], TENT)} if place else {})
    assert expected(site) == ([(TENT, None)] if place else [])
    assert staff.post("/console/review/1/undo").location == "/console/review/1"
    assert (group(site, 1).state, catalogue(site).to_json(), expected(site)) == ("open", site.catalogue.to_json(), [])
    assert [action for action, *_ in logged(site)] == ["review.decided", "review.undone"]


def test_what_teaches_nothing_opens_no_draft(waiting: Site) -> None:
    decide(waiting.visitor(Role.STAFF), waiting, "ignore", [TENT])
    with waiting.database.reading() as db:
        assert drafts.find_draft(db) is None


def test_wordings_as_the_reviewer_left_them(waiting: Site) -> None:
    form = {"version": "1", "do": "add:center.hours", "use": ["1", "2"], "text-0": TENT, "text-1": " ยืมเต็นท์\nหน่อย ",
            "text-2": "โทร 081-234-5678 ยืมเต็นท์"}  # fmt: skip
    waiting.visitor(Role.STAFF).post("/console/review/1/decide", form)
    assert catalogue(waiting).entries["center.hours"].variants[len(HOURS) :] == ("ยืมเต็นท์ หน่อย", "โทร ยืมเต็นท์")


def test_a_wording_accepted_for_one_is_taken_from_another_and_put_back(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    ask_all(site, [TENT])
    with site.database.transaction() as db:
        drafts.open_draft(db, by=None, now=site.now)
        editing.add_variants(db, entry_id="forum.join", texts=[TENT], by=None, now=site.now)
    staff = site.visitor(Role.STAFF)
    decide(staff, site, "add:center.hours", [TENT])
    assert catalogue(site).entries["forum.join"].variants == JOIN
    assert catalogue(site).entries["center.hours"].variants == (*HOURS, TENT)
    staff.post("/console/review/1/undo")
    assert catalogue(site).entries["forum.join"].variants == (*JOIN, TENT)
    assert catalogue(site).entries["center.hours"].variants == HOURS


def test_what_the_draft_refuses_leaves_the_group_undecided(waiting: Site) -> None:
    """The other entry would be left with too few ways to ask."""
    staff = waiting.visitor(Role.STAFF)
    answer = decide(staff, waiting, "add:center.hours", [JOIN[0]])
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "ขออย่างน้อย 12 แบบค่ะ" in page
    assert f'name="text-0" value="{JOIN[0]}"' in page
    assert (group(waiting, 1).state, expected(waiting), logged(waiting)) == ("open", [], [])
    with waiting.database.reading() as db:
        assert drafts.find_draft(db) is None


def test_an_entry_that_is_gone_from_the_draft(waiting: Site) -> None:
    staff, volunteer = waiting.visitor(Role.STAFF, name="malee"), waiting.visitor(Role.VOLUNTEER, name="nid")
    for visitor in (staff, volunteer):
        answer = decide(visitor, waiting, "add:center.gone", [TENT])
        assert answer.status_code == 409
        assert "ไม่อยู่ในฉบับร่างแล้ว" in answer.get_data(as_text=True)
    assert (group(waiting, 1).state, group(waiting, 1).proposal, logged(waiting)) == ("open", None, [])


def test_another_entry_from_the_list(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    assert decide(staff, waiting, "other", [TENT], entry="").status_code == 422
    assert decide(staff, waiting, "other", [TENT], entry="forum.join").status_code == 302
    assert catalogue(waiting).entries["forum.join"].variants == (*JOIN, TENT)


@pytest.mark.parametrize("do", ["", "again"])
def test_enter_in_a_field_decides_nothing_and_keeps_what_was_written(waiting: Site, do: str) -> None:
    answer = decide(waiting.visitor(Role.STAFF), waiting, do, ["ขอยืมเต็นท์ใหญ่"])
    assert answer.status_code == 200
    assert 'name="text-0" value="ขอยืมเต็นท์ใหญ่"' in answer.get_data(as_text=True)
    assert group(waiting, 1).state == "open"


@pytest.mark.parametrize(
    "form",
    [{"do": "add:center.hours"}, {"do": "drop:tables", "version": "1"}, {"do": "scope:", "version": "1"},
     {"do": "accept", "version": "1"}, {"do": "ignore", "version": "9223372036854775808"}],
)  # fmt: skip
def test_a_form_that_is_none_of_ours(waiting: Site, form: dict[str, str]) -> None:
    assert waiting.visitor(Role.STAFF).post("/console/review/1/decide", form).status_code == 400
    assert group(waiting, 1).state == "open"


def test_a_volunteer_proposes_and_staff_accept_with_one_press(waiting: Site) -> None:
    volunteer, staff = waiting.visitor(Role.VOLUNTEER, name="nid"), waiting.visitor(Role.STAFF, name="malee")
    assert "เสนอ: เรื่องหนึ่ง" in volunteer.get("/console/review/1").get_data(as_text=True)
    assert decide(volunteer, waiting, "add:center.hours", [TENT]).location == "/console/review/3"
    assert (group(waiting, 1).state, catalogue(waiting).to_json()) == ("open", waiting.catalogue.to_json())
    page = staff.get("/console/review/1").get_data(as_text=True)
    assert "<bdi>nid</bdi> เสนอ: <strong>เป็นวิธีถามของ “เรื่องหนึ่ง”</strong>" in page
    assert 'value="accept" data-key="a"' in page
    assert 'value="accept"' not in volunteer.get("/console/review/1").get_data(as_text=True)
    assert decide(staff, waiting, "accept", [TENT]).status_code == 302
    assert catalogue(waiting).entries["center.hours"].variants == (*HOURS, TENT)
    assert logged(waiting) == [("review.proposed", "review_group", "1"), ("review.decided", "review_group", "1")]


def test_a_proposal_made_meanwhile_is_shown_before_anything_is_written(waiting: Site) -> None:
    volunteer, staff = waiting.visitor(Role.VOLUNTEER, name="nid"), waiting.visitor(Role.STAFF, name="malee")
    old = form_of(waiting, 1, "scope:near", [TENT])
    decide(volunteer, waiting, "add:center.hours", [TENT])
    answer = staff.post("/console/review/1/decide", old)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "nid เพิ่งเสนอไว้ค่ะ" in page
    assert 'name="version" value="2"' in page
    assert (group(waiting, 1).state, catalogue(waiting).to_json()) == ("open", waiting.catalogue.to_json())


def test_the_second_of_two_reviewers_is_told_who_decided_what_and_goes_on(waiting: Site) -> None:
    malee, somchai = waiting.visitor(Role.STAFF, name="malee"), waiting.visitor(Role.STAFF, name="somchai")
    stale = form_of(waiting, 2, "add:forum.join", [PARKING])
    decide(malee, waiting, "add:center.hours", [PARKING], group_id=2)
    answer = somchai.post("/console/review/2/decide", stale)
    assert answer.location == "/console/review/1"
    page = somchai.get("/console/review/1").get_data(as_text=True)
    assert "malee ตัดสินกลุ่มนั้นไปแล้วเมื่อ 30 พฤศจิกายน 2569 เวลา 09:00 น.: เป็นวิธีถามของ “เรื่องหนึ่ง”" in page
    assert catalogue(waiting).entries["forum.join"].variants == JOIN
    assert expected(waiting) == [(PARKING, "center.hours")]
    assert "malee" in somchai.get("/console/review/2").get_data(as_text=True)
    assert len(logged(waiting)) == 1


def test_pressed_twice_it_counts_once(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    form = form_of(waiting, 2, "add:center.hours", [PARKING])
    first, second = (staff.post("/console/review/2/decide", form) for _ in range(2))
    assert (first.location, second.location) == ("/console/review/1", "/console/review/1")
    assert catalogue(waiting).entries["center.hours"].variants == (*HOURS, PARKING)
    assert len(logged(waiting)) == 1
    assert "คุณตัดสินกลุ่มนั้นไปแล้ว" in staff.get("/console/review/1").get_data(as_text=True)


def test_undo_pressed_twice_takes_back_one_decision(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    decide(staff, waiting, "ignore", [], group_id=2)
    waiting.later(seconds=1)
    decide(staff, waiting, "ignore", [], group_id=1)
    waiting.later(seconds=1)
    for _ in range(2):
        staff.post("/console/review/1/undo")
    assert [group(waiting, number).state for number in (1, 2)] == ["open", "ignored"]
    assert "ย้อนไม่ได้ค่ะ" in staff.get("/console/review/1").get_data(as_text=True)


def test_undo_is_for_ones_own_decision_and_before_publishing(waiting: Site) -> None:
    malee, somchai = waiting.visitor(Role.STAFF, name="malee"), waiting.visitor(Role.STAFF, name="somchai")
    decide(malee, waiting, "add:center.hours", [TENT])
    somchai.post("/console/review/1/undo")
    assert group(waiting, 1).state == "decided"
    entries = waiting.catalogue.entries
    other = replace(waiting.catalogue, entries={**entries, "forum.join": replace(entries["forum.join"], related=())})
    put_in_force(waiting.database, other)
    waiting.later(minutes=1)
    with waiting.database.transaction() as db:
        from bot.storage import faq_versions

        faq_versions.publish(db, version=other.version, now=waiting.now)
    malee.post("/console/review/1/undo")
    assert group(waiting, 1).state == "decided"
    assert "มีการเผยแพร่คลังคำตอบหลังจากนั้น" in malee.get("/console/review/1").get_data(as_text=True)


def new_form(site: Site, **more: str) -> dict[str, str]:
    texts = "\n".join((TENT, *WAYS))
    fields = {"title": "ยืมเต็นท์", "family": "center", "answer": "ยืมเต็นท์ได้ค่ะ", "texts": texts}
    return {"version": str(group(site, 1).version), **fields, **more}


def test_a_new_entry_with_its_answer_and_back(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    form = decide(staff, waiting, "new", [TENT])
    assert form.status_code == 200
    assert re.search(rf"<textarea[^>]*>{TENT}</textarea>", form.get_data(as_text=True))
    answer = staff.post("/console/review/1/new", new_form(waiting))
    assert answer.location == "/console/faq/topics/center.asked_1"
    entry = catalogue(waiting).entries["center.asked_1"]
    assert (entry.title, entry.answer, entry.variants) == (
        {"th": "ยืมเต็นท์"}, {"th": "ยืมเต็นท์ได้ค่ะ"}, (TENT, *WAYS),
    )  # fmt: skip
    assert len(expected(waiting)) == 12
    staff.post("/console/review/1/undo")
    assert (group(waiting, 1).state, catalogue(waiting).to_json()) == ("open", waiting.catalogue.to_json())
    assert expected(waiting) == []


def test_a_new_entry_that_somebody_worked_on_is_not_undone(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    staff.post("/console/review/1/new", new_form(waiting))
    with waiting.database.transaction() as db:
        editing.add_variants(db, entry_id="center.asked_1", texts=["เต็นท์ใหญ่มีไหม"], by=None, now=waiting.now)
    staff.post("/console/review/1/undo")
    assert group(waiting, 1).state == "decided"
    assert "มีคนแก้เรื่องนี้ต่อแล้ว" in staff.get("/console/review/1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": " "}, "ขอชื่อเรื่องด้วยค่ะ"),
        ({"texts": TENT}, "มีวิธีถาม 1 แบบ ขออย่างน้อย 12 แบบค่ะ"),
        ({"answer": " "}, "ขอคำตอบภาษาไทยค่ะ"),
        ({"title": "ก" * 21}, "ปุ่มใน LINE รับได้ 20 ตัวค่ะ"),
        ({"texts": "<ชื่อ>"}, "ไม่เหลือข้อความให้บอตจำค่ะ"),
    ],
)
def test_a_new_entry_that_lacks_something_keeps_what_was_written(
    waiting: Site, change: dict[str, str], told: str
) -> None:
    answer = waiting.visitor(Role.STAFF).post("/console/review/1/new", new_form(waiting, **change))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert ("ยืมเต็นท์ได้ค่ะ" in page) is ("answer" not in change)
    assert (group(waiting, 1).state, logged(waiting)) == ("open", [])


def test_a_new_entry_proposed_by_a_volunteer(waiting: Site) -> None:
    volunteer, staff = waiting.visitor(Role.VOLUNTEER, name="nid"), waiting.visitor(Role.STAFF, name="malee")
    proposal = {"version": "1", "title": "ยืมเต็นท์", "family": "center", "texts": TENT}
    assert volunteer.post("/console/review/1/new", proposal).location == "/console/review/3"
    assert "เปิดเรื่องใหม่ “ยืมเต็นท์”" in staff.get("/console/review/1").get_data(as_text=True)
    page = decide(staff, waiting, "accept", [TENT]).get_data(as_text=True)
    assert 'name="title" value="ยืมเต็นท์"' in page
    assert group(waiting, 1).state == "open"


def test_the_audit_log_has_no_words_of_what_was_proposed_decided_and_undone(waiting: Site) -> None:
    volunteer, staff = waiting.visitor(Role.VOLUNTEER, name="nid"), waiting.visitor(Role.STAFF, name="malee")
    volunteer.post("/console/review/1/new", {"version": "1", "title": TENT, "family": "center", "texts": TENT})
    staff.post("/console/review/1/new", new_form(waiting, title=TENT[:20]))
    staff.post("/console/review/1/undo")
    decide(staff, waiting, "add:center.hours", [PARKING], group_id=2)
    with waiting.database.reading() as db:
        lines = [(line.action, line.before, line.after) for line in reversed(audit.list_entries(db))]
    assert [action for action, *_ in lines] == ["review.proposed", "review.decided", "review.undone", "review.decided"]
    assert lines[0][2] == {"kind": "new_entry", "entry": "center.asked_1", "scope": None, "wordings": 1}
    assert lines[2][1] == {"kind": "new_entry", "entry": "center.asked_1", "scope": None}
    assert not any(words in str(lines) for words in (TENT[:12], PARKING[:12]))


def test_a_new_entry_proposed_by_a_tap_has_no_title_until_somebody_writes_one(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    tapped = Decision(DecisionKind.NEW_ENTRY, entry="new.question1", texts=(TENT,))
    with waiting.database.transaction() as db:
        review.propose(
            db, group_id=1, seen_version=1, decision=tapped, by=str(staff.account.id), may=lambda _: True,
            now=waiting.now,
        )  # fmt: skip
    assert "เปิดเรื่องใหม่ “" not in staff.get("/console/review/1").get_data(as_text=True)
    page = decide(staff, waiting, "accept", [TENT])
    assert 'name="title" value=""' in page.get_data(as_text=True)
    refused = staff.post("/console/review/1/new", new_form(waiting, title=""))
    assert (refused.status_code, group(waiting, 1).state) == (422, "open")


def test_two_groups_put_together_and_a_question_taken_out(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    page = staff.get("/console/review/1/merge").get_data(as_text=True)
    assert sorted(re.findall(r'name="from" value="(\d)"', page)) == ["2", "3"]
    together = {"version": "1", "from": "3", "from_version": "1"}
    assert staff.post("/console/review/1/merge", together).location == "/console/review/1"
    assert [(line.group.id, line.group.questions) for line in queue(waiting)] == [(2, 3), (1, 3)] or [
        (line.group.id, line.group.questions) for line in queue(waiting)
    ] == [(1, 3), (2, 3)]
    assert staff.post("/console/review/1/merge", together).location == "/console/review/1/merge"
    question = re.search(r'name="question" value="(\d+)"', staff.get("/console/review/1").get_data(as_text=True))
    assert question is not None
    parted = staff.post("/console/review/1/part", {"version": "2", "question": question[1]})
    assert parted.location == f"/console/review/{max(line.group.id for line in queue(waiting))}"
    again = staff.post("/console/review/1/part", {"version": "3", "question": "99"})
    assert again.status_code == 422
    assert [action for action, *_ in logged(waiting)] == ["review.merged", "review.parted"]


def test_a_group_that_went_into_another_is_left_for_the_next(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    stale = form_of(waiting, 3, "ignore", [])
    staff.post("/console/review/1/merge", {"version": "1", "from": "3", "from_version": "1"})
    assert staff.post("/console/review/3/decide", stale).location in ("/console/review/1", "/console/review/2")
    assert staff.get("/console/review/3").status_code == 404


def test_a_word_is_taught_on_the_spot(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    form = {"form": "เต้น", "standard": "เต็นท์", "group": "misspellings"}
    assert staff.post("/console/review/1/word", form).location == "/console/review/1"
    staff.post("/console/review/1/word", form | {"form": "เตน"})
    assert catalogue(waiting).lexicon.misspellings == {"เต็นท์": ("เต้น", "เตน")}
    assert logged(waiting) == [("faq.lexicon_changed", "lexicon", "misspellings/เต็นท์")] * 2
    for change in ({"form": " "}, {"form": "เต็นท์"}):
        answer = staff.post("/console/review/1/word", form | change)
        assert (answer.status_code, "ต้องไม่เหมือนกันค่ะ" in answer.get_data(as_text=True)) == (422, True)
    elsewhere = staff.post("/console/review/1/word", form | {"standard": "เต้นรำ"})
    assert (elsewhere.status_code, "อยู่ใต้สองคำ" in elsewhere.get_data(as_text=True)) == (422, True)
    assert staff.post("/console/review/1/word", form | {"group": "polite"}).status_code == 400


def test_skipping_goes_down_the_queue_and_changes_nothing(waiting: Site) -> None:
    staff = waiting.visitor(Role.STAFF)
    way = [staff.get(f"/console/review/next?after={number}").location for number in (2, 1, 3)]
    assert way == ["/console/review/1", "/console/review/3", "/console/review"]
    assert "ดูถึงท้ายรายการแล้ว" in staff.get("/console/review").get_data(as_text=True)
    assert logged(waiting) == []


@pytest.mark.parametrize("address", ["undo", "merge", "part", "word"])
def test_what_only_staff_may(waiting: Site, address: str) -> None:
    assert waiting.visitor(Role.VOLUNTEER).post(f"/console/review/1/{address}").status_code == 403
