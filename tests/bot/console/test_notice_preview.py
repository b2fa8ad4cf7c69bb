from __future__ import annotations

import pytest

from bot.console import notice_preview
from bot.console.notice_preview import Button, Drawn, Line, Linked
from bot.notices.content import Bubble, Content
from bot.notices.links import Reason
from bot.outreach.permissions import Role
from tests.bot.console.notice_site import lines, make_notice, notice
from tests.bot.console.notice_writing import DOMAIN, fields_of, hang_in
from tests.bot.console.visiting import Site, text_of

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} %s {% raw %} </script>"


@pytest.fixture(autouse=True)
def pages_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


def draw(*bubbles: Bubble, event_id: int | None = None) -> Drawn:
    return notice_preview.draw(
        Content(bubbles), notice_id=1, event_id=event_id, base_url="https://bot.example.org",
        domains={DOMAIN, "bot.example.org"},
    )  # fmt: skip


def test_a_card_is_drawn_as_it_would_be_sent() -> None:
    drawn = draw(
        Bubble("text", "สวัสดีค่ะ"),
        Bubble("card", "มาคุยกัน\n\nเรื่องน้ำ", "น้ำ", f"https://{DOMAIN}/น้ำ.png", f"https://{DOMAIN}/a?b=1", "อ่านต่อ"),
        event_id=7,
    )
    first, card = drawn.bubbles
    assert first.lines == (Line("สวัสดีค่ะ"),)
    assert card.lines[:3] == (Line("น้ำ", is_title=True), Line("มาคุยกัน"), Line("เรื่องน้ำ"))
    assert [button.label for button in card.buttons] == ["ดูงานและลงทะเบียน", "อ่านต่อ", "ไม่รับข่าวแล้ว"]
    assert Button("อ่านต่อ", f"{DOMAIN}/a?b=1", is_first=False) in card.buttons
    assert (card.picture_shown, card.is_ours) == (f"{DOMAIN}/น้ำ.png", False)
    assert drawn.alternative == "สวัสดีค่ะ"
    assert drawn.links == (Linked(f"https://{DOMAIN}/a?b=1", f"{DOMAIN}/a?b=1", None),)


def test_a_picture_of_our_own_may_be_shown_by_the_page() -> None:
    path = f"/n/{'a' * 24}.jpg"
    assert draw(Bubble("card", "ก", picture=f"https://bot.example.org{path}")).bubbles[0].is_ours
    for other in (f"https://bot.example.org.evil.com{path}", "https://bot.example.org/console/sign-out"):
        assert not draw(Bubble("card", "ก", picture=other)).bubbles[0].is_ours


def test_a_name_stands_where_names_will_stand_and_nothing_else_is_filled_in() -> None:
    drawn = draw(Bubble("text", "คุณ{ชื่อ} {name} {0} %(name)s"))
    assert drawn.bubbles[0].lines[0] == Line("คุณมาลี {name} {0} %(name)s")
    assert drawn.is_personal


def test_every_address_is_shown_with_where_it_really_leads() -> None:
    drawn = draw(Bubble("text", f"ดู bit.ly/x หรือ https://{DOMAIN}@evil.com/a", link="tel:053123456"))
    assert [(one.text, one.reason) for one in drawn.links] == [
        ("tel:053123456", None), ("bit.ly/x", Reason.SHORTENER), (f"https://{DOMAIN}@evil.com/a", Reason.USER_INFO)
    ]  # fmt: skip
    assert drawn.links[2].shown == "evil.com/a"


def test_nothing_written_draws_nothing() -> None:
    assert draw().bubbles == ()
    assert draw(Bubble("text", "  ")).bubbles[0].buttons == (Button("ไม่รับข่าวแล้ว", "", is_first=False),)


def test_the_page_shows_what_is_in_the_form_and_keeps_nothing(site: Site) -> None:
    number = make_notice(site, state="draft")
    visitor = site.visitor(Role.VOLUNTEER)
    drawn = fields_of(visitor.get(f"/console/notices/{number}/edit"))
    typed = {"b0_kind": "card", "b0_title": HOSTILE, "b0_text": HOSTILE, "b0_label": HOSTILE, "b0_link": "javascript:x"}
    page = visitor.post(f"/console/notices/{number}/preview", {**drawn, **typed, "at": "28 พ.ย. 69"})
    whole = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<img src=x" not in whole
    assert "<script" not in whole
    assert text_of(page).count(HOSTILE) >= 2
    assert "แต่ยังไม่มีเวลาค่ะ" in text_of(page)
    assert (notice(site, number).version, lines(site)) == (1, [])


def test_what_is_hostile_does_no_harm_on_any_page(site: Site) -> None:
    hostile = Content((Bubble("card", HOSTILE, HOSTILE, "https://x/\"'<b>", "https://x/\"'<b>", HOSTILE),))
    number = make_notice(site, hostile, state="draft", title=HOSTILE[:120])
    visitor = site.visitor(Role.VOLUNTEER)
    for path in (f"{number}/edit?check=1", f"new?copy={number}", ""):
        page = visitor.get(f"/console/notices/{path}".rstrip("/"))
        whole = page.get_data(as_text=True).replace("<script src", "")
        assert page.status_code == 200
        assert "<img src=x" not in whole
        assert "\"'<b>" not in whole
        assert HOSTILE in text_of(page)
