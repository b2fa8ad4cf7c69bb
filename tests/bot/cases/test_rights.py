from __future__ import annotations

import pytest

from bot.cases import rights
from bot.cases.kinds import CaseKind
from bot.cases.refusals import MayNotAnswer, Why
from bot.outreach import staff
from bot.outreach.permissions import Permission, Role, may
from bot.storage.engine import Database
from tests.bot.cases.making import a_case, staff_of
from tests.builders import NOON


def test_the_roles_are_those_of_the_one_table_of_who_may_do_what() -> None:
    assert {role.value for role in Role if may(role, Permission.ANSWER_CASES)} == rights.ANSWERING
    assert {role.value for role in Role if may(role, Permission.SEE_PEOPLE)} == rights.SEEING_PEOPLE


@pytest.mark.parametrize("role", Role)
def test_what_is_about_somebody_s_data_is_for_those_who_may_see_people(sqlite_database: Database, role: Role) -> None:
    with sqlite_database.transaction() as db:
        (who,) = staff_of(db, "malee", role=role)
        assert rights.require(db, a_case(db), staff_id=who).id == who
        case = a_case(db, CaseKind.PRIVACY)
        if may(role, Permission.SEE_PEOPLE):
            rights.require(db, case, staff_id=who)
            return
        with pytest.raises(MayNotAnswer) as refused:
            rights.require(db, case, staff_id=who)
        assert (refused.value.staff_id, refused.value.why) == (who, Why.PRIVACY)


def test_an_account_that_is_disabled_or_does_not_exist_may_nothing_and_has_nothing(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        somchai, _ = staff_of(db, "somchai", "malee")
        case = a_case(db)
        case.taken_by = somchai
        assert rights.holder(db, case) == somchai
        staff.disable(db, staff_id=somchai, by=None, now=NOON)
        assert rights.holder(db, case) is None
        for who in (somchai, 999):
            with pytest.raises(MayNotAnswer) as refused:
                rights.require(db, case, staff_id=who)
            assert refused.value.why is Why.DISABLED
