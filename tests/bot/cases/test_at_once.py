"""Two staff at the same moment, and staff and the citizen: one comes first, and the other is told."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.cases import answering, canned, handling, hearing, satisfaction, thread
from bot.cases.refusals import CaseRefused
from bot.storage import canned_answers, cases
from bot.storage.cases import CLOSED, OPEN, STAFF, TAKEN, CaseRow
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, get, staff_of, wrote
from tests.bot.events.test_check_in import at_once
from tests.builders import NOON

Act = Callable[[Session], object]
LONGEST_WAIT = 0.1
POSTGRES = [pytest.param("postgresql", marks=pytest.mark.postgres)]


class Desk:
    """A case, and what two of the staff may do with it."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        with database.transaction() as db:
            self.malee, self.somchai = staff_of(db, "malee", "somchai")
            self.case_id = a_case(db).id

    def take(self, by: int) -> Act:
        return partial(handling.take, case_id=self.case_id, by=by, now=NOON)

    def answer(self, by: int, *, key: str | None = None, version: int | None = None) -> Act:
        return lambda db: answering.answer(
            db, self.vault, self.case_id, by=by, text="ได้ค่ะ", rules=RULES, now=NOON, key=key, version=version
        )

    def close(self, by: int) -> Act:
        return lambda db: handling.close(db, self.vault, self.case_id, by=by, tell=True, now=NOON)

    def hear(self, db: Session) -> object:
        return hearing.hear(db, self.vault, get(db, self.case_id), wrote(), text="ก", now=NOON, rules=RULES)

    def both(self, first: Act, second: Act) -> list[str]:
        """What became of each. The second begins before the first has committed; where there is a lock it waits."""
        outcomes: list[str] = []

        def run(act: Act) -> None:
            try:
                with self.database.transaction() as db:
                    act(db)
            except CaseRefused as refused:
                outcomes.append(type(refused).__name__)
            else:
                outcomes.append("done")

        other = threading.Thread(target=run, args=(second,))

        def first_and_wait(db: Session) -> None:
            first(db)
            other.start()
            other.join(timeout=LONGEST_WAIT)

        run(first_and_wait)
        other.join(timeout=10)
        return sorted(outcomes)

    def said(self) -> Counter[str]:
        with self.database.reading() as db:
            return Counter(one.author for one in thread.read(db, self.vault, self.case_id, limit=99))

    def case(self) -> CaseRow:
        with self.database.reading() as db:
            return get(db, self.case_id)


@pytest.fixture
def desk(database: Database, vault: Vault) -> Desk:
    return Desk(database, vault)


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "lock", cases.find)
    monkeypatch.setattr(sys.modules[__name__], "LONGEST_WAIT", 0.5)


def test_of_two_who_take_a_case_one_has_it(desk: Desk) -> None:
    assert desk.both(desk.take(desk.malee), desk.take(desk.somchai)) == ["TakenBySomebodyElse", "done"]
    assert (desk.case().taken_by, desk.case().version) == (desk.malee, 2)


@pytest.mark.parametrize("database", POSTGRES, indirect=True)
@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_both_would_think_that_they_have_it(desk: Desk) -> None:
    assert desk.both(desk.take(desk.malee), desk.take(desk.somchai)) == ["done", "done"]


def test_of_two_who_answer_one_is_heard_by_the_citizen(desk: Desk) -> None:
    assert desk.both(desk.answer(desk.malee), desk.answer(desk.somchai)) == ["TakenBySomebodyElse", "done"]
    assert desk.said() == {"staff": 1}


@pytest.mark.parametrize("database", POSTGRES, indirect=True)
@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_the_citizen_would_get_two_answers(desk: Desk) -> None:
    assert desk.both(desk.answer(desk.malee), desk.answer(desk.somchai)) == ["done", "done"]
    assert desk.said() == {"staff": 2}


