from __future__ import annotations

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.storage import cases as table
from bot.storage.engine import Database
from tests.builders import NOON


def test_a_case_about_what_needs_nobody_any_more_is_closed(database: Database) -> None:
    with database.transaction() as db:
        for detail in ("1", "2"):
            opening.open_once(db, CaseKind.NOTICE, now=NOON, person_id=None, detail=detail, of_that_detail=True)
        opening.open_once(db, CaseKind.TELEPHONE, now=NOON, person_id=None, detail="1", of_that_detail=True)
        assert opening.close_settled(db, CaseKind.NOTICE, needs={"2"}, now=NOON) == 1
        assert opening.close_settled(db, CaseKind.NOTICE, needs={"2"}, now=NOON) == 0
        found = [(case.kind, case.detail) for case, _ in table.list_cases(db, state="open", limit=9)]
    assert sorted(found) == [("notice", "2"), ("telephone", "1")]
