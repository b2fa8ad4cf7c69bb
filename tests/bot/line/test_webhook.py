from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import SharedPlace
from bot.line.events import load_event
from bot.line.webhook import dump_event, read_webhook
from tests.builders import MALEE, NOON, SOMCHAI, US, a_body, a_follow, a_press, a_text, an_event


def read(body: bytes) -> Any:
    return read_webhook(body, bot_user_id=US)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b"{}", "no list of events"),
        (b'{"events": null}', "no list of events"),
        (b'{"events": {}}', "no list of events"),
        (b'{"events": [NaN]}', "NaN is not JSON"),
        (b'{"events": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested too deeply"),
        (a_body([a_text("x")], destination="U" + "0" * 32), "meant for another channel"),
    ],
)
def test_a_body_without_sense_is_named_whole(body: bytes, reason: str) -> None:
    found = read(body)
    assert found.events == ()
    assert [(malformed.reason, malformed.raw) for malformed in found.malformed] == [(reason, body)]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("text", "an event that is not an object"),
        (an_event(type=None), "an event without a type"),
        (an_event(type=7), "an event without a type"),
        (an_event(webhookEventId=None), "an event without an id"),
        (an_event(webhookEventId="x" * 65), "an event without an id"),
        (an_event(webhookEventId="a\0b"), "an event without an id"),
        (an_event(timestamp="now"), "an event without a time"),
        (an_event(timestamp=True), "an event without a time"),
        (an_event(timestamp=10**18), "an event without a time"),
    ],
)
def test_one_bad_event_leaves_its_neighbours_alone(event: Any, reason: str) -> None:
    before, after = a_text("before"), a_text("after")
    found = read(a_body([before, event, after]))
    assert [good.event_id for good in found.events] == [before["webhookEventId"], after["webhookEventId"]]
    assert [malformed.reason for malformed in found.malformed] == [reason]


def test_an_empty_probe_is_neither_good_nor_bad_whatever_its_destination() -> None:
    found = read(a_body([], destination="someone else"))
    assert (found.events, found.malformed) == ((), ())


def test_our_own_id_need_not_be_known() -> None:
    found = read_webhook(a_body([a_text("x")], destination="anyone"), bot_user_id=None)
    assert len(found.events) == 1


def test_a_text_survives_storage() -> None:
    wire = read(a_body([a_text("ศูนย์อยู่ไหน 😀", message_id="42")])).events[0]
    incoming = load_event(dump_event(wire))
    assert (incoming.kind, incoming.text, incoming.message_id) == ("text", "ศูนย์อยู่ไหน 😀", "42")
    assert (incoming.user_id, incoming.occurred_at, incoming.standby) == (SOMCHAI, NOON, False)
    assert incoming.reply_token


def test_a_lone_surrogate_survives_storage() -> None:
    body = a_body([]).replace(b"[]", json.dumps([a_text("\ud83d")]).encode())
    assert load_event(dump_event(read(body).events[0])).kind == "text"


@pytest.mark.parametrize(
    ("event", "kind", "text"),
    [
        (a_press("menu?~x~y"), "postback", "menu?~x~y"),
        (a_follow(), "follow", ""),
        (an_event("unfollow"), "unfollow", ""),
        (an_event("unsend", unsend={"messageId": "9"}), "unsend", ""),
        (an_event("message", message={"type": "sticker", "id": "3"}), "sticker", ""),
        (an_event("message", message={"type": "sticker", "id": "3", "text": "ขอบคุณ"}), "sticker", "ขอบคุณ"),
        (an_event("message", message={"type": "image", "id": "3"}), "image", ""),
        (an_event("message", message={"type": "audio", "id": "3"}), "audio", ""),
        (an_event("message", message={"type": "location", "id": "3", "latitude": "x"}), "media", "location"),
        (an_event("join"), "join", ""),
        (an_event("leave"), "leave", ""),
        (an_event("memberJoined", joined={"members": [{}, {}]}), "member_joined", ""),
        (an_event("accountLink", link={"result": "ok", "nonce": "n"}), "link", "ok"),
        (an_event("accountLink", link="odd"), "link", "failed"),
        (an_event("botSuspended"), "suspended", ""),
        (an_event("botResumed"), "resumed", ""),
        (an_event("message", message={"type": "hologram", "id": "3"}), "media", "hologram"),
        (an_event("message", message="odd"), "media", ""),
        (an_event("zzz"), "other", "zzz"),
        (an_event("beacon", beacon={"hwid": "x"}), "other", "beacon"),
        (an_event("postback", postback={"data": "x" * 301}), "postback", ""),
    ],
)
def test_each_kind_in_our_own_words(event: dict[str, Any], kind: str, text: str) -> None:
    incoming = load_event(json.dumps(event).encode())
    assert (incoming.kind, incoming.text) == (kind, text)


