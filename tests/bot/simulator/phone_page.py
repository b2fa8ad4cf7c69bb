"""A browser with the phone page open, and a bot that says what a script tells it to."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, sync_playwright

from tests import servers
from tests.bot.simulator.desk import SOMSRI, Desk, Received, RememberingBot

Script = Mapping[str, Sequence[dict[str, Any]]]
PHONE, USUAL_PHONE, LARGE_PHONE, DESKTOP = (360, 740), (390, 844), (430, 900), (1280, 800)


@dataclass(slots=True)
class PhonePage:
    page: Page
    complaints: list[str] = field(default_factory=list)
    """What the browser's console said: errors and warnings."""

    def write(self, words: str) -> None:
        if self.page.locator("#open-keyboard").is_visible():
            self.page.click("#open-keyboard")
        self.page.fill("#words", words)
        self.page.press("#words", "Enter")

    def press(self, label: str) -> None:
        """Presses the one button of this name in the chat."""
        self.page.locator("#chat").get_by_role("button", name=label, exact=True).click()

    @property
    def mine(self) -> Locator:
        return self.page.locator(".row.person")

    @property
    def bots(self) -> Locator:
        return self.page.locator(".row.bot")

    @property
    def quick_replies(self) -> Locator:
        return self.page.locator(".quick-reply")

    @property
    def menu(self) -> Locator:
        """The account's menu under the chat."""
        return self.page.locator("#rich-menu")

    def area(self, name: str) -> Locator:
        return self.menu.get_by_role("button", name=name, exact=True)

    @property
    def sheet(self) -> Locator:
        return self.page.locator("dialog.sheet")

    def choose_in_menu(self, label: str) -> None:
        self.page.get_by_role("menuitem", name=label, exact=True).click()

    def styles(self, selector: str, *names: str) -> list[str]:
        read = "(element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name))"
        styles: list[str] = self.page.locator(selector).first.evaluate(read, list(names))
        return styles


@contextmanager
def running_browser() -> Iterator[BrowserContext]:
    """Leaves the test out, and says so, where there is no Chromium."""
    path = os.environ.get("CIVICBOT_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if not servers.MAY_LEAVE_OUT:
            raise FileNotFoundError("no chromium on this machine")
        pytest.skip("left out: no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(locale="th-TH", permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(8_000)
        context.route(re.compile("^https://"), _draw_picture)
        try:
            yield context
        finally:
            browser.close()


def _draw_picture(route: Route) -> None:
    """Nobody but the simulator is ever asked: pictures from elsewhere come from here."""
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path fill="#3a7" d="M0 0h40v20H0z"/></svg>'
    )
    route.fulfill(status=200, body=picture, content_type="image/svg+xml")


@contextmanager
def phone_of(
    browser: BrowserContext, desk: Desk, *, person: str = SOMSRI, viewport: tuple[int, int] = PHONE
) -> Iterator[PhonePage]:
    """The phone of a person; `person` may go on with a slash and the id of a group."""
    with _page_at(browser, f"{desk.url}/simulator/phone#{person}", viewport) as phone:
        phone.page.locator("#people [aria-pressed=true]").wait_for(state="attached")
        yield phone


@contextmanager
def phones_of(browser: BrowserContext, desk: Desk, *people: str, viewport: tuple[int, int]) -> Iterator[PhonePage]:
    """The page with the phones of several people."""
    with _page_at(browser, f"{desk.url}/simulator/phones#{','.join(people)}", viewport) as phones:
        yield phones


@contextmanager
def _page_at(browser: BrowserContext, address: str, viewport: tuple[int, int]) -> Iterator[PhonePage]:
    page = browser.new_page()
    page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
    phone = PhonePage(page)
    page.on("console", lambda said: phone.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.goto(address)
    try:
        yield phone
    finally:
        page.close()


def follow_script(bot: RememberingBot, desk: Desk, script: Script) -> None:
    """The bot answers a text, the data of a postback, or a kind of event, with the messages that the script holds."""

    def answer(received: Received) -> None:
        for event in received.events:
            said = event.get("message", {}).get("text") or event.get("postback", {}).get("data") or event["type"]
            if said in script:
                assert desk.reply(event["replyToken"], *script[said]).status == 200

    bot.on_webhook = answer
