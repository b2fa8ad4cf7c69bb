from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from bot.console.notice_words import LEFT_OUT
from bot.notices import drafting
from bot.notices.audience import Audience, everyone
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import consents, events, notices, preferences
from bot.storage.notice_audience import NOT_AGREED, OPTED_OUT, Group
from bot.storage.notice_recipients import RecipientRow
from bot.storage.people import PersonRow
from tests.bot.console.notice_site import add_readers, lines, make_notice, notice, tell_quota
from tests.bot.console.notice_writing import fields_of, hang_in
from tests.bot.console.visiting import NINE, Site, Visitor, text_of
from tests.bot.events.making import make_event, sign_up
from tests.builders import NOON


@pytest.fixture(autouse=True)
def pages_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.VOLUNTEER, name="มาลี")


def choose(visitor: Visitor, number: int, do: str = "save", **ticked: Any) -> TestResponse:
    """Opens the page, ticks these and nothing else, and presses a button."""
    drawn = fields_of(visitor.get(f"/console/notices/{number}/audience"))
    sent = {name: value for name, value in drawn.items() if name not in ("in", "out")}
    return visitor.post(f"/console/notices/{number}/audience", {**sent, "do": do, **ticked})


def counted(visitor: Visitor, number: int, **ticked: Any) -> str:
    drawn = fields_of(visitor.get(f"/console/notices/{number}/audience"))
    page = visitor.post(f"/console/notices/{number}/count", {"csrf_token": drawn["csrf_token"], **ticked})
    assert page.status_code == 200
    assert "<html" not in page.text
    return text_of(page)


def audience_of(site: Site, number: int) -> Audience:
    return drafting.plan_of(notice(site, number)).audience


def test_groups_and_exceptions_are_kept(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=Audience(()))
    page = choose(visitor, number, **{"in": ["programme:forum", "district:phan"], "out": ["district:phan"]})
    assert page.location == f"/console/notices/{number}/edit#audience"
    phan = Group("district", "phan")
    assert audience_of(site, number) == Audience((phan, Group("programme", "forum")), (phan,))
    assert "รับข่าวโครงการเวที" in text_of(visitor.get(page.location))
    assert "ยกเว้น อำเภอพาน" in text_of(visitor.get(page.location))
    assert lines(site) == [("notice.edited", None, {"fields": ["audience"], "was": "draft"})]


def test_everybody_is_counted_once_with_why_others_are_left_out(site: Site, visitor: Visitor) -> None:
    ids = add_readers(site, 12, district="phan")
    with site.database.transaction() as db:
        sent = make_notice_row(db)
        for person_id, values in zip(ids, WISHES, strict=False):
            preferences.save(db, person_id, **values)
        consents.add(
            db, person_id=ids[2], registration_id=None, purpose="notices", version=1, wording_hash="0" * 64,
            way="button", now=NINE,
        )  # fmt: skip
        consents.withdraw(db, person_id=ids[2], purpose="notices", now=NINE)
        db.execute(update(PersonRow).where(PersonRow.id == ids[6]).values(following=False))
        db.execute(update(PersonRow).where(PersonRow.id == ids[7]).values(unreachable_at=NINE))
        for notice_id in sent:
            db.execute(insert(RecipientRow), [{"notice_id": notice_id, "person_id": ids[8], "portion": 0}])
    number = make_notice(site, state="draft", audience=Audience(()))
    said = counted(visitor, number, **{"in": ["everyone:", "district:phan", "programme:forum"]})
    assert "ส่งถึง 3 คน" in said
    for reason in (
        f"{LEFT_OUT[NOT_AGREED]} 2 คน", f"{LEFT_OUT[OPTED_OUT]} 1 คน", "ขอพักรับข่าวอยู่ 3 คน",
        "บล็อกบอต หรือไม่ได้เป็นเพื่อนแล้ว 1 คน",
        "LINE ไม่รู้จักบัญชีนี้แล้ว 1 คน", "สัปดาห์นี้ได้ข่าวครบจำนวนแล้ว 1 คน",
    ):  # fmt: skip
        assert reason in said, reason
    assert "ส่งถึง 0 คน" in counted(visitor, number, **{"in": ["everyone:"], "out": ["district:phan"]})


PAUSED = {"paused_until": NINE + timedelta(days=3)}
WISHES: list[dict[str, Any]] = [
    *({"wants_notices": False, "asked_at": None},) * 2, {"wants_notices": False, "asked_at": NINE}, *(PAUSED,) * 3,
]  # fmt: skip


def make_notice_row(db: Any) -> list[int]:
    """As many notices within the week as one person may get."""
    rows = [
        notices.add(
            db,
            notices.NoticeRow(
                uid=f"u{number}", state="finished", created_at=NINE, changed_at=NINE, content={}, audience={},
                began_at=NINE - timedelta(days=1),
            ),
        )
        for number in range(4)
    ]  # fmt: skip
    return [row.id for row in rows]


