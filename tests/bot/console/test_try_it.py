"""Trying a message: it is answered as people would be, and nothing is kept of it."""

from __future__ import annotations

import pytest
import structlog

from bot.faq.library import NothingPublished
from bot.outreach.permissions import Role
from tests.bot.console.test_hardening import dump
from tests.bot.console.visiting import Site


def test_a_message_is_answered_with_the_reasons(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    page = visitor.post("/console/try", {"text": "ศูนย์เปิดกี่โมงคะ"}).get_data(as_text=True)
    assert "บอตตอบเรื่อง “เรื่องหนึ่ง”" in page
    assert "คำตอบของ center.hours ค่ะ" in page
    assert '<span class="word">โมง</span>' in page


def test_nothing_of_it_is_stored_or_logged(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    before = dump(site.database)
    with structlog.testing.capture_logs() as logged:
        visitor.post("/console/try", {"text": "ความลับของฉันค่ะ", "earlier": "สวัสดีค่ะ\nอีกบรรทัด"})
    assert dump(site.database) == before
    assert "ความลับ" not in str(logged)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t ", "\0", "\0\0ศูนย์เปิดกี่โมง", "\u202eศูนย์", "\ufeff", "🙏" * 2500, "ก" * 20_000, "ๆ" * 5000, "า่้๊๋" * 1000],
)
def test_whatever_is_typed_there_is_a_page(site: Site, text: str) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    assert visitor.post("/console/try", {"text": text, "earlier": text}).status_code == 200


def test_the_address_is_no_way_to_ask(site: Site) -> None:
    """Somebody's question would stand in the history of the browser, and in the log of a proxy."""
    visitor = site.visitor(Role.VOLUNTEER)
    page = visitor.get("/console/try", query_string={"text": "ศูนย์เปิดกี่โมง"}).get_data(as_text=True)
    assert "ศูนย์เปิดกี่โมง" not in page


def test_without_anything_published_it_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise NothingPublished

    visitor = site.visitor(Role.VOLUNTEER)
    monkeypatch.setattr(site.premises.library, "current", nothing)
    answer = visitor.post("/console/try", {"text": "ศูนย์เปิดกี่โมง"})
    assert answer.status_code == 409
    assert "ยังไม่มีคลังคำตอบที่ใช้งานค่ะ" in answer.get_data(as_text=True)
    assert visitor.get("/console/").status_code == 200
