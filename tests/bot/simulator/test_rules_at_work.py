"""Rules that no other test sees on its own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.simulator.quota import Quota
from tests.bot.simulator.desk import REPLY, SOMSRI, Answer, Desk, text

JAPAN = timezone(timedelta(hours=9))


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def test_a_reply_has_a_token(desk: Desk) -> None:
    assert _rule(desk.line("POST", REPLY, {"replyToken": "", "messages": [text()]})) == "reply-token-given"
    assert _rule(desk.line("POST", REPLY, {"messages": [text()]})) == "required-property"


def test_a_token_that_no_webhook_carried_is_refused(desk: Desk) -> None:
    answer = desk.reply("f" * 32)
    assert (answer.status, _rule(answer)) == (400, "reply-token-known")


def test_the_month_turns_in_japan() -> None:
    quota = Quota(1)
    last = datetime(2026, 11, 30, 23, 59, tzinfo=JAPAN).timestamp()
    assert (quota.take(1, last), quota.take(1, last + 30), quota.take(1, last + 60)) == (True, False, True)


def test_the_loading_animations_refusals_have_names(desk: Desk) -> None:
    path = "/v2/bot/chat/loading/start"
    assert _rule(desk.line("POST", path, {"chatId": "C" + "1" * 32})) == "loading-one-to-one"
    assert _rule(desk.line("POST", path, {"chatId": SOMSRI, "loadingSeconds": 7})) == "loading-seconds"


def test_a_bodys_refusals_have_names(desk: Desk) -> None:
    assert _rule(desk.line("POST", REPLY, b"{}", Content_Type="text/plain")) == "media-type"
    assert _rule(desk.line("POST", REPLY, b"[]", Content_Type="application/json")) == "json-body"
    assert _rule(desk.line("POST", "/v2/bot/message/telegram", {})) == "endpoint-known"
    assert _rule(desk.line("POST", REPLY, {"replyToken": "a", "messages": []})) == "messages-count"
