from __future__ import annotations

from bot.outreach import audience
from bot.storage import people
from bot.storage.engine import Database
from tests.builders import NOON, SOMCHAI


def test_whoever_writes_again_is_reachable_again(database: Database) -> None:
    with database.transaction() as db:
        person = audience.meet(db, line_user_id=SOMCHAI, now=NOON)
        people.set_unreachable(db, person.id, at=NOON)
    with database.transaction() as db:
        assert audience.listens(db, people.get(db, person.id), at=NOON)
    with database.reading() as db:
        assert people.get(db, person.id).unreachable_at is None
