from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import handling, satisfaction
from bot.storage.cases import CLOSED, OPEN, STAFF
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of
from tests.builders import MALEE, NOON

WEEK = timedelta(days=7)


def test_a_yes_is_kept_and_leaves_the_case_closed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        person_id = case.person_id or 0
        assert not satisfaction.say(db, case.id, person_id=person_id, satisfied=True, now=NOON), "it is not closed"
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        for _ in range(2):
            assert satisfaction.say(db, case.id, person_id=person_id, satisfied=True, now=NOON + WEEK)
        assert (get(db, case.id).state, get(db, case.id).satisfied) == (CLOSED, "yes")


def test_a_no_opens_the_case_again_with_a_new_promise(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        say = {"person_id": case.person_id or 0, "satisfied": False, "now": NOON + timedelta(hours=1), "rules": RULES}
        assert satisfaction.say(db, case.id, **say)  # type: ignore[arg-type]
        again = get(db, case.id)
        assert (again.state, again.waits_for, again.satisfied) == (OPEN, STAFF, "no")
        assert again.due_at == NOON + timedelta(days=1, hours=1)
        assert satisfaction.say(db, case.id, **say), "pressed twice"  # type: ignore[arg-type]
        assert get(db, case.id).version == again.version
        assert not satisfaction.say(db, case.id, **{**say, "satisfied": True})  # type: ignore[arg-type]


def test_closed_anew_it_is_asked_anew(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        for satisfied in (False, True):
            handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
            assert get(db, case.id).satisfied is None
            assert satisfaction.say(db, case.id, person_id=case.person_id or 0, satisfied=satisfied, now=NOON)
        assert (get(db, case.id).state, get(db, case.id).satisfied) == (CLOSED, "yes")


@pytest.mark.parametrize("satisfied", [True, False])
def test_somebody_else_s_word_and_one_that_comes_too_late_count_for_nothing(
    database: Database, vault: Vault, satisfied: bool
) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        late = NOON + WEEK + timedelta(seconds=1)
        other = a_citizen(db, MALEE)
        assert not satisfaction.say(db, case.id, person_id=other, satisfied=satisfied, now=NOON)
        assert not satisfaction.say(db, case.id, person_id=case.person_id or 0, satisfied=satisfied, now=late)
        assert not satisfaction.say(db, 999, person_id=other, satisfied=satisfied, now=NOON)
        assert (get(db, case.id).state, get(db, case.id).satisfied) == (CLOSED, None)
