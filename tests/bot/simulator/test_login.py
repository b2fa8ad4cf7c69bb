"""LINE Login: consent, codes, PKCE, id tokens and what an access token opens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.bot.simulator.desk import SECRET, SOMSRI, Answer, Desk, running_simulator

LOGIN = "2000000002"
BACK = "https://civic.example/login/back?from=line"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {"response_type": "code", "client_id": LOGIN, "redirect_uri": BACK, "state": "s1", "nonce": "n1",
         "scope": "profile openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}  # fmt: skip
AUTHORIZE = "/oauth2/v2.1/authorize"


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _post(desk: Desk, path: str, **form: str) -> Answer:
    return desk.call("POST", path, urlencode(form).encode(), **FORM)


def _code(desk: Desk, **more: str) -> str:
    answer = desk.call("GET", f"{AUTHORIZE}/as/{SOMSRI}?{urlencode({**ASKED, **more})}")
    assert answer.status == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def _redeem(desk: Desk, code: str, **more: str) -> Answer:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": LOGIN,
            "client_secret": SECRET, "code_verifier": VERIFIER, **more}  # fmt: skip
    return _post(desk, "/oauth2/v2.1/token", **form)


def _claims(id_token: str) -> dict[str, Any]:
    signed, _, signature = id_token.rpartition(".")
    wanted = base64.urlsafe_b64encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())
    assert signature == wanted.decode().rstrip("=")
    payload = signed.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_the_consent_page_names_the_people_and_runs_no_script(desk: Desk) -> None:
    desk.api("POST", "/people", {"displayName": "<script>alert(1)</script>"})
    page = desk.call("GET", f"{AUTHORIZE}?{urlencode(ASKED)}")
    assert page.headers["Content-Type"].startswith("text/html")
    words = page.raw.decode()
    assert ("สมศรี ใจดี" in words, f"as/{SOMSRI}?" in words, "<script" in words) == (True, True, False)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_who_agrees_is_sent_back_with_a_code(desk: Desk) -> None:
    answer = desk.call("GET", f"{AUTHORIZE}/as/{SOMSRI}?{urlencode(ASKED)}")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.headers["Location"].startswith(f"{BACK}&")
    assert (query["state"], set(query)) == (["s1"], {"from", "code", "state"})
    refused = desk.call("GET", f"{AUTHORIZE}/no?{urlencode(ASKED)}")
    assert parse_qs(urlsplit(refused.headers["Location"]).query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"client_id": "1"}, "login-client"), ({"redirect_uri": "javascript:alert(1)"}, "login-redirect-registered"),
        ({"response_type": "token"}, "login-request"), ({"state": ""}, "login-request"),
        ({"scope": "profile everything"}, "login-scope"), ({"scope": ""}, "login-scope"),
        ({"code_challenge_method": "plain"}, "login-pkce"),
    ],
)  # fmt: skip
def test_a_request_that_is_not_in_order_is_not_sent_anywhere(desk: Desk, more: dict[str, str], rule: str) -> None:
    answer = desk.call("GET", f"{AUTHORIZE}?{urlencode({**ASKED, **more})}")
    assert (answer.status, _rule(answer), "Location" in answer.headers) == (400, rule, False)


def test_a_redirect_address_must_be_a_registered_one() -> None:
    with running_simulator("http://127.0.0.1:9/", login_callbacks=(BACK,)) as strict:
        assert strict.call("GET", f"{AUTHORIZE}?{urlencode(ASKED)}").status == 200
        other = strict.call("GET", f"{AUTHORIZE}?{urlencode({**ASKED, 'redirect_uri': 'https://evil.example/'})}")
    assert _rule(other) == "login-redirect-registered"


def test_a_code_gives_tokens_and_a_signed_id_token(desk: Desk) -> None:
    answer = _redeem(desk, _code(desk))
    given = answer.json
    assert (answer.status, given["token_type"], given["expires_in"], given["scope"]) == (
        200, "Bearer", 30 * 24 * 3600, "profile openid"
    )  # fmt: skip
    claims = _claims(given["id_token"])
    assert (claims["iss"], claims["aud"], claims["sub"], claims["nonce"], claims["name"]) == (
        "https://access.line.me", LOGIN, SOMSRI, "n1", "สมศรี ใจดี"
    )  # fmt: skip
    assert claims["exp"] - claims["iat"] == 3600
    assert "id_token" not in _redeem(desk, _code(desk, scope="profile")).json


def test_a_code_works_once_and_for_ten_minutes(desk: Desk) -> None:
    code, late = _code(desk), _code(desk)
    assert _redeem(desk, code).status == 200
    again = _redeem(desk, code)
    assert (again.status, again.json["error"], _rule(again)) == (400, "invalid_grant", "login-code-once")
    desk.api("POST", "/clock", {"advance": 601})
    assert _rule(_redeem(desk, late)) == "login-code-life"


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"redirect_uri": "https://civic.example/"}, "login-redirect-same"),
        ({"code_verifier": "w" * 64}, "login-pkce"),
        ({"client_secret": "wrong"}, "oauth-client"), ({"grant_type": "password"}, "oauth-grant"),
    ],
)  # fmt: skip
def test_a_code_is_redeemed_by_its_owner_only(desk: Desk, more: dict[str, str], rule: str) -> None:
    answer = _redeem(desk, _code(desk), **more)
    assert (answer.status, _rule(answer)) == (400, rule)


def test_an_id_token_is_checked_by_line(desk: Desk) -> None:
    token, verify = _redeem(desk, _code(desk)).json["id_token"], "/oauth2/v2.1/verify"
    good = _post(desk, verify, id_token=token, client_id=LOGIN, nonce="n1", user_id=SOMSRI)
    assert (good.status, good.json["sub"]) == (200, SOMSRI)
    for form, rule in (
        ({"client_id": "1"}, "id-token-audience"), ({"nonce": "other"}, "id-token-nonce"),
        ({"user_id": "U1"}, "id-token-subject"), ({"id_token": token[:-2] + "xx"}, "id-token-signed"),
        ({"id_token": "a.b.c"}, "id-token-signed"),
    ):  # fmt: skip
        assert _rule(_post(desk, verify, **{"id_token": token, "client_id": LOGIN, **form})) == rule
    desk.api("POST", "/clock", {"advance": 3601})
    assert _rule(_post(desk, verify, id_token=token, client_id=LOGIN)) == "id-token-life"


def test_an_access_token_opens_what_its_scope_allows(desk: Desk) -> None:
    token = _redeem(desk, _code(desk)).json["access_token"]
    only_profile = _redeem(desk, _code(desk, scope="profile")).json["access_token"]
    as_somsri = {"Authorization": f"Bearer {token}"}
    assert desk.call("GET", "/v2/profile", **as_somsri).json == {"userId": SOMSRI, "displayName": "สมศรี ใจดี"}
    assert desk.call("GET", "/oauth2/v2.1/userinfo", **as_somsri).json == {"sub": SOMSRI, "name": "สมศรี ใจดี"}
    assert desk.call("GET", "/friendship/v1/status", **as_somsri).json == {"friendFlag": True}
    refused = desk.call("GET", "/oauth2/v2.1/userinfo", Authorization=f"Bearer {only_profile}")
    assert (refused.status, _rule(refused)) == (401, "login-token")
    checked = desk.call("GET", f"/oauth2/v2.1/verify?access_token={token}").json
    assert (checked["client_id"], checked["scope"], checked["expires_in"] > 0) == (LOGIN, "profile openid", True)


def test_a_revoked_or_refreshed_token_is_worth_nothing(desk: Desk) -> None:
    given = _redeem(desk, _code(desk)).json
    form = {"grant_type": "refresh_token", "client_id": LOGIN, "client_secret": SECRET}
    fresh = _post(desk, "/oauth2/v2.1/token", refresh_token=given["refresh_token"], **form).json
    assert desk.call("GET", "/v2/profile", Authorization=f"Bearer {given['access_token']}").status == 401
    again = _post(desk, "/oauth2/v2.1/token", refresh_token=given["refresh_token"], **form)
    assert (again.status, _rule(again)) == (400, "login-refresh")
    client = {"client_id": LOGIN, "client_secret": SECRET}
    assert _post(desk, "/oauth2/v2.1/revoke", access_token=fresh["access_token"], **client).status == 200
    assert desk.call("GET", "/v2/profile", Authorization=f"Bearer {fresh['access_token']}").status == 401
