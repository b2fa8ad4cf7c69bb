"""Coming in and going out, as somebody tries who should not."""

from __future__ import annotations

import re
import time
from urllib.parse import urljoin, urlsplit

import pytest
import structlog
from werkzeug.test import TestResponse

from bot.console.access import SESSION_COOKIE
from bot.outreach import sign_in, staff
from bot.outreach.permissions import Role
from bot.storage import audit
from tests.bot.console.visiting import BASE, PASSWORD, Site, Visitor

NEW_PASSWORD = "แม่น้ำ ภูเขา ทะเล"
_CHANGES = re.compile(r'name="csrf_token" value="[^"]+"|name="login" value="[^"]*"|id="login" value="[^"]*"')


def sign_in_as(
    visitor: Visitor, login: str, password: str = PASSWORD, *, address: str = "192.0.2.7", **data: str
) -> TestResponse:
    """From the page, as it is now: its hidden field is another one after each door."""
    visitor.get("/console/sign-in", follow_redirects=True)
    return visitor.post(
        "/console/sign-in", {"login": login, "password": password, **data}, environ_overrides={"REMOTE_ADDR": address}
    )


def invite(site: Site, role: Role = Role.STAFF, *, login: str = "somchai") -> str:
    with site.database.transaction() as db:
        return staff.add_account(db, name="สมชาย", login=login, role=role, by=None, now=site.now).token


def join(visitor: Visitor, token: str, password: str = PASSWORD, *, again: str | None = None) -> TestResponse:
    return visitor.post(
        f"/console/join/{token}", {"name": "สมชาย", "password": password, "again": password if again is None else again}
    )


