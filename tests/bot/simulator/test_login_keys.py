"""Id tokens by ES256, the keys they are checked with, and what LINE Login says of itself."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from bot.simulator.json_web_tokens import check_claims, sign_claims, sign_claims_by_key
from bot.simulator.signing_key import SigningKey
from tests.bot.simulator.desk import SECRET, SOMSRI, TOKEN, Answer, Desk, RememberingBot

LOGIN = "2000000002"
BACK = "https://civic.example/login/back"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASKED = {"response_type": "code", "client_id": LOGIN, "redirect_uri": BACK, "state": "s1", "scope": "profile openid"}
VERIFY = "/oauth2/v2.1/verify"


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _post(desk: Desk, path: str, **form: str) -> Answer:
    return desk.call("POST", path, urlencode(form).encode(), **FORM)


def _way_back(desk: Desk, person: str = SOMSRI, **more: str) -> dict[str, str]:
    answer = desk.call("GET", f"/oauth2/v2.1/authorize/as/{person}?{urlencode({**ASKED, **more})}")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def _log_in(desk: Desk) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": _way_back(desk)["code"], "redirect_uri": BACK,
            "client_id": LOGIN, "client_secret": SECRET}  # fmt: skip
    given: dict[str, Any] = _post(desk, "/oauth2/v2.1/token", **form).json
    return given


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _header(token: str) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(_bytes(token.partition(".")[0]))
    return header


def _check_by_published_key(desk: Desk, token: str) -> dict[str, Any]:
    """As a relying party does: finds the key by its id, and raises InvalidSignature for another's token."""
    (key,) = [
        each for each in desk.call("GET", "/oauth2/v2.1/certs").json["keys"] if each["kid"] == _header(token)["kid"]
    ]
    assert (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ES256")
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(_bytes(key["x"]), "big"), int.from_bytes(_bytes(key["y"]), "big"), ec.SECP256R1()
    )
    signed, _, signature = token.rpartition(".")
    raw = _bytes(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    numbers.public_key().verify(pair, signed.encode(), ec.ECDSA(SHA256()))
    claims: dict[str, Any] = json.loads(_bytes(signed.split(".")[1]))
    return claims


def test_a_native_apps_id_token_is_checked_with_the_published_key(desk: Desk) -> None:
    assert _header(_log_in(desk)["id_token"]) == {"typ": "JWT", "alg": "HS256"}
    desk.api("POST", "/config", {"loginAlgorithm": "ES256"})
    token = _log_in(desk)["id_token"]
    assert _header(token)["alg"] == "ES256"
    claims = _check_by_published_key(desk, token)
    assert (claims["sub"], claims["aud"], claims["iss"]) == (SOMSRI, LOGIN, "https://access.line.me")
    assert _post(desk, VERIFY, id_token=token, client_id=LOGIN).json["sub"] == SOMSRI
    signed, _, signature = token.rpartition(".")
    forged = f"{signed}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    with pytest.raises(InvalidSignature):
        _check_by_published_key(desk, forged)
    answer = _post(desk, VERIFY, id_token=forged, client_id=LOGIN)
    assert (answer.status, _rule(answer)) == (400, "id-token-signed")


def test_a_token_of_another_algorithm_or_key_is_refused(desk: Desk) -> None:
    claims = {"iss": "https://access.line.me", "aud": LOGIN, "sub": SOMSRI, "exp": 9_999_999_999}
    header, payload, signature = sign_claims(claims, SECRET).split(".")
    nothing = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    others = [sign_claims_by_key(claims, SigningKey()), sign_claims(claims, "another-secret"), "", "a", "ก.ข.ค"]
    for token in (f"{nothing}.{payload}.", f"{nothing}.{payload}.{signature}", f"{header}.{payload}.", *others):
        assert _rule(_post(desk, VERIFY, id_token=token, client_id=LOGIN)) == "id-token-signed"
    assert _post(desk, VERIFY, id_token=sign_claims(claims, SECRET), client_id=LOGIN).status == 200


def test_a_key_pair_knows_its_own_signatures() -> None:
    pair, other = SigningKey(), SigningKey()
    token = sign_claims_by_key({"sub": "U1"}, pair)
    assert check_claims(token, secret="s", pair=pair) == {"sub": "U1"}
    assert check_claims(token, secret="s", pair=other) is None
    assert (pair.is_ours(b"short", b"a"), pair.is_ours(bytes(64), b"a")) == (False, False)
    assert pair.describe()["kid"] != other.describe()["kid"]


def test_the_discovery_document_leads_to_everything(desk: Desk) -> None:
    document = desk.call("GET", "/.well-known/openid-configuration").json
    assert (document["issuer"], document["id_token_signing_alg_values_supported"]) == (
        "https://access.line.me", ["ES256", "HS256"]
    )  # fmt: skip
    addresses = [document[f"{name}_endpoint"] for name in ("authorization", "token", "revocation", "userinfo")]
    assert all(address.startswith(desk.url) for address in [*addresses, document["jwks_uri"]])
    assert [key["alg"] for key in desk.call("GET", document["jwks_uri"].removeprefix(desk.url)).json["keys"]] == [
        "ES256"
    ]


def test_a_liff_app_has_an_hours_id_token_and_twelve_hours_of_access(desk: Desk) -> None:
    given = desk.api("POST", f"/people/{SOMSRI}/liff")
    claims = _check_by_published_key(desk, given["idToken"])
    assert (claims["sub"], claims["exp"] - claims["iat"], claims["amr"]) == (SOMSRI, 3600, ["lineautologin"])
    checked = desk.call("GET", f"{VERIFY}?access_token={given['accessToken']}").json
    assert (checked["client_id"], 11 * 3600 < checked["expires_in"] <= 12 * 3600) == (LOGIN, True)
    desk.api("POST", "/clock", {"advance": 3601})
    assert _rule(_post(desk, VERIFY, id_token=given["idToken"], client_id=LOGIN)) == "id-token-life"
    assert desk.call("GET", "/v2/profile", Authorization=f"Bearer {given['accessToken']}").json["userId"] == SOMSRI
    desk.api("POST", "/clock", {"advance": 11 * 3600})
    assert desk.call("GET", "/v2/profile", Authorization=f"Bearer {given['accessToken']}").status == 401


def test_who_is_asked_to_add_the_bot_comes_back_as_a_friend(desk: Desk, remembering_bot: RememberingBot) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ผู้มาใหม่", "following": False})
    assert "friendship_status_changed" not in _way_back(desk, person["userId"])
    changed = [
        _way_back(desk, person["userId"], bot_prompt=how)["friendship_status_changed"]
        for how in ("normal", "aggressive")
    ]
    assert changed == ["true", "false"]
    (event,) = remembering_bot.wait_for(1)[0].events
    assert (event["type"], event["source"]["userId"], len(remembering_bot.received)) == ("follow", person["userId"], 1)


def test_who_closes_an_account_takes_every_agreement_back(desk: Desk) -> None:
    first, second = _log_in(desk)["access_token"], _log_in(desk)["access_token"]
    path, bearer = "/user/v1/deauthorize", {"Authorization": f"Bearer {TOKEN}"}
    assert desk.call("POST", path, {"userAccessToken": first}, **bearer).status == 204
    for token in (first, second):
        assert desk.call("GET", "/v2/profile", Authorization=f"Bearer {token}").status == 401
    answer = desk.call("POST", path, {"userAccessToken": first}, **bearer)
    assert (answer.status, _rule(answer)) == (400, "login-deauthorize")
