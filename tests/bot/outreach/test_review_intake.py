"""What is taken in for review, why, and into which group."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.outreach import review, review_intake, silent_errors
from bot.outreach.review import Decision, DecisionKind
from bot.outreach.review_intake import OpenWordings
from bot.storage import locks, questions
from bot.storage.engine import Database
from tests.bot.outreach.reviewing import (
    HOUR,
    LATER,
    anyone,
    ask,
    gather,
    groups,
    publish,
    reasons,
    words_of,
)
from tests.builders import NOON

DAY = timedelta(days=1)


def decide_first(database: Database, decision: Decision, *, now=LATER + HOUR) -> None:
    with database.transaction() as db:
        group = groups(db)[0]
        review.decide(
            db, group_id=group.id, seen_version=group.version, decision=decision, by="malee", may=anyone, now=now
        )


def test_only_what_needs_a_look_is_taken_with_every_reason(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "ฟ้าสีอะไร")
        ask(db, 2, "บัตรหายทำไง", decision="clarify")
        ask(db, 3, "ขอยืมเต็นท์", decision="clarify", chosen="none")
        ask(db, 4, "เปิดกี่โมง", decision="answer", entry="center.hours")
        ask(db, 5, "เลือกพรรคไหนดี", refusal="political")
        ask(db, 6, "ที่จอดรถมีไหม", decision="answer", entry="center.hours", feedback="no", feedback_at=NOON)
        ask(db, 7, None)
        ask(db, 8, "😀")
        ask(db, 9, "เพิ่งถามเมื่อกี้", at=LATER)
        gather(db)
        assert reasons(db) == [
            (1, "missed", 1), (2, "near_tie", 2), (3, "near_tie", 3), (3, "none_of_these", 3), (6, "thumbs_down", 4),
        ]  # fmt: skip
        assert [group.reasons for group in groups(db)] == [
            {"missed": 1}, {"near_tie": 1}, {"near_tie": 1, "none_of_these": 1}, {"thumbs_down": 1},
        ]  # fmt: skip


def test_like_questions_are_one_group_that_counts_people(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "ขอยืมเต็นท์ของศูนย์ได้ไหม", at=NOON)
        ask(db, 2, "ขอยืมเต็นของศูนย์ได้ไหม", at=NOON + timedelta(minutes=1), asker="asker 1")
        ask(db, 3, "ขอยืมเต็นของศูนย์ได้ไหม", at=NOON + timedelta(minutes=2))
        ask(db, 4, "ขอยืมเต็นของศูนย์ได้ไหม!", at=NOON + timedelta(minutes=3), asker=None)
        gather(db)
        (line,) = review.list_groups(db)
    counted = (line.label, line.group.questions, line.group.people, line.group.first_at, line.group.last_at)
    assert counted == ("ขอยืมเต็นของศูนย์ได้ไหม", 4, 2, NOON, NOON + timedelta(minutes=3))


def test_taking_in_twice_or_in_small_steps_gives_the_same(database: Database) -> None:
    with database.transaction() as db:
        for number in range(1, 8):
            ask(db, number, f"คำถามที่ {'กขคงจฉช'[number - 1] * 2} เรื่องใหม่ {number}")
    steps = []
    for _ in range(5):
        with database.transaction() as db:
            steps.append(gather(db, limit=3).taken)
    with database.transaction() as db:
        before = reasons(db)
        again = gather(db, now=LATER + 2 * DAY)
        assert (len(before), reasons(db), again.opened) == (7, before, 0)
    assert steps == [3, 3, 1, 0, 0]


def test_a_broken_off_intake_leaves_nothing_and_is_made_up_for(database: Database) -> None:
    wordings = OpenWordings()
    with database.transaction() as db:
        ask(db, 1, "ขอยืมเต็นท์")

    def take() -> None:
        with database.transaction() as db:
            review_intake.gather(db, now=LATER, limit=9, words_of=words_of, wordings=wordings)
            assert reasons(db) == [(1, "missed", 1)]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take()
    with database.transaction() as db:
        assert (reasons(db), groups(db)) == ([], [])
        review_intake.gather(db, now=LATER, limit=9, words_of=words_of, wordings=wordings)
        ask(db, 2, "ขอยืมเต็นท์!!")
        review_intake.gather(db, now=LATER + HOUR, limit=9, words_of=words_of, wordings=wordings)
        assert [(group.questions, group.people) for group in groups(db)] == [(2, 2)]


def test_what_comes_later_than_the_question_joins_it(database: Database) -> None:
    with database.transaction() as db:
        first = ask(db, 1, "บัตรหายทำไง", decision="clarify")
        second = ask(db, 2, "เปิดกี่โมง", decision="answer", entry="center.hours")
        gather(db)
        questions.set_chosen(db, question_id=first, chosen="none")
        questions.set_feedback(db, question_id=second, feedback="no", now=NOON + 2 * HOUR)
        gather(db, now=NOON + 3 * HOUR)
        assert reasons(db) == [(1, "near_tie", 1), (2, "thumbs_down", 2)]
        gather(db, now=NOON + DAY)
        assert reasons(db) == [(1, "near_tie", 1), (1, "none_of_these", 1), (2, "thumbs_down", 2)]


def test_a_question_written_down_late_is_found_at_the_second_look(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 2, "ขอยืมเต็นท์", id=2)
        gather(db)
        ask(db, 1, "ที่จอดรถมีไหม", id=1)
        gather(db)
        assert reasons(db) == [(2, "missed", 1)]
        gather(db, now=NOON + DAY + HOUR)
        assert reasons(db) == [(1, "missed", 2), (2, "missed", 1)]


def test_a_question_answered_by_hand_enters_once(database: Database) -> None:
    with database.transaction() as db:
        question_id = ask(db, 1, "ขอคุยเรื่องน้ำประปา", decision="answer", entry="general.person")
        ask(db, 2, None)
        added = [
            review_intake.add_by_hand(db, number, now=LATER, words_of=words_of) for number in (question_id, 1, 2, 99)
        ]
        assert (added, reasons(db)) == ([1, 1, None, None], [(1, "answered_by_hand", 1)])


def test_what_is_ignored_never_comes_back(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "อิอิ")
        gather(db)
    decide_first(database, Decision(DecisionKind.IGNORE))
    with database.transaction() as db:
        publish(db, "v2", now=LATER + 2 * HOUR)
        question_id = ask(db, 2, " อิอิ!", at=LATER + 3 * HOUR, knowledge_version="v2")
        gather(db, now=LATER + 4 * HOUR)
        review_intake.add_by_hand(db, question_id, now=LATER + 4 * HOUR, words_of=words_of)
        assert [(group.state, group.questions) for group in groups(db)] == [("ignored", 2)]


def test_it_stays_ignored_when_the_question_itself_is_gone(database: Database) -> None:
    with database.transaction() as db:
        first = ask(db, 1, "อิอิ")
        gather(db)
    decide_first(database, Decision(DecisionKind.IGNORE))
    with database.transaction() as db:
        db.delete(questions.find(db, first))
        db.flush()
        ask(db, 2, "อิอิ")
        gather(db)
        assert [group.state for group in groups(db)] == ["ignored"]


ADD = Decision(DecisionKind.ADD_TO, entry="center.tent", texts=("ขอยืมเต็นท์",))


@pytest.mark.parametrize(
    ("later", "states"),
    [
        ({"knowledge_version": "v1"}, ["decided"]),
        ({"knowledge_version": "v2", "decision": "answer", "entry": "center.tent", "feedback": "no"}, ["decided"]),
        ({"knowledge_version": "v2", "decision": "clarify"}, ["decided", "open"]),
        ({"knowledge_version": "v2"}, ["decided", "open"]),
    ],
    ids=["before it was published", "answered as decided", "asked back after it was published", "missed after it"],
)
def test_a_decided_wording_comes_again_only_if_it_was_not_answered_so(
    database: Database, later: dict[str, str], states: list[str]
) -> None:
    with database.transaction() as db:
        publish(db, "v1", now=NOON - DAY)
        ask(db, 1, "ขอยืมเต็นท์")
        gather(db)
    decide_first(database, ADD)
    with database.transaction() as db:
        publish(db, "v2", now=LATER + 2 * HOUR)
        ask(db, 2, "ขอยืมเต็นท์", at=LATER + 3 * HOUR, feedback_at=LATER + 3 * HOUR, **later)
        gather(db, now=LATER + 4 * HOUR)
        assert [group.state for group in groups(db)] == states
        assert [group.again_of for group in groups(db)][1:] == [1] * (len(states) - 1)


def test_going_back_to_an_older_version_is_no_reason_to_decide_again(database: Database) -> None:
    with database.transaction() as db:
        publish(db, "v1", now=NOON - DAY)
        ask(db, 1, "ขอยืมเต็นท์")
        gather(db)
    decide_first(database, ADD)
    with database.transaction() as db:
        publish(db, "v2", now=LATER + 2 * HOUR)
        publish(db, "v1", now=LATER + 3 * HOUR)
        ask(db, 2, "ขอยืมเต็นท์", at=LATER + 4 * HOUR, knowledge_version="v1")
        gather(db, now=LATER + 5 * HOUR)
        assert [group.state for group in groups(db)] == ["decided"]


def test_what_stays_unanswered_on_purpose_does_not_come_back(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "ดวงวันนี้")
        gather(db)
    decide_first(database, Decision(DecisionKind.OUT_OF_SCOPE, scope="far", texts=("ดวงวันนี้",)))
    with database.transaction() as db:
        publish(db, "v2", now=LATER + 2 * HOUR)
        ask(db, 2, "ดวงวันนี้", at=LATER + 3 * HOUR, knowledge_version="v2")
        gather(db, now=LATER + 4 * HOUR)
        assert [group.state for group in groups(db)] == ["decided"]
        ask(db, 3, "ดวงวันนี้", at=LATER + 5 * HOUR, knowledge_version="v2", decision="clarify")
        gather(db, now=LATER + 6 * HOUR)
        assert [group.state for group in groups(db)] == ["decided", "open"]


def test_a_sampled_answer_found_wrong_is_reviewed(database: Database) -> None:
    with database.transaction() as db:
        for number, text in enumerate(("เปิดกี่โมง", "ที่จอดรถมีไหม"), 1):
            ask(db, number, text, decision="answer", entry="center.hours")
        later = NOON + 8 * DAY
        gather(db, now=later)
        assert reasons(db) == [(1, "sample", None), (2, "sample", None)]
        silent_errors.judge(db, item_id=2, verdict="wrong", by="malee", may=anyone, now=later)
        gather(db, now=later + HOUR)
        gather(db, now=later + 2 * HOUR)
        assert reasons(db) == [(1, "sample", None), (2, "sample", 1)]
        assert [(group.questions, group.reasons) for group in groups(db)] == [(1, {"sample": 1})]


def test_groups_that_others_opened_are_found(database: Database) -> None:
    ours = OpenWordings()
    with database.transaction() as db:
        ask(db, 1, "ขอยืมเต็นท์ของศูนย์")
        review_intake.gather(db, now=LATER, limit=9, words_of=words_of, wordings=ours)
        ask(db, 2, "ที่จอดรถมีกี่คัน")
        gather(db)
        ask(db, 3, "ที่จอดรถมีกี่คนั")
        review_intake.gather(db, now=LATER, limit=9, words_of=words_of, wordings=ours)
        assert [group.questions for group in groups(db)] == [1, 2]


def test_counts_put_off_in_a_backlog_are_made_good_at_its_end(database: Database) -> None:
    wordings, counted = OpenWordings(), []
    with database.transaction() as db:
        for number in range(1, 6):
            ask(db, number, "ขอยืมเต็นท์")
        for _ in range(3):
            more = review_intake.gather(db, now=LATER, limit=2, words_of=words_of, wordings=wordings).more
            counted.append((more, [group.questions for group in groups(db)]))
    assert counted == [(True, [2]), (True, [2]), (False, [5])]


def groups_after_two_at_once(database: Database) -> list[int]:
    with database.transaction() as db:
        ask(db, 1, "ขอยืมเต็นท์")

    def take() -> None:
        with database.transaction() as db:
            review_intake.add_by_hand(db, 1, now=LATER, words_of=words_of)

    other = threading.Thread(target=take)
    with database.transaction() as db:
        gather(db)
        other.start()
        other.join(timeout=0.5)  # where there is a lock it waits for us
    other.join(timeout=10)
    with database.reading() as db:
        return [group.questions for group in groups(db)]


def test_a_question_taken_in_twice_at_once_is_in_one_group(database: Database) -> None:
    assert groups_after_two_at_once(database) == [1]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_without_the_lock_it_would_be_in_two(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert groups_after_two_at_once(database) == [1, 1]


def test_words_taken_back_are_gone_from_the_group(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "ผมอยู่บ้านเลขที่ 5 ขอยืมเต็นท์")
        gather(db)
        questions.forget_text(db, message_id="message 1")
        (line,) = review.list_groups(db)
        group = review.find_group(db, line.group.id)
    assert group is not None
    assert (line.label, group.wordings, [item.question.text for item in group.items]) == (None, (), [None])
