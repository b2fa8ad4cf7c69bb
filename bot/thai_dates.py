"""Dates as people in Thailand write them: Buddhist era, Thai month names. And in English, with the Gregorian year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot import clock

BUDDHIST_ERA_OFFSET = 543

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
"""From Monday, as `date.weekday` counts."""
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL_HOURS = 6
"""What begins in an evening and ends by this hour is one night, not two days."""


def buddhist_year(day: date) -> int:
    return day.year + BUDDHIST_ERA_OFFSET


def long_date(day: date, *, english: bool = False) -> str:
    """`24 พฤศจิกายน 2569`, `24 November 2026`."""
    return f"{_day_and_month(day, english=english)} {_year(day, english=english)}"


def short_date(day: date, *, english: bool = False) -> str:
    """`28 พ.ย. 69`, `28 Nov 2026`: only Thai readers take two digits for the Buddhist era."""
    if english:
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1][:3]} {day.year}"
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {buddhist_year(day) % 100:02d}"


def weekday_date(day: date, *, english: bool = False) -> str:
    """`วันเสาร์ที่ 28 พฤศจิกายน 2569`, `Saturday 28 November 2026`."""
    if english:
        return f"{ENGLISH_WEEKDAYS[day.weekday()]} {long_date(day, english=True)}"
    return f"วัน{WEEKDAYS[day.weekday()]}ที่ {long_date(day)}"


def date_and_time(moment: datetime, *, english: bool = False) -> str:
    """`24 พฤศจิกายน 2569 เวลา 09:05 น.`, in Bangkok time whatever the zone of `moment`."""
    local = clock.in_bangkok(moment)
    return _at(long_date(local.date(), english=english), f"{local:%H:%M}", english=english)


def short_date_and_time(moment: datetime) -> str:
    """`24 พ.ย. 69 09:05`, in Bangkok time."""
    return f"{short_date(clock.bangkok_date(moment))} {hour(moment)}"


def hour(moment: datetime) -> str:
    """`09:05`, in Bangkok time."""
    return f"{clock.in_bangkok(moment):%H:%M}"


def time_of_day(moment: datetime, *, english: bool = False) -> str:
    """`09:05 น.`, in Bangkok time."""
    return hour(moment) if english else f"{hour(moment)} น."


def span(starts_at: datetime, ends_at: datetime | None, *, english: bool = False) -> str:
    """When something is, in Bangkok time: with weekday and hours where it is one day, else the days alone.

    An end at midnight belongs to the day before it. An end that is not after the start is left out.
    """
    start = clock.in_bangkok(starts_at)
    if ends_at is None or ends_at <= starts_at:
        return _at(weekday_date(start.date(), english=english), f"{start:%H:%M}", english=english)
    end = clock.in_bangkok(ends_at)
    last = (end - timedelta(microseconds=1)).date()
    if last == start.date():
        return _one_day(start, end, english=english)
    if last == start.date() + timedelta(days=1) and end.hour < SMALL_HOURS and start.hour >= 12:
        return _one_night(start, end, english=english)
    return days(start.date(), last, english=english)


def days(first: date, last: date, *, english: bool = False) -> str:
    """`28–30 พฤศจิกายน 2569`, `28 พฤศจิกายน – 2 ธันวาคม 2569`; what both ends share is said once."""
    ending = long_date(last, english=english)
    if first == last:
        return ending
    if first.year != last.year:
        return f"{long_date(first, english=english)} – {ending}"
    if first.month != last.month:
        return f"{_day_and_month(first, english=english)} – {ending}"
    return f"{first.day}–{ending}"


def relative_day(day: date, today: date, *, english: bool = False) -> str:
    """`วันนี้`, `พรุ่งนี้`, `มะรืนนี้`, `อีก 3 วัน`, `เมื่อวาน`, `3 วันก่อน`."""
    ahead = (day - today).days
    if english:
        named = {0: "today", 1: "tomorrow", -1: "yesterday"}
        return named.get(ahead) or (f"in {ahead:,} days" if ahead > 0 else f"{-ahead:,} days ago")
    named = {0: "วันนี้", 1: "พรุ่งนี้", 2: "มะรืนนี้", -1: "เมื่อวาน"}
    return named.get(ahead) or (f"อีก {ahead:,} วัน" if ahead > 0 else f"{-ahead:,} วันก่อน")


def _day_and_month(day: date, *, english: bool) -> str:
    return f"{day.day} {(ENGLISH_MONTHS if english else MONTHS)[day.month - 1]}"


def _year(day: date, *, english: bool) -> int:
    return day.year if english else buddhist_year(day)


def _at(said: str, hours: str, *, english: bool) -> str:
    return f"{said}, {hours}" if english else f"{said} เวลา {hours} น."


def _one_day(start: datetime, end: datetime, *, english: bool) -> str:
    said = weekday_date(start.date(), english=english)
    until = f"{end:%H:%M}" if end.date() == start.date() else "24:00"
    if f"{start:%H:%M}" == "00:00" and until == "24:00":
        return f"{said}, all day" if english else f"{said} ทั้งวัน"
    return _at(said, f"{start:%H:%M}–{until}", english=english)


def _one_night(start: datetime, end: datetime, *, english: bool) -> str:
    said = weekday_date(start.date(), english=english)
    if english:
        return f"{said}, {start:%H:%M} until {end:%H:%M} the next day"
    return f"{said} เวลา {start:%H:%M} น. ถึง {end:%H:%M} น. ของวันรุ่งขึ้น"
