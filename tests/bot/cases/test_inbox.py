from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from bot.cases import answering, handling, hearing, inbox
from bot.cases.inbox import NOBODY, Counts, Filter
from bot.cases.kinds import CaseKind
from bot.cases.refusals import NoSuchCase
from bot.outreach import staff
from bot.storage import cases
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of, wrote
from tests.bot.cases.test_thread import ask
from tests.builders import MALEE, NOON

HOUR = timedelta(hours=1)
IN_A_WEEK = NOON + timedelta(days=7)


def numbers(db: Session, wanted: Filter = Filter(), **more: object) -> list[int]:  # noqa: B008 - unchanging
    options = {"now": NOON, "limit": 99, "may_see_privacy": True, **more}
    return [line.case.id for line in inbox.list_cases(db, wanted, **options)]  # type: ignore[arg-type]


def the_shop_window(db: Session) -> list[int]:
    """In the order in which they are to be seen."""
    storm = a_case(db, CaseKind.STORM, person_id=None)
    later, sooner = a_case(db, now=NOON + HOUR), a_case(db)
    same = a_case(db)
    urgent = a_case(db, CaseKind.URGENT, now=NOON + 2 * HOUR)
    answered = a_case(db, CaseKind.URGENT)
    cases.change(db, answered.id, now=NOON, due_at=None, waits_for=cases.CITIZEN)
    return [urgent.id, answered.id, sooner.id, same.id, later.id, storm.id]


def test_what_is_urgent_comes_first_then_what_is_due_first(database: Database) -> None:
    with database.transaction() as db:
        assert the_shop_window(db) == numbers(db)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_page_after_page_each_case_is_shown_once(database: Database, size: int) -> None:
    with database.transaction() as db:
        expected, found, after = the_shop_window(db), [], None
        while page := numbers(db, limit=size, after=after):
            assert len(page) <= size
            found += page
            after = page[-1]
        assert found == expected
        assert numbers(db, after=999) == expected, "a page after a case that is gone begins anew"


def test_closed_ones_are_listed_the_latest_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        one, two, three, _ = (a_case(db).id for _ in range(4))
        for number in (three, one, two):
            handling.close(db, vault, number, by=malee, tell=False, now=NOON)
        closed = Filter(state="closed")
        assert numbers(db, closed) == [three, two, one]
        assert numbers(db, closed, limit=2) == [three, two]
        assert numbers(db, closed, limit=2, after=two) == [one]


def test_the_list_is_narrowed_by_each_filter(database: Database) -> None:
    with database.transaction() as db:
        malee, somchai = staff_of(db, "malee", "somchai")
        hers, his = a_case(db, topic="center.hours"), a_case(db, CaseKind.COMPLAINT)
        free = a_case(db, CaseKind.COMPLAINT, now=IN_A_WEEK)
        handling.take(db, hers.id, by=malee, now=NOON)
        handling.take(db, his.id, by=somchai, now=NOON)
        expected = {
            Filter(state="taken"): [hers.id, his.id],
            Filter(state="open"): [free.id],
            Filter(kind=CaseKind.COMPLAINT): [his.id, free.id],
            Filter(topic="center.hours"): [hers.id],
            Filter(taken_by=malee): [hers.id],
            Filter(taken_by=NOBODY): [free.id],
            Filter(overdue=True): [hers.id, his.id],
            Filter(kind=CaseKind.COMPLAINT, taken_by=somchai, overdue=True): [his.id],
            Filter(kind=CaseKind.STORY): [],
        }
        staff.disable(db, staff_id=somchai, by=None, now=NOON)
        expected[Filter(taken_by=NOBODY)] = [his.id, free.id]
        assert {wanted: numbers(db, wanted, now=IN_A_WEEK) for wanted in expected} == expected
        assert inbox.list_topics(db) == ["center.hours"]


