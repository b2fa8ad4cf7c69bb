"""What LINE Login says of itself: the discovery document and its keys; and the way out for an account that closes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.endpoints import Endpoint
from bot.simulator.login import ISSUER, Logins
from bot.simulator.refusals import ApiRefusal
from bot.simulator.state import State


def list_endpoints(state: State) -> list[Endpoint]:
    documents = _Documents(state, Logins(state))
    return [
        Endpoint("GET", "/.well-known/openid-configuration", "discovery", documents.discover, with_token=False),
        Endpoint("GET", "/oauth2/v2.1/certs", "login-keys", documents.list_keys, with_token=False),
        Endpoint("POST", "/user/v1/deauthorize", "deauthorize", documents.deauthorize),
    ]


@dataclass(frozen=True, slots=True)
class _Documents:
    state: State
    logins: Logins

    def discover(self, call: Call) -> Answer:
        """The issuer is LINE's own, as in the tokens; the addresses are the simulator's."""
        base = f"{call.request.host_url}oauth2/v2.1"
        return Answer(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "revocation_endpoint": f"{base}/revoke",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/certs",
                "scopes_supported": ["openid", "profile", "email"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256", "HS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def list_keys(self, _call: Call) -> Answer:
        return Answer({"keys": [self.state.signing_key.describe()]})

    def deauthorize(self, call: Call) -> Answer:
        if not self.logins.deauthorize(str(call.body.get("userAccessToken"))):
            raise ApiRefusal(400, "Invalid userAccessToken", "login-deauthorize")
        return Answer(None, 204)
