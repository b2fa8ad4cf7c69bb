"""Nobody can be found in what is published, neither by looking nor by calculating."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.outreach import public_summary
from bot.outreach.figures import Durations
from bot.outreach.public_summary import Hidden, MonthNotOver, PublicSummary, Shown, alone, suppress
from bot.storage.engine import Database
from bot.storage.figures import GroupCount, Outcome
from tests.bot.outreach.counting import answer, ask, ask_as

OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 10, 5, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
SMALL, COVER = Hidden.SMALL, Hidden.COVER
TOPICS = ("a.topic", "b.topic", "c.topic", "d.topic")

Published = tuple[Shown, ...] | None
Rule = Callable[[Sequence[GroupCount]], Published]


def one_each(*questions: int) -> list[GroupCount]:
    return [GroupCount(number, number) for number in questions]


@pytest.mark.parametrize(
    ("questions", "published"),
    [
        ((9, 7, 5), (9, 7, 5)),
        ((40, 30, 2), (40, COVER, SMALL)),
        ((40, 30, 2, 2), (40, 30, SMALL, SMALL)),
        ((40, 30, 3, 3), (40, COVER, SMALL, SMALL)),
        ((40, 30, 0, 1), (40, COVER, SMALL, SMALL)),
        ((40, 30, 4, 4), (40, COVER, SMALL, SMALL)),
        ((5, 0), None),
        ((40, 2), (COVER, SMALL)),
        ((4, 4, 4), None),
        ((1, 2, 3, 4), (SMALL, SMALL, SMALL, SMALL)),
    ],
)
def test_what_is_hidden_beside_the_small(questions: tuple[int, ...], published: Published) -> None:
    assert suppress(one_each(*questions)) == published


def test_a_few_people_who_asked_a_lot_are_few_people() -> None:
    assert suppress([GroupCount(90, 30), GroupCount(80, 4), GroupCount(70, 40)]) == (COVER, SMALL, COVER)
    assert (alone(GroupCount(80, 4)), alone(GroupCount(5, 5))) == (SMALL, 5)


def parts_of(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in parts_of(total - first, parts - 1):
            yield (first, *others)


def fewest_guesses(rule: Rule, *, parts: int, totals: range, a_heavy_asker: bool = False) -> dict[str, int]:
    """The attack: knowing the rule and the total, take all numbers that would be published just so, and look how many
    values a hidden number can have. The worst case for small numbers, and for tables that are not shown at all."""
    worst = {"small": 99, "withheld": 99}
    for total in totals:
        alike: dict[Published, list[list[GroupCount]]] = defaultdict(list)
        for world in parts_of(total, parts):
            groups = one_each(*world)
            alike[rule(groups)].append(groups)
            if a_heavy_asker:
                for place, group in enumerate(groups):
                    other = [*groups]
                    other[place] = GroupCount(group.questions, min(group.questions, 1))
                    alike[rule(other)].append(other)
        for published, worlds in alike.items():
            for place in range(parts):
                values = len({groups[place].questions for groups in worlds})
                if published is None:
                    worst["withheld"] = min(worst["withheld"], values)
                elif published[place] is SMALL:
                    worst["small"] = min(worst["small"], values)
    return worst


@pytest.mark.parametrize(("parts", "totals"), [(2, range(5, 40)), (3, range(5, 31)), (4, range(5, 23))])
def test_a_small_number_cannot_be_calculated_by_whoever_knows_the_rule(parts: int, totals: range) -> None:
    found = fewest_guesses(suppress, parts=parts, totals=totals)
    assert found["small"] >= 3, found
    assert found["withheld"] >= 2, found


def test_nor_where_few_people_asked_a_lot() -> None:
    found = fewest_guesses(suppress, parts=3, totals=range(5, 24), a_heavy_asker=True)
    assert found["small"] >= 3, found
    assert found["withheld"] >= 2, found


def test_the_attack_finds_numbers_that_nothing_covers() -> None:
    def hides_the_small_only(groups: Sequence[GroupCount]) -> Published:
        return tuple(alone(group) for group in groups)

    def hides_one_more(groups: Sequence[GroupCount]) -> Published:
        hidden = [place for place, group in enumerate(groups) if group.people < 5]
        others = sorted((group.questions, place) for place, group in enumerate(groups) if place not in hidden)
        cover = others[0][1] if len(hidden) == 1 and others else None
        return tuple(
            SMALL if place in hidden else COVER if place == cover else group.questions
            for place, group in enumerate(groups)
        )

    assert fewest_guesses(hides_the_small_only, parts=3, totals=range(5, 20))["small"] == 1
    assert fewest_guesses(hides_one_more, parts=3, totals=range(5, 20))["small"] == 1


def fill(database: Database) -> None:
    with database.transaction() as db:
        ask_as(db, IN_OCTOBER, "a.topic", people=40, feedback="yes")
        ask_as(db, IN_OCTOBER, "b.topic", people=30)
        ask_as(db, IN_OCTOBER, "c.topic", people=2, feedback="no")
        ask_as(db, IN_OCTOBER, people=6)
        ask_as(db, IN_OCTOBER, people=7, decision="clarify")
        ask_as(db, IN_OCTOBER, people=3, refusal="political")
        ask_as(db, NOVEMBER, "a.topic", people=99)
        ask_as(db, IN_OCTOBER - timedelta(days=10), "a.topic", people=99)
        answer(db, IN_OCTOBER, after=1.5)


def test_a_month(database: Database) -> None:
    fill(database)
    with database.reading() as db:
        found = public_summary.summarise(db, month=OCTOBER, topics=TOPICS, now=NOVEMBER)
    assert found == PublicSummary(
        month=OCTOBER,
        questions=85,
        people=40,
        outcomes={Outcome.ANSWERED: 72, Outcome.CLARIFIED: 7, Outcome.MISSED: 6},
        topics={"a.topic": 40, "b.topic": COVER, "c.topic": SMALL, "d.topic": SMALL},
        declined=SMALL,
        feedback={"yes": 40, "no": SMALL},
        waiting=Durations(1, 1.5, 1.5),
    )
    assert found.topics is not None
    assert list(found.topics) == ["a.topic", "b.topic", "c.topic", "d.topic"]


def test_where_the_number_answered_is_hidden_topics_are_not_shown(database: Database) -> None:
    with database.transaction() as db:
        ask_as(db, IN_OCTOBER, "a.topic", people=9)
        ask_as(db, IN_OCTOBER, people=20)
        ask_as(db, IN_OCTOBER, people=2, decision="clarify")
        found = public_summary.summarise(db, month=OCTOBER, topics=TOPICS, now=NOVEMBER)
    assert found.outcomes == {Outcome.ANSWERED: COVER, Outcome.CLARIFIED: SMALL, Outcome.MISSED: 20}
    assert found.topics is None


def test_of_a_month_with_four_people_nothing_is_said(database: Database) -> None:
    with database.transaction() as db:
        ask_as(db, IN_OCTOBER, "a.topic", people=4, feedback="yes")
        ask(db, IN_OCTOBER, "a.topic", asker="person 0", times=20)
        answer(db, IN_OCTOBER, after=1)
        found = public_summary.summarise(db, month=OCTOBER, topics=TOPICS, now=NOVEMBER)
    assert found == PublicSummary(OCTOBER, SMALL, SMALL, None, None, SMALL, {"yes": SMALL, "no": SMALL}, None)


def test_a_month_that_is_not_over_is_refused(database: Database) -> None:
    with database.reading() as db, pytest.raises(MonthNotOver):
        public_summary.summarise(db, month=OCTOBER, topics=TOPICS, now=NOVEMBER - timedelta(seconds=1))


def test_the_order_of_what_is_hidden_tells_nothing(database: Database) -> None:
    with database.transaction() as db:
        ask_as(db, IN_OCTOBER, "a.topic", people=40)
        for entry, people in (("b.topic", 1), ("c.topic", 3), ("d.topic", 2)):
            ask_as(db, IN_OCTOBER, entry, people=people)
        ask_as(db, IN_OCTOBER, people=10)
        ask_as(db, IN_OCTOBER, people=10, decision="clarify")
        found = public_summary.summarise(db, month=OCTOBER, topics=TOPICS, now=NOVEMBER)
    assert found.topics is not None
    assert list(found.topics.items()) == [("a.topic", 40), ("b.topic", SMALL), ("c.topic", SMALL), ("d.topic", SMALL)]
