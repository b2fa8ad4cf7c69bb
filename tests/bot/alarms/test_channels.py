"""Mail through a real server on this machine, a webhook through real HTTP."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot import clock, settings
from bot.alarms import channels
from bot.alarms.channels import NotTold
from bot.alarms.words import Told

DAY = timedelta(days=1)
TOLD = Told("แจ้งเตือน", "ดิสก์ใกล้เต็ม\nThe disk is nearly full", ("disk_low",), over=False, key="k")


@dataclass
class Post:
    letters: list[Envelope] = field(default_factory=list)
    refuses: bool = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.refuses:
            return "550 not here"
        self.letters.append(envelope)
        return "250 OK"


def _any_password(*_: Any) -> AuthResult:
    return AuthResult(success=True)


@pytest.fixture
def post() -> Post:
    return Post()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(post: Post) -> Iterator[Controller]:
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_any_password,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    yield controller
    controller.stop()


def port_of(server: Controller) -> int:
    assert server.server is not None
    return int(server.server.sockets[0].getsockname()[1])


def test_a_letter_arrives_with_its_thai_words(server: Controller, post: Post) -> None:
    channels.mail(f"smtp://127.0.0.1:{port_of(server)}", ["a@example.org", "b@example.org"])(TOLD)
    (letter,) = post.letters
    assert letter.rcpt_tos == ["a@example.org", "b@example.org"]
    read = message_from_bytes(letter.content or b"", policy=policy.default)
    assert read["Subject"] == TOLD.subject
    assert read.get_content().strip().replace("\r\n", "\n") == TOLD.text


def test_a_server_that_refuses_is_told_by_its_kind(server: Controller, post: Post) -> None:
    post.refuses = True
    with pytest.raises(NotTold, match="email: SMTPDataError"):
        channels.mail(f"smtp://127.0.0.1:{port_of(server)}", ["a@example.org"])(TOLD)


def test_with_a_password_it_signs_in_to_this_machine(server: Controller, post: Post) -> None:
    channels.mail(f"smtp://me%40example.org:pa%3Ass@127.0.0.1:{port_of(server)}", ["a@example.org"])(TOLD)
    assert [letter.mail_from for letter in post.letters] == ["me@example.org"]


def test_a_password_is_not_sent_in_the_clear_over_the_net() -> None:
    class Plain:
        sock = object()

        def login(self, *_: str) -> None:
            raise AssertionError("sent")

    with pytest.raises(NotTold, match="no encryption"):
        channels._sign_in(Plain(), "smtp", "mail.example.org", "me", "secret")  # type: ignore[arg-type]


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of this machine, made for the test, with its key; Python trusts it as it trusts the world's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "civicbot's tests")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, clock.now() - DAY, clock.now() + DAY)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path / "of-this-machine.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture(params=["smtps", "smtp"])
def encrypted(request: pytest.FixtureRequest, post: Post, certificate: Path) -> Iterator[tuple[str, Controller]]:
    """From the first byte on, and by STARTTLS, without which nobody signs in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    shared: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port(), "authenticator": _any_password}
    if request.param == "smtps":
        controller = Controller(post, ssl_context=context, auth_require_tls=False, **shared)
    else:
        controller = Controller(post, tls_context=context, require_starttls=True, auth_require_tls=True, **shared)
    controller.start()
    yield request.param, controller
    controller.stop()


def test_a_letter_and_its_password_go_encrypted(encrypted: tuple[str, Controller], post: Post) -> None:
    scheme, server = encrypted
    channels.mail(f"{scheme}://malee%40example.org:secret@127.0.0.1:{port_of(server)}", ["malee@example.org"])(TOLD)
    (letter,) = post.letters
    assert (letter.rcpt_tos, letter.mail_from) == (["malee@example.org"], "malee@example.org")


def test_nothing_is_sent_to_a_server_for_which_nobody_vouches(
    encrypted: tuple[str, Controller], post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    scheme, server = encrypted
    with pytest.raises(NotTold, match="SSLCertVerificationError"):
        channels.mail(f"{scheme}://malee:secret@127.0.0.1:{port_of(server)}", ["malee@example.org"])(TOLD)
    assert post.letters == []


def test_nobody_there_is_not_told_and_the_password_stays_unsaid() -> None:
    with pytest.raises(NotTold) as failed:
        channels.mail("smtp://me:secret@127.0.0.1:9", ["a@example.org"])(TOLD)
    assert "secret" not in str(failed.value)


@dataclass
class Hook:
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[tuple[Hook, str]]:
    kept = Hook()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield kept, f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_gets_words_and_names(hook: tuple[Hook, str]) -> None:
    kept, url = hook
    channels.webhook(url)(TOLD)
    assert kept.bodies == [
        {"text": f"{TOLD.subject}\n{TOLD.text}", "alarms": ["disk_low"], "over": False}
    ]  # fmt: skip


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_take_it_is_not_told(hook: tuple[Hook, str], status: int) -> None:
    kept, url = hook
    kept.status = status
    with pytest.raises(NotTold, match=f"it answered {status}"):
        channels.webhook(url)(TOLD)
    assert len(kept.bodies) == 1


def test_only_what_is_set_is_a_channel() -> None:
    assert channels.of_settings(settings.of({})) == {}
    chosen = {
        "CIVICBOT_ALARM_EMAIL": "a@example.org",
        "CIVICBOT_SMTP_URL": "smtp://x",
        "CIVICBOT_ALARM_WEBHOOK": "http://x",
    }
    assert set(channels.of_settings(settings.of(chosen))) == {"email", "webhook"}
