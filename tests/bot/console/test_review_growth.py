"""The pages for reviewing cost the same with one question and with a hundred thousand."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from bot.outreach.permissions import Role
from bot.storage.faq_tests import FaqTestRow
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewGroupRow, ReviewItemRow
from tests.bot.console.reviewing import AN_HOUR_AGO, ask_all, reviewing_site
from tests.bot.console.visiting import Site, Visitor

__all__ = ["reviewing_site"]
QUESTIONS, GROUPS, TESTS = 100_000, 20_000, 20_000
LARGE = 10_000
"""One of the groups has as many questions as this, the others share the rest."""
ADDRESSES = (
    "/console/review", "/console/review?reason=missed", "/console/review?reason=thumbs_down", "/console/review/1",
    "/console/review/1/merge", "/console/review/next?after=1", "/console/review/sample", "/console/review/tests",
    "/console/review/tests?q=กี่โมง",
)  # fmt: skip
MOST_MILLISECONDS = 300


def fill(site: Site) -> None:
    """Numbers from 2 on: the first question, group and test are there already."""
    group_of = {number: 1 if number <= LARGE else 2 + number % (GROUPS - 1) for number in range(2, QUESTIONS + 1)}
    at = {number: AN_HOUR_AGO - timedelta(seconds=QUESTIONS - number) for number in group_of}
    asked = [
        {"id": number, "incoming_id": 1_000_000 + number, "asked_at": at[number],
         "asker": f"asker {number % 5000}",
         "text": f"คำถามที่ {number % 40_000} เปิดกี่โมง", "words": [], "decision": "fallback", "also": [],
         "candidates": [], "knowledge_version": "v1", "milliseconds": 1.0}
        for number in group_of
    ]  # fmt: skip
    made = [
        {"id": number, "state": "open" if number % 4 else "decided", "version": 1, "label_id": number,
         "questions": 4, "people": 1 + number % 50, "first_at": AN_HOUR_AGO, "last_at": AN_HOUR_AGO,
         "reasons": {"missed": 4}}
        for number in range(2, GROUPS + 1)
    ]  # fmt: skip
    items = [
        {"question_id": number, "reason": "missed", "group_id": group_of[number], "key": f"key {number % 40_000}",
         "at": AN_HOUR_AGO}
        for number in group_of
    ]  # fmt: skip
    tests = [
        {"text": f"เปิดกี่โมง {number}", "key": f"test {number}", "expect": "center.hours", "kind": "entry",
         "created_at": AN_HOUR_AGO, "created_by": "1"}
        for number in range(TESTS)
    ]  # fmt: skip
    with site.database.transaction() as db:
        for row, values in ((QuestionRow, asked), (ReviewGroupRow, made), (ReviewItemRow, items), (FaqTestRow, tests)):
            db.execute(insert(row), values)


def measure(site: Site, visitor: Visitor, address: str) -> tuple[int, float]:
    """How many statements, and the best of five times in milliseconds."""
    counts, times = [], []
    for _ in range(5):
        statements: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)  # noqa: B023 - listened to within this turn only

        event.listen(site.database.engine, "before_cursor_execute", count)
        started = time.perf_counter()
        assert visitor.get(address).status_code in (200, 302)
        times.append(1000 * (time.perf_counter() - started))
        event.remove(site.database.engine, "before_cursor_execute", count)
        counts.append(sum(statement.lstrip().startswith("SELECT") for statement in statements))
    return min(counts), min(times)


@pytest.mark.timeout(300)
def test_pages_cost_the_same_at_one_question_and_at_a_hundred_thousand(reviewing_site: Site) -> None:
    site = reviewing_site
    ask_all(site, ["เปิดกี่โมงเหรอจ๊ะ"], feedback="no", feedback_at=AN_HOUR_AGO)
    staff = site.visitor(Role.STAFF)
    few = {address: measure(site, staff, address) for address in ADDRESSES}
    fill(site)
    many = {address: measure(site, staff, address) for address in ADDRESSES}
    for address in ADDRESSES:
        print(f"{address}: {few[address][0]} → {many[address][0]} queries, {many[address][1]:.0f} ms")
    assert {address: count for address, (count, _) in many.items()} == {
        address: count for address, (count, _) in few.items()
    }
    assert [address for address, (_, took) in many.items() if took > MOST_MILLISECONDS] == []
