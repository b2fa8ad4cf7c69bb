"""What happens to the account: each event has its shape, and its source or none, and none can be answered."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.webhooks import Event

from tests.bot.simulator.desk import SOMSRI, UNKNOWN, Desk, RememberingBot, text

WHOLE = {"type", "mode", "timestamp", "webhookEventId", "deliveryContext"}
PERSON = {"type": "user", "userId": SOMSRI}


def _tell(desk: Desk, bot: RememberingBot, gesture: str, **body: Any) -> dict[str, Any]:
    desk.api("POST", f"/account/{gesture}", {**body, "wait": True})
    (event,) = bot.received[-1].events
    assert event.keys() >= WHOLE
    assert (event["mode"], "replyToken" in event) == ("active", False)
    return event


def test_a_module_is_attached_and_detached(desk: Desk, remembering_bot: RememberingBot) -> None:
    bot_id = desk.line("GET", "/v2/bot/info").json["userId"]
    attached = _tell(desk, remembering_bot, "module", scopes=["message:send"])
    assert (attached["module"], "source" in attached) == (
        {"type": "attached", "botId": bot_id, "scopes": ["message:send"]}, False
    )  # fmt: skip
    detached = _tell(desk, remembering_bot, "module", type="detached")
    assert detached["module"] == {"type": "detached", "botId": bot_id, "reason": "bot_deleted"}
    assert [type(Event.from_dict(event)).__name__ for event in (attached, detached)] == ["ModuleEvent"] * 2


def test_a_module_takes_a_chat_and_gives_it_back(desk: Desk, remembering_bot: RememberingBot) -> None:
    taken = _tell(desk, remembering_bot, "activated", userId=SOMSRI, seconds=60)
    assert (taken["source"], type(Event.from_dict(taken)).__name__) == (PERSON, "ActivatedEvent")
    assert taken["chatControl"]["expireAt"] - taken["timestamp"] == pytest.approx(60_000, abs=50)
    given = _tell(desk, remembering_bot, "deactivated", userId=SOMSRI)
    assert (given["source"], type(Event.from_dict(given)).__name__) == (PERSON, "DeactivatedEvent")


def test_the_account_is_suspended_and_resumed(desk: Desk, remembering_bot: RememberingBot) -> None:
    events = [_tell(desk, remembering_bot, gesture) for gesture in ("bot-suspended", "bot-resumed")]
    assert [type(Event.from_dict(event)).__name__ for event in events] == ["BotSuspendedEvent", "BotResumedEvent"]
    assert [event.keys() - WHOLE for event in events] == [set(), set()]


def test_a_delivery_by_telephone_number_names_nobody(desk: Desk, remembering_bot: RememberingBot) -> None:
    event = _tell(
        desk, remembering_bot, "delivery", data="15034552939884E28681A7D668CEA94C147C716C0EC9DFE8B80B44EF3B57F6BD"
    )
    assert (event.keys() - WHOLE, event["delivery"].keys()) == ({"delivery"}, {"data"})
    assert type(Event.from_dict(event)).__name__ == "PnpDeliveryCompletionEvent"


@pytest.mark.parametrize(
    ("gesture", "body", "status"),
    [
        ("module", {"type": "lost"}, 400), ("activated", {}, 400), ("activated", {"userId": UNKNOWN}, 404),
        ("activated", {"userId": SOMSRI, "seconds": 0}, 400), ("deactivated", {}, 400), ("delivery", {}, 400),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(desk: Desk, gesture: str, body: dict[str, Any], status: int) -> None:
    assert desk.call("POST", f"/simulator/api/account/{gesture}", body).status == status


def test_what_cannot_be_answered_carries_no_reply_token(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.write()
    desk.api("POST", f"/people/{SOMSRI}/unsend", {"messageId": sent["messageId"], "wait": True})
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    tokens = ["replyToken" in received.events[0] for received in remembering_bot.received]
    assert tokens == [True, False, False]


def test_who_never_agreed_to_be_told_writes_without_an_id(desk: Desk, remembering_bot: RememberingBot) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ใช้บนคอมพิวเตอร์", "consented": False})
    user_id = person["userId"]
    desk.write("สวัสดี", person=user_id)
    (event,) = remembering_bot.received[0].events
    assert event["source"] == {"type": "user"}
    assert desk.reply(event["replyToken"], text("ตอบ")).status == 200
    assert [item["message"]["text"] for item in desk.chat(user_id)["items"]] == ["สวัสดี", "ตอบ"]
    assert desk.line("GET", f"/v2/bot/profile/{user_id}").status == 404
    desk.api("POST", "/config", {"verified": True})
    assert user_id not in desk.line("GET", "/v2/bot/followers/ids").json["userIds"]
    made = desk.api("POST", "/groups", {"members": [SOMSRI, user_id]})
    assert desk.line("GET", f"/v2/bot/group/{made['groupId']}/members/ids").json["memberIds"] == [SOMSRI]
    assert desk.line("GET", f"/v2/bot/group/{made['groupId']}/members/count").json == {"count": 2}
    group = f"/groups/{made['groupId']}"
    desk.api("POST", f"{group}/text", {"userId": SOMSRI, "text": "ดูนี่", "mention": [user_id], "wait": True})
    (mentionee,) = remembering_bot.received[-1].events[0]["message"]["mention"]["mentionees"]
    assert (mentionee["isSelf"], "userId" in mentionee) == (False, False)
    desk.api("POST", f"{group}/member-joined", {"members": [user_id], "wait": True})
    assert remembering_bot.received[-1].events[0]["joined"] == {"members": []}


def test_of_who_never_agreed_no_membership_is_told(desk: Desk, remembering_bot: RememberingBot) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ใช้บนคอมพิวเตอร์", "consented": False})
    assert desk.call("POST", f"/simulator/api/people/{person['userId']}/membership", {"type": "joined"}).status == 400
    assert remembering_bot.received == []


def test_a_profile_tells_what_the_person_lets_it(desk: Desk) -> None:
    about = {"displayName": "มานี", "statusMessage": "สบายดี", "pictureUrl": "https://example.org/m.png"}
    (open_, shy) = desk.api("POST", "/people", [about, {**about, "acceptedPolicy": False}])
    profile = desk.line("GET", f"/v2/bot/profile/{open_['userId']}").json
    assert profile == {**about, "userId": open_["userId"], "language": "th"}
    assert "language" not in desk.line("GET", f"/v2/bot/profile/{shy['userId']}").json


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/bot/pnp/push"), ("POST", "/v2/bot/message/markAsRead"), ("GET", "/v2/bot/message/delivery/pnp")],
)
def test_what_takes_an_application_of_its_own_is_refused(desk: Desk, method: str, path: str) -> None:
    answer = desk.line(method, path, {} if method == "POST" else None)
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (403, "partner-account")
