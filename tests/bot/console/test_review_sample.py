"""The weekly sample: judged one after the other, and what it says about silent errors."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.outreach import silent_errors
from bot.outreach.permissions import Role
from bot.storage import questions
from tests.bot.console.reviewing import logged, reviewing_site, reviewing_site_on_each
from tests.bot.console.visiting import Site
from tests.bot.outreach.reviewing import ask

__all__ = ["reviewing_site", "reviewing_site_on_each"]
MONDAY = "2026-11-23"
NEXT = f"/console/review/sample?week={MONDAY}&done="


@pytest.fixture
def sampled(reviewing_site_on_each: Site) -> Site:
    """Four confident answers of last week, all of them drawn."""
    site = reviewing_site_on_each
    with site.database.transaction() as db:
        for number in range(1, 5):
            at = site.now - timedelta(days=number)
            ask(db, number, f"เปิดกี่โมง {number}", at=at, decision="answer", entry="center.hours")
        assert silent_errors.draw_sample(db, now=site.now) == 4
    return site


def shown(site: Site, address: str = "/console/review/sample", role: Role = Role.VOLUNTEER) -> str:
    return site.visitor(role, name=f"reader-{abs(hash(address))}").get(address).get_data(as_text=True)


def question(page: str) -> str | None:
    found = re.search(r"<bdi>(เปิดกี่โมง \d)</bdi></h2>", page)
    return found[1] if found else None


def test_each_answer_once_and_then_it_is_done(sampled: Site) -> None:
    staff = sampled.visitor(Role.STAFF)
    seen = []
    for verdict in ("right", "wrong", "unsure", "right"):
        page = staff.get("/console/review/sample").get_data(as_text=True)
        seen.append(question(page))
        action = re.search(r'action="(/console/review/sample/(\d+))"', page)
        assert action is not None
        answer = staff.post(action[1], {"verdict": verdict, "seen": "", "week": MONDAY})
        assert answer.location == f"{NEXT}{action[2]}"
    assert seen == [f"เปิดกี่โมง {number}" for number in (1, 2, 3, 4)]
    page = staff.get("/console/review/sample").get_data(as_text=True)
    assert "ตรวจครบแล้วค่ะ" in page
    assert "<strong>33%</strong> (6%–79%) · ผิด 1 จาก 3 ข้อ" in page
    assert "ไม่แน่ใจ 1 · ถ้านับด้วยจะอยู่ระหว่าง 25% ถึง 50%" in page
    assert logged(sampled) == [("review.judged", "review_sample", str(number)) for number in (1, 2, 3, 4)]


def test_before_anything_is_judged_no_rate_is_claimed(sampled: Site) -> None:
    page = shown(sampled)
    assert "ยังไม่มีข้อที่ตรวจแน่ใจ จาก 4 ข้อ" in page
    assert "ยังไม่ตรวจ 4 · ถ้านับด้วยจะอยู่ระหว่าง 0% ถึง 100%" in page
    assert page.count("ไม่มีการสุ่ม") == 7


def test_a_verdict_can_be_mended_by_who_sees_it_and_is_not_overwritten_unseen(sampled: Site) -> None:
    malee, somchai = sampled.visitor(Role.STAFF, name="malee"), sampled.visitor(Role.STAFF, name="somchai")
    malee.post("/console/review/sample/1", {"verdict": "right", "seen": "", "week": MONDAY})
    late = somchai.post("/console/review/sample/1", {"verdict": "wrong", "seen": "", "week": MONDAY})
    assert late.location == f"/console/review/sample?week={MONDAY}"
    assert "malee ตรวจข้อนั้นไปแล้วว่า “ตอบถูก”" in somchai.get(late.location).get_data(as_text=True)
    assert "ข้อที่แล้ว: ตอบถูก" in malee.get(f"{NEXT}1").get_data(as_text=True)
    page = malee.get(f"/console/review/sample?week={MONDAY}&item=1").get_data(as_text=True)
    assert 'name="seen" value="right"' in page
    malee.post("/console/review/sample/1", {"verdict": "unsure", "seen": "right", "week": MONDAY})
    with sampled.database.reading() as db:
        verdicts = [item.verdict for item in silent_errors.list_sample(db, week=date.fromisoformat(MONDAY))]
    assert sorted(map(str, verdicts)) == ["None", "None", "None", "unsure"]
    assert len(logged(sampled)) == 2


def test_volunteers_look_and_do_not_judge(sampled: Site) -> None:
    volunteer = sampled.visitor(Role.VOLUNTEER)
    assert 'name="verdict"' not in volunteer.get("/console/review/sample").get_data(as_text=True)
    assert volunteer.post("/console/review/sample/1", {"verdict": "right"}).status_code == 403


def test_what_was_unsent_is_not_asked_about(sampled: Site) -> None:
    with sampled.database.transaction() as db:
        questions.forget_text(db, message_id="message 1")
    page = shown(sampled)
    assert question(page) == "เปิดกี่โมง 2"
    assert "ผู้ถามยกเลิกข้อความ 1 ข้อ" in page
    assert "จึงตรวจไม่ได้" in shown(sampled, f"/console/review/sample?week={MONDAY}&item=1")


@pytest.mark.parametrize("form", [{}, {"verdict": "great"}, {"verdict": "right", "seen": "x"}])
def test_a_verdict_that_is_none(sampled: Site, form: dict[str, str]) -> None:
    assert sampled.visitor(Role.STAFF).post("/console/review/sample/1", form).status_code == 400


def test_an_item_that_is_in_no_sample(reviewing_site: Site) -> None:
    staff = reviewing_site.visitor(Role.STAFF)
    staff.post("/console/review/sample/9", {"verdict": "right", "week": "2026-11-24"})
    page = staff.get("/console/review/sample?week=yesterday").get_data(as_text=True)
    assert "ไม่พบข้อนี้ในการสุ่มตรวจค่ะ" in page
    assert "ยังไม่มีข้อให้ตรวจในสัปดาห์นี้ค่ะ" in page
