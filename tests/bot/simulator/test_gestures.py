"""Gestures with media, and the rarer ones: each event is one that LINE's own SDK knows."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from linebot.v3.webhooks import Event

from tests.bot.simulator.desk import SOMSRI, Desk, RememberingBot, text


def _do(desk: Desk, gesture: str, **body: Any) -> dict[str, Any]:
    return desk.api("POST", f"/people/{SOMSRI}/{gesture}", {**body, "wait": True})


def _content(desk: Desk, sent: dict[str, Any], more: str = "") -> Any:
    return desk.line("GET", f"/v2/bot/message/{sent['messageId']}/content{more}")


@pytest.mark.parametrize(
    ("gesture", "content_type", "begins", "preview"),
    [
        ("image", "image/png", b"\x89PNG", 200),
        ("video", "video/mp4", b"\x00\x00\x00\x1cftypisom", 200),
        ("audio", "audio/m4a", b"\x00\x00\x00\x1cftypM4A ", 404),
        ("file", "application/pdf", b"%PDF-", 404),
    ],
)
def test_media_are_fetched_in_their_own_format(
    desk: Desk, remembering_bot: RememberingBot, gesture: str, content_type: str, begins: bytes, preview: int
) -> None:
    sent = _do(desk, gesture)
    (event,) = remembering_bot.received[0].events
    content = _content(desk, sent)
    assert (content.status, content.headers["Content-Type"]) == (200, content_type)
    assert content.raw.startswith(begins[:4])
    assert begins[4:] in content.raw[:16]
    assert _content(desk, sent, "/preview").status == preview
    assert type(Event.from_dict(event)).__name__ == "MessageEvent"
    assert ("quoteToken" in event["message"]) == (gesture in {"image", "video"})
    assert _content(desk, sent, "/transcoding").json == {"status": "succeeded"}


def test_a_preview_of_a_sound_is_not_found(desk: Desk, remembering_bot: RememberingBot) -> None:
    assert _content(desk, _do(desk, "audio"), "/preview").headers["X-Simulator-Rule"] == "content-preview"


def test_content_is_ready_only_after_a_while(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = _do(desk, "video", readyIn=30)
    assert (_content(desk, sent).status, _content(desk, sent).raw) == (202, b"")
    assert _content(desk, sent, "/preview").status == 202
    assert _content(desk, sent, "/transcoding").json == {"status": "processing"}
    desk.api("POST", "/clock", {"advance": 31})
    assert (_content(desk, sent).status, _content(desk, sent, "/transcoding").json) == (200, {"status": "succeeded"})
    desk.api("POST", f"/content/{sent['messageId']}", {"failed": True})
    assert (_content(desk, sent).status, _content(desk, sent, "/transcoding").json) == (404, {"status": "failed"})
    desk.api("POST", f"/content/{sent['messageId']}", {"gone": True})
    gone = _content(desk, sent)
    assert (gone.status, gone.headers["X-Simulator-Rule"]) == (410, "content-known")


def test_a_file_has_the_name_and_bytes_it_was_given(desk: Desk, remembering_bot: RememberingBot) -> None:
    data = "ชื่อ,เบอร์\n".encode()
    sent = _do(desk, "file", fileName="รายชื่อ.csv", contentType="text/csv", data=base64.b64encode(data).decode())
    message = remembering_bot.received[0].events[0]["message"]
    assert (message["fileName"], message["fileSize"]) == ("รายชื่อ.csv", len(data))
    assert _content(desk, sent).raw == data
    assert desk.call("POST", f"/simulator/api/people/{SOMSRI}/file", {"data": "!"}).status == 400


def test_several_pictures_are_a_set(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = _do(desk, "image", count=3)
    sets = [event["message"]["imageSet"] for event in remembering_bot.received[0].events]
    assert ([one["index"] for one in sets], {one["total"] for one in sets}, len({one["id"] for one in sets})) == (
        [1, 2, 3], {3}, 1
    )  # fmt: skip
    assert len(sent["messageIds"]) == 3
    assert desk.call("POST", f"/simulator/api/people/{SOMSRI}/image", {"count": 21}).status == 400
    assert desk.call("POST", f"/simulator/api/people/{SOMSRI}/image", {"readyIn": "soon"}).status == 400


def test_a_picture_from_elsewhere_is_not_lines_to_give(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = _do(desk, "image", external="https://example.org/a.png")
    provider = remembering_bot.received[0].events[0]["message"]["contentProvider"]
    assert (provider["type"], provider["originalContentUrl"]) == ("external", "https://example.org/a.png")
    assert _content(desk, sent).status == 404


@pytest.mark.parametrize(
    ("gesture", "body", "name"),
    [
        ("beacon", {"type": "enter"}, "BeaconEvent"),
        ("membership", {"type": "renewed"}, "MembershipEvent"),
        ("account-link", {"nonce": "n" * 12}, "AccountLinkEvent"),
        ("account-link", {"nonce": "n" * 12, "failed": True}, "AccountLinkEvent"),
        ("video-play-complete", {"trackingId": "t1"}, "VideoPlayCompleteEvent"),
    ],
)
def test_the_rarer_events(
    desk: Desk, remembering_bot: RememberingBot, gesture: str, body: dict[str, Any], name: str
) -> None:
    _do(desk, gesture, **body)
    (event,) = remembering_bot.received[0].events
    assert type(Event.from_dict(event)).__name__ == name
    has_token = not body.get("failed")
    assert ("replyToken" in event, "source" in event) == (has_token, has_token)
    if has_token:
        assert desk.reply(event["replyToken"]).status == 200


def test_an_event_that_nobody_knows_yet_is_sent_as_it_is(desk: Desk, remembering_bot: RememberingBot) -> None:
    _do(desk, "event", type="telepathy", telepathy={"thought": "?"})
    (event,) = remembering_bot.received[0].events
    assert (event["type"], event["telepathy"]) == ("telepathy", {"thought": "?"})
    assert desk.reply(event["replyToken"]).status == 200


def test_a_picked_date_comes_with_the_postback(desk: Desk, remembering_bot: RememberingBot) -> None:
    for params in ({"date": "2026-12-05"}, {"time": "09:30"}, {"datetime": "2026-12-05T09:30"}):
        _do(desk, "postback", data="when", params=params)
        assert remembering_bot.received[-1].events[0]["postback"] == {"data": "when", "params": params}


def test_in_standby_nothing_can_be_answered(desk: Desk, remembering_bot: RememberingBot) -> None:
    for gesture, body in (("text", {"text": "ก"}), ("postback", {"data": "a"}), ("image", {})):
        _do(desk, gesture, standby=True, **body)
        event = remembering_bot.received[-1].events[0]
        assert (event["mode"], "replyToken" in event) == ("standby", False)


def test_stickers_and_words_carry_what_they_quote(desk: Desk, remembering_bot: RememberingBot) -> None:
    _do(desk, "sticker", packageId="1", stickerId="2", stickerResourceType="MESSAGE", text="ขอบคุณ", keywords=["ดี"])
    assert remembering_bot.received[-1].events[0]["message"]["text"] == "ขอบคุณ"
    first = desk.push(SOMSRI, text("ถาม")).json["sentMessages"][0]["id"]
    _do(desk, "text", text="ตอบ", quotedMessageId=first)
    assert remembering_bot.received[-1].events[0]["message"]["quotedMessageId"] == first


@pytest.mark.parametrize(
    ("gesture", "body"),
    [("beacon", {"type": "hover"}), ("membership", {"type": "x"}), ("account-link", {}), ("event", {})],
)
def test_a_rare_gesture_that_makes_no_sense_is_refused(desk: Desk, gesture: str, body: dict[str, Any]) -> None:
    assert desk.call("POST", f"/simulator/api/people/{SOMSRI}/{gesture}", body).status == 400
