"""What time it is: UTC for storing, Bangkok for people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


def now() -> datetime:
    return datetime.now(UTC)


def in_bangkok(moment: datetime) -> datetime:
    return moment.astimezone(BANGKOK)


def bangkok_date(moment: datetime) -> date:
    """The calendar day on which people in Thailand live through `moment`."""
    return in_bangkok(moment).date()
