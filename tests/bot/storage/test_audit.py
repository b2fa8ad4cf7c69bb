"""The audit log's tables: what the page reads, and what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from bot.outreach.audit import COMMAND_LINE, SYSTEM, Actor, record
from bot.storage import audit
from bot.storage.audit import list_entries
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.storage.audit_tables import run
from tests.builders import NOON

MALEE = Actor(7, "มาลี")
HOUR = timedelta(hours=1)


@pytest.fixture
def log(database: Database, vault: Vault) -> Database:
    """Six lines, an hour apart."""
    lines = (
        (MALEE, "staff.disabled", ("staff", 3)),
        (SYSTEM, "faq.published", ("faq_version", "aa11")),
        (COMMAND_LINE, "staff.added", ("staff", 4)),
        (MALEE, "staffing.changed", ("staff", 3)),
        (Actor(8, "civicbot"), "faq.published", ("faq_version", "aa22")),
        (MALEE, "faq.published", ("faq_version", "aa11")),
    )
    with database.transaction() as db:
        for number, (actor, action, subject) in enumerate(lines):
            record(db, vault, actor=actor, action=action, subject=subject, now=NOON + number * HOUR)
    return database


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"actor": 7}, [6, 4, 1]),
        ({"actor": "civicbot"}, [2]),
        ({"action_prefix": "staff."}, [3, 1]),
        ({"action_prefix": "staff"}, [4, 3, 1]),
        ({"action_prefix": "faq.published"}, [6, 5, 2]),
        ({"subject": ("faq_version", "aa11")}, [6, 2]),
        ({"since": NOON + 4 * HOUR}, [6, 5]),
        ({"until": NOON + HOUR}, [1]),
        ({"before_id": 3}, [2, 1]),
        ({"limit": 2}, [6, 5]),
        ({"actor": 7, "action_prefix": "faq.", "since": NOON, "before_id": 6}, []),
    ],
)
def test_entries_are_listed_newest_first_by_what_is_asked(log: Database, filters: dict, ids: list[int]) -> None:
    with log.reading() as db:
        assert [row.id for row in list_entries(db, **filters)] == ids


def test_pages_follow_one_another_without_gap_or_repetition(log: Database) -> None:
    seen: list[int] = []
    with log.reading() as db:
        while page := list_entries(db, before_id=seen[-1] if seen else None, limit=4):
            seen += [row.id for row in page]
    assert seen == [6, 5, 4, 3, 2, 1]


def test_a_page_takes_one_query_whatever_its_length(log: Database) -> None:
    counted: list[str] = []
    event.listen(log.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    with log.reading() as db:
        for limit in (1, 3):
            counted.clear()
            list_entries(db, limit=limit)
            assert len(counted) == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET actor = 'somebody else' WHERE id = 2", "DELETE FROM audit_log WHERE id = 2"]
)
def test_the_database_refuses_to_change_a_line(log: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        run(log, statement)


def test_a_head_that_has_moved_meanwhile_is_not_overwritten(log: Database, vault: Vault) -> None:
    with log.reading() as db:
        seen = audit.find_head(db)
    with log.transaction() as db:
        record(db, vault, actor=SYSTEM, action="faq.published", subject=("faq", "all"), now=NOON)
    with log.transaction() as db, pytest.raises(RuntimeError, match="at once"):
        audit.move_head(db, vault, seen=seen, to=audit.Head(1, "", 0, ""))
