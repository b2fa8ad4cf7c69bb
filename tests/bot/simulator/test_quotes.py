"""Quote tokens and read tokens: good only where they come from."""

from __future__ import annotations

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, RememberingBot, text

MARK = "/v2/bot/chat/markAsRead"


def test_a_message_is_quoted_in_its_own_chat_only(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    token = remembering_bot.received[0].events[0]["message"]["quoteToken"]
    quoting = {**text(), "quoteToken": token}
    assert desk.push(SOMSRI, quoting).status == 200
    assert desk.reply(remembering_bot.last_token, quoting).status == 200
    answer = desk.push(KHAM, quoting)
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "quote-token-chat")
    assert desk.push(SOMSRI, {**text(), "quoteToken": "made-up"}).status == 400


def test_our_own_messages_can_be_quoted_too(desk: Desk) -> None:
    token = desk.push(SOMSRI).json["sentMessages"][0]["quoteToken"]
    assert desk.push(SOMSRI, {**text(), "quoteToken": token}, {**text(), "quoteToken": token}).status == 200


def test_a_refused_quote_leaves_the_reply_token_good(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    assert desk.reply(remembering_bot.last_token, {**text(), "quoteToken": "made-up"}).status == 400
    assert desk.reply(remembering_bot.last_token).status == 200


def test_with_chat_off_everything_is_read_by_itself(desk: Desk) -> None:
    info = desk.line("GET", "/v2/bot/info").json
    assert (info["chatMode"], info["markAsReadMode"]) == ("bot", "auto")
    assert desk.chat()["readUpTo"] is None
    sent = desk.write()
    assert desk.chat()["readUpTo"] == sent["messageId"]


def test_with_chat_on_nothing_is_read_until_it_is_marked(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/config", {"chatMode": "chat"})
    assert desk.line("GET", "/v2/bot/info").json["markAsReadMode"] == "manual"
    first, second, third = (desk.write(words) for words in ("หนึ่ง", "สอง", "สาม"))
    assert desk.chat()["readUpTo"] is None
    tokens = [received.events[0]["message"]["markAsReadToken"] for received in remembering_bot.received]
    last = desk.chat()["last"]
    assert desk.line("POST", MARK, {"markAsReadToken": tokens[1]}).json == {}
    seen = desk.chat(query=f"?after={last}&wait=10")
    assert (seen["readUpTo"], seen["last"] > last) == (second["messageId"], True)
    desk.line("POST", MARK, {"markAsReadToken": tokens[0]})
    assert desk.chat()["readUpTo"] == second["messageId"]
    (row, _again) = [row for row in desk.rows() if row["path"] == MARK]
    assert (row["status"], row["userIds"], row["request"]) == (200, [SOMSRI], {"markAsReadToken": tokens[1]})
    assert int(first["messageId"]) < int(second["messageId"]) < int(third["messageId"])


def test_staff_who_chat_may_still_leave_the_reading_to_line(desk: Desk) -> None:
    desk.api("POST", "/config", {"chatMode": "chat", "markAsReadMode": "auto"})
    assert desk.chat()["readUpTo"] is None
    assert desk.write()["messageId"] == desk.chat()["readUpTo"]
    for settings in ({"chatMode": "bot", "markAsReadMode": "manual"}, {"chatMode": "on"}, {"markAsReadMode": "off"}):
        assert desk.call("POST", "/simulator/api/config", settings).status == 400


def test_a_message_is_marked_as_read(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/config", {"chatMode": "chat"})
    sent = desk.write()
    token = remembering_bot.received[0].events[0]["message"]["markAsReadToken"]
    assert desk.line("POST", MARK, {"markAsReadToken": token}).json == {}
    assert desk.chat()["readUpTo"] == sent["messageId"]
    for body in ({"markAsReadToken": "made-up"}, {}):
        answer = desk.line("POST", MARK, body)
        assert answer.status == 400
    assert desk.line("POST", MARK, {"markAsReadToken": "made-up"}).headers["X-Simulator-Rule"] == "read-token-known"
    assert desk.line("POST", MARK, {"markAsReadToken": ""}).headers["X-Simulator-Rule"] == "read-token-given"