def test_people_of_an_event_are_offered_by_what_became_of_them(site: Site, visitor: Visitor) -> None:
    people = add_readers(site, 3)
    with site.database.transaction() as db:
        coming = make_event(db, title="งานหน้า", starts_at=NINE + timedelta(days=5))
        past = make_event(db, title="งานก่อน", starts_at=NOON + timedelta(hours=1))
        other = make_event(db, title="งานอื่น", starts_at=NINE + timedelta(days=6))
        sign_up(db, site.vault, past, people[0], now=NOON)
        sign_up(db, site.vault, coming, people[1], now=NOON)
    number = make_notice(site, state="draft", audience=everyone(), event_id=coming.id)
    drawn = visitor.get(f"/console/notices/{number}/audience")
    assert f'value="registered:{coming.id}"' in drawn.text
    assert f'value="attended:{coming.id}"' not in drawn.text
    page = choose(visitor, number, "add", event=[str(past.id)], topic="center.hours", **{"in": ["everyone:"]})
    assert f'value="absent:{past.id}"' in page.text
    assert 'value="topic:center.hours"' in page.text
    assert f'value="registered:{other.id}"' not in page.text
    sent = fields_of(page)
    assert str(past.id) in sent["event"]
    ticked = {"in": [f"registered:{coming.id}", f"absent:{past.id}"], "do": "count"}
    assert "ส่งถึง 2 คน" in text_of(visitor.post(f"/console/notices/{number}/audience", {**sent, **ticked}))


def test_an_event_that_is_gone_is_still_named_by_its_number(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=Audience((Group("waits", "77"), Group("topic", "gone.topic"))))
    said = text_of(visitor.get(f"/console/notices/{number}/edit"))
    assert "รอคิวงาน “77”" in said
    assert "เคยถามเรื่อง “gone.topic”" in said
    assert visitor.get(f"/console/notices/{number}/audience").status_code == 200


def test_the_smallest_segment_is_said_when_it_bites(site: Site, visitor: Visitor) -> None:
    add_readers(site, 49)
    number = make_notice(site, state="draft", audience=Audience(()))
    said = counted(visitor, number, **{"in": ["programme:forum"]})
    assert "กลุ่มที่เลือกตามความสนใจมีแค่ 49 คนค่ะ ต้องมีอย่างน้อย 50 คน" in said
    assert "ความสนใจ" not in counted(visitor, number, **{"in": ["everyone:"]})
    add_readers(site, 1, first=100)
    assert "ความสนใจ" not in counted(visitor, number, **{"in": ["programme:forum"]})


def test_the_quota_is_told_before_and_after(site: Site, visitor: Visitor) -> None:
    site.now = NOON + timedelta(hours=1)
    other = site.visitor(Role.VOLUNTEER, name="ดาว")
    people = add_readers(site, 8)
    number = make_notice(site, state="draft", audience=Audience(()))
    assert "ยังไม่รู้ว่าเหลือเท่าไรค่ะ" in counted(other, number, **{"in": ["everyone:"]})
    tell_quota(site, 100, used=60)
    assert "เดือนนี้เหลือ 40 ข้อความ หลังประกาศนี้เหลือ 32" in counted(other, number, **{"in": ["everyone:"]})
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NOON + timedelta(days=3), reminder_minutes=[1440])
        sign_up(db, site.vault, event, people[0], now=NOON)
    said = counted(other, number, **{"in": ["everyone:"]})
    assert "กันไว้ 2 ข้อความแล้ว" in said
    assert "เดือนนี้เหลือ 38 ข้อความ หลังประกาศนี้เหลือ 30" in said
    make_notice(site, state="approved", columns={"approved_count": 5, "begins_at": site.now})
    said = counted(other, number, **{"in": ["everyone:"]})
    assert "กันไว้อีก 5 ข้อความ ให้ประกาศอื่น" in said
    assert "เดือนนี้เหลือ 33 ข้อความ หลังประกาศนี้เหลือ 25" in said
    tell_quota(site, None)
    assert "แพ็กเกจนี้ไม่จำกัดจำนวนข้อความ" in counted(other, number, **{"in": ["everyone:"]})


def test_line_is_asked_about_the_quota_once(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=Audience(()))
    for _ in range(2):
        page = choose(visitor, number, "quota", **{"in": ["everyone:"]})
        assert "ถาม LINE แล้วค่ะ" in text_of(page)
        assert fields_of(page)["in"] == "everyone:"
    job = jobs.claim(site.database, now=NINE)
    assert job is not None
    assert (job.kind, jobs.claim(site.database, now=NINE)) == (JobKind.QUOTA, None)


