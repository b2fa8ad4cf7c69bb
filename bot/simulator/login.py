"""LINE Login: codes, access tokens and id tokens of people who agreed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.json_web_tokens import code_challenge, read_claims, sign_claims
from bot.simulator.login_book import ACCESS_SECONDS, Code, Session
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
        claims: dict[str, Any] = {
            "iss": ISSUER, "sub": code.user_id, "aud": self._channel.channel_id,
            "exp": int(now) + ID_TOKEN_SECONDS, "iat": int(now), "amr": ["linesso"],
        }  # fmt: skip
        if code.nonce is not None:
            claims["nonce"] = code.nonce
        person = self._state.people.get(code.user_id)
        if "profile" in code.scope.split():
            claims |= {"name": person.display_name, **({"picture": person.picture_url} if person.picture_url else {})}
        return sign_claims(claims, self._channel.secret)

    def verify_id_token(self, form: Mapping[str, str]) -> dict[str, Any]:
        claims = read_claims(form.get("id_token", ""), key=self._channel.secret)
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
        left = int(session.born + ACCESS_SECONDS - now)
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
