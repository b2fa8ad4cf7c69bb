"""Signing in with LINE by what is old, altered, made up or somebody else's: nobody comes in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from bot.console import line_login
from bot.console.access import SESSION_COOKIE
from bot.console.hardening import FORM_COOKIE
from bot.outreach.permissions import Role
from bot.simulator.json_web_tokens import sign_claims, to_base64url
from tests.bot.console.beside_line import (
    BACK,
    ELSEWHERE,
    LOGIN,
    SECRET,
    TOKEN,
    Door,
    _line,
    altered,
    asked,
    door,
    is_in,
    line,
    nobody_came_in,
    refusal,
    told,
)
from tests.bot.console.visiting import Visitor
from tests.bot.simulator.desk import KHAM, SOMSRI

__all__ = ["_line", "door", "line"]


def claims(door: Door, **more: Any) -> dict[str, Any]:
    now = int(door.site.now.timestamp())
    whole = {"iss": line_login.ISSUER, "sub": SOMSRI, "aud": LOGIN, "exp": now + 3600, "iat": now, **more}
    return {name: value for name, value in whole.items() if value is not None}


class SameNonce:
    """Makes the nonce known in advance, so that a token by hand is wrong in one thing only."""

    NONCE = "n" * 64

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(line_login.secrets, "token_urlsafe", lambda _bytes: self.NONCE)


def test_coming_back_without_having_set_out_is_refused(door: Door) -> None:
    visitor, other = Visitor(door.site.app), Visitor(door.site.app)
    back = door.agree(door.set_out(other))
    assert refusal(visitor.get(back)) == told(line_login.Why.START_AGAIN)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize("state", ["", "x" * 64, "ก", None])
def test_another_state_is_refused_and_ends_the_attempt(door: Door, state: str | None) -> None:
    visitor = Visitor(door.site.app)
    back = door.agree(door.set_out(visitor))
    wrong = altered(back, state=state) if state is not None else f"{BACK}?code={asked(back)['code']}"

    assert refusal(visitor.get(wrong)) == told(line_login.Why.START_AGAIN)
    assert refusal(visitor.get(back)) == told(line_login.Why.START_AGAIN)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize("code", ["", "c" * 2001, None])
def test_what_is_no_code_is_not_carried_to_line(door: Door, code: str | None) -> None:
    visitor, calls = Visitor(door.site.app), len(door.line.rows())
    state = asked(door.set_out(visitor))["state"]
    given = {"state": state, **({"code": code} if code is not None else {})}
    assert refusal(visitor.get(f"{BACK}?{urlencode(given)}")) == told(line_login.Why.NOT_PROVEN)
    assert len(door.line.rows()) == calls


def test_after_ten_minutes_one_has_to_start_again(door: Door) -> None:
    visitor = Visitor(door.site.app)
    back = door.agree(door.set_out(visitor))
    door.site.later(minutes=10, seconds=1)
    assert refusal(visitor.get(back)) == told(line_login.Why.START_AGAIN)
    assert nobody_came_in(door, visitor)


def test_an_address_that_was_used_is_harmless_for_who_is_in_and_worthless_for_others(door: Door) -> None:
    visitor = Visitor(door.site.app)
    back = door.agree(door.set_out(visitor))
    visitor.get(back)
    assert (visitor.get(back).location, door.sessions()) == ("/console/", 1)
    visitor.client.delete_cookie(SESSION_COOKIE, domain="127.0.0.1")
    assert refusal(visitor.get(back)) == told(line_login.Why.START_AGAIN)
    assert door.sessions() == 1


def test_a_code_counts_once_even_with_the_cookie_of_before(door: Door) -> None:
    visitor = Visitor(door.site.app)
    back = door.agree(door.set_out(visitor))
    kept = visitor.client.get_cookie(FORM_COOKIE, domain="127.0.0.1")
    assert kept is not None
    visitor.get(back)
    again = Visitor(door.site.app)
    again.client.set_cookie(FORM_COOKIE, kept.value, domain="127.0.0.1", secure=True, httponly=True)
    assert refusal(again.get(back)) == told(line_login.Why.NOT_PROVEN)
    assert (door.sessions(), is_in(again)) == (1, False)


def test_nobody_is_signed_in_as_somebody_else_by_following_a_link(door: Door) -> None:
    """Login CSRF: the attacker's code, with the attacker's state, then with the victim's own."""
    door.link(door.site.add_account(Role.VOLUNTEER, name="kham"), KHAM)
    attacker, victim = Visitor(door.site.app), Visitor(door.site.app)
    bait = door.agree(door.set_out(attacker), KHAM)

    assert refusal(victim.get(bait)) == told(line_login.Why.START_AGAIN)
    state = asked(door.set_out(victim))["state"]
    assert refusal(victim.get(bait)) == told(line_login.Why.START_AGAIN)
    state = asked(door.set_out(victim))["state"]
    assert refusal(victim.get(altered(bait, state=state))) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, victim)


def test_a_code_without_our_challenge_is_stopped_by_the_nonce(door: Door) -> None:
    """As if LINE did not look at PKCE at all."""
    visitor = Visitor(door.site.app)
    address = door.set_out(visitor)
    query = {name: value for name, value in asked(address).items() if not name.startswith("code_challenge")}
    bare = f"{address.partition('?')[0]}?{urlencode({**query, 'nonce': 'of somebody else'})}"
    assert refusal(visitor.get(door.agree(bare))) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize("nonce", ["n" * 64, ""])
def test_another_nonce_is_refused(door: Door, nonce: str) -> None:
    visitor = Visitor(door.site.app)
    back = door.agree(altered(door.set_out(visitor), nonce=nonce))
    assert refusal(visitor.get(back)) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


