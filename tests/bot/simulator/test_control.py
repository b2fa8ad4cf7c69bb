"""The control API: people, their chats, and what is reset."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.bot.simulator.desk import KHAM, SOMSRI, UNKNOWN, Desk, RememberingBot, text

LOADING = "/v2/bot/chat/loading/start"


def _later(seconds: float, work: Any) -> threading.Timer:
    timer = threading.Timer(seconds, work)
    timer.start()
    return timer


def test_four_people_are_there_from_the_start(desk: Desk) -> None:
    people = desk.api("GET", "/people")
    assert [set(person) for person in people] == [{"userId", "displayName", "pictureUrl", "language", "following"}] * 4
    assert people[0] == {
        "userId": SOMSRI, "displayName": "สมศรี ใจดี", "pictureUrl": None, "language": "th", "following": True
    }  # fmt: skip


def test_people_are_added_by_the_thousand_without_a_webhook(desk: Desk, remembering_bot: RememberingBot) -> None:
    many = [{"displayName": f"คนที่ {number}", "userId": f"U{number:032x}"} for number in range(1, 3001)]
    assert len(desk.api("POST", "/people", many)) == 3000
    assert len(desk.api("GET", "/people")) == 3004
    assert remembering_bot.received == []


@pytest.mark.parametrize(
    "person", [{}, {"displayName": 5}, {"displayName": "ก", "userId": "U1"}, {"displayName": "ก", "userId": SOMSRI}, []]
)
def test_a_person_that_makes_no_sense_is_refused(desk: Desk, person: object) -> None:
    answer = desk.call("POST", "/simulator/api/people", person)
    assert (answer.status == 400) == (person != [])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(f"{UNKNOWN}/text", {"text": "ก"}, 404), (f"{SOMSRI}/text", {"text": ""}, 400), (f"{SOMSRI}/postback", {}, 400),
     (f"{SOMSRI}/location", {"latitude": "x", "longitude": 1}, 400), (f"{SOMSRI}/unsend", {"messageId": "1"}, 404)],
)  # fmt: skip
def test_a_gesture_that_makes_no_sense_is_refused(desk: Desk, path: str, body: dict[str, Any], status: int) -> None:
    answer = desk.call("POST", f"/simulator/api/people/{path}", body)
    assert (answer.status, set(answer.json)) == (status, {"message"})


def test_a_person_who_has_blocked_must_follow_before_writing(desk: Desk) -> None:
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.chat()["following"] is False
    assert desk.call("POST", f"/simulator/api/people/{SOMSRI}/text", {"text": "ก"}).status == 400
    desk.api("POST", f"/people/{SOMSRI}/follow", {"wait": True})
    assert desk.write()["status"] == 200


def test_the_chat_shows_what_is_new(desk: Desk) -> None:
    desk.write("หนึ่ง")
    first = desk.chat()
    desk.push(SOMSRI, text("สอง"))
    assert [item["message"]["text"] for item in desk.chat(query=f"?after={first['last']}")["items"]] == ["สอง"]
    assert desk.chat(KHAM)["items"] == []
    assert set(first["items"][0]) == {"n", "at", "from", "message", "messageId", "unsent"}
    assert first["items"][0]["at"].endswith("Z")


def test_the_chat_waits_for_news(desk: Desk) -> None:
    last = desk.chat()["last"]
    _later(0.1, lambda: desk.push(SOMSRI, text("มาแล้ว")))
    started = time.monotonic()
    news = desk.chat(query=f"?after={last}&wait=10")
    assert ([item["message"]["text"] for item in news["items"]], time.monotonic() - started < 5) == (["มาแล้ว"], True)
    assert desk.chat(query=f"?after={news['last']}&wait=0.05")["items"] == []


def test_loading_wakes_who_waits_and_ends_with_the_next_message(desk: Desk) -> None:
    last = desk.chat()["last"]
    _later(0.1, lambda: desk.line("POST", LOADING, {"chatId": SOMSRI, "loadingSeconds": 20}))
    began = desk.chat(query=f"?after={last}&wait=10")
    assert (began["loading"], began["items"]) == (True, [])
    _later(0.1, lambda: desk.push(SOMSRI))
    ended = desk.chat(query=f"?after={began['last']}&wait=10")
    assert (ended["loading"], len(ended["items"])) == (False, 1)


def test_loading_ends_by_itself(desk: Desk) -> None:
    desk.line("POST", LOADING, {"chatId": SOMSRI, "loadingSeconds": 5})
    began = desk.chat()
    desk.api("POST", "/clock", {"advance": 5})
    ended = desk.chat(query=f"?after={began['last']}&wait=10")
    assert (began["loading"], ended["loading"], ended["last"] > began["last"]) == (True, False, True)


def test_a_picture_can_be_fetched_until_it_is_taken_back(desk: Desk, remembering_bot: RememberingBot) -> None:
    sent = desk.api("POST", f"/people/{SOMSRI}/image", {"wait": True})
    path = f"/v2/bot/message/{sent['messageId']}/content"
    picture = desk.line("GET", path)
    shown = desk.chat()["items"][0]["message"]
    assert (picture.headers["Content-Type"], picture.raw[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert desk.call("GET", shown["originalContentUrl"]).raw == picture.raw
    desk.api("POST", f"/people/{SOMSRI}/unsend", {"messageId": sent["messageId"], "wait": True})
    assert (desk.line("GET", path).status, desk.line("GET", "/v2/bot/message/1/content").status) == (410, 404)


def test_a_postback_shows_its_words_in_the_chat(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", f"/people/{SOMSRI}/postback", {"data": "a=1", "displayText": "สมัคร", "wait": True})
    assert remembering_bot.received[0].events[0]["postback"] == {"data": "a=1"}
    assert [item["message"] for item in desk.chat()["items"]] == [text("สมัคร")]


def test_the_journal_is_read_in_pieces(desk: Desk) -> None:
    for _ in range(3):
        desk.push(SOMSRI)
    first = desk.api("GET", "/journal?limit=2&kind=call")["rows"]
    rest = desk.api("GET", f"/journal?after={first[-1]['n']}")
    assert (len(first), len(rest["rows"]), rest["last"]) == (2, 1, first[-1]["n"] + 1)
    assert set(first[0]) >= {
        "n", "at", "kind", "method", "path", "status", "ms", "requestId", "userIds", "retryKey", "replyToken",
        "webhookEventIds", "request", "response", "delivered",
    }  # fmt: skip
    assert desk.call("GET", "/simulator/api/journal?kind=x").status == 400


def test_stats_count_calls_by_path_without_ids(desk: Desk) -> None:
    desk.write()
    desk.line("GET", f"/v2/bot/profile/{SOMSRI}")
    desk.line("GET", f"/v2/bot/profile/{UNKNOWN}")
    stats = desk.api("GET", "/stats")
    assert stats["calls"] == {"/v2/bot/profile/{user_id}": {"200": 1, "404": 1}}
    assert stats["webhooks"] == {"200": 1}
    assert stats["quotaLeft"] is None


def test_a_reset_forgets_everything_but_the_seeded_people(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/people", {"displayName": "ใหม่"})
    desk.write()
    token, before = remembering_bot.last_token, desk.chat()["last"]
    desk.api("POST", "/config", {"quota": 1})
    desk.api("POST", "/faults", {"path": "/v2/bot/info", "status": 500})
    desk.api("POST", "/clock", {"advance": 1000})
    desk.api("POST", "/reset")
    assert len(desk.api("GET", "/people")) == 4
    assert desk.chat()["items"] == []
    assert (desk.api("GET", "/faults"), desk.rows(), desk.api("GET", "/stats")["quotaLeft"]) == ([], [], None)
    assert desk.reply(token).status == 400
    desk.write()
    assert desk.chat()["last"] > before


def test_a_reset_wakes_who_waits(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.write()
    last = desk.chat()["last"]
    _later(0.1, lambda: desk.api("POST", "/reset"))
    started = time.monotonic()
    woken = desk.chat(query=f"?after={last}&wait=15")
    assert (woken["items"], woken["last"] > last, time.monotonic() - started < 5) == ([], True, True)
    desk.push(SOMSRI, text("หลังจากนั้น"))
    after = desk.chat(query=f"?after={woken['last']}&wait=5")
    assert [item["message"]["text"] for item in after["items"]] == ["หลังจากนั้น"]


def test_a_reset_brings_the_settings_back(desk: Desk) -> None:
    changed = {"verified": True, "chatMode": "chat", "loginAlgorithm": "ES256", "managerMenu": True, "quota": 7}
    told = desk.api("POST", "/config", changed)
    assert {name: told[name] for name in changed} == changed
    desk.api("POST", "/reset")
    told = desk.api("POST", "/config", {})
    assert {name: told[name] for name in changed} == {
        "verified": False, "chatMode": "bot", "loginAlgorithm": "HS256", "managerMenu": False, "quota": None
    }  # fmt: skip


@pytest.mark.parametrize("body", [{"loginAlgorithm": "RS256"}, {"colour": 1}, {"quota": -1}, {"quota": "many"}])
def test_a_setting_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.call("POST", "/simulator/api/config", body).status == 400


def test_the_front_door_leads_to_the_phone(desk: Desk) -> None:
    answer = desk.call("GET", "/simulator/")
    assert (answer.status, answer.headers["Location"]) == (302, "/simulator/phone")
    assert desk.call("GET", "/simulator/phone").status == 200
