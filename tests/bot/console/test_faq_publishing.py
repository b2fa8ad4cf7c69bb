"""The check before publishing and its report; publishing; going back; old versions."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.console import faq_check
from bot.console.faq_check import Runs, list_logged, list_permanent_tests, start_check
from bot.faq import library, publishing
from bot.faq.gate_report import PermanentTest
from bot.outreach.permissions import Role
from bot.storage import audit, faq_tests, questions
from bot.storage.faq_gate_reports import FaqGateReportRow
from knowledge.catalogue import Catalogue
from tests.bot.console.faq_site import (
    actions_noted,
    draft_of,
    open_draft,
    published,
    save,
    visitor,
    words,
)
from tests.bot.console.visiting import NINE, Site, Visitor
from tests.knowledge.content import HOURS, JOIN

__all__ = ["published", "visitor"]

CHECK = "/console/faq/check"
NEW = "จอดรถได้ตรงไหนคะ"
ALIKE = (NEW, f"{NEW}ครับ", f"ขอถามว่า{NEW}")
WRONG = PermanentTest(HOURS[0], "forum.join")


def ask(site: Site, number: int, text: str | None, *, decision: str = "fallback", entry: str | None = None) -> int:
    with site.database.transaction() as db:
        return questions.log(
            db, incoming_id=number, asked_at=NINE, asker=None, message_id=str(number), text=text, words=[],
            decision=decision, entry=entry, also=[], candidates=[], refusal=None, urgent=False, knowledge_version="v",
            milliseconds=1.0, chosen=None, feedback=None, feedback_at=None,
        )  # fmt: skip


def check(site: Site, *tests: PermanentTest) -> None:
    """As the page starts it, and waited for."""
    draft = draft_of(site)
    assert draft is not None
    run = start_check(site.premises, Runs(), revision=draft.revision, by=1, list_tests=lambda _: tests)
    assert run is not None
    assert run.finished.wait(60)
    assert not run.failed


@pytest.fixture
def edited(published: Site, visitor: Visitor) -> Site:
    """A draft at revision 2 that answers one more question."""
    ask(published, 1, NEW)
    ask(published, 2, HOURS[0], decision="answer", entry="center.hours")
    ask(published, 3, None)
    save(visitor, variants="\n".join((*HOURS, *ALIKE)))
    return published


def test_without_a_draft_there_is_nothing_to_check(published: Site, visitor: Visitor) -> None:
    assert "ไม่มีอะไรต้องตรวจค่ะ" in words(visitor.get(CHECK))
    assert visitor.post(f"{CHECK}/start").location == "/console/faq/draft"
    assert actions_noted(published) == []


def test_a_check_runs_beside_the_page_and_is_seen_by_all(edited: Site, visitor: Visitor) -> None:
    assert "เริ่มตรวจ" in words(visitor.get(CHECK))
    answer = visitor.post(f"{CHECK}/start")
    assert answer.location == f"{CHECK}?started={int(NINE.timestamp())}"
    for thread in threading.enumerate():
        if thread.name == "faq-check":
            thread.join(60)
    other = edited.visitor(Role.ADMINISTRATOR)
    for one in (visitor, other):
        said = words(one.get(answer.location))
        assert "ผ่านค่ะ เผยแพร่ได้ ตรวจเมื่อ 30 พฤศจิกายน 2569 เวลา 09:00 น. · ข้อทดสอบ 0 ข้อ · คำถามจริง 2 ข้อความ" in said
        assert f"“{NEW}” ตอนนี้ " in said
        assert "ฉบับร่าง ตอบ “เรื่องหนึ่ง” เพราะ ข้อความนี้เพิ่งเพิ่มไว้ที่ “เรื่องหนึ่ง”" in said
    assert actions_noted(edited) == ["faq.entry_saved", "faq.check_started"]


def test_a_check_under_way_is_shown_where_it_runs_and_elsewhere(
    edited: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def slow(*_: object, progress: publishing.Progress, **__: object) -> None:
        progress(50, 200)
        under_way.set()
        go_on.wait(30)

    monkeypatch.setattr(faq_check.publishing, "prepare", slow)
    address = visitor.post(f"{CHECK}/start").location or ""
    try:
        assert under_way.wait(30)
        page = visitor.get(CHECK)
        assert "กำลังตรวจอยู่ค่ะ ลองถามไปแล้ว 50 จาก 200 ข้อความ" in words(page)
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page.get_data(as_text=True)
        running = [thread for thread in threading.enumerate() if thread.name == "faq-check"]
        visitor.post(f"{CHECK}/start")
        assert [thread for thread in threading.enumerate() if thread.name == "faq-check"] == running
    finally:
        go_on.set()
    for thread in running:
        thread.join(30)
    elsewhere = Site(edited.database, edited.vault, edited.catalogue, edited.model, now=edited.now)
    other = elsewhere.visitor(Role.STAFF, name="อีกเครื่อง")
    assert "กำลังตรวจอยู่ค่ะ" in words(other.get(address))
    elsewhere.later(minutes=11)
    assert "เริ่มตรวจ" in words(other.get(address))
    for odd in ("x", "-1", "9" * 30):
        assert other.get(CHECK, query_string={"started": odd}).status_code == 200


def test_a_check_that_fails_says_so(edited: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(faq_check.publishing, "prepare", broken)
    address = visitor.post(f"{CHECK}/start").location or ""
    for thread in threading.enumerate():
        if thread.name == "faq-check":
            thread.join(30)
    assert "ตรวจครั้งก่อนไม่สำเร็จค่ะ" in words(visitor.get(address))


def test_what_passed_is_published_and_noted(edited: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    check(edited, PermanentTest(HOURS[0], "center.hours"))
    draft = draft_of(edited)
    assert draft is not None
    answer = visitor.post("/console/faq/publish", data={"seen": draft.revision})
    assert (answer.status_code, answer.location) == (302, "/console/faq/versions")
    version = draft.catalogue.version
    assert library.find_published(edited.database) == version
    assert draft_of(edited) is None
    said = words(visitor.get("/console/faq/versions"))
    assert f"ฉบับ {version[:8]} เผยแพร่ 30 พฤศจิกายน 2569 เวลา 09:00 น." in said
    assert "โดย" not in said.split(version[:8])[0]
    with edited.database.reading() as db:
        line = audit.list_entries(db, action_prefix="faq.published", limit=1)[0]
    assert (line.subject_id, line.before, line.after) == (
        version[:12], {"version": small_catalogue.version}, {"version": version},
    )  # fmt: skip


def test_what_fails_blocks_staff_and_needs_an_administrators_reason(
    edited: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:
    check(edited, WRONG)
    said = words(visitor.get(CHECK))
    assert "ยังไม่ผ่านค่ะ มี 1 ข้อทดสอบที่ตอบไม่ตรง" in said
    assert f"“{HOURS[0]}” ที่ควรเป็น ตอบ “เรื่องหนึ่ง”" in said
    assert "เผยแพร่ทั้งที่ยังไม่ผ่าน" not in said
    reason = {"seen": 2, "reason": "น้ำท่วม ต้องแจ้งวันนี้"}
    assert visitor.post("/console/faq/publish", data=reason).location == CHECK
    assert visitor.post("/console/faq/publish/override", data=reason).status_code == 403
    administrator = edited.visitor(Role.ADMINISTRATOR)
    assert "เผยแพร่ทั้งที่ยังไม่ผ่าน" in words(administrator.get(CHECK))
    assert administrator.post("/console/faq/publish/override", data=reason | {"reason": " สั้น "}).location == CHECK
    assert library.find_published(edited.database) == small_catalogue.version
    assert administrator.post("/console/faq/publish/override", data=reason).location == "/console/faq/versions"
    assert library.find_published(edited.database) != small_catalogue.version
    with edited.database.reading() as db:
        line = audit.list_entries(db, action_prefix="faq.published", limit=1)[0]
        row = db.scalars(select(FaqGateReportRow)).one()
    assert (line.actor, line.after["override_reason"], row.override_reason) == (
        administrator.account.name, reason["reason"], reason["reason"],
    )  # fmt: skip


def test_what_was_not_checked_is_not_published(edited: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    visitor.post("/console/faq/publish", data={"seen": 2})
    assert "ยังไม่ได้ตรวจค่ะ" in words(visitor.get(CHECK))
    check(edited)
    save(visitor, answer_th="แก้หลังตรวจค่ะ")
    assert "เริ่มตรวจ" in words(visitor.get(CHECK))
    for seen in ("2", "3", "", "x"):
        assert visitor.post("/console/faq/publish", data={"seen": seen}).location == CHECK
    assert library.find_published(edited.database) == small_catalogue.version


def test_an_unchanged_draft_is_nothing_to_publish(published: Site, visitor: Visitor) -> None:
    open_draft(published)
    check(published)
    visitor.post("/console/faq/publish", data={"seen": 1})
    assert "ไม่มีอะไรให้เผยแพร่" in words(visitor.get(CHECK))


def test_what_was_taken_back_is_not_shown_in_the_report(edited: Site, visitor: Visitor) -> None:
    check(edited)
    with edited.database.transaction() as db:
        questions.forget_text(db, message_id="1")
    said = words(visitor.get(CHECK))
    assert "“(ผู้ถามยกเลิกข้อความแล้ว)” ตอนนี้" in said
    assert f"“{NEW}”" not in said


def test_going_back_and_forth(edited: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    versions = "/console/faq/versions"
    visitor.post(f"{versions}/back", data={"seen": small_catalogue.version})
    assert "ยังไม่เคยมีฉบับอื่น" in words(visitor.get(versions))
    check(edited)
    visitor.post("/console/faq/publish", data={"seen": 2})
    newer = library.find_published(edited.database)
    edited.later(minutes=5)
    visitor.post(f"{versions}/back", data={"seen": small_catalogue.version})
    assert library.find_published(edited.database) == newer
    visitor.post(f"{versions}/back", data={"seen": newer})
    assert library.find_published(edited.database) == small_catalogue.version
    assert actions_noted(edited)[-1] == "faq.rolled_back"


def test_an_old_version_is_compared_and_becomes_the_draft(
    edited: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:
    check(edited)
    visitor.post("/console/faq/publish", data={"seen": 2})
    old = f"/console/faq/versions/{small_catalogue.version}"
    assert f"วิธีที่คนถาม − ลบ {NEW} − ลบ {ALIKE[1]} − ลบ {ALIKE[2]}" in words(visitor.get(old))
    assert "เหมือนกันทุกอย่างค่ะ" in words(visitor.get(old, query_string={"with": small_catalogue.version}))
    assert visitor.get(old, query_string={"with": "moon"}).status_code == 404
    visitor.post(f"{old}/draft")
    draft = draft_of(edited)
    assert draft is not None
    assert draft.catalogue.version == small_catalogue.version
    assert "นำเข้าจาก ฉบับ" in words(visitor.get("/console/faq/draft"))
    visitor.post(f"{old}/draft")
    assert draft_of(edited) == draft
    assert visitor.post("/console/faq/versions/moon/draft").status_code == 404


def test_permanent_tests_are_taken_from_the_reviews_where_there_are_any(edited: Site) -> None:
    with edited.database.reading() as db:
        assert list_permanent_tests(db) == []
    with edited.database.transaction() as db:
        for key, expect, retired in (("a", "center.hours", None), ("b", None, None), ("c", "forum.join", NINE)):
            faq_tests.save(
                db, text=f"ถาม {key}", key=key, expect=expect, kind="entry", group_id=None, created_at=NINE,
                created_by="มาลี", retired_at=retired,
            )  # fmt: skip
    with edited.database.reading() as db:
        assert list_permanent_tests(db) == [PermanentTest("ถาม a", "center.hours"), PermanentTest("ถาม b", None)]
        assert [(one.text, one.decision, one.entry) for one in list_logged(db)] == [
            (HOURS[0], "answer", "center.hours"), (NEW, "fallback", None),
        ]  # fmt: skip


def test_one_check_at_a_time() -> None:
    runs = Runs()
    first = runs.begin(revision=1, now=NINE)
    assert first is not None
    assert runs.begin(revision=1, now=NINE + timedelta(seconds=1)) is None
    first.finished.set()
    assert runs.begin(revision=2, now=NINE) is not None


def test_a_long_report_is_paged(edited: Site, visitor: Visitor) -> None:
    for number in range(60):
        ask(edited, 100 + number, JOIN[0] if number % 2 else NEW)
    check(edited)
    first, second = words(visitor.get(CHECK)), words(visitor.get(CHECK, query_string={"from": 50}))
    assert visitor.get(CHECK, query_string={"from": -3}).status_code == 200
    assert (first.count(f"“{NEW}” ตอนนี้"), second.count(f"“{NEW}” ตอนนี้")) == (31, 0)