def test_a_line_tells_what_it_is_about_and_how_it_stands(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        question = ask(db, vault, 1, "มีรถไหม", at=NOON, person_id=None)
        case, other = a_case(db, question_id=question, detail="center.what"), a_case(db, detail="คำที่ฝากไว้")
        handling.take(db, case.id, by=malee, now=NOON)
        hearing.hear(db, vault, case, wrote(at=NOON + HOUR), text="ก", now=NOON + HOUR, rules=RULES)
        handling.note(db, vault, case.id, by=malee, text="ข", now=NOON + 2 * HOUR)

        def look(now: object) -> list[tuple[object, ...]]:
            lines = inbox.list_cases(db, Filter(), now=now, limit=9)  # type: ignore[arg-type]
            return [(one.words, one.taken_name, one.latest_at, one.overdue, one.unread) for one in lines]

        assert look(NOON) == [
            ("มีรถไหม", "คุณ malee", NOON + HOUR, False, True),
            ("คำที่ฝากไว้", None, NOON, False, True),
        ]
        answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON + 3 * HOUR)
        assert look(IN_A_WEEK) == [
            ("คำที่ฝากไว้", None, NOON, True, True),
            ("มีรถไหม", "คุณ malee", NOON + 3 * HOUR, False, False),
        ], "who waits for the citizen is not overdue"
        assert [inbox.promised(get(db, one.id), now=NOON) for one in (case, other)] == [None, other.due_at]
        assert inbox.promised(get(db, other.id), now=IN_A_WEEK) is None, "a time that is past is named to nobody"


def test_requests_about_data_are_there_only_for_those_who_may_see_people(database: Database) -> None:
    with database.transaction() as db:
        data, plain = a_case(db, CaseKind.PRIVACY), a_case(db)
        assert numbers(db, may_see_privacy=False) == [plain.id]
        assert sorted(numbers(db)) == [data.id, plain.id]
        assert numbers(db, Filter(kind=CaseKind.PRIVACY), may_see_privacy=False) == []
        assert inbox.count(db, now=NOON).open == 1
        assert inbox.count(db, now=NOON, may_see_privacy=True).open == 2
        assert inbox.get(db, data.id, may_see_privacy=True).id == data.id
        for number in (data.id, 999):
            with pytest.raises(NoSuchCase):
                inbox.get(db, number, may_see_privacy=False)


def test_the_counts_are_of_what_is_not_closed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        malee, somchai = staff_of(db, "malee", "somchai")
        assert inbox.count(db, now=NOON, staff_id=malee) == Counts(0, 0, 0, 0, 0)
        hers, his, closed = a_case(db), a_case(db), a_case(db, CaseKind.URGENT)
        a_case(db, CaseKind.URGENT)
        handling.take(db, hers.id, by=malee, now=NOON)
        handling.take(db, his.id, by=somchai, now=NOON)
        handling.close(db, vault, closed.id, by=malee, tell=False, now=NOON)
        late = NOON + HOUR
        assert inbox.count(db, now=late, staff_id=malee) == Counts(open=1, taken=2, overdue=1, urgent=1, mine=1)
        assert inbox.count(db, now=late).mine == 0


def test_a_citizen_sees_what_they_were_told_of_and_what_staff_answered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        person, other = a_citizen(db), a_citizen(db, MALEE)
        first = a_case(db)
        a_case(db, CaseKind.FLOOD)
        lost = a_case(db, CaseKind.UNDELIVERABLE)
        theirs = a_case(db, person_id=other)
        last = a_case(db, CaseKind.STORY)
        assert [case.id for case in inbox.of_person(db, person)] == [last.id, first.id]
        answering.answer(db, vault, lost.id, by=malee, text="ก", rules=RULES, now=NOON)
        assert [case.id for case in inbox.of_person(db, person)] == [last.id, lost.id, first.id]
        assert [case.id for case in inbox.of_person(db, person, limit=1)] == [last.id]
        own = inbox.find_own(db, case_id=first.id, person_id=person)
        assert own is not None
        assert own.id == first.id
        assert inbox.find_own(db, case_id=theirs.id, person_id=person) is None
        assert inbox.find_own(db, case_id=999, person_id=person) is None


def test_the_list_asks_as_often_for_many_as_for_one(sqlite_database: Database) -> None:
    statements: list[str] = []
    with sqlite_database.transaction() as db:
        staff_of(db, "malee")
        asked = []
        for _ in range(3):
            a_case(db)
            db.expire_all()
            with counting(sqlite_database, statements):
                inbox.list_cases(db, Filter(), now=NOON, limit=9)
            asked.append(len(statements))
            statements.clear()
    assert asked == [1, 1, 1]


class counting:
    def __init__(self, database: Database, statements: list[str]) -> None:
        self.engine, self.statements = database.engine, statements

    def note(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        self.statements.append(statement)

    def __enter__(self) -> None:
        sqlalchemy_event.listen(self.engine, "before_cursor_execute", self.note)

    def __exit__(self, *_how: object) -> None:
        sqlalchemy_event.remove(self.engine, "before_cursor_execute", self.note)
