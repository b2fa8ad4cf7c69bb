"""JSON Web Tokens, as far as they are needed: signed by HS256 or ES256, checked, and claims of others read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any, Protocol

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class KeyPair(Protocol):
    key_id: str

    def sign(self, signed: bytes) -> bytes: ...

    def is_ours(self, signature: bytes, signed: bytes) -> bool: ...


def sign_claims(claims: dict[str, Any], secret: str) -> str:
    """By HS256."""
    signed = f"{_encode({'typ': 'JWT', 'alg': 'HS256'})}.{_encode(claims)}"
    return f"{signed}.{_signature(signed, secret)}"


def sign_claims_by_key(claims: dict[str, Any], pair: KeyPair) -> str:
    """By ES256."""
    signed = f"{_encode({'typ': 'JWT', 'alg': 'ES256', 'kid': pair.key_id})}.{_encode(claims)}"
    return f"{signed}.{to_base64url(pair.sign(signed.encode()))}"


def read_claims(token: str) -> dict[str, Any] | None:
    """The claims, whoever signed them; None for what is no token."""
    return _decode(token.rpartition(".")[0].partition(".")[2])


def check_claims(token: str, *, secret: str, pair: KeyPair) -> dict[str, Any] | None:
    """The claims of a token that the secret or the key pair signed; None for another."""
    signed, _, signature = token.rpartition(".")
    header = _decode(signed.partition(".")[0]) or {}
    if header.get("alg") == "ES256":
        given = _bytes(signature)
        good = header.get("kid") == pair.key_id and given is not None and pair.is_ours(given, signed.encode())
    else:
        expected = _signature(signed, secret)
        good = header.get("alg") == "HS256" and hmac.compare_digest(signature.encode(), expected.encode())
    return read_claims(token) if good else None


def code_challenge(verifier: str) -> str:
    """PKCE's S256."""
    return to_base64url(hashlib.sha256(verifier.encode()).digest())


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _signature(signed: str, secret: str) -> str:
    return to_base64url(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


def _encode(data: dict[str, Any]) -> str:
    return to_base64url(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def _decode(part: str) -> dict[str, Any] | None:
    try:
        data = json.loads(_bytes(part) or b"")
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _bytes(part: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return None
