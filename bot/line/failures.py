"""What a refusal of LINE's, or a broken connection, means for us."""

from __future__ import annotations

import json
import math
import ssl
from collections.abc import Mapping
from http import HTTPStatus

import urllib3

from bot.messages import DeliveryFailed, Failure

QUOTA_WORDS = "monthly limit"
"""LINE tells a spent quota from a rate limit by the message alone; unknown words count as a rate limit."""
LONGEST_RETRY_AFTER_SECONDS = 900.0
NO_HANDSHAKE = ("WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "HANDSHAKE_FAILURE", "ALERT_PROTOCOL_VERSION")
"""Reasons of OpenSSL's that come before anything is sent. Others may cut a request short, or its answer."""


class AlreadyAccepted(Exception):
    def __init__(self, request_id: str | None) -> None:
        super().__init__("the retry key is already accepted")
        self.request_id = request_id


def network_failure(error: urllib3.exceptions.HTTPError) -> DeliveryFailed:
    reason = getattr(error, "reason", None)
    never_left = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.NameResolutionError,
    )
    if isinstance(reason, never_left) or _is_no_handshake(error):
        return DeliveryFailed(Failure.UNREACHABLE, type(reason or error).__name__)
    return DeliveryFailed(Failure.AMBIGUOUS, type(error).__name__)


def _is_no_handshake(error: urllib3.exceptions.HTTPError) -> bool:
    cause = error.args[0] if isinstance(error, urllib3.exceptions.SSLError) and error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return True
    return isinstance(cause, ssl.SSLError) and (getattr(cause, "reason", None) or "").endswith(NO_HANDSHAKE)


def classified(status: int, body: object, headers: Mapping[str, str] | None) -> Exception:
    """What an HTTP status of LINE's means for us. Only 429 and 400 are told apart by their words."""
    words = _message_of(body)
    headers = headers or {}
    match status:
        case HTTPStatus.CONFLICT if headers.get("x-line-accepted-request-id"):
            return AlreadyAccepted(headers.get("x-line-accepted-request-id"))
        case HTTPStatus.BAD_REQUEST if "invalid reply token" in words.lower():
            failure = Failure.TOKEN_SPENT
        case HTTPStatus.UNAUTHORIZED:
            failure = Failure.UNAUTHORISED
        case HTTPStatus.TOO_MANY_REQUESTS:
            failure = Failure.QUOTA_SPENT if QUOTA_WORDS in words.lower() else Failure.RATE_LIMITED
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            failure = Failure.AMBIGUOUS
        case _ if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            failure = Failure.UNREACHABLE
        case _:
            failure = Failure.REFUSED
    return DeliveryFailed(failure, f"HTTP {status}", status=status, retry_after=_retry_after(headers))


def unreadable() -> DeliveryFailed:
    return DeliveryFailed(Failure.AMBIGUOUS, "an answer in an unknown shape")


def words_of(failed: DeliveryFailed) -> str:
    """What LINE itself said, for whoever set the request up: it may repeat what was sent, so it belongs in no log."""
    body = getattr(failed.__cause__, "body", None)
    return ": ".join(part for part in (_message_of(body), _details_of(body)) if part)


def _details_of(body: object) -> str:
    try:
        found = json.loads(body).get("details") if isinstance(body, str | bytes) else None
        return "; ".join(f"{each['property']}: {each['message']}" for each in found or ())
    except (ValueError, AttributeError, KeyError, TypeError):
        return ""


def _message_of(body: object) -> str:
    """LINE's own words, which name no person; empty where a proxy answered in its stead."""
    try:
        data = json.loads(body) if isinstance(body, str | bytes) else {}
    except ValueError:
        return ""
    message = data.get("message") if isinstance(data, dict) else None
    return message if isinstance(message, str) else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, where somebody on the way says so: LINE itself documents no such header."""
    try:
        seconds = float(headers.get("retry-after") or "nan")
    except ValueError:
        return None
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)
