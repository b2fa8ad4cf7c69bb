"""What a dialogue had gathered is found again for a day, and waited for no longer than half an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation import memory
from bot.conversation.memory import Memory, Unfinished
from bot.outreach import audience
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import NOON, SOMCHAI

DATA = {"about": "sign_up:7", "form": "…"}
UNDER_WAY = Memory(step="sign_up:answer", data=DATA, subject="center.what")
LEFT = Unfinished("sign_up:7", DATA, NOON)


def remembered(database: Database, vault: Vault, kept: Memory, after: timedelta) -> Memory:
    with database.transaction() as db:
        person_id = audience.meet(db, line_user_id=SOMCHAI, now=NOON).id
        memory.save(db, vault, kept, person_id=person_id, now=NOON)
        return memory.load(db, vault, person_id=person_id, now=NOON + after)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (timedelta(minutes=30), UNDER_WAY),
        (timedelta(minutes=31), Memory(unfinished=LEFT)),
        (timedelta(hours=24), Memory(unfinished=LEFT)),
        (timedelta(hours=24, seconds=1), Memory()),
    ],
)
def test_a_dialogue_that_says_what_it_is_about(
    database: Database, vault: Vault, after: timedelta, found: Memory
) -> None:  # fmt: skip
    assert remembered(database, vault, UNDER_WAY, after) == found


def test_any_other_dialogue_is_forgotten_with_the_rest(database: Database, vault: Vault) -> None:
    kept = Memory(step="leave:word", data={"action": "collect_story"})
    assert remembered(database, vault, kept, timedelta(minutes=31)) == Memory()


def test_the_day_begins_when_it_was_left_not_when_one_wrote_last(sqlite_database: Database, vault: Vault) -> None:
    since = Unfinished("sign_up:7", DATA, NOON - timedelta(hours=20))
    kept = Memory(subject="center.what", unfinished=since)
    found = [remembered(sqlite_database, vault, kept, timedelta(hours=hours)) for hours in (0, 3, 5)]
    assert found == [kept, Memory(unfinished=since), Memory()]


def test_set_aside_it_is_no_step_any_more_and_another_takes_its_place() -> None:
    aside = UNDER_WAY.set_aside(now=NOON)
    assert (aside.step, dict(aside.data), aside.unfinished) == (None, {}, LEFT)
    other = Memory(step="sign_up:answer", data={"about": "sign_up:8"}, unfinished=LEFT).set_aside(now=NOON)
    assert other.unfinished == Unfinished("sign_up:8", {"about": "sign_up:8"}, NOON)
    assert Memory(step="leave:word", data={}, unfinished=LEFT).set_aside(now=NOON).unfinished == LEFT
