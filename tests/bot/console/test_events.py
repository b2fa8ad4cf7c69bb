"""The pages about events: listed, shown, made and published."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from bot import thai_dates
from bot.console import event_forms, event_words
from bot.events import planning
from bot.outreach.permissions import Role
from bot.storage import audit, check_ins, event_feedback, events
from bot.storage.events import EventRow
from tests.bot.console.visiting import NINE, Site, Visitor, counted_queries, text_of
from tests.bot.events.making import a_person, make_event, sign_up

NEW, LIST = "/console/events/new", "/console/events"
WHOLE: dict[str, str] = {
    "title": "เวทีคุยเรื่องน้ำ", "starts": "12 ธ.ค. 69 9.00", "ends": "เที่ยง", "place_name": "ศาลากลางบ้าน",
    "district": "phan", "programme": "forum", "capacity": "๓๐", "party_most": "4", "has_waiting_list": "1",
    "offer_minutes": "180", "phone_rule": "optional", "minors": "any", "retention_days": "90", "reminders": "1440",
    "asks_feedback": "1",
}  # fmt: skip
SAID = "วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 09:00–12:00 น."
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden_of(page: TestResponse) -> dict[str, str]:
    """What a page that asks for a yes carries."""
    found = _FIELD.findall(page.get_data(as_text=True))
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def create(visitor: Visitor, **fields: str) -> TestResponse:
    """Filled in, and confirmed where that is asked; follows to the page of the event."""
    return save(visitor, NEW, {**WHOLE, **fields})


def save(visitor: Visitor, address: str, fields: dict[str, str]) -> TestResponse:
    asked = visitor.post(address, data=fields)
    if asked.status_code != 200:
        return asked
    return visitor.post(address, data={"tells": "1", **hidden_of(asked), "do": "save"})


def form_of(visitor: Visitor, event: EventRow, **fields: str) -> dict[str, str]:
    """The fields of an event's form as a browser would send them back, some changed."""
    page = visitor.get(f"/console/events/{event.id}/edit")
    found = hidden_of(page)
    was = event_forms.of_json(found["was"])
    assert was is not None
    return {**dict(was.pairs()), "version": found["version"], "was": found["was"], **fields}


def the_event(site: Site) -> EventRow:
    """The latest."""
    with site.database.reading() as db:
        found = db.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
        assert found is not None
        return found


def publish(site: Site, visitor: Visitor) -> EventRow:
    event = the_event(site)
    done = visitor.post(f"/console/events/{event.id}/publish", data={"version": str(event.version)})
    assert done.status_code == 302
    event = the_event(site)
    assert event.state == events.PUBLISHED
    return event


def lines(site: Site) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """The audit log's lines about events."""
    with site.database.reading() as db:
        rows = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id))
        return [(row.action, row.before, row.after) for row in rows if row.action.startswith("event.")]


def staff(site: Site) -> Visitor:
    return site.visitor(Role.STAFF)


def test_an_event_is_made_once_its_day_is_confirmed(site: Site) -> None:
    visitor = staff(site)
    asked = visitor.post(NEW, data=WHOLE)
    assert f"คุณหมายถึง {SAID} ใช่ไหมคะ" in text_of(asked)
    with site.database.reading() as db:
        assert events.count(db) == 0
    done = visitor.post(NEW, data={**hidden_of(asked), "do": "save"})
    event = the_event(site)
    assert done.location == f"/console/events/{event.id}"
    assert (event.title, event.state, event.capacity, event.district) == ("เวทีคุยเรื่องน้ำ", "draft", 30, "phan")
    assert (event.starts_at.isoformat(), event.ends_at - event.starts_at) == (
        "2026-12-12T02:00:00+00:00", timedelta(hours=3)
    )  # fmt: skip
    assert event.created_by == visitor.account.id
    page = text_of(visitor.get(done.location))
    assert event_words.SAVED_DRAFT in page
    assert SAID in page
    [(action, before, after)] = lines(site)
    assert (action, before, (after or {})["starts_at"]) == ("event.created", None, "2026-12-12T02:00:00+00:00")


def test_what_was_confirmed_is_what_is_saved(site: Site) -> None:
    """A yes said to one day does not count for another."""
    visitor = staff(site)
    carried = hidden_of(visitor.post(NEW, data=WHOLE))
    again = visitor.post(NEW, data={**carried, "starts": "13 ธ.ค. 69 9.00", "do": "save"})
    assert "วันอาทิตย์ที่ 13 ธันวาคม 2569" in text_of(again)
    with site.database.reading() as db:
        assert events.count(db) == 0


def test_saying_no_leads_back_with_everything(site: Site) -> None:
    visitor = staff(site)
    carried = hidden_of(visitor.post(NEW, data=WHOLE))
    back = visitor.post(NEW, data={**carried, "do": "back"})
    shown = back.get_data(as_text=True)
    assert back.status_code == 200
    assert 'value="12 ธ.ค. 69 9.00"' in shown
    assert '<option value="phan" selected>' in shown


