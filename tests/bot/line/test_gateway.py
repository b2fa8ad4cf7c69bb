"""The gateway against a server that answers as told, over real HTTP. The simulator's own tests go further."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3
from structlog.testing import capture_logs

from bot.line.failures import network_failure
from bot.line.gateway import BotInfo, LineGateway
from bot.messages import DeliveryFailed, Failure, Receipt
from tests.builders import SOMCHAI

MESSAGES = [{"type": "text", "text": "สวัสดีค่ะ"}]
KEY = "123e4567-e89b-12d3-a456-426614174000"


@dataclass
class Told:
    status: int = 200
    body: str = '{"sentMessages": [{"id": "1"}]}'
    headers: dict[str, str] = field(default_factory=lambda: {"x-line-request-id": "r-1"})
    stall: float = 0.0
    cut: bool = False
    encoding: str = "utf-8"


@dataclass
class FakeLine:
    url: str
    told: Told = field(default_factory=Told)
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)


@pytest.fixture
def line() -> Iterator[FakeLine]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            fake.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(body or b"null")))
            self.answer()

        def do_GET(self) -> None:
            fake.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, None))
            self.answer()

        def answer(self) -> None:
            told = fake.told
            if told.stall:
                time.sleep(told.stall)
            if told.cut:
                self.close_connection = True
                return
            payload = told.body.encode(told.encoding)
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(payload))}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeLine(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gateway(line: FakeLine) -> LineGateway:
    return LineGateway(token="token-of-the-channel", host=line.url)


def failure_of(call: Any) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        call()
    return failed.value


def test_a_reply_sends_exactly_what_it_was_given(line: FakeLine, gateway: LineGateway) -> None:
    text = {"type": "text", "text": "ก", "lineSpacing": "6px"}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [text]}}
    press = {"type": "postback", "label": "ก", "data": "d", "displayText": "ก"}
    quick_reply = {"items": [{"type": "action", "action": press}]}
    messages = [*MESSAGES, {"type": "flex", "altText": "ก", "contents": bubble, "quickReply": quick_reply}]
    assert gateway.reply("the token", messages) == Receipt("r-1")
    path, headers, body = line.asked[0]
    assert path == "/v2/bot/message/reply"
    assert headers["authorization"] == "Bearer token-of-the-channel"
    assert "x-line-retry-key" not in headers
    assert body["replyToken"] == "the token"
    assert body["messages"] == messages


def test_a_push_carries_its_retry_key(line: FakeLine, gateway: LineGateway) -> None:
    assert gateway.push(SOMCHAI, MESSAGES, retry_key=KEY) == Receipt("r-1")
    path, headers, body = line.asked[0]
    assert (path, headers["x-line-retry-key"], body["to"]) == ("/v2/bot/message/push", KEY, SOMCHAI)


def test_accepted_before_is_success(line: FakeLine, gateway: LineGateway) -> None:
    line.told = Told(409, '{"message": "The retry key is already accepted"}', {"x-line-accepted-request-id": "r-0"})
    assert gateway.push(SOMCHAI, MESSAGES, retry_key=KEY) == Receipt("r-0", duplicate=True)


@pytest.mark.parametrize(
    ("told", "failure"),
    [
        (Told(400, '{"message": "Invalid reply token"}'), Failure.TOKEN_SPENT),
        (Told(400, '{"message": "The request body has 1 error(s)"}'), Failure.REFUSED),
        (Told(401, '{"message": "Authentication failed"}'), Failure.UNAUTHORISED),
        (Told(403, '{"message": "Not available"}'), Failure.REFUSED),
        (Told(404, '{"message": "Not found"}'), Failure.REFUSED),
        (Told(409, '{"message": "Conflict"}', {}), Failure.REFUSED),
        (Told(413, ""), Failure.REFUSED),
        (Told(429, '{"message": "You have reached your monthly limit."}'), Failure.QUOTA_SPENT),
        (Told(429, '{"message": "The API rate limit has been exceeded. Try again later."}'), Failure.RATE_LIMITED),
        (Told(429, '{"message": "words never seen before"}'), Failure.RATE_LIMITED),
        (Told(500, '{"message": "Internal error"}'), Failure.AMBIGUOUS),
        (Told(502, "<html>Bad Gateway</html>"), Failure.AMBIGUOUS),
        (Told(302, "", {"Location": "http://127.0.0.1:9/elsewhere"}), Failure.UNREACHABLE),
        (Told(307, "", {"Location": "http://127.0.0.1:9/elsewhere"}), Failure.UNREACHABLE),
        (Told(502, "\N{LATIN SMALL LETTER E WITH ACUTE}", encoding="latin-1"), Failure.AMBIGUOUS),
        (Told(403, "\N{LATIN SMALL LETTER E WITH ACUTE}", encoding="latin-1"), Failure.REFUSED),
        (Told(cut=True), Failure.AMBIGUOUS),
    ],
    ids=lambda value: value.value if isinstance(value, Failure) else f"{value.status}-{value.body[:40]}",
)
def test_each_answer_means_one_thing_and_is_asked_for_once(
    line: FakeLine, gateway: LineGateway, told: Told, failure: Failure
) -> None:
    line.told = told
    assert failure_of(lambda: gateway.reply("t", MESSAGES)).failure is failure
    assert len(line.asked) == 1, "nothing is retried or followed behind our back"


def test_retry_after_is_obeyed_up_to_a_quarter_of_an_hour(line: FakeLine, gateway: LineGateway) -> None:
    for given, obeyed in [("120", 120.0), ("1000000000", 900.0), ("soon", None), ("-5", 0.0), ("nan", None)]:
        line.told = Told(429, "{}", {"Retry-After": given})
        assert failure_of(lambda: gateway.reply("t", MESSAGES)).retry_after == obeyed


def test_a_stalled_answer_ends_in_time_and_in_doubt(
    line: FakeLine, gateway: LineGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.line.calls.TIMEOUT_SECONDS", (0.3, 0.3))
    line.told = Told(stall=1.5)
    started = time.monotonic()
    assert failure_of(lambda: gateway.push(SOMCHAI, MESSAGES, retry_key=KEY)).failure is Failure.AMBIGUOUS
    assert time.monotonic() - started < 1.2
    assert len(line.asked) == 1


def test_no_connection_means_certainly_not_taken() -> None:
    gateway = LineGateway(token="t", host="http://127.0.0.1:9")
    assert failure_of(lambda: gateway.reply("t", MESSAGES)).failure is Failure.UNREACHABLE


def test_a_connection_that_cannot_be_trusted_is_none(line: FakeLine) -> None:
    """What stands there speaks no TLS."""
    gateway = LineGateway(token="t", host=line.url.replace("http:", "https:"))
    assert failure_of(lambda: gateway.reply("t", MESSAGES)).failure is Failure.UNREACHABLE
    assert line.asked == []


@pytest.mark.parametrize(
    ("broken", "failure"),
    [
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), Failure.UNREACHABLE),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), Failure.AMBIGUOUS),
        ("a text", Failure.AMBIGUOUS),
    ],
    ids=["certificate", "cut short", "unknown"],
)
def test_a_broken_secure_connection_is_in_doubt_once_something_was_sent(broken: object, failure: Failure) -> None:
    assert network_failure(urllib3.exceptions.SSLError(broken)).failure is failure


def test_an_answer_in_an_unknown_shape_was_still_taken(line: FakeLine, gateway: LineGateway) -> None:
    line.told = Told(200, '{"sentMessages": [{"id": {"new": "shape"}}]}')
    assert gateway.reply("t", MESSAGES) == Receipt("r-1")


def test_every_call_is_logged_without_anything_personal(line: FakeLine, gateway: LineGateway) -> None:
    with capture_logs() as lines:
        gateway.push(SOMCHAI, MESSAGES, retry_key=KEY)
        line.told = Told(400, '{"message": "Invalid reply token"}')
        failure_of(lambda: gateway.reply("reply-token-42", MESSAGES))
    calls = [line for line in lines if line["event"] == "line.call"]
    assert [(call["call"], call["status"], call["request_id"]) for call in calls] == [
        ("push", 200, "r-1"),
        ("reply", 400, "r-1"),
    ]
    told = json.dumps(lines, ensure_ascii=False)
    for secret in (SOMCHAI, "สวัสดี", "token-of-the-channel", "reply-token-42"):
        assert secret not in told


def test_the_loading_animation_and_our_own_id(line: FakeLine, gateway: LineGateway) -> None:
    line.told = Told(202, "{}")
    gateway.show_loading(SOMCHAI, seconds=20)
    assert line.asked[0][2] == {"chatId": SOMCHAI, "loadingSeconds": 20}
    line.told = Told(
        200, '{"userId": "U1", "basicId": "@a", "displayName": "x", "chatMode": "bot", "markAsReadMode": "auto"}'
    )
    assert gateway.bot_user_id() == "U1"


INFO = {"userId": "U1", "basicId": "@a", "displayName": "x", "chatMode": "chat", "markAsReadMode": "manual"}


@pytest.mark.parametrize(("mode", "by_hand"), [("manual", True), ("auto", False), ("something new", False)])
def test_the_account_says_who_marks_messages_as_read(
    line: FakeLine, gateway: LineGateway, mode: str, by_hand: bool
) -> None:
    line.told = Told(200, json.dumps({**INFO, "markAsReadMode": mode, "chatMode": "new too"}))
    assert gateway.bot_info() == BotInfo("U1", "new too", mode)
    assert gateway.reads_by_hand() is by_hand
    assert gateway.bot_user_id() == "U1"
    assert {path for path, _, _ in line.asked} == {"/v2/bot/info"}


@pytest.mark.parametrize("body", ["<html>hello</html>", "[]", "{}", '{"userId": 1}'])
def test_an_account_without_an_id_is_no_account(line: FakeLine, gateway: LineGateway, body: str) -> None:
    line.told = Told(200, body)
    assert failure_of(gateway.bot_user_id).failure is Failure.AMBIGUOUS


def test_a_message_is_marked_as_read_by_its_token(line: FakeLine, gateway: LineGateway) -> None:
    line.told = Told(200, "{}")
    gateway.mark_as_read("read-token-42")
    path, headers, body = line.asked[0]
    assert (path, body) == ("/v2/bot/chat/markAsRead", {"markAsReadToken": "read-token-42"})
    assert headers["authorization"] == "Bearer token-of-the-channel"
    line.told = Told(400, '{"message": "Invalid markAsReadToken"}')
    with capture_logs() as lines:
        assert failure_of(lambda: gateway.mark_as_read("read-token-42")).failure is Failure.REFUSED
    assert "read-token-42" not in json.dumps(lines)


def test_sixteen_threads_share_one_client(line: FakeLine, gateway: LineGateway) -> None:
    failures: list[BaseException] = []

    def send() -> None:
        try:
            for _ in range(5):
                gateway.reply("t", MESSAGES)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, len(line.asked)) == ([], 80)