def test_another_way_back_is_refused_by_line_and_its_code_is_worthless(door: Door) -> None:
    visitor = Visitor(door.site.app)
    address = door.set_out(visitor)
    parts = urlsplit(altered(address, redirect_uri="https://evil.example/"))
    assert door.line.call("GET", f"{parts.path}/as/{SOMSRI}?{parts.query}").status == 400
    back = door.agree(altered(address, redirect_uri=ELSEWHERE))
    assert back.startswith(ELSEWHERE)
    assert refusal(visitor.get(f"{BACK}?{urlsplit(back).query}")) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


def test_who_declines_is_told_so(door: Door) -> None:
    visitor = Visitor(door.site.app)
    parts = urlsplit(door.set_out(visitor))
    answer = door.line.call("GET", f"{parts.path}/no?{parts.query}")
    assert refusal(visitor.get(str(answer.headers["Location"]))) == told(line_login.Why.DECLINED)
    assert nobody_came_in(door, visitor)


def test_a_token_of_an_hour_ago_is_refused(door: Door) -> None:
    visitor = Visitor(door.site.app)
    door.line.api("POST", "/clock", {"advance": -2 * 3600})
    answer = door.journey(visitor)
    door.line.api("POST", "/clock", {"advance": 2 * 3600})
    assert refusal(answer) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


def test_a_token_signed_as_for_a_native_app_is_refused(door: Door) -> None:
    visitor = Visitor(door.site.app)
    door.line.api("POST", "/config", {"loginAlgorithm": "ES256"})
    assert refusal(door.journey(visitor)) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


def test_a_right_token_by_hand_is_taken(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the refusals below would prove nothing."""
    nonce, visitor = SameNonce(monkeypatch).NONCE, Visitor(door.site.app)
    assert door.journey_with(visitor, sign_claims(claims(door, nonce=nonce), SECRET)).location == "/console/"
    assert is_in(visitor)


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"}, "no issuer": {"iss": None}, "another audience": {"aud": "1"},
    "another audience by way of us": {"aud": "1", "azp": LOGIN},
    "no audience": {"aud": None}, "several audiences": {"aud": [LOGIN, "1"], "azp": "1"}, "expired": {"exp": 1},
    "no expiry": {"exp": None}, "of the future": {"iat": 2**40}, "no nonce": {"nonce": None},
    "no subject": {"sub": None}, "another nonce": {"nonce": "x"}, "expiry is no number": {"exp": "later"},
    "for another access token": {"at_hash": "x"},
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_token_that_claims_something_else_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    nonce, visitor = SameNonce(monkeypatch).NONCE, Visitor(door.site.app)
    token = sign_claims(claims(door, **{"nonce": nonce, **WRONG[fault]}), SECRET)
    assert refusal(door.journey_with(visitor, token)) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


@pytest.mark.parametrize(
    "forge",
    ["none", "None", "nOnE with signature", "another secret", "no signature", "HS384", "RS256", "changed", "no token"],
)
def test_a_token_that_is_not_signed_by_line_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch, forge: str) -> None:
    nonce, visitor = SameNonce(monkeypatch).NONCE, Visitor(door.site.app)
    good = sign_claims(claims(door, nonce=nonce), SECRET)
    head, body, signature = good.split(".")
    forged = {
        "none": f"{header('none')}.{body}.", "None": f"{header('None')}.{body}.",
        "nOnE with signature": f"{header('nOnE')}.{body}.{signature}",
        "another secret": sign_claims(claims(door, nonce=nonce), "f" * 32), "no signature": f"{head}.{body}.",
        "HS384": f"{header('HS384')}.{body}.{signature}", "RS256": f"{header('RS256')}.{body}.{signature}",
        "changed": f"{head}.{to_base64url(b'{}')}.{signature}", "no token": "none",
    }[forge]  # fmt: skip
    assert refusal(door.journey_with(visitor, forged)) == told(line_login.Why.NOT_PROVEN)
    assert nobody_came_in(door, visitor)


def header(algorithm: str) -> str:
    return to_base64url(f'{{"typ":"JWT","alg":"{algorithm}"}}'.encode())


@pytest.mark.parametrize(
    ("body", "fault", "why"),
    [
        ({"message": "Internal server error"}, {"status": 500}, line_login.Why.LINE_IS_SILENT),
        (None, {"status": 307, "headers": {"Location": TOKEN}}, line_login.Why.LINE_IS_SILENT),
        (None, {"cut": True, "status": None}, line_login.Why.LINE_IS_SILENT),
        (None, {"stall": 3, "status": None, "when": "after"}, line_login.Why.LINE_IS_SILENT),
        (["no", "object"], {}, line_login.Why.LINE_IS_SILENT),
        ({"error": "invalid_grant"}, {"status": 400}, line_login.Why.NOT_PROVEN),
        ({"access_token": "a", "token_type": "Bearer"}, {}, line_login.Why.NOT_PROVEN),
        ({"id_token": ["x"]}, {}, line_login.Why.NOT_PROVEN),
    ],
)  # fmt: skip
def test_whatever_line_says_nobody_comes_in_by_mistake(
    door: Door, monkeypatch: pytest.MonkeyPatch, body: Any, fault: dict[str, Any], why: line_login.Why
) -> None:
    monkeypatch.setattr(line_login, "CONNECT_AND_READ_SECONDS", (1, 1))
    visitor = Visitor(door.site.app)
    assert refusal(door.journey_told(visitor, body, **fault)) == told(why)
    assert nobody_came_in(door, visitor)
