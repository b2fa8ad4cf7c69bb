"""Our cards on a small phone: what is to be read is large, what is to be pressed is high, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from bot.line.render import render
from bot.messages import Card, Carousel, Press
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
FACTS = (
    ("วันที่", "วันเสาร์ที่ 28 พฤศจิกายน 2569"),
    ("สถานที่", "หอประชุมโรงเรียนบ้านป่าตึง ต.ป่าตึง อ.แม่จัน"),
    ("ที่นั่งว่าง", "12 จาก 40"),
)
COLUMNS = """(rows) => rows.map((row) => [...row.children].map((part) => {
  const { left, right } = part.getBoundingClientRect();
  return [Math.round(left), Math.round(right)];
}))"""
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


def test_events_side_by_side_have_their_facts_in_two_columns_on_a_small_phone(
    browser: BrowserContext, desk: Desk
) -> None:
    desk.api("POST", "/reset")
    cards = [Card(title, "", presses(LABELS[:3]), facts=FACTS) for title in ("เปิดศูนย์", LABELS[2])]
    assert desk.push(SOMSRI, *render([Carousel(tuple(cards), "กิจกรรม 2 งาน")])).status == 200
    with phone_of(browser, desk) as phone:
        expect(phone.bots.locator(".flex-bubble")).to_have_count(2)
        for is_large in (False, True):
            if is_large:
                phone.page.locator("#text-size").dispatch_event("click")
                expect(phone.page.locator("html")).to_have_attribute("data-text", "large")
            rows = phone.bots.locator(".flex-bubble").first.locator(".flex-body .flex-box.horizontal")
            columns = rows.evaluate_all(COLUMNS)
            assert len(columns) == len(FACTS)
            assert all(one == columns[0] and one[0][1] < one[1][0] for one in columns)
            assert phone.bots.locator(".flex-words, .flex-button").evaluate_all(CUT_OFF) == 0
        assert min(phone.bots.get_by_role("button").evaluate_all(HEIGHTS)) >= LEAST_HEIGHT_PX
