"""Webhooks: signature, contents, batches, repeats, redelivery, and the two seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

import pytest
from linebot.v3.webhooks import Event

from tests.bot.simulator.desk import SECRET, SOMSRI, Desk, RememberingBot, running_simulator, text, wait_until

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def _signature(raw: bytes) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()


def _event(kind: str = "message", **more: object) -> dict[str, object]:
    return {"type": kind, "source": {"type": "user", "userId": SOMSRI}, **more}


def test_a_text_arrives_signed_and_whole(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.write("ทดสอบ 👩‍👧")
    (received,) = remembering_bot.received
    (event,) = received.events
    assert received.headers["x-line-signature"] == _signature(received.raw)
    assert received.headers["content-type"] == "application/json; charset=utf-8"
    assert set(event) == {
        "type",
        "message",
        "source",
        "mode",
        "timestamp",
        "webhookEventId",
        "deliveryContext",
        "replyToken",
    }
    assert set(event["message"]) == {"type", "id", "text", "quoteToken", "markAsReadToken"}
    assert (event["webhookEventId"], event["message"]["id"]) == (sent["webhookEventId"], sent["messageId"])
    assert ULID.fullmatch(event["webhookEventId"])
    assert re.fullmatch(r"[0-9a-f]{32}", event["replyToken"])
    assert event["message"]["id"].isdigit()
    assert (event["mode"], event["deliveryContext"]) == ("active", {"isRedelivery": False})
    assert event["source"] == {"type": "user", "userId": SOMSRI}
    assert (sent["status"], sent["ms"] > 0) == (200, True)


GESTURES = [
    ("text", {"text": "ก"}, "message"),
    ("postback", {"data": "a=1", "displayText": "กด", "params": {"date": "2026-11-24"}}, "postback"),
    ("sticker", {"packageId": "446", "stickerId": "1988"}, "message"),
    ("location", {"latitude": 19.9, "longitude": 99.8, "title": "ที่นี่"}, "message"),
    ("image", {}, "message"),
    ("follow", {}, "follow"),
    ("unfollow", {}, "unfollow"),
]


@pytest.mark.parametrize(("gesture", "body", "kind"), GESTURES, ids=[gesture for gesture, _body, _kind in GESTURES])
def test_lines_own_sdk_knows_every_event(
    desk: Desk, remembering_bot: RememberingBot, gesture: str, body: dict[str, object], kind: str
) -> None:
    desk.api("POST", f"/people/{SOMSRI}/{gesture}", {**body, "wait": True})
    (event,) = remembering_bot.received[0].events
    read = Event.from_dict(event)
    assert (read.type, type(read).__name__) == (kind, f"{kind.capitalize()}Event")
    assert ("replyToken" in event) == (kind != "unfollow")


def test_a_message_taken_back_is_told_to_the_bot(desk: Desk, remembering_bot: RememberingBot) -> None:
    message_id = desk.write()["messageId"]
    desk.api("POST", f"/people/{SOMSRI}/unsend", {"messageId": message_id, "wait": True})
    (event,) = remembering_bot.received[-1].events
    assert (event["type"], event["unsend"], "replyToken" in event) == ("unsend", {"messageId": message_id}, False)
    assert [item["unsent"] for item in desk.chat()["items"]] == [True]


def test_follow_tells_whether_it_ends_a_block(desk: Desk, remembering_bot: RememberingBot) -> None:
    for gesture in ("follow", "unfollow", "follow"):
        desk.api("POST", f"/people/{SOMSRI}/{gesture}", {"wait": True})
    follows = [received.events[0].get("follow") for received in remembering_bot.received]
    assert follows == [{"isUnblocked": False}, None, {"isUnblocked": True}]


def test_several_events_travel_in_one_request(desk: Desk, remembering_bot: RememberingBot) -> None:
    events = [_event(message=text(str(number))) for number in range(5)]
    sent = desk.api("POST", "/webhook", {"events": events})
    (received,) = remembering_bot.received
    assert received.events == sent["events"]
    assert len({event["webhookEventId"] for event in sent["events"]}) == 5
    assert all(desk.reply(event["replyToken"]).status == 200 for event in sent["events"])


def test_an_event_may_arrive_twice_with_one_token(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.api("POST", "/webhook", {"events": [_event(message=text())], "repeat": 3})
    assert sent["statuses"] == [200, 200, 200]
    assert len({received.raw for received in remembering_bot.received}) == 1
    token = remembering_bot.last_token
    assert (desk.reply(token).status, desk.reply(token).status) == (200, 400)


def test_the_consoles_verification_is_an_empty_list(desk: Desk, remembering_bot: RememberingBot) -> None:
    assert desk.api("POST", "/webhook", {"events": []})["status"] == 200
    assert remembering_bot.received[0].events == []
    assert remembering_bot.received[0].headers["x-line-signature"] == _signature(remembering_bot.received[0].raw)


def test_standby_events_carry_no_token(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/webhook", {"events": [_event(message=text(), mode="standby")]})
    assert "replyToken" not in remembering_bot.received[0].events[0]


def test_raw_bytes_and_signatures_go_out_as_given(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/webhook", {"raw": "{not json"})
    desk.api("POST", "/webhook", {"raw": "{}", "signature": "forged"})
    desk.api("POST", "/webhook", {"events": [], "signature": None})
    first, second, third = remembering_bot.received
    assert (first.raw, first.headers["x-line-signature"]) == (b"{not json", _signature(b"{not json"))
    assert (second.raw, second.headers["x-line-signature"]) == (b"{}", "forged")
    assert "x-line-signature" not in third.headers


def test_an_event_of_a_stranger_makes_the_stranger_known(desk: Desk, remembering_bot: RememberingBot) -> None:
    stranger = "U" + "9" * 32
    desk.api("POST", "/webhook", {"events": [{"source": {"type": "user", "userId": stranger}, "message": text()}]})
    assert desk.reply(remembering_bot.last_token).status == 200
    assert desk.line("GET", f"/v2/bot/profile/{stranger}").status == 200
    desk.api("POST", "/webhook", {"events": [{"type": "unfollow", "source": {"type": "user", "userId": stranger}}]})
    assert desk.line("GET", f"/v2/bot/profile/{stranger}").status == 404


def test_a_person_without_an_id_can_be_answered(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/webhook", {"events": [{"source": {"type": "user"}, "message": text()}]})
    assert desk.reply(remembering_bot.last_token).status == 200
    assert len(desk.api("GET", "/replies")["rows"]) == 1


def test_a_redelivery_is_the_same_event_marked(desk: Desk, remembering_bot: RememberingBot) -> None:
    event_id = desk.write()["webhookEventId"]
    desk.api("POST", "/redeliver", {"webhookEventId": event_id})
    (first,), (second,) = (received.events for received in remembering_bot.received)
    assert second == {**first, "deliveryContext": {"isRedelivery": True}}
    assert desk.call("POST", "/simulator/api/redeliver", {"webhookEventId": "none"}).status == 404


def test_what_is_not_answered_2xx_is_delivered_again_when_switched_on(
    desk: Desk, remembering_bot: RememberingBot
) -> None:
    desk.api("POST", "/config", {"redelivery": True})
    remembering_bot.statuses = [500, 503]
    assert desk.write()["status"] == 500
    received = remembering_bot.wait_for(3)
    assert [each.events[0]["deliveryContext"]["isRedelivery"] for each in received] == [False, True, True]
    assert len({each.events[0]["webhookEventId"] for each in received}) == 1
    assert desk.reply(received[0].events[0]["replyToken"]).status == 200


def test_nothing_is_delivered_again_when_switched_off(desk: Desk, remembering_bot: RememberingBot) -> None:
    remembering_bot.statuses = [500]
    desk.write()
    time.sleep(0.15)
    assert len(remembering_bot.received) == 1


def test_nothing_is_delivered_again_after_a_reset(remembering_bot: RememberingBot) -> None:
    remembering_bot.statuses = [500]
    with running_simulator(remembering_bot.url, redelivery=True, redelivery_delays=(0.5,)) as patient:
        patient.write()
        patient.api("POST", "/reset")
        time.sleep(0.7)
    assert len(remembering_bot.received) == 1


def test_an_answer_after_the_time_limit_is_a_timeout(remembering_bot: RememberingBot) -> None:
    remembering_bot.seconds = 0.3
    with running_simulator(remembering_bot.url, webhook_seconds=0.1) as hasty:
        assert hasty.write()["status"] is None
        (row,) = hasty.rows("webhook")
        assert (row["status"], row["result"]) == (None, "request_timeout")
        assert hasty.api("GET", "/stats")["webhooks"] == {"request_timeout": 1}


def test_a_bot_that_is_not_there_cannot_be_connected(desk: Desk) -> None:
    desk.api("POST", "/config", {"webhookUrl": "http://127.0.0.1:9/line/webhook"})
    assert desk.write()["status"] is None
    assert desk.rows("webhook")[0]["result"] == "could_not_connect"


def test_a_tap_does_not_wait_for_the_bot(desk: Desk, remembering_bot: RememberingBot) -> None:
    remembering_bot.seconds = 0.5
    assert set(desk.api("POST", f"/people/{SOMSRI}/text", {"text": "ก"})) == {"webhookEventId", "messageId"}
    assert desk.rows("webhook") == []
    wait_until(lambda: desk.rows("webhook"))
    assert desk.rows("webhook")[0]["status"] == 200
