"""The messenger that tests and trials use: it forgets nothing, and sends nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from bot.messages import DeliveryFailed, Failure, QuotaTold, Receipt, RememberingMessenger, Rendered

HELLO: Rendered = [{"type": "text", "text": "ก"}]
DAY = date(2026, 11, 29)
TAKEN, AGAIN = Receipt(request_id=None), Receipt(request_id=None, duplicate=True)


def test_a_key_that_was_used_before_reaches_nobody() -> None:
    line = RememberingMessenger()
    assert line.multicast(["U1", "U2"], HELLO, retry_key="k1", unit="n1") == TAKEN
    assert line.multicast(["U1", "U2"], HELLO, retry_key="k1", unit="n1") == AGAIN
    assert [line.push("U1", HELLO, retry_key="k2"), line.push("U1", HELLO, retry_key="k2")] == [TAKEN, AGAIN]
    assert line.delivered == ["U1", "U2", "U1"]
    assert line.sent == [("multicast", "k1", HELLO)] * 2 + [("push", "k2", HELLO)] * 2
    assert line.multicasts == [("U1", "U2")] * 2
    assert line.list_units() == {"n1"}


@pytest.mark.parametrize("in_doubt", [True, False])
def test_what_fails_in_doubt_was_taken_or_not_as_told(in_doubt: bool) -> None:
    line = RememberingMessenger(failures=[Failure.AMBIGUOUS, Failure.RATE_LIMITED], takes_in_doubt=in_doubt)
    for _ in range(2):
        with pytest.raises(DeliveryFailed):
            line.multicast(["U1"], HELLO, retry_key="k1")
    assert (line.sent, line.delivered) == ([], ["U1"] if in_doubt else [])
    assert line.multicast(["U1"], HELLO, retry_key="k1") == (AGAIN if in_doubt else TAKEN)
    assert line.delivered == ["U1"]


@pytest.mark.parametrize("count", [0, 501])
def test_more_than_five_hundred_or_nobody_is_refused(count: int) -> None:
    line = RememberingMessenger()
    with pytest.raises(DeliveryFailed, match="refused"):
        line.multicast(["U1"] * count, HELLO, retry_key="k1")
    assert line.delivered == []


def test_questions_are_answered_from_its_fields() -> None:
    line = RememberingMessenger(
        told_quota=QuotaTold(limit=300, used=7), names={"U1": "สมศรี"}, followers=[("U1",), ("U2",)],
        statistics={"n1": {"uniqueClick": 20}}, contents={"1": b"JPEG"},
    )  # fmt: skip
    line.validate(HELLO)
    assert (line.quota(), line.display_name("U1"), line.display_name("U2")) == (QuotaTold(300, 7), "สมศรี", None)
    assert list(line.follower_pages()) == [("U1",), ("U2",)]
    assert (line.content("1"), line.content("2")) == (b"JPEG", None)
    assert line.unit_statistics("n1", DAY, DAY) == {"uniqueClick": 20}
    assert line.unit_statistics("n2", DAY, DAY) == {"uniqueImpression": None, "uniqueClick": None}


def test_questions_fail_as_told() -> None:
    line = RememberingMessenger(cannot_tell=DeliveryFailed(Failure.UNAUTHORISED, "as told"))
    for ask in (
        line.quota,
        line.list_units,
        line.follower_pages,
        lambda: line.validate(HELLO),
        lambda: line.display_name("U1"),
        lambda: line.content("1"),
        lambda: line.unit_statistics("n1", DAY, DAY),
    ):
        with pytest.raises(DeliveryFailed, match="unauthorised"):
            ask()
