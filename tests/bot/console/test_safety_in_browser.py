"""The page about backups, on a telephone and at a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from bot.storage import backups, holds
from tests.bot.console.browsing import WIDTHS, Address, address, chromium, looking

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", WIDTHS)
def test_sending_goes_on_once_somebody_has_looked(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with address.site.database.transaction() as db:
        for hours, error in ((3, ""), (27, "/mnt/second-disk: No space left on device"), (51, "")):
            at = address.site.now - timedelta(hours=hours)
            name = f"civicbot-{at:%Y%m%dT%H%M%SZ}.tar.age"
            row = backups.begin(db, name=name, encrypted=True, now=at)
            places = ("here",) if error else ("here", "folder", "s3")
            backups.finish(db, row, size=48_300_000, sha256="0" * 64, places=places, error=error, now=at)
        holds.begin(db, holds.SENDING, why="restored", now=address.site.now)
    with looking(chromium, address, size=size) as someone:
        someone.enter()
        someone.open("/console/safety")
        someone.check("safety-held")
        someone.page.get_by_label("ดูแล้วว่าอะไรจะออกไปบ้าง").check()
        someone.press("ให้ส่งต่อได้")
        expect(someone.page.get_by_role("status")).to_have_text("ระบบส่งข้อความตามปกติแล้วค่ะ")
        someone.check("safety")
