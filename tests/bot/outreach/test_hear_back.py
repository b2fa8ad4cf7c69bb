"""What people agreed to be told, by whom it is answered, and that it is told once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.outreach import audience, hear_back, questions, unsending
from bot.outreach.hear_back import Agreed, AlreadyTold, NoSuchQuestion, TooMany, Unanswered
from bot.storage import cases
from bot.storage import hear_back as table
from bot.storage.cases import CaseRow
from bot.storage.engine import Database
from bot.storage.hear_back import HearBackRow
from bot.storage.people import PersonRow
from bot.storage.reviews import ReviewGroupRow, ReviewItemRow
from bot.vault import Vault
from knowledge.decision import Candidate, Decision
from tests.bot.storage.hear_back_table import migrated_postgres, sqlite_database
from tests.builders import MALEE, NOON, SOMCHAI

__all__ = ["migrated_postgres", "sqlite_database"]
HASH = hear_back.hash_of("ให้แจ้งกลับไหมคะ")
DEADLINE = datetime.fromisoformat("2026-12-01T18:00:00+07:00")
DAY = timedelta(days=1)


def a_person(db: Session, user_id: str = SOMCHAI) -> int:
    return audience.meet(db, line_user_id=user_id, now=NOON).id


def asked(db: Session, vault: Vault, person_id: int, *, number: int = 1, text: str = "มีรถรับส่งไหม") -> int:
    return questions.log_question(
        db, vault, incoming_id=number, person_id=person_id, message_id=f"m{number}", masked=text, words=[text],
        decision=Decision("fallback", None, ()), knowledge_version="v1", milliseconds=1.0, now=NOON,
    )  # fmt: skip


def agree(db: Session, vault: Vault, person_id: int, question_id: int, *, now: datetime = NOON) -> Any:
    return hear_back.agree(
        db, vault, person_id=person_id, question_id=question_id, wording_hash=HASH, way=hear_back.BUTTON, now=now
    )


def agreed(db: Session, vault: Vault, *, number: int = 1) -> tuple[int, int]:
    """Person and question."""
    person_id = a_person(db)
    question_id = asked(db, vault, person_id, number=number)
    assert agree(db, vault, person_id, question_id) == Agreed(DEADLINE)
    return person_id, question_id


def answered(db: Session, vault: Vault, *, now: datetime = NOON) -> int:
    """A person whose question has an answer."""
    person_id, _ = agreed(db, vault)
    waiting = hear_back.list_unanswered(db, version="v2", limit=9)
    assert hear_back.note_checked(db, waiting, {waiting[0].id: "center.what"}, version="v2", now=now) == 1
    return person_id


def rows(db: Session) -> list[HearBackRow]:
    statement = select(HearBackRow).order_by(HearBackRow.id).execution_options(populate_existing=True)
    return list(db.scalars(statement))


def states(db: Session) -> list[str]:
    return [row.state for row in rows(db)]


def test_what_was_agreed_to_is_kept_without_any_words(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id, question_id = agreed(db, vault)
        (row,) = rows(db)
    kept = (row.person_id, row.question_id, row.purpose, row.wording_hash, row.wording_version, row.way)
    assert kept == (person_id, question_id, "hear_back", HASH, hear_back.WORDING_VERSION, "button")
    assert (row.consented_at, row.deadline, row.state, row.checked_version) == (NOON, DEADLINE, "waiting", "v1")
    assert "มีรถรับส่งไหม" not in str(vars(row))


def test_agreeing_again_leaves_the_agreement_as_it_is(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id, question_id = agreed(db, vault)
        assert agree(db, vault, person_id, question_id, now=NOON + DAY) == Agreed(DEADLINE)
        assert [row.consented_at for row in rows(db)] == [NOON]


def test_who_changed_their_mind_may_agree_anew(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id, question_id = agreed(db, vault)
        assert hear_back.withdraw(db, person_id=person_id, now=NOON) == 1
        assert states(db) == ["withdrawn"]
        assert agree(db, vault, person_id, question_id, now=NOON + DAY) == Agreed(DEADLINE + DAY)
        assert [(row.state, row.closed_at) for row in rows(db)] == [("waiting", None)]


def test_nobody_agrees_about_somebody_else_s_question(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        question_id = asked(db, vault, a_person(db))
        assert agree(db, vault, a_person(db, MALEE), question_id) == NoSuchQuestion()
        assert agree(db, vault, a_person(db), question_id + 1) == NoSuchQuestion()
        assert rows(db) == []


def test_a_question_that_was_taken_back_is_gone_with_its_agreement(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = answered(db, vault)
        unsending.take_back(db, vault, person_id=person_id, message_id="m1", now=NOON)
        assert hear_back.list_news(db, person_id=person_id, limit=9) == []
        assert hear_back.list_due(db, now=NOON + 3 * DAY, limit=9) == []
        assert not table.mark_told(db, 1, told_in=7, now=NOON)
        assert agree(db, vault, person_id, 1) == NoSuchQuestion()
        assert hear_back.tidy(db, now=NOON).forgotten == 1
        assert rows(db) == []


def test_one_person_waits_for_so_many_answers_at_the_most(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for number in range(1, hear_back.MOST_OPEN + 1):
            agreed(db, vault, number=number)
        person_id = a_person(db)
        last = asked(db, vault, person_id, number=99)
        assert agree(db, vault, person_id, last) == TooMany(hear_back.MOST_OPEN)
        assert agree(db, vault, person_id, 1) == Agreed(DEADLINE)


def test_erasing_a_person_erases_what_they_agreed_to(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id, _ = agreed(db, vault)
        db.execute(delete(PersonRow).where(PersonRow.id == person_id))
        assert rows(db) == []


@pytest.mark.parametrize(
    ("decision", "allowed"),
    [
        (None, None),
        ({"kind": "add_to", "entry": "center.what"}, frozenset({"center.what"})),
        ({"kind": "out_of_scope", "entry": None}, frozenset()),
    ],
)
def test_what_people_decided_about_the_group_says_what_may_answer(
    database: Database, vault: Vault, decision: Any, allowed: Any
) -> None:
    with database.transaction() as db:
        _, question_id = agreed(db, vault)
        state = "open" if decision is None else "decided"
        db.add(ReviewGroupRow(id=1, state=state, first_at=NOON, last_at=NOON, decision=decision))
        db.flush()
        db.add(ReviewItemRow(question_id=question_id, reason="missed", group_id=1, key="k", at=NOON))
        db.flush()
        assert hear_back.list_unanswered(db, version="v2", limit=9) == [Unanswered(1, "มีรถรับส่งไหม", allowed)]
        assert hear_back.list_unanswered(db, version="v1", limit=9) == [], "that one did not know"


ANYTHING, ONLY, NOTHING = None, frozenset({"center.hours"}), frozenset[str]()


@pytest.mark.parametrize(
    ("allowed", "kind", "entry", "also", "found"),
    [
        (ANYTHING, "answer", "center.what", (), "center.what"),
        (ANYTHING, "clarify", None, (), None),
        (ANYTHING, "answer", "general.thanks", (), None),
        (ONLY, "answer", "center.what", (), None),
        (ONLY, "answer", "center.what", ("center.hours",), "center.hours"),
        (ONLY, "answer", "center.hours", (), "center.hours"),
        (NOTHING, "answer", "center.what", (), None),
    ],
)
def test_an_answer_is_what_the_faq_says_and_people_allow(
    allowed: Any, kind: Any, entry: Any, also: Any, found: Any
) -> None:
    decision = Decision(kind, entry, (Candidate("center.what", 0.9),), also=also)
    assert hear_back.answer_in(Unanswered(1, "คำถาม", allowed), decision) == found


def test_danger_is_never_told_about_later() -> None:
    decision = Decision("answer", "general.crisis", (), urgent=True)
    assert hear_back.answer_in(Unanswered(1, "คำถาม", None), decision) is None


def test_of_two_at_once_one_tells(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = answered(db, vault)
    together = threading.Barrier(2)
    outcomes: list[bool] = []

    def tell(turn: int) -> None:
        with database.reading() as db:
            (news,) = hear_back.list_news(db, person_id=person_id, limit=1)
        together.wait(timeout=10)
        with database.transaction() as db:
            outcomes.append(hear_back.mark_told(db, news, told_in=turn, now=NOON))

    threads = [threading.Thread(target=tell, args=(turn,)) for turn in (7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    with database.reading() as db:
        assert hear_back.list_news(db, person_id=person_id, limit=1) == []
        assert agree(db, vault, person_id, 1) == AlreadyTold()


@pytest.mark.parametrize("state", ["waiting", "withdrawn", "expired", "told"])
def test_only_an_answer_that_is_waited_for_is_told(database: Database, vault: Vault, state: str) -> None:
    with database.transaction() as db:
        answered(db, vault)
        db.execute(update(HearBackRow).values(state=state))
        assert not table.mark_told(db, 1, told_in=7, now=NOON)


def test_who_blocked_us_hears_nothing_more_also_after_coming_back(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = answered(db, vault)
        audience.note_unfollow(db, person_id=person_id, at=NOON, now=NOON)
        assert hear_back.list_due(db, now=NOON + 3 * DAY, limit=9) == []
        assert not table.mark_told(db, 1, told_in=7, now=NOON)
        assert hear_back.tidy(db, now=NOON).withdrawn == 1
        audience.note_follow(db, person_id=person_id, at=NOON + DAY)
        assert (states(db), hear_back.list_news(db, person_id=person_id, limit=1)) == (["withdrawn"], [])


def test_after_the_deadline_it_is_over_and_later_forgotten(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        answered(db, vault)
        assert hear_back.tidy(db, now=DEADLINE - timedelta(seconds=1)).expired == 0
        assert hear_back.tidy(db, now=DEADLINE).expired == 1
        assert states(db) == ["expired"]
        assert hear_back.tidy(db, now=DEADLINE + hear_back.KEPT).forgotten == 0
        assert hear_back.tidy(db, now=DEADLINE + hear_back.KEPT + DAY).forgotten == 1


@pytest.mark.parametrize(
    ("answered_at", "now", "due"),
    [
        (NOON, NOON + DAY, 0),
        (NOON, NOON + 2 * DAY, 1),
        (DEADLINE - timedelta(hours=1), DEADLINE - timedelta(minutes=55), 1),
        (NOON, NOON + 2 * DAY + timedelta(hours=12), 0),
    ],
    ids=["first a chance to write", "after two days", "near the deadline at once", "not at night"],
)
def test_when_a_push_is_due(database: Database, vault: Vault, answered_at: datetime, now: datetime, due: int) -> None:
    with database.transaction() as db:
        answered(db, vault, now=answered_at)
        assert len(hear_back.list_due(db, now=now, limit=9)) == due


def test_nobody_is_pushed_to_while_a_person_is_on_the_line_with_them(database: Database, vault: Vault) -> None:
    """It waits until the line is over."""
    now = NOON + 2 * DAY
    with database.transaction() as db:
        person_id = answered(db, vault)
        live = CaseRow(kind="staff", person_id=person_id, opened_at=NOON, changed_at=NOON, live_until=now + DAY / 48)
        cases.open_case(db, live)
        assert hear_back.list_due(db, now=now, limit=9) == []
        assert len(hear_back.list_due(db, now=now + DAY / 48, limit=9)) == 1


def test_the_last_push_before_a_deadline_is_in_the_daytime() -> None:
    begin, end = hear_back.AWAKE
    assert begin < hear_back.ENDS_AT < end


def test_what_did_not_arrive_waits_for_the_next_free_reply(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = answered(db, vault)
        (news,) = hear_back.list_news(db, person_id=person_id, limit=1)
        assert hear_back.mark_told(db, news, told_in=7, now=NOON)
        assert hear_back.note_not_told(db, told_in=8) == 0
        assert hear_back.note_not_told(db, told_in=7) == 1
        assert hear_back.list_news(db, person_id=person_id, limit=1) == [news]
