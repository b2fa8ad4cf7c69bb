"""LINE Login: codes, access tokens and id tokens of people who agreed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.json_web_tokens import check_claims, code_challenge, sign_claims, sign_claims_by_key
from bot.simulator.login_book import ACCESS_SECONDS, LIFF_ACCESS_SECONDS, Code, Session
from bot.simulator.oauth_refusal import OauthRefusal
from bot.simulator.people import Person
from bot.simulator.state import State

ISSUER = "https://access.line.me"
CODE_SECONDS = 10 * 60
ID_TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Channel:
    channel_id: str
    secret: str


class Logins:
    """Raises OauthRefusal for whatever LINE would not honour."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._channel = Channel(state.config.login_channel_id, state.config.login_secret)

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        self._check_client(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        if form.get("grant_type") != "authorization_code":
            raise OauthRefusal("unsupported_grant_type", "unsupported grant_type", "oauth-grant")
        now, code = self._state.clock.now(), self._state.logins.take_code(form.get("code", ""))
        if code is None:
            raise OauthRefusal("invalid_grant", "invalid authorization code", "login-code-once")
        if now - code.born > CODE_SECONDS:
            raise OauthRefusal("invalid_grant", "authorization code expired", "login-code-life")
        if form.get("redirect_uri") != code.redirect_uri:
            raise OauthRefusal("invalid_grant", "redirect_uri does not match", "login-redirect-same")
        if code.challenge is not None and code_challenge(form.get("code_verifier", "")) != code.challenge:
            raise OauthRefusal("invalid_grant", "code_verifier does not match", "login-pkce")
        session = self._state.logins.open(code.user_id, code.scope, now)
        return self._describe_session(session, self._id_token(code, now) if "openid" in code.scope.split() else None)

    def _refresh(self, refresh_token: str) -> dict[str, Any]:
        now = self._state.clock.now()
        before = self._state.logins.find_refreshable(refresh_token, now)
        if before is None:
            raise OauthRefusal("invalid_grant", "invalid refresh_token", "login-refresh")
        before.revoked = True
        return self._describe_session(self._state.logins.open(before.user_id, before.scope, now), None)

    def _describe_session(self, session: Session, id_token: str | None) -> dict[str, Any]:
        return {
            "access_token": session.access_token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS,
            "refresh_token": session.refresh_token, "scope": session.scope,
            **({"id_token": id_token} if id_token else {}),
        }  # fmt: skip

    def _id_token(self, code: Code, now: float) -> str:
        """By HS256 for a login on the web; by ES256 while logins pass for those of a native app."""
        claims = self._claims(code.user_id, code.scope, now, amr="linesso", nonce=code.nonce)
        if self._state.login_algorithm == "ES256":
            return sign_claims_by_key(claims, self._state.signing_key)
        return sign_claims(claims, self._channel.secret)

    def _claims(self, user_id: str, scope: str, now: float, *, amr: str, nonce: str | None = None) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": ISSUER, "sub": user_id, "aud": self._channel.channel_id,
            "exp": int(now) + ID_TOKEN_SECONDS, "iat": int(now), "amr": [amr],
        }  # fmt: skip
        claims |= {"nonce": nonce} if nonce is not None else {}
        person = self._state.people.get(user_id)
        if "profile" in scope.split():
            claims |= {"name": person.display_name, **({"picture": person.picture_url} if person.picture_url else {})}
        return claims

    def open_liff(self, user_id: str) -> dict[str, str]:
        """What a LIFF app has of the person: an access token for twelve hours, and an id token by ES256."""
        now, scope = self._state.clock.now(), "profile openid"
        session = self._state.logins.open(user_id, scope, now, seconds=LIFF_ACCESS_SECONDS)
        claims = self._claims(user_id, scope, now, amr="lineautologin")
        id_token = sign_claims_by_key(claims, self._state.signing_key)
        return {"accessToken": session.access_token, "idToken": id_token}

    def deauthorize(self, access_token: str) -> bool:
        """Every token of the person is worth nothing from now on. False for a token that is not good itself."""
        session = self._state.logins.find(access_token, self._state.clock.now())
        if session is None:
            return False
        self._state.logins.revoke_all_of(session.user_id)
        return True

    def verify_id_token(self, form: Mapping[str, str]) -> dict[str, Any]:
        token = form.get("id_token", "")
        claims = check_claims(token, secret=self._channel.secret, pair=self._state.signing_key)
        if claims is None or claims.get("iss") != ISSUER:
            raise OauthRefusal("invalid_request", "Invalid IdToken.", "id-token-signed")
        if claims["exp"] <= self._state.clock.now():
            raise OauthRefusal("invalid_request", "IdToken expired.", "id-token-life")
        if claims["aud"] != form.get("client_id"):
            raise OauthRefusal("invalid_request", "Invalid IdToken Audience.", "id-token-audience")
        if "nonce" in form and form["nonce"] != claims.get("nonce"):
            raise OauthRefusal("invalid_request", "Invalid IdToken Nonce.", "id-token-nonce")
        if "user_id" in form and form["user_id"] != claims["sub"]:
            raise OauthRefusal("invalid_request", "Invalid IdToken Subject Identifier.", "id-token-subject")
        return claims

    def describe(self, access_token: str) -> dict[str, Any] | None:
        now = self._state.clock.now()
        session = self._state.logins.find(access_token, now)
        if session is None:
            return None
        left = int(session.born + session.seconds - now)
        return {"scope": session.scope, "client_id": self._channel.channel_id, "expires_in": left}

    def revoke(self, form: Mapping[str, str]) -> None:
        self._check_client(form)
        session = self._state.logins.sessions.get(form.get("access_token", ""))
        if session is not None:
            session.revoked = True

    def find_person(self, access_token: str, *, scope: str) -> Person | None:
        """Who it is, if the token is good and the person agreed to that scope."""
        session = self._state.logins.find(access_token, self._state.clock.now())
        if session is None or scope not in session.scope.split():
            return None
        return self._state.people.find(session.user_id)

    def _check_client(self, form: Mapping[str, str]) -> None:
        given = form.get("client_secret", "").encode()
        right = hmac.compare_digest(given, self._channel.secret.encode())
        if form.get("client_id") != self._channel.channel_id or not right:
            raise OauthRefusal("invalid_client", "invalid client_id or client_secret", "oauth-client")
