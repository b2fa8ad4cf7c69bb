"""The inbox: what waits, in which order, and who sees what of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.cases.kinds import CaseKind
from bot.console.case_inbox import A_PAGE
from bot.outreach.permissions import Role
from tests.bot.console.case_site import Office, do, office
from tests.bot.console.visiting import Visitor, counted_queries, text_of

__all__ = ["office"]
_CASE = re.compile(r'href="/console/cases/(\d+)"')


def seen(visitor: Visitor, query: str = "") -> list[int]:
    page = visitor.get(f"/console/cases{query}")
    assert page.status_code == 200
    return [int(number) for number in _CASE.findall(page.get_data(as_text=True))]


def test_the_urgent_ones_come_first_then_what_is_due_first(office: Office) -> None:
    later = office.opened(ago=timedelta(hours=1))
    sooner = office.opened(ago=timedelta(days=3))
    nobody = office.opened(CaseKind.STORM, user_id=None)
    urgent = office.opened(CaseKind.URGENT)
    assert seen(office.site.visitor(Role.STAFF)) == [urgent, sooner, later, nobody]


def test_an_overdue_case_says_so_and_since_when(office: Office) -> None:
    case = office.opened(CaseKind.URGENT, ago=timedelta(hours=2))
    office.opened(CaseKind.STORY)
    page = text_of(office.site.visitor(Role.STAFF).get("/console/cases?show=overdue"))
    assert "ด่วน เกินเวลามา 1 ชั่วโมง" in page
    assert seen(office.site.visitor(Role.STAFF, name="other"), "?show=overdue") == [case]


def test_lists_and_filters(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    mine, other = office.opened(CaseKind.COMPLAINT), office.opened(CaseKind.STORY, topic="center.hours")
    closed = office.opened()
    do(staff, office, mine, "take")
    do(staff, office, closed, "close", tell="no")
    assert seen(staff) == [other]
    assert seen(staff, "?show=mine") == [mine]
    assert seen(staff, "?show=taken") == [mine]
    assert seen(staff, "?show=closed") == [closed]
    assert seen(staff, "?kind=story") == [other]
    assert seen(staff, "?kind=complaint") == []
    assert seen(staff, "?topic=center.hours") == [other]
    assert seen(staff, f"?show=taken&who={staff.account.id}") == [mine]
    assert seen(staff, "?show=taken&who=999") == []
    assert staff.get("/console/cases?show=nothing").status_code == 404
    assert seen(staff, "?kind=x&who=x&after=x") == [other]


def test_volunteers_do_not_know_of_requests_about_data(office: Office) -> None:
    office.opened(CaseKind.PRIVACY)
    case = office.opened()
    volunteer = office.site.visitor(Role.VOLUNTEER)
    assert seen(volunteer) == [case]
    assert "รอคนรับ 1" in text_of(volunteer.get("/console/cases"))
    assert "ขอเรื่องข้อมูลส่วนตัว" not in text_of(volunteer.get("/console/cases"))
    assert "รอคนรับ 2" in text_of(office.site.visitor(Role.STAFF).get("/console/cases"))


def test_pages_follow_one_another(office: Office) -> None:
    cases = [office.opened(user_id=f"U{number:032x}") for number in range(A_PAGE + 2)]
    staff = office.site.visitor(Role.STAFF)
    first = seen(staff)
    assert first == cases[:A_PAGE]
    assert seen(staff, f"?after={first[-1]}") == cases[A_PAGE:]
    assert f"after={first[-1]}" in staff.get("/console/cases").get_data(as_text=True)


def test_the_list_asks_as_much_for_many_as_for_one(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    office.opened()
    with counted_queries(office.site.database) as one:
        staff.get("/console/cases")
    for number in range(4):
        office.opened(user_id=f"U{number:032x}")
    with counted_queries(office.site.database) as many:
        staff.get("/console/cases")
    assert len(many) == len(one)


def test_an_open_list_is_told_what_is_new_and_nothing_else(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    page = staff.get("/console/cases").get_data(as_text=True)
    mark = page.partition('data-mark="')[2].partition('"')[0]
    assert staff.get(f"/console/cases/lines?mark={mark}").status_code == 204
    case = office.opened()
    told = staff.get(f"/console/cases/lines?mark={mark}").get_json()
    assert f"/console/cases/{case}" in told["lines"]
    assert told["counts"]["open"] == "1"


@pytest.mark.parametrize("role", Role)
def test_the_first_page_says_what_waits(office: Office, role: Role) -> None:
    visitor = office.site.visitor(role)
    assert "คนที่รอคำตอบ" not in text_of(visitor.get("/console/"))
    office.opened(CaseKind.URGENT, ago=timedelta(hours=1))
    case = office.opened()
    do(visitor, office, case, "take")
    page = text_of(visitor.get("/console/"))
    assert "คนที่รอคำตอบ ด่วน 1 เกินเวลา 1 รอคนรับ 1 ของคุณ 1" in page
