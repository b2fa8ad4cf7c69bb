"""What the simulator's tests work with: a client, a bot that remembers, and servers for both."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from werkzeug.serving import make_server

from bot.simulator import SimulatorConfig, create_simulator

SECRET = "a-channel-secret"
TOKEN = "a-channel-token"
SOMSRI = "U5e1f0c3a9d7b4826a1c0e94f7b2d6835"
KHAM = "U8b27d4e6f1a04c59b3e8072d9c6a1f54"
UNKNOWN = "U" + "0" * 32
REPLY, PUSH, MULTICAST = (f"/v2/bot/message/{way}" for way in ("reply", "push", "multicast"))


def text(words: str = "สวัสดี") -> dict[str, Any]:
    return {"type": "text", "text": words}


@dataclass(slots=True)
class Answer:
    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass(slots=True)
class Desk:
    """Calls the control API as a test does, and LINE's API as a bot does."""

    url: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, maxsize=40))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body, given = json.dumps(body).encode(), {"Content-Type": "application/json", **given}
        answer = self.pool.request(method, self.url + path, body=body, headers=given, redirect=False, timeout=15)
        return Answer(answer.status, answer.headers, answer.data)

    def line(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call(method, path, body, **{"Authorization": f"Bearer {TOKEN}", **headers})

    def api(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, f"/simulator/api{path}", body)
        assert answer.status == 200, answer.raw
        return answer.json

    def reply(self, token: str, *messages: dict[str, Any]) -> Answer:
        return self.line("POST", REPLY, {"replyToken": token, "messages": list(messages) or [text()]})

    def push(self, to: str, *messages: dict[str, Any], **headers: str) -> Answer:
        return self.line("POST", PUSH, {"to": to, "messages": list(messages) or [text()]}, **headers)

    def write(self, words: str = "น้ำไม่ไหล", *, person: str = SOMSRI) -> dict[str, Any]:
        """Somebody writes, and the bot has answered the webhook: the answer of the control API."""
        return self.api("POST", f"/people/{person}/text", {"text": words, "wait": True})

    def chat(self, person: str = SOMSRI, query: str = "") -> dict[str, Any]:
        return self.api("GET", f"/people/{person}/chat{query}")

    def rows(self, kind: str = "call") -> list[dict[str, Any]]:
        return self.api("GET", f"/journal?kind={kind}")["rows"]


@dataclass(slots=True)
class Received:
    raw: bytes
    headers: dict[str, str]

    @property
    def events(self) -> list[dict[str, Any]]:
        return json.loads(self.raw)["events"]


@dataclass(slots=True)
class RememberingBot:
    """Answers every webhook as told, and keeps it."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; 200 when it is empty."""
    seconds: float = 0.0
    on_webhook: Callable[[Received], None] | None = None

    def forget(self) -> None:
        self.received, self.statuses, self.seconds, self.on_webhook = [], [], 0.0, None

    def wait_for(self, webhooks: int) -> list[Received]:
        wait_until(lambda: len(self.received) >= webhooks)
        return self.received

    @property
    def last_token(self) -> str:
        return self.received[-1].events[-1]["replyToken"]


def wait_until(true: Callable[[], object], *, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


@contextmanager
def running_bot() -> Iterator[RememberingBot]:
    bot = RememberingBot()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            received = Received(raw, {name.lower(): value for name, value in self.headers.items()})
            bot.received.append(received)
            if bot.on_webhook is not None:
                bot.on_webhook(received)
            time.sleep(bot.seconds)
            self.send_response(bot.statuses.pop(0) if bot.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    bot.url = f"http://127.0.0.1:{server.server_address[1]}/line/webhook"
    try:
        yield bot
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_simulator(webhook_url: str, **more: Any) -> Iterator[Desk]:
    config = SimulatorConfig(webhook_url=webhook_url, channel_secret=SECRET, channel_token=TOKEN, **more)
    app = create_simulator(config)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    desk = Desk(f"http://127.0.0.1:{server.server_port}")
    try:
        yield desk
    finally:
        desk.pool.clear()
        server.shutdown()
        thread.join()
        app.extensions["close_simulator"]()
        server.server_close()
