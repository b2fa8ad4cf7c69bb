"""What people write is shown as they wrote it, and does nothing: wherever a name, a message or a value appears."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.outreach import audit, staff
from bot.outreach.audit import Actor
from bot.outreach.permissions import Role
from tests.bot.console.test_doors import sign_in_as
from tests.bot.console.visiting import NINE, PASSWORD, FixedLibrary, Site, Visitor, matcher_of

CARRIERS = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single quote": "' autofocus onfocus='alert(1)",
    "svg": "</textarea></title><svg/onload=alert(1)>",
    "link": "javascript:alert(1)//",
    "comment": "<!--<style>*{display:none}</style>",
    "template": "{{7*7}}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "objects": "{{request.application.__globals__}}{user.__class__}",
    "format": "%s%n%(password)s{0}{name}",
    "database": "'; DROP TABLE staff; --",
    "entity": "&lt;b&gt;&#60;b&#62;&amp;",
    "long": "ก" * 5000,
}
INVISIBLE = {
    "null": "a\0b<script\0>alert(1)</script>",
    "overrides": "\u202egnp.exe\u2066\u200b<b>\u2028\u2029",
    "lines": "ก\r\nSet-Cookie: x=1\r\n\r\n<script>",
    "half a letter": "\udce0<script>",
}
ALLOWED_ADDRESSES = ("/console", "#", "otpauth:")


class Page(HTMLParser):
    """A page as a browser would take it apart."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.words: list[str] = []
        self.values: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.values += [given[name] for name in ("value", "aria-label", "data-sure") if name in given]
        if tag in {"img", "iframe", "object", "embed", "style", "base", "b"}:
            self.faults.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/console/static/"):
            self.faults.append("script")
        self.faults += [name for name in given if name.startswith("on") or name in {"style", "srcdoc", "formaction"}]
        addresses = [given[name] for name in ("href", "src", "action") if name in given]
        self.faults += [one for one in addresses if not one.startswith(ALLOWED_ADDRESSES)]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    @property
    def text(self) -> str:
        return "".join(self.words)


def look(answer: Any, *, status: int = 200) -> Page:
    assert answer.status_code == status
    page = Page(answer.get_data(as_text=True))
    assert page.faults == []
    return page


@pytest.fixture
def site(site_on_each: Site) -> Site:
    """What one database stores, another may refuse: a null byte, half a letter."""
    return site_on_each


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.ADMINISTRATOR, name="malee")


@pytest.mark.parametrize("carrier", [*CARRIERS, *INVISIBLE])
def test_as_the_name_of_one_of_the_staff(site: Site, visitor: Visitor, carrier: str) -> None:
    written = (CARRIERS | INVISIBLE)[carrier]
    written = written.encode(errors="replace").decode() if carrier == "half a letter" else written
    filled = {"name": written, "login": "kaew", "role": "volunteer"}
    if len(written) > 80:
        assert written[:80] not in look(visitor.post("/console/staff/add", filled), status=422).text
        return
    shown = "".join(one for one in " ".join(written.split()) if one.isprintable())
    assert shown in look(visitor.post("/console/staff/add", filled)).text
    listed = look(visitor.get("/console/staff"))
    assert shown in listed.text
    assert [value for value in listed.values if shown in value and value != shown] != []
    with site.database.reading() as db:
        account = staff.find_account(db, login="kaew")
    assert account is not None
    token = visitor.post(f"/console/staff/{account.id}", {"do": "reset"}).get_data(as_text=True)
    path = "/console/join/" + token.partition("/console/join/")[2][:43]
    theirs = site.visitor()
    assert shown in look(theirs.get(path)).values
    assert theirs.post(path, {"name": written, "password": PASSWORD, "again": PASSWORD}).status_code == 302
    for own in ("/console/", "/console/account", "/console/account/second-factor", "/console/account/password"):
        look(theirs.get(own))
    assert shown in look(theirs.get("/console/")).text
    assert shown in look(visitor.get("/console/audit")).text


