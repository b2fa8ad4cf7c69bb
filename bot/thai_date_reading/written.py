"""A date written out with its month, in words or figures: how that looks, and which day it is."""

from __future__ import annotations

import re
from datetime import date

from bot.thai_date_reading.calendar_days import YEARS_TO_A_LEAP_DAY, coming_date, existing_date
from bot.thai_date_reading.words import ENGLISH_MONTH, MONTH, NUMBER, WEEKDAY, gregorian_year, month_of, number_of

Found = re.Match[str]

_COUNTED = r"(?!\d|[.:]\d| ?(?:คน|บาท|ท่าน|ราย|ครั้ง|ที่นั่ง))"
_CLOCK = r"(?! ?(?:-|ถึง|โมง|ทุ่ม|น(?![ก-๎])|นาฬิกา|นาที|am\b|pm\b|a\.m|p\.m))"
YEAR = (
    rf"(?:,? ?(?:ปี ?)?(?:[พค]\.? ?ศ\.? ?)?(?P<year>\d{{4}}|[4-9]\d|[0-3]\d{_CLOCK}){_COUNTED}"
    r"| ?(?:ของ)?(?P<on>ปี ?(?:นี้|หน้า|ที่แล้ว))| ?(?P<past>ที่ผ่านมา|ที่แล้ว))?"
)
UNTIL = r" ?(?:-|ถึง|และ|กับ|,|&|(?:to|and|until)(?![a-z])) ?"
ORDINAL = r"(?:st|nd|rd|th)?(?: of)?"
DAY = rf"(?<![\d.,:/\-])(?:{NUMBER})"
LAST_DAY_AND_MONTH = rf"(?P<day>{NUMBER}){ORDINAL} ?(?:เดือน ?)?(?P<month>{MONTH})"
DAY_AND_MONTH = rf"(?<![\d.,:/\-]){LAST_DAY_AND_MONTH}"
DAY_AND_MONTH_IN_FIGURES = r"(?<![\d./\-])(?P<day>\d{1,2}) ?/ ?(?P<month>\d{1,2})(?![\d/])"
MONTH_AND_DAY = rf"(?P<month>(?<![a-z]){ENGLISH_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.:]\d| ?[ap]\.?m)"
DAY_MONTH_YEAR = (
    r"(?<![\d./\-])(?P<day>\d{1,2}) ?(?P<sign>[/.\-]) ?(?P<month>\d{1,2}) ?(?P=sign) ?"
    r"(?P<year>\d{4}|\d\d)(?![\d/\-]|\.\d)"
)
YEAR_MONTH_DAY = (
    r"(?<![\d./\-])(?P<year>\d{4})(?P<sign>[/.\-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d/\-]|\.\d)"
)
BEFORE = rf"(?:(?:วัน)?{WEEKDAY}(?: ?ที่)?,? ?)?(?:วันที่ ?)?"


def dated(found: Found, today: date) -> date | None:
    """The date of one of the patterns above."""
    groups = found.groupdict()
    day, month = number_of(groups["day"]), groups["month"]
    number = int(month) if month.isdecimal() else month_of(month)
    if groups.get("year"):
        year = gregorian_year(groups["year"])
        return existing_date(year, number, day) if year else None
    if groups.get("on"):
        return existing_date(today.year + steps(groups["on"].removeprefix("ปี").strip()), number, day)
    if groups.get("past"):
        passed = (existing_date(today.year - back, number, day) for back in range(YEARS_TO_A_LEAP_DAY + 1))
        return next((there for there in passed if there and there < today), None)
    return coming_date(day, number, today=today)


def steps(said: str | None) -> int:
    """How many weeks, months or years on: 0 for this one."""
    if said in ("หน้า", "ถัดไป", "next"):
        return 1
    return -1 if said in ("ที่แล้ว", "ก่อน", "ที่ผ่านมา", "last") else 0
