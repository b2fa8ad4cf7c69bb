"""Encryption at rest and keyed hashes, both derived from `CIVICBOT_SECRET_KEY`."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """Sealed bytes that none of our keys opens: the secret key changed, or the bytes were altered."""


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


class Vault:
    """Seals with the first secret, opens with any of them. Safe to share between threads."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a vault needs at least one secret")
        self._secrets = tuple(secrets)
        self._fernet = MultiFernet(
            [Fernet(base64.urlsafe_b64encode(_derive(secret, "civicbot/seal/1"))) for secret in secrets]
        )
        self._hash_key = _derive(secrets[0], "civicbot/hash/1")

    def each(self) -> tuple[Vault, ...]:
        """A vault for each secret, the one in force first: for telling what was signed with an earlier one."""
        return tuple(Vault([secret]) for secret in self._secrets)

    def seal(self, clear: bytes) -> bytes:
        return self._fernet.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """Raises Unreadable when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise Unreadable("no key of ours opens this; was CIVICBOT_SECRET_KEY changed?") from error

    def keyed_hash(self, purpose: str, value: str, *, length: int = 24) -> str:
        """The first `length` hexadecimal digits of an HMAC-SHA256: equal for equal values, telling nothing else."""
        return self.mac(purpose, value.encode()).hex()[:length]

    def mac(self, purpose: str, value: bytes) -> bytes:
        return hmac.new(self._hash_key, purpose.encode() + b"\0" + value, hashlib.sha256).digest()
