"""The gateway: the one place that talks to LINE.

One client a process, a time limit on every call, no redirect followed, no retry behind our back, every call logged
with LINE's request id and nothing personal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pydantic.v1
import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)

from bot import logs
from bot.messages import DeliveryFailed, Failure, Receipt, Rendered

log = logs.get(__name__)

TIMEOUT_SECONDS = (3.0, 10.0)
"""To connect, and to hear the answer."""
QUOTA_WORDS = "monthly limit"
"""LINE tells a spent quota from a rate limit by the message alone; unknown words count as a rate limit."""
LONGEST_RETRY_AFTER_SECONDS = 900.0


class LineGateway:
    """Implements `bot.messages.Messenger`. Build one after forking; safe to share between threads."""

    def __init__(self, *, token: str, host: str, connections: int = 16) -> None:
        configuration = Configuration(access_token=token, host=host)
        configuration.retries = False  # and no redirects: urllib3 then raises neither for us, but hands 3xx over
        configuration.connection_pool_maxsize = connections
        self._api = MessagingApi(ApiClient(configuration))

    def reply(self, token: str, messages: Rendered) -> Receipt:
        request = ReplyMessageRequest.from_dict({"replyToken": token, "messages": messages})
        return self._send("reply", self._api.reply_message_with_http_info, request)

    def push(self, recipient: str, messages: Rendered, *, retry_key: str) -> Receipt:
        request = PushMessageRequest.from_dict({"to": recipient, "messages": messages})
        return self._send("push", self._api.push_message_with_http_info, request, x_line_retry_key=retry_key)

    def show_loading(self, recipient: str, *, seconds: int) -> None:
        request = ShowLoadingAnimationRequest(chatId=recipient, loadingSeconds=seconds)
        self._send("loading", self._api.show_loading_animation_with_http_info, request)

    def bot_user_id(self) -> str:
        answer = self._call("info", self._api.get_bot_info_with_http_info)
        return str(answer.data.user_id)

    def _send(self, name: str, call: Callable[..., Any], request: object, **more: object) -> Receipt:
        try:
            answer = self._call(name, call, request, **more)
        except _AlreadyAccepted as accepted:
            return Receipt(request_id=accepted.request_id, duplicate=True)
        return Receipt(request_id=_request_id(answer.headers) if answer is not None else None)

    def _call(self, name: str, call: Callable[..., Any], *arguments: object, **more: object) -> Any:  # noqa: ANN401
        started = time.monotonic()
        outcome: dict[str, object] = {"status": None, "request_id": None}
        try:
            answer = call(*arguments, _request_timeout=TIMEOUT_SECONDS, **more)
            outcome = {"status": answer.status_code, "request_id": _request_id(answer.headers)}
        except ApiException as error:
            outcome = {"status": error.status, "request_id": _request_id(error.headers)}
            raise _classified(error) from error
        except pydantic.v1.ValidationError:
            outcome = {"status": HTTPStatus.OK, "request_id": None}
            return None  # LINE took it and answered 200 in a shape that the SDK does not know
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            outcome["error"] = type(error).__name__
            raise DeliveryFailed(Failure.UNREACHABLE, type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            outcome["error"] = type(error).__name__
            raise _network_failure(error) from error
        else:
            return answer
        finally:
            log.info("line.call", call=name, ms=round((time.monotonic() - started) * 1000, 1), **outcome)


class _AlreadyAccepted(Exception):
    def __init__(self, request_id: str | None) -> None:
        super().__init__("the retry key is already accepted")
        self.request_id = request_id


def _request_id(headers: Any) -> str | None:  # noqa: ANN401 - urllib3's header dictionary, or None
    return headers.get("x-line-request-id") if headers is not None else None


def _network_failure(error: urllib3.exceptions.HTTPError) -> DeliveryFailed:
    reason = getattr(error, "reason", None)
    never_left = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.NameResolutionError,
        urllib3.exceptions.SSLError,
    )
    if isinstance(error, urllib3.exceptions.SSLError) or isinstance(reason, never_left):
        return DeliveryFailed(Failure.UNREACHABLE, type(reason or error).__name__)
    return DeliveryFailed(Failure.AMBIGUOUS, type(error).__name__)


def _classified(error: ApiException) -> Exception:
    """What an HTTP status of LINE's means for us. Only 429 and 400 are told apart by their words."""
    status = int(error.status or 0)
    words = _message_of(error.body)
    match status:
        case HTTPStatus.CONFLICT if error.headers and error.headers.get("x-line-accepted-request-id"):
            return _AlreadyAccepted(error.headers.get("x-line-accepted-request-id"))
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
    return DeliveryFailed(failure, f"HTTP {status}", status=status, retry_after=_retry_after(error))


def _message_of(body: object) -> str:
    """LINE's own words, which name no person; empty where a proxy answered in its stead."""
    try:
        data = json.loads(body) if isinstance(body, str | bytes) else {}
    except ValueError:
        return ""
    message = data.get("message") if isinstance(data, dict) else None
    return message if isinstance(message, str) else ""


def _retry_after(error: ApiException) -> float | None:
    """Seconds, where somebody on the way says so: LINE itself documents no such header."""
    value = error.headers.get("retry-after") if error.headers else None
    try:
        return min(max(float(value), 0.0), LONGEST_RETRY_AFTER_SECONDS) if value else None
    except ValueError:
        return None
