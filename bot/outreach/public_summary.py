"""What the centre publishes about a month, in which nobody can be found.

A number that fewer than five people stand behind is not shown. That alone would hide little: where the other numbers
and their total are shown, the hidden ones are what is missing from the total. So more is hidden to cover them:

1. What fewer than five people asked is `Hidden.SMALL`. None at all counts as few: who knows that there were some would
   know something about them.
2. Whoever subtracts learns the sum of all that is hidden, and bounds with it: a small number lies between 0 and 4, a
   cover between 5 and the smallest number that is shown. As long as those bounds leave out any number from 0 to 4 for
   a small one, the smallest number still shown is hidden too, as `Hidden.COVER`. (Four people may have asked more than
   four questions. That only widens the bounds.)
3. Where that is not enough with everything hidden, the table is not shown at all: only its total is.

Whoever only subtracts is left with every number from 0 to 4. Whoever knows these rules too, and asks which tables
would have been published just so, can rule some out, and in every table that was tried is left with three at the least
(the tests try them). A cover is no small group: its own number may be found, and harms no one.

Tables hang together: the topics add up to what was answered, and what was answered, asked back and missed to the
month's questions. Where the number answered is hidden, topics are not shown. Yes and no are not added up anywhere, and
how many people asked about a topic is never said: people ask about several. Only finished months are summed up, so
that no two summaries differ by a single day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot import clock
from bot.outreach.figures import MEASURED, Durations, durations_between, midnight, next_month
from bot.storage import figures
from bot.storage.figures import GroupCount, Outcome

FEWEST = 5
NOBODY = GroupCount(0, 0)
PARTS = (Outcome.ANSWERED, Outcome.CLARIFIED, Outcome.MISSED)


class MonthNotOver(Exception):
    def __init__(self, month: date) -> None:
        super().__init__(month)
        self.month = month


class Hidden(StrEnum):
    SMALL = "small"
    COVER = "cover"


Shown = int | Hidden


@dataclass(frozen=True, slots=True)
class PublicSummary:
    month: date
    questions: Shown
    people: Shown
    outcomes: Mapping[Outcome, Shown] | None
    """None: not shown."""
    topics: Mapping[str, Shown] | None
    """Those that are shown first, most asked on top. None: not shown."""
    declined: Shown
    feedback: Mapping[str, Shown]
    waiting: Durations | None


def summarise(db: Session, *, month: date, topics: Iterable[str], now: datetime) -> PublicSummary:
    """`month` is its first day; `topics` are all that can be asked about. Raises MonthNotOver."""
    after = next_month(month)
    if clock.bangkok_date(now) < after:
        raise MonthNotOver(month)
    since, until = midnight(month), midnight(after)
    everyone = figures.count_people(db, since=since, until=until)
    counted = figures.count_outcomes_with_people(db, since=since, until=until)
    said = figures.count_feedback_with_people(db, since=since, until=until)
    feedback = {answer: alone(said.get(answer, NOBODY)) for answer in ("yes", "no")}
    declined = alone(counted.get(Outcome.DECLINED, NOBODY))
    if is_small(everyone):
        return PublicSummary(month, Hidden.SMALL, Hidden.SMALL, None, None, declined, feedback, None)
    parts = suppress([counted.get(part, NOBODY) for part in PARTS])
    outcomes = dict(zip(PARTS, parts, strict=True)) if parts is not None else None
    return PublicSummary(
        month=month,
        questions=everyone.questions,
        people=everyone.people,
        outcomes=outcomes,
        topics=_topics(db, month, topics) if outcomes and isinstance(outcomes[Outcome.ANSWERED], int) else None,
        declined=declined,
        feedback=feedback,
        waiting=durations_between(db, since=since, until=until, every=max(1, everyone.questions // MEASURED)),
    )


def is_small(group: GroupCount) -> bool:
    return group.people < FEWEST


def alone(group: GroupCount) -> Shown:
    """A number that no published total contains."""
    return Hidden.SMALL if is_small(group) else group.questions


def suppress(groups: Sequence[GroupCount]) -> tuple[Shown, ...] | None:
    """What to publish of the parts of a total that is published too. None: nothing. See above."""
    small = [group.questions for group in groups if is_small(group)]
    if not small:
        return tuple(group.questions for group in groups)
    in_view = sorted((group.questions, place) for place, group in enumerate(groups) if not is_small(group))
    hidden, covers = sum(small), 0
    while not _leaves_open(hidden, small=len(small), covers=covers, largest=in_view[0][0] if in_view else hidden):
        if not in_view:
            return None
        hidden, covers = hidden + in_view.pop(0)[0], covers + 1
    shown = {place for _, place in in_view}
    return tuple(
        group.questions if place in shown else Hidden.SMALL if is_small(group) else Hidden.COVER
        for place, group in enumerate(groups)
    )


def _leaves_open(hidden: int, *, small: int, covers: int, largest: int) -> bool:
    """Whether a small number may be any from 0 to 4, for all that subtracting tells."""
    least = hidden - (FEWEST - 1) * (small - 1) - largest * covers
    most = hidden - FEWEST * covers
    return least <= 0 and most >= FEWEST - 1


def _topics(db: Session, month: date, known: Iterable[str]) -> dict[str, Shown] | None:
    counted = figures.count_answers_with_people(db, since=midnight(month), until=midnight(next_month(month)))
    names = sorted({*known, *counted}, key=lambda name: (-counted.get(name, NOBODY).questions, name))
    published = suppress([counted.get(name, NOBODY) for name in names])
    if published is None:
        return None
    found = dict(zip(names, published, strict=True))
    return dict(sorted(found.items(), key=lambda item: (not isinstance(item[1], int), _order(item))))


def _order(item: tuple[str, Shown]) -> tuple[int, str]:
    """What is hidden stands in the order of its name: its place must not tell how much it is."""
    name, shown = item
    return (-shown if isinstance(shown, int) else 0, name)
