"""Many write to the audit log at once, and it stays one chain."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import IntegrityError

from bot.outreach.audit import Actor, Verified, record, verify
from bot.storage import locks
from bot.storage.audit import list_entries
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import NOON


def _record(database: Database, vault: Vault, staff_id: int) -> None:
    with database.transaction() as db:
        for _ in range(2):
            record(db, vault, actor=Actor(staff_id, "x"), action="faq.saved", subject=("faq", "all"), now=NOON)


def test_transactions_side_by_side_make_one_chain(database: Database, vault: Vault) -> None:
    together = threading.Barrier(6)

    def several(staff_id: int) -> None:
        together.wait(timeout=10)
        for _ in range(5):
            _record(database, vault, staff_id)

    threads = [threading.Thread(target=several, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.reading() as db:
        rows = list_entries(db, limit=100)
    assert sorted(row.actor_id for row in rows) == sorted([0, 1, 2, 3, 4, 5] * 10)
    assert verify(database, vault) == Verified(count=60, last_id=60, head=rows[0].hash)


def refusals_of_two_at_once(database: Database, vault: Vault) -> list[type[Exception]]:
    refused: list[type[Exception]] = []

    def second() -> None:
        try:
            _record(database, vault, 2)
        except Exception as error:
            refused.append(type(error))

    _record(database, vault, 0)
    other = threading.Thread(target=second)
    with database.transaction() as db:
        record(db, vault, actor=Actor(1, "x"), action="faq.saved", subject=("faq", "all"), now=NOON)
        other.start()
        other.join(timeout=0.5)  # where there is a lock it waits for us
    other.join(timeout=20)
    return refused


def test_the_second_of_two_at_once_follows_the_first(database: Database, vault: Vault) -> None:
    assert refusals_of_two_at_once(database, vault) == []
    with database.reading() as db:
        assert [row.actor_id for row in list_entries(db)] == [2, 2, 1, 0, 0]
    assert isinstance(verify(database, vault), Verified)


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_without_the_lock_both_would_write_the_same_line(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert refusals_of_two_at_once(database, vault) == [IntegrityError]
