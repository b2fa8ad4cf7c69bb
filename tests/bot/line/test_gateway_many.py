"""What the gateway sends to many, and what it asks about them, against the simulator."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import clock
from bot.line.gateway import LineGateway
from bot.messages import DeliveryFailed, Failure, QuotaTold, Receipt
from tests.bot.line.menus import NOWHERE
from tests.bot.simulator.desk import KHAM, MULTICAST, PUSH, SOMSRI, TOKEN, UNKNOWN, Desk, running_simulator, text

HELLO = [text("งานเปิดรับแล้วค่ะ")]
KEYS = tuple(f"123e4567-e89b-12d3-a456-{number:012d}" for number in range(8))
FOLLOWERS, UNITS = "/v2/bot/followers/ids", "/v2/bot/message/aggregation/list"
STATISTICS = "/v2/bot/insight/message/event/aggregation"


@pytest.fixture(scope="module")
def _desk() -> Iterator[Desk]:
    with running_simulator(NOWHERE, verified=True) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.api("POST", "/reset")
    return _desk


@pytest.fixture
def line(desk: Desk) -> LineGateway:
    return LineGateway(token=TOKEN, host=desk.url)


def crowd(desk: Desk, count: int) -> list[str]:
    made = desk.api("POST", "/people", {"count": count})
    ids: list[str] = desk.api("GET", f"/crowds/{made['crowd']}/ids")
    return ids


def billed(desk: Desk) -> int:
    number: int = desk.api("GET", "/stats")["billed"]
    return number


def failure_of(call: Callable[[], object]) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        call()
    return failed.value


def test_a_multicast_reaches_everybody_once_under_its_name(desk: Desk, line: LineGateway) -> None:
    ids = crowd(desk, 500)
    receipt = line.multicast(ids, HELLO, retry_key=KEYS[0], unit="notice_7")
    assert (receipt.duplicate, receipt.request_id is None) == (False, False)
    assert line.multicast(ids, HELLO, retry_key=KEYS[0], unit="notice_7") == Receipt(receipt.request_id, duplicate=True)
    assert sorted(row["userId"] for row in desk.api("GET", "/replies")["rows"]) == sorted(ids)
    assert (billed(desk), line.list_units()) == (500, {"notice_7"})


def test_a_push_is_counted_under_its_name_too(desk: Desk, line: LineGateway) -> None:
    line.push(SOMSRI, HELLO, retry_key=KEYS[0], unit="notice_8")
    line.push(SOMSRI, HELLO, retry_key=KEYS[1])
    assert line.list_units() == {"notice_8"}
    assert [len(desk.chat(who)["items"]) for who in (SOMSRI, KHAM)] == [2, 0]


REFUSALS = [
    ({"kind": "rate"}, Failure.RATE_LIMITED, 429),
    ({"kind": "concurrency"}, Failure.RATE_LIMITED, 429),
    ({"kind": "quota"}, Failure.QUOTA_SPENT, 429),
    ({"kind": "token-revoked"}, Failure.UNAUTHORISED, 401),
    ({"kind": "token-expired"}, Failure.UNAUTHORISED, 401),
    ({"status": 403, "body": {"message": "Not available"}}, Failure.REFUSED, 403),
    ({"status": 409, "body": {"message": "Conflict"}}, Failure.REFUSED, 409),
    ({"kind": "broken-before"}, Failure.AMBIGUOUS, 500),
    ({"kind": "broken-after"}, Failure.AMBIGUOUS, 500),
    ({"kind": "cut-before"}, Failure.AMBIGUOUS, None),
    ({"kind": "cut-after"}, Failure.AMBIGUOUS, None),
    ({"kind": "elsewhere"}, Failure.UNREACHABLE, 307),
]


@pytest.mark.parametrize(("fault", "failure", "status"), REFUSALS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("way", ["multicast", "push"])
def test_each_failure_is_told_and_the_same_key_sends_once_in_the_end(
    desk: Desk, line: LineGateway, way: str, fault: dict[str, Any], failure: Failure, status: int | None
) -> None:
    def send() -> Receipt:
        if way == "push":
            return line.push(SOMSRI, HELLO, retry_key=KEYS[0])
        return line.multicast([SOMSRI, KHAM], HELLO, retry_key=KEYS[0])

    desk.api("POST", "/faults", {"path": MULTICAST if way == "multicast" else PUSH, **fault})
    failed = failure_of(send)
    assert (failed.failure, failed.status) == (failure, status)
    assert send().duplicate == (str(fault.get("kind")).endswith("-after"))
    assert billed(desk) == (1 if way == "push" else 2)


def test_a_bad_recipient_or_too_many_refuse_the_whole_request(desk: Desk, line: LineGateway) -> None:
    for recipients in ([SOMSRI, "U-nobody"], [], [SOMSRI] * 501):
        failed = failure_of(lambda ids=recipients: line.multicast(ids, HELLO, retry_key=KEYS[0]))
        assert (failed.failure, failed.status) == (Failure.REFUSED, 400)
    assert failure_of(lambda: line.push(UNKNOWN, HELLO, retry_key=KEYS[1])).failure is Failure.REFUSED
    assert billed(desk) == 0


def test_who_is_no_friend_is_passed_over_by_a_multicast(desk: Desk, line: LineGateway) -> None:
    line.multicast([UNKNOWN, SOMSRI], HELLO, retry_key=KEYS[0])
    assert billed(desk) == 1


def test_a_spent_quota_and_a_wrong_token_are_the_simulators_own_words(desk: Desk, line: LineGateway) -> None:
    desk.api("POST", "/config", {"quota": 1})
    failed = failure_of(lambda: line.multicast([SOMSRI, KHAM], HELLO, retry_key=KEYS[0]))
    assert (failed.failure, billed(desk)) == (Failure.QUOTA_SPENT, 0)
    other = LineGateway(token="another token", host=desk.url)
    assert failure_of(lambda: other.multicast([SOMSRI], HELLO, retry_key=KEYS[1])).failure is Failure.UNAUTHORISED
    assert failure_of(other.quota).failure is Failure.UNAUTHORISED


def test_a_multicast_that_is_not_answered_ends_in_time_and_was_taken(
    desk: Desk, line: LineGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.line.calls.TIMEOUT_SECONDS", (0.3, 0.3))
    desk.api("POST", "/faults", {"path": MULTICAST, "kind": "stall", "stall": 1.0})
    started = time.monotonic()
    assert failure_of(lambda: line.multicast([SOMSRI], HELLO, retry_key=KEYS[0])).failure is Failure.AMBIGUOUS
    assert time.monotonic() - started < 0.9
    assert line.multicast([SOMSRI], HELLO, retry_key=KEYS[0]).duplicate is True


def test_no_recipient_and_no_word_of_theirs_is_logged(desk: Desk, line: LineGateway) -> None:
    with capture_logs() as lines:
        line.multicast([SOMSRI, KHAM], HELLO, retry_key=KEYS[0], unit="notice_7")
        failure_of(lambda: line.multicast([SOMSRI, "U-nobody"], HELLO, retry_key=KEYS[1]))
        line.display_name(SOMSRI)
        list(line.follower_pages())
    called = [entry["call"] for entry in lines if entry["event"] == "line.call"]
    assert called == ["multicast", "multicast", "profile", "followers"]
    told = json.dumps(lines, ensure_ascii=False)
    assert [word for word in (SOMSRI, KHAM, "U-nobody", "งาน", TOKEN) if word in told] == []


def test_five_hundred_recipients_cost_little_time_of_ours(line: LineGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 2.2 ms by the SDK's model of the request, 0.2 ms without it."""
    ids = [f"U{number:032x}" for number in range(500)]
    rest = line._calls.client.rest_client
    written: list[int] = []

    def answer(*_: object, body: object, **__: object) -> None:
        written.append(len(json.dumps(body)))
        raise ConnectionError

    monkeypatch.setattr(rest, "request", answer)
    spent = []
    for _ in range(20):
        started = time.thread_time()
        with pytest.raises(ConnectionError):
            line.multicast(ids, HELLO, retry_key=KEYS[0], unit="notice_7")
        spent.append(time.thread_time() - started)
    assert (len(written), min(written) > 500 * 33) == (20, True)
    assert min(spent) < 0.0012


