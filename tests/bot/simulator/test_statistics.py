"""Numbers of what was sent, and LINE's silence about the few."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.simulator import aggregation
from tests.bot.simulator.desk import MULTICAST, PUSH, SOMSRI, Desk, RememberingBot, text

BROADCAST = "/v2/bot/message/broadcast"
DAY = 24 * 3600


def _today() -> str:
    return datetime.now(timezone(timedelta(hours=9))).strftime("%Y%m%d")


def test_a_day_is_counted_once_it_is_over(desk: Desk, remembering_bot: RememberingBot) -> None:
    day = _today()
    desk.push(SOMSRI, text(), text())
    desk.line("POST", MULTICAST, {"to": [SOMSRI], "messages": [text()]})
    desk.line("POST", BROADCAST, {"messages": [text()]})
    desk.write()
    desk.reply(remembering_bot.last_token)
    path = "/v2/bot/message/delivery"
    assert desk.line("GET", f"{path}/push?date={day}").json == {"status": "unready"}
    desk.api("POST", "/clock", {"advance": DAY})
    counts = {way: desk.line("GET", f"{path}/{way}?date={day}").json for way in
              ("reply", "push", "multicast", "broadcast")}  # fmt: skip
    assert counts == {
        "reply": {"status": "ready", "success": 1}, "push": {"status": "ready", "success": 2},
        "multicast": {"status": "ready", "success": 1}, "broadcast": {"status": "ready", "success": 4},
    }  # fmt: skip
    assert desk.line("GET", f"/v2/bot/insight/message/delivery?date={day}").json == {
        "status": "ready", "apiBroadcast": 4, "apiPush": 2, "apiMulticast": 1, "apiReply": 1
    }  # fmt: skip


@pytest.mark.parametrize("date", ["", "2026-11-24", "20261341"])
def test_a_day_is_written_in_digits(desk: Desk, date: str) -> None:
    answer = desk.line("GET", f"/v2/bot/message/delivery/push?date={date}")
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "date-form")


def test_followers_are_counted(desk: Desk) -> None:
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.line("GET", "/v2/bot/insight/followers").json == {
        "status": "ready", "followers": 4, "targetedReaches": 3, "blocks": 1
    }  # fmt: skip
    assert desk.line("GET", f"/v2/bot/insight/followers?date={_today()}").json == {"status": "unready"}


def test_demographics_need_twenty_people(desk: Desk) -> None:
    assert desk.line("GET", "/v2/bot/insight/demographic").json == {"available": False}
    desk.api("POST", "/people", {"count": 30})
    assert desk.line("GET", "/v2/bot/insight/demographic").json["available"] is True


@pytest.mark.parametrize(("more", "seen", "clicked"), [(1, None, None), (60, 32, None), (500, 252, 50)])
def test_what_fewer_than_twenty_did_is_null(desk: Desk, more: int, seen: int | None, clicked: int | None) -> None:
    desk.api("POST", "/people", {"count": more})
    sent = desk.line("POST", BROADCAST, {"messages": [text()]}).headers["X-Line-Request-Id"]
    event = desk.line("GET", f"/v2/bot/insight/message/event?requestId={sent}").json
    assert (event["overview"]["uniqueImpression"], event["overview"]["uniqueClick"]) == (seen, clicked)
    assert event["messages"][0]["impression"] == seen


def test_an_unknown_request_has_no_statistics(desk: Desk) -> None:
    path = "/v2/bot/insight/message/event"
    assert desk.line("GET", f"{path}?requestId=1").json == {"overview": None, "messages": [], "clicks": []}
    assert desk.line("GET", path).headers["X-Simulator-Rule"] == "insight-request-id"


def test_a_units_statistics_span_a_month(desk: Desk) -> None:
    path = "/v2/bot/insight/message/event/aggregation?customAggregationUnit=a"
    assert desk.line("GET", f"{path}&from=20261101&to=20261130").json["overview"]["uniqueImpression"] is None
    nameless = desk.line("GET", f"{path.partition('?')[0]}?from=20261101&to=20261130")
    assert (nameless.status, nameless.headers["X-Simulator-Rule"]) == (400, "insight-unit")
    answer = desk.line("GET", f"{path}&from=20261001&to=20261130")
    assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "insight-span")


def test_a_units_messages_are_counted_together(desk: Desk) -> None:
    made = desk.api("POST", "/people", {"count": 500})
    ids = desk.api("GET", f"/crowds/{made['crowd']}/ids")
    for part in (ids[:300], ids[300:]):
        body = {"to": part, "messages": [text()], "customAggregationUnits": ["notice_7"]}
        assert desk.line("POST", MULTICAST, body).status == 200
    path = f"/v2/bot/insight/message/event/aggregation?customAggregationUnit=notice_7&from={_today()}&to={_today()}"
    event = desk.line("GET", path).json
    assert (event["overview"]["uniqueImpression"], event["overview"]["uniqueClick"]) == (250, 50)
    assert event["messages"][0]["uniqueImpression"] == 250


def test_units_of_the_month_are_listed(desk: Desk) -> None:
    for name in ("a", "b", "a", "c"):
        desk.line("POST", PUSH, {"to": SOMSRI, "messages": [text()], "customAggregationUnits": [name]})
    path = "/v2/bot/message/aggregation"
    assert desk.line("GET", f"{path}/info").json == {"numOfCustomAggregationUnits": 3}
    first = desk.line("GET", f"{path}/list?limit=2").json
    assert first == {"customAggregationUnits": ["a", "b"], "next": "2"}
    assert desk.line("GET", f"{path}/list?start=2").json == {"customAggregationUnits": ["c"]}
    for query in ("limit=0", "limit=101", "start=x"):
        assert desk.line("GET", f"{path}/list?{query}").headers["X-Simulator-Rule"] == "aggregation-page"
    desk.api("POST", "/clock", {"advance": 32 * DAY})
    assert desk.line("GET", f"{path}/info").json == {"numOfCustomAggregationUnits": 0}


def test_of_a_rich_menu_that_few_have_tapped_only_the_id_is_told(desk: Desk) -> None:
    size = {"width": 800, "height": 270}
    menu = {"size": size, "selected": True, "name": "หลัก", "chatBarText": "เมนู", "areas": []}
    menu_id = desk.line("POST", "/v2/bot/richmenu", menu).json["richMenuId"]
    base = f"/v2/bot/insight/richmenu/{menu_id}"
    for what, last, too_late in (("summary", "20270201", "20270203"), ("daily", "20260409", "20260411")):
        assert desk.line("GET", f"{base}/{what}?from=20260101&to={last}").json == {"richMenuId": menu_id}
        answer = desk.line("GET", f"{base}/{what}?from=20260101&to={too_late}")
        assert (answer.status, answer.headers["X-Simulator-Rule"]) == (400, "insight-menu-span")
        assert desk.line("GET", f"{base}/{what}?from=20260101").headers["X-Simulator-Rule"] == "date-form"
    unknown = desk.line("GET", "/v2/bot/insight/richmenu/richmenu-1/summary?from=20260101&to=20260102")
    assert (unknown.status, unknown.headers["X-Simulator-Rule"]) == (404, "menu-known")


def test_before_it_counted_line_tells_no_numbers(desk: Desk) -> None:
    for path in ("message/delivery/push", "insight/message/delivery", "insight/followers"):
        assert desk.line("GET", f"/v2/bot/{path}?date=20180330").json == {"status": "out_of_service"}


def test_a_thousand_names_of_units_are_kept_a_month(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregation, "NAMES_A_MONTH", 2)
    for name in ("a", "b", "c"):
        body = {"to": SOMSRI, "messages": [text()], "customAggregationUnits": [name]}
        assert desk.line("POST", PUSH, body).status == 200
    assert desk.line("GET", "/v2/bot/message/aggregation/list").json == {"customAggregationUnits": ["a", "b"]}
