from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import handling, opening, thread
from bot.cases.kinds import CaseKind
from bot.cases.rules import PRIVACY_WITHIN
from bot.queue.kinds import JobKind
from bot.storage.cases import OPEN, STAFF
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of
from tests.bot.cases.test_answering import jobs_of
from tests.builders import MALEE, NOON

ONE_WORKING_DAY = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "due", "urgent"),
    [
        (CaseKind.URGENT, NOON + timedelta(minutes=30), True),
        (CaseKind.WANTS_PERSON, ONE_WORKING_DAY, False),
        (CaseKind.PRIVACY, NOON + PRIVACY_WITHIN, False),
        (CaseKind.FLOOD, None, False),
    ],
)
def test_a_case_is_opened_with_what_is_promised(database: Database, kind: CaseKind, due: object, urgent: bool) -> None:
    with database.transaction() as db:
        case = a_case(db, kind)
        assert (case.state, case.waits_for, case.due_at, case.urgent, case.version) == (OPEN, STAFF, due, urgent, 1)
        assert case.changed_at == case.opened_at == NOON
        alerts = [subject for subject, _, _ in jobs_of(db, JobKind.CASE_ALERT)]
        assert alerts == ([case.id] if urgent else [])


def test_what_was_filled_in_and_the_topic_are_kept_with_it(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        form = thread.seal_form(vault, {"issue": "ถนน", "contact": "081 234 5678"})
        number, new = opening.open_once(
            db, CaseKind.PROPOSAL, now=NOON, person_id=a_citizen(db), topic="forum.propose", form=form, rules=RULES
        )
        case = get(db, number)
        assert (new, case.topic, thread.form_of(vault, case)["issue"]) == (True, "forum.propose", "ถนน")
        assert b"081" not in (case.form or b"")


def test_a_case_that_somebody_has_is_found_again_and_a_closed_one_is_not(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        person = a_citizen(db)

        def open_one(kind: CaseKind) -> tuple[int, bool]:
            return opening.open_once(db, kind, now=NOON, person_id=person, rules=RULES)

        for kind in (CaseKind.WANTS_PERSON, CaseKind.URGENT):
            number, new = open_one(kind)
            assert new
            handling.take(db, number, by=malee, now=NOON)
            assert open_one(kind) == (number, False)
            handling.close(db, vault, number, by=malee, tell=False, now=NOON)
            later, new = open_one(kind)
            assert new
            assert later != number


def test_an_urgent_case_that_is_there_already_alerts_nobody_twice(database: Database) -> None:
    with database.transaction() as db:
        one, other = a_citizen(db), a_citizen(db, MALEE)
        for person in (one, one, other):
            opening.open_once(db, CaseKind.URGENT, now=NOON, person_id=person)
        assert len(jobs_of(db, JobKind.CASE_ALERT)) == 2


def test_what_settled_itself_is_closed_by_nobody_and_leaves_no_promise(database: Database) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db, CaseKind.NOTICE, person_id=None, detail="7")
        handling.take(db, case.id, by=malee, now=NOON)
        assert opening.close_settled(db, CaseKind.NOTICE, needs=(), now=ONE_WORKING_DAY) == 1
        closed = get(db, case.id)
        assert (closed.state, closed.closed_at, closed.closed_by) == ("closed", ONE_WORKING_DAY, None)
