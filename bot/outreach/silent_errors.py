"""How often a confident answer is wrong without anybody saying so: a sample every week, judged by people."""

from __future__ import annotations

import heapq
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot import clock
from bot.outreach.likeness import key_of
from bot.storage import questions, review_samples, reviews
from knowledge.evaluation import Share

SAMPLE_SIZE = 50
WEEK = timedelta(days=7)
STRAGGLERS = timedelta(minutes=10)
"""So long after the end of a week the last of its questions have been written down."""
PAGE = 10_000
MOST_SAMPLED = 1_000
JUDGE = "decide_questions"
"""The permission that a verdict needs."""

Verdict = Literal["right", "wrong", "unsure"]


@dataclass(frozen=True, slots=True)
class Sampled:
    """One answered question of a sample, as a person judges it. Text None: its words were taken back since."""

    item_id: int
    question_id: int
    text: str | None
    asked_at: datetime
    entry: str | None
    also: tuple[str, ...]
    candidates: tuple[dict[str, Any], ...]
    verdict: str | None
    judged_by: str | None


@dataclass(frozen=True, slots=True)
class AlreadyJudged:
    verdict: str | None
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MayNotJudge:
    permission: str


@dataclass(frozen=True, slots=True)
class SilentErrors:
    """What the samples of some weeks say. `wrong` is the share among the verdicts that are sure, with its interval:
    what is unsure or not yet judged is in neither part of it, so look at `range` as long as there is much of that."""

    weeks: tuple[date, ...]
    wrong: Share
    unsure: int
    unjudged: int

    @property
    def drawn(self) -> int:
        return self.wrong.total + self.unsure + self.unjudged

    @property
    def range(self) -> tuple[float, float]:
        """The share wrong of all that were drawn: if none, and if all, of what is left open were wrong."""
        left_open = self.unsure + self.unjudged
        return (Share(self.wrong.hits, self.drawn).value, Share(self.wrong.hits + left_open, self.drawn).value)


def week_of(moment: datetime) -> date:
    """The Monday of a moment's week in Bangkok."""
    day = clock.bangkok_date(moment)
    return day - timedelta(days=day.weekday())


def draw_sample(db: Session, *, now: datetime, size: int = SAMPLE_SIZE, seed: int | None = None) -> int:
    """Draws the sample of the week that ended last, unless it is drawn, and returns how many questions it has. Each
    confident answer of the week is as likely as any other; the same seed draws the same ones."""
    week = week_of(now) - WEEK
    since = datetime.combine(week, time(), clock.BANGKOK)
    if now < since + WEEK + STRAGGLERS:
        return 0
    seed = secrets.randbits(48) if seed is None else seed
    if not review_samples.add_sample(db, week=week, seed=seed, size=min(size, MOST_SAMPLED), now=now):
        return 0
    drawn = _draw(_answered(db, since=since, until=since + WEEK), seed=seed, size=min(size, MOST_SAMPLED))
    rows = [
        {"question_id": row.id, "reason": "sample", "key": key_of(row.text or ""), "at": now, "week": week}
        for row in (questions.find(db, number) for number in sorted(drawn))
        if row is not None
    ]
    reviews.add_items(db, rows)
    return len(rows)


def _draw(numbers: Iterable[int], *, seed: int, size: int) -> list[int]:
    """By a lot that each number draws for itself: words taken back meanwhile change nothing about the others."""
    return heapq.nsmallest(size, numbers, key=lambda number: (random.Random(f"{seed}/{number}").random(), number))  # noqa: S311 - no secret


def _answered(db: Session, *, since: datetime, until: datetime) -> Iterable[int]:
    after = 0
    while page := review_samples.list_answered(db, since=since, until=until, after=after, limit=PAGE):
        yield from page
        after = page[-1]


def list_sample(db: Session, *, week: date, limit: int = SAMPLE_SIZE) -> list[Sampled]:
    """What is still to be judged comes first."""
    return [
        Sampled(
            item.id, row.id, row.text, row.asked_at, row.entry, tuple(row.also), tuple(row.candidates), item.verdict,
            item.judged_by,
        )
        for item, row in review_samples.list_sampled(db, week=week, limit=limit)
    ]  # fmt: skip


def judge(
    db: Session,
    *,
    item_id: int,
    verdict: Verdict,
    by: str,
    may: Callable[[str], bool],
    now: datetime,
    seen: Verdict | None = None,
) -> Verdict | AlreadyJudged | MayNotJudge:
    """`seen` is the verdict that stands there for the reviewer: nobody's is overwritten unseen. An answer found wrong
    is reviewed like any other question from the next intake on. An item that is none is AlreadyJudged by nobody."""
    if not may(JUDGE):
        return MayNotJudge(JUDGE)
    if review_samples.set_verdict(db, item_id, seen=seen, verdict=verdict, by=by, now=now):
        return verdict
    item = review_samples.find_item(db, item_id)
    return AlreadyJudged(item.verdict, item.judged_by, item.judged_at) if item else AlreadyJudged(None, None, None)


def count_by_week(db: Session, *, now: datetime, weeks: int) -> list[SilentErrors]:
    """Each of the last finished weeks, the oldest first; a week without a sample has nothing drawn."""
    last = week_of(now) - WEEK
    first = last - (weeks - 1) * WEEK
    counts: dict[date, Counter[str | None]] = {first + number * WEEK: Counter() for number in range(weeks)}
    for week, verdict, count in review_samples.count_verdicts(db, since=first, until=last):
        counts[week][verdict] += count
    return [_summary((week,), count) for week, count in counts.items()]


def count_over(db: Session, *, now: datetime, weeks: int) -> SilentErrors:
    """The last finished weeks as one. A quiet week counts as much as a busy one, if as many were drawn."""
    last = week_of(now) - WEEK
    first = last - (weeks - 1) * WEEK
    counts: Counter[str | None] = Counter()
    for _, verdict, count in review_samples.count_verdicts(db, since=first, until=last):
        counts[verdict] += count
    return _summary(tuple(first + number * WEEK for number in range(weeks)), counts)


def _summary(weeks: tuple[date, ...], counts: Counter[str | None]) -> SilentErrors:
    wrong = Share(counts["wrong"], counts["wrong"] + counts["right"])
    return SilentErrors(weeks, wrong, unsure=counts["unsure"], unjudged=counts[None])
