"""The console in a real browser: a server on a port of its own, and Chromium as wide as a telephone or a desk."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.console.access import SESSION_COOKIE
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests import servers
from tests.bot.console.visiting import NINE, PASSWORD, Site

TELEPHONE, DESK = (390, 844), (1280, 800)
WIDTHS = [pytest.param(TELEPHONE, id="390px"), pytest.param(DESK, id="1280px")]
OFFLINE = "ERR_INTERNET_DISCONNECTED"
"""What a browser complains of while a test has taken its connection away."""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_SERIOUS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`)"""


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nobody reads it."""


@dataclass
class Address:
    """Where a site answers, and the site itself."""

    url: str
    site: Site

    def invite(self, role: Role = Role.ADMINISTRATOR, *, name: str = "มาลี ใจดี", login: str = "malee") -> str:
        """The one-time link, as the command line would print it."""
        with self.site.database.transaction() as db:
            invited = staff.add_account(db, name=name, login=login, role=role, by=None, now=self.site.now)
        return f"{self.url}/console/join/{invited.token}"


@contextmanager
def served(database: Database, vault: Vault, catalogue: Catalogue, model: Model) -> Iterator[Address]:
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    url = f"http://127.0.0.1:{server.server_port}"
    site = Site(database, vault, catalogue, model, environment={"CIVICBOT_BASE_URL": url}, now=NINE)
    server.app = site.app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Address(url, site)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Looking:
    """Somebody in front of a screen. Keeps what the browser complained of and whom it asked."""

    context: BrowserContext
    page: Page
    address: Address
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    secret: str = ""
    shots: Path | None = None
    expected: str = "none"

    def open(self, path: str) -> None:
        """On a busy machine the page may still be on its way to another one, which ends this way: then once more."""
        address = path if path.startswith("http") else f"{self.address.url}{path}"
        try:
            self.page.goto(address)
        except Error as error:
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.wait_for_load_state()
            self.page.goto(address)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def unfold(self, name: str) -> None:
        """Opens what is folded under these words, unless it is open already."""
        summary = self.page.locator("summary", has_text=name).first
        if summary.is_visible() and summary.evaluate("one => !one.parentElement.open"):
            summary.click()

    def code(self) -> str:
        """What the telephone's application shows: another one each time, since each counts once."""
        self.address.site.later(seconds=31)
        return pyotp.TOTP(self.secret).at(self.address.site.now)

    def join(self, link: str) -> None:
        self.open(link)
        self.page.get_by_label("รหัสผ่านใหม่", exact=True).fill(PASSWORD)
        self.page.get_by_label("พิมพ์รหัสผ่านใหม่อีกครั้ง").fill(PASSWORD)
        self.press("บันทึกแล้วเข้าสู่ระบบ")

    def enrol(self) -> None:
        self.unfold("สแกนไม่ได้")
        self.secret = self.page.locator("code").inner_text().replace(" ", "")
        self.page.get_by_label("เลขหกหลักที่แอปแสดง").fill(self.code())
        self.press("เปิดใช้")

    def sign_in(self, login: str, *, password: str = PASSWORD) -> None:
        self.open("/console/sign-in")
        self.page.get_by_label("ชื่อผู้ใช้").fill(login)
        self.page.get_by_label("รหัสผ่าน").fill(password)
        self.press("เข้าสู่ระบบ")

    def enter(self, role: Role = Role.ADMINISTRATOR, *, name: str = "") -> None:
        """By a session made for the purpose."""
        cookie = self.address.site.visitor(role, name=name).client.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
        assert cookie is not None
        kept = {"url": self.address.url.replace("http:", "https:"), "secure": True, "httpOnly": True, "sameSite": "Lax"}
        self.context.add_cookies([{"name": SESSION_COOKIE, "value": cookie.value, **kept}])  # type: ignore[typeddict-item]

    def choose(self, name: str) -> None:
        """In the menu, which a narrow screen folds."""
        self.unfold("เมนู")
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()

    def sign_out(self) -> None:
        self.unfold("เมนู")
        self.page.get_by_role("navigation").get_by_role("button", name="ออกจากระบบ").click()

    def complaints_allowed(self, status: str) -> None:
        """A browser notes in its console every page with an error status: from here on that is no complaint."""
        self.expected = status

    def check(self, name: str) -> None:
        """What holds for every page: nothing wider than the screen, no complaint, nobody else asked, axe content."""
        self.page.wait_for_load_state()
        if self.shots is not None:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        assert self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, name
        self.page.evaluate(AXE)
        assert self.page.evaluate(_SERIOUS) == [], name
        assert self.page.evaluate(_SMALL) == [], name
        assert self.page.evaluate(_HEADINGS) is True, name
        allowed = (f"status of {self.expected}", OFFLINE)
        assert [one for one in self.complaints if not any(words in one for words in allowed)] == [], name
        hosts = {urlsplit(request.url).hostname for request in self.requests if not request.url.startswith("data:")}
        assert hosts == {"127.0.0.1"}, name


_SMALL = """() => [...document.querySelectorAll(".btn, .form-control, .form-select, summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML)"""
_HEADINGS = """() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1]));
  return levels[0] === 1 && levels.every((one, i) => !i || (one > 1 && one <= levels[i - 1] + 1));
}"""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Leaves the test out, and says so, where there is no Chromium."""
    path = os.environ.get("CIVICBOT_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if not servers.MAY_LEAVE_OUT:
            raise FileNotFoundError("no chromium on this machine")
        pytest.skip("left out: no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(
    browser: Browser, address: Address, *, size: tuple[int, int] = TELEPHONE, javascript: bool = True
) -> Iterator[Looking]:
    context = browser.new_context(
        locale="th-TH",
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(8_000)
    page = context.new_page()
    shots = os.environ.get("CIVICBOT_TESTS_SHOTS")
    someone = Looking(context, page, address, shots=Path(shots) / str(size[0]) if shots else None)
    if someone.shots is not None:
        someone.shots.mkdir(parents=True, exist_ok=True)
    page.on("console", lambda said: someone.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: someone.complaints.append(str(error)))
    page.on("request", lambda request: someone.requests.append(request))
    try:
        yield someone
    finally:
        context.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def address(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model
) -> Iterator[Address]:
    with served(sqlite_database, vault, small_catalogue, small_catalogue_model) as address:
        yield address
