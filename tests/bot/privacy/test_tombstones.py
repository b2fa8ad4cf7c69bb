from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.privacy import erasing, tombstones
from bot.privacy.erasing import Receipt
from bot.privacy.erasing_work import lanes_of
from bot.storage import incoming, people
from bot.storage import tombstones as table
from bot.storage.engine import Database
from bot.vault import Unreadable, Vault
from tests.bot.events.making import a_person
from tests.bot.privacy.making import USER, live_through_everything
from tests.builders import NOON

LATER = NOON + timedelta(hours=1)
OLD = "a secret for tests, long enough to pass"


def erase(db: Session, vault: Vault, person_id: int) -> Receipt:
    return erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=NOON)


def test_what_they_did_before_is_covered_and_what_comes_after_is_not(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        assert not tombstones.covers(db, vault, line_user_id=USER, occurred_at=NOON)
        erase(db, vault, live_through_everything(db, vault))
        covered = [
            tombstones.covers(db, vault, line_user_id=user, occurred_at=at)
            for user, at in ((USER, NOON - timedelta(days=9)), (USER, NOON), (USER, LATER), ("U" + "1" * 32, NOON))
        ]
    assert covered == [True, True, False, False]


def test_what_lines_clock_has_ahead_of_ours_is_of_before_too(database: Database, vault: Vault) -> None:
    ahead, far = NOON + timedelta(seconds=3), NOON + timedelta(days=400)
    with database.transaction() as db:
        for number, at in ((1, ahead), (2, far)):
            user_id = f"U{number:032x}"
            row = {
                "webhook_event_id": user_id, "kind": "message", "lane": lanes_of(vault, user_id)[0], "occurred_at": at,
                "received_at": NOON, "payload": None, "settled_at": NOON, "outcome": "faq",
            }  # fmt: skip
            incoming.insert_new(db, [row])
            erase(db, vault, a_person(db, number))
        ends = [row.erased_at for row in table.list_page(db, after=0, limit=9)]
    assert ends == [ahead, NOON + timedelta(minutes=5)]


def test_whoever_comes_back_and_leaves_again_has_two(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for at in (NOON, LATER):
            person = people.find_or_create(db, line_user_id=USER, now=at)
            erasing.erase(db, vault, person_id=person.id, way=erasing.LINE, now=at)
        assert tombstones.covers(db, vault, line_user_id=USER, occurred_at=LATER)
        assert len({row.key for row in table.list_page(db, after=0, limit=9)}) == 1


def test_the_key_outlives_a_change_of_the_secret(database: Database, vault: Vault) -> None:
    new, both = Vault(["another secret, long enough to pass"]), Vault(["another secret, long enough to pass", OLD])
    with database.transaction() as db:
        erase(db, vault, a_person(db, 1))
        assert tombstones.covers(db, both, line_user_id=f"U{1:032x}", occurred_at=NOON)
        assert not tombstones.covers(db, new, line_user_id=f"U{1:032x}", occurred_at=NOON)
        with pytest.raises(Unreadable):
            erase(db, new, a_person(db, 2))
    with database.transaction() as db:
        assert table.reseal_keys(db, both) == 1
        assert tombstones.covers(db, new, line_user_id=f"U{1:032x}", occurred_at=NOON)


def test_without_the_key_everybody_is_answered_and_the_log_says_so(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        erase(db, vault, a_person(db, 1))
    with database.reading() as db, capture_logs() as said:
        other = Vault(["another secret, long enough to pass"])
        assert not tombstones.covers(db, other, line_user_id=f"U{1:032x}", occurred_at=NOON)
    assert [(line["event"], line["log_level"]) for line in said] == [("tombstones.unreadable", "error")]


def test_only_finished_ones_are_forgotten(database: Database) -> None:
    with database.transaction() as db:
        numbers = [table.add(db, key="k", way="line", erased_at=NOON, counts={}) for _ in range(2)]
        assert table.finish(db, numbers[:1], now=NOON) == 1
        assert list(table.list_unfinished(db, limit=9)) == numbers[1:]
        assert table.forget(db, erased_before=LATER, limit=9) == 1
        assert [row.id for row in table.list_page(db, after=0, limit=9)] == numbers[1:]
