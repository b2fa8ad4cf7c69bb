"""The queue of questions, and the page of one group."""

from __future__ import annotations

import re

import pytest

from bot.outreach.permissions import Role
from bot.storage import questions
from tests.bot.console.reviewing import (
    XSS,
    ask_all,
    group,
    queue,
    reviewing_site,
    reviewing_site_on_each,
)
from tests.bot.console.visiting import Site

__all__ = ["reviewing_site", "reviewing_site_on_each"]
TENT, PARKING, GHOST = "ขอยืมเต็นท์ได้ไหม", "ที่จอดรถอยู่ตรงไหน", "มีผีหรือเปล่า"


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li><a href="/console/review/(\d+)', page)]


def test_what_most_people_asked_comes_first(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    ask_all(site, [TENT, PARKING, GHOST], times=[1, 3, 2])
    page = site.visitor(Role.VOLUNTEER).get("/console/review").get_data(as_text=True)
    assert listed(page) == [2, 3, 1]
    assert "รออยู่ 3 กลุ่ม" in page


def test_the_queue_by_reason(reviewing_site: Site) -> None:
    site = reviewing_site
    ask_all(site, [TENT, PARKING])
    ask_all(site, [GHOST], decision="clarify")
    staff = site.visitor(Role.STAFF)
    assert listed(staff.get("/console/review?reason=near_tie").get_data(as_text=True)) == [3]
    assert listed(staff.get("/console/review?reason=thumbs_down").get_data(as_text=True)) == []
    assert len(listed(staff.get("/console/review?reason=' OR 1=1 --").get_data(as_text=True))) == 3


def test_the_queue_goes_on_where_a_page_ends(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    ask_all(site, [f"{letter * 5}{number}" for number, letter in enumerate("กขคงจฉชซญดตถทธนบปผพฟมยรลวสหอฮabcdefghijk")])
    staff = site.visitor(Role.STAFF)
    seen, address, sizes = [], "/console/review", []
    while address:
        page = staff.get(address).get_data(as_text=True)
        seen += listed(page)
        sizes.append(len(listed(page)))
        more = re.search(r'href="(/console/review\?after=[^"]+)">ดูต่อ', page)
        address = more[1] if more else ""
    assert sizes == [30, len(queue(site)) - 30]
    assert seen == [line.group.id for line in queue(site)]


@pytest.mark.parametrize("after", ["x", "1-2", "-1-0-0", f"{2**63}-1-1", f"1-{2**62}-1", "1-1-1-1", "๑-๑-๑"])
def test_a_place_in_the_queue_that_is_none_begins_at_the_top(reviewing_site_on_each: Site, after: str) -> None:
    site = reviewing_site_on_each
    ask_all(site, [TENT])
    assert site.visitor(Role.STAFF).get("/console/review", query_string={"after": after}).status_code == 200


def test_a_group_shows_what_was_asked_and_what_it_may_be(reviewing_site: Site) -> None:
    site = reviewing_site
    ask_all(site, ["ศูนย์เปิดกี่โมงเหรอวันนี้", "ศูนย์เปิดกี่โมงเหรอ วันนี้นะ"], times=[3, 1])
    page = site.visitor(Role.STAFF).get("/console/review/1").get_data(as_text=True)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["<bdi>ศูนย์เปิดกี่โมงเหรอวันนี้</bdi>"]
    assert "4 คนถาม" in page
    first = re.search(r'value="add:([^"]+)" data-key="1"', page)
    assert first is not None
    assert first[1] == "center.hours"
    assert re.findall(r'data-key="(\w)"', page) == ["1", "2", "3", "4", "5", "6", "7", "8", "s", "n", "t", "f", "c"]


def test_how_the_bot_reads_it_comes_as_a_page_and_as_a_part(reviewing_site: Site) -> None:
    site = reviewing_site
    ask_all(site, ["อยากลงชื่อไปเวที"])
    staff = site.visitor(Role.STAFF)
    part = staff.get("/console/review/1/reading?part=1").get_data(as_text=True)
    page = staff.get("/console/review/1/reading").get_data(as_text=True)
    assert part.strip() in page
    assert "<html" not in part
    assert staff.get("/console/review/99/reading").status_code == 404


def test_what_was_unsent_is_nowhere(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    ask_all(site, [TENT, PARKING])
    volunteer, staff = site.visitor(Role.VOLUNTEER, name="nid"), site.visitor(Role.STAFF, name="malee")
    form = {"version": "1", "do": "add:center.hours", "use": "0", "text-0": TENT}
    assert volunteer.post("/console/review/1/decide", form).status_code == 302
    assert TENT in staff.get("/console/review/1").get_data(as_text=True)
    with site.database.transaction() as db:
        assert len(questions.forget_text(db, message_id="message 1001")) == 1
    for address in ("/console/review", "/console/review/1", "/console/review/1/reading", "/console/review/2/merge"):
        page = staff.get(address).get_data(as_text=True)
        assert TENT not in page, address
        assert "เต็นท์" not in page, address
    assert "ผู้ถามยกเลิกข้อความแล้ว" in staff.get("/console/review/1").get_data(as_text=True)
    assert staff.post("/console/review/1/decide", {"version": "2", "do": "add:center.hours"}).status_code == 422
    assert staff.post("/console/review/1/decide", {"version": "2", "do": "ignore"}).status_code == 302
    assert "เต็นท์" not in str(group(site, 1).decision)


@pytest.mark.parametrize("carrier", XSS)
def test_a_question_is_only_text(reviewing_site: Site, carrier: str) -> None:
    site = reviewing_site
    ask_all(site, [f"เปิดกี่โมง {carrier}", f"เปิดกี่โมงไหม {carrier}"], times=[2, 1])
    staff = site.visitor(Role.STAFF)
    addresses = ["/console/review", *(f"/console/review/{line.group.id}" for line in queue(site))]
    addresses += ["/console/review/1/reading", "/console/review/1/reading?part=1", "/console/review/1/merge"]
    staff.post("/console/review/1/decide", {"version": "1", "do": "add:center.hours", "use": "0", "text-0": carrier})
    for address in [*addresses, "/console/review/tests"]:
        page = staff.get(address).get_data(as_text=True)
        assert "<script>window" not in page, address
        assert "<img" not in page, address
        assert "<svg" not in page, address
        assert "49 %s" not in page, address


def test_a_group_that_is_not_there(reviewing_site: Site) -> None:
    staff = reviewing_site.visitor(Role.STAFF)
    assert staff.get("/console/review/7").status_code == 404
    assert staff.get("/console/review/7/merge").status_code == 404
    assert staff.get("/console/review/9223372036854775808").status_code == 404


def test_without_a_faq_in_force_it_says_so(site: Site) -> None:
    fresh = Site(site.database, site.vault, site.catalogue, site.model)
    ask_all(fresh, [TENT])
    staff = fresh.visitor(Role.STAFF)
    assert "ยังไม่มีคลังคำตอบ" in staff.get("/console/review/1").get_data(as_text=True)
    form = {"version": "1", "do": "add:center.hours", "use": "0", "text-0": TENT}
    assert staff.post("/console/review/1/decide", form).status_code == 409


def test_what_the_same_person_asked_around_it(reviewing_site: Site) -> None:
    site = reviewing_site
    ask_all(site, ["อยากไปงานวันเสาร์"], decision="answer", asker="somebody")
    ask_all(site, [TENT], asker="somebody")
    page = site.visitor(Role.VOLUNTEER).get("/console/review/1").get_data(as_text=True)
    assert re.findall(r"<li>(.*?)</li>", page) == [
        "<bdi>อยากไปงานวันเสาร์</bdi>", f"<strong><bdi>{TENT}</bdi></strong>",
    ]  # fmt: skip
