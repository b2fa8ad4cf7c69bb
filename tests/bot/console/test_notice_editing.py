from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from bot.notices import drafting
from bot.notices.audience import Audience
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.outreach import staff as accounts
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import notice_pictures, notice_trials, notices
from bot.storage.notice_audience import Group
from tests.bot.console.notice_site import add_readers, lines, make_notice, notice
from tests.bot.console.notice_writing import fields_of, hang_in, link_to_line, write
from tests.bot.console.visiting import NINE, Site, Visitor, text_of
from tests.bot.events.making import make_event

WORDS = {"b0_kind": "text", "b0_text": "พรุ่งนี้น้ำไม่ไหลค่ะ"}


@pytest.fixture(autouse=True)
def pages_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.VOLUNTEER, name="มาลี")


def plan_of(site: Site, number: int) -> Plan:
    return drafting.plan_of(notice(site, number))


def after(visitor: Visitor, page: TestResponse) -> str:
    assert page.status_code == 302
    return text_of(visitor.get(page.location))


def edit_meanwhile(site: Site, number: int, **changes: Any) -> None:
    with site.database.transaction() as db:
        row = drafting.get(db, number)
        drafting.edit(db, number, replace(drafting.plan_of(row), **changes), seen=row.version, by=None, now=site.now)


