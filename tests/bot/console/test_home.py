"""The first page: what waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outreach import review_intake
from bot.outreach.permissions import Role
from bot.storage import holds
from knowledge.care import Care
from knowledge.matcher import Matcher
from tests.bot.console.visiting import FixedLibrary, Site
from tests.bot.outreach.reviewing import ask


def test_it_counts_the_questions_that_wait(site: Site) -> None:
    with site.database.transaction() as db:
        ask(db, 1, "รถเมล์ไปแม่สายกี่โมง", at=site.now - timedelta(hours=1))
        ask(db, 2, "ใครขายผ้าทอบ้าง", at=site.now - timedelta(hours=1))
        review_intake.gather(db, now=site.now, limit=10, words_of=str.split)
    page = site.visitor(Role.VOLUNTEER).get("/console/").get_data(as_text=True)
    assert "รออยู่ 2 กลุ่ม" in page


def test_those_who_edit_see_what_has_to_be_confirmed_and_volunteers_do_not(site: Site) -> None:
    care = Care(owner="somsri", confirmed="2026-01-01", best_before="2026-11-01")
    entry = replace(site.catalogue.entries["center.hours"], care=care)
    catalogue = replace(site.catalogue, entries={**site.catalogue.entries, entry.id: entry})
    matcher = Matcher(catalogue, replace(site.model, version=catalogue.version))
    site.premises.library.__dict__.update(FixedLibrary(catalogue, matcher).__dict__)
    told = "ถึงกำหนดแล้ว"
    assert told in site.visitor(Role.STAFF).get("/console/").get_data(as_text=True)
    assert "1 พฤศจิกายน 2569" in site.visitor(Role.STAFF, name="another").get("/console/").get_data(as_text=True)
    assert told not in site.visitor(Role.VOLUNTEER).get("/console/").get_data(as_text=True)


@pytest.mark.parametrize(("role", "leads_there"), [(Role.VOLUNTEER, False), (Role.ADMINISTRATOR, True)])
def test_everybody_is_told_that_sending_is_held(site: Site, role: Role, *, leads_there: bool) -> None:
    visitor = site.visitor(role)
    told = "ตอนนี้ระบบพักการส่งข้อความไว้ค่ะ"
    assert told not in visitor.get("/console/").get_data(as_text=True)
    with site.database.transaction() as db:
        holds.begin(db, holds.SENDING, why="restored", now=site.now)
    page = visitor.get("/console/").get_data(as_text=True)
    assert told in page
    assert ("ดูและยืนยัน" in page) is leads_there
