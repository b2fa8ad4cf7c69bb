"""Withdrawn wordings: ids and times alone."""

from __future__ import annotations

from datetime import timedelta

from bot.storage import withdrawn
from bot.storage.engine import Database
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def test_an_unsent_message_counts_in_no_wording(database: Database) -> None:
    with database.transaction() as db:
        withdrawn.note_unsent(db, message_id="1", now=NOON)
        assert withdrawn.is_withdrawn(db, "1", worded_at=NOON + timedelta(days=1))
        assert not withdrawn.is_withdrawn(db, "2", worded_at=NOON)


def test_an_edit_withdraws_what_was_worded_before_it_and_not_itself(database: Database) -> None:
    with database.transaction() as db:
        assert withdrawn.note_edited(db, message_id="1", edited_at=NOON, now=NOON)
        assert withdrawn.is_withdrawn(db, "1", worded_at=NOON - SECOND)
        assert not withdrawn.is_withdrawn(db, "1", worded_at=NOON)


def test_only_a_later_edit_counts_and_none_after_an_unsend(database: Database) -> None:
    with database.transaction() as db:
        assert withdrawn.note_edited(db, message_id="1", edited_at=NOON, now=NOON)
        assert not withdrawn.note_edited(db, message_id="1", edited_at=NOON, now=NOON)
        assert not withdrawn.note_edited(db, message_id="1", edited_at=NOON - SECOND, now=NOON)
        assert withdrawn.note_edited(db, message_id="1", edited_at=NOON + SECOND, now=NOON)
        withdrawn.note_unsent(db, message_id="1", now=NOON)
        assert not withdrawn.note_edited(db, message_id="1", edited_at=NOON + 9 * SECOND, now=NOON)
        assert withdrawn.is_withdrawn(db, "1", worded_at=NOON + 9 * SECOND)


def test_a_joined_message_is_found_under_its_lead(database: Database) -> None:
    with database.transaction() as db:
        for _ in range(2):
            withdrawn.note_joined(db, ["1", "2"], lead_id="3", now=NOON)
        withdrawn.note_joined(db, [], lead_id="4", now=NOON)
        assert [withdrawn.lead_of(db, one) for one in "1234"] == ["3", "3", "3", "4"]


def test_old_ones_are_forgotten_and_younger_ones_are_not(database: Database) -> None:
    with database.transaction() as db:
        withdrawn.note_unsent(db, message_id="old", now=NOON - SECOND)
        withdrawn.note_unsent(db, message_id="young", now=NOON)
        withdrawn.note_joined(db, ["a"], lead_id="b", now=NOON - SECOND)
        withdrawn.note_joined(db, ["c"], lead_id="d", now=NOON)
        assert withdrawn.forget(db, before=NOON) == 1
        assert not withdrawn.is_withdrawn(db, "old", worded_at=NOON)
        assert withdrawn.is_withdrawn(db, "young", worded_at=NOON)
        assert (withdrawn.lead_of(db, "a"), withdrawn.lead_of(db, "c")) == ("a", "d")
