"""What the inbox and every turn ask of the cases, and how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects import sqlite

from bot.cases.kinds import CaseKind
from bot.storage import cases
from bot.storage.cases import CITIZEN, CLOSED, OPEN, STAFF, TAKEN
from bot.storage.engine import Database
from tests.bot.cases.making import a_case, a_citizen, get, staff_of
from tests.builders import MALEE, NOON

MINUTE = timedelta(minutes=1)


def test_a_change_raises_the_version_and_says_when(database: Database) -> None:
    with database.transaction() as db:
        case, other = a_case(db), a_case(db)
        changed = cases.change(db, case.id, now=NOON + MINUTE, topic="center.hours")
        assert (changed.version, changed.changed_at, changed.topic) == (2, NOON + MINUTE, "center.hours")
        assert changed is case, "what the session has read before is as new"
        assert get(db, other.id).version == 1


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"alerted_at": NOON}, True),
        ({"alerted_at": NOON + 30 * MINUTE}, False),
        ({"state": TAKEN}, True),  # whoever had it is not among the staff any more
        ({"state": CLOSED}, False),
        ({"due_at": None}, False),
        ({"due_at": NOON + 60 * MINUTE}, False),
        ({"urgent": False}, False),
    ],
)
def test_an_urgent_case_that_nobody_took_in_time_is_found_until_staff_are_told_again(
    database: Database, changes: dict[str, object], found: bool
) -> None:
    with database.transaction() as db:
        case = a_case(db, CaseKind.URGENT)
        assert cases.list_untaken_urgent(db, now=NOON + 30 * MINUTE, limit=9) == [], "there is time yet"
        if changes:
            cases.change(db, case.id, now=NOON, **changes)
        now = NOON + 31 * MINUTE
        assert cases.list_untaken_urgent(db, now=now, limit=9) == ([case.id] if found else [])
        cases.note_alerted(db, case.id, now=now)
        assert cases.list_untaken_urgent(db, now=now, limit=9) == []


def test_an_urgent_case_that_somebody_has_is_not_told_of_again(database: Database) -> None:
    with database.transaction() as db:
        case, (malee,) = a_case(db, CaseKind.URGENT), staff_of(db, "malee")
        cases.change(db, case.id, now=NOON, state=TAKEN, taken_by=malee)
        assert cases.list_untaken_urgent(db, now=NOON + 31 * MINUTE, limit=9) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"due_at": None}, True),
        ({"live_until": NOON + 2 * MINUTE}, False),
        ({"live_until": None}, False),
        ({"waits_for": CITIZEN}, False),
        ({"state": CLOSED}, False),
        ({"due_at": NOON}, False),
    ],
)
def test_a_line_that_ended_while_the_citizen_waited_is_found(
    database: Database, changes: dict[str, object], found: bool
) -> None:
    with database.transaction() as db:
        case = a_case(db)
        values = {"live_until": NOON, "waits_for": STAFF, "due_at": NOON + 60 * MINUTE, **changes}
        cases.change(db, case.id, now=NOON, **values)
        later = NOON + MINUTE
        assert cases.list_lines_cut(db, now=later, kinds_but=("privacy",), limit=9) == ([case.id] if found else [])
        assert cases.list_lines_cut(db, now=later, kinds_but=(case.kind,), limit=9) == []


def test_old_lines_are_ended_in_portions(database: Database) -> None:
    with database.transaction() as db:
        for minutes in range(4):
            cases.change(db, a_case(db).id, now=NOON, live_until=NOON + minutes * MINUTE)
        before = NOON + 3 * MINUTE
        assert [cases.end_old_lines(db, before=before, limit=2) for _ in range(3)] == [2, 1, 0]
        live = cases.find_live(db, person_id=a_citizen(db), now=NOON)
        assert live is not None
        assert live.live_until == before


def test_a_case_of_somebody_erased_stays_as_a_number(database: Database) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db, person_id=a_citizen(db, MALEE))
        cases.change(db, case.id, now=NOON, state=TAKEN, taken_by=malee)
        db.execute(text("DELETE FROM people"))
        db.execute(text("DELETE FROM staff"))
        kept = get(db, case.id)
        assert (kept.person_id, kept.taken_by, kept.state) == (None, None, TAKEN)


@pytest.mark.parametrize(
    ("statement", "index"),
    [(cases._LIVE, "ix_cases_live"), (cases._OVER, "ix_cases_live")],
    ids=["live", "over"],
)
def test_what_every_turn_asks_is_answered_by_an_index(
    sqlite_database: Database, statement: Select[cases.CaseRow], index: str
) -> None:
    asked = str(statement.compile(dialect=sqlite.dialect()))
    with sqlite_database.reading() as db:
        connection = db.connection().connection
        plan = connection.cursor().execute(f"EXPLAIN QUERY PLAN {asked}", [1] * asked.count("?")).fetchall()
    assert [index in step[3] for step in plan if step[3].startswith("SEARCH")] == [True]
    assert not [step for step in plan if step[3].startswith("SCAN")]


def test_a_case_that_is_closed_by_itself_has_an_end(database: Database) -> None:
    with database.transaction() as db:
        case = a_case(db)
        assert case.state == OPEN
        cases.close(db, case.id, now=NOON + MINUTE)
        closed = get(db, case.id)
        assert (closed.state, closed.closed_at, closed.due_at) == (CLOSED, NOON + MINUTE, None)
