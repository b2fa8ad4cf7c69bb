from __future__ import annotations

import json
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
from bot.storage.jobs import JobRow
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


GROUP = {"type": "group", "groupId": "C" + "3" * 32, "userId": "U" + "1" * 32}
CALLED = {"mentionees": [{"type": "user", "isSelf": True, "userId": US, "index": 0, "length": 4}]}
SECRET_WORDS = "คุยกันเอง"


def in_group(kind: str = "message", *, called: bool = False, **more: object) -> dict[str, object]:
    message = {"type": "text", "id": "1", "text": f"@bot {SECRET_WORDS}", **({"mention": CALLED} if called else {})}
    return an_event(kind, source=GROUP, message=message, **more)


def kept(database: Database, vault: Vault) -> list[tuple[bool, str]]:
    """Of each event: whether it has a turn, and its payload, unsealed."""
    with database.reading() as db:
        rows = db.query(IncomingRow).order_by(IncomingRow.id).all()
        turns = {job.subject_id for job in db.query(JobRow)}
        return [(row.id in turns, vault.open(row.payload).decode() if row.payload else "") for row in rows]


def test_of_a_group_s_own_talk_nothing_is_kept(client: FlaskClient, database: Database, vault: Vault) -> None:
    post(client, a_body([in_group(), in_group("memberLeft"), in_group("message", called=True, mode="standby")]))
    assert kept(database, vault) == [(False, "")] * 3


def test_what_calls_us_in_a_group_is_kept_and_has_a_turn(client: FlaskClient, database: Database, vault: Vault) -> None:
    post(client, a_body([in_group(called=True), in_group("messageEdited", called=True)]))
    assert [(turn, SECRET_WORDS in load_text(words)) for turn, words in kept(database, vault)] == [(True, True)] * 2


def test_an_edit_that_does_not_call_us_has_a_turn_but_no_words(
    client: FlaskClient, database: Database, vault: Vault
) -> None:
    post(client, a_body([in_group("messageEdited")]))
    ((has_turn, payload),) = kept(database, vault)
    event = load_event(payload.encode())
    assert has_turn
    assert (event.edited, event.message_id, event.mentions_us) == (True, "1", False)
    assert SECRET_WORDS not in load_text(payload)


def load_text(payload: str) -> str:
    return json.dumps(json.loads(payload), ensure_ascii=False)


def lanes(database: Database) -> list[str | None]:
    with database.reading() as db:
        return [job.lane for job in db.query(JobRow).order_by(JobRow.id)]


def test_a_person_has_a_lane_a_group_another_and_the_channel_a_third(client: FlaskClient, database: Database) -> None:
    events = [
        a_text("ก"), a_text("ข"), in_group(called=True), in_group("unsend"), a_text("ค", user_id="U" + "2" * 32),
        an_event("botSuspended"), an_event("botResumed"), an_event("unfollow"),
    ]  # fmt: skip
    post(client, a_body(events))
    one, same, group, group_too, other, suspended, resumed, leaving = lanes(database)
    assert (one, group, suspended) == (same, group_too, resumed)
    assert len({one, group, other, suspended, leaving}) == 5
    assert not any(str(GROUP["groupId"]) in str(lane) or str(GROUP["userId"]) in str(lane) for lane in lanes(database))
