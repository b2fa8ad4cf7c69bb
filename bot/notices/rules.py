"""What holds for every notice, as this centre has set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot import clock
from bot.settings import Settings

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rules:
    """`approval_above`: for more people than that, whoever wrote it needs somebody else's approval. `day`: when people
    may be written to, in Bangkok."""

    approval_above: int = 50
    cooling: timedelta = timedelta(minutes=5)
    weekly_cap: int = 4
    smallest_segment: int = 50
    day: tuple[time, time] = (time(8), time(20))
    multicasts_per_second: int = 120
    pushes_per_second: int = 200
    senders: int = 2
    link_domains: frozenset[str] = frozenset()

    def is_day(self, moment: datetime) -> bool:
        begins, ends = self.day
        return begins <= clock.in_bangkok(moment).time() < ends

    @property
    def day_in_minutes(self) -> tuple[int, int]:
        """After midnight."""
        begins, ends = self.day
        return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute

    def next_day_begins(self, moment: datetime) -> datetime:
        """The moment itself by day, else the next morning."""
        if self.is_day(moment):
            return moment
        local = clock.in_bangkok(moment)
        morning = datetime.combine(local.date(), self.day[0], clock.BANGKOK)
        return morning if local < morning else morning + timedelta(days=1)


def of(settings: Settings) -> Rules:
    return Rules(
        approval_above=settings.notice_approval_above,
        cooling=timedelta(minutes=settings.notice_cooling_minutes),
        weekly_cap=settings.notice_weekly_cap,
        smallest_segment=settings.notice_smallest_segment,
        day=settings.notice_day,
        multicasts_per_second=settings.multicasts_per_second,
        senders=settings.notice_senders,
        link_domains=settings.link_domains,
    )