@pytest.mark.parametrize("carrier", [*CARRIERS, *INVISIBLE])
def test_as_a_login_and_as_everything_else_at_the_doors(site: Site, carrier: str) -> None:
    written = (CARRIERS | INVISIBLE)[carrier].encode(errors="replace").decode()
    visitor = site.visitor()
    answer = sign_in_as(visitor, written, written, next=written)
    page = look(answer, status=401)
    assert written.replace("\r\n", "\n") in [value.replace("\r\n", "\n") for value in page.values]
    look(visitor.get("/console/sign-in", query_string={"next": written, "why": written, "login": written}))
    look(visitor.get(f"/console/join/{''.join(written.split('/'))[:500]}"), status=404)
    for cookie in ("__Host-civicbot", "__Host-civicbot-device", "__Host-civicbot-form"):
        visitor.client.set_cookie(cookie, html.escape(written[:500]).encode().hex(), domain="127.0.0.1")
        look(visitor.get("/console/sign-in"))


@pytest.mark.parametrize("carrier", [*CARRIERS, *INVISIBLE])
def test_as_a_login_of_somebody_new(site: Site, visitor: Visitor, carrier: str) -> None:
    written = (CARRIERS | INVISIBLE)[carrier].encode(errors="replace").decode()
    filled = {"name": "ก", "login": written, "role": "volunteer"}
    page = look(visitor.post("/console/staff/add", filled), status=422)
    assert written.replace("\r\n", "\n") in [value.replace("\r\n", "\n") for value in page.values]


@pytest.mark.parametrize("carrier", [*CARRIERS, *INVISIBLE])
def test_as_a_message_that_is_tried(site: Site, visitor: Visitor, carrier: str) -> None:
    written = (CARRIERS | INVISIBLE)[carrier].encode(errors="replace").decode()
    page = look(visitor.post("/console/try", {"text": f"ศูนย์ {written}", "earlier": written}))
    assert f"ศูนย์ {written}"[:5000].replace("\r\n", "\n") in page.text.replace("\r\n", "\n")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_as_what_the_faq_says(site: Site, visitor: Visitor, carrier: str) -> None:
    written, library = CARRIERS[carrier], site.premises.library
    assert isinstance(library, FixedLibrary)
    entries = {
        name: replace(entry, title={**entry.title, "th": written}, answer={**entry.answer, "th": f"ตอบ {written}"})
        for name, entry in site.catalogue.entries.items()
    }
    library.catalogue = replace(site.catalogue, entries=entries)
    library.matcher = matcher_of(site.catalogue, site.model)
    page = look(visitor.post("/console/try", {"text": "ศูนย์เปิดกี่โมงคะ"}))
    assert f"ตอบ {written}" in page.text
    assert f"“{written}”" in page.text


@pytest.mark.parametrize("carrier", [*CARRIERS, *INVISIBLE])
def test_as_anything_in_the_audit_log(site: Site, visitor: Visitor, carrier: str) -> None:
    written = (CARRIERS | INVISIBLE)[carrier]
    start, name = written[:500], written[:100].replace("\0", "").encode(errors="replace").decode()
    with site.database.transaction() as db:
        audit.record(
            db, site.vault, actor=Actor(9, name), action="faq.saved", subject=("faq_entry", name), now=NINE,
            before={"answer": "ก", start: 1}, after={"answer": written, "list": [start, {"x": start}]},
        )  # fmt: skip
    page = look(visitor.get("/console/audit"))
    assert written[:2000].encode(errors="replace").decode() in page.text


def test_nothing_of_it_is_calculated(site: Site, visitor: Visitor) -> None:
    page = look(
        visitor.post(
            "/console/try", {"text": "{{7187*7193}} ${7187*7193} {{config}} {% for x in range(9) %}z{% endfor %}"}
        )
    )
    assert "51696091" not in page.text
    assert "zzzzzzzzz" not in page.text
    assert "SECRET_KEY" not in page.text


def test_what_is_hidden_in_a_message_does_not_turn_the_page_round(site: Site, visitor: Visitor) -> None:
    """An override ends where its name, value or word ends: each stands by itself."""
    with site.database.transaction() as db:
        audit.record(
            db, site.vault, actor=Actor(9, "ก\u202e"), action="faq.saved", subject=("faq_entry", "x\u202e"), now=NINE,
            before={"answer": "ข\u202e"}, after={"answer": "ค\u202e"},
        )  # fmt: skip
    source = visitor.get("/console/audit").get_data(as_text=True)
    source += visitor.post("/console/try", {"text": "ศูนย์\u202eเปิดกี่โมง"}).get_data(as_text=True)
    source = re.sub("<textarea.*?</textarea>", "", source, flags=re.DOTALL)
    assert source.count("\u202e") >= 4
    assert re.sub('<bdi>[^<]*</bdi>|<span class="word[^"]*">[^<]*</span>', "", source).count("\u202e") == 0
