"""The endpoints under /oauth2 and /v2/oauth: channel tokens are issued, checked and revoked; logins are redeemed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.answering import Answer, Call, Work
from bot.simulator.channel_tokens import Kind
from bot.simulator.endpoints import CHANNEL_ID, Endpoint, read_form
from bot.simulator.json_web_tokens import ASSERTION_TYPE, read_claims
from bot.simulator.login import Logins
from bot.simulator.oauth_refusal import OauthRefusal
from bot.simulator.state import State

STATELESS_SECONDS = 900
SHORT_LIVED_SECONDS = 30 * 24 * 3600
LONGEST_ASSERTION_SECONDS = 30 * 60
NEVER_SECONDS = 2_591_659
"""What is told of the configured token, which does not end."""
BAD_TOKEN = {"error": "invalid_request", "error_description": "access token expired or invalid"}


def list_endpoints(state: State) -> list[Endpoint]:
    office = _Office(state, Logins(state))
    rows = [
        ("POST", "/v2/oauth/accessToken", "short-lived-token", office.issue_short_lived),
        ("POST", "/v2/oauth/revoke", "revoke", office.revoke_old),
        ("POST", "/v2/oauth/verify", "verify", office.verify_channel),
        ("POST", "/oauth2/v3/token", "stateless-token", office.issue_stateless),
        ("POST", "/oauth2/v2.1/token", "token-2.1", office.issue_or_redeem),
        ("GET", "/oauth2/v2.1/tokens/kid", "token-kids", office.list_key_ids),
        ("GET", "/oauth2/v2.1/verify", "verify-2.1", office.verify_any),
        ("POST", "/oauth2/v2.1/verify", "verify-id", office.verify_id_token),
        ("POST", "/oauth2/v2.1/revoke", "revoke-2.1", office.revoke),
    ]
    return [
        Endpoint(method, path, name, _in_oauths_words(work), with_token=False, body="any")
        for method, path, name, work in rows
    ]


def _in_oauths_words(work: Work) -> Work:
    def answer(call: Call) -> Answer:
        try:
            return work(call)
        except OauthRefusal as refusal:
            return Answer(refusal.as_json(), 400, {"X-Simulator-Rule": refusal.rule})

    return answer


@dataclass(frozen=True, slots=True)
class _Office:
    state: State
    logins: Logins

    def issue_short_lived(self, call: Call) -> Answer:
        form = read_form(call)
        self._check_secret(form)
        return self._issue("short-lived", SHORT_LIVED_SECONDS)

    def issue_stateless(self, call: Call) -> Answer:
        form = read_form(call)
        if "client_assertion" in form:
            self._check_assertion(form)
        else:
            self._check_secret(form)
        return self._issue("stateless", STATELESS_SECONDS)

    def issue_or_redeem(self, call: Call) -> Answer:
        """A channel token for an assertion; or, for LINE Login, tokens for a code or a refresh token."""
        form = read_form(call)
        if form.get("grant_type") != "client_credentials":
            return Answer(self.logins.redeem(form))
        claims = self._check_assertion(form)
        seconds = claims.get("token_exp")
        if not isinstance(seconds, int) or not 1 <= seconds <= SHORT_LIVED_SECONDS:
            raise OauthRefusal("invalid_client", "Invalid token_exp", "assertion-claims")
        return self._issue("v2.1", seconds)

    def _issue(self, kind: Kind, seconds: int) -> Answer:
        token = self.state.channel_tokens.issue(kind, seconds=seconds, now=self.state.clock.now())
        if token is None:
            raise OauthRefusal("invalid_request", "Too many channel access tokens", "channel-token-count")
        body: dict[str, Any] = {"access_token": token.token, "expires_in": seconds, "token_type": "Bearer"}
        return Answer({**body, "key_id": token.key_id} if kind == "v2.1" else body)

    def _check_secret(self, form: Mapping[str, str]) -> None:
        if form.get("grant_type", "client_credentials") != "client_credentials":
            raise OauthRefusal("unsupported_grant_type", "unsupported grant_type", "oauth-grant")
        secret = form.get("client_secret", "").encode()
        if form.get("client_id") != CHANNEL_ID or not hmac.compare_digest(
            secret, self.state.config.channel_secret.encode()
        ):
            raise OauthRefusal("invalid_client", "invalid client_secret", "oauth-client")

    def _check_assertion(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Looks at the claims; the signature cannot be checked, for no key is registered here."""
        claims, now = read_claims(form.get("client_assertion", "")), self.state.clock.now()
        if form.get("client_assertion_type") != ASSERTION_TYPE or claims is None:
            raise OauthRefusal("invalid_client", "Invalid client_assertion", "assertion-claims")
        expires = claims.get("exp")
        in_time = isinstance(expires, int | float) and now < expires <= now + LONGEST_ASSERTION_SECONDS
        if not (claims.get("iss") == claims.get("sub") == CHANNEL_ID and in_time):
            raise OauthRefusal("invalid_client", "Invalid claims in client_assertion", "assertion-claims")
        if claims.get("aud") != "https://api.line.me/":
            raise OauthRefusal("invalid_client", "Invalid aud", "assertion-claims")
        return claims

    def list_key_ids(self, call: Call) -> Answer:
        self._check_assertion(read_form(call))
        return Answer({"kids": self.state.channel_tokens.list_key_ids(self.state.clock.now())})

    def verify_channel(self, call: Call) -> Answer:
        found = self._describe_channel_token(read_form(call).get("access_token", ""))
        return Answer(BAD_TOKEN, 400) if found is None else Answer(found)

    def verify_any(self, call: Call) -> Answer:
        token = read_form(call).get("access_token", "")
        found = self._describe_channel_token(token) or self.logins.describe(token)
        return Answer(BAD_TOKEN, 400) if found is None else Answer(found)

    def verify_id_token(self, call: Call) -> Answer:
        return Answer(self.logins.verify_id_token(read_form(call)))

    def _describe_channel_token(self, token: str) -> dict[str, Any] | None:
        known, now = self.state.channel_tokens.find(token), self.state.clock.now()
        if known is None or known.standing(now) != "good":
            return None
        seconds = NEVER_SECONDS if known.kind == "long-lived" else int(known.expires_at - now)
        return {"client_id": CHANNEL_ID, "expires_in": seconds, "scope": "P CM"}

    def revoke_old(self, call: Call) -> Answer:
        self.state.channel_tokens.revoke(read_form(call).get("access_token", ""))
        return Answer(None)

    def revoke(self, call: Call) -> Answer:
        form = read_form(call)
        if form.get("client_id") == CHANNEL_ID:
            self._check_secret(form)
            self.state.channel_tokens.revoke(form.get("access_token", ""))
            return Answer(None)
        self.logins.revoke(form)
        return Answer(None)
