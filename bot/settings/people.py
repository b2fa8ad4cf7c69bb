"""How people are answered by people, and who answers for their data."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise

from pydantic import BaseModel, Field, field_validator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_PIECE = re.compile(rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? (?P<begins>{_CLOCK})-(?P<ends>{_CLOCK})")


class People(BaseModel):
    office_hours: str = Field(
        "mon-fri 08:30-16:30",
        alias="CIVICBOT_OFFICE_HOURS",
        description="When staff answer people, by the clock of Bangkok: mon-fri 08:30-12:00, mon-fri 13:00-16:30.",
    )
    holidays: str = Field(
        "",
        alias="CIVICBOT_HOLIDAYS",
        description="Days on which nobody is in the office, with commas between them: 2026-12-07, 2026-12-10.",
    )
    answer_hours: int = Field(
        8,
        alias="CIVICBOT_ANSWER_HOURS",
        ge=1,
        le=400,
        description="Within how many office hours people are promised an answer from staff.",
    )
    urgent_minutes: int = Field(
        30,
        alias="CIVICBOT_URGENT_MINUTES",
        ge=5,
        le=1440,
        description="After how many minutes an urgent case that nobody has taken is overdue, by day and by night.",
    )
    quiet_minutes: int = Field(
        30,
        alias="CIVICBOT_QUIET_MINUTES",
        ge=1,
        le=1440,
        description="How long the bot keeps quiet for somebody after staff last wrote to them.",
    )
    data_controller: str = Field(
        "",
        alias="CIVICBOT_DATA_CONTROLLER",
        description="The body that answers for personal data by law. Unset: the centre's own name.",
    )
    privacy_contact: str = Field(
        "",
        alias="CIVICBOT_PRIVACY_CONTACT",
        description="Whom to ask about personal data, and how: a name or an office, with a number or an e-mail"
        " address.",
    )
    data_host: str = Field(
        "",
        alias="CIVICBOT_DATA_HOST",
        description="Who runs the machines on which the data is kept, and in which country.",
    )

    @field_validator("office_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        read_week(value)
        return value

    @field_validator("holidays")
    @classmethod
    def _are_days(cls, value: str) -> str:
        read_days(value)
        return value

    @property
    def office_week(self) -> tuple[tuple[int, time, time], ...]:
        """Weekday (Monday is 0), from, until; in order, and none beginning before the one before it has ended."""
        return read_week(self.office_hours)

    @property
    def days_off(self) -> frozenset[date]:
        return read_days(self.holidays)


def read_week(text: str) -> tuple[tuple[int, time, time], ...]:
    """Raises ValueError."""
    found = []
    for piece in filter(None, map(str.strip, text.lower().split(","))):
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise ValueError(f"{piece!r} is not like mon-fri 08:30-16:30 or sat 09:00-12:00")
        first, last = DAYS.index(match["first"]), DAYS.index(match["last"] or match["first"])
        begins, ends = time.fromisoformat(match["begins"]), time.fromisoformat(match["ends"])
        if last < first or ends <= begins:
            raise ValueError(f"{piece!r} ends before it begins")
        found += [(day, begins, ends) for day in range(first, last + 1)]
    if not found:
        raise ValueError("name at least one time in the week at which people are answered")
    found.sort()
    for (day, _, ends), (next_day, begins, _) in pairwise(found):
        if day == next_day and begins < ends:
            raise ValueError(f"two times on {DAYS[day]} overlap")
    return tuple(found)


def read_days(text: str) -> frozenset[date]:
    """Raises ValueError. Years are those of the common era, as everywhere in settings."""
    days = []
    for piece in filter(None, map(str.strip, text.split(","))):
        try:
            day = date.fromisoformat(piece)
        except ValueError as error:
            raise ValueError(f"{piece!r} is not a day like 2026-12-05") from error
        if day.year > 2400:
            raise ValueError(f"{piece!r} has a year of the Buddhist era: write {day.year - 543}{piece[4:]}")
        days.append(day)
    return frozenset(days)
