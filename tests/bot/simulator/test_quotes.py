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


def test_a_message_is_marked_as_read(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.write()
    token = remembering_bot.received[0].events[0]["message"]["markAsReadToken"]
    assert desk.line("POST", MARK, {"markAsReadToken": token}).json == {}
    assert desk.chat()["readUpTo"] == sent["messageId"]
    for body in ({"markAsReadToken": "made-up"}, {}):
        answer = desk.line("POST", MARK, body)
        assert answer.status == 400
    assert desk.line("POST", MARK, {"markAsReadToken": "made-up"}).headers["X-Simulator-Rule"] == "read-token-known"
    assert desk.line("POST", MARK, {"markAsReadToken": ""}).headers["X-Simulator-Rule"] == "read-token-given"
