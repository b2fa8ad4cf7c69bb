"""Pushes and multicasts: retry keys, quota, and who is reached."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.simulator.desk import KHAM, MULTICAST, SOMSRI, UNKNOWN, Answer, Desk, RememberingBot, text

DAY = 24 * 3600
SPENT = {"message": "You have reached your monthly limit."}


def _key() -> str:
    return str(uuid.uuid4())


def _multicast(desk: Desk, *to: str, **headers: str) -> Answer:
    return desk.line("POST", MULTICAST, {"to": list(to), "messages": [text()]}, **headers)


def _given(desk: Desk) -> list[str]:
    return [row["userId"] for row in desk.api("GET", "/replies")["rows"]]


def test_a_push_is_delivered_and_billed(desk: Desk) -> None:
    answer = desk.push(SOMSRI, text("ก"), text("ข"))
    assert (answer.status, len(answer.json["sentMessages"])) == (200, 2)
    stats = desk.api("GET", "/stats")
    assert (stats["billed"], stats["delivered"]) == (1, {"reply": 0, "push": 2, "multicast": 0})
    assert desk.line("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 1}


def test_a_push_to_an_unknown_id_fails(desk: Desk) -> None:
    answer = desk.push(UNKNOWN)
    assert (answer.status, answer.json) == (400, {"message": "Failed to send messages"})
    assert desk.push("C" + "0" * 32).headers["X-Simulator-Rule"] == "push-recipient-known"


def test_the_same_retry_key_is_accepted_once_a_day(desk: Desk) -> None:
    key = _key()
    first = desk.push(SOMSRI, X_Line_Retry_Key=key)
    again = desk.push(SOMSRI, text("อื่น"), X_Line_Retry_Key=key.upper())
    assert (first.status, again.status) == (200, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.json == {
        "message": "The retry key is already accepted",
        "sentMessages": first.json["sentMessages"],
    }
    desk.api("POST", "/clock", {"advance": DAY - 60})
    assert desk.push(SOMSRI, X_Line_Retry_Key=key).status == 409
    desk.api("POST", "/clock", {"advance": 61})
    assert desk.push(SOMSRI, X_Line_Retry_Key=key).status == 200
    assert _given(desk) == [SOMSRI, SOMSRI]


def test_a_multicasts_409_has_no_sent_messages(desk: Desk) -> None:
    key = _key()
    assert _multicast(desk, SOMSRI, KHAM, X_Line_Retry_Key=key).json == {}
    again = _multicast(desk, SOMSRI, KHAM, X_Line_Retry_Key=key)
    assert (again.status, again.json) == (409, {"message": "The retry key is already accepted"})
    assert _given(desk) == [SOMSRI, KHAM]


def test_a_retry_key_is_not_used_up_by_a_refusal(desk: Desk) -> None:
    key = _key()
    assert desk.push(SOMSRI, text(""), X_Line_Retry_Key=key).status == 400
    desk.api("POST", "/config", {"quota": 0})
    assert desk.push(SOMSRI, X_Line_Retry_Key=key).status == 429
    desk.api("POST", "/config", {"quota": None})
    assert desk.push(SOMSRI, X_Line_Retry_Key=key).status == 200


@pytest.mark.parametrize("key", ["", "1", "x" * 36, "123e4567e89b12d3a456426614174000"])
def test_a_retry_key_that_is_no_uuid_is_refused(desk: Desk, key: str) -> None:
    answer = desk.push(SOMSRI, X_Line_Retry_Key=key)
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "retry-key-format")


def test_a_retry_key_is_accepted_once_however_many_hurry(desk: Desk) -> None:
    key = _key()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: desk.push(SOMSRI, X_Line_Retry_Key=key).status, range(32)))
    assert sorted(answers) == [200] + [409] * 31
    assert _given(desk) == [SOMSRI]


def test_a_person_who_has_blocked_is_neither_reached_nor_billed(desk: Desk) -> None:
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert len(desk.push(SOMSRI).json["sentMessages"]) == 1
    assert _multicast(desk, SOMSRI, KHAM, UNKNOWN).status == 200
    assert (_given(desk), desk.api("GET", "/stats")["billed"]) == ([KHAM], 1)
    assert [row["delivered"] for row in desk.rows()] == [0, 1]


def test_somebody_who_is_no_friend_is_reached_for_a_week_after_writing(
    desk: Desk, remembering_bot: RememberingBot
) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ผ่านมา", "following": False})
    desk.push(person["userId"])
    desk.write(person=person["userId"])
    desk.push(person["userId"])
    assert len(_given(desk)) == 1
    desk.api("POST", "/clock", {"advance": 7 * DAY + 1})
    desk.push(person["userId"])
    assert len(_given(desk)) == 1


def test_the_quota_is_counted_by_recipient_and_refuses_whole(desk: Desk) -> None:
    desk.api("POST", "/config", {"quota": 3})
    assert desk.line("GET", "/v2/bot/message/quota").json == {"type": "limited", "value": 3}
    assert desk.push(SOMSRI, *[text()] * 5).status == 200
    third = desk.api("POST", "/people", [{"displayName": "ก"}, {"displayName": "ข"}])
    refused = _multicast(desk, SOMSRI, KHAM, third[0]["userId"])
    assert (refused.status, refused.json, refused.headers["X-Simulator-Rule"]) == (429, SPENT, "quota")
    assert _multicast(desk, SOMSRI, KHAM).status == 200
    assert desk.push(SOMSRI).json == SPENT
    stats = desk.api("GET", "/stats")
    assert (stats["billed"], stats["quotaLeft"]) == (3, 0)
    desk.api("POST", "/clock", {"advance": 31 * DAY})
    assert desk.push(SOMSRI).status == 200


def test_without_a_limit_the_quota_is_none(desk: Desk) -> None:
    assert desk.line("GET", "/v2/bot/message/quota").json == {"type": "none"}


def test_a_push_to_a_group_bills_its_members(desk: Desk) -> None:
    group = "C" + "5" * 32
    sources = [{"type": "group", "groupId": group, "userId": user_id} for user_id in (SOMSRI, KHAM)]
    desk.api("POST", "/webhook", {"events": [{"source": source, "message": text()} for source in sources]})
    assert desk.push(group).status == 200
    assert desk.api("GET", "/stats")["billed"] == 2


def test_what_was_sent_is_told_in_its_order(desk: Desk) -> None:
    sent = desk.push(SOMSRI, text("หนึ่ง"), text("สอง"), text("สาม")).json["sentMessages"]
    ids = {item["message"]["text"]: item["messageId"] for item in desk.chat()["items"]}
    assert [message["id"] for message in sent] == [ids[words] for words in ("หนึ่ง", "สอง", "สาม")]
