"""How LINE is called: a time limit on every call, no redirect followed, no retry behind our back, every call logged
with LINE's request id and nothing personal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pydantic.v1
import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

from bot import logs
from bot.line.failures import AlreadyAccepted, classified, network_failure, unreadable
from bot.messages import DeliveryFailed, Failure, Receipt

log = logs.get(__name__)

TIMEOUT_SECONDS = (3.0, 10.0)
"""To connect, and to hear the answer."""
LONGEST_REFUSAL = 64_000
READ_AT_ONCE = 64_000


class Calls:
    """One client, safe to share between threads. Every method raises DeliveryFailed, nothing else, when it fails."""

    def __init__(self, *, token: str, host: str, connections: int) -> None:
        configuration = Configuration(access_token=token, host=host)
        configuration.retries = False  # and no redirects: urllib3 then raises neither for us, but hands 3xx over
        configuration.connection_pool_maxsize = connections
        self.client = ApiClient(configuration)
        self._pool = self.client.rest_client.pool_manager
        self._host, self._bearer = host, {"Authorization": f"Bearer {token}"}

    def post(self, name: str, path: str, body: Mapping[str, Any], *, retry_key: str | None = None) -> Receipt:
        """Sends the body exactly as it is given. The SDK's own models would be built, and checked, and taken apart
        again first: for five hundred recipients that costs fifteen times what writing the body does."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if retry_key is not None:
            headers["X-Line-Retry-Key"] = retry_key
        return self.send(
            name, self.client.call_api, path, "POST", {}, [], headers, dict(body),
            response_types_map={}, auth_settings=["Bearer"], _return_http_data_only=False,
        )  # fmt: skip

    def read(self, name: str, path: str, **query: str | int | None) -> dict[str, Any]:
        """LINE's answer as it came: the SDK's models refuse what LINE has added since they were made."""
        given = {key: value for key, value in query.items() if value is not None}
        answer = self.call(
            name, self.client.call_api, f"{path}?{urlencode(given)}" if given else path, "GET", {}, [],
            {"Accept": "application/json"},
            response_types_map={}, auth_settings=["Bearer"], _return_http_data_only=False,
        )  # fmt: skip
        try:
            told = json.loads(answer.raw_data)
        except ValueError as error:
            raise unreadable() from error
        if not isinstance(told, dict):
            raise unreadable()
        return told

    def find(self, name: str, path: str, *absent: HTTPStatus) -> dict[str, Any] | None:
        """None where LINE answers that there is no such thing, by 404 or by one of `absent`."""
        try:
            return self.read(name, path)
        except DeliveryFailed as failed:
            if failed.status in {HTTPStatus.NOT_FOUND, *absent}:
                return None
            raise

    def fetch(self, name: str, path: str, *, most_bytes: int, seconds: float) -> bytes:
        """What LINE keeps, such as a picture, read as it comes: the SDK would take in whatever its length. Fails with
        REFUSED and status 413 where it is longer than `most_bytes`, with UNREACHABLE and status 202 while LINE makes it
        ready, with AMBIGUOUS where it takes longer than `seconds`."""
        started = time.monotonic()
        outcome: dict[str, object] = {"status": None, "request_id": None}
        try:
            answer = self._pool.request(
                "GET", self._host + path, headers=self._bearer, preload_content=False, redirect=False, retries=False,
                timeout=urllib3.Timeout(connect=TIMEOUT_SECONDS[0], read=TIMEOUT_SECONDS[1]),
            )  # fmt: skip
            try:
                outcome = {"status": answer.status, "request_id": _request_id(answer.headers)}
                return _body_of(answer, most_bytes=most_bytes, until=started + seconds)
            finally:
                answer.close()
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            outcome["error"] = type(error).__name__
            raise DeliveryFailed(Failure.UNREACHABLE, type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            outcome["error"] = type(error).__name__
            raise network_failure(error) from error
        finally:
            log.info("line.call", call=name, ms=round((time.monotonic() - started) * 1000, 1), **outcome)

    def send(self, name: str, call: Callable[..., Any], *arguments: object, **more: object) -> Receipt:
        try:
            answer = self.call(name, call, *arguments, **more)
        except AlreadyAccepted as accepted:
            return Receipt(request_id=accepted.request_id, duplicate=True)
        return Receipt(request_id=_request_id(answer.headers) if answer is not None else None)

    def call(self, name: str, call: Callable[..., Any], *arguments: object, **more: object) -> Any:  # noqa: ANN401
        started = time.monotonic()
        outcome: dict[str, object] = {"status": None, "request_id": None}
        try:
            answer = call(*arguments, _request_timeout=TIMEOUT_SECONDS, **more)
            outcome = {"status": answer.status_code, "request_id": _request_id(answer.headers)}
        except ApiException as error:
            broken = error.__context__  # the SDK takes a broken TLS connection for a refusal, of the status 0
            if isinstance(broken, urllib3.exceptions.SSLError):
                outcome["error"] = type(broken).__name__
                raise network_failure(broken) from error
            outcome = {"status": error.status, "request_id": _request_id(error.headers)}
            raise classified(int(error.status or 0), error.body, error.headers) from error
        except UnicodeDecodeError as error:
            refused = error.__context__  # the SDK reads the body of a refusal as UTF-8, whatever it is
            if not isinstance(refused, ApiException):
                raise unreadable() from error
            outcome = {"status": refused.status, "request_id": _request_id(refused.headers)}
            raise classified(int(refused.status or 0), None, refused.headers) from error
        except pydantic.v1.ValidationError:
            outcome = {"status": HTTPStatus.OK, "request_id": None}
            return None  # LINE took it and answered 200 in a shape that the SDK does not know
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            outcome["error"] = type(error).__name__
            raise DeliveryFailed(Failure.UNREACHABLE, type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            outcome["error"] = type(error).__name__
            raise network_failure(error) from error
        else:
            return answer
        finally:
            log.info("line.call", call=name, ms=round((time.monotonic() - started) * 1000, 1), **outcome)


def text_of(told: Mapping[str, Any], name: str) -> str:
    """Raises DeliveryFailed where LINE's answer lacks what it always has."""
    value = told.get(name)
    if not isinstance(value, str):
        raise unreadable()
    return value


def number_of(told: Mapping[str, Any], name: str) -> int:
    """Raises DeliveryFailed where LINE's answer lacks what it always has."""
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise unreadable()
    return value


def list_of(told: Mapping[str, Any], name: str) -> list[str]:
    """Raises DeliveryFailed where LINE's answer lacks what it always has."""
    values = told.get(name)
    if not isinstance(values, list):
        raise unreadable()
    return [value for value in values if isinstance(value, str)]


def _body_of(answer: urllib3.BaseHTTPResponse, *, most_bytes: int, until: float) -> bytes:
    """Raises DeliveryFailed for everything but a whole body that came with status 200."""
    if answer.status == HTTPStatus.ACCEPTED:
        raise DeliveryFailed(Failure.UNREACHABLE, "not ready yet", status=answer.status)
    if answer.status != HTTPStatus.OK:
        words = answer.read(LONGEST_REFUSAL, decode_content=False)
        failed = classified(answer.status, words, answer.headers)
        raise failed if isinstance(failed, DeliveryFailed) else unreadable()
    body = bytearray()
    while part := answer.read1(READ_AT_ONCE, decode_content=False):
        body += part
        if len(body) > most_bytes:
            raise DeliveryFailed(Failure.REFUSED, "too large", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if time.monotonic() > until:
            raise DeliveryFailed(Failure.AMBIGUOUS, "too slow")
    return bytes(body)


def _request_id(headers: Any) -> str | None:  # noqa: ANN401 - urllib3's header dictionary, or None
    return headers.get("x-line-request-id") if headers is not None else None
