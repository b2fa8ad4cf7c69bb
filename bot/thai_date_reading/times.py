"""Times of day as people in Thailand type them, read: `9.30 น.`, `บ่ายสองโมงครึ่ง`, `สามทุ่ม`, `10:30-12:00`, `9 am`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from bot.thai_date_reading.words import NUMBER, number_of, plain
from bot.thai_dates import SMALL_HOURS

LONGEST = 200
NOON, MIDNIGHT = 12 * 60, 24 * 60


class Fault(Enum):
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    """`rest` is what could not be made sense of."""
    NO_DATE = "no_date"
    NO_TIME = "no_time"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_YEAR = "no_such_year"
    NO_SUCH_TIME = "no_such_time"
    AMBIGUOUS_YEAR = "ambiguous_year"
    """Two digits of which nobody knows the era."""
    AMBIGUOUS_TIME = "ambiguous_time"
    """`6 โมง` without morning or evening, `สามโมงเช้า` in the old count; midnight as the start of something."""
    OTHER_WEEKDAY = "other_weekday"
    """`day` falls on another day of the week than the `weekday` typed."""
    ENDS_BEFORE_START = "ends_before_start"


@dataclass(frozen=True)
class CannotRead:
    """What was read before it went wrong stands beside the reason."""

    fault: Fault
    rest: str = ""
    day: date | None = None
    weekday: int | None = None
    """As typed; Monday is 0."""
    parts: tuple[int, int, int | None] | None = None
    """Day, month and Gregorian year of a date that does not exist."""
    starts_at: time | None = None
    ends_at: time | None = None


_FIGURES = re.compile(
    r"(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d)(?:[.:]00)?)?(?: ?(?P<half>[ap])\.?m\.?)?(?P<unit> ?น\.?| ?นาฬิกา)?"
)
_RUN = re.compile(r"(?P<hour>\d\d)(?P<minute>\d\d)(?: ?น\.?)?")
_SPOKEN = re.compile(
    rf"(?P<before>ตี|บ่าย)? ?(?P<number>{NUMBER})? ?(?P<unit>โมง|ทุ่ม)?(?: ?(?P<one>หนึ่ง|นึง)(?!นาที))? ?"
    rf"(?P<after>เช้า|เย็น)? ?(?P<minutes>ครึ่ง|ตรง|{NUMBER}(?: ?นาที)?)? ?(?P<last>เช้า|เย็น)?"
)
_NAMED = {
    "เที่ยง": NOON, "เที่ยงวัน": NOON, "เที่ยงตรง": NOON, "เที่ยงครึ่ง": NOON + 30, "noon": NOON,
    "เที่ยงคืน": MIDNIGHT, "midnight": MIDNIGHT,
}  # fmt: skip
_HOURS = {
    "ตี": {number: number for number in range(1, 7)},
    "บ่าย": {number: 12 + number for number in range(1, 6)},
    "เช้า": {number: number for number in range(6, 12)},
    "เย็น": {number: 12 + number for number in range(3, 8)},
    "ทุ่ม": {number: 18 + number for number in range(1, 7)},
    "โมง": {number: 12 + number if number < 6 else number for number in (*range(1, 6), *range(7, 24))},
}
"""By what is said with the number. `สี่โมง` alone is in the afternoon, `เก้าโมง` in the morning."""
_AMBIGUOUS = {"โมง": (6,), "เช้า": range(1, 6)}
_TO = re.compile(r" ?(?:-|จนถึง|ถึง|(?<![a-z])(?:to|until|till)(?![a-z])) ?")
_BARE_START = re.compile(rf"(?P<start>{NUMBER}) ?(?:-|ถึง) ?(?P<end>{NUMBER})(?P<unit>.*)", re.DOTALL)
_LEADING = re.compile(r"^(?:[ ,()]|เวลา|ตั้งแต่|ตอน|ช่วง|เริ่ม|(?<![a-z])(?:at|from)(?![a-z]))+")


def read_times(text: str) -> tuple[time, time | None] | CannotRead:
    """One time, or two with an end. An end after midnight is taken for an evening's only.

    Midnight is `time(0)`, also where it ends a day: `24:00`, `เที่ยงคืน`, `หกทุ่ม`.
    """
    minutes = read_minutes(text)
    if isinstance(minutes, CannotRead):
        return minutes
    start, end = minutes
    return clock_time(start), None if end is None else clock_time(end)


def clock_time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def read_minutes(text: str) -> tuple[int, int | None] | CannotRead:
    """Like `read_times`, in minutes from the day's first midnight: an end on the next day is above `MIDNIGHT`."""
    spelt = _LEADING.sub("", plain(text[:LONGEST])[0]).rstrip(" ,()").removesuffix("เป็นต้นไป").rstrip()
    if not spelt:
        return CannotRead(Fault.EMPTY)
    said = _parts(spelt)
    if len(said) > 2 or len(text) > LONGEST:
        return CannotRead(Fault.UNREADABLE, rest=spelt)
    start = _minutes(said[0])
    if isinstance(start, Fault):
        return CannotRead(start, rest=said[0])
    return (start, None) if len(said) == 1 else _with_end(start, said[1])