def test_the_quota_of_the_month_and_what_is_used_of_it(desk: Desk, line: LineGateway) -> None:
    assert line.quota() == QuotaTold(limit=None, used=0)
    desk.api("POST", "/config", {"quota": 300})
    line.multicast([SOMSRI, KHAM], HELLO, retry_key=KEYS[0])
    assert line.quota() == QuotaTold(limit=300, used=2)


@pytest.mark.parametrize(
    "body", [{}, {"type": "limited"}, {"type": "limited", "value": "9"}, {"type": "limited", "value": True}]
)
def test_a_quota_in_an_unknown_shape_is_no_quota(desk: Desk, line: LineGateway, body: dict[str, Any]) -> None:
    desk.api("POST", "/faults", {"path": "/v2/bot/message/quota", "status": 200, "body": body})
    assert failure_of(line.quota).failure is Failure.AMBIGUOUS


def test_units_are_listed_page_after_page(desk: Desk, line: LineGateway) -> None:
    assert line.list_units() == frozenset()
    names = {f"notice_{number}" for number in range(101)}
    for number, name in enumerate(sorted(names)):
        line.push(SOMSRI, HELLO, retry_key=f"123e4567-e89b-12d3-a456-1{number:011d}", unit=name)
    assert line.list_units() == names


@pytest.mark.parametrize("following", ["same", 7])
def test_a_list_without_an_end_is_given_up(desk: Desk, line: LineGateway, following: object) -> None:
    body = {"customAggregationUnits": [], "next": following}
    desk.api("POST", "/faults", {"path": UNITS, "status": 200, "body": body, "times": 2})
    assert failure_of(line.list_units).failure is Failure.AMBIGUOUS


