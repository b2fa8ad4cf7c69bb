"""The rules of announcements to many."""

from __future__ import annotations

from datetime import time

from pydantic import BaseModel, Field


class Notices(BaseModel):
    notice_approval_above: int = Field(
        50,
        alias="CIVICBOT_NOTICE_APPROVAL_ABOVE",
        ge=0,
        description="A notice to more people than this needs the approval of somebody who did not write it.",
    )
    notice_cooling_minutes: int = Field(
        5,
        alias="CIVICBOT_NOTICE_COOLING_MINUTES",
        ge=0,
        le=1440,
        description="How long an approved notice waits before it goes out, and may still be called back.",
    )
    notice_weekly_cap: int = Field(
        4,
        alias="CIVICBOT_NOTICE_WEEKLY_CAP",
        ge=1,
        le=50,
        description="How many notices a week one person gets at most.",
    )
    notice_smallest_segment: int = Field(
        50,
        alias="CIVICBOT_NOTICE_SMALLEST_SEGMENT",
        ge=1,
        description="A notice to people who share an interest needs at least so many of them: fewer could be guessed.",
    )
    notice_hours: str = Field(
        "08:00-20:00",
        alias="CIVICBOT_NOTICE_HOURS",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="When notices may go out, by the clock of Bangkok. Outside of it they wait for the morning.",
    )
    notice_senders: int = Field(
        2,
        alias="CIVICBOT_NOTICE_SENDERS",
        ge=1,
        le=8,
        description="How many requests to LINE one notice makes at the same time.",
    )
    multicasts_per_second: int = Field(
        120,
        alias="CIVICBOT_MULTICASTS_PER_SECOND",
        ge=1,
        le=160,
        description="How many requests for notices are made to LINE a second. LINE's limit is 200.",
    )

    @property
    def notice_day(self) -> tuple[time, time]:
        """When notices may go out: from, and until."""
        begins, _, ends = self.notice_hours.partition("-")
        return time.fromisoformat(begins), time.fromisoformat(ends)
