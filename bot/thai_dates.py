"""Dates as people in Thailand write them: Buddhist era, Thai month names."""

from __future__ import annotations

from datetime import date, datetime

from bot import clock

BUDDHIST_ERA_OFFSET = 543

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip


def buddhist_year(day: date) -> int:
    return day.year + BUDDHIST_ERA_OFFSET


def long_date(day: date) -> str:
    """`24 พฤศจิกายน 2569`."""
    return f"{day.day} {MONTHS[day.month - 1]} {buddhist_year(day)}"


def date_and_time(moment: datetime) -> str:
    """`24 พฤศจิกายน 2569 เวลา 09:05 น.`, in Bangkok time whatever the zone of `moment`."""
    local = clock.in_bangkok(moment)
    return f"{long_date(local.date())} เวลา {local:%H:%M} น."


def time_of_day(moment: datetime) -> str:
    """`09:05 น.`, in Bangkok time."""
    return f"{clock.in_bangkok(moment):%H:%M} น."
