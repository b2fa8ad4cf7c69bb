"""Is this webhook LINE's? Base64 of HMAC-SHA256 over the raw bytes, under the channel secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

SIGNATURE_LENGTH = 44


def sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_genuine(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """True when any of the secrets signed exactly these bytes. Takes the same time whichever byte is wrong."""
    if not signature or len(signature) != SIGNATURE_LENGTH or not signature.isascii():
        return False
    given = signature.encode()
    verdicts = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in secrets if secret]
    return any(verdicts)
