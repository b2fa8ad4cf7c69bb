"""Whoever asks that what is held of them is only kept: nobody looks at what they asked before, until that is lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import faq_check
from bot.outreach import hear_back, review, review_intake, silent_errors
from bot.outreach.questions import log_question
from bot.outreach.review import Decision as Decided
from bot.outreach.review import DecisionKind
from bot.privacy import erasing, restricting
from bot.storage import people, questions
from bot.storage.engine import Database
from bot.storage.reviews import ReviewGroupRow
from bot.vault import Vault
from knowledge.decision import Decision
from tests.builders import MALEE, NOON, SOMCHAI

MISSED = Decision("fallback", None, ())
WORDING, OTHER = "ขอใช้ห้องประชุมวันหยุดได้ไหม", "มีที่จอดรถจักรยานไหมคะ"
LATER = NOON + timedelta(minutes=10)


def ask(db: Session, vault: Vault, who: str, text: str, *, number: int, decision: Decision = MISSED) -> int:
    person = people.find_or_create(db, line_user_id=who, now=NOON - timedelta(days=40))
    return log_question(
        db, vault, incoming_id=number, person_id=person.id, message_id=f"m{number}", masked=text, words=text.split(),
        decision=decision, knowledge_version="v", milliseconds=1.0, now=NOON,
    )  # fmt: skip


def gather(db: Session, *, days: int = 0) -> None:
    review_intake.gather(db, now=LATER + timedelta(days=days), limit=99, words_of=str.split)


def restrict(db: Session, vault: Vault, *, lifted: bool = False) -> None:
    person = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON)
    if lifted:
        assert restricting.lift(db, vault, person_id=person.id, now=LATER)
    else:
        assert restricting.restrict(db, vault, person_id=person.id, way=erasing.STAFF, now=LATER)


def shown(db: Session) -> list[tuple[str | None, int, int]]:
    db.expire_all()
    lines = review.list_groups(db)
    assert review.count_waiting(db) == len(lines)
    return sorted((line.label, line.group.questions, line.group.people) for line in lines)


def test_what_was_asked_before_goes_into_no_group(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        theirs = ask(db, vault, SOMCHAI, WORDING, number=1)
        questions.set_feedback(db, question_id=theirs, feedback="no", now=NOON)
        restrict(db, vault)
        gather(db)
        assert shown(db) == []
        assert review_intake.add_by_hand(db, theirs, now=LATER, words_of=str.split) is None
        restrict(db, vault, lifted=True)
        gather(db, days=2)
        assert shown(db) == [(WORDING, 1, 1)]


def test_a_group_shows_what_others_asked_alone(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        ask(db, vault, SOMCHAI, OTHER, number=1)
        ask(db, vault, SOMCHAI, WORDING, number=2)
        ask(db, vault, MALEE, WORDING, number=3)
        gather(db)
        before = shown(db)
        assert before == [(WORDING, 2, 2), (OTHER, 1, 1)]
        numbers = {line.label: line.group.id for line in review.list_groups(db)}
        restrict(db, vault)
        assert shown(db) == [(WORDING, 1, 1)]
        opened = {label: review.find_group(db, number) for label, number in numbers.items()}
        assert {
            label: (group.line.label, group.wordings, len(group.items), [one.before for one in group.items])
            for label, group in opened.items()
            if group is not None
        } == {WORDING: (WORDING, ((WORDING, 1),), 1, [()]), OTHER: (None, (), 0, [])}
        restrict(db, vault, lifted=True)
        assert shown(db) == before


def test_what_a_volunteer_proposed_of_their_words_goes(database: Database, vault: Vault) -> None:
    """What was proposed of others' words stays."""
    with database.transaction() as db:
        for number, (who, text) in enumerate([(SOMCHAI, WORDING), (MALEE, f"{WORDING} คะ"), (SOMCHAI, OTHER)]):
            ask(db, vault, who, text, number=number)
        gather(db)
        for line in review.list_groups(db):
            decision = Decided(
                DecisionKind.NEW_ENTRY, entry="a.b", title="เรื่อง", texts=(WORDING, f"{WORDING} คะ", OTHER)
            )
            review.propose(
                db, group_id=line.group.id, seen_version=line.group.version, decision=decision, by="นก",
                may=lambda _: True, now=LATER,
            )  # fmt: skip
        restrict(db, vault)
        db.expire_all()
        kept = [(row.questions, (row.proposal or {})["texts"]) for row in db.scalars(select(ReviewGroupRow))]
        assert sorted(kept) == [(0, []), (1, [f"{WORDING} คะ"])]


def test_neither_the_gate_nor_whoever_asks_the_faq_anew_reads_it(database: Database, vault: Vault) -> None:
    answered = Decision("answer", "center.hours", ())
    with database.transaction() as db:
        for number, who in ((1, SOMCHAI), (2, MALEE)):
            ask(db, vault, who, f"{WORDING} {number}", number=number, decision=answered)
            missed = ask(db, vault, who, f"{OTHER} {number}", number=number + 10)
            person = people.find_or_create(db, line_user_id=who, now=NOON)
            hear_back.agree(
                db, vault, person_id=person.id, question_id=missed, wording_hash="0" * 64, way="button", now=NOON
            )
    with database.transaction() as db:
        restrict(db, vault)
        assert sorted(one.text for one in faq_check.list_logged(db)) == [f"{WORDING} 2", f"{OTHER} 2"]
        assert sorted(questions.find_texts(db, [1, 2, 3, 4]).values()) == [f"{WORDING} 2", f"{OTHER} 2"]
        assert [one.text for one in hear_back.list_unanswered(db, version="w", limit=9)] == [f"{OTHER} 2"]
        assert questions.commonest_missed(db, since=NOON, limit=9, least=1) == [(f"{OTHER} 2", 1)]
        assert questions.count_missed(db, since=NOON, most=9) == 2, "numbers name nobody"
        restrict(db, vault, lifted=True)
        assert len(faq_check.list_logged(db)) == 4


@pytest.mark.parametrize("drawn_first", [True, False])
def test_the_weekly_sample_is_without_it(database: Database, vault: Vault, *, drawn_first: bool) -> None:
    with database.transaction() as db:
        for number, who in ((1, SOMCHAI), (2, MALEE)):
            ask(db, vault, who, f"{WORDING} {number}", number=number, decision=Decision("answer", "center.hours", ()))
        for step in ("gather", "restrict") if drawn_first else ("restrict", "gather"):
            gather(db, days=7) if step == "gather" else restrict(db, vault)
        week = silent_errors.week_of(NOON)
        assert [one.text for one in silent_errors.list_sample(db, week=week)] == [f"{WORDING} 2"]


def test_saying_it_once_more_reaches_what_was_restricted_before_this_was_kept(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        ask(db, vault, SOMCHAI, WORDING, number=1)
        person = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON)
        person.restricted_at = NOON
        db.flush()
        assert not restricting.restrict(db, vault, person_id=person.id, way=erasing.STAFF, now=LATER)
        assert faq_check.list_logged(db) == []
