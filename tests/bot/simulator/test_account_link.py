"""Linking accounts: the link token, the dialog, and the event that follows."""

from __future__ import annotations

import pytest

from tests.bot.simulator.desk import SOMSRI, UNKNOWN, Desk, RememberingBot

NONCE = "bm9uY2Utb2YtYS1wZXJzb24"


def _token(desk: Desk) -> str:
    return str(desk.line("POST", f"/v2/bot/user/{SOMSRI}/linkToken").json["linkToken"])


def _dialog(desk: Desk, token: str, nonce: str = NONCE) -> tuple[int, str | None]:
    answer = desk.call("GET", f"/dialog/bot/accountLink?linkToken={token}&nonce={nonce}")
    return answer.status, answer.headers.get("X-Simulator-Rule")


def test_a_link_is_told_with_the_nonce_and_can_be_answered(desk: Desk, remembering_bot: RememberingBot) -> None:
    token = _token(desk)
    assert _dialog(desk, token) == (200, None)
    (event,) = remembering_bot.wait_for(1)[0].events
    assert (event["type"], event["link"], event["source"]["userId"]) == (
        "accountLink", {"result": "ok", "nonce": NONCE}, SOMSRI
    )  # fmt: skip
    assert desk.reply(event["replyToken"]).status == 200
    assert _dialog(desk, token) == (400, "link-token-once")
    assert len(remembering_bot.received) == 1


def test_an_old_link_token_ends_without_an_event(desk: Desk, remembering_bot: RememberingBot) -> None:
    token = _token(desk)
    desk.api("POST", "/clock", {"advance": 601})
    assert _dialog(desk, token) == (400, "link-token-once")
    assert remembering_bot.received == []


@pytest.mark.parametrize("nonce", ["short", "n" * 256])
def test_a_nonce_of_the_wrong_length_fails(desk: Desk, remembering_bot: RememberingBot, nonce: str) -> None:
    assert _dialog(desk, _token(desk), nonce) == (400, "link-nonce")
    (event,) = remembering_bot.wait_for(1)[0].events
    assert (event["link"]["result"], "source" in event, "replyToken" in event) == ("failed", False, False)


def test_only_somebody_known_is_given_a_link_token(desk: Desk) -> None:
    answer = desk.line("POST", f"/v2/bot/user/{UNKNOWN}/linkToken")
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (404, "link-user-known")
