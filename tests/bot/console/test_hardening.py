"""Other pages, other machines: forms that are not ours, hosts that are not us, and what every answer says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, select
from werkzeug.test import TestResponse

from bot.console import hardening
from bot.console.access import DEVICE_COOKIE, SESSION_COOKIE, Pages
from bot.outreach import sign_in, staff
from bot.outreach.permissions import Role
from bot.settings import of
from bot.storage.base import Base
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.test_access import address_of, rules
from tests.bot.console.test_doors import invite, sign_in_as
from tests.bot.console.visiting import BASE, NINE, Site, Visitor


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored, but when somebody was seen last: that moves with every page."""
    with database.reading() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(_columns(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if db.connection().dialect.has_table(db.connection(), table.name)
        }


def _columns(table: Table) -> Any:
    return select(*(column for column in table.columns if (table.name, column.name) != ("staff_sessions", "seen_at")))


def addresses(site: Site, method: str) -> list[str]:
    return [address_of(rule) for rule in rules(site) if method in (rule.methods or set())]


def post_bare(visitor: Visitor, path: str, data: dict[str, str], **headers: str) -> TestResponse:
    return visitor.client.post(path, base_url=BASE, data=data, headers=headers)


def form_token(visitor: Visitor) -> str:
    visitor.get("/console/account")
    assert visitor._token is not None
    return visitor._token


@pytest.fixture
def somebody_else(site: Site) -> Visitor:
    """Another administrator, at another browser."""
    return site.visitor(Role.ADMINISTRATOR, name="kham")


@pytest.fixture
def visitor(site: Site, somebody_else: Visitor) -> Visitor:
    invite(site, login="somchai")
    return site.visitor(Role.ADMINISTRATOR, name="malee")


FORMS = {
    "no token": ({}, {"Origin": BASE}),
    "an empty token": ({"csrf_token": ""}, {"Origin": BASE}),
    "a made-up token": ({"csrf_token": "made.up.token"}, {"Origin": BASE}),
    "the token of another session": ({"csrf_token": "theirs"}, {"Origin": BASE}),
    "a foreign origin": ({"csrf_token": "ours"}, {"Origin": "https://evil.example"}),
    "a hidden origin": ({"csrf_token": "ours"}, {"Origin": "null"}),
    "an origin that looks like ours": ({"csrf_token": "ours"}, {"Origin": "https://127.0.0.1:8000.evil.example"}),
    "another port": ({"csrf_token": "ours"}, {"Origin": "https://127.0.0.1:9000"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_not_ours_changes_nothing(
    site: Site, visitor: Visitor, somebody_else: Visitor, form: str
) -> None:
    data, headers = FORMS[form]
    known = {"ours": form_token(visitor), "theirs": form_token(somebody_else)}
    filled = {name: known.get(value, value) for name, value in data.items()}
    useful = {"do": "disable", "role": "administrator", "name": "x", "login": "xavier", "text": "x", "code": "000000"}
    before = dump(site.database)
    for path in addresses(site, "POST"):
        answer = post_bare(visitor, path, {**useful, **filled}, **headers)
        assert answer.status_code in {400, 403}, f"{path}: {answer.status}"
        assert dump(site.database) == before, path


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_nor_does_a_body_that_is_no_form(site: Site, visitor: Visitor, kind: str) -> None:
    before = dump(site.database)
    for path in addresses(site, "POST"):
        answer = visitor.client.post(path, base_url=BASE, data=b'{"do": "disable"}', content_type=kind)
        assert answer.status_code in {400, 403}, path
    assert dump(site.database) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(site: Site, visitor: Visitor, method: str) -> None:
    """Also with all that a form would have brought, in the address and in the body."""
    site.later(minutes=2)
    filled = {
        "do": "disable", "role": "volunteer", "name": "x", "login": "xavier", "password": "ต้นสัก ต้นยาง",
        "again": "ต้นสัก ต้นยาง", "old": "x", "code": "000000", "text": "x", "next": "/console/",
    }  # fmt: skip
    paths = [*addresses(site, "GET"), f"/console/join/{invite(site, login='kaew')}"]
    before = dump(site.database)
    for path in paths:
        options: dict[str, Any]
        for options in ({}, {"query_string": filled}, {"data": filled}):
            with visitor.client.open(path, base_url=BASE, method=method, **options) as answer:
                answer.get_data()
                assert answer.status_code < 500, f"{path}: {answer.status}"
        assert dump(site.database) == before, path


def test_looking_at_the_code_page_uses_up_no_try(site: Site) -> None:
    site.add_account(Role.STAFF, name="malee")
    visitor = site.visitor()
    sign_in_as(visitor, "malee")
    before = dump(site.database)
    for method in ("GET", "HEAD"):
        for _ in range(6):
            answer = visitor.client.open(
                "/console/second-factor", base_url=BASE, method=method, data={"code": "000000"}
            )
            assert answer.status_code == 200
    assert dump(site.database) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_other_methods_are_refused(site: Site, visitor: Visitor, method: str) -> None:
    before = dump(site.database)
    for path in addresses(site, "GET") + addresses(site, "POST"):
        answer = visitor.client.open(path, base_url=BASE, method=method, headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status_code in {400, 403, 404, 405}, path
    assert dump(site.database) == before


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", "evil.example:8000", "", "a b"]
)
def test_under_a_foreign_name_the_console_is_not_there(site: Site, visitor: Visitor, host: str) -> None:
    for method in ("GET", "POST"):
        for path in ("/console/", "/console/sign-in", "/console/static/console.css", "/console/nowhere", "/console"):
            answer = visitor.client.open(path, base_url=BASE, method=method, headers={"Host": host})
            assert answer.status_code == 421 or (answer.status_code == 400 and host in {"", "a b"}), f"{path} {answer}"
            assert "evil" not in answer.get_data(as_text=True)
            assert "evil" not in str(answer.headers)


def test_the_link_that_is_handed_on_is_of_the_base_address(site: Site, visitor: Visitor) -> None:
    page = visitor.post(
        "/console/staff/add",
        {"name": "ก", "login": "kaew", "role": "staff"},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert f"{site.premises.settings.base_url}/console/join/" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("base", "hosts"),
    [
        ("https://bot.example.org", {"bot.example.org"}),
        ("https://Bot.Example.org:8443", {"bot.example.org:8443"}),
        ("http://127.0.0.1:8000", {"127.0.0.1:8000", "localhost:8000", "[::1]:8000"}),
    ],
)
def test_the_names_under_which_it_answers(base: str, hosts: set[str]) -> None:
    assert hardening.trusted_hosts(of({"CIVICBOT_BASE_URL": base, "CIVICBOT_SECRET_KEY": "s" * 40})) == hosts


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that tries are counted by."""
    noted: list[str] = []
    begin = sign_in.begin

    def noting(*arguments: Any, address: str, **options: Any) -> sign_in.Candidate:
        noted.append(address)
        return begin(*arguments, address=address, **options)

    monkeypatch.setattr(sign_in, "begin", noting)
    monkeypatch.setattr(sign_in, "verify", lambda candidate, password: False)
    return noted


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        ("0", "203.0.113.9", "192.0.2.7"),
        ("0", "203.0.113.9, 198.51.100.1", "192.0.2.7"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("2", "10.0.0.1, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        ("2", "203.0.113.9", "192.0.2.7"),
        ("1", "", "192.0.2.7"),
    ],
)
def test_of_what_proxies_say_only_ours_counts(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model, seen: list[str],
    proxies: str, forwarded: str, counted: str,
) -> None:  # fmt: skip
    site = Site(sqlite_database, vault, small_catalogue, small_catalogue_model, {"CIVICBOT_PROXIES": proxies})
    site.visitor().post(
        "/console/sign-in",
        {"login": "malee", "password": "x"},
        headers={"X-Forwarded-For": forwarded, "X-Real-IP": "203.0.113.66", "Forwarded": "for=203.0.113.77"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert seen == [counted]


def test_another_address_in_a_header_is_no_way_around_the_slow_down(site: Site, seen: list[str]) -> None:
    visitor = site.visitor()
    statuses = [
        visitor.post(
            "/console/sign-in", {"login": f"nobody{i}"}, headers={"X-Forwarded-For": f"203.0.113.{i}"}
        ).status_code
        for i in range(51)
    ]
    assert statuses == [401] * 50 + [429]
    assert set(seen) == {"127.0.0.1"}


def test_a_proxys_foreign_host_is_refused_too(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model
) -> None:
    site = Site(sqlite_database, vault, small_catalogue, small_catalogue_model, {"CIVICBOT_PROXIES": "1"})
    assert site.visitor().get("/console/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 421


def answers(site: Site, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Of every page and file, and of everything that goes wrong."""
    stranger = site.visitor()
    for path in addresses(site, "GET"):
        yield path, visitor.get(path)
        yield f"{path} (stranger)", stranger.get(path)
        yield f"{path} (HEAD)", visitor.client.head(path, base_url=BASE)
    for path in addresses(site, "POST"):
        yield f"POST {path}", post_bare(visitor, path, {})
    for name in ("console.css", "console.js", "icon.svg", "bootstrap.min.css"):
        yield name, visitor.get(f"/console/static/{name}")
    for path in ("/console/nowhere", "/console/static/nowhere.css", "/console/static/../doors.py", "/console/staff/1"):
        yield path, visitor.get(path)
    yield "too large", post_bare(visitor, "/console/try", {"text": "x" * (hardening.UPLOAD_BYTES + 1)})
    yield "foreign host", visitor.get("/console/", headers={"Host": "evil.example"})
    yield "foreign origin", post_bare(visitor, "/console/try", {}, Origin="https://evil.example")
    yield "method", visitor.client.put("/console/", base_url=BASE)
    yield "volunteer", site.visitor(Role.VOLUNTEER, name="noi").get("/console/staff")


def test_every_answer_says_what_protects_it(site: Site, visitor: Visitor) -> None:
    statuses = set()
    for name, answer in answers(site, visitor):
        with answer:
            answer.get_data()
            statuses.add(answer.status_code)
            headers = dict(answer.headers)
            for header, value in hardening.HEADERS.items():
                if header not in {"Cache-Control", "Referrer-Policy"}:
                    assert headers[header] == value, name
            is_file = name in {"console.css", "console.js", "icon.svg", "bootstrap.min.css"}
            assert headers["Cache-Control"] == ("public, max-age=86400" if is_file else "no-store"), name
            assert headers["Referrer-Policy"] == ("strict-origin" if "/join/" in name else "same-origin"), name
            assert headers["Strict-Transport-Security"] == "max-age=31536000", name
            assert "Server" not in headers, name
            assert not any(header.startswith("Access-Control-") for header in headers), name
            if (answer.mimetype or "").startswith("text/") and answer.status_code != 304:
                assert answer.mimetype_params.get("charset") == "utf-8", name
            if is_file:
                assert "Set-Cookie" not in headers, name
    assert statuses == {200, 302, 400, 403, 404, 405, 413, 421}


def test_the_policy_lets_nothing_of_others_and_nothing_inline_in() -> None:
    policy = dict(one.split(" ", 1) for one in hardening.POLICY.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["font-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in hardening.POLICY


def test_when_something_breaks_the_page_tells_nothing_of_it(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(staff, "list_accounts", broken)
    answer = visitor.get("/console/staff")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "ระบบขัดข้องค่ะ" in page
    assert [word for word in ("secret", "RuntimeError", "Traceback", ".py") if word in page] == []
    assert {name: answer.headers[name] for name in hardening.HEADERS} == hardening.HEADERS


def test_without_encryption_no_promise_of_it(site: Site) -> None:
    answer = site.app.test_client().get("/console/sign-in", base_url="http://127.0.0.1:8000")
    assert "Strict-Transport-Security" not in answer.headers


def test_the_cookies(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = site.visitor()
    form = visitor.get("/console/sign-in").headers.getlist("Set-Cookie")
    signed_in = sign_in_as(visitor, "malee").headers.getlist("Set-Cookie")
    visitor.get("/console/")
    out = visitor.post("/console/sign-out").headers.getlist("Set-Cookie")
    found = {}
    for cookie in [*signed_in, *form]:
        first, *rest = cookie.split("; ")
        found[first.partition("=")[0]] = sorted(one for one in rest if not one.startswith("Expires="))
    always = ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert found == {
        hardening.FORM_COOKIE: always,
        SESSION_COOKIE: always,
        DEVICE_COOKIE: ["HttpOnly", f"Max-Age={180 * 24 * 3600}", "Path=/", "SameSite=Lax", "Secure"],
    }
    assert all(name.startswith("__Host-") for name in found)
    assert [one for one in out if one.startswith(f"{SESSION_COOKIE}=;") and "Max-Age=0" in one] != []


def test_what_was_readable_before_the_door_is_worth_nothing_behind_it(site: Site) -> None:
    """Somebody who sat at this browser earlier may have copied the hidden field."""
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = site.visitor()
    visitor.get("/console/sign-in")
    copied = visitor._token or ""
    sign_in_as(visitor, "malee")
    assert post_bare(visitor, "/console/sign-out", {"csrf_token": copied}, Origin=BASE).status_code == 400


@pytest.mark.parametrize("size", [hardening.UPLOAD_BYTES + 1, 10**12])
def test_more_than_the_limit_is_not_read(site: Site, visitor: Visitor, size: int) -> None:
    """The length is believed: nothing is read to find out."""
    before = dump(site.database)
    answer = visitor.client.post(
        "/console/try", base_url=BASE, content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": _Unreadable(), "CONTENT_LENGTH": str(size)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "5 เมกะไบต์" in answer.get_data(as_text=True)
    assert dump(site.database) == before


class _Unreadable:
    def read(self, size: int = -1) -> bytes:
        raise AssertionError("somebody reads")

    def readline(self, size: int = -1) -> bytes:
        raise AssertionError("somebody reads")


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 400, "-1", "0x1", "1e3", "%00", "٣"])
def test_numbers_that_no_row_has_are_no_fault_of_the_database(site_on_each: Site, number: str) -> None:
    visitor = site_on_each.visitor(Role.ADMINISTRATOR)
    assert visitor.get(f"/console/audit?before={number}").status_code == 200
    assert visitor.post(f"/console/staff/{number}", {"do": "disable"}).status_code in {302, 404}


def test_a_page_that_says_not_what_it_needs_cannot_be_made(site: Site, visitor: Visitor) -> None:
    pages = Pages("sloppy")
    with pytest.raises(TypeError):
        pages.page("/sloppy")  # type: ignore[call-arg]


def test_a_rule_that_came_in_past_the_pages_is_shut(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from bot.console import pages as all_pages

    def sloppy(premises: Any) -> Any:
        pages = Pages("sloppy")
        pages.blueprint.add_url_rule("/sloppy", "open", lambda: "wide open")
        return pages.guard(premises)

    monkeypatch.setattr(all_pages, "BLUEPRINTS", (*all_pages.BLUEPRINTS, sloppy))
    site = Site(sqlite_database, vault, small_catalogue, small_catalogue_model, now=NINE)
    assert site.visitor(Role.ADMINISTRATOR).get("/console/sloppy").status_code == 404
