"""What is remembered of a conversation: sealed, forgotten after a while, and readable across releases."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.conversation import memory
from bot.conversation.memory import Memory
from bot.conversation.pace import Pace
from bot.outreach import audience
from bot.storage import dialogues
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import NOON, SOMCHAI

EARLIER_RELEASE = {
    "step": "leave:word", "data": {"action": "collect_story"}, "earlier": ["ก"], "subject": "center.what",
    "question_id": 7, "misses": 2,
}  # fmt: skip
FULL = Memory(
    step="leave:word", data={"held": "ก"}, earlier=("ก", "ข"), subject="center.what", question_id=7, misses=2,
    quiet=True, said="fallback.third", district="x", wrote_at=NOON, pace=Pace(3.5, NOON, True, NOON),
)  # fmt: skip


@pytest.fixture
def person_id(database: Database) -> int:
    with database.transaction() as db:
        return audience.meet(db, line_user_id=SOMCHAI, now=NOON).id


def test_all_of_it_comes_back(database: Database, vault: Vault, person_id: int) -> None:
    with database.transaction() as db:
        memory.save(db, vault, FULL, person_id=person_id, now=NOON)
        assert memory.load(db, vault, person_id=person_id, now=NOON) == FULL


def test_it_is_sealed(database: Database, vault: Vault, person_id: int) -> None:
    with database.transaction() as db:
        memory.save(db, vault, FULL, person_id=person_id, now=NOON)
        (sealed, _) = dialogues.find(db, person_id) or (b"", None)
    assert sealed
    assert b"center.what" not in sealed


def test_what_an_earlier_release_wrote_is_read(database: Database, vault: Vault, person_id: int) -> None:
    with database.transaction() as db:
        dialogues.save(db, person_id=person_id, memory=vault.seal(json.dumps(EARLIER_RELEASE).encode()), now=NOON)
        read = memory.load(db, vault, person_id=person_id, now=NOON)
    assert read == Memory(
        step="leave:word", data={"action": "collect_story"}, earlier=("ก",), subject="center.what", question_id=7,
        misses=2,
    )  # fmt: skip


def test_it_is_forgotten_after_half_an_hour_or_without_the_key(
    database: Database, vault: Vault, person_id: int
) -> None:
    with database.transaction() as db:
        memory.save(db, vault, FULL, person_id=person_id, now=NOON)
        kept = [
            memory.load(db, vault, person_id=person_id, now=NOON + timedelta(minutes=30, seconds=late)) == FULL
            for late in (0, 1)
        ]
        other = memory.load(db, Vault(["another secret, long enough as well"]), person_id=person_id, now=NOON)
    assert kept == [True, False]
    assert other == Memory()


def test_three_messages_are_remembered_each_cut_short() -> None:
    heard = Memory()
    for text in ("ก", "ข", "ค", "ง" * 999):
        heard = heard.heard(text)
    assert heard.earlier == ("ข", "ค", "ง" * memory.LONGEST_EARLIER)
