"""The public pages for everybody: on a telephone, at a desk, read aloud, in larger letters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.events import calling_off, certificates
from bot.events.certificates import Numbered
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from tests.bot.console.browsing import DESK, WIDTHS, Address, chromium, looking
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.bot.web.visiting import Site, arrive, days
from tests.builders import NOON

__all__ = ["chromium"]
pytestmark = pytest.mark.browser

LONG = "การอบรมเชิงปฏิบัติการสื่ออาสาประชาสังคมเพื่อการมีส่วนร่วมของพลเมืองในการวางแผนพัฒนาท้องถิ่น (ตัวอย่าง)"

WIDER = {"ticket", "event", "events", "who", "privacy"}
"""Pages that are laid out another way at a desk."""


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def served(database: Database, vault: Vault, catalogue: Catalogue) -> Iterator[tuple[Address, Site]]:
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    url = f"http://127.0.0.1:{server.server_port}"
    site = Site(database, vault, catalogue, base=url, line_id="@civic")
    server.app = site.app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Address(url, cast(Any, site)), site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill(site: Site) -> dict[str, str]:
    """One of each page, by name. What is past is past at `site.now`."""
    with site.database.transaction() as db:
        event = make_event(
            db, title=LONG, summary="มาคุยกันเรื่องน้ำและป่า\nใครก็มาได้", bring="บัตรประชาชน",
            contact="คุณมาลี 053-123-456", latitude=19.9, longitude=99.8, online_link="https://meet.example.org/abc",
            asks_district=True, asks_companions=True, phone_rule="required", gives_certificate=True, minors="guardian",
        )  # fmt: skip
        seated = sign_up(db, site.vault, event, a_person(db, 1), party=3).registration
        full = make_event(db, title="เวทีเล็ก", capacity=0)
        waiting = sign_up(db, site.vault, full, a_person(db, 2)).registration
        off = make_event(db, title="เวทีที่งดจัด")
        calling_off.call_off(db, event_id=off.id, why="น้ำท่วม", now=NOON)
        past = make_event(
            db, starts_at=NOON - days(2), ends_at=NOON - days(1), gives_certificate=True, title="เวทีเมื่อวาน"
        )
        form = a_form("สมชาย ใจดี", companions=("มาลี ใจดี", "คำ แสนสุข"))
        came = sign_up(db, site.vault, past, a_person(db, 3), party=3, now=NOON - days(3), form=form).registration
        arrive(db, came, NOON - days(2), people=2)
    number = certificates.number_of(site.vault, Numbered(past.id, came.id, 1))
    return {
        "ticket": f"/t/{seated.ticket}", "ticket-waiting": f"/t/{waiting.ticket}", "ticket-came": f"/t/{came.ticket}",
        "ticket-english": f"/t/{seated.ticket}?lang=en", "event": f"/e/{event.public_id}",
        "event-off": f"/e/{off.public_id}", "events": "/e/",
        "who": f"/t/{came.ticket}/certificate.pdf", "genuine": f"/c/{number}",
        "privacy": "/privacy", "not-ours": "/c/nothing", "not-found": "/t/nothing",
    }  # fmt: skip


@pytest.mark.parametrize("size", WIDTHS)
def test_every_public_page(
    chromium: Browser, sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, size: tuple[int, int]
) -> None:
    """Without JavaScript of its own: axe alone needs it."""
    with (
        served(sqlite_database, vault, small_catalogue) as (address, site),
        looking(chromium, address, size=size) as someone,
    ):
        someone.complaints_allowed("404")
        for name, path in fill(site).items():
            if size == DESK and name not in WIDER:
                continue
            someone.open(path)
            someone.check(f"public-{name}-{size[0]}")
            assert someone.page.locator("h1").count() == 1, name
            assert someone.page.locator("script").count() == 0, name
        if size != DESK:
            someone.page.set_viewport_size({"width": 320, "height": 700})
            for path in fill_again(site):
                someone.open(path)
                assert someone.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, path


def fill_again(site: Site) -> list[str]:
    """Names and codes at their widest: 320 px is what WCAG's reflow asks for."""
    with site.database.transaction() as db:
        event = make_event(db, title="W" * 200, place_name="ก" * 200, contact="x" * 200, starts_at=IN_A_WEEK)
        row = sign_up(db, site.vault, event, a_person(db, 9), form=a_form("W" * 80)).registration
    return [f"/t/{row.ticket}", f"/e/{event.public_id}", "/e/"]
