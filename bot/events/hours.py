"""When people may be written to and have to answer: by day, in Bangkok."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot import clock

DAY_BEGINS, DAY_ENDS = time(8), time(20)
EARLIEST_REMINDER, LATEST_REMINDER = time(7), time(20)


def is_day(moment: datetime) -> bool:
    return DAY_BEGINS <= clock.in_bangkok(moment).time() < DAY_ENDS


def next_day_begins(moment: datetime) -> datetime:
    """The moment itself by day, else the next morning."""
    local = clock.in_bangkok(moment)
    if is_day(moment):
        return moment
    morning = datetime.combine(local.date(), DAY_BEGINS, clock.BANGKOK)
    return morning if local < morning else morning + timedelta(days=1)


def answer_by(moment: datetime, minutes: int) -> datetime:
    """So many minutes later, of which those of the night do not count."""
    begin, left = next_day_begins(moment), timedelta(minutes=minutes)
    while True:
        evening = datetime.combine(clock.bangkok_date(begin), DAY_ENDS, clock.BANGKOK)
        if begin + left <= evening:
            return begin + left
        left -= evening - begin
        begin = next_day_begins(evening)


def reminder_at(starts_at: datetime, minutes: int) -> datetime:
    """So long before; a reminder that would come at night comes the evening before."""
    moment = starts_at - timedelta(minutes=minutes)
    local = clock.in_bangkok(moment)
    if EARLIEST_REMINDER <= local.time() <= LATEST_REMINDER:
        return moment
    evening = datetime.combine(local.date(), LATEST_REMINDER, clock.BANGKOK)
    return evening if local > evening else evening - timedelta(days=1)
