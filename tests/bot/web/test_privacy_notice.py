from __future__ import annotations

from tests.bot.web.visiting import Site


def test_the_notice_is_open_to_everybody_and_may_be_found(quick_site: Site) -> None:
    answer = quick_site.client.get("/privacy")
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer.headers
    assert "ความเป็นส่วนตัวของคุณ" in quick_site.read("/privacy")


def test_it_says_how_to_see_and_delete_what_is_held(quick_site: Site) -> None:
    page = quick_site.read("/privacy")
    assert 'พิมพ์ "ข้อมูลของฉัน"' in page
    assert 'พิมพ์ "ลบข้อมูลของฉัน"' in page


def test_it_is_there_in_english(quick_site: Site) -> None:
    assert "Your privacy" in quick_site.read("/privacy?lang=en")
    assert "ความเป็นส่วนตัวของคุณ" in quick_site.read("/privacy?lang=xx")