def test_groups_standby_and_missing_users_are_told_apart() -> None:
    group = a_text("x", source={"type": "group", "groupId": "C" + "1" * 32, "userId": MALEE})
    standby = a_text("x", mode="standby", replyToken=None)
    nobody = an_event("message", user_id=None, message={"type": "text", "id": "1", "text": "x"})
    found = read(a_body([group, standby, nobody])).events
    assert [event.group_id is not None for event in found] == [True, False, False]
    assert [event.standby for event in found] == [False, True, False]
    assert [event.user_id for event in found] == [MALEE, SOMCHAI, None]


def test_a_mention_of_us_is_noticed() -> None:
    mention = {"mentionees": [{"type": "user", "index": 0, "length": 3, "userId": US, "isSelf": True}]}
    event = a_text("@us")
    event["message"]["mention"] = mention
    assert read(a_body([event])).events[0].mentions_us
    assert not read(a_body([a_text("hi")])).events[0].mentions_us


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps({"events": [value]}).encode()))
def test_reading_never_raises_and_loses_nothing(body: bytes) -> None:
    found = read_webhook(body, bot_user_id=None)
    if not found.events and not found.malformed:
        assert json.loads(body)["events"] == []


@given(st.dictionaries(st.sampled_from(["source", "message", "postback", "mode", "replyToken"]), JSON, max_size=5))
def test_odd_parts_of_a_good_event_do_no_harm(parts: dict[str, Any]) -> None:
    event = an_event() | parts
    assert load_event(json.dumps(event).encode()).event_id == event["webhookEventId"]


def test_our_own_name_is_taken_out_of_the_words() -> None:
    mention = {"mentionees": [{"type": "user", "index": 3, "length": 4, "isSelf": True}, {"type": "all", "index": 0}]}
    event = a_text("😀 @bot ศูนย์อยู่ไหน")
    event["message"]["mention"] = mention
    incoming = load_event(json.dumps(event).encode())
    assert (incoming.text, incoming.mentions_us) == ("😀  ศูนย์อยู่ไหน", True)


def test_an_edited_message_is_a_text_with_another_wording() -> None:
    event = an_event("messageEdited", message={"type": "text", "id": "7", "text": "ใหม่"})
    incoming = load_event(json.dumps(event).encode())
    assert (incoming.kind, incoming.text, incoming.message_id, incoming.edited) == ("text", "ใหม่", "7", True)


def test_a_place_carries_its_degrees_and_whatever_address_there_is() -> None:
    details = {"type": "location", "id": "3", "latitude": 20.43, "longitude": 99, "address": "อ.แม่สาย"}
    incoming = load_event(json.dumps(an_event("message", message=details)).encode())
    assert incoming.place == SharedPlace("", "อ.แม่สาย", 20.43, 99.0)


@pytest.mark.parametrize(
    ("params", "picked"),
    [
        ({"date": "2026-11-28"}, "2026-11-28"),
        ({"time": "09:00"}, "09:00"),
        ({"datetime": "2026-11-28T09:00"}, "2026-11-28T09:00"),
        ({"date": "28/11/2569"}, None),
        ({"date": 20261128}, None),
        ({"datetime": "2026-11-28"}, None),
        ({"newRichMenuAliasId": "b", "status": "SUCCESS"}, None),
        ("2026-11-28", None),
        (None, None),
    ],
)
def test_what_was_picked_comes_with_the_data_of_its_button(params: object, picked: str | None) -> None:
    event = an_event("postback", postback={"data": "day~1", "params": params})
    incoming = load_event(json.dumps(event).encode())
    assert (incoming.kind, incoming.text, incoming.picked) == ("postback", "day~1", picked)


@pytest.mark.parametrize("odd", [True, None, "19.9", [], {}])
def test_a_place_without_degrees_is_not_one(odd: object) -> None:
    details = {"type": "location", "id": "3", "latitude": 20.43, "longitude": odd}
    assert load_event(json.dumps(an_event("message", message=details)).encode()).kind == "media"


def test_an_event_kept_without_its_words_still_names_its_message() -> None:
    wire = read(a_body([a_text("ความลับ", message_id="42")])).events[0]
    kept = dump_event(wire, without_words=True)
    assert "ความลับ" not in json.dumps(json.loads(kept), ensure_ascii=False)
    assert load_event(kept).message_id == "42"
