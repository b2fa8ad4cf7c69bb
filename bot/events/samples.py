"""Sample events, so that a new installation has something to show and to try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.events import planning
from bot.events.event_draft import Asked, Part, Plan
from bot.storage import events
from knowledge.content_events import SampleEvent, SampleTime
from knowledge.pack import Pack

SOURCE = "sample:"
"""Before the key of a sample, as the event's source."""
NAMES = {
    "place": "place_name", "address": "place_address", "link": "online_link", "phone": "phone_rule",
    "party": "party_most", "keep_days": "retention_days", "waiting_list": "has_waiting_list", "classes": "for_classes",
    "feedback": "asks_feedback", "certificate": "gives_certificate",
}  # fmt: skip
"""Where the file calls something otherwise than a plan does."""


def load_samples(db: Session, samples: Sequence[SampleEvent], *, pack: Pack, now: datetime) -> int:
    """Published, as many as said; none where there is any event already. Raises planning.PlanRefused."""
    if events.count(db):
        return 0
    for sample in samples:
        key = f"{SOURCE}{sample.texts['key']}"
        plan = plan_of(sample, loaded=clock.bangkok_date(now))
        event = planning.create(db, plan, created_by=None, now=now, pack=pack, source_key=key)
        planning.publish(db, event_id=event.id, seen=event.version, now=now, pack=pack)
    return len(samples)


def plan_of(sample: SampleEvent, *, loaded: date) -> Plan:
    parts = [_part(time, loaded) for time in sample.times]
    starts_at, ends_at = min(start for start, _ in parts), max(end for _, end in parts)
    values: dict[str, Any] = {
        NAMES.get(name, name): value
        for given in (sample.texts, sample.numbers, sample.checks)
        for name, value in given.items()
        if name not in {"key", "opens_days_before"}
    }
    if "opens_days_before" in sample.numbers:
        values["opens_at"] = starts_at - timedelta(days=sample.numbers["opens_days_before"])
    values["latitude"], values["longitude"] = sample.point or (None, None)
    sessions = [Part(time.title, *part) for time, part in zip(sample.times, parts, strict=True)]
    questions = [Asked(one.label, one.kind, one.choices, required=one.required) for one in sample.questions]
    return Plan(
        **values,
        starts_at=starts_at,
        ends_at=ends_at,
        sessions=tuple(sessions) if len(sessions) > 1 else (),
        questions=tuple(questions),
    )


def _part(time: SampleTime, loaded: date) -> tuple[datetime, datetime]:
    day = datetime.combine(time.day(loaded), datetime.min.time(), clock.BANGKOK)
    starts, ends = (day.replace(hour=hour, minute=minute) for hour, minute in (time.starts, time.ends))
    return starts.astimezone(UTC), ends.astimezone(UTC)
