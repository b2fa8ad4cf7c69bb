"""The permanent tests: listed, searched, retired."""

from __future__ import annotations

import re

from bot.outreach.permissions import Role
from bot.storage import faq_tests
from tests.bot.console.reviewing import logged, reviewing_site, reviewing_site_on_each
from tests.bot.console.visiting import Site

__all__ = ["reviewing_site", "reviewing_site_on_each"]


def keep(site: Site, *texts: str, expect: str | None = "center.hours") -> None:
    with site.database.transaction() as db:
        for text in texts:
            faq_tests.save(
                db, key=text, text=text, expect=expect, kind="entry" if expect else "out_of_scope", group_id=None,
                created_at=site.now, created_by="1", retired_at=None,
            )  # fmt: skip


def listed(page: str) -> list[str]:
    return re.findall(r"<strong><bdi>(.*?)</bdi></strong>", page)


def test_the_newest_first_and_on_where_a_page_ends(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    texts = [f"เปิดกี่โมง {number}" for number in range(60)]
    keep(site, *texts)
    reader = site.visitor(Role.VOLUNTEER)
    first = reader.get("/console/review/tests").get_data(as_text=True)
    more = re.search(r'href="(/console/review/tests\?before=\d+)"', first)
    assert more is not None
    second = reader.get(more[1]).get_data(as_text=True)
    assert listed(first) + listed(second) == texts[::-1]
    assert "before=" not in second


def test_a_search_takes_every_letter_as_it_is(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    keep(site, "ลด 50% ไหม", "ลด 50 บาทไหม", "Open 5_0?", expect=None)
    reader = site.visitor(Role.VOLUNTEER)
    found = {
        wanted: listed(reader.get("/console/review/tests", query_string={"q": wanted}).get_data(as_text=True))
        for wanted in ("50%", "5_0", "open", "' OR ''='", "ลด")
    }
    assert found == {
        "50%": ["ลด 50% ไหม"], "5_0": ["Open 5_0?"], "open": ["Open 5_0?"], "' OR ''='": [],
        "ลด": ["ลด 50 บาทไหม", "ลด 50% ไหม"],
    }  # fmt: skip


def test_one_is_retired_once(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    keep(site, "เปิดกี่โมง", "ปิดกี่โมง")
    staff = site.visitor(Role.STAFF)
    for _ in range(2):
        assert staff.post("/console/review/tests/1/retire").location == "/console/review/tests"
    page = staff.get("/console/review/tests").get_data(as_text=True)
    assert listed(page) == ["ปิดกี่โมง"]
    assert "ข้อทดสอบนี้เลิกใช้ไปแล้วค่ะ" in page
    assert logged(site) == [("review.test_retired", "faq_test", "1")]


def test_volunteers_see_them_and_retire_none(reviewing_site: Site) -> None:
    keep(reviewing_site, "เปิดกี่โมง")
    volunteer = reviewing_site.visitor(Role.VOLUNTEER)
    assert "เลิกใช้" not in volunteer.get("/console/review/tests").get_data(as_text=True)
    assert volunteer.post("/console/review/tests/1/retire").status_code == 403
