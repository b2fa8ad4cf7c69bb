"""JSON Web Tokens, as far as they are needed: HS256 signed and checked, claims of others read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def sign_claims(claims: dict[str, Any], key: str) -> str:
    signed = f"{_encode({'typ': 'JWT', 'alg': 'HS256'})}.{_encode(claims)}"
    return f"{signed}.{_signature(signed, key)}"


def read_claims(token: str, *, key: str | None = None) -> dict[str, Any] | None:
    """The claims; None for what is no token, or is not signed with the key where one is given."""
    signed, _, signature = token.rpartition(".")
    if key is not None and not hmac.compare_digest(signature.encode(), _signature(signed, key).encode()):
        return None
    _header, _, payload = signed.partition(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def code_challenge(verifier: str) -> str:
    """PKCE's S256."""
    return _plain(hashlib.sha256(verifier.encode()).digest())


def _signature(signed: str, key: str) -> str:
    return _plain(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())


def _encode(data: dict[str, Any]) -> str:
    return _plain(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
