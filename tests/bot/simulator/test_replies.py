"""Reply tokens: one use, a minute's life, and what a redelivery changes."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.bot.simulator.desk import REPLY, SOMSRI, Desk, RememberingBot, text

INVALID = (400, {"message": "Invalid reply token"})


def _advance(desk: Desk, seconds: float) -> None:
    desk.api("POST", "/clock", {"advance": seconds})


def test_a_reply_reaches_the_person_who_wrote(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.write("น้ำไม่ไหล")
    place = {"type": "location", "title": "ก", "address": "ข", "latitude": 1.5, "longitude": 2}
    answer = desk.reply(remembering_bot.last_token, text("รับเรื่องแล้ว"), place)
    assert answer.status == 200
    assert [set(message) for message in answer.json["sentMessages"]] == [{"id", "quoteToken"}, {"id"}]
    said = [(item["from"], item["message"]["type"], item["messageId"]) for item in desk.chat()["items"]]
    ids = [message["id"] for message in answer.json["sentMessages"]]
    assert said == [("person", "text", sent["messageId"]), ("bot", "text", ids[0]), ("bot", "location", ids[1])]


def test_a_token_works_once(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    first, second = desk.reply(remembering_bot.last_token), desk.reply(remembering_bot.last_token)
    assert first.status == 200
    assert (second.status, second.json) == INVALID
    assert second.headers["X-Simulator-Rule"] == "reply-token-once"


def test_a_token_works_once_however_many_hurry(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: desk.reply(remembering_bot.last_token).status, range(32)))
    assert sorted(answers) == [200] + [400] * 31


def test_a_token_lives_a_minute(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    _advance(desk, 58)
    assert desk.reply(remembering_bot.last_token).status == 200
    desk.write()
    _advance(desk, 61)
    assert (desk.reply(remembering_bot.last_token).status, desk.reply("f" * 32).status) == (400, 400)


def test_a_redelivery_renews_the_minute_up_to_twenty_minutes(desk: Desk, remembering_bot: RememberingBot) -> None:
    first, second = desk.write()["webhookEventId"], desk.write()["webhookEventId"]
    tokens = [received.events[0]["replyToken"] for received in remembering_bot.received]
    _advance(desk, 18 * 60)
    desk.api("POST", "/redeliver", {"webhookEventId": first})
    _advance(desk, 50)
    assert desk.reply(tokens[0]).status == 200
    desk.api("POST", "/redeliver", {"webhookEventId": first})
    assert desk.reply(tokens[0]).status == 400
    _advance(desk, 2 * 60)
    desk.api("POST", "/redeliver", {"webhookEventId": second})
    assert (desk.reply(tokens[1]).status, desk.reply(tokens[1]).json) == INVALID


def test_a_reply_that_is_refused_leaves_its_token_good(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    assert desk.reply(remembering_bot.last_token, text("")).status == 400
    assert desk.reply(remembering_bot.last_token).status == 200


def test_a_retry_key_is_refused_on_a_reply(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    body = {"replyToken": remembering_bot.last_token, "messages": [text()]}
    answer = desk.line("POST", REPLY, body, X_Line_Retry_Key=str(uuid.uuid4()))
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "retry-key-on-reply")


def test_a_retry_key_is_refused_wherever_nothing_is_sent_twice(desk: Desk) -> None:
    for method, path, body in (
        ("POST", "/v2/bot/message/validate/push", {"messages": [text()]}),
        ("POST", "/v2/bot/chat/loading/start", {"chatId": SOMSRI}),
        ("GET", "/v2/bot/info", None),
    ):
        answer = desk.line(method, path, body, X_Line_Retry_Key=str(uuid.uuid4()))
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "retry-key-elsewhere")


def test_a_reply_is_free(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/config", {"quota": 0})
    desk.write()
    assert desk.reply(remembering_bot.last_token).status == 200
    assert desk.api("GET", "/stats")["billed"] == 0


def test_a_reply_to_a_person_who_blocked_meanwhile_is_not_delivered(
    desk: Desk, remembering_bot: RememberingBot
) -> None:
    desk.write()
    token = remembering_bot.last_token
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.reply(token).status == 200
    assert desk.api("GET", "/replies")["rows"] == []


def test_a_reply_to_a_group_event_goes_to_the_group(desk: Desk, remembering_bot: RememberingBot) -> None:
    group = "C" + "7" * 32
    source = {"type": "group", "groupId": group, "userId": SOMSRI}
    desk.api("POST", "/webhook", {"events": [{"source": source, "message": text("@bot")}]})
    mention = {
        "type": "textV2",
        "text": "{a}",
        "substitution": {"a": {"type": "mention", "mentionee": {"type": "all"}}},
    }
    assert desk.reply(remembering_bot.last_token, mention).status == 200
    assert [item["from"] for item in desk.chat(group)["items"]] == ["person", "bot"]
    assert desk.push(SOMSRI, mention).headers["X-Simulator-Rule"] == "text-v2-mention-place"
    film = {"type": "video", "originalContentUrl": "https://a.example/v", "previewImageUrl": "https://a.example/p"}
    assert desk.push(group, {**film, "trackingId": "a"}).headers["X-Simulator-Rule"] == "video-tracking-place"
    assert desk.push(SOMSRI, {**film, "trackingId": "a"}).status == 200


def test_the_ledger_ties_each_reply_to_its_event(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.write()
    desk.reply(remembering_bot.last_token, text("ก" * 100), text("ข"))
    (row,) = desk.api("GET", "/replies")["rows"]
    assert (row["webhookEventId"], row["replyToken"]) == (sent["webhookEventId"], remembering_bot.last_token)
    assert (row["userId"], row["retryKey"], row["text"], row["way"]) == (SOMSRI, None, "ก" * 80, "reply")
    assert desk.api("GET", f"/replies?after={row['n']}")["rows"] == []
