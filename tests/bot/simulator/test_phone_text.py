"""The sizes of letters: Flex's own, and the telephone's that is set to large text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import SOMSRI, Desk
from tests.bot.simulator.phone_page import PhonePage, phone_of, running_browser
from tests.bot.simulator.rules import messages as m

pytestmark = pytest.mark.browser
SIZES = {"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22, "xxl": 29, "3xl": 35, "4xl": 48, "5xl": 74}
LARGER = 1.4
LONG = "ข้อความยาวที่ต้องย่อให้พอดีกับหนึ่งบรรทัดของการ์ดใบนี้เท่านั้น"
READ_SIZES = "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
CUT_OR_OVERLAPPING = """() => {
  const cut = [...document.querySelectorAll("#phone :is(p, span, strong, small, button, h1, .bubble, textarea)")]
    .filter((one) => one.checkVisibility() && getComputedStyle(one).overflow !== "visible")
    .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  const rows = [...document.querySelectorAll(".row")].map((row) => row.getBoundingClientRect());
  const over = rows.filter((box, place) => place > 0 && rows[place - 1].bottom > box.top + 1);
  const meet = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]) > 1;
  const lines = [...document.querySelectorAll(".row .line")].filter(({ children: [one, other] }) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    return meet(a, b, "left", "right") && meet(a, b, "top", "bottom");
  });
  return [...cut, ...lines].map((one) => one.outerHTML).concat(over.map((box) => `row at ${box.top}`));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: BrowserContext, desk: Desk) -> Iterator[PhonePage]:
    with phone_of(browser, desk) as phone:
        yield phone
        assert phone.complaints == []


def enlarge(phone: PhonePage) -> None:
    phone.page.click("#open-menu")
    phone.choose_in_menu("ตัวอักษรใหญ่")
    expect(phone.page.locator("html")).to_have_attribute("data-text", "large")


def test_only_scaling_letters_grow_with_the_phone(phone: PhonePage, desk: Desk) -> None:
    spans = {"type": "text", "scaling": True, "contents": [{"type": "span", "text": "ก", "size": "xl"}]}
    desk.push(SOMSRI, m.card(*[m.words("ก", size=size) for size in SIZES]))
    desk.push(SOMSRI, m.card(*[m.words("ก", size=size, scaling=True) for size in (*SIZES, "17px")], spans))
    desk.push(SOMSRI, m.card(m.button("คงที่"), m.button("โตได้", scaling=True)))
    cards, buttons = phone.page.locator(".flex-bubble"), phone.page.locator(".flex-button")
    expect(cards).to_have_count(3)

    usual = [*SIZES.values(), 17, 16]
    assert cards.nth(0).locator(".flex-words").evaluate_all(READ_SIZES) == [*SIZES.values()]
    assert cards.nth(1).locator(".flex-words").evaluate_all(READ_SIZES) == usual
    enlarge(phone)
    assert cards.nth(0).locator(".flex-words").evaluate_all(READ_SIZES) == [*SIZES.values()]
    grown = cards.nth(1).locator(".flex-words").evaluate_all(READ_SIZES)
    assert grown == pytest.approx([LARGER * size for size in usual], rel=1e-3)
    assert cards.nth(1).locator(".flex-words span").evaluate_all(READ_SIZES) == pytest.approx([LARGER * 22], rel=1e-3)
    assert buttons.evaluate_all(READ_SIZES) == pytest.approx([16, LARGER * 16], rel=1e-3)


def test_shrink_to_fit_keeps_every_letter_on_one_line(phone: PhonePage, desk: Desk) -> None:
    small = {"adjustMode": "shrink-to-fit"}
    row = m.box(m.words("ซ้าย", flex=1), m.words(LONG[:24], flex=2, **small), layout="horizontal")
    card = m.bubble(m.words(LONG, **small), m.words("สั้น", **small), row, m.button(LONG[:40], scaling=True, **small))
    desk.push(SOMSRI, m.flex(card))
    fitted = phone.page.locator("[data-fits] :is(.flex-words, .flex-button-words)")
    expect(fitted).to_have_count(4)
    over = "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    size_of = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    shrunk = "() => parseFloat(getComputedStyle(document.querySelector('[data-fits] .flex-words')).fontSize) < 16"

    phone.page.wait_for_function(shrunk)
    assert fitted.evaluate_all(over) == []
    assert fitted.nth(1).evaluate(size_of) == 16
    before = fitted.nth(0).evaluate(size_of)
    enlarge(phone)
    assert fitted.evaluate_all(over) == []
    phone.page.set_viewport_size({"width": 300, "height": 740})
    phone.page.wait_for_function(shrunk.replace("< 16", f"< {before}"))
    assert fitted.evaluate_all(over) == []


def test_line_spacing_stands_between_the_lines_only(phone: PhonePage, desk: Desk) -> None:
    lines = "หนึ่ง\nสอง\nสาม"
    desk.push(SOMSRI, m.card(m.words(lines, wrap=True), m.words(lines, wrap=True, lineSpacing="10px")))
    texts = phone.page.locator(".flex-text")
    expect(texts).to_have_count(2)

    plain, spaced = texts.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert spaced == pytest.approx(plain + 2 * 10, abs=0.5)


def test_large_letters_cut_nothing_off_and_stay_large(phone: PhonePage, desk: Desk) -> None:
    desk.write("ขอถามหน่อยค่ะ วันเสาร์ศูนย์เปิดไหมคะ จะพาคุณแม่ไปลงชื่อร่วมเวทีรับฟังความเห็น")
    desk.push(SOMSRI, m.text(text="เปิดค่ะ โทร 053-123-456 หรือ https://example.org/a/very/long/address/of/a/page"))
    desk.push(
        SOMSRI,
        m.card(
            m.words("เวทีรับฟังความเห็นของพลเมือง", size="xl", wrap=True, scaling=True),
            m.button("ลงชื่อเข้าร่วมเวทีนี้เลย", scaling=True),
        ),
    )
    desk.push(SOMSRI, m.buttons("เลือกเรื่องที่สนใจค่ะ", 3, title="หัวข้อ"), m.place(), m.quick(m.say("ขอคุยกับเจ้าหน้าที่"), 3))
    expect(phone.quick_replies).to_have_count(3)

    enlarge(phone)
    assert phone.styles(".row.bot .bubble", "font-size") == [f"{18 * LARGER:g}px"]
    assert phone.page.evaluate(CUT_OR_OVERLAPPING) == []
    assert phone.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0
    phone.page.click("#attach")
    assert phone.page.evaluate(CUT_OR_OVERLAPPING) == []

    phone.page.reload()
    expect(phone.page.locator("html")).to_have_attribute("data-text", "large")
    phone.page.click("#open-people")
    switch = phone.page.get_by_role("switch", name="ตัวอักษรใหญ่")
    expect(switch).to_be_checked()
    switch.click()
    expect(phone.page.locator("html")).to_have_attribute("data-text", "usual")
