"""Faults on order: before the work, after it, late, and with the connection cut."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
import urllib3

from tests.bot.simulator.desk import PUSH, REPLY, SOMSRI, TOKEN, Desk, RememberingBot, text


def _order(desk: Desk, path: str = PUSH, **more: Any) -> None:
    desk.api("POST", "/faults", {"path": path, **more})


def _given(desk: Desk) -> int:
    return len(desk.api("GET", "/replies")["rows"])


@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_a_fault_before_the_work_leaves_nothing_behind(desk: Desk, status: int) -> None:
    _order(desk, status=status, times=2)
    answers = [desk.push(SOMSRI) for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 200]
    assert all(answer.headers["X-Line-Request-Id"] for answer in answers)
    assert _given(desk) == 1
    assert [(row["status"], row["userIds"], row["delivered"]) for row in desk.rows()] == [
        (status, [SOMSRI], 0), (status, [SOMSRI], 0), (200, [SOMSRI], 1)
    ]  # fmt: skip


def test_a_fault_after_the_work_answers_an_error_to_what_was_accepted(desk: Desk) -> None:
    key = str(uuid.uuid4())
    _order(desk, status=500, when="after", body="<html>502</html>")
    first, second = desk.push(SOMSRI, X_Line_Retry_Key=key), desk.push(SOMSRI, X_Line_Retry_Key=key)
    assert (first.status, first.raw, second.status) == (500, b"<html>502</html>", 409)
    assert _given(desk) == 1
    assert desk.rows()[0]["delivered"] == 1


@pytest.mark.parametrize(("when", "given"), [("before", 0), ("after", 1)])
def test_a_connection_is_cut_without_an_answer(
    desk: Desk, remembering_bot: RememberingBot, when: str, given: int
) -> None:
    desk.write()
    _order(desk, REPLY, when=when, cut=True)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        desk.reply(remembering_bot.last_token)
    assert _given(desk) == given
    assert [row["status"] for row in desk.rows()] == [None]
    assert desk.reply(remembering_bot.last_token).status == (400 if given else 200)


def test_a_call_may_only_be_late(desk: Desk) -> None:
    _order(desk, delay=0.15)
    started = time.monotonic()
    assert desk.push(SOMSRI).status == 200
    assert time.monotonic() - started >= 0.15


def test_a_fault_may_carry_words_and_headers(desk: Desk) -> None:
    words = {"message": "You have reached your monthly limit."}
    _order(desk, status=429, body=words, headers={"Retry-After": "7"})
    answer = desk.push(SOMSRI)
    assert (answer.json, answer.headers["Retry-After"]) == (words, "7")


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("rate", 429, "The API rate limit"), ("concurrency", 429, "Too many concurrent"), ("quota", 429, "You have"),
        ("same-user", 429, "Too many messages"), ("token-revoked", 401, "Authentication"),
        ("token-expired", 401, "The access token"), ("broken-before", 500, "Internal"),
    ],
)  # fmt: skip
def test_faults_have_names(desk: Desk, kind: str, status: int, words: str) -> None:
    _order(desk, kind=kind)
    answer = desk.push(SOMSRI)
    assert (answer.status, answer.json["message"].startswith(words), _given(desk)) == (status, True, 0)
    assert desk.push(SOMSRI).status == 200


def test_a_broken_server_may_have_accepted_first(desk: Desk) -> None:
    _order(desk, kind="broken-after")
    assert (desk.push(SOMSRI).status, _given(desk)) == (500, 1)


@pytest.mark.parametrize(("kind", "given"), [("cut-before", 0), ("cut-after", 1)])
def test_a_cut_has_names_too(desk: Desk, kind: str, given: int) -> None:
    _order(desk, kind=kind)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        desk.push(SOMSRI)
    assert _given(desk) == given


def test_an_answer_may_stop_half_way(desk: Desk) -> None:
    _order(desk, kind="stall", stall=0.3)
    started = time.monotonic()
    answer = desk.push(SOMSRI)
    assert (answer.status, len(answer.json["sentMessages"]), time.monotonic() - started >= 0.3) == (200, 1, True)


def test_a_caller_may_tire_of_a_stalled_answer(desk: Desk) -> None:
    _order(desk, kind="stall", stall=1)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        desk.pool.request(
            "POST", desk.url + PUSH, json={"to": SOMSRI, "messages": [text()]}, timeout=0.2,
            headers={"Authorization": f"Bearer {TOKEN}"},
        )  # fmt: skip
    assert _given(desk) == 1


def test_a_call_may_be_sent_elsewhere(desk: Desk) -> None:
    _order(desk, kind="elsewhere")
    answer = desk.push(SOMSRI)
    assert (answer.status, answer.headers["Location"]) == (307, "https://elsewhere.example/")


def test_webhooks_may_come_twice(desk: Desk, remembering_bot: RememberingBot) -> None:
    desk.api("POST", "/webhook-faults", {"duplicate": 1})
    desk.write("หนึ่ง")
    desk.write("สอง")
    assert [received.events[0]["message"]["text"] for received in remembering_bot.received] == ["หนึ่ง", "หนึ่ง", "สอง"]
    assert remembering_bot.received[0].raw == remembering_bot.received[1].raw


def test_webhooks_may_come_in_another_order(desk: Desk, remembering_bot: RememberingBot) -> None:
    assert desk.api("POST", "/webhook-faults", {"reorder": 3}) == {"duplicate": 0, "reorder": 3, "held": 0}
    statuses = [desk.write(words)["status"] for words in ("หนึ่ง", "สอง", "สาม", "สี่")]
    assert statuses == [None, None, 200, 200]
    words = [received.events[0]["message"]["text"] for received in remembering_bot.received]
    assert words == ["สาม", "สอง", "หนึ่ง", "สี่"]
    times = [received.events[0]["timestamp"] for received in remembering_bot.received]
    assert times[0] >= times[1] >= times[2]


@pytest.mark.parametrize("order", [{"reorder": -1}, {"duplicate": 101}, {"lose": 1}])
def test_an_order_for_webhooks_that_makes_no_sense_is_refused(desk: Desk, order: dict[str, Any]) -> None:
    assert desk.call("POST", "/simulator/api/webhook-faults", order).status == 400


def test_only_a_share_of_the_calls_suffers_and_leaves_the_others_to_later_orders(desk: Desk) -> None:
    _order(desk, status=500, times=1000, share=0.5)
    _order(desk, status=404, times=1000)
    assert {desk.push(SOMSRI).status for _ in range(40)} == {404, 500}


def test_faults_are_listed_and_cleared(desk: Desk) -> None:
    _order(desk, status=500, times=3)
    _order(desk, "/v2/bot/profile/*", status=404)
    assert desk.line("GET", f"/v2/bot/profile/{SOMSRI}").status == 404
    desk.push(SOMSRI)
    assert [(fault["path"], fault["times"]) for fault in desk.api("GET", "/faults")] == [(PUSH, 2)]
    desk.api("DELETE", "/faults")
    assert desk.push(SOMSRI).status == 200


@pytest.mark.parametrize(
    "order",
    [{}, {"path": "x"}, {"path": PUSH, "times": 0}, {"path": PUSH, "when": "never"}, {"path": PUSH, "status": 9},
     {"path": PUSH, "delay": -1}, {"path": PUSH, "colour": 1}, {"path": PUSH, "kind": "flood"},
     {"path": PUSH, "stall": 121}, {"path": PUSH, "share": 0}, {"path": PUSH, "share": 1.1}],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused(desk: Desk, order: dict[str, Any]) -> None:
    assert desk.call("POST", "/simulator/api/faults", order).status == 400
