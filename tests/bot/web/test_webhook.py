from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from bot import settings
from bot.line.events import load_event
from bot.queue.inbox import Inbox
from bot.storage import channel, incoming
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from bot.vault import Vault
from bot.web import errors, webhook
from tests.builders import NOON, SECRET, US, a_body, a_text, an_event, signed

KEY = "a secret for tests, long enough to pass"


@pytest.fixture
def client(database: Database, vault: Vault) -> Iterator[FlaskClient]:
    with database.transaction() as db:
        channel.save(db, bot_user_id=US, reads_by_hand=False, now=NOON)
    chosen = settings.of(
        {
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_SECRET_PREVIOUS": "the one before",
            "LINE_CHANNEL_SECRET_PREVIOUS_UNTIL": (NOON + timedelta(minutes=5)).isoformat(),
        }
    )
    app = Flask("tests")
    errors.install(app)
    app.register_blueprint(
        webhook.blueprint(
            settings=chosen,
            inbox=Inbox(database, wake=lambda: None),
            vault=vault,
            ourselves=webhook.Ourselves(database),
            now=lambda: NOON,
        )
    )
    return app.test_client()


def post(client: FlaskClient, body: bytes, **headers: str) -> int:
    return client.post("/line/webhook", data=body, headers=signed(body) | headers).status_code


def stored(database: Database) -> tuple[list[str], list[str]]:
    """The ids of the events, and why others were set aside."""
    with database.reading() as db:
        events = [row.webhook_event_id for row in db.query(IncomingRow).order_by(IncomingRow.id)]
        odd = [row.reason for row in reversed(incoming.list_quarantined(db, limit=99))]
    return events, odd


def test_a_genuine_event_is_stored_and_answered_200(client: FlaskClient, database: Database) -> None:
    event = a_text("สวัสดี")
    assert post(client, a_body([event])) == 200
    assert stored(database) == ([event["webhookEventId"]], [])


def test_what_people_wrote_is_sealed(client: FlaskClient, database: Database, vault: Vault) -> None:
    post(client, a_body([a_text("ความลับของฉัน")]))
    with database.reading() as db:
        payload = db.query(IncomingRow).one().payload
    assert payload is not None
    assert "ความลับ".encode() not in payload
    assert load_event(vault.open(payload)).text == "ความลับของฉัน"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Line-Signature": ""},
        {"X-Line-Signature": "A" * 44},
        {"X-Line-Signature": "ไทย"},
        {"X-Line-Signature": "A" * 10_000},
    ],
    ids=["missing", "empty", "wrong", "not ascii", "ten thousand"],
)
def test_without_line_s_signature_nothing_is_stored_or_logged(
    client: FlaskClient, database: Database, headers: dict[str, str]
) -> None:
    with capture_logs() as lines:
        answer = client.post("/line/webhook", data=a_body([a_text("แอบอ้าง")]), headers=headers)
    assert answer.status_code == 401
    assert stored(database) == ([], [])
    assert "แอบอ้าง" not in str(lines)
    assert "AAAA" not in str(lines)


def test_a_changed_or_re_encoded_body_is_refused(client: FlaskClient, database: Database) -> None:
    body = a_body([a_text("สวัสดี")])
    assert client.post("/line/webhook", data=body + b" ", headers=signed(body)).status_code == 401
    assert post(client, body, **{"Content-Encoding": "gzip"}) == 200, "the bytes are what is signed, not their reading"


def test_a_body_of_more_than_a_megabyte_is_refused_unread(client: FlaskClient, database: Database) -> None:
    body = b"x" * 1_000_001
    assert post(client, body) == 413
    assert stored(database) == ([], [])


def test_a_body_without_a_length_is_refused(client: FlaskClient) -> None:
    answer = client.post("/line/webhook", headers={"Transfer-Encoding": "chunked"}, data=b"5\r\nhello\r\n0\r\n\r\n")
    assert answer.status_code == 411


def test_an_empty_probe_is_answered_200_and_leaves_nothing(client: FlaskClient, database: Database) -> None:
    assert post(client, a_body([])) == 200
    assert stored(database) == ([], [])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", "no list of events"),
        (b'{"destination":"x","events":null}', "no list of events"),
        (b"not json", "not JSON"),
        (b'{"events":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested too deeply"),
        (a_body([a_text("x")], destination="U" + "0" * 32), "meant for another channel"),
    ],
    ids=["none", "null", "not json", "deep", "other channel"],
)
def test_signed_nonsense_is_answered_200_and_set_aside(
    client: FlaskClient, database: Database, body: bytes, reason: str
) -> None:
    assert post(client, body) == 200
    assert stored(database) == ([], [reason])


def test_a_bad_event_is_set_aside_and_its_neighbours_are_kept(client: FlaskClient, database: Database) -> None:
    good, other = a_text("หนึ่ง"), a_text("สอง")
    assert post(client, a_body([good, an_event(type=None), an_event(webhookEventId=None), other])) == 200
    events, odd = stored(database)
    assert events == [good["webhookEventId"], other["webhookEventId"]]
    assert odd == ["an event without a type", "an event without an id"]


def test_the_same_request_twice_is_answered_200_twice_and_kept_once(client: FlaskClient, database: Database) -> None:
    body = a_body([a_text("สวัสดี")])
    assert [post(client, body), post(client, body)] == [200, 200]
    assert len(stored(database)[0]) == 1


def test_the_secret_before_is_believed_for_its_minutes(client: FlaskClient) -> None:
    body = a_body([a_text("สวัสดี")])
    assert client.post("/line/webhook", data=body, headers=signed(body, "the one before")).status_code == 200
    assert client.post("/line/webhook", data=body, headers=signed(body, "some other")).status_code == 401


def test_other_methods_and_pages_are_refused_briefly(client: FlaskClient) -> None:
    assert client.get("/line/webhook").status_code == 405
    answer = client.get("/.git/config")
    assert (answer.status_code, answer.text) == (404, "404 Not Found\n")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_when_it_cannot_be_stored_line_does_not_hear_200(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.queue.inbox.store", broken)
    assert post(client, a_body([a_text("สวัสดี")])) == 503
    monkeypatch.undo()
    assert stored(database) == ([], [])
    assert post(client, a_body([a_text("สวัสดี")])) == 200
