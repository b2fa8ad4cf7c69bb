"""The key pair of LINE Login: ES256, with its public half as a JSON Web Key."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from bot.simulator.json_web_tokens import to_base64url

HALF = 32
_METHOD = ec.ECDSA(SHA256())


class SigningKey:
    """A new pair for every simulator. Safe to share between threads."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.key_id = secrets.token_hex(32)

    def sign(self, signed: bytes) -> bytes:
        """The two numbers of the signature side by side, as JSON Web Tokens have them."""
        first, second = decode_dss_signature(self._private.sign(signed, _METHOD))
        return first.to_bytes(HALF, "big") + second.to_bytes(HALF, "big")

    def is_ours(self, signature: bytes, signed: bytes) -> bool:
        if len(signature) != 2 * HALF:
            return False
        first, second = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
        try:
            self._private.public_key().verify(encode_dss_signature(first, second), signed, _METHOD)
        except InvalidSignature:
            return False
        return True

    def describe(self) -> dict[str, str]:
        """The public half."""
        point = self._private.public_key().public_numbers()
        halves = {name: to_base64url(number.to_bytes(HALF, "big")) for name, number in (("x", point.x), ("y", point.y))}
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.key_id, **halves}
