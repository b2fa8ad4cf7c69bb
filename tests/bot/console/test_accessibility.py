"""Every page for everybody: read aloud, on a telephone, larger, by keyboard, in any light."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from bot.console.pages import NAVIGATION
from bot.outreach.permissions import Role
from tests.bot.console.browsing import TELEPHONE, WIDTHS, Address, Looking, address, chromium, looking

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser

OWN_PAGES = ("/console/account", "/console/account/password", "/console/account/second-factor", "/console/staff/add")
_UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((one) => !one.labels?.length || !one.labels[0].textContent.trim()).map((one) => one.outerHTML)"""


def path_of(address: Address, endpoint: str) -> str:
    with address.site.app.test_request_context():
        return address.site.app.url_for(endpoint)


def check_all(someone: Looking, paths: list[str]) -> None:
    for path in paths:
        someone.open(path)
        someone.check(path.strip("/").replace("/", "-"))
        assert someone.page.evaluate(_UNNAMED) == [], path
        assert someone.page.locator("h1").count() == 1, path
        assert someone.page.locator("html").get_attribute("lang") == "th", path
        assert someone.page.title().endswith(" · civicbot"), path


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_in_the_navigation_and_of_ones_own(
    chromium: Browser, address: Address, size: tuple[int, int]
) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.enter(name="มาลี")
        check_all(someone, [*(path_of(address, item.endpoint) for item in NAVIGATION), *OWN_PAGES])


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_that_says_no(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.enter(Role.VOLUNTEER)
        someone.complaints_allowed("40")
        check_all(someone, ["/console/staff", "/console/nowhere", "/console/join/nothing"])


def test_nothing_is_cut_off_on_other_telephones_or_with_larger_letters(chromium: Browser, address: Address) -> None:
    """320 px is what WCAG's reflow asks for: a desk's screen at four times the size."""
    with looking(chromium, address) as someone:
        someone.enter(name="ผู้มีชื่อยาวมากๆ-จากศูนย์พัฒนาการเมืองภาคพลเมือง")
        for path in [*(path_of(address, item.endpoint) for item in NAVIGATION), *OWN_PAGES]:
            someone.open(path)
            someone.unfold("เมนู")
            for width in (320, 360, 430):
                someone.page.set_viewport_size({"width": width, "height": 700})
                assert someone.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, (path, width)


def test_the_menu_of_the_telephone_opens_and_closes(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.enter()
        someone.open("/console/")
        menu = someone.page.get_by_role("navigation")
        assert not menu.is_visible()
        someone.unfold("เมนู")
        assert menu.is_visible()
        assert menu.get_by_role("link", name="หน้าแรก").get_attribute("aria-current") == "page"
        someone.check("menu-open")
        someone.page.locator("summary", has_text="เมนู").click()
        assert not menu.is_visible()
