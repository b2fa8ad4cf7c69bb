"""How the phone draws messages: every type of them, Flex above all, and nothing of them as markup."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import SOMSRI, Desk, RememberingBot
from tests.bot.simulator.phone_page import LARGE_PHONE, PhonePage, phone_of, running_browser
from tests.bot.simulator.rules import messages as m
from tests.bot.simulator.rules.cases import CASES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: BrowserContext, desk: Desk) -> Iterator[PhonePage]:
    with phone_of(browser, desk, viewport=LARGE_PHONE) as phone:
        yield phone
        assert phone.complaints == []


def push(desk: Desk, *messages: m.Message) -> None:
    answer = desk.push(SOMSRI, *messages)
    assert answer.status == 200, answer.raw


def make_coupon(desk: Desk) -> str:
    coupon = {
        "title": "ส่วนลดค่าอบรม", "reward": {"type": "gift"}, "acquisitionCondition": {"type": "normal"},
        "startTimestamp": 0, "endTimestamp": int(time.time()) + 3600, "timezone": "ASIA_BANGKOK",
        "maxUseCountPerTicket": 1, "visibility": "UNLISTED",
    }  # fmt: skip
    answer = desk.line("POST", "/v2/bot/coupon", coupon)
    assert answer.status == 200, answer.raw
    return str(answer.json["couponId"])


STICKER = {"type": "sticker", "packageId": "446", "stickerId": "1988"}
PICTURE = {"type": "image", "originalContentUrl": m.HTTPS, "previewImageUrl": m.HTTPS}
DRAW = """async (messages) => {
  const { renderMessage } = await import("/simulator/phone-static/messages.js");
  return messages.map((message) => renderMessage(message, { acting: { perform() {} } }).element.textContent);
}"""
"""Draws messages without sending them: some of them only a group may get."""
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


def test_every_type_of_message_is_drawn(phone: PhonePage, desk: Desk) -> None:
    push(desk, m.text(), m.text_v2("{a} ค่ะ", a=m.emoji()), STICKER, PICTURE, m.place())
    push(desk, m.video(), m.sound(), m.imagemap(m.spot()), m.buttons(title="หัวข้อ", thumbnailImageUrl=m.HTTPS))
    push(
        desk,
        m.carousel(m.column(), m.column()),
        m.pictures("ดู"),
        m.template("confirm", text="แน่ใจไหม", actions=[m.say(), m.press()]),
    )

    push(desk, m.film_on_map("ดูเพิ่มเติม"), {"type": "coupon", "couponId": make_coupon(desk)})
    push(
        desk, m.cards(m.bubble(size="nano"), m.bubble(size="nano")), m.flex(m.bubble(hero=m.film(aspectRatio="20:13")))
    )

    expect(phone.bots).to_have_count(16)
    expect(phone.page.locator("#chat")).not_to_contain_text("ดูในข้อมูลดิบ")
    for drawn in (".sticker", ".photo img", ".place", "video", "audio", ".imagemap .spot", ".template-frame img",
                  ".template-picture", ".template-answers", ".coupon", ".imagemap-film img", ".imagemap-link",
                  ".flex.carousel .flex-bubble.size-nano", ".flex-video .play"):  # fmt: skip
        expect(phone.page.locator(drawn).first).to_be_visible()


def test_whatever_line_accepts_can_be_drawn(phone: PhonePage) -> None:
    accepted = [message for good, _bad in CASES.values() for message in good]

    drawn = phone.page.evaluate(DRAW, accepted)

    assert [message for message, words in zip(accepted, drawn, strict=True) if "ดูในข้อมูลดิบ" in words] == []


def test_markup_stays_words_wherever_it_stands(phone: PhonePage, desk: Desk) -> None:
    push(
        desk,
        m.text(text=HOSTILE),
        m.buttons(HOSTILE[:60], title="<b>"),
        m.card(m.words(HOSTILE), m.button("<i>")),
        m.place(title="<u>ที่นี่</u>"),
    )

    expect(phone.bots).to_have_count(4)
    expect(phone.bots.first).to_contain_text(HOSTILE)
    expect(
        phone.page.locator("#chat :is(script, u, b:not(.face b), i:not(.dots i)), #chat img[src='x']")
    ).to_have_count(0)
    assert phone.page.title().endswith("โทรศัพท์จำลอง")


def test_buttons_of_templates_and_flex_do_what_they_say(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    push(
        desk,
        m.template("confirm", text="แน่ใจไหม", actions=[m.say("ใช่", "ใช่ค่ะ"), m.say("ไม่", "ไม่ค่ะ")]),
        m.flex(m.bubble(m.box(m.words("ทั้งกล่อง"), action=m.press(label="กล่อง", data="box")), m.button("ปุ่ม"))),
    )

    phone.press("ไม่")
    phone.press("กล่อง")
    phone.press("ปุ่ม")

    said = [received.events[0] for received in remembering_bot.wait_for(3)]
    assert said[0]["message"]["text"] == "ไม่ค่ะ"
    assert said[1]["postback"] == {"data": "box"}
    assert said[2]["message"]["text"] == "ใช่"


def test_a_picture_that_cannot_be_fetched_says_so(phone: PhonePage, desk: Desk) -> None:
    phone.page.route(
        "**/lost.png", lambda route: route.fulfill(status=200, body="no picture", content_type="text/plain")
    )
    push(desk, {**PICTURE, "previewImageUrl": "https://example.org/lost.png"})

    expect(phone.page.locator(".photo .lost-picture")).to_be_visible()


def test_flex_text_takes_its_size_weight_colour_and_lines(phone: PhonePage, desk: Desk) -> None:
    push(desk, m.card(m.words("ก", size="xl", weight="bold", color="#B3261E", wrap=True, align="center", maxLines=2)))

    read = phone.styles(
        ".flex-words", "font-size", "font-weight", "color", "-webkit-line-clamp", "white-space-collapse"
    )
    assert read == ["22px", "700", "rgb(179, 38, 30)", "2", "preserve"]
    assert phone.styles(".flex-text", "text-align") == ["center"]


def test_spans_are_parts_of_one_text(phone: PhonePage, desk: Desk) -> None:
    spans = [
        {"type": "span", "text": "เหลือ "},
        {"type": "span", "text": "12", "weight": "bold", "color": "#0B6E4F", "decoration": "underline"},
    ]
    push(desk, m.card({"type": "text", "contents": spans, "wrap": True}))

    expect(phone.page.locator(".flex-words")).to_have_text("เหลือ 12")
    assert phone.styles(".flex-words span:nth-child(2)", "font-weight", "color", "text-decoration-line") == [
        "700", "rgb(11, 110, 79)", "underline",
    ]  # fmt: skip


def test_components_across_share_the_width_by_flex(phone: PhonePage, desk: Desk) -> None:
    row = m.box(m.words("ก", flex=1), m.words("ข", flex=3), m.words("ค", flex=0), layout="horizontal", spacing="md")
    push(desk, m.card(row))

    across = phone.page.locator(".flex-box.horizontal > *")
    expect(across).to_have_count(3)
    widths = across.evaluate_all("all => all.map((one) => one.offsetWidth)")
    assert widths[1] == pytest.approx(3 * widths[0], abs=2)
    assert widths[2] < 20
    assert phone.styles(".flex-box.horizontal > :nth-child(2)", "margin-left") == ["8px"]


def test_boxes_take_paddings_corners_borders_and_backgrounds(phone: PhonePage, desk: Desk) -> None:
    edges = {"paddingAll": "md", "paddingTop": "20px", "cornerRadius": "lg", "borderWidth": "medium"}
    colours = {"borderColor": "#0B6E4F", "backgroundColor": "#EEF6F1"}
    place = {"margin": "xl", "width": "50%", "height": "80px", "justifyContent": "center"}
    inner = m.box(m.words("ก"), **edges, **colours, **place)
    push(desk, m.card(m.words("ข"), inner))

    box = ".flex-box .flex-box"
    assert phone.styles(box, "padding-top", "padding-left", "border-radius", "border-top-width") == [
        "20px", "8px", "12px", "2px",
    ]  # fmt: skip
    assert phone.styles(box, "margin-top", "height") == ["16px", "80px"]
    assert phone.styles(box, "background-color", "justify-content") == ["rgb(238, 246, 241)", "center"]


def test_images_keep_their_ratio_and_icons_their_text_size(phone: PhonePage, desk: Desk) -> None:
    icon = {"type": "icon", "url": m.HTTPS, "size": "lg"}
    row = m.box(icon, m.words("ดาว"), layout="baseline")
    push(desk, m.card(m.picture(size="full", aspectRatio="2:1", aspectMode="cover"), row))

    width, height = phone.styles(".flex-frame", "width", "height")
    assert float(width[:-2]) == pytest.approx(2 * float(height[:-2]), abs=1)
    assert phone.styles(".flex-frame img", "object-fit") == ["cover"]
    assert phone.styles(".flex-icon", "height") == ["19px"]


def test_a_carousel_runs_to_the_edge_and_never_widens_the_page(phone: PhonePage, desk: Desk) -> None:
    push(desk, m.cards(*[m.bubble(m.words(f"ใบที่ {n}"), size="kilo") for n in range(5)]))
    expect(phone.page.locator(".flex-bubble")).to_have_count(5)

    overflow = "() => document.scrollingElement.scrollWidth - innerWidth"
    scroller = phone.page.locator("#chat-scroll").evaluate("element => element.scrollWidth - element.clientWidth")
    carousel = phone.page.locator(".carousel").bounding_box()
    assert (phone.page.evaluate(overflow), scroller) == (0, 0)
    assert carousel is not None
    assert carousel["x"] + carousel["width"] == pytest.approx(LARGE_PHONE[0], abs=8)


def test_the_cards_of_a_carousel_are_as_high_as_the_highest_and_their_buttons_stand_in_one_line(
    phone: PhonePage, desk: Desk
) -> None:
    bubbles = [m.bubble(m.words("ก\n" * lines, wrap=True), footer=m.box(m.button())) for lines in (1, 6, 3)]
    push(desk, m.cards(*bubbles))
    expect(phone.page.locator(".flex-bubble")).to_have_count(3)

    bottoms = "(all) => all.map((one) => Math.round(one.getBoundingClientRect().bottom))"
    for part in (".flex-bubble", ".flex-bubble .flex-button"):
        assert len(set(phone.page.locator(part).evaluate_all(bottoms))) == 1


def test_a_carousel_comes_to_rest_at_a_card_and_has_arrows_for_a_mouse(phone: PhonePage, desk: Desk) -> None:
    push(desk, m.cards(*[m.bubble(m.words(f"ใบที่ {n}")) for n in range(3)]))
    carousel, cards = phone.page.locator(".carousel"), phone.page.locator(".flex-bubble")
    back, on = phone.page.locator(".leaf.back"), phone.page.locator(".leaf.on")
    expect(cards).to_have_count(3)
    expect(on).to_be_visible()
    expect(back).to_be_hidden()

    begin = "(card) => Math.round(card.getBoundingClientRect().left)"
    first = cards.nth(0).evaluate(begin)
    on.click()
    expect(back).to_be_visible()
    phone.page.wait_for_function(f"(card) => ({begin})(card) === {first}", arg=cards.nth(1).element_handle())
    carousel.evaluate("(row) => row.scrollTo({ left: row.scrollLeft - 90, behavior: 'instant' })")
    phone.page.wait_for_function(f"(card) => ({begin})(card) === {first}", arg=cards.nth(1).element_handle())
    carousel.evaluate("(row) => row.scrollTo({ left: row.scrollWidth, behavior: 'instant' })")
    expect(on).to_be_hidden()


def test_a_sender_of_its_own_is_named(phone: PhonePage, desk: Desk) -> None:
    push(desk, m.text(sender={"name": "ป้าแดง"}))

    expect(phone.page.locator(".sender")).to_contain_text("ป้าแดง จาก")
