"""The page with somebody's own data on a telephone, as they open it from the chat."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from bot.privacy import links
from bot.storage import people
from bot.storage.case_pictures import CasePictureRow
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from tests.bot.console.browsing import TELEPHONE, chromium, looking
from tests.bot.privacy.holding import use_everything
from tests.bot.web.test_public_pages_in_browser import served
from tests.bot.web.visiting import Site
from tests.builders import MALEE, NOON

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


def fill(site: Site) -> dict[str, str]:
    drawn = BytesIO()
    Image.new("RGB", (800, 600), "#7a9e7e").save(drawn, "JPEG")
    with site.database.transaction() as db:
        someone = use_everything(db, site.vault)
        picture = db.get_one(CasePictureRow, someone.picture_id)
        picture.body = site.vault.seal(drawn.getvalue())
        token = links.open_link(db, person_id=someone.person_id, now=site.now)
        other = people.find_or_create(db, line_user_id=MALEE, now=NOON)
        little = links.open_link(db, person_id=other.id, now=site.now)
    return {"much": f"/me/{token}", "little": f"/me/{little}", "english": f"/me/{token}?lang=en", "unknown": "/me/x"}


def test_page_on_a_phone(
    chromium: Browser, sqlite_database: Database, vault: Vault, small_catalogue: Catalogue
) -> None:  # fmt: skip
    with (
        served(sqlite_database, vault, small_catalogue) as (address, site),
        looking(chromium, address, size=TELEPHONE) as someone,
    ):
        someone.complaints_allowed("404")
        for name, path in fill(site).items():
            someone.open(path)
            someone.check(f"my-data-{name}")
            page = someone.page
            assert page.locator("script").count() == 0, name
            if name == "much":
                while page.locator("details:not([open])").count():
                    page.locator("details:not([open]) > summary").first.click()
                someone.check(f"my-data-{name}-open")
                shown = page.locator("img.sent")
                shown.scroll_into_view_if_needed()
                page.wait_for_function("document.querySelector('img.sent').naturalWidth === 800")
                with page.expect_download() as taken:
                    page.get_by_role("link", name="CSV").click()
                assert taken.value.suggested_filename == "my-data.csv"
