"""What LINE's API asks of every call, whatever it is about."""

from __future__ import annotations

import pytest

from tests.bot.simulator.desk import (
    MULTICAST,
    PUSH,
    REPLY,
    SOMSRI,
    TOKEN,
    UNKNOWN,
    Answer,
    Desk,
    running_simulator,
    text,
)

GROUP = "C" + "1" * 32


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_without_the_channels_token_every_call_is_unauthorised(desk: Desk, header: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/v2/bot/info"),
        ("GET", f"/v2/bot/profile/{SOMSRI}"),
        ("POST", PUSH),
        ("POST", REPLY),
    ):
        answer = desk.call(method, path, {} if method == "POST" else None, **header)
        assert (answer.status, _rule(answer)) == (401, "bearer-token")
        assert answer.headers["X-Line-Request-Id"]


def test_a_body_that_is_not_json_is_refused_in_lines_words(desk: Desk) -> None:
    assert desk.line("POST", PUSH, b"{}", Content_Type="text/plain").status == 415
    answer = desk.line("POST", PUSH, b"{'to': 1}", Content_Type="application/json")
    assert answer.status == 400
    assert answer.json == {"message": "The request body could not be parsed as JSON (line: 1, column: 2)"}
    for raw in (b"[]", b'{"to": NaN}', b'{"to": "\\ud800"}', b'{"to": "\xff"}', b"[" * 100_000):
        assert desk.line("POST", PUSH, raw, Content_Type="application/json; charset=utf-8").status == 400


def test_a_body_over_two_megabytes_is_refused(desk: Desk) -> None:
    body = {"to": SOMSRI, "messages": [text("ก")]}
    assert desk.line("POST", PUSH, {**body, "padding": "a" * 2_000_000}).status == 200
    answer = desk.line("POST", PUSH, {**body, "padding": "a" * 2_100_000})
    assert (answer.status, _rule(answer)) == (413, "request-size")


def test_boxes_nested_without_end_are_refused_not_stumbled_over(desk: Desk) -> None:
    box: dict[str, object] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(400):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    message = {"type": "flex", "altText": "ก", "contents": {"type": "bubble", "body": box}}
    assert desk.push(SOMSRI, message).status == 400


def test_one_to_five_messages_go_into_a_request(desk: Desk) -> None:
    assert desk.push(SOMSRI, *[text()] * 5).status == 200
    for messages in ([], [text()] * 6):
        answer = desk.line("POST", PUSH, {"to": SOMSRI, "messages": messages})
        assert answer.status == 400
        assert answer.json == {
            "message": "The request body has 1 error(s)",
            "details": [{"message": "Size must be between 1 and 5", "property": "messages"}],
        }


def test_errors_are_listed_in_lines_form(desk: Desk) -> None:
    answer = desk.push(SOMSRI, text(""), {"type": "fax"})
    assert answer.json["message"] == "The request body has 2 error(s)"
    assert answer.json["details"][0] == {"message": "May not be empty", "property": "messages[0].text"}
    assert answer.json["details"][1]["message"].startswith("Must be one of the following values: [")
    wrong_type = desk.push(SOMSRI, {"type": "text", "text": 5})
    assert (
        wrong_type.json["message"]
        == "The property, 'messages[0].text', in the request body is invalid (line: -, column: -)"
    )


def test_errors_inside_flex_are_listed_in_flexs_form(desk: Desk) -> None:
    bubble = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": ""}]},
    }
    answer = desk.push(SOMSRI, text(), {"type": "flex", "altText": "ก", "contents": bubble})
    assert answer.json == {
        "message": "A message (messages[1]) in the request body is invalid",
        "details": [{"message": "must be specified", "property": "/body/contents/0/text"}],
    }


@pytest.mark.parametrize("way", ["reply", "push", "multicast", "narrowcast", "broadcast"])
def test_validation_looks_at_messages_only_and_sends_nothing(desk: Desk, way: str) -> None:
    path = f"/v2/bot/message/validate/{way}"
    assert desk.line("POST", path, {"messages": [text()]}).status == 200
    assert desk.line("POST", path, {"messages": [text("")]}).status == 400
    assert desk.api("GET", "/replies")["rows"] == []