def test_a_form_sent_twice_at_once_is_one_message(desk: Desk) -> None:
    send = desk.answer(desk.malee, key="form 1", version=1)
    assert desk.both(send, send) == ["done", "done"]
    assert desk.said() == {"staff": 1}


@pytest.mark.parametrize("database", POSTGRES, indirect=True)
@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_a_form_sent_twice_would_be_two_messages(desk: Desk) -> None:
    send = desk.answer(desk.malee, key="form 1")
    assert desk.both(send, send) == ["done", "done"]
    assert desk.said() == {"staff": 2}


def test_a_case_is_closed_or_answered_by_two_but_not_both(desk: Desk) -> None:
    assert desk.both(desk.close(desk.malee), desk.answer(desk.somchai)) == ["CaseClosed", "done"]
    assert desk.said() == {"bot": 1}


def test_closed_by_two_at_once_the_citizen_is_told_once(desk: Desk) -> None:
    assert desk.both(desk.close(desk.malee), desk.close(desk.somchai)) == ["CaseClosed", "done"]
    assert desk.said() == {"bot": 1}


def test_what_the_citizen_adds_while_the_case_is_closed_opens_it_again(desk: Desk) -> None:
    assert desk.both(desk.close(desk.malee), desk.hear) == ["done", "done"]
    case = desk.case()
    assert (case.state, case.taken_by, case.waits_for, case.closed_at) == (OPEN, None, STAFF, None)


def test_an_answer_that_has_not_seen_what_the_citizen_just_wrote_is_not_sent(desk: Desk) -> None:
    assert desk.both(desk.hear, desk.answer(desk.malee, version=1)) == ["ChangedMeanwhile", "done"]
    assert desk.said() == {"citizen": 1}


def test_pressing_that_it_did_not_help_twice_at_once_opens_the_case_once(desk: Desk) -> None:
    with desk.database.transaction() as db:
        desk.close(desk.malee)(db)
        person_id = get(db, desk.case_id).person_id or 0
    before = desk.case().version

    def say(db: Session) -> None:
        assert satisfaction.say(db, desk.case_id, person_id=person_id, satisfied=False, now=NOON, rules=RULES)

    assert desk.both(say, say) == ["done", "done"]
    assert (desk.case().state, desk.case().version) == (OPEN, before + 2), "the word, and the opening"


def test_a_citizen_who_is_erased_while_staff_answer_gets_nothing_more(desk: Desk) -> None:
    """As erasing does it: the cases first, then the person."""

    def erase(db: Session) -> None:
        person_id = get(db, desk.case_id).person_id
        db.execute(update(CaseRow).where(CaseRow.person_id == person_id).values(state=CLOSED))
        db.execute(delete(PersonRow).where(PersonRow.id == person_id))

    assert desk.both(erase, desk.answer(desk.malee)) == ["CaseClosed", "done"]
    assert desk.said() == {}
    assert desk.case().person_id is None


def test_ten_staff_at_once_are_told_who_has_it(desk: Desk) -> None:
    with desk.database.transaction() as db:
        staff = staff_of(db, *(f"staff{number}" for number in range(10)))
    outcomes: list[str] = []

    def one(number: int) -> None:
        try:
            with desk.database.transaction() as db:
                desk.take(staff[number])(db)
        except handling.TakenBySomebodyElse as refused:
            outcomes.append(f"taken by {refused.by}")

    at_once(one, len(staff))
    case = desk.case()
    assert (case.state, case.version, outcomes) == (TAKEN, 2, [f"taken by {case.taken_by}"] * 9)


def test_two_canned_answers_of_one_title_are_one(desk: Desk) -> None:
    def save(db: Session) -> None:
        canned.save(db, answer_id=None, title="ขอบคุณ", text="ขอบคุณค่ะ", by=desk.malee, now=NOON)

    assert desk.both(save, save) == ["TitleRefused", "done"]
    with desk.database.reading() as db:
        assert [row.title for row in db.scalars(select(canned_answers.CannedAnswerRow))] == ["ขอบคุณ"]
