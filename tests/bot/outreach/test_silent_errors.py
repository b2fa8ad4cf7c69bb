"""The weekly sample, its verdicts, and what they say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot import clock
from bot.outreach import silent_errors
from bot.outreach.silent_errors import AlreadyJudged, MayNotJudge
from bot.storage import questions
from bot.storage.engine import Database
from bot.storage.reviews import ReviewItemRow
from knowledge.evaluation import Share
from tests.bot.outreach.reviewing import (
    anyone,
    ask,
)
from tests.builders import NOON

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
AFTER = datetime(2026, 11, 30, 0, 10, tzinfo=clock.BANGKOK)


def log(database: Database, count: int, *, first: int = 1, at: datetime = NOON) -> None:
    with database.transaction() as db:
        for number in range(first, first + count):
            ask(db, number, f"คำถาม {number}", decision="answer", entry="center.hours", at=at)


def sampled(database: Database, *, week: date = MONDAY) -> list[int | None]:
    with database.reading() as db:
        wanted = select(ReviewItemRow.question_id).where(ReviewItemRow.week == week)
        return list(db.scalars(wanted.order_by(ReviewItemRow.question_id)))


def draw(database: Database, *, now: datetime = AFTER, size: int = 5, seed: int | None = 7) -> int:
    with database.transaction() as db:
        return silent_errors.draw_sample(db, now=now, size=size, seed=seed)


def verdicts(database: Database, *given: str | None, week: date = MONDAY) -> None:
    with database.transaction() as db:
        items = silent_errors.list_sample(db, week=week, limit=99)
        for item, verdict in zip(items, given, strict=True):
            if verdict is not None:
                silent_errors.judge(db, item_id=item.item_id, verdict=verdict, by="malee", may=anyone, now=AFTER)


def test_a_week_begins_on_monday_in_bangkok() -> None:
    sunday_in_london = datetime(2026, 11, 22, 17, 0, tzinfo=clock.UTC)
    assert silent_errors.week_of(sunday_in_london) == MONDAY
    assert silent_errors.week_of(sunday_in_london - timedelta(seconds=1)) == MONDAY - 7 * DAY


def test_a_week_is_drawn_once_and_not_before_it_is_over(database: Database) -> None:
    log(database, 20)
    assert draw(database, now=AFTER - timedelta(minutes=1)) == 0
    assert [draw(database), draw(database, seed=8), draw(database, now=AFTER + DAY)] == [5, 0, 0]
    assert len(set(sampled(database))) == 5


def test_only_confident_answers_of_that_week_that_still_have_words_are_drawn(database: Database) -> None:
    log(database, 3)
    log(database, 1, first=4, at=datetime(2026, 11, 22, 23, 59, tzinfo=clock.BANGKOK))
    log(database, 1, first=5, at=datetime(2026, 11, 30, 0, 0, tzinfo=clock.BANGKOK))
    with database.transaction() as db:
        ask(db, 6, "ฟ้าสีอะไร")
        ask(db, 7, None, decision="answer", entry="center.hours")
    draw(database, size=50)
    assert sampled(database) == [1, 2, 3]


def test_the_same_seed_draws_the_same_and_loses_none_when_another_is_taken_back(sqlite_database: Database) -> None:
    numbers = range(1, 10_001)
    first = silent_errors._draw(numbers, seed=7, size=50)
    without = silent_errors._draw((number for number in numbers if number != first[0]), seed=7, size=50)
    assert silent_errors._draw(numbers, seed=7, size=50) == first
    assert without[:49] == first[1:]
    assert silent_errors._draw(numbers, seed=8, size=50) != first


def test_each_answer_is_as_likely_as_any_other() -> None:
    drawn = [number for seed in range(2_000) for number in silent_errors._draw(range(10), seed=seed, size=3)]
    assert all(520 < drawn.count(number) < 680 for number in range(10))  # 600 expected, four deviations each way


def test_a_verdict_is_not_overwritten_unseen(database: Database) -> None:
    log(database, 1)
    draw(database)
    with database.transaction() as db:
        (item,) = silent_errors.list_sample(db, week=MONDAY)
        first = silent_errors.judge(db, item_id=item.item_id, verdict="wrong", by="malee", may=anyone, now=AFTER)
        second = silent_errors.judge(db, item_id=item.item_id, verdict="right", by="somchai", may=anyone, now=AFTER)
        mended = silent_errors.judge(
            db, item_id=item.item_id, verdict="unsure", by="somchai", may=anyone, now=AFTER, seen="wrong"
        )
        nobody = silent_errors.judge(
            db, item_id=item.item_id, verdict="right", by="x", may=lambda permission: False, now=AFTER
        )
        missing = silent_errors.judge(db, item_id=99, verdict="right", by="x", may=anyone, now=AFTER)
    assert (first, second, mended) == ("wrong", AlreadyJudged("wrong", "malee", AFTER), "unsure")
    assert (nobody, missing) == (MayNotJudge("decide_questions"), AlreadyJudged(None, None, None))


def test_the_share_is_of_sure_verdicts_and_the_rest_is_said(database: Database) -> None:
    log(database, 10)
    draw(database, size=10)
    verdicts(database, *["right"] * 5, "wrong", "unsure", None, None, None)
    with database.reading() as db:
        (week,) = silent_errors.count_by_week(db, now=AFTER, weeks=1)
    assert (week.wrong, week.unsure, week.unjudged, week.drawn) == (Share(1, 6), 1, 3, 10)
    assert week.range == (0.1, 0.5)
    assert [round(end, 3) for end in week.wrong.interval] == [0.03, 0.564]


def test_weeks_stand_apart_and_together(database: Database) -> None:
    log(database, 4)
    log(database, 4, first=5, at=NOON - 14 * DAY)
    draw(database, now=AFTER - 14 * DAY, size=2)
    draw(database, size=3)
    verdicts(database, "wrong", "right", week=MONDAY - 14 * DAY)
    verdicts(database, "right", "right", None)
    with database.reading() as db:
        weeks = silent_errors.count_by_week(db, now=AFTER, weeks=3)
        together = silent_errors.count_over(db, now=AFTER, weeks=3)
        latest = silent_errors.count_over(db, now=AFTER, weeks=2)
    assert [(week.wrong, week.unjudged) for week in weeks] == [(Share(1, 2), 0), (Share(0, 0), 0), (Share(0, 2), 1)]
    assert (together.wrong, together.unjudged, together.drawn) == (Share(1, 4), 1, 5)
    assert (latest.wrong, latest.drawn) == (Share(0, 2), 3)


def test_nothing_judged_says_nothing(database: Database) -> None:
    log(database, 3)
    draw(database)
    with database.reading() as db:
        found = silent_errors.count_over(db, now=AFTER, weeks=4)
    assert (found.wrong.total, found.wrong.interval, found.range) == (0, (0.0, 1.0), (0.0, 1.0))


def test_an_item_shows_what_to_judge_and_what_was_taken_back(database: Database) -> None:
    log(database, 2)
    draw(database)
    with database.transaction() as db:
        questions.forget_text(db, message_id="message 1")
        items = silent_errors.list_sample(db, week=MONDAY)
    assert [(item.question_id, item.text, item.entry) for item in items] == [
        (1, None, "center.hours"), (2, "คำถาม 2", "center.hours"),
    ]  # fmt: skip
