"""What somebody sees on their phone: each answer is looked at in a browser as wide as a telephone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.bot.console.browsing import AXE
from tests.scenarios.house import House
from tests.scenarios.phone import APART_SECONDS, Phone

WIDTH, HEIGHT, TALLEST = 390, 844, 2600
LEAST_LETTERS_PX, LEAST_TARGET_PX = 13, 44
SHOTS = os.environ.get("CIVICBOT_TESTS_SHOTS")
"""A folder for a picture of each screen."""
BELIEVED = "http://127.0.0.1:8000/"
"""The address that a house gives for itself. It answers at another port."""

FAULTS = """async ([seen, leastLetters, leastTarget]) => {
  const rows = [...document.querySelectorAll(".row.bot")].slice(seen);
  const parts = [...rows, document.querySelector("#quick-replies")];
  const all = (selector) => parts.flatMap((part) => [...part.querySelectorAll(selector)])
    .filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const shown = (what, found) => found.map((one) => `${what}: ${one.textContent}`);
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const aside = (one) => one.closest(".carousel, #quick-replies");
  const include = parts.filter((one) => one.checkVisibility());
  const axes = await axe.run({ include }, { resultTypes: ["violations"] });
  return [
    ...[document.scrollingElement, document.querySelector("#chat-scroll")]
      .filter((one) => one.scrollWidth > one.clientWidth).map((one) => `wider than the screen: ${one.id}`),
    ...shown("sticks out", all("*").filter((one) => !aside(one) && one.getBoundingClientRect().right > innerWidth)),
    ...shown("cut off", all(".flex-words, .flex-button-words, .quick-reply, .bubble, .place-words *")
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")),
    ...shown("tiny letters", all(".flex-button-words").filter((one) => size(one) < leastLetters)),
    ...shown("low", all("button, [role=button]").filter((one) => one.getBoundingClientRect().height < leastTarget)),
    ...shown("no picture", all(".lost-picture")),
    ...axes.violations.filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`),
  ];
}"""


@dataclass
class Screen:
    """One person's phone in the browser. Whatever brings an answer also looks at it, under the name of its screen."""

    page: Page
    house: House
    phone: Phone
    seen: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def bots(self) -> Locator:
        return self.page.locator(".row.bot")

    @property
    def last(self) -> Locator:
        return self.bots.last

    def write(self, words: str, name: str) -> None:
        self.house.line("/clock", {"advance": APART_SECONDS})  # what follows within a second is read as one message
        self.page.fill("#words", words)
        self.page.press("#words", "Enter")
        self.look(name)

    def press(self, label: str, name: str) -> None:
        """The newest button of this name on a card."""
        self.page.locator("#chat").get_by_role("button", name=label, exact=True).last.click()
        self.look(name)

    def choose(self, label: str | re.Pattern[str], name: str) -> None:
        """The button of this name above the keyboard."""
        self.page.locator(".quick-reply").get_by_text(label, exact=True).click()
        self.look(name)

    def look(self, name: str) -> None:
        """Waits for what the bot says next, and finds nothing wrong with it."""
        expect(self.bots.nth(self.seen)).to_be_visible(timeout=20_000)
        self.page.wait_for_timeout(120)  # the rest of the same answer
        count = self.bots.count()
        self.page.wait_for_function("() => [...document.images].every((image) => image.complete)")
        self.keep(name)
        self.wrong += [
            f"{name}: {fault}"
            for fault in self.page.evaluate(FAULTS, [self.seen, LEAST_LETTERS_PX, LEAST_TARGET_PX - 0.5])
        ]
        self.seen = count

    def keep(self, name: str) -> None:
        if not SHOTS:
            return
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        top = self.bots.nth(self.seen).evaluate("row => row.getBoundingClientRect().top")
        self.page.set_viewport_size({"width": WIDTH, "height": int(min(TALLEST, max(HEIGHT, HEIGHT - top + 150)))})
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=folder / f"{name}.png")
        row = self.last.locator(".carousel")
        for number in range(2, 1 + (row.locator(".flex-bubble").count() if row.count() else 0)):
            row.evaluate("(row, number) => row.children[number - 1].scrollIntoView({ inline: 'start' })", number)
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=folder / f"{name}-{number}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self.page.wait_for_timeout(100)


@contextmanager
def opened(browser: BrowserContext, house: House) -> Iterator[Screen]:
    """The phone of a friend of the bot. At the end nothing was wrong with any screen."""
    phone = Phone.of_a_friend(house)
    page = browser.new_page()
    here = f"http://127.0.0.1:{house.web_port}/"
    page.route(f"{BELIEVED}**", lambda route: route.continue_(url=route.request.url.replace(BELIEVED, here)))
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.emulate_media(reduced_motion="reduce")
    screen = Screen(page, house, phone)
    page.on("console", lambda told: screen.wrong.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: screen.wrong.append(str(error)))
    page.goto(f"http://127.0.0.1:{house.simulator_port}/simulator/phone#{phone.user_id}")
    expect(screen.bots.first).to_be_visible()
    page.evaluate(AXE)
    screen.seen = screen.bots.count()
    yield screen
    page.close()
    assert screen.wrong == []
