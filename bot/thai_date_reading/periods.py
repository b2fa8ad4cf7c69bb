"""When a citizen means, found in free talk: `เดือนหน้ามีอะไรที่แม่สายบ้าง`, `เสาร์นี้มีงานไหม`, `28 พ.ย. นี้`.

Rather none than a wrong one: "วันเสาร์เปิดไหม" asks about every Saturday, and names no day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.thai_date_reading.calendar_days import Span, existing_date, month_span, months_span, week_span
from bot.thai_date_reading.words import (
    ENGLISH_MONTH,
    MONTH,
    NUMBER,
    THAI_WEEKDAY,
    WHOLE_MONTH,
    gregorian_year,
    month_of,
    number_of,
    weekday_of,
)
from bot.thai_date_reading.written import (
    BEFORE,
    DAY,
    DAY_AND_MONTH,
    DAY_AND_MONTH_IN_FIGURES,
    DAY_MONTH_YEAR,
    LAST_DAY_AND_MONTH,
    MONTH_AND_DAY,
    ORDINAL,
    UNTIL,
    YEAR,
    YEAR_MONTH_DAY,
    Found,
    dated,
    steps,
)

SATURDAY = 5

Rule = tuple[re.Pattern[str], Callable[[Found, date], Span | None]]


_WHICH = r"(?P<which>นี้|นี่|หน้า(?!ฝน|หนาว|ร้อน)|ถัดไป|ที่แล้ว|ที่ผ่านมา|ก่อน(?! ?[ก-๎]))"
_WHICH_IN_ENGLISH = r"(?<![a-z])(?P<which>this|next|last) "


def _dated(found: Found, today: date) -> Span | None:
    day = dated(found, today)
    return (day, day) if day else None


def _dates(found: Found, today: date) -> Span | None:
    """`28-30 พ.ย.`, `28 พ.ย. - 2 ธ.ค.`"""
    last = dated(found, today)
    if last is None:
        return None
    month = month_of(found["first_month"]) if found["first_month"] else last.month
    first = existing_date(last.year - (month > last.month), month, number_of(found["first"]))
    return (first, last) if first and first <= last else None


def _day_of_month(found: Found, today: date) -> Span | None:
    """The next month that has it, counted from the month said; what has begun and is not over counts."""
    said = found["which"] or found["which_after"]
    first, last = number_of(found["day"]), number_of(found["last"] or found["day"])
    weekday = weekday_of(found["weekday"]) if found["weekday"] else None
    candidates: list[Span] = []
    for ahead in range(1 if said else 12):
        month = month_span(today.year, today.month + ahead + steps(said))[0]
        begins, ends = (existing_date(month.year, month.month, day) for day in (first, last))
        if begins and ends and begins <= ends and (said or ends >= today):
            candidates.append((begins, ends))
    fitting = [span for span in candidates if weekday in (None, span[0].weekday())]
    return next(iter(fitting or ([] if said else candidates)), None)


_TENTHS = {"ต้น": (1, 10), "กลาง": (11, 20), "ปลาย": (21, 31), "ท้าย": (21, 31), "สิ้น": (25, 31)}
_SEASONS = {"ต้น": (1, 3), "กลาง": (5, 8), "ปลาย": (10, 12), "ท้าย": (10, 12), "สิ้น": (12, 12)}
_ENGLISH_PARTS = {
    "beginning": "ต้น",
    "start": "ต้น",
    "middle": "กลาง",
    "end": "ปลาย",
    "early": "ต้น",
    "mid": "กลาง",
    "late": "ปลาย",
}


def _part_of_month(found: Found, today: date) -> Span | None:
    groups = found.groupdict()
    part = _ENGLISH_PARTS.get(found["part"], found["part"])
    year, month = today.year, today.month
    if groups.get("month"):
        named = _named_month(found, today)
        if named is None:
            return None
        year, month = named[0].year, named[0].month
    span = month_span(year, month + steps(groups.get("which")), *_TENTHS[part])
    passed = not groups.get("which") and not groups.get("month") and span[1] < today
    return month_span(year, month + 1, *_TENTHS[part]) if passed else span


def _part_of_year(found: Found, today: date) -> Span:
    span = months_span(today.year + steps(found["which"]), *_SEASONS[found["part"]])
    passed = not found["which"] and span[1] < today
    return months_span(today.year + 1, *_SEASONS[found["part"]]) if passed else span


def _weekend(found: Found, today: date) -> Span:
    saturday = week_span(today)[0] + timedelta(days=SATURDAY, weeks=steps(found["which"]))
    return saturday, saturday + timedelta(days=1)


def _weekday(found: Found, today: date) -> Span:
    """`เสาร์นี้` is the next one there is; `เสาร์หน้า` the one of next week."""
    weekday, weeks = weekday_of(found["weekday"]), steps(found["which"])
    if weeks:
        return _day_span(week_span(today)[0] + timedelta(days=weekday, weeks=weeks))
    return _day_span(today + timedelta(days=(weekday - today.weekday()) % 7))


def _day_span(day: date) -> Span:
    return day, day


def _this_week(found: Found, today: date) -> Span:
    return week_span(today + timedelta(weeks=steps(found["which"])))


def _this_month(found: Found, today: date) -> Span:
    return month_span(today.year, today.month + steps(found["which"]))


def _this_year(found: Found, today: date) -> Span:
    return months_span(today.year + steps(found["which"]), 1, 12)


def _named_month(found: Found, today: date) -> Span | None:
    """The next one; the present month counts."""
    groups, month = found.groupdict(), month_of(found["month"])
    year: int | None = today.year + (month < today.month)
    if groups.get("year"):
        year = gregorian_year(found["year"])
    elif groups.get("on"):
        year = today.year + steps(found["on"].removeprefix("ปี").strip())
    elif groups.get("past"):
        year = today.year - (month >= today.month)
    return month_span(year, month) if year else None


def _numbered_month(found: Found, today: date) -> Span | None:
    number = int(found["number"])
    return month_span(today.year + (number < today.month), number) if 1 <= number <= 12 else None


def _given_year(found: Found, today: date) -> Span | None:
    """Years that are near: `รัฐธรรมนูญปี 2560` asks about no event."""
    year = gregorian_year(found["year"])
    return months_span(year, 1, 12) if year and today.year - 1 <= year <= today.year + 10 else None


def _ahead(found: Found, today: date) -> Span:
    number = number_of(found["number"]) if found["number"].strip() != "a" else 1
    unit = found["unit"]
    if unit in ("วัน", "day"):
        return _day_span(today + timedelta(days=number))
    if unit in ("เดือน", "month"):
        return month_span(today.year, today.month + number)
    if unit in ("ปี", "year"):
        return months_span(today.year + number, 1, 12)
    return week_span(today + timedelta(weeks=number))


def _days_from_today(first: int, last: int) -> Callable[[Found, date], Span]:
    def span(_: Found, today: date) -> Span:
        return today + timedelta(days=first), today + timedelta(days=last)

    return span


def _dated_by_figures(found: Found, today: date) -> Span | None:
    """In free talk `3.11.13` is a version, or anything else."""
    return _dated(found, today) if found["sign"] == "/" or len(found["year"]) == 4 else None


def _usual_weekday(found: Found, today: date) -> Span | None:
    return None if _HABITS.search(found.string) else _weekday(found, today)


_HABITS = re.compile(r"เปิด|ปิด|ทำการ|ทุก|หยุด|ราชการ|ประจำ|(?<![a-z])(?:open|close|every)")
"""Words with which a day of the week means all of them."""
_UNCOUNTED = r"(?<!\d)(?<!\d )(?<!สอง)(?<!สาม)(?<!สี่)(?<!ห้า)(?<!ทุก)"
_NO_DAY = r"(?<!\d)(?<!\d )(?<![a-z])"
"""A date that does not exist is not the month either."""
_PARTS = r"(?<!ทุก)(?P<part>ต้น|กลาง|ปลาย|ท้าย|สิ้น)"
_ENGLISH_PART = r"(?<![a-z])(?P<part>beginning|start|middle|end|early|mid|late)(?:-| )(?:of )?(?:the )?"
_ENGLISH_DAY = r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?![a-z])"
_LATER = r"(?P<which_after>" + _WHICH.removeprefix("(?P<which>")
_TO_COME = rf"(?: ?ที่จะถึง(?:นี้)?| ?{_WHICH})"
_AND_LAST = rf"(?:{UNTIL}(?P<last>\d{{1,2}}))?"


def _rules(*rules: tuple[str, Callable[[Found, date], Span | None]]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), meaning) for pattern, meaning in rules)


_DATES = _rules(
    (
        (
            rf"{BEFORE}(?P<first>{DAY}){ORDINAL}(?: ?(?P<first_month>{MONTH})(?: ?(?:\d{{4}}|\d\d)(?!\d))?)?"
            rf"(?:{UNTIL}{NUMBER}){{0,5}}?{UNTIL}(?:วันที่ ?)?{LAST_DAY_AND_MONTH}{YEAR}"
        ),
        _dates,
    ),
    (rf"{BEFORE}{DAY_AND_MONTH}{YEAR}(?: ?นี้)?", _dated),
    (rf"{MONTH_AND_DAY}(?! (?:people|persons|seats|of us|or|times)){YEAR}", _dated),
    (rf"{BEFORE}{DAY_MONTH_YEAR}", _dated_by_figures),
    (rf"{BEFORE}{YEAR_MONTH_DAY}", _dated),
    (rf"(?:วันที่|{THAI_WEEKDAY}(?:ที่)?) ?{DAY_AND_MONTH_IN_FIGURES}", _dated),
)
DAY_RULES = _rules(
    (
        (
            rf"(?<!ทุก)(?:เดือน ?{_WHICH} ?)?"
            rf"(?:(?:วัน ?|(?!อาทิตย์ ?ที่ ?[1-5](?!\d)))(?P<weekday>{THAI_WEEKDAY}) ?ที่|(?<!ทุก)วันที่) ?(?P<day>\d{{1,2}})"
            rf"{_AND_LAST}(?!\d|[.:,/]\d| ?(?:ของ ?(?!เดือน ?(?:นี้|หน้า))|แล้ว|คน|โมง))(?: ?(?:ของ)?เดือน ?{_LATER}| ?นี้)?"
        ),
        _day_of_month,
    ),
    (rf"(?<!ทุก)วัน ?(?P<weekday>{THAI_WEEKDAY}){_TO_COME}", _weekday),
    (rf"(?<!ทุก)(?<!เสาร์)(?<!เสาร์-)(?P<weekday>(?!อาทิต){THAI_WEEKDAY}){_TO_COME}", _weekday),
    (rf"{_WHICH_IN_ENGLISH}{_ENGLISH_DAY}", _weekday),
    (r"(?:สองสาม|2 ?- ?3|3 ?- ?4) ?วันนี้", _days_from_today(0, 3)),
    (r"อีก ?(?:สองสาม|2 ?- ?3) ?วัน", _days_from_today(2, 3)),
    (rf"อีก ?(?:สัก|ประมาณ)? ?(?P<number>{NUMBER}) ?(?P<unit>วัน|อาทิตย์|สัปดาห์|เดือน|ปี)(?! ?ละ|นี้|ก่อน)", _ahead),
    (r"(?<![a-z])in (?P<number>\d{1,2}|a) (?P<unit>day|week|month|year)s?(?![a-z])", _ahead),
    (r"เมื่อวานซืน(?:นี้)?", _days_from_today(-2, -2)),
    (r"เมื่อวาน(?:นี้)?|(?<![a-z])yesterday", _days_from_today(-1, -1)),
    (r"(?:วัน ?)?มะ[รล]ืน(?:นี้)?|(?:วัน|มะ)ฮื[อน]้?|day after tomorrow", _days_from_today(2, 2)),
    (r"มะเรื่อง(?:นี้)?", _days_from_today(3, 3)),
    (r"(?:วัน ?)?(?:พรุ่ง|พุ่ง|พรุ้ง|พรุง)(?:นี้|นี่|นี)|วัน ?พรุ่ง|วัน ?พู[้๊]?ก|พูกนี้|(?<![a-z])tomorrow", _days_from_today(1, 1)),
    (rf"{_UNCOUNTED}วัน(?:นี้|นี่)|(?:คืน|เย็น|บ่าย|เช้า|ค่ำ)นี้|(?<![a-z])(?:today|tonight)(?![a-z])", _days_from_today(0, 0)),
)
_WEEKENDS = _rules(
    (rf"(?:วัน ?)?(?:สุดสัปดา(?:ห์)?|เสาร์ ?(?:-|และ|กับ)? ?(?:วัน)?อาทิต(?:ย์?)?|วี[คก]เอ็?น(?:ด์)?) ?{_WHICH}", _weekend),
    (r"(?<!ทุก)(?<!เปิด)(?<!ปิด)(?<!วัน)สุดสัปดาห์(?P<which>)(?!ละ)", _weekend),
    (rf"{_WHICH_IN_ENGLISH}weekend", _weekend),
)
_PARTS_OF_THEM = _rules(
    (rf"{_PARTS} ?(?:เดือน ?)?(?P<month>{MONTH}){YEAR}", _part_of_month),
    (rf"{_PARTS} ?เดือน(?: ?{_WHICH})?", _part_of_month),
    (rf"{_PARTS} ?ปี(?: ?{_WHICH})?(?!ใหม่)", _part_of_year),
    (rf"{_ENGLISH_PART}(?P<month>{ENGLISH_MONTH}){YEAR}", _part_of_month),
    (rf"{_ENGLISH_PART}(?:(?P<which>this|next|last) )?month(?![a-z])", _part_of_month),
)
_WHOLE = _rules(
    (rf"{_UNCOUNTED}(?:สัปดา(?:ห์)?|(?<!วัน)(?<!พระ)(?<!เสาร์)อาทิต(?:ย์?)?|วี[คก]) ?{_WHICH}", _this_week),
    (rf"{_WHICH_IN_ENGLISH}week(?!end)", _this_week),
    (rf"(?<!เงิน)เดือน ?(?P<month>{MONTH}){YEAR}", _named_month),
    (rf"(?<![a-z])(?:in|this|next) (?P<month>{ENGLISH_MONTH}){YEAR}", _named_month),
    (rf"{_NO_DAY}(?P<month>{WHOLE_MONTH}){YEAR}", _named_month),
    (rf"{_NO_DAY}(?P<month>{MONTH}) ?(?:นี้|หน้า)", _named_month),
    (rf"{_NO_DAY}(?P<month>{MONTH})(?= ?(?:ปี|\d{{4}}|[6-9]\d(?!\d))){YEAR}", _named_month),
    (rf"{_UNCOUNTED}(?<!เงิน)เดือน ?{_WHICH}", _this_month),
    (rf"{_WHICH_IN_ENGLISH}month", _this_month),
    (rf"{_UNCOUNTED}(?<!เงิน)(?<!ละ)เดือน ?(?P<number>\d{{1,2}})(?= ?(?:$|[?!.]|นี้|มี|จะ|ปี|ที่|ไหม|อะไร))", _numbered_month),
    (rf"{_UNCOUNTED}ปี ?{_WHICH}", _this_year),
    (rf"{_WHICH_IN_ENGLISH}year", _this_year),
    (r"ปี ?(?:[พค]\.? ?ศ\.? ?)?(?P<year>\d{4})(?!\d)", _given_year),
)
_USUAL = _rules(
    (
        (
            rf"(?<!ทุก)(?<!เกิด)(?<!เมื่อ)(?<!ถึง)(?<!-)(?<!และ)(?<!กับ)วัน ?(?P<weekday>{THAI_WEEKDAY})(?P<which>)"
            rf"(?! ?(?:-|ถึง|และ|กับ|ที่ ?\d|{THAI_WEEKDAY}))"
        ),
        _usual_weekday,
    ),
    (rf"(?<![a-z])(?:on|coming)(?P<which>) {_ENGLISH_DAY}", _usual_weekday),
)
RULES = (*_DATES, *_WEEKENDS, *_PARTS_OF_THEM, *DAY_RULES, *_WHOLE, *_USUAL)
"""The first that finds something wins: what says most comes first."""


def spans(spelt: str, rules: tuple[Rule, ...], *, today: date) -> Iterator[tuple[int, int, Span]]:
    """What is said in a `plain` text, best first: where it starts and ends, and the days it means."""
    for pattern, meaning in rules:
        for found in pattern.finditer(spelt):
            span = meaning(found, today)
            if span:
                yield found.start(), found.end(), span