def test_narrower_groups_are_offered_where_the_quota_is_too_small(site: Site, visitor: Visitor) -> None:
    site.now = NOON + timedelta(hours=1)
    other = site.visitor(Role.VOLUNTEER, name="ดาว")
    add_readers(site, 6, district="phan")
    add_readers(site, 60, first=100, district="mae_sai")
    tell_quota(site, 20)
    number = make_notice(site, state="draft", audience=Audience(()))
    said = counted(other, number, **{"in": ["everyone:"]})
    assert "เดือนนี้เหลือ 20 ข้อความ แต่ประกาศนี้ต้องใช้ 66" in said
    assert "โควตาไม่พอค่ะ" in said
    assert "อำเภอพาน · 6 คน ใช้กลุ่มนี้" in said
    assert "เวที ·" not in said
    page = choose(other, number, "use:district:phan", **{"in": ["everyone:"]})
    assert fields_of(page)["in"] == "district:phan"
    assert "ส่งถึง 6 คน" in text_of(page)
    assert choose(other, number, "use:district:", **{"in": ["everyone:"]}).status_code == 400


def test_for_more_people_than_one_may_approve_alone_it_is_said(site: Site, visitor: Visitor) -> None:
    add_readers(site, 51)
    number = make_notice(site, state="draft", audience=Audience(()))
    assert "เกิน 50 คน ต้องให้เจ้าหน้าที่อีกคนอนุมัติ" in counted(visitor, number, **{"in": ["everyone:"]})


def test_what_somebody_else_has_chosen_is_shown_and_kept(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=Audience(()))
    drawn = fields_of(visitor.get(f"/console/notices/{number}/audience"))
    with site.database.transaction() as db:
        plan = replace(drafting.plan_of(drafting.get(db, number)), audience=Audience((Group("district", "phan"),)))
        drafting.edit(db, number, plan, seen=1, by=None, now=NINE)
    page = visitor.post(f"/console/notices/{number}/audience", {**drawn, "in": ["everyone:"], "do": "save"})
    assert page.status_code == 409
    assert "อีกคนเลือกว่า อำเภอพาน" in text_of(page)
    assert (fields_of(page)["in"], audience_of(site, number).groups[0].value) == ("everyone:", "phan")
    visitor.post(f"/console/notices/{number}/audience", {**fields_of(page), "do": "save"})
    assert audience_of(site, number) == everyone()


def test_other_words_meanwhile_are_no_conflict(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=Audience(()))
    drawn = fields_of(visitor.get(f"/console/notices/{number}/audience"))
    with site.database.transaction() as db:
        plan = replace(drafting.plan_of(drafting.get(db, number)), title="ชื่อใหม่")
        drafting.edit(db, number, plan, seen=1, by=None, now=NINE)
    page = visitor.post(f"/console/notices/{number}/audience", {**drawn, "in": ["everyone:"], "do": "save"})
    assert page.status_code == 302
    assert (audience_of(site, number), notice(site, number).title) == (everyone(), "ชื่อใหม่")


def test_another_audience_makes_an_approval_void(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="approved", columns={"approved_hash": "0" * 64, "begins_at": NINE})
    assert "การอนุมัติจะใช้ไม่ได้ทันที" in text_of(visitor.get(f"/console/notices/{number}/audience"))
    assert choose(visitor, number, **{"in": ["everyone:"]}).status_code == 302
    assert notice(site, number).state == "approved"
    page = choose(visitor, number, **{"in": ["district:phan"]})
    assert "การอนุมัติเดิมใช้ไม่ได้แล้ว" in text_of(visitor.get(page.location))
    row = notice(site, number)
    assert (row.state, row.approved_hash, row.author_id) == ("draft", None, visitor.account.id)


def test_what_is_no_group_is_refused(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="draft", audience=everyone())
    for ticked in (["nobody:"], ["registered:x"], ["district:"], ["everyone"] * 21, ["'; DROP--"]):
        assert choose(visitor, number, **{"in": ticked}).status_code == 422
        said = counted(visitor, number, **{"in": ticked})
        assert said.startswith(("เลือกได้ไม่เกิน 20 กลุ่มค่ะ", "มีกลุ่มที่ระบบไม่รู้จักค่ะ"))
    assert audience_of(site, number) == everyone()


def test_what_has_begun_keeps_its_audience(site: Site, visitor: Visitor) -> None:
    number = make_notice(site, state="sending")
    for page in (
        visitor.get(f"/console/notices/{number}/audience"),
        visitor.post(f"/console/notices/{number}/audience", {"in": ["district:phan"], "version": "1"}),
    ):
        assert (page.status_code, page.location) == (302, f"/console/notices/{number}")
    assert audience_of(site, number) == everyone()


def test_an_event_called_off_can_still_be_chosen_by(site: Site, visitor: Visitor) -> None:
    with site.database.transaction() as db:
        event = make_event(db, title="งานที่เลิก", state=events.CALLED_OFF)
    number = make_notice(site, state="draft", audience=Audience((Group("registered", str(event.id)),)))
    assert "คนของงาน “งานที่เลิก”" in text_of(visitor.get(f"/console/notices/{number}/audience"))
