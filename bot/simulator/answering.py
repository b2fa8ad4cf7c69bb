"""How every LINE call is received and answered: fault, token, rate, work, request id, journal."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response, request

from bot.simulator import identifiers
from bot.simulator.faults import Fault
from bot.simulator.journal import Row
from bot.simulator.limits import BUSY_MESSAGE
from bot.simulator.rate_limits import HOUR, SLOWER
from bot.simulator.refusals import ApiRefusal
from bot.simulator.state import State

BODY_BYTES = 2 * 1024 * 1024
READ_BYTES = 16 * 1024 * 1024
"""A body that is too large is still read, up to here, so that its sender can read our answer."""
WITH_RETRY_KEY = frozenset({"push", "multicast", "narrowcast", "broadcast"})
RATE_MESSAGE = "The API rate limit has been exceeded. Try again later."
UNAUTHORISED_MESSAGE = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)
NOT_JSON_MESSAGE = "The request body could not be parsed as JSON"
FAULT_MESSAGES = {401: UNAUTHORISED_MESSAGE, 429: RATE_MESSAGE, 500: "Internal server error"}


@dataclass(slots=True)
class Answer:
    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request of the bot's. The work on it fills in the row for the journal."""

    request_id: str
    row: Row
    request: Request
    raw: bytes
    body: dict[str, Any] = field(default_factory=dict)


Work = Callable[[Call], Answer]


@dataclass(slots=True)
class Desk:
    """Answers calls, one method a call. Keeps nothing of its own."""

    state: State

    def serve(
        self, work: Work, *, endpoint: str, family: str, with_token: bool = True, with_json: bool = True,
        read_bytes: int = READ_BYTES,
    ) -> Response:  # fmt: skip
        request_id, started = identifiers.new_request_id(), time.monotonic()
        row = Row(
            at=self.state.clock.now(), kind="call", method=request.method, path=request.path, family=family,
            request_id=request_id, retry_key=request.headers.get("X-Line-Retry-Key"),
        )  # fmt: skip
        call = Call(request_id, row, request, _read(request, read_bytes))
        fault = self.state.faults.take(request.path)
        if self.state.limits.enter():
            try:
                answer = self._answer(work, call, endpoint, fault, with_token=with_token, with_json=with_json)
            finally:
                self.state.limits.leave()
        else:
            answer = _refused(ApiRefusal(429, BUSY_MESSAGE, "rate-limit-concurrency"))
        row.status, row.ms = answer.status, (time.monotonic() - started) * 1000
        row.response = answer.body if isinstance(answer.body, dict | list) else None
        row.weight = len(call.raw) if row.request else 0
        if fault is not None and fault.cut:
            row.status = row.response = None
            _cut(request)
        self.state.journal.add(row)
        response = _response(answer, request_id)
        if fault is not None and fault.stall:
            _stall(response, fault.stall)
        return response

    def _answer(
        self, work: Work, call: Call, endpoint: str, fault: Fault | None, *, with_token: bool, with_json: bool
    ) -> Answer:
        if fault is not None and fault.when == "before":
            time.sleep(fault.delay)
            if fault.status is not None or fault.cut:
                call.body = call.row.request = _loaded(call.raw)
                _note_addressed(call)
                return _fault_answer(fault)
        try:
            self._admit(call, endpoint, with_token=with_token, with_json=with_json)
            answer = work(call)
        except RecursionError:
            answer = Answer({"message": "A message in the request body is invalid"}, 400)
        except ApiRefusal as refusal:
            answer = _refused(refusal)
        if fault is not None and fault.when == "after":
            time.sleep(fault.delay)
            if fault.status is not None or fault.cut:
                return _fault_answer(fault)
        return answer

    def _admit(self, call: Call, endpoint: str, *, with_token: bool, with_json: bool) -> None:
        if with_token:
            _check_token(call.request.headers.get("Authorization"), self.state)
        if not self.state.rates.take(endpoint, self.state.clock.now()):
            raise ApiRefusal(429, RATE_MESSAGE, _rate_rule(endpoint))
        if with_token and "X-Line-Retry-Key" in call.request.headers and endpoint not in WITH_RETRY_KEY:
            rule = "retry-key-on-reply" if endpoint == "reply" else "retry-key-elsewhere"
            raise ApiRefusal(400, "The retry key is not supported by this endpoint", rule)
        if call.request.method in {"POST", "PUT"} and with_token and with_json:
            call.body, call.row.request = _read_json(call), call.raw
            _note_addressed(call)


