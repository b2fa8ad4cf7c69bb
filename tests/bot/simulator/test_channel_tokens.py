"""Channel access tokens: issued, used up, expired and revoked."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bot.simulator.desk import SECRET, Answer, Desk

CHANNEL = "2000000001"
CLIENT = {"client_id": CHANNEL, "client_secret": SECRET}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _post(desk: Desk, path: str, **form: str) -> Answer:
    return desk.call("POST", path, urlencode(form).encode(), **FORM)


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _assertion(**more: Any) -> str:
    claims = {"iss": CHANNEL, "sub": CHANNEL, "aud": "https://api.line.me/", "exp": int(time.time()) + 1700,
              "token_exp": 3600, **more}  # fmt: skip
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return ".".join([*parts, "signature"])


def _issue(desk: Desk, **more: Any) -> Answer:
    form = {"grant_type": "client_credentials", "client_assertion_type": JWT_BEARER}
    return _post(desk, "/oauth2/v2.1/token", **form, client_assertion=_assertion(**more))


def _works(desk: Desk, token: str) -> tuple[int, str | None]:
    answer = desk.call("GET", "/v2/bot/info", Authorization=f"Bearer {token}")
    return answer.status, _rule(answer)


def test_a_short_lived_token_lives_a_month_and_thirty_at_most(desk: Desk) -> None:
    path, form = "/v2/oauth/accessToken", {"grant_type": "client_credentials", **CLIENT}
    tokens = [_post(desk, path, **form).json["access_token"] for _ in range(31)]
    assert (_works(desk, tokens[0]), _works(desk, tokens[1])) == ((401, "token-revoked"), (200, None))
    desk.api("POST", "/clock", {"advance": 30 * 24 * 3600 + 1})
    assert _works(desk, tokens[1]) == (401, "token-expired")


def test_a_stateless_token_lives_a_quarter_of_an_hour_and_cannot_be_revoked(desk: Desk) -> None:
    answer = _post(desk, "/oauth2/v3/token", grant_type="client_credentials", **CLIENT)
    token = answer.json["access_token"]
    assert answer.json["expires_in"] == 900
    assert _post(desk, "/v2/oauth/revoke", access_token=token).status == 200
    assert _works(desk, token) == (200, None)
    desk.api("POST", "/clock", {"advance": 901})
    assert _works(desk, token) == (401, "token-expired")


def test_a_token_is_issued_for_an_assertion_thirty_times(desk: Desk) -> None:
    answers = [_issue(desk) for _ in range(31)]
    assert [answer.status for answer in answers] == [200] * 30 + [400]
    assert _rule(answers[-1]) == "channel-token-count"
    given = answers[0].json
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    query = urlencode({"client_assertion_type": JWT_BEARER, "client_assertion": _assertion()})
    kids = desk.call("GET", f"/oauth2/v2.1/tokens/kid?{query}").json["kids"]
    assert (len(kids), given["key_id"] in kids) == (30, True)
    assert _works(desk, given["access_token"]) == (200, None)
    assert _post(desk, "/oauth2/v2.1/revoke", access_token=given["access_token"], **CLIENT).status == 200
    assert _works(desk, given["access_token"]) == (401, "token-revoked")
    assert desk.call("GET", f"/oauth2/v2.1/verify?access_token={given['access_token']}").status == 400


@pytest.mark.parametrize(
    "more",
    [{"iss": "1"}, {"aud": "https://example.org"}, {"exp": 5}, {"exp": int(time.time()) + 4000},
     {"token_exp": 2_592_001}, {"token_exp": None}],
)  # fmt: skip
def test_an_assertion_that_is_not_in_order_is_refused(desk: Desk, more: dict[str, Any]) -> None:
    answer = _issue(desk, **more)
    assert (answer.status, answer.json["error"], _rule(answer)) == (400, "invalid_client", "assertion-claims")


def test_a_wrong_secret_is_refused(desk: Desk) -> None:
    wrong = {**CLIENT, "client_secret": "wrong"}
    for path in ("/v2/oauth/accessToken", "/oauth2/v3/token"):
        assert _rule(_post(desk, path, grant_type="client_credentials", **wrong)) == "oauth-client"
    assert _rule(_post(desk, "/v2/oauth/accessToken", grant_type="password", **CLIENT)) == "oauth-grant"


@pytest.mark.parametrize("standing", ["revoked", "expired"])
def test_the_bots_own_token_may_stop_working(desk: Desk, standing: str) -> None:
    desk.api("POST", "/config", {"token": standing})
    answer = desk.line("GET", "/v2/bot/info")
    assert (answer.status, _rule(answer)) == (401, f"token-{standing}")
    desk.api("POST", "/config", {"token": "good"})
    assert desk.line("GET", "/v2/bot/info").status == 200
    assert desk.call("POST", "/simulator/api/config", {"token": "lost"}).status == 400
