"""Storms: staff see each once."""

from __future__ import annotations

from datetime import timedelta

from bot.cases import storms
from bot.outreach import audience
from bot.storage import cases
from bot.storage.engine import Database
from tests.bot.storage.test_questions_missed import log
from tests.builders import MALEE, NOON, SOMCHAI


def opened(database: Database) -> list[tuple[str, str, bool]]:
    with database.reading() as db:
        return [(case.kind, case.detail, case.urgent) for case, _ in cases.list_cases(db, state="open", limit=9)]


def test_a_storm_begins_at_its_limit_and_opens_one_case_with_the_commonest_wordings(database: Database) -> None:
    with database.transaction() as db:
        for number, text in enumerate(["น้ำท่วม"] * 6 + ["ไฟดับ"] * 5 + ["เรื่องของฉันคนเดียว"]):
            log(db, number, text)
        assert not storms.is_storm(db, now=NOON, limit=13)
    assert opened(database) == []
    with database.transaction() as db:
        assert [storms.is_storm(db, now=NOON, limit=12) for _ in range(3)] == [True] * 3
    assert opened(database) == [("storm", "6 × น้ำท่วม; 5 × ไฟดับ", False)], "one person's words are not repeated"


def test_a_storm_is_over_ten_minutes_later(database: Database) -> None:
    with database.transaction() as db:
        log(db, 1, "น้ำท่วม")
        assert storms.is_storm(db, now=NOON + timedelta(minutes=10), limit=1)
        assert not storms.is_storm(db, now=NOON + timedelta(minutes=10, seconds=1), limit=1)


def test_a_flood_is_one_case_a_person(database: Database) -> None:
    with database.transaction() as db:
        one, two = (audience.meet(db, line_user_id=who, now=NOON).id for who in (SOMCHAI, MALEE))
        numbers = [storms.note_flood(db, person_id=who, now=NOON) for who in (one, one, two)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert [kind for kind, _, _ in opened(database)] == ["flood", "flood"]
