from __future__ import annotations

from datetime import timedelta

import pytest

from bot.notices import drafting
from bot.notices.content import Bubble, Content
from bot.outreach.permissions import Role
from bot.storage import notices
from bot.storage.notice_audience import Group
from tests.bot.console.notice_site import lines, make_notice, notice
from tests.bot.console.notice_writing import begin, hang_in
from tests.bot.console.visiting import NINE, Site, counted_queries, text_of
from tests.bot.events.making import a_person, make_event, sign_up
from tests.builders import NOON


@pytest.fixture(autouse=True)
def pages_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


def test_notices_stand_where_they_wait(site: Site) -> None:
    for state, title in (("draft", "ร่างน้ำ"), ("submitted", "รอป่า"), ("held", "ค้างดิน"), ("finished", "จบลม")):
        make_notice(site, state=state, title=title)
    visitor = site.visitor(Role.STAFF)
    first = text_of(visitor.get("/console/notices"))
    assert "รออนุมัติ 1 ฉบับร่าง 1 รอส่งและกำลังส่ง 1 จบแล้ว 1" in first
    assert "มีประกาศ 1 ฉบับหยุดอยู่" in first
    assert "รอป่า" in first
    assert "ร่างน้ำ" not in first
    assert "ร่างน้ำ" in text_of(site.visitor(Role.VOLUNTEER).get("/console/notices"))
    assert "ค้างดิน" in text_of(visitor.get("/console/notices?show=way"))
    assert "จบลม" in text_of(visitor.get("/console/notices?show=over"))
    assert visitor.get("/console/notices?show=elsewhere").status_code == 404


def test_a_draft_opens_its_form_and_all_else_its_page(site: Site) -> None:
    draft, waiting = make_notice(site, state="draft"), make_notice(site)
    visitor = site.visitor(Role.STAFF)
    assert f'href="/console/notices/{draft}/edit"' in visitor.get("/console/notices?show=drafts").text
    assert f'href="/console/notices/{waiting}"' in visitor.get("/console/notices?show=waiting").text


def test_the_list_takes_as_many_queries_for_one_as_for_many_and_goes_on(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    make_notice(site, state="draft")
    with counted_queries(site.database) as one:
        visitor.get("/console/notices")
    for _ in range(22):
        make_notice(site, state="draft", title="อีกฉบับ")
    with counted_queries(site.database) as many:
        page = visitor.get("/console/notices")
    assert len(many) == len(one)
    assert "ดูต่อ" in text_of(page)
    assert text_of(visitor.get("/console/notices?show=drafts&from=20")).count("อีกฉบับ") == 2


def test_a_notice_writes_itself_from_an_event(site: Site) -> None:
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE + timedelta(days=5), district="phan")
        sign_up(db, site.vault, event, a_person(db, 1), party=3, now=NOON)
    visitor = site.visitor(Role.VOLUNTEER)
    assert "เวทีแลกเปลี่ยนเรียนรู้ วันเสาร์ที่ 5 ธันวาคม 2569" in text_of(visitor.get("/console/notices/new"))
    plan = drafting.plan_of(notice(site, begin(visitor, event=event.id, letter="seats")))
    assert (plan.content.bubbles[0].title, plan.event_id) == ("เวทีแลกเปลี่ยนเรียนรู้", event.id)
    assert "เหลือ 7 ที่" in plan.content.bubbles[0].text
    assert "อำเภอพาน" in plan.content.bubbles[0].text
    assert plan.audience.groups == (Group("programme", "forum"),)
    assert set(plan.audience.without) == {Group("registered", str(event.id)), Group("waits", str(event.id))}
    assert lines(site) == [("notice.created", None, {"event": event.id})]


def test_more_events_than_fit_are_leafed_through(site: Site) -> None:
    with site.database.transaction() as db:
        for number in range(31):
            make_event(db, title=f"งานที่ {number}", starts_at=NINE + timedelta(days=1 + number))
    visitor = site.visitor(Role.VOLUNTEER)
    first = visitor.get("/console/notices/new")
    assert "งานที่ 29" in text_of(first)
    assert "งานที่ 30" not in text_of(first)
    assert 'href="/console/notices/new?from=30"' in first.text
    assert "งานที่ 30" in text_of(visitor.get("/console/notices/new?from=30"))


def test_when_an_event_is_over_those_who_came_are_thanked(site: Site) -> None:
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE - timedelta(days=2))
    visitor = site.visitor(Role.VOLUNTEER)
    page = text_of(visitor.get(f"/console/notices/new?event={event.id}"))
    assert "ขอบคุณคนที่มา" in page
    assert "ชวนมางาน" not in page
    plan = drafting.plan_of(notice(site, begin(visitor, event=event.id, letter="thanks")))
    assert plan.audience.groups == (Group("attended", str(event.id)),)


def test_free_words_begin_with_nobody_chosen(site: Site) -> None:
    plan = drafting.plan_of(notice(site, begin(site.visitor(Role.VOLUNTEER))))
    assert (plan.content.bubbles, plan.audience.groups) == ((), ())


def test_a_copy_has_the_words_and_no_time(site: Site) -> None:
    first = make_notice(
        site, Content((Bubble("text", "เดิม"),)), state=notices.FINISHED, send_at=NINE, repeats="weekly", title="ทุกสัปดาห์"
    )
    visitor = site.visitor(Role.VOLUNTEER)
    assert "“ทุกสัปดาห์” ข้อความและกลุ่มผู้รับเหมือนเดิม" in text_of(visitor.get(f"/console/notices/new?copy={first}"))
    made = notice(site, begin(visitor, copy=first))
    assert (made.content["bubbles"][0]["text"], made.send_at, made.repeats, made.state) == ("เดิม", None, "", "draft")
    assert made.author_id == visitor.account.id
    assert lines(site) == [("notice.created", None, {"copy_of": first})]


def test_a_copy_may_be_for_those_only_of_whom_nobody_knows(site: Site) -> None:
    first = make_notice(site, Content((Bubble("text", "เดิม"),)), state=notices.FINISHED, title="ข่าวน้ำ")
    visitor = site.visitor(Role.VOLUNTEER)
    made = notice(site, begin(visitor, copy=first, unclear=1))
    assert made.audience["groups"] == [["unclear", str(first)]]
    for path in ("edit", "audience"):
        words = text_of(visitor.get(f"/console/notices/{made.id}/{path}"))
        assert "คนที่ไม่รู้ว่าได้ประกาศ “ข่าวน้ำ” หรือยัง" in words


@pytest.mark.parametrize("form", [{"event": 99}, {"copy": 99}])
def test_what_is_not_there_is_not_begun_from(site: Site, form: dict[str, int]) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    assert visitor.post("/console/notices/new", form).status_code == 404
    for path in ("99/edit", "99/audience", "new?copy=99", "new?event=99"):
        assert visitor.get(f"/console/notices/{path}").status_code == 404
    assert lines(site) == []
