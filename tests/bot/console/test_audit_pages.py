"""Who did what, as administrators read it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.console import audit_log, sentences
from bot.outreach import audit as log
from bot.outreach.audit import Actor
from bot.outreach.permissions import Role
from tests.bot.console.test_hardening import dump
from tests.bot.console.visiting import Site, Visitor

RECORDED = re.compile(r'record\(\s*db,\s*premises,\s*"([a-z_]+\.[a-z_]+)"')

_TEXT = re.compile(r"<[^>]+>")


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.ADMINISTRATOR, name="malee")


def note(site: Site, action: str, subject: tuple[str, int | str], **sides: Any) -> None:
    with site.database.transaction() as db:
        log.record(db, site.vault, actor=Actor(7, "คำ"), action=action, subject=subject, now=site.now, **sides)


def lines(visitor: Visitor, **query: str) -> list[str]:
    page = visitor.get("/console/audit", query_string=query).get_data(as_text=True)
    found = page.split('<section class="sheet"')[1:]
    return [
        " ".join(html.unescape(_TEXT.sub(" ", one.partition(">")[2].partition("</section>")[0])).split())
        for one in found
    ]


def test_newest_first_with_what_was_and_what_is(site: Site, visitor: Visitor) -> None:
    note(
        site,
        "faq.saved",
        ("faq_entry", "center.hours"),
        before={"owner": "ก", "on": True},
        after={"owner": "ข", "on": False},
    )
    note(site, "staff.disabled", ("staff", visitor.account.id), before={"role": "staff"}, after={"role": "volunteer"})
    assert lines(visitor) == [
        "คำ 30 พฤศจิกายน 2569 เวลา 09:00 น. ปิดบัญชี · malee ก่อนและหลัง หน้าที่ เจ้าหน้าที่ → อาสาสมัคร",
        "คำ 30 พฤศจิกายน 2569 เวลา 09:00 น. faq.saved · faq_entry center.hours ก่อนและหลัง on ใช่ → ไม่ owner ก → ข",
    ]


def test_of_people_it_shows_that_something_changed_and_not_what(site: Site, visitor: Visitor) -> None:
    note(site, "people.changed", ("person", 12), before={"phone": "0812345678"}, after={"phone": "0898765432"})
    assert lines(visitor)[0].endswith(f"phone {sentences.NOT_KEPT} → {sentences.NOT_KEPT}")


def test_by_subject_and_page_by_page(site: Site, visitor: Visitor) -> None:
    for number in range(audit_log.A_PAGE + 1):
        note(site, "faq.saved", ("faq_entry", f"entry.{number}"))
        note(site, "review.decided", ("review_group", number))
    first = lines(visitor, about="faq")
    page = visitor.get("/console/audit?about=faq").get_data(as_text=True)
    older = re.search(r'href="/console/audit\?about=faq&amp;before=(\d+)"', page)
    assert older is not None
    rest = lines(visitor, about="faq", before=older[1])
    assert (len(first), len(rest)) == (audit_log.A_PAGE, 1)
    assert "entry.0" in rest[0]
    assert len(set(first) | set(rest)) == audit_log.A_PAGE + 1


@pytest.mark.parametrize("about", ["' OR 1=1 --", "faq' --", "%", "_", "faq.saved", "\0", "ก" * 5000, "faq{"])
def test_another_subject_in_the_address_is_all_subjects(site: Site, visitor: Visitor, about: str) -> None:
    note(site, "faq.saved", ("faq_entry", "center.hours"))
    before = dump(site.database)
    assert len(lines(visitor, about=about)) == 1
    assert dump(site.database) == before


def test_whoever_came_in_and_from_where_stands_there_without_the_address(site: Site, visitor: Visitor) -> None:
    from tests.bot.console.test_doors import sign_in_as

    site.add_account(Role.VOLUNTEER, name="kham")
    sign_in_as(site.visitor(), "kham", address="203.0.113.9")
    assert lines(visitor) == ["kham 30 พฤศจิกายน 2569 เวลา 09:00 น. เข้าสู่ระบบ"]
    stored = str(dump(site.database)["audit_log"])
    assert "203.0.113.9" not in stored
    assert site.vault.keyed_hash("audit/address", "203.0.113.9") in stored


def test_what_the_console_writes_has_a_name_in_thai(site: Site) -> None:
    from tests.architecture.source import ROOT

    sources = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "console").glob("*.py")}
    written = {action for source in sources.values() for action in RECORDED.findall(source)}
    for name in ("doors", "account", "accounts"):
        written |= set(re.findall(r'"((?:session|staff)\.[a-z_]+)"', sources[name]))
    assert {"faq.published", "faq.entry_deleted", "review.decided", "staff.disabled"} <= written
    assert written - sentences.ACTIONS.keys() == set()