def test_what_a_unit_came_to_is_told_from_twenty_people_on(desk: Desk, line: LineGateway) -> None:
    line.multicast(crowd(desk, 300), HELLO, retry_key=KEYS[0], unit="notice_7")
    line.multicast([SOMSRI], HELLO, retry_key=KEYS[1], unit="notice_8")
    tomorrow = clock.now().date() + timedelta(days=1)  # it may have begun in Japan
    first, last = tomorrow - timedelta(days=2), tomorrow
    many = line.unit_statistics("notice_7", first, last)
    assert {name: number is not None and number >= 20 for name, number in many.items()} == {
        "uniqueImpression": True, "uniqueClick": True, "uniqueMediaPlayed": False, "uniqueMediaPlayed100Percent": False,
    }  # fmt: skip
    assert set(line.unit_statistics("notice_8", first, last).values()) == {None}


@pytest.mark.parametrize("body", [{}, {"overview": None}, {"overview": {"uniqueClick": "many"}}])
def test_statistics_that_are_not_told_are_none(desk: Desk, line: LineGateway, body: dict[str, Any]) -> None:
    desk.api("POST", "/faults", {"path": STATISTICS, "status": 200, "body": body})
    told = line.unit_statistics("notice_7", date(2026, 11, 1), date(2026, 11, 29))
    assert told == {"uniqueImpression": None, "uniqueClick": None}


def test_a_name_is_known_of_friends_only(desk: Desk, line: LineGateway) -> None:
    assert line.display_name(SOMSRI) == desk.line("GET", f"/v2/bot/profile/{SOMSRI}").json["displayName"]
    assert (line.display_name(UNKNOWN), line.display_name("../../info")) == (None, None)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  สมศรี\u2028 \n ใจดี\x00\x1b ", "สมศรี ใจดี"),
        ("\u202eevil", "evil"),
        ("\u200b\u2060 \n", None),
        ("กี่" * 25, "กี่" * 19 + "…"),
        ("👨‍👩‍👧‍👦" * 3, "👨‍👩‍👧‍👦" * 3),
        ("ก" + "\u0e49" * 3000, "ก" + "\u0e49" * 158 + "…"),
    ],
)
def test_a_name_is_made_fit_for_a_sentence(desk: Desk, line: LineGateway, given: str, name: str | None) -> None:
    body = {"userId": SOMSRI, "displayName": given}
    desk.api("POST", "/faults", {"path": f"/v2/bot/profile/{SOMSRI}", "status": 200, "body": body})
    assert line.display_name(SOMSRI) == name


def test_messages_are_looked_at_without_being_sent(desk: Desk, line: LineGateway) -> None:
    line.validate(HELLO)
    failed = failure_of(lambda: line.validate([{"type": "text", "text": ""}]))
    assert (failed.failure, failed.status, billed(desk)) == (Failure.REFUSED, 400, 0)


def test_followers_come_page_after_page(desk: Desk, line: LineGateway) -> None:
    ids = crowd(desk, 2100)
    pages = list(line.follower_pages())
    assert [len(page) for page in pages] == [1000, 1000, 104]
    assert set(ids) < {user_id for page in pages for user_id in page}


def test_an_account_that_may_not_list_its_followers_is_told_so(desk: Desk, line: LineGateway) -> None:
    desk.api("POST", "/faults", {"path": FOLLOWERS, "status": 403, "body": {"message": "Not available"}})
    failed = failure_of(lambda: list(line.follower_pages()))
    assert (failed.failure, failed.status) == (Failure.REFUSED, 403)
