"""Turns that run side by side find the same storm at the same moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.storage import locks
from bot.storage.cases import CaseRow
from bot.storage.engine import Database
from tests.builders import NOON


def _open(database: Database) -> None:
    with database.transaction() as db:
        opening.open_once(db, CaseKind.STORM, now=NOON, person_id=None, detail="7 × ฟ้าสีม่วง")


def kinds_after_two_at_once(database: Database) -> list[str]:
    other = threading.Thread(target=lambda: _open(database))
    with database.transaction() as db:
        opening.open_once(db, CaseKind.STORM, now=NOON, person_id=None, detail="7 × ฟ้าสีม่วง")
        other.start()
        other.join(timeout=0.5)  # where there is a lock it waits for us
    other.join(timeout=10)
    with database.reading() as db:
        return [row.kind for row in db.scalars(select(CaseRow))]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_storm_that_two_find_at_once_is_one_case(database: Database) -> None:
    assert kinds_after_two_at_once(database) == ["storm"]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_without_the_lock_it_would_be_two(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert kinds_after_two_at_once(database) == ["storm", "storm"]