def test_what_is_typed_is_kept_and_confirmed_back_in_words(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    page = write(
        visitor, number, **WORDS, b0_link="tel:053711000", b0_label="โทรหาเรา", title="น้ำ", at="1 ธ.ค. 69 3 ทุ่ม",
        repeats="weekly", repeats_until="31 ม.ค. 70", per_day="๕๐๐", rides_until="20 ธ.ค. 69",
    )  # fmt: skip
    said = after(visitor, page)
    assert "บันทึกแล้วค่ะ" in said
    assert "เริ่มส่งวันพุธที่ 2 ธันวาคม 2569 เวลา 08:00\xa0น." in visitor.get(page.location).text
    assert "เพราะส่งได้เฉพาะ 08:00–20:00" in said
    assert "ส่งซ้ำทุกสัปดาห์ ครั้งต่อไปวันอังคารที่ 8 ธันวาคม 2569 เวลา 21:00" in said
    assert "จนถึงวันอาทิตย์ที่ 31 มกราคม 2570" in said
    assert "ส่งวันละไม่เกิน 500 คน" in said
    assert "แนบไปกับคำตอบของบอตจนถึงวันอาทิตย์ที่ 20 ธันวาคม 2569 เวลา 19:00" in said
    plan = plan_of(site, number)
    assert plan.content.bubbles == (Bubble("text", "พรุ่งนี้น้ำไม่ไหลค่ะ", link="tel:053711000", label="โทรหาเรา"),)
    assert (plan.title, plan.per_day, plan.send_at) == ("น้ำ", 500, datetime(2026, 12, 1, 14, 0, tzinfo=UTC))
    fields = ["content", "title", "send_at", "repeats", "repeats_until", "per_day", "rides_until"]
    assert lines(site) == [("notice.edited", None, {"fields": fields, "was": "draft"})]


def test_what_cannot_be_read_stands_beside_its_field_and_nothing_is_lost(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    page = write(visitor, number, **WORDS, at="จันทร์ที่ 1 ธ.ค. 69 9.00", per_day="เยอะ ๆ")
    assert page.status_code == 422
    sent = fields_of(page)
    assert (sent["at"], sent["per_day"], sent["b0_text"]) == ("จันทร์ที่ 1 ธ.ค. 69 9.00", "เยอะ ๆ", WORDS["b0_text"])
    assert 'id="fault-at-1">1 ธันวาคม 2569 เป็นวันอังคาร ไม่ใช่วันจันทร์ค่ะ' in page.text
    assert 'id="fault-per_day-1"' in page.text
    assert notice(site, number).version == 1


def test_a_half_written_draft_is_kept_with_its_faults_beside_their_fields(site: Site, visitor: Visitor) -> None:
    with site.database.transaction() as db:
        event = make_event(db, state="called_off")
    number = make_notice(site, state="draft")
    page = write(
        visitor, number, b0_text="ดู bit.ly/x", b1_kind="card", b1_title="ป่า" * 40, b1_text="x", b1_link="http://a.go.th",
        event=str(event.id), at="1 พ.ย. 69 9.00", rides_until="2 พ.ย. 69",
    )  # fmt: skip
    assert "ยังมีที่ต้องแก้ 6 จุดก่อนส่ง" in after(visitor, page)
    drawn = visitor.get(page.location).text
    for name, words in {
        "b0_text": "“bit.ly/x” ลิงก์ย่อใช้ไม่ได้ค่ะ", "b1_title": "ยาว 80 ตัวอักษรค่ะ ขอไม่เกิน 60",
        "b1_link": "“http://a.go.th” ไม่อยู่ในรายชื่อ",
        "event": "งานนี้ยกเลิกแล้วค่ะ", "at": "วันอาทิตย์ที่ 1 พฤศจิกายน 2569 เวลา 09:00 น. ผ่านไปแล้วค่ะ",
        "rides_until": "วันจันทร์ที่ 2 พฤศจิกายน 2569 เวลา 19:00 น. อยู่ก่อนเวลาที่เริ่มส่งค่ะ",
    }.items():  # fmt: skip
        assert f'id="fault-{name}-1">{words}' in drawn, name
    assert plan_of(site, number).event_id == event.id


def test_bubbles_come_and_go_without_a_script(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    page = write(visitor, number, "bubble_add", **WORDS)
    assert fields_of(page)["b1_text"] == ""
    page = visitor.post(f"/console/notices/{number}/edit", {**fields_of(page), "b1_text": "สอง", "do": "bubble_up:1"})
    assert [fields_of(page)[f"b{place}_text"] for place in (0, 1)] == ["สอง", WORDS["b0_text"]]
    page = visitor.post(f"/console/notices/{number}/edit", {**fields_of(page), "do": "bubble_remove:0"})
    assert "b1_text" not in fields_of(page)
    visitor.post(f"/console/notices/{number}/edit", {**fields_of(page), "do": "save"})
    assert [bubble.text for bubble in plan_of(site, number).content.bubbles] == [WORDS["b0_text"]]


def a_picture(size: tuple[int, int] = (30, 20), kind: str = "PNG") -> io.BytesIO:
    drawn = io.BytesIO()
    Image.new("RGB", size, "green").save(drawn, kind)
    drawn.seek(0)
    return drawn


def test_a_picture_is_put_up_whatever_was_pressed_and_makes_a_card(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    page = write(visitor, number, "look", **WORDS, b1_text="", b1_file=(a_picture(), "ภาพ.png"))
    sent = fields_of(page)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/n/[\w-]{24}\.jpg", sent["b1_picture"])
    assert f'<img class="notice-picture" src="{sent["b1_picture"]}"' in page.text
    assert (sent["b1_kind"], notice(site, number).version) == ("card", 1)
    visitor.post(f"/console/notices/{number}/edit", {**sent, "b1_text": "ดูรูปนี้", "do": "save"})
    assert plan_of(site, number).content.bubbles[1] == Bubble("card", "ดูรูปนี้", picture=sent["b1_picture"])
    with site.database.reading() as db:
        body = notice_pictures.find_body(db, sent["b1_picture"][-28:-4])
    assert body is not None
    assert body.startswith(b"\xff\xd8")


def test_a_file_that_is_no_picture_is_told_and_the_words_stay(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    for file in (io.BytesIO(b"<svg onload=alert(1)>"), io.BytesIO(b""), a_picture(kind="BMP")):
        page = write(visitor, number, **WORDS, b0_file=(file, "a.png"))
        assert page.status_code == 422
        assert 'id="fault-b0_picture-1">เปิดไฟล์นี้เป็นรูปไม่ได้ค่ะ' in page.text
        assert fields_of(page)["b0_text"] == WORDS["b0_text"]
    assert notice(site, number).version == 1


def test_an_event_that_is_none_is_not_kept(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    for typed in ("123456", "9" * 30, "-1", "ก"):
        assert write(visitor, number, **WORDS, event=typed).status_code == 302
        assert write(visitor, number, "look", event=typed).status_code == 200
    assert plan_of(site, number).event_id is None


def test_a_form_that_tells_no_version_overwrites_nothing(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    drawn = {**fields_of(visitor.get(f"/console/notices/{number}/edit")), **WORDS, "was": "{"}
    for version in ("", "x", "-1"):
        page = visitor.post(f"/console/notices/{number}/edit", {**drawn, "version": version, "do": "save"})
        assert page.status_code == 409
        assert fields_of(page)["b0_text"] == WORDS["b0_text"]
    assert notice(site, number).version == 1


def test_what_somebody_else_has_changed_is_shown_beside_ones_own(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    drawn = fields_of(visitor.get(f"/console/notices/{number}/edit"))
    edit_meanwhile(site, number, content=Content((Bubble("text", "ของอีกคน"),)), title="ชื่อของอีกคน")
    page = visitor.post(f"/console/notices/{number}/edit", {**drawn, **WORDS, "do": "submit"})
    assert page.status_code == 409
    assert "อีกคนใส่ว่า</strong> <span>ของอีกคน</span>" in page.text
    sent = fields_of(page)
    assert (sent["b0_text"], sent["title"], sent["version"]) == (WORDS["b0_text"], "ชื่อของอีกคน", "2")
    assert plan_of(site, number).content.bubbles[0].text == "ของอีกคน"
    visitor.post(f"/console/notices/{number}/edit", {**sent, "do": "save"})
    plan = plan_of(site, number)
    assert (plan.content.bubbles[0].text, plan.title) == (WORDS["b0_text"], "ชื่อของอีกคน")


def test_another_audience_chosen_meanwhile_is_no_conflict_of_words(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    drawn = fields_of(visitor.get(f"/console/notices/{number}/edit"))
    phan = Audience((Group("district", "phan"),))
    edit_meanwhile(site, number, audience=phan)
    assert visitor.post(f"/console/notices/{number}/edit", {**drawn, **WORDS, "do": "save"}).status_code == 302
    assert (plan_of(site, number).audience, plan_of(site, number).content.bubbles[0].text) == (phan, WORDS["b0_text"])


@pytest.mark.parametrize(("state", "said"), [("approved", "การอนุมัติเดิมใช้ไม่ได้แล้ว"), ("submitted", "ประกาศกลับเป็นฉบับร่าง")])
def test_editing_makes_an_approval_void_and_says_so(site: Site, visitor: Visitor, state: str, said: str) -> None:
    columns = {"approved_hash": "0" * 64, "begins_at": NINE}
    number = make_notice(site, state=state, columns=columns)
    page = visitor.get(f"/console/notices/{number}/edit")
    assert ("การอนุมัติจะใช้ไม่ได้ทันที" in text_of(page)) is (state == "approved")
    assert said in after(visitor, write(visitor, number, **WORDS))
    row = notice(site, number)
    assert (row.state, row.approved_hash, row.begins_at) == ("draft", None, None)


def test_looking_at_an_approved_one_and_saving_nothing_leaves_it_approved(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="approved", columns={"begins_at": NINE})
    assert "ไม่มีอะไรเปลี่ยนค่ะ" in after(visitor, write(visitor, number))
    assert (notice(site, number).state, lines(site)) == ("approved", [])


def test_whoever_changes_it_last_is_its_author(site: Site, visitor: Visitor) -> None:
    other = site.add_account(Role.STAFF, name="สมศรี")
    number = make_notice(site, state="draft", author=other.id)
    write(visitor, number)
    assert notice(site, number).author_id == other.id
    write(visitor, number, **WORDS)
    assert notice(site, number).author_id == visitor.account.id


def test_what_has_begun_is_not_edited(site: Site, visitor: Visitor) -> None:
    for state in ("planning", "sending", "paused", "held", "stopped", "finished"):
        number = make_notice(site, state=state)
        path = f"/console/notices/{number}"
        for page in (visitor.get(f"{path}/edit"), visitor.post(f"{path}/edit", WORDS), visitor.post(f"{path}/remove")):
            assert (page.status_code, page.location) == (302, path)
        assert (notice(site, number).state, notice(site, number).version) == (state, 1)


def test_handing_in_saves_checks_and_leads_to_its_page(site: Site, visitor: Visitor) -> None:
    add_readers(site, 3)
    number = make_notice(site, state="draft", columns={"submitted_at": None, "sent_back": "ขอสั้นกว่านี้"})
    assert "ขอสั้นกว่านี้" in text_of(visitor.get(f"/console/notices/{number}/edit"))
    page = write(visitor, number, "submit", **WORDS)
    assert page.location == f"/console/notices/{number}"
    row = notice(site, number)
    assert (row.state, row.submitted_at, row.sent_back) == ("submitted", NINE, "")
    assert lines(site)[-1] == ("notice.submitted", None, {"reached": 3})
    assert "ส่งขออนุมัติไปแล้วค่ะ" in after(visitor, write(visitor, number, "submit"))


def test_what_has_faults_is_saved_and_not_handed_in(site: Site, visitor: Visitor) -> None:
    add_readers(site, 3)
    number = make_notice(site, state="draft")
    for typed in ({"b0_text": "ดู bit.ly/x"}, {"b0_text": ""}, {**WORDS, "at": "1 พ.ย. 69 9.00"}):
        assert "แต่ยังส่งขออนุมัติไม่ได้ ขอแก้ 1 จุดก่อน" in after(visitor, write(visitor, number, "submit", **typed))
        assert notice(site, number).state == "draft"
    assert plan_of(site, number).send_at == datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def test_for_nobody_or_too_few_it_is_not_handed_in(site: Site, visitor: Visitor) -> None:
    add_readers(site, 3)
    for groups, said in {
        (): "ยังไม่ได้เลือกว่าส่งถึงใครค่ะ",
        (Group("district", "mae_sai"),): "ตอนนี้ไม่มีใครในกลุ่มที่เลือกได้รับค่ะ",
        (Group("programme", "forum"),): "กลุ่มที่เลือกตามความสนใจมีแค่ 3 คนค่ะ ต้องมีอย่างน้อย 50 คน",
    }.items():
        number = make_notice(site, state="draft", audience=Audience(groups))
        page = write(visitor, number, "submit", **WORDS)
        assert page.location == f"/console/notices/{number}/audience"
        assert said in after(visitor, page)
        assert (notice(site, number).state, plan_of(site, number).content.bubbles[0].text) == (
            "draft",
            WORDS["b0_text"],
        )


def test_pressing_for_the_audience_saves_first(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    assert write(visitor, number, "audience", **WORDS).location == f"/console/notices/{number}/audience"
    assert plan_of(site, number).content.bubbles[0].text == WORDS["b0_text"]


def test_it_is_sent_to_oneself_and_to_the_trial_group(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    assert "เชื่อมบัญชีกับ LINE ก่อน" in text_of(visitor.get(f"/console/notices/{number}/edit"))
    assert "ยังไม่ได้เชื่อมบัญชีกับ LINE ค่ะ" in after(visitor, write(visitor, number, "try_me"))
    me = link_to_line(site, visitor, 1)
    others = [site.visitor(Role.STAFF, name=name) for name in ("สมศรี", "ดาว")]
    linked = [link_to_line(site, other, 2 + place) for place, other in enumerate(others)]
    with site.database.transaction() as db:
        accounts.disable(db, staff_id=others[1].account.id, by=None, now=site.now)
    assert "กำลังส่งให้คุณค่ะ" in after(visitor, write(visitor, number, "try_me", **WORDS))
    assert "กำลังส่งให้อยู่แล้วค่ะ" in after(visitor, write(visitor, number, "try_me"))
    assert "กำลังส่งให้กลุ่มทดลอง 1 คนค่ะ" in after(visitor, write(visitor, number, "try_group"))
    with site.database.reading() as db:
        latest = notice_trials.list_latest(db, notice_id=number, limit=9)
        assert [(one.person_id, one.asked_by) for one in latest] == [
            (linked[0], visitor.account.id), (me, visitor.account.id)
        ]  # fmt: skip
    job = jobs.claim(site.database, now=site.now)
    assert job is not None
    assert (job.kind, job.subject_id) == (JobKind.NOTICE_TRIAL, latest[1].id)
    assert lines(site)[1:] == [
        ("notice.trial", None, {"people": 1, "group": False}), ("notice.trial", None, {"people": 1, "group": True})
    ]  # fmt: skip


def test_what_became_of_trials_is_told(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    link_to_line(site, visitor, 1)
    write(visitor, number, "try_me")
    assert "มาลี · 30 พฤศจิกายน 2569 เวลา 09:00 น. · กำลังส่ง" in text_of(visitor.get(f"/console/notices/{number}/edit"))
    with site.database.transaction() as db:
        trial = notice_trials.list_latest(db, notice_id=number, limit=1)[0]
        notice_trials.settle(db, trial.id, state="failed", why="quota_spent: monthly limit", now=site.now)
    assert "ส่งไม่ได้: โควตาเดือนนี้หมดแล้ว" in text_of(visitor.get(f"/console/notices/{number}/edit"))


def test_more_trials_than_an_hour_allows_are_refused(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    person = link_to_line(site, visitor, 1)
    with site.database.transaction() as db:
        for _ in range(20):
            row = notice_trials.TrialRow(
                notice_id=number, person_id=person, retry_key="k", created_at=NINE, state="sent"
            )
            notice_trials.add(db, row)
    assert "ลองส่งได้ชั่วโมงละ 20 คนค่ะ" in after(visitor, write(visitor, number, "try_me"))
    assert jobs.claim(site.database, now=site.now) is None


def test_nothing_faulty_is_tried_out(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft")
    link_to_line(site, visitor, 1)
    assert "แต่ยังลองส่งไม่ได้" in after(visitor, write(visitor, number, "try_me", b0_text="ดู bit.ly/x"))
    assert jobs.claim(site.database, now=site.now) is None


def test_a_draft_that_nobody_wants_is_removed(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="submitted")
    assert "ลบฉบับร่างแล้วค่ะ" in after(visitor, visitor.post(f"/console/notices/{number}/remove"))
    with site.database.reading() as db:
        assert notices.find(db, number) is None
    assert lines(site) == [("notice.removed", None, None)]
    kept = make_notice(site, state="approved", columns={"begins_at": NINE + timedelta(days=1)})
    assert "ลบไม่ได้" in after(visitor, visitor.post(f"/console/notices/{kept}/remove"))
