"""Pictures over plain HTTP from this machine: refused, as LINE does, unless the simulator was started for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from bot.simulator.drawing import draw_picture
from tests.bot.simulator.desk import SOMSRI, Answer, Desk, running_simulator
from tests.bot.simulator.phone_page import USUAL_PHONE, phone_of, running_browser
from tests.bot.simulator.rules import messages as m

HERE = "http://127.0.0.1:8000/t/a.png"
ELSEWHERE = ("http://example.org/a.png", "http://127.0.0.1.example.org/a.png", "http://localhost@example.org/a.png")


@pytest.fixture(scope="module")
def willing() -> Iterator[Desk]:
    with running_simulator("http://127.0.0.1:9/line/webhook", loopback_pictures=True) as desk:
        yield desk


def push_hero(desk: Desk, address: str) -> Answer:
    return desk.push(SOMSRI, m.flex(m.bubble(hero={**m.picture(), "url": address})))


def with_pictures(address: str) -> list[m.Message]:
    """Every kind of message that has one."""
    item = {"type": "action", "imageUrl": address, "action": m.say()}
    hero = {**m.picture(), "url": address}
    return [
        {"type": "image", "originalContentUrl": address, "previewImageUrl": address},
        m.cards(m.bubble(hero=hero), m.bubble(m.box({"type": "icon", "url": address}, layout="baseline"))),
        m.buttons(title="หัวข้อ", thumbnailImageUrl=address),
        m.template("image_carousel", columns=[{"imageUrl": address, "action": m.say()}]),
        m.text(quickReply={"items": [item]}),
    ]


def test_line_refuses_them(desk: Desk) -> None:
    for message in with_pictures(HERE):
        answer = desk.push(SOMSRI, message)
        assert (answer.status, answer.headers["X-Simulator-Rule"].split(", ")[0]) == (400, "url-https")


def test_a_simulator_started_for_them_takes_them_in_every_way_of_sending(willing: Desk) -> None:
    messages = with_pictures(HERE)
    assert willing.push(SOMSRI, *messages).status == 200
    for way in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        assert willing.line("POST", f"/v2/bot/message/validate/{way}", {"messages": messages}).status == 200
    to_many = {"to": [SOMSRI], "messages": messages}
    assert willing.line("POST", "/v2/bot/message/multicast", to_many).status == 200
    for way, status in (("broadcast", 200), ("narrowcast", 202)):
        assert willing.line("POST", f"/v2/bot/message/{way}", {"messages": messages}).status == status


@pytest.mark.parametrize("address", [*ELSEWHERE, "http://127.0.0.1:99999/a.png"])
def test_those_of_another_machine_are_refused_all_the_same(willing: Desk, address: str) -> None:
    answer = push_hero(willing, address)
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "url-https")


def test_films_and_sounds_stay_with_https(willing: Desk) -> None:
    for message in (
        m.video(originalContentUrl=HERE),
        m.sound(originalContentUrl=HERE),
        m.flex(m.bubble(hero=m.film(url=HERE))),
    ):
        assert willing.push(SOMSRI, message).status == 400


def test_only_then_does_the_page_let_the_browser_fetch_them(desk: Desk, willing: Desk) -> None:
    pages = [each.call("GET", "/simulator/phone") for each in (desk, willing)]
    policies = [page.headers["Content-Security-Policy"] for page in pages]
    assert ["http://127.0.0.1:* http://localhost:*;" in policy for policy in policies] == [False, True]
    assert [b"data-loopback-pictures" in page.raw for page in pages] == [False, True]


@pytest.fixture
def address_of_a_picture() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            picture = draw_picture(1)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/a.png"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.browser
def test_the_phone_draws_them(willing: Desk, address_of_a_picture: str) -> None:
    willing.api("POST", "/reset")
    assert push_hero(willing, address_of_a_picture).status == 200
    with running_browser() as browser, phone_of(browser, willing, viewport=USUAL_PHONE) as phone:
        drawn = phone.bots.last.locator(".flex-hero img")
        expect(drawn).to_be_visible()
        phone.page.wait_for_function("(image) => image.naturalWidth > 0", arg=drawn.element_handle())
        assert phone.complaints == []
