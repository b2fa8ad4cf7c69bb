"""One group, one decision; nobody's is overwritten, and the last one can be undone."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.outreach import review, review_intake
from bot.outreach.review import (
    AlreadyDecided,
    Changed,
    Decided,
    Decision,
    DecisionKind,
    Edit,
    GroupChanged,
    NotAllowed,
    NothingToUndo,
    NoWording,
    Placed,
)
from bot.storage import reviews
from bot.storage.engine import Database
from bot.storage.faq_tests import FaqTestRow
from tests.bot.outreach.reviewing import (
    HOUR,
    LATER,
    anyone,
    ask,
    gather,
    groups,
    publish,
    words_of,
)
from tests.builders import NOON

TENT = Decision(DecisionKind.ADD_TO, entry="center.tent", texts=("ขอยืมเต็นท์", "มีเต็นท์ให้ยืมไหม"))
SCOPE = Decision(DecisionKind.OUT_OF_SCOPE, scope="near", texts=("ขอยืมเต็นท์",))


def nobody(permission: str) -> bool:
    return False


def decide(db: Session, decision: Decision = TENT, *, group_id: int = 1, seen: int = 1, **more: Any) -> object:
    values: dict[str, Any] = {"by": "malee", "may": anyone, "now": LATER, **more}
    return review.decide(db, group_id=group_id, seen_version=seen, decision=decision, **values)


def undo(db: Session, *, by: str = "malee") -> object:
    return review.undo_last(db, by=by, may=anyone)


def taught(db: Session) -> list[tuple[str, str | None, str, bool]]:
    """(text, expected entry, kind, in force) of every permanent test."""
    rows = db.scalars(select(FaqTestRow).order_by(FaqTestRow.text).execution_options(populate_existing=True))
    return [(row.text, row.expect, row.kind, row.retired_at is None) for row in rows]


@pytest.fixture
def waiting(database: Database) -> Database:
    """Two groups: tents, asked by two people, and parking."""
    with database.transaction() as db:
        for number, text in enumerate(("ขอยืมเต็นท์", "ขอยืมเต็น", "ที่จอดรถมีกี่คัน"), 1):
            ask(db, number, text, at=NOON + timedelta(minutes=number))
        gather(db)
    return database


def test_a_decision_says_what_to_edit_and_leaves_tests(waiting: Database) -> None:
    with waiting.transaction() as db:
        decided = decide(db)
        assert taught(db) == [
            ("ขอยืมเต็นท์", "center.tent", "entry", True), ("มีเต็นท์ให้ยืมไหม", "center.tent", "entry", True),
        ]  # fmt: skip
        assert review.count_waiting(db) == 1
        (line,) = review.list_groups(db, state="decided")
    assert decided == Decided(1, 2, Edit(add=tuple(Placed("center.tent", text) for text in TENT.texts)))
    assert (line.group.decided_by, line.group.decided_at, line.group.version) == ("malee", LATER, 2)


@pytest.mark.parametrize(
    ("decision", "edit", "left"),
    [
        (
            Decision(DecisionKind.NEW_ENTRY, entry="center.tent", title="ยืมเต็นท์", texts=("ขอยืมเต็นท์",)),
            Edit(add=(Placed("center.tent", "ขอยืมเต็นท์"),), new_entry=("center.tent", "ยืมเต็นท์")),
            [("ขอยืมเต็นท์", "center.tent", "entry", True)],
        ),
        (
            SCOPE,
            Edit(add=(Placed("out_of_scope:near", "ขอยืมเต็นท์"),)),
            [("ขอยืมเต็นท์", None, "out_of_scope", True)],
        ),
        (
            Decision(DecisionKind.SMALL_TALK, entry="general.thanks", texts=("ใจมาก",)),
            Edit(add=(Placed("general.thanks", "ใจมาก"),)),
            [("ใจมาก", "general.thanks", "small_talk", True)],
        ),
        (
            Decision(DecisionKind.SMALL_TALK, scope="chitchat", texts=("กินข้าวยัง",)),
            Edit(add=(Placed("out_of_scope:chitchat", "กินข้าวยัง"),)),
            [("กินข้าวยัง", None, "small_talk", True)],
        ),
        (Decision(DecisionKind.IGNORE), Edit(), []),
        (Decision(DecisionKind.NEEDS_PERSON), Edit(), []),
    ],
    ids=["new entry", "out of scope", "small talk answered", "small talk", "ignore", "needs a person"],
)
def test_each_kind_of_decision(
    waiting: Database, decision: Decision, edit: Edit, left: list[tuple[str, str | None, str, bool]]
) -> None:
    with waiting.transaction() as db:
        assert decide(db, decision) == Decided(1, 2, edit)
        assert taught(db) == left
        assert undo(db) == Decided(
            1, 3, Edit(remove=edit.add, drop_entry=edit.new_entry[0] if edit.new_entry else None)
        )
        assert [test for test in taught(db) if test[3]] == []


def test_a_wording_accepted_for_one_never_stays_under_another(waiting: Database) -> None:
    owners = {"ขอยืมเต็นท์": "center.loans", "มีเต็นท์ให้ยืมไหม": "center.tent"}
    with waiting.transaction() as db:
        decided = decide(db, owners_of=owners)
        undone = undo(db)
    here, there = Placed("center.tent", "ขอยืมเต็นท์"), Placed("center.loans", "ขอยืมเต็นท์")
    assert decided == Decided(1, 2, Edit(add=(here,), remove=(there,)))
    assert decided.conflicts == (there,)
    assert undone == Decided(1, 3, Edit(add=(there,), remove=(here,)))


def test_what_identifies_a_person_is_not_kept(waiting: Database) -> None:
    texts = ("โทรหา 081-234-5678 ได้ไหม", "ขอยืมเต็นท์ <เบอร์โทร>", "ขอยืมเต็นท์!", "<ชื่อ>")
    with waiting.transaction() as db:
        decide(db, Decision(DecisionKind.ADD_TO, entry="center.tent", texts=texts))
        assert [text for text, *_ in taught(db)] == ["ขอยืมเต็นท์!", "โทรหา ได้ไหม"]


def test_a_decision_that_teaches_needs_words_and_a_place(waiting: Database) -> None:
    with waiting.transaction() as db:
        nothing = Decision(DecisionKind.ADD_TO, entry="center.tent", texts=("<ชื่อ>", " "))
        assert decide(db, nothing) == NoWording()
        assert [group.state for group in groups(db)] == ["open", "open"]
    with pytest.raises(ValueError, match="needs an entry or a kind"):
        Decision(DecisionKind.ADD_TO, texts=("ก",))


def test_the_second_reviewer_is_told_and_nothing_is_overwritten(waiting: Database) -> None:
    with waiting.transaction() as db:
        decide(db)
        second = decide(db, SCOPE, by="somchai", now=LATER + HOUR)
        assert [(group.state, group.decided_by) for group in groups(db)] == [("decided", "malee"), ("open", None)]
        assert taught(db)[0] == ("ขอยืมเต็นท์", "center.tent", "entry", True)
    assert isinstance(second, AlreadyDecided)
    assert (second.by, second.at, second.what["entry"]) == ("malee", LATER, "center.tent")


def outcomes_of_two_at_once(database: Database) -> list[str]:
    ready, outcomes = threading.Barrier(2, timeout=10), []

    def decide_as(name: str) -> None:
        ready.wait()
        with database.transaction() as db:
            outcomes.append(type(decide(db, by=name)).__name__)

    threads = [threading.Thread(target=decide_as, args=(name,)) for name in ("malee", "somchai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes)


def test_of_two_at_once_one_decides(waiting: Database) -> None:
    assert outcomes_of_two_at_once(waiting) == ["AlreadyDecided", "Decided"]


def test_without_the_guard_both_would(waiting: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def unguarded(db: Session, group_id: int, *, values: dict[str, Any], **_: object) -> bool:
        db.execute(reviews._groups.update().where(reviews._groups.c.id == group_id).values(**values))
        return True

    monkeypatch.setattr(reviews, "change_group", unguarded)
    assert outcomes_of_two_at_once(waiting) == ["Decided", "Decided"]


def test_a_group_that_another_reviewer_changed_is_to_be_looked_at_again(waiting: Database) -> None:
    with waiting.transaction() as db:
        review.propose(db, group_id=1, seen_version=1, decision=TENT, by="noi", may=anyone, now=LATER)
        assert decide(db) == GroupChanged(2, "noi")
        assert decide(db, group_id=99) == GroupChanged(None)


def test_a_further_question_does_not_get_in_a_reviewers_way(waiting: Database) -> None:
    with waiting.transaction() as db:
        ask(db, 4, "ขอยืมเต็น")
        gather(db)
        assert [group.questions for group in groups(db)] == [3, 1]
        assert isinstance(decide(db), Decided)


def test_volunteers_propose_and_staff_decide(waiting: Database) -> None:
    with waiting.transaction() as db:
        refused = decide(db, may=lambda permission: permission == "propose_decision")
        proposed = review.propose(
            db, group_id=1, seen_version=1, decision=TENT, by="noi",
            may=lambda permission: permission == "propose_decision", now=LATER,
        )  # fmt: skip
        no = review.propose(db, group_id=1, seen_version=2, decision=TENT, by="x", may=nobody, now=LATER)
        group = groups(db)[0]
    assert (refused, proposed, no) == (NotAllowed("decide_questions"), Changed(1), NotAllowed("propose_decision"))
    kept = (group.state, group.proposed_by, group.proposal["entry"], group.proposal["texts"])
    assert kept == ("open", "noi", "center.tent", list(TENT.texts))


def test_undo_brings_back_what_an_earlier_decision_had_left(waiting: Database) -> None:
    with waiting.transaction() as db:
        decide(db)
        decide(db, SCOPE, group_id=2)
        assert taught(db)[0] == ("ขอยืมเต็นท์", None, "out_of_scope", True)
        undo(db)
        assert taught(db)[0] == ("ขอยืมเต็นท์", "center.tent", "entry", True)
        assert [group.state for group in groups(db)] == ["decided", "open"]
        undo(db)
        assert taught(db) == [], "nobody keeps these wordings"
        assert undo(db) == NothingToUndo(published_since=False)


def test_only_ones_own_and_only_before_the_next_version(waiting: Database) -> None:
    with waiting.transaction() as db:
        decide(db)
        assert undo(db, by="somchai") == NothingToUndo(published_since=False)
        publish(db, "v2", now=LATER)
        assert undo(db) == NothingToUndo(published_since=True)


def test_a_group_opened_again_takes_questions_in(waiting: Database) -> None:
    with waiting.transaction() as db:
        decide(db)
        fresh = review_intake.OpenWordings()
        fresh.refresh(db)
        undo(db)
        ask(db, 4, "ขอยืมเต้นท์")
        review_intake.gather(db, now=LATER, limit=9, words_of=words_of, wordings=fresh)
        assert [(group.state, group.questions) for group in groups(db)] == [("open", 3), ("open", 1)]


def test_merged_groups_are_one_and_stay_so(waiting: Database) -> None:
    with waiting.transaction() as db:
        merged = review.merge(db, into_id=1, into_version=1, from_id=2, from_version=1, may=anyone)
        ask(db, 4, "ที่จอดรถมีกี่คนั")
        gather(db)
        assert [(group.id, group.questions, group.people, group.version) for group in groups(db)] == [(1, 4, 4, 2)]
    assert merged == Changed(1)


def test_a_merge_of_what_changed_meanwhile_changes_nothing(waiting: Database) -> None:
    with waiting.transaction() as db:
        decide(db, group_id=2)
        refused = review.merge(db, into_id=1, into_version=1, from_id=2, from_version=1, may=anyone)
        stale = review.merge(db, into_id=1, into_version=9, from_id=2, from_version=2, may=anyone)
        assert [(group.id, group.version, group.state) for group in groups(db)] == [(1, 1, "open"), (2, 2, "decided")]
        assert review.merge(db, into_id=1, into_version=1, from_id=2, from_version=2, may=nobody) == NotAllowed(
            "decide_questions"
        )
    assert (type(refused), stale) == (AlreadyDecided, GroupChanged(1))


def test_a_group_is_not_merged_into_itself(waiting: Database) -> None:
    with waiting.transaction() as db:
        assert review.merge(db, into_id=1, into_version=1, from_id=1, from_version=1, may=anyone) == GroupChanged(1)
        assert [(group.id, group.version, group.questions) for group in groups(db)] == [(1, 1, 2), (2, 1, 1)]


def test_a_question_moved_out_is_a_group_that_takes_its_likes(waiting: Database) -> None:
    with waiting.transaction() as db:
        moved = review.move_out(db, group_id=1, seen_version=1, question_id=1, may=anyone)
        ask(db, 4, "ขอยืมเต็นท์!!")
        ask(db, 5, "ขอยืมเต็น")
        gather(db)
        counted = [(group.id, group.questions, group.version) for group in groups(db)]
        assert counted == [(1, 2, 2), (2, 1, 1), (3, 2, 1)]
        only = review.move_out(db, group_id=2, seen_version=1, question_id=3, may=anyone)
        elsewhere = review.move_out(db, group_id=2, seen_version=1, question_id=1, may=anyone)
        stale = review.move_out(db, group_id=1, seen_version=1, question_id=2, may=anyone)
    assert (moved, only, elsewhere, stale) == (Changed(3), NoWording(), NoWording(), GroupChanged(2))


def test_most_people_first_then_the_latest_page_by_page(database: Database) -> None:
    with database.transaction() as db:
        askers = iter(range(1, 99))
        for text, people, minute in (("เรื่องกก", 1, 5), ("เหตุขข", 3, 1), ("ปัญหาคค", 1, 9), ("อะไรงง", 2, 3)):
            for _ in range(people):
                ask(db, next(askers), text, at=NOON + timedelta(minutes=minute), decision="clarify")
        ask(db, 99, "แผนจจ", at=NOON)
        gather(db)
        first = review.list_groups(db, limit=3)
        rest = review.list_groups(db, after=first[-1].cursor, limit=3)
        missed = review.list_groups(db, reason="missed")
    assert [line.label for line in first] == ["เหตุขข", "อะไรงง", "ปัญหาคค"]
    assert [line.label for line in rest] == ["เรื่องกก", "แผนจจ"]
    assert [line.label for line in missed] == ["แผนจจ"]


def test_a_group_shows_what_was_asked_around_each_question_that_day(database: Database) -> None:
    with database.transaction() as db:
        for number in range(1, 10):
            answered = (
                {"decision": "answer", "entry": "center.hours"} if number != 5 else {"candidates": [{"entry": "x"}]}
            )
            ask(db, number, f"คำถาม {number}", at=NOON + timedelta(minutes=number), asker="noi", **answered)
        ask(db, 10, "วันก่อน", at=NOON - timedelta(days=1), asker="noi", decision="answer")
        ask(db, 11, "คนอื่น", at=NOON, asker="other", decision="answer")
        gather(db)
        group = review.find_group(db, 1)
        assert review.find_group(db, 99) is None
    assert group is not None
    (item,) = group.items
    assert (item.question.text, item.question.candidates, item.reasons) == ("คำถาม 5", [{"entry": "x"}], ("missed",))
    assert [row.text for row in item.before] == ["คำถาม 2", "คำถาม 3", "คำถาม 4"]
    assert [row.text for row in item.after] == ["คำถาม 6", "คำถาม 7", "คำถาม 8"]
    assert (group.line.label, group.wordings) == ("คำถาม 5", (("คำถาม 5", 1),))


def test_pages_ask_as_many_queries_for_one_as_for_many(database: Database) -> None:
    counts = []
    for number in range(1, 31):
        with database.transaction() as db:
            ask(db, number, "ขอยืมเต็นท์", asker=f"asker {number}")
            ask(db, 100 + number, f"{'กขคงจฉชซ'[number % 8] * 3} {number}")
            gather(db)
        if number in (1, 30):
            counts.append(count_queries(database))
    assert counts[0] == counts[1]


def count_queries(database: Database) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as db:
        review.list_groups(db)
        review.find_group(db, 1)
        review.count_waiting(db)
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)
