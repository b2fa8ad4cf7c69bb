"""The webhook's address, as the bot itself reads, changes and tries it."""

from __future__ import annotations

import pytest

from tests.bot.simulator.desk import Desk, RememberingBot

PATH = "/v2/bot/channel/webhook"


def test_the_address_is_told_and_changed(desk: Desk, remembering_bot: RememberingBot) -> None:
    assert desk.line("GET", f"{PATH}/endpoint").json == {"endpoint": remembering_bot.url, "active": True}
    assert desk.line("PUT", f"{PATH}/endpoint", {"endpoint": "https://civic.example/line/webhook"}).json == {}
    assert desk.line("GET", f"{PATH}/endpoint").json["endpoint"] == "https://civic.example/line/webhook"
    desk.api("POST", "/config", {"webhookUrl": ""})
    answer = desk.line("GET", f"{PATH}/endpoint")
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (404, "webhook-address-known")


@pytest.mark.parametrize(
    "endpoint", ["", "http://civic.example/", "ftp://civic.example/", "https://civic.example/" + "a" * 500]
)
def test_an_address_that_line_would_not_call_is_refused(desk: Desk, endpoint: str) -> None:
    answer = desk.line("PUT", f"{PATH}/endpoint", {"endpoint": endpoint})
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "webhook-address")


def test_the_address_is_tried_with_no_events(desk: Desk, remembering_bot: RememberingBot) -> None:
    tried = desk.line("POST", f"{PATH}/test", {}).json
    assert (tried["success"], tried["statusCode"], tried["reason"], tried["detail"]) == (True, 200, "OK", "200")
    assert (remembering_bot.received[0].events, "x-line-signature" in remembering_bot.received[0].headers) == ([], True)
    remembering_bot.statuses = [503]
    failed = desk.line("POST", f"{PATH}/test", {"endpoint": remembering_bot.url}).json
    assert (failed["success"], failed["statusCode"], failed["reason"]) == (False, 503, "ERROR_STATUS_CODE")
    nobody = desk.line("POST", f"{PATH}/test", {"endpoint": "http://127.0.0.1:9/"}).json
    assert (nobody["success"], nobody["statusCode"], nobody["reason"]) == (False, 0, "COULD_NOT_CONNECT")