def test_the_right_password_leads_where_one_wanted_to_go(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    answer = sign_in_as(site.visitor(), "malee", next="/console/account")
    assert (answer.status_code, answer.location) == (302, "/console/account")


def test_who_has_a_second_factor_is_asked_for_the_code_before_anything(site: Site) -> None:
    site.add_account(Role.ADMINISTRATOR, name="malee")
    visitor = site.visitor()
    assert sign_in_as(visitor, "malee").location == "/console/second-factor?next=/console/"
    visitor.get("/console/second-factor")
    for path in ("/console/", "/console/account", "/console/staff", "/console/account/second-factor"):
        assert (visitor.get(path).location or "").startswith("/console/second-factor"), path
    assert visitor.post("/console/account/recovery-codes").location == "/console/second-factor"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "https:evil.example",
        "/console/..//evil.example", "/console/%2e%2e//evil.example", "/console//evil.example", "\t//evil.example",
        "/console/\r\nLocation: //evil.example", "javascript:alert(1)", "//evil.example/console/",
        "/console@evil.example",
    ],
)  # fmt: skip
def test_after_every_door_one_is_still_in_this_house(site: Site, target: str) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = site.visitor()
    answers = [
        sign_in_as(visitor, "malee", next=target),
        visitor.get("/console/sign-in", query_string={"next": target}),
        visitor.get("/console/second-factor", query_string={"next": target}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        parts = urlsplit(urljoin(f"{BASE}/console/sign-in", answer.location))
        assert (parts.scheme, parts.netloc) == ("https", "127.0.0.1:8000")


def test_known_unknown_and_disabled_logins_get_the_same_page(site: Site) -> None:
    disabled = site.add_account(Role.VOLUNTEER, name="kham")
    site.add_account(Role.VOLUNTEER, name="malee")
    with site.database.transaction() as db:
        staff.disable(db, staff_id=disabled.id, by=None, now=site.now)
    pages = set()
    for login, password in (("malee", "ผิดแน่นอนค่ะ"), ("nobody", PASSWORD), ("kham", PASSWORD), ("x" * 500, PASSWORD)):
        visitor = site.visitor()
        answer = sign_in_as(visitor, login, password)
        cookies = sorted(cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie"))
        pages.add((answer.status_code, _CHANGES.sub("", answer.get_data(as_text=True)), tuple(cookies)))
    assert len(pages) == 1
    assert pages.pop()[0] == 401


def test_known_and_unknown_logins_cost_the_same(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = site.visitor()

    def cost(login: str) -> float:
        started = time.process_time()
        sign_in_as(visitor, login, "ผิดแน่นอนค่ะ")
        return time.process_time() - started

    cost("warming-up")
    spent = [(cost("malee"), cost("nobody")) for _ in range(8)]  # by turns: what slows the machine slows both
    known, unknown = (min(costs) for costs in zip(*spent, strict=True))
    assert 0.6 < known / unknown < 1.6


def test_guessing_an_account_is_slowed_down_whoever_it_is(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    pages = []
    for login in ("malee", "nobody"):
        visitor = site.visitor()
        statuses = [sign_in_as(visitor, login, "ผิดแน่นอนค่ะ", address=f"192.0.2.{i}").status_code for i in range(11)]
        assert statuses == [401] * 10 + [429]
        refused = sign_in_as(visitor, login, PASSWORD)
        assert refused.status_code == 429
        pages.append(_CHANGES.sub("", refused.get_data(as_text=True)))
    assert pages[0] == pages[1]
    assert "09:15 น." in pages[0]
    site.later(minutes=15, seconds=1)
    assert sign_in_as(site.visitor(), "malee").status_code == 302


def test_whoever_guesses_does_not_shut_out_the_browser_that_was_here_before(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    hers = site.visitor()
    assert sign_in_as(hers, "malee").status_code == 302
    for _ in range(11):
        sign_in_as(site.visitor(), "malee", "ผิดแน่นอนค่ะ")
    assert sign_in_as(site.visitor(), "malee").status_code == 429
    assert sign_in_as(hers, "malee").status_code == 302


def test_an_address_is_slowed_down_over_all_accounts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "verify", lambda candidate, password: False)
    visitor = site.visitor()
    statuses = [sign_in_as(visitor, f"nobody{i}").status_code for i in range(51)]
    assert statuses == [401] * 50 + [429]
    assert sign_in_as(visitor, "nobody", address="192.0.2.8").status_code == 401


def test_who_comes_in_anew_leaves_the_session_of_before_behind(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    site.add_account(Role.VOLUNTEER, name="kham")
    visitor, other = site.visitor(), site.visitor()
    sign_in_as(visitor, "malee")
    before = visitor.client.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
    assert before is not None
    sign_in_as(visitor, "kham")
    other.client.set_cookie(SESSION_COOKIE, before.value, domain="127.0.0.1", secure=True)
    assert (other.get("/console/").location or "").startswith("/console/sign-in")


def test_the_link_works_once(site: Site) -> None:
    token, visitor = invite(site), site.visitor()
    assert visitor.get(f"/console/join/{token}").status_code == 200
    assert join(visitor, token).location == "/console/"
    for answer in (site.visitor().get(f"/console/join/{token}"), join(site.visitor(), token, NEW_PASSWORD)):
        assert answer.status_code == 404
        assert "ลิงก์นี้ใช้ไม่ได้แล้วค่ะ" in answer.get_data(as_text=True)
    assert sign_in_as(site.visitor(), "somchai", NEW_PASSWORD).status_code == 401


def test_looking_at_the_link_does_not_use_it_up(site: Site) -> None:
    token = invite(site)
    for _ in range(3):
        site.visitor().client.head(f"/console/join/{token}", base_url=BASE)
        assert site.visitor().get(f"/console/join/{token}").status_code == 200


def test_the_first_link_of_all_lasts_a_day_and_later_ones_three(site: Site) -> None:
    first, second = invite(site, login="first"), invite(site, login="second")
    site.later(hours=24)
    assert site.visitor().get(f"/console/join/{first}").status_code == 404
    assert site.visitor().get(f"/console/join/{second}").status_code == 200
    site.later(hours=48)
    assert site.visitor().get(f"/console/join/{second}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (PASSWORD, "อย่างอื่น", "รหัสผ่านสองช่องไม่เหมือนกัน"), ("สั้น", "สั้น", "รหัสผ่านสั้นไป"),
        ("passwordpassword", "passwordpassword", "มีคนใช้กันมาก"), ("x" * 201, "x" * 201, "รหัสผ่านยาวเกินไป"),
    ],
)  # fmt: skip
def test_a_password_that_does_not_do_leaves_the_link_as_it_was(
    site: Site, password: str, again: str, said: str
) -> None:
    token, visitor = invite(site), site.visitor()
    answer = join(visitor, token, password, again=again)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert "สมชาย" in answer.get_data(as_text=True)
    assert join(visitor, token).status_code == 302


def test_the_link_decides_who_one_becomes_and_not_the_form(site: Site) -> None:
    token, visitor = invite(site, Role.VOLUNTEER), site.visitor()
    extra = {"role": "administrator", "login": "root", "id": "1", "generation": "9", "disabled_at": ""}
    visitor.post(f"/console/join/{token}", {"name": "สมชาย", "password": PASSWORD, "again": PASSWORD, **extra})
    with site.database.reading() as db:
        accounts = [(account.login, account.role) for account in staff.list_accounts(db)]
    assert accounts == [("somchai", Role.VOLUNTEER)]


def test_neither_the_link_nor_a_password_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    token = invite(site)
    with structlog.testing.capture_logs() as logged, caplog.at_level(0):
        visitor = site.visitor()
        visitor.get(f"/console/join/{token}")
        join(visitor, token, "สั้น")
        join(visitor, token)
        join(visitor, token)
        sign_in_as(site.visitor(), "somchai")
        site.visitor().get(f"/console/join/{token}/more")
    with site.database.reading() as db:
        kept = [vars(line) for line in audit.list_entries(db)]
    assert token not in str(logged) + caplog.text + str(kept)
    assert PASSWORD not in str(logged) + caplog.text + str(kept)


def test_the_address_of_the_link_is_told_to_nobody(site: Site) -> None:
    """A browser sends along our origin alone: which our check of `Origin` needs, and which is no secret."""
    token = invite(site)
    assert site.visitor().get(f"/console/join/{token}").headers["Referrer-Policy"] == "strict-origin"
    assert site.visitor().get("/console/sign-in").headers["Referrer-Policy"] == "same-origin"


def test_no_more_passwords_are_looked_at_than_the_machine_bears(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bool:
        raise sign_in.TooBusy

    monkeypatch.setattr(sign_in, "verify", busy)
    answer = sign_in_as(site.visitor(), "malee")
    assert answer.status_code == 503
    assert 'value="malee"' in answer.get_data(as_text=True)
