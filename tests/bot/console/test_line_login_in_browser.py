"""Signing in with LINE in a real browser, as wide as a telephone and as a desk, with LINE's simulator beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from bot.outreach import line_linking
from bot.outreach.permissions import Role
from bot.storage import people
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.browsing import WIDTHS, Address, looking, running_chromium
from tests.bot.console.visiting import Site
from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, running_simulator

LOGIN, SECRET = "2000000002", "0123456789abcdef0123456789abcdef"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def line() -> Iterator[Desk]:
    with running_simulator("http://127.0.0.1:9/", login_channel_secret=SECRET) as desk:
        yield desk


@pytest.fixture
def beside_line(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model, line: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Address]:  # fmt: skip
    """The console, with Somsri as a volunteer whose account is linked."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    environment = {
        "CIVICBOT_BASE_URL": url, "LINE_API_URL": line.url, "CIVICBOT_LINE_LOGIN_CHANNEL_ID": LOGIN,
        "CIVICBOT_LINE_LOGIN_CHANNEL_SECRET": SECRET,
    }  # fmt: skip
    site = Site(sqlite_database, vault, small_catalogue, small_catalogue_model, environment, datetime.now(UTC))
    server.app = site.app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    _link(site)
    try:
        yield Address(url, site)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _link(site: Site) -> None:
    account = site.add_account(Role.VOLUNTEER, name="somsri")
    with site.database.transaction() as db:
        person = people.find_or_create(db, line_user_id=SOMSRI, now=site.now)
        code = line_linking.make_code(db, site.vault, staff_id=account.id, now=site.now)
        line_linking.redeem(db, site.vault, code=code, person_id=person.id, now=site.now)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False])
def test_one_tap_at_the_door_and_one_at_line(
    chromium: Browser, beside_line: Address, size: tuple[int, int], javascript: bool
) -> None:
    with looking(chromium, beside_line, size=size, javascript=javascript) as someone:
        someone.open("/console/account")
        someone.press("เข้าสู่ระบบด้วย LINE")
        someone.page.locator(f"a[href*='{SOMSRI}']").click()
        someone.page.wait_for_url(f"{beside_line.url}/console/account")
        assert someone.page.get_by_role("heading", level=1).inner_text() == "บัญชีของฉัน"


@pytest.mark.parametrize("size", WIDTHS)
def test_who_is_not_let_in_is_told_what_to_do(chromium: Browser, beside_line: Address, size: tuple[int, int]) -> None:
    with looking(chromium, beside_line, size=size) as someone:
        someone.open("/console/sign-in?next=/console/account")
        someone.check("line-sign-in")
        someone.press("เข้าสู่ระบบด้วย LINE")
        someone.page.locator(f"a[href*='{KHAM}']").click()
        someone.page.wait_for_url(f"{beside_line.url}/console/line/callback?**")
        someone.complaints_allowed("40")
        someone.check("line-not-linked")
        someone.page.get_by_role("link", name="เข้าด้วยชื่อผู้ใช้กับรหัสผ่าน").click()
        someone.press("เข้าสู่ระบบด้วย LINE")
        someone.page.get_by_role("link", name="ไม่อนุญาต").click()
        someone.page.wait_for_url(f"{beside_line.url}/console/line/callback?**")
        someone.check("line-declined")
        someone.press("ลองเข้าด้วย LINE อีกครั้ง")
        someone.page.locator(f"a[href*='{SOMSRI}']").click()
        someone.page.wait_for_url(f"{beside_line.url}/console/account")  # where they wanted to be from the start
