"""The phone page with the real bot behind it: what one shows to a committee."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.bot.simulator.phone_page import running_browser
from tests.scenarios.house import House
from tests.scenarios.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("scenarios-sqlite")]
SIZE = {"width": 390, "height": 844}


def test_a_first_chat_on_the_phone(house_on_sqlite: House, tmp_path: Path) -> None:
    person = Phone.of_somebody(house_on_sqlite, "แม่หลวงทดลอง")
    complaints: list[str] = []
    with running_browser() as browser:
        page = browser.new_page()
        page.set_viewport_size(SIZE)
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{house_on_sqlite.simulator_port}/simulator/phone#{person.user_id}")
        page.locator(".person[aria-pressed=true]").wait_for(state="attached")

        page.fill("#words", "วันเสาร์ศูนย์เปิดไหมคะ")
        page.press("#words", "Enter")

        bots = page.locator(".row.bot")
        expect(bots).to_have_count(3)
        expect(bots.nth(0)).to_contain_text("เรื่องข้อมูลของคุณ")
        expect(bots.nth(1).get_by_role("button", name="คุยกับเจ้าหน้าที่", exact=True)).to_be_visible()
        expect(bots.nth(2)).to_contain_text("ตอบตรงไหมคะ")
        expect(bots.nth(2)).to_be_in_viewport(ratio=1)
        page.screenshot(path=tmp_path / "answered.png")

        page.locator(".quick-reply").filter(has_text="👍 ตรง").click()

        expect(page.locator(".row.person").last).to_contain_text("👍 ตรง")
        expect(bots.last).to_contain_text("ขอบคุณที่บอกนะคะ")
        expect(bots.last).to_be_in_viewport(ratio=1)
        page.screenshot(path=tmp_path / "thanked.png")
        assert page.evaluate("document.documentElement.scrollWidth") == SIZE["width"], "nothing sticks out sideways"
    assert complaints == []
    assert (tmp_path / "answered.png").stat().st_size > 10_000