@pytest.mark.parametrize("units", [[], ["a", "b"], ["a-b"], ["a" * 31], [1]])
def test_aggregation_units_are_one_name(desk: Desk, units: list[object]) -> None:
    body = {"to": SOMSRI, "messages": [text()], "customAggregationUnits": units}
    assert _rule(desk.line("POST", PUSH, body)) == "aggregation-units"
    assert desk.line("POST", PUSH, {**body, "customAggregationUnits": ["Notice_7"]}).status == 200


@pytest.mark.parametrize("to", ["someone", "U123", SOMSRI.upper(), "L" + "a" * 67])
def test_an_id_of_another_shape_is_refused(desk: Desk, to: str) -> None:
    answer = desk.push(to)
    assert (answer.status, _rule(answer)) == (400, "recipient-format")
    assert _rule(desk.line("POST", MULTICAST, {"to": [SOMSRI, to], "messages": [text()]})) == "recipient-format"


def test_a_multicast_goes_to_one_to_five_hundred_people(desk: Desk) -> None:
    ids = [f"U{number:032x}" for number in range(501)]
    for to in ([], ids):
        answer = desk.line("POST", MULTICAST, {"to": to, "messages": [text()]})
        assert (answer.status, _rule(answer)) == (400, "multicast-recipients")
    assert desk.line("POST", MULTICAST, {"to": ids[:500], "messages": [text()]}).json == {}
    assert _rule(desk.line("POST", MULTICAST, {"to": [GROUP], "messages": [text()]})) == "recipient-format"


def test_an_endpoint_that_does_not_exist_is_not_found(desk: Desk) -> None:
    answer = desk.line("POST", "/v2/bot/message/telegram", {})
    assert (answer.status, answer.json) == (404, {"message": "Not found"})
    assert desk.line("GET", REPLY).status == 404
    assert desk.rows()[0]["requestId"] == answer.headers["X-Line-Request-Id"]


def test_a_rate_limit_refuses_for_a_while() -> None:
    with running_simulator("http://127.0.0.1:9/", rates={"push": 0.01}) as small:
        first, answer = small.push(SOMSRI), small.push(SOMSRI)
        small.api("POST", "/clock", {"advance": 100})
        assert (first.status, answer.status, small.push(SOMSRI).status) == (200, 429, 200)
        assert small.line("GET", f"/v2/bot/profile/{SOMSRI}").status == 200
    assert answer.json == {"message": "The API rate limit has been exceeded. Try again later."}
    assert _rule(answer) == "rate-limit"


def test_profiles_are_those_of_people_who_have_not_blocked_the_bot(desk: Desk) -> None:
    profile = desk.line("GET", f"/v2/bot/profile/{SOMSRI}")
    assert profile.json == {"userId": SOMSRI, "displayName": "สมศรี ใจดี", "language": "th"}
    assert desk.line("GET", f"/v2/bot/profile/{UNKNOWN}").status == 404
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.line("GET", f"/v2/bot/profile/{SOMSRI}").json == {"message": "Not found"}


def test_the_bot_learns_its_own_id_and_whether_its_token_is_good(desk: Desk) -> None:
    assert desk.line("GET", "/v2/bot/info").json["userId"].startswith("U")
    good = desk.call("GET", f"/oauth2/v2.1/verify?access_token={TOKEN}")
    assert (good.status, good.json["expires_in"] > 0) == (200, True)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.call("POST", "/v2/oauth/verify", f"access_token={TOKEN}".encode(), **form).status == 200
    assert desk.call("POST", "/v2/oauth/verify", b"access_token=wrong", **form).status == 400
    assert desk.call("GET", "/oauth2/v2.1/verify?access_token=wrong").json["error"] == "invalid_request"


@pytest.mark.parametrize(
    "body", [{"loadingSeconds": 7}, {"loadingSeconds": 0}, {"loadingSeconds": 65}, {"chatId": GROUP}]
)
def test_the_loading_animation_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.line("POST", "/v2/bot/chat/loading/start", {"chatId": SOMSRI, **body}).status == 400


@pytest.mark.parametrize("body", [{}, {"loadingSeconds": 5}, {"loadingSeconds": 60}, {"chatId": UNKNOWN}])
def test_the_loading_animation_is_accepted(desk: Desk, body: dict[str, object]) -> None:
    answer = desk.line("POST", "/v2/bot/chat/loading/start", {"chatId": SOMSRI, **body})
    assert (answer.status, answer.json) == (202, {})
