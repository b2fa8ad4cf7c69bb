"""Permanent tests in the database."""

from __future__ import annotations

from bot.storage import faq_tests
from bot.storage.engine import Database
from tests.builders import NOON


def test_a_later_test_of_a_wording_replaces_the_earlier_one(database: Database) -> None:
    with database.transaction() as db:
        for expect, retired_at in (("a.b", None), (None, NOON), ("c.d", None)):
            faq_tests.save(
                db, key="k", text="ก", expect=expect, kind="entry", group_id=None, created_at=NOON, created_by="malee",
                retired_at=retired_at,
            )  # fmt: skip
        faq_tests.save(
            db, key="l", text="ข", expect=None, kind="entry", group_id=None, created_at=NOON, created_by="malee",
            retired_at=NOON,
        )  # fmt: skip
        rows = faq_tests.list_in_force(db, after=0, limit=9)
        assert [(row.text, row.expect) for row in rows] == [("ก", "c.d")]
        assert faq_tests.list_in_force(db, after=rows[-1].id, limit=9) == []
