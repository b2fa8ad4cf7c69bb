"""Events that are no messages: acknowledged, and mostly met with silence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said

QUIET: dict[str, dict[str, Any]] = {
    "video-play-complete": {"trackingId": "t"},
    "beacon": {},
    "membership": {"type": "joined"},
    "event": {"type": "telepathy", "telepathy": {"thought": [1, {"deep": None}]}},
}


@pytest.mark.parametrize("gesture", QUIET)
def test_what_needs_no_word_gets_none(house: House, known: Phone, gesture: str) -> None:
    since = house.mark()

    sent = house.line(f"/people/{known.user_id}/{gesture}", QUIET[gesture] | {"wait": True})

    assert sent["status"] == 200
    assert house.wait_until_settled(sent["webhookEventId"])
    house.wait_until_idle()
    assert house.calls(after=since) == []


@pytest.mark.parametrize("gesture", ["module", "activated", "deactivated", "delivery"])
def test_what_happens_to_modules_and_deliveries_gets_no_word(house: House, known: Phone, gesture: str) -> None:
    since = house.mark()
    about = {"userId": known.user_id, "data": "tag", "wait": True}
    if gesture == "module":
        about = {"wait": True}

    sent = house.line(f"/account/{gesture}", about)

    assert sent["status"] == 200
    assert house.wait_until_settled(sent["webhookEventId"])
    house.wait_until_idle()
    assert house.calls(after=since) == []


def test_an_account_link_that_the_bot_never_began_is_declined_kindly(known: Phone) -> None:
    assert known.send("account-link", nonce="never-given").words == said("link.unknown")


def test_an_account_link_that_failed_is_met_with_silence(house: House, known: Phone) -> None:
    since = house.mark()

    body = {"nonce": "never-given", "failed": True, "wait": True}
    sent = house.line(f"/people/{known.user_id}/account-link", body)

    assert sent["status"] == 200
    assert house.wait_until_settled(sent["webhookEventId"])
    assert house.calls(after=since) == []


@pytest.mark.parametrize(("gesture", "detail"), [("bot-suspended", "suspended"), ("bot-resumed", "resumed")])
def test_staff_are_told_when_line_shuts_or_reopens_the_account(house: House, gesture: str, detail: str) -> None:
    before = len(house.all_cases())

    sent = house.line(f"/account/{gesture}", {"wait": True})

    assert house.wait_until_settled(sent["webhookEventId"]) == detail
    assert house.all_cases()[before:] == [("channel", detail)]
