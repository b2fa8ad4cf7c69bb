"""Signing in with LINE, against LINE's simulator over HTTP: who comes in, and who does not."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from bot import settings
from bot.console import line_login
from bot.console.access import SESSION_COOKIE
from bot.outreach import line_linking, sign_in, staff
from bot.outreach.permissions import Role
from bot.outreach.staff import Account
from bot.settings import SettingsRefused
from bot.storage import audit, people
from bot.storage.staff import StaffRow
from tests.bot.console.beside_line import (
    BACK,
    LOGIN,
    SECRET,
    TOKEN,
    Door,
    _line,
    asked,
    door,
    door_on_each,
    is_in,
    line,
    nobody_came_in,
    refusal,
    told,
)
from tests.bot.console.visiting import BASE, Site, Visitor
from tests.bot.simulator.desk import KHAM, SOMSRI

__all__ = ["_line", "door", "door_on_each", "line"]


def test_somebody_linked_comes_in_and_the_audit_log_says_how(door_on_each: Door) -> None:
    door, visitor = door_on_each, Visitor(door_on_each.site.app)

    address = door.set_out(visitor)

    sent = asked(address)
    assert address.startswith(f"{door.line.url}/oauth2/v2.1/authorize?")
    assert {name: sent[name] for name in ("response_type", "client_id", "redirect_uri", "scope")} == {
        "response_type": "code", "client_id": LOGIN, "redirect_uri": BACK, "scope": "openid",
    }  # fmt: skip
    assert sent["code_challenge_method"] == "S256"
    secret_parts = [sent["state"], sent["nonce"], sent["code_challenge"]]
    assert len(set(secret_parts)) == 3
    assert min(map(len, secret_parts)) >= 43
    answer = visitor.get(door.agree(address))
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert is_in(visitor)
    with door.site.database.reading() as db:
        (opened,) = audit.list_entries(db, action_prefix="session.", before_id=None, limit=9)
    assert (opened.action, opened.actor, opened.subject_id, opened.after) == (
        "session.opened", "somsri", str(door.somsri.id), {"by": "LINE"}
    )  # fmt: skip
    assert opened.address_hash is not None


def test_without_a_simulator_the_addresses_are_lines_own() -> None:
    chosen = settings.of({"CIVICBOT_LINE_LOGIN_CHANNEL_ID": "1", "CIVICBOT_LINE_LOGIN_CHANNEL_SECRET": "s" * 32})
    channel = line_login.LineChannel.of(chosen, "/console/line/callback")
    assert (channel.authorize, channel.token, channel.redirect_uri) == (
        "https://access.line.me/oauth2/v2.1/authorize", "https://api.line.me/oauth2/v2.1/token",
        "http://127.0.0.1:8000/console/line/callback",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["ID", "SECRET"])
def test_the_channel_is_set_as_a_whole_or_not_at_all(name: str) -> None:
    with pytest.raises(SettingsRefused, match="set both or none"):
        settings.of({f"CIVICBOT_LINE_LOGIN_CHANNEL_{name}": "x" * 32})


def test_without_a_channel_there_is_no_such_door(site: Site) -> None:
    visitor = site.visitor()
    assert visitor.post("/console/line").status_code == 404
    assert visitor.get("/console/line/callback?code=c&state=s").status_code == 404


def test_setting_out_needs_a_form_of_ours(door: Door) -> None:
    visitor = Visitor(door.site.app)
    assert visitor.get("/console/line").status_code == 405
    assert visitor.client.post("/console/line", base_url=BASE).status_code == 400
    assert visitor.post("/console/line", headers={"Origin": "https://evil.example"}).status_code == 403


def test_the_way_back_does_not_depend_on_the_name_in_the_request(door: Door) -> None:
    visitor = Visitor(door.site.app)
    visitor.get("/console/sign-in")
    answer = visitor.client.post(
        "/console/line", base_url="https://127.0.0.1:8000", data={"csrf_token": visitor._token},
        headers={"Origin": BASE, "X-Forwarded-Host": "evil.example", "Host": "127.0.0.1:8000"},
    )  # fmt: skip
    assert asked(str(answer.location))["redirect_uri"] == BACK


def test_who_has_a_second_factor_is_still_asked_for_it(door: Door) -> None:
    site, visitor = door.site, Visitor(door.site.app)
    kham = door.link(site.add_account(Role.STAFF, name="kham"), KHAM)

    answer = door.journey(visitor, KHAM, next="/console/try")

    assert answer.location == "/console/second-factor?next=/console/try"
    assert not is_in(visitor)
    site.later(minutes=1)  # the code of the enrolment counts no more
    visitor.get("/console/second-factor")
    passed = visitor.post("/console/second-factor", {"code": code_of(site, kham), "next": "/console/try"})
    assert (passed.location, is_in(visitor)) == ("/console/try", True)


def code_of(site: Site, account: Account) -> str:
    with site.database.reading() as db:
        sealed = db.scalar(select(StaffRow.totp_sealed).where(StaffRow.id == account.id))
    assert sealed is not None
    return pyotp.TOTP(site.vault.open(sealed).decode()).at(site.now)


def test_who_still_has_to_set_up_a_second_factor_is_led_there(door: Door) -> None:
    visitor = Visitor(door.site.app)
    door.link(door.site.add_account(Role.STAFF, name="kham", second_factor_set=False), KHAM)
    assert door.journey(visitor, KHAM).location == "/console/"
    assert visitor.get("/console/").location == "/console/account/second-factor"


@pytest.mark.parametrize(
    ("wanted", "target"),
    [("/console/account", "/console/account"), ("https://evil.example/", "/console/"), ("//evil.example", "/console/")],
)
def test_afterwards_one_is_where_one_wanted_to_be_in_this_house(door: Door, wanted: str, target: str) -> None:
    assert door.journey(Visitor(door.site.app), next=wanted).location == target


def test_a_session_that_was_planted_is_not_taken_over(door: Door) -> None:
    visitor = Visitor(door.site.app)
    visitor.client.set_cookie(SESSION_COOKIE, "planted", domain="127.0.0.1", secure=True)
    door.journey(visitor)
    kept = visitor.client.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
    assert kept is not None
    assert (kept.value != "planted", is_in(visitor)) == (True, True)


@pytest.mark.parametrize("known", [False, True])
def test_somebody_who_is_not_linked_is_told_how_to(door: Door, known: bool) -> None:
    visitor = Visitor(door.site.app)
    if known:
        with door.site.database.transaction() as db:
            people.find_or_create(db, line_user_id=KHAM, now=door.site.now)

    answer = door.journey(visitor, KHAM)

    assert refusal(answer) == told(line_login.Why.NOT_LINKED)
    assert "ขอรหัสเชื่อมกับ LINE" in answer.get_data(as_text=True)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("unlinked", line_login.Why.NOT_LINKED), ("disabled", line_login.Why.DISABLED),
        ("reset", line_login.Why.NOT_LINKED), ("linked elsewhere", line_login.Why.NOT_LINKED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_who_lost_the_link_does_not_come_in(door: Door, when: str, event: str, why: line_login.Why) -> None:
    visitor = Visitor(door.site.app)
    if when == "before":
        befall(door, event)
        answer = door.journey(visitor)
    else:
        back = door.agree(door.set_out(visitor))
        befall(door, event)
        answer = visitor.get(back)

    assert refusal(answer) == told(why)
    assert nobody_came_in(door, visitor)


def befall(door: Door, event: str) -> None:
    now, somsri = door.site.now, door.somsri
    if event == "linked elsewhere":
        door.link(somsri, KHAM)
        return
    with door.site.database.transaction() as db:
        if event == "unlinked":
            line_linking.unlink(db, staff_id=somsri.id)
        elif event == "disabled":
            staff.disable(db, staff_id=somsri.id, by=None, now=now)
        else:
            staff.reset(db, staff_id=somsri.id, by=None, now=now)


def test_a_reset_between_looking_and_letting_in_is_noticed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(door.site.app)
    found = line_linking.find_by_person

    def then_reset(db: Any, person_id: int) -> Account | None:
        account = found(db, person_id)
        staff.reset(db, staff_id=door.somsri.id, by=None, now=door.site.now)
        return account

    monkeypatch.setattr(line_linking, "find_by_person", then_reset)
    assert refusal(door.journey(visitor)) == told(line_login.Why.CHANGED)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize("event", ["disabled", "reset"])
def test_who_is_disabled_after_coming_in_is_out_at_once(door: Door, event: str) -> None:
    visitor = Visitor(door.site.app)
    door.journey(visitor)
    assert is_in(visitor)
    befall(door, event)
    assert not is_in(visitor)


def test_after_many_returns_in_vain_an_address_has_to_wait_and_success_costs_nothing(door: Door) -> None:
    for _ in range(3):
        door.journey(Visitor(door.site.app))
    with door.site.database.transaction() as db:
        key = door.site.vault.keyed_hash("sign-in/address", "127.0.0.1")
        for _ in range(sign_in.MOST_TRIES_ADDRESS - 1):
            sign_in.take_try(db, {key: sign_in.MOST_TRIES_ADDRESS}, now=door.site.now)
    assert door.journey(Visitor(door.site.app)).location == "/console/", "the three from before were given back"
    in_vain = Visitor(door.site.app)
    assert door.journey(in_vain, KHAM).status_code == 403
    calls = len(door.line.rows())
    late = door.journey(Visitor(door.site.app))
    assert refusal(late) == told(line_login.Why.TOO_MANY)
    assert [row["path"] for row in door.line.rows()[calls:] if row["path"] == TOKEN] == [], "LINE is not asked"


def test_who_it_was_is_not_logged(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.journey(Visitor(door.site.app), KHAM)
    door.journey(Visitor(door.site.app))
    door.journey_with(Visitor(door.site.app), "a.b.c")
    written = "".join(capsys.readouterr())
    assert "line_login.not_proven" in written
    assert [secret for secret in (SOMSRI, KHAM, SECRET, "a.b.c") if secret in written] == []