def _with_end(start: int, said: str) -> tuple[int, int] | CannotRead:
    end = _minutes(said)
    if isinstance(end, Fault):
        return CannotRead(end, rest=said, starts_at=clock_time(start))
    start %= MIDNIGHT
    if end > start:
        return start, end
    if start >= NOON and end <= SMALL_HOURS * 60:
        return start, end + MIDNIGHT
    return CannotRead(Fault.ENDS_BEFORE_START, starts_at=clock_time(start), ends_at=clock_time(end))


def _parts(spelt: str) -> list[str]:
    """Start and end. In `9-11 โมง` the unit is said once, in `9-11.30` not at all."""
    bare = _BARE_START.fullmatch(spelt)
    if not bare or bare["unit"][:1].isdecimal():
        return _TO.split(spelt)
    unit = bare["unit"].strip()
    if unit.startswith((".", ":")):
        return [f"{bare['start']} น.", bare["end"] + unit]
    return [f"{number} {unit or 'น.'}" for number in (bare["start"], bare["end"])]


def _minutes(said: str) -> int | Fault:
    """From midnight; midnight itself, unless typed as 00:00, is the one that ends the day."""
    said = said.strip()
    if said in _NAMED:
        return _NAMED[said]
    if figures := _FIGURES.fullmatch(said) or _RUN.fullmatch(said):
        return _from_figures(figures.groupdict())
    spoken = _SPOKEN.fullmatch(said)
    if not spoken or not (spoken["unit"] or spoken["before"]):
        return Fault.UNREADABLE
    return _from_speech(spoken)


def _from_figures(figures: dict[str, str | None]) -> int | Fault:
    hour, minute = int(figures["hour"] or 0), int(figures["minute"] or 0)
    half = figures.get("half")
    if not (figures["minute"] or half or figures.get("unit")):
        return Fault.UNREADABLE
    if half and not 1 <= hour <= 12:
        return Fault.NO_SUCH_TIME
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minutes = hour * 60 + minute
    return minutes if minute < 60 and minutes <= MIDNIGHT else Fault.NO_SUCH_TIME


def _from_speech(spoken: re.Match[str]) -> int | Fault:
    part_of_day = spoken["after"] or spoken["last"]
    said = spoken["before"] or part_of_day or spoken["unit"]
    if spoken["unit"] == "ทุ่ม":
        if spoken["before"] or part_of_day:
            return Fault.UNREADABLE
        said = "ทุ่ม"
    number = number_of(spoken["number"]) if spoken["number"] else 1 if spoken["unit"] and said in ("บ่าย", "ทุ่ม") else 0
    hour = _HOURS[said].get(number)
    if hour is None:
        return Fault.AMBIGUOUS_TIME if number in _AMBIGUOUS.get(said, ()) else Fault.NO_SUCH_TIME
    past = _past(spoken["minutes"])
    return hour * 60 + past if past < 60 else Fault.NO_SUCH_TIME


def _past(minutes: str | None) -> int:
    if minutes is None or minutes == "ตรง":
        return 0
    return 30 if minutes == "ครึ่ง" else number_of(minutes.removesuffix("นาที").strip())
