"""What people sent, fetched from LINE: from the simulator, and from a server that answers as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.line import calls, gateway, limits
from bot.line.gateway import LineGateway
from bot.messages import DeliveryFailed, Failure
from tests.bot.line.menus import NOWHERE
from tests.bot.simulator.desk import SOMSRI, TOKEN, Desk, running_simulator

PATH = "/v2/bot/message/1/content"


@pytest.fixture(scope="module")
def _desk() -> Iterator[Desk]:
    with running_simulator(NOWHERE) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.api("POST", "/reset")
    return _desk


@pytest.fixture
def line(desk: Desk) -> LineGateway:
    return LineGateway(token=TOKEN, host=desk.url)


@pytest.fixture
def served() -> Iterator[Callable[[Callable[[BaseHTTPRequestHandler], None]], LineGateway]]:
    """A gateway to a server on which this function answers."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def serve(answer: Callable[[Any], None]) -> LineGateway:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            do_GET = answer

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return LineGateway(token=TOKEN, host=f"http://127.0.0.1:{server.server_port}")

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def failure_of(call: Callable[[], object]) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        call()
    return failed.value


def send(desk: Desk, **more: Any) -> str:
    return str(desk.api("POST", f"/people/{SOMSRI}/image", more)["messageId"])


def answering(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_a_picture_comes_as_it_was_sent(desk: Desk, line: LineGateway) -> None:
    message_id = send(desk)
    found = line.content(message_id)
    assert found == desk.call("GET", f"/simulator/api/content/{message_id}").raw
    assert found is not None and found.startswith(b"\x89PNG")


def test_what_line_does_not_have_any_more_is_none(desk: Desk, line: LineGateway) -> None:
    message_id = send(desk)
    desk.api("POST", f"/content/{message_id}", {"gone": True})
    assert (line.content(message_id), line.content("9"), line.content("../../info")) == (None, None, None)


def test_what_line_has_not_made_ready_can_be_asked_for_later(desk: Desk, line: LineGateway) -> None:
    message_id = send(desk, readyIn=5)
    failed = failure_of(lambda: line.content(message_id))
    assert (failed.failure, failed.status) == (Failure.UNREACHABLE, 202)
    desk.api("POST", "/clock", {"advance": 6})
    assert line.content(message_id) is not None


@pytest.mark.parametrize(
    ("status", "failure"),
    [(401, Failure.UNAUTHORISED), (429, Failure.RATE_LIMITED), (500, Failure.AMBIGUOUS), (302, Failure.UNREACHABLE),
     (403, Failure.REFUSED), (409, Failure.REFUSED), (204, Failure.REFUSED)],
)  # fmt: skip
def test_refusals_are_told_apart(served: Any, status: int, failure: Failure) -> None:
    failed = failure_of(lambda: served(answering(status, Location="http://127.0.0.1:1/")).content("1"))
    assert (failed.failure, failed.status) == (failure, status)


def test_its_address_and_permission_are_lines(served: Any) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append((request.path, request.headers["Authorization"]))
        answering(200, b"JPEG")(request)

    line = served(answer)
    assert (line.content("1"), line.content("2")) == (b"JPEG", b"JPEG")
    assert asked == [(PATH, f"Bearer {TOKEN}"), (PATH.replace("1", "2"), f"Bearer {TOKEN}")]


def test_lines_own_pictures_are_at_another_host() -> None:
    line = LineGateway(token=TOKEN, host="https://api.line.me")
    assert line._data._host == "https://api-data.line.me"


def test_no_more_is_read_than_a_picture_may_have(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONTENT_BYTES", 200_000)
    written = 0
    stopped = threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal written
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        try:
            for _ in range(2_000):
                written += request.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        except OSError:
            request.close_connection = True
        stopped.set()

    failed = failure_of(lambda: served(answer).content("1"))
    assert (failed.failure, failed.status) == (Failure.REFUSED, 413)
    assert stopped.wait(5)
    assert written < 20_000_000, "the connection was let go of"


def test_a_body_that_drips_is_not_waited_for(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "CONTENT_SECONDS", 0.3)
    stop = threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        try:
            while not stop.wait(0.05):
                request.wfile.write(b"x")
        except OSError:
            request.close_connection = True

    failed = failure_of(lambda: served(answer).content("1"))
    stop.set()
    assert (failed.failure, failed.detail) == (Failure.AMBIGUOUS, "too slow")


def test_silence_has_an_end(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", (0.2, 0.2))
    stop = threading.Event()
    failed = failure_of(lambda: served(lambda _: stop.wait(5)).content("1"))
    stop.set()
    assert failed.failure is Failure.AMBIGUOUS


def test_half_a_picture_is_none_at_all(served: Any) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"x" * 500)
        request.close_connection = True

    assert failure_of(lambda: served(answer).content("1")).failure is Failure.AMBIGUOUS


def test_nobody_there_is_certain() -> None:
    line = LineGateway(token=TOKEN, host="http://127.0.0.1:1")
    assert failure_of(lambda: line.content("1")).failure is Failure.UNREACHABLE


def test_what_is_logged_is_the_call_and_nothing_of_the_picture(served: Any) -> None:
    with capture_logs() as logged:
        served(answering(200, b"JPEG", x_line_request_id="r-1")).content("508000")
    (row,) = [row for row in logged if row["event"] == "line.call"]
    assert (row["call"], row["status"], row["request_id"]) == ("content", 200, "r-1")
    assert "508000" not in str(row)