def test_a_draft_without_a_day_needs_no_confirming(site: Site) -> None:
    visitor = staff(site)
    done = visitor.post(NEW, data={"title": "ไว้ก่อน"})
    event = the_event(site)
    assert done.status_code == 302
    page = text_of(visitor.get(f"/console/events/{event.id}"))
    assert event_words.NO_DAY in page
    assert "วันและเวลาเริ่ม : ขอวันและเวลาเริ่มค่ะ" in page


def test_every_fault_is_told_at_its_field_and_nothing_is_lost(site: Site) -> None:
    visitor = staff(site)
    wrong = {
        **WHOLE, "starts": "จันทร์ 12 ธ.ค. 69 9.00", "capacity": "เยอะ", "map": "99.83, 19.9", "online_link": "http://a.b",
        "retention_days": "9999", "q0_label": "มาอย่างไร", "q0_kind": "choice", "q0_choices": "รถ",
    }  # fmt: skip
    page = visitor.post(NEW, data=wrong)
    said = text_of(page)
    assert page.status_code == 422
    for sentence in (
        "ขอแก้ 6 จุด", "12 ธันวาคม 2569 เป็นวันเสาร์ ไม่ใช่วันจันทร์ค่ะ", "“เยอะ” ไม่ใช่ตัวเลขค่ะ", "ตัวเลขสองตัวน่าจะสลับกันค่ะ",
        "ขอลิงก์ที่ขึ้นต้นด้วย https:// ค่ะ", "ขอตัวเลข 1 ถึง 730 ค่ะ", "ขอตัวเลือกอย่างน้อย 2 ข้อ บรรทัดละข้อค่ะ",
    ):  # fmt: skip
        assert sentence in said
    assert 'value="จันทร์ 12 ธ.ค. 69 9.00"' in page.get_data(as_text=True)
    with site.database.reading() as db:
        assert events.count(db) == 0


def test_rows_are_added_moved_and_removed_without_saving(site: Site) -> None:
    visitor = staff(site)
    rows = {"q0_label": "หนึ่ง", "q0_kind": "text", "q1_label": "สอง", "q1_kind": "yes_no"}
    up = visitor.post(NEW, data={**WHOLE, **rows, "do": "question_up:1"}).get_data(as_text=True)
    assert up.index('value="สอง"') < up.index('value="หนึ่ง"')
    less = visitor.post(NEW, data={**WHOLE, **rows, "do": "question_remove:0"}).get_data(as_text=True)
    assert 'value="หนึ่ง"' not in less
    more = visitor.post(NEW, data={**WHOLE, **rows, "do": "question_add"})
    assert (more.status_code, 'name="q2_label"' in more.get_data(as_text=True)) == (200, True)
    session = visitor.post(NEW, data={**WHOLE, "do": "session_add"}).get_data(as_text=True)
    assert 'name="s0_starts"' in session
    with site.database.reading() as db:
        assert events.count(db) == 0


def test_sessions_and_questions_are_kept(site: Site) -> None:
    visitor = staff(site)
    create(
        visitor, s0_title="รอบเช้า", s0_starts="9.00", s0_ends="10.30", s1_title="รอบสาย", s1_starts="10.30",
        s1_ends="12.00", q0_label="มาอย่างไร", q0_kind="choice", q0_choices="รถ\nเดิน\n", q0_required="1",
    )  # fmt: skip
    with site.database.reading() as db:
        plan = planning.read_plan(db, the_event(site))
    assert [
        (part.title, thai_dates.span(part.starts_at, part.ends_at)) for part in plan.sessions if part.starts_at
    ] == [
        ("รอบเช้า", "วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 09:00–10:30 น."),
        ("รอบสาย", "วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 10:30–12:00 น."),
    ]
    [question] = plan.questions
    assert (question.label, question.kind, question.choices, question.required) == (
        "มาอย่างไร", "choice", ("รถ", "เดิน"), True
    )  # fmt: skip
    assert (
        save(visitor, f"/console/events/{the_event(site).id}/edit", form_of(visitor, the_event(site))).status_code
        == 302
    )
    assert event_words.NOTHING_CHANGED in text_of(visitor.get(LIST))
    assert the_event(site).version == 1


def test_before_publishing_one_sees_what_people_will_be_asked(site: Site) -> None:
    visitor = staff(site)
    create(visitor, q0_label="แพ้อาหารอะไรไหม", q0_kind="text", phone_rule="required")
    event = the_event(site)
    page = text_of(visitor.get(f"/console/events/{event.id}/publish"))
    for sentence in (
        "ชื่อ ทุกคนที่ลงทะเบียน", "เบอร์โทร ต้องมี", "แพ้อาหารอะไรไหม พิมพ์ตอบ · ข้ามได้", "ข้อมูลที่กฎหมายคุ้มครองเป็นพิเศษ",
        "90 วันหลังจบ", "เตือนคนที่ได้ที่นั่ง 1 วันก่อน", SAID, "เหลือ 30 ที่",
    ):  # fmt: skip
        assert sentence in page
    publish(site, visitor)
    assert [action for action, _, _ in lines(site)] == ["event.created", "event.published"]
    again = visitor.post(f"/console/events/{event.id}/publish", data={"version": "1"})
    assert again.status_code == 302
    assert [action for action, _, _ in lines(site)] == ["event.created", "event.published"]


