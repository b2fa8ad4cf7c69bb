from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.notices import ledger
from bot.storage.notices import NoticeRow
from tests.bot.notices.making import DAY
from tests.builders import NOON


def a_row(*, personal: bool = False, per_day: int | None = None) -> NoticeRow:
    return NoticeRow(id=1, uid="ab12", personal=personal, per_day=per_day)


def test_a_request_has_five_hundred_people_and_one_with_names_has_one() -> None:
    ids = list(range(1, 1201))
    sizes = [chunk["people"] for chunk in ledger.chunks_of(a_row(), ids, portion=0, begins_at=NOON)]
    assert sizes == [500, 500, 200]
    alone = list(ledger.chunks_of(a_row(personal=True), [4, 9], portion=0, begins_at=NOON))
    assert [(chunk["first"], chunk["last"], chunk["people"]) for chunk in alone] == [(4, 4, 1), (9, 9, 1)]


@settings(max_examples=30, deadline=None)
@given(
    ids=st.sets(st.integers(1, 5000), max_size=1500).map(sorted), personal=st.booleans(),
    per_day=st.none() | st.integers(1, 700), before=st.integers(0, 900), portion=st.integers(0, 3),
)  # fmt: skip
def test_everybody_is_in_one_request_and_no_day_has_too_many(
    ids: list[int], personal: bool, per_day: int | None, before: int, portion: int
) -> None:
    row = a_row(personal=personal, per_day=per_day)
    chunks = list(ledger.chunks_of(row, ids, portion=portion, begins_at=NOON, before=before))
    seen = [[one for one in ids if chunk["first"] <= one <= chunk["last"]] for chunk in chunks]
    assert [one for part in seen for one in part] == ids
    assert [len(part) for part in seen] == [chunk["people"] for chunk in chunks]
    assert max((len(part) for part in seen), default=0) <= (1 if personal else 500)
    assert len({chunk["retry_key"] for chunk in chunks}) == len(chunks)
    days: dict[int, int] = {0: before % per_day} if per_day else {}
    for chunk in chunks:
        day = (chunk["due_at"] - NOON) // DAY - (before // per_day if per_day else 0)
        days[day] = days.get(day, 0) + chunk["people"]
    if per_day:
        assert max(days.values()) <= per_day
        assert list(days) == list(range(len(days)))
    else:
        assert all(chunk["due_at"] == NOON for chunk in chunks)


def test_the_next_part_goes_on_with_the_day_that_is_not_full() -> None:
    first = list(ledger.chunks_of(a_row(per_day=10), list(range(1, 8)), portion=0, begins_at=NOON))
    second = list(ledger.chunks_of(a_row(per_day=10), list(range(8, 20)), portion=0, begins_at=NOON, before=7))
    assert [(chunk["people"], chunk["due_at"] - NOON) for chunk in (*first, *second)] == [
        (7, timedelta(0)), (3, timedelta(0)), (9, DAY),
    ]  # fmt: skip


@pytest.mark.parametrize("other", [("cd34", 0, 1, 9), ("ab12", 1, 1, 9), ("ab12", 0, 2, 9), ("ab12", 0, 1, 8)])
def test_a_key_is_the_same_for_the_same_people_and_for_no_others(other: tuple[str, int, int, int]) -> None:
    assert ledger.key_of("ab12", 0, 1, 9) == ledger.key_of("ab12", 0, 1, 9) == "67aeb441-f6c1-5b83-9226-74778999066d"
    assert ledger.key_of(*other) != ledger.key_of("ab12", 0, 1, 9)
    assert uuid.UUID(ledger.key_of(*other)).version == 5
