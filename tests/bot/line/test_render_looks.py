"""Our cards on a small phone: what is to be read is large, what is to be pressed is high, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from bot.line.render import render
from bot.messages import Card, Press
from tests.bot.simulator.desk import SOMSRI, Desk, running_simulator
from tests.bot.simulator.phone_page import phone_of, running_browser

pytestmark = pytest.mark.browser

LEAST_HEIGHT_PX, LEAST_LETTERS_PX, LEAST_LINE = 44, 16, 1.5
TEXT = "ที่ศูนย์มีพี่ ๆ คอยช่วยเหลือทุกวันค่ะ ไม่ต้องเกรงใจนะคะ\n\nโทรถามก่อนได้เลยค่ะ"
LABELS = ("ศูนย์คืออะไร", "คุยกับเจ้าหน้าที่", "เวทีแลกเปลี่ยนเรียนรู้ของคนในชุมชน", "กิจกรรม", "ติดต่อศูนย์")
HEIGHTS = "(parts) => parts.map((part) => part.getBoundingClientRect().height)"
LETTERS = """(parts) => parts.map((part) => {
  const { fontSize, lineHeight } = getComputedStyle(part);
  return [parseFloat(fontSize), parseFloat(lineHeight) / parseFloat(fontSize)];
})"""
CUT_OFF = "(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).length"


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running_simulator("http://127.0.0.1:9/line/webhook") as desk:
        yield desk


def presses(labels: tuple[str, ...]) -> tuple[Press, ...]:
    return tuple(Press(label, "d", label) for label in labels)


@pytest.mark.parametrize("labels", [LABELS[:3], LABELS], ids=["buttons", "rows"])
def test_a_card_can_be_read_and_pressed_on_a_small_phone(
    browser: BrowserContext, desk: Desk, labels: tuple[str, ...]
) -> None:
    desk.api("POST", "/reset")
    assert desk.push(SOMSRI, *render([Card("ติดต่อศูนย์", TEXT, presses(labels), "")])).status == 200
    with phone_of(browser, desk) as phone:
        pressed: Locator = phone.bots.get_by_role("button")
        expect(pressed).to_have_count(len(labels))
        words = phone.bots.locator(".flex-words")
        expect(words.first).to_be_visible()
        assert min(pressed.evaluate_all(HEIGHTS)) >= LEAST_HEIGHT_PX
        letters = words.evaluate_all(LETTERS)
        assert min(size for size, _ in letters) >= LEAST_LETTERS_PX
        assert min(line for _, line in letters) >= LEAST_LINE
        assert phone.bots.locator(".flex-words, .flex-button").evaluate_all(CUT_OFF) == 0
        assert phone.complaints == []


@pytest.mark.parametrize("labels", [LABELS[:3], LABELS], ids=["buttons", "rows"])
def test_words_grow_with_the_phone_s_own_text_size_and_are_not_cut_off(
    browser: BrowserContext, desk: Desk, labels: tuple[str, ...]
) -> None:
    desk.api("POST", "/reset")
    assert desk.push(SOMSRI, *render([Card("ติดต่อศูนย์", TEXT, presses(labels), "")])).status == 200
    with phone_of(browser, desk) as phone:
        words = phone.bots.locator(".flex-words")
        expect(words.first).to_be_visible()
        before = [size for size, _ in words.evaluate_all(LETTERS)]
        phone.page.locator("#text-size").dispatch_event("click")
        expect(phone.page.locator("html")).to_have_attribute("data-text", "large")
        after = [size for size, _ in words.evaluate_all(LETTERS)]
        assert all(large > usual for usual, large in zip(before, after, strict=True))
        assert phone.bots.locator(".flex-words, .flex-button").evaluate_all(CUT_OFF) == 0