def test_an_unfinished_draft_is_not_published(site: Site) -> None:
    visitor = staff(site)
    visitor.post(NEW, data={"title": "ไว้ก่อน"})
    event = the_event(site)
    refused = visitor.post(f"/console/events/{event.id}/publish", data={"version": "1"})
    assert refused.status_code == 422
    assert "ขอชื่อสถานที่ หรือลิงก์ออนไลน์ อย่างน้อยหนึ่งอย่างค่ะ" in text_of(refused)
    assert the_event(site).state == "draft"


def crowd(site: Site, event: EventRow) -> None:
    """Two on LINE, one of whom has blocked the bot since, and one who was entered by staff."""
    with site.database.transaction() as db:
        row = events.find(db, event.id)
        assert row is not None
        sign_up(db, site.vault, row, a_person(db, 1), party=2, now=site.now)
        sign_up(db, site.vault, row, a_person(db, 2, following=False), now=site.now)
        sign_up(db, site.vault, row, None, way="staff", now=site.now)


def test_lists_take_the_same_queries_for_one_event_as_for_three(site_on_each: Site) -> None:
    site = site_on_each
    visitor = staff(site)
    counted: list[int] = []
    for more in (1, 2):
        with site.database.transaction() as db:
            for number in range(more):
                event = make_event(db, starts_at=NINE + timedelta(days=3 + number), title=f"งาน {more}{number}")
                sign_up(db, site.vault, event, a_person(db, 10 * more + number), now=NINE)
        with counted_queries(site.database) as seen:
            page = visitor.get(LIST)
        assert page.status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert "กำลังจะมาถึง 3" in text_of(page)
    assert "ที่นั่ง 1/10" in text_of(page)


def test_each_list_shows_its_own(site: Site) -> None:
    visitor = staff(site)
    with site.database.transaction() as db:
        make_event(db, title="เมื่อวาน", starts_at=NINE - timedelta(days=1))
        make_event(db, title="พรุ่งนี้", starts_at=NINE + timedelta(days=1))
        make_event(db, title="ร่าง", state=events.DRAFT)
        make_event(db, title="ไม่จัด", state=events.CALLED_OFF)
    titles = re.compile(r'<strong class="event-title">([^<]+)</strong>')
    shown = {
        which: titles.findall(visitor.get(f"{LIST}?show={which}").get_data(as_text=True))
        for which in ("coming", "drafts", "past", "called_off")
    }
    assert shown == {"coming": ["พรุ่งนี้"], "drafts": ["ร่าง"], "past": ["เมื่อวาน"], "called_off": ["ไม่จัด"]}
    assert visitor.get(f"{LIST}?show=other").status_code == 404
    assert visitor.get(f"{LIST}?from=-1").status_code == 200


def test_an_event_shows_who_came_and_what_they_said(site: Site) -> None:
    visitor = staff(site)
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE + timedelta(days=1), capacity=2)
        row = sign_up(db, site.vault, event, a_person(db, 1), party=2, now=NINE).registration
        sign_up(db, site.vault, event, a_person(db, 2), party=3, now=NINE)
        check_ins.insert_once(
            db, registration_id=row.id, event_id=event.id, part=0, people=2, at=NINE, now=NINE, way="scan",
            staff_id=None, key="k",
        )  # fmt: skip
        event_feedback.save(db, registration_id=row.id, event_id=event.id, stars=4, word="ดีมาก <b>", now=NINE)
    page = visitor.get(f"/console/events/{event.id}")
    said = text_of(page)
    for sentence in ("ที่นั่ง 2 /2", "ยืนยันแล้ว 2 คน", "รอคิว 3 คน", "เช็กอินแล้ว 2 คน", "4.0 จาก 5 ดาว"):
        assert sentence in said
    assert "ดีมาก &lt;b&gt;" in page.get_data(as_text=True)


def test_what_people_type_stays_text(site: Site) -> None:
    visitor = staff(site)
    create(visitor, title="<script>alert(1)</script>\x00", summary="บรรทัดหนึ่ง\r\nบรรทัดสอง\x07")
    event = the_event(site)
    assert (event.title, event.summary) == ("<script>alert(1)</script>", "บรรทัดหนึ่ง\nบรรทัดสอง")
    for page in ("", "/edit", "/publish"):
        assert "<script>alert" not in visitor.get(f"/console/events/{event.id}{page}").get_data(as_text=True)


def test_a_forged_choice_is_refused(site: Site) -> None:
    visitor = staff(site)
    page = visitor.post(NEW, data={**WHOLE, "district": "atlantis", "phone_rule": "always", "minors": "x"})
    assert page.status_code == 422
    with site.database.reading() as db:
        assert events.count(db) == 0
