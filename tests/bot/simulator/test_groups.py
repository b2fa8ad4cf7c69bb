"""Groups and rooms: what the bot may ask about them, and what is told when people talk, come and go."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.webhooks import Event

from tests.bot.simulator.desk import KHAM, SOMSRI, UNKNOWN, Desk, RememberingBot, text

CALM = "C" + "a" * 32
ROOM = "R" + "b" * 32


@pytest.fixture
def group(desk: Desk) -> str:
    desk.api("POST", "/groups", {"groupId": CALM, "name": "ชุมชนเรา", "members": [SOMSRI, KHAM]})
    return CALM


def _say(desk: Desk, group: str, words: str = "สวัสดี", **more: Any) -> dict[str, Any]:
    return desk.api("POST", f"/groups/{group}/text", {"userId": SOMSRI, "text": words, "wait": True, **more})


def _last(bot: RememberingBot) -> dict[str, Any]:
    return bot.received[-1].events[-1]


def test_a_group_is_described_to_the_bot_in_it(desk: Desk, group: str) -> None:
    base = f"/v2/bot/group/{group}"
    assert desk.line("GET", f"{base}/summary").json == {"groupId": group, "groupName": "ชุมชนเรา"}
    assert desk.line("GET", f"{base}/members/count").json == {"count": 2}
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.line("GET", f"{base}/member/{SOMSRI}").json["displayName"] == "สมศรี ใจดี"
    stranger = desk.line("GET", f"{base}/member/{UNKNOWN}")
    assert (stranger.status, stranger.headers["X-Simulator-Rule"]) == (404, "group-member-known")


def test_a_room_has_no_name(desk: Desk) -> None:
    desk.api("POST", "/groups", {"groupId": ROOM, "kind": "room", "members": [SOMSRI]})
    assert desk.line("GET", f"/v2/bot/room/{ROOM}/members/count").json == {"count": 1}
    assert desk.line("GET", f"/v2/bot/room/{ROOM}/summary").status == 404
    assert desk.line("GET", f"/v2/bot/group/{ROOM}/summary").status == 404


def test_a_bot_that_has_left_is_told_nothing_more(desk: Desk, group: str) -> None:
    assert desk.push(group).status == 200
    assert desk.line("POST", f"/v2/bot/group/{group}/leave").json == {}
    answer = desk.line("GET", f"/v2/bot/group/{group}/summary")
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (404, "group-known")
    assert desk.push(group).headers["X-Simulator-Rule"] == "push-recipient-known"
    assert desk.call("POST", f"/simulator/api/groups/{group}/text", {"userId": SOMSRI, "text": "ก"}).status == 400


def test_lists_of_people_are_for_verified_accounts(desk: Desk, group: str) -> None:
    for path in ("/v2/bot/followers/ids", f"/v2/bot/group/{group}/members/ids"):
        answer = desk.line("GET", path)
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (403, "verified-account")
    desk.api("POST", "/config", {"verified": True})
    assert len(desk.line("GET", "/v2/bot/followers/ids").json["userIds"]) == 4
    assert desk.line("GET", f"/v2/bot/group/{group}/members/ids").json == {"memberIds": sorted([SOMSRI, KHAM])}


def test_followers_come_in_pages(desk: Desk) -> None:
    desk.api("POST", "/config", {"verified": True})
    desk.api("POST", "/people", {"count": 1500})
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    found: list[str] = []
    query = "?limit=1000"
    while query:
        page = desk.line("GET", f"/v2/bot/followers/ids{query}").json
        found += page["userIds"]
        query = f"?limit=1000&start={page['next']}" if "next" in page else ""
    assert (len(found), len(set(found)), SOMSRI in found) == (1503, 1503, False)
    for limit in ("0", "1001", "x"):
        answer = desk.line("GET", f"/v2/bot/followers/ids?limit={limit}")
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "followers-limit")


def test_a_continuation_lives_a_day(desk: Desk) -> None:
    desk.api("POST", "/config", {"verified": True})
    following = desk.line("GET", "/v2/bot/followers/ids?limit=2").json["next"]
    assert len(desk.line("GET", f"/v2/bot/followers/ids?start={following}").json["userIds"]) == 2
    desk.api("POST", "/clock", {"advance": 25 * 3600})
    for start in (following, "made-up"):
        answer = desk.line("GET", f"/v2/bot/followers/ids?start={start}")
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "continuation-token")


def test_a_word_in_a_group_names_who_said_it(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    _say(desk, group)
    event = _last(remembering_bot)
    assert event["source"] == {"type": "group", "groupId": group, "userId": SOMSRI}
    assert "mention" not in event["message"]
    assert desk.reply(event["replyToken"]).status == 200
    assert [item["from"] for item in desk.chat(group)["items"]] == ["person", "bot"]


def test_a_mention_of_the_bot_is_marked_as_its_own(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    _say(desk, group, "น้ำไม่ไหล 😀", mention=True)
    message = _last(remembering_bot)["message"]
    (mentionee,) = message["mention"]["mentionees"]
    assert mentionee["isSelf"] is True
    assert mentionee["userId"] == desk.line("GET", "/v2/bot/info").json["userId"]
    start, end = mentionee["index"], mentionee["index"] + mentionee["length"]
    assert message["text"][start:end].startswith("@")
    assert Event.from_dict(_last(remembering_bot)).message.mention.mentionees[0].is_self is True


def test_others_are_mentioned_too(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    _say(desk, group, mention="all")
    assert _last(remembering_bot)["message"]["mention"]["mentionees"] == [{"type": "all", "index": 0, "length": 4}]
    _say(desk, group, mention=[KHAM])
    (mentionee,) = _last(remembering_bot)["message"]["mention"]["mentionees"]
    assert (mentionee["userId"], mentionee["isSelf"]) == (KHAM, False)


def test_only_who_sits_there_is_mentioned(desk: Desk, group: str) -> None:
    def mention(**mentionee: str) -> dict[str, Any]:
        part = {"type": "mention", "mentionee": mentionee}
        return {"type": "textV2", "text": "{who} สวัสดี", "substitution": {"who": part}}

    assert desk.push(group, mention(type="user", userId=SOMSRI), mention(type="all")).status == 200
    bot = desk.line("GET", "/v2/bot/info").json["userId"]
    for user_id in (UNKNOWN, bot):
        answer = desk.push(group, mention(type="user", userId=user_id))
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "text-v2-mention-member")


def test_a_message_is_edited(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    sent = _say(desk, group, "น้ำใหล")
    first = _last(remembering_bot)
    desk.api("POST", f"/groups/{group}/edit",
             {"userId": SOMSRI, "messageId": sent["messageId"], "text": "น้ำไหล", "wait": True})  # fmt: skip
    edited = _last(remembering_bot)
    assert (edited["type"], edited["message"]["id"], edited["message"]["text"]) == (
        "messageEdited", sent["messageId"], "น้ำไหล"
    )  # fmt: skip
    assert "markAsReadToken" not in edited["message"]
    assert edited["message"]["quoteToken"] != first["message"]["quoteToken"]
    assert desk.reply(edited["replyToken"], {**text(), "quoteToken": edited["message"]["quoteToken"]}).status == 200
    assert desk.chat(group)["items"][0]["message"]["text"] == "น้ำไหล"
    assert type(Event.from_dict(edited)).__name__ == "MessageEditedEvent"


def test_in_a_room_nothing_is_edited(desk: Desk) -> None:
    desk.api("POST", "/groups", {"groupId": ROOM, "kind": "room", "members": [SOMSRI]})
    sent = _say(desk, ROOM)
    body = {"userId": SOMSRI, "messageId": sent["messageId"], "text": "ใหม่"}
    assert desk.call("POST", f"/simulator/api/groups/{ROOM}/edit", body).status == 400


def test_people_come_and_go(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ผู้มาใหม่", "following": False})
    new = [{"type": "user", "userId": person["userId"]}]
    for gesture in ("member-joined", "member-left"):
        desk.api("POST", f"/groups/{group}/{gesture}", {"members": [person["userId"]], "wait": True})
    joined, left = (received.events[0] for received in remembering_bot.received)
    assert (joined["joined"], left["left"]) == ({"members": new}, {"members": new})
    assert ("replyToken" in joined, "replyToken" in left, "userId" in joined["source"]) == (True, False, False)
    assert desk.api("GET", "/groups")[0]["members"] == sorted([SOMSRI, KHAM])


def test_the_bot_is_asked_in_and_sent_out(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/groups", {"groupId": CALM, "members": [SOMSRI], "hasBot": False})
    assert desk.push(CALM).status == 400
    desk.api("POST", f"/groups/{CALM}/join", {"wait": True})
    assert desk.reply(remembering_bot.last_token).status == 200
    desk.api("POST", f"/groups/{CALM}/leave", {"wait": True})
    assert [received.events[0]["type"] for received in remembering_bot.received] == ["join", "leave"]
    assert "replyToken" not in _last(remembering_bot)


def test_postbacks_and_unsent_words_of_groups(desk: Desk, remembering_bot: RememberingBot, group: str) -> None:
    sent = _say(desk, group)
    desk.api("POST", f"/groups/{group}/postback", {"userId": SOMSRI, "data": "a=1", "wait": True})
    desk.api("POST", f"/groups/{group}/unsend", {"userId": SOMSRI, "messageId": sent["messageId"], "wait": True})
    kinds = [received.events[0]["type"] for received in remembering_bot.received]
    assert (kinds, desk.chat(group)["items"][0]["unsent"]) == (["message", "postback", "unsend"], True)
    assert [received.events[0]["source"]["userId"] for received in remembering_bot.received] == [SOMSRI] * 3


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("", {"kind": "party"}, 400), ("", {"members": [UNKNOWN]}, 404), ("", {"groupId": "C1"}, 400),
        ("", {"groupId": CALM}, 400), ("", {"members": 5}, 400), (f"/{ROOM}/join", {}, 404),
        (f"/{CALM}/text", {"userId": UNKNOWN, "text": "ก"}, 400), (f"/{CALM}/member-joined", {}, 400),
        (f"/{CALM}/edit", {"userId": SOMSRI, "messageId": "1", "text": "ก"}, 404),
        (f"/{CALM}/unsend", {"userId": SOMSRI, "messageId": "1"}, 404),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(desk: Desk, group: str, path: str, body: dict[str, Any], status: int) -> None:
    assert desk.call("POST", f"/simulator/api/groups{path}", body).status == status