def _rate_rule(endpoint: str) -> str:
    calls_and_seconds = SLOWER.get(endpoint)
    if calls_and_seconds is None:
        return "rate-limit"
    return "rate-limit-hour" if calls_and_seconds[1] == HOUR else "rate-limit-minute"


def _refused(refusal: ApiRefusal) -> Answer:
    headers = {**refusal.headers, "X-Simulator-Rule": ", ".join(refusal.broken_rules())}
    return Answer(refusal.as_json(), refusal.status, headers)


def _check_token(header: str | None, state: State) -> None:
    scheme, _, given = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        message = "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
        raise ApiRefusal(401, message, "bearer-token")
    standing = state.channel_tokens.standing(given.strip(), state.clock.now())
    if standing != "good":
        rule = {"unknown": "bearer-token", "revoked": "token-revoked", "expired": "token-expired"}[standing]
        raise ApiRefusal(401, UNAUTHORISED_MESSAGE, rule)


def _read(incoming: Request, most: int) -> bytes:
    return incoming.stream.read(most) if incoming.method in {"POST", "PUT"} else b""


def _read_json(call: Call) -> dict[str, Any]:
    if call.request.mimetype != "application/json":
        raise ApiRefusal(415, f"The content type, {call.request.mimetype}, is not supported", "media-type")
    if len(call.raw) > BODY_BYTES:
        raise ApiRefusal(413, "Request entity too large", "request-size")
    try:
        body = json.loads(call.raw, parse_constant=_refuse_constant)
        if b"\\ud" in call.raw.lower():
            json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except json.JSONDecodeError as error:
        where = f"(line: {error.lineno}, column: {error.colno})"
        raise ApiRefusal(400, f"{NOT_JSON_MESSAGE} {where}", "json-body") from error
    except (ValueError, RecursionError) as error:
        raise ApiRefusal(400, f"{NOT_JSON_MESSAGE} (line: -, column: -)", "json-body") from error
    if not isinstance(body, dict):
        raise ApiRefusal(400, f"{NOT_JSON_MESSAGE} (line: 1, column: 1)", "json-body")
    return body


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _loaded(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _note_addressed(call: Call) -> None:
    """A call that is not carried out shows in the journal for whom it was meant, too."""
    to, token = call.body.get("to"), call.body.get("replyToken")
    addressed = to if isinstance(to, list) else [to]
    call.row.user_ids = tuple(each for each in addressed if isinstance(each, str))
    call.row.reply_token = token if isinstance(token, str) else None


def _fault_answer(fault: Fault) -> Answer:
    status = fault.status or 500
    headers = dict(fault.headers)
    if 300 <= status < 400:
        headers.setdefault("Location", f"{request.path}?redirected=1")
    body = fault.body
    if body is None and status >= 400:
        body = {"message": FAULT_MESSAGES.get(status, "Something went wrong")}
    return Answer(body, status, headers)


def _cut(incoming: Request) -> None:
    """Drops the connection under the server that serves us, gunicorn or werkzeug: the caller hears no answer."""
    connection = incoming.environ.get("gunicorn.socket") or incoming.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)


def _stall(response: Response, seconds: float) -> None:
    """Half of the answer comes at once, the other half after a while."""
    body = response.get_data()

    def in_halves() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        time.sleep(seconds)
        yield body[len(body) // 2 :]

    response.response = in_halves()
    response.headers["Content-Length"] = str(len(body))


def _response(answer: Answer, request_id: str) -> Response:
    headers = {"X-Line-Request-Id": request_id, **answer.headers}
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers)
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, headers, mimetype="text/html")
    body = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
    return Response(body, answer.status, headers, mimetype="application/json")
