"""What is wrong with an event as it is planned: all of it at once, by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.events.event_draft import CHOICE, KINDS, MINORS, PHONE_RULES, Asked, Part, Plan
from knowledge.pack import Named, Pack

LONGEST = {
    "title": 200, "summary": 2_000, "place_name": 200, "place_address": 300, "online_link": 500, "bring": 500,
    "contact": 200, "purpose": 500,
}  # fmt: skip
LONGEST_LABEL, LONGEST_PART, LONGEST_CHOICE = 200, 120, 60
MOST_QUESTIONS, MOST_SESSIONS, MOST_REMINDERS = 10, 20, 5
FEWEST_CHOICES, MOST_CHOICES = 2, 10
RANGES = {
    "capacity": (1, 100_000), "party_most": (1, 20), "offer_minutes": (0, 4_320), "retention_days": (1, 730),
}  # fmt: skip
REMINDER_RANGE = (10, 43_200)
LONGEST_EVENT = timedelta(days=366)


class Fault(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN = "unknown"
    """No value that this field can have, or an id of something else."""
    NOT_HTTPS = "not_https"
    HALF = "half"
    """Latitude without longitude, a start without an end."""
    PAST = "past"
    OVER = "over"
    """The event is past: its times stand."""
    ENDS_BEFORE_START = "ends_before_start"
    OUTSIDE = "outside"
    """A session that is not within the event; registration that opens or closes too late."""
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    TWICE = "twice"
    CONTRADICTS = "contradicts"
    """Classes of pupils at an event for adults."""
    PROMISED = "promised"
    """Kept longer than those who have registered were told."""
    CHECKED_IN = "checked_in"
    """A session at which people have been checked in cannot be taken away."""


Faults = Mapping[str, tuple[Fault, ...]]
"""By field; of the second session `sessions.1`, of the first question's choices `questions.0.choices`."""


@dataclass
class _Found:
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)

    def __call__(self, name: str, fault: Fault, *, when: bool = True) -> None:
        if when and fault not in self.faults.get(name, ()):
            self.faults[name] = (*self.faults.get(name, ()), fault)


def find_faults(plan: Plan, *, pack: Pack | None = None, kept: Plan | None = None) -> Faults:
    """Of any plan, also one that is half made. With `pack`, of programmes and districts too; one that stands in `kept`
    already may stay, be it in the pack no longer."""
    found = _Found()
    for name, longest in LONGEST.items():
        found(name, Fault.TOO_LONG, when=len(getattr(plan, name)) > longest)
    for name, (least, most) in RANGES.items():
        value = getattr(plan, name)
        found(name, Fault.OUT_OF_RANGE, when=value is not None and not least <= value <= most)
    found("phone_rule", Fault.UNKNOWN, when=plan.phone_rule not in PHONE_RULES)
    found("minors", Fault.UNKNOWN, when=plan.minors not in MINORS)
    found("for_classes", Fault.CONTRADICTS, when=plan.for_classes and plan.minors == "adults")
    found("online_link", Fault.NOT_HTTPS, when=bool(plan.online_link) and not is_https(plan.online_link))
    if pack is not None:
        _check_named(found, "programme", plan, pack.programmes, kept)
        _check_named(found, "district", plan, pack.districts, kept)
    _check_coordinates(found, plan)
    _check_times(found, plan)
    _check_reminders(found, plan.reminder_minutes)
    _check_sessions(found, plan)
    _check_questions(found, plan.questions)
    return found.faults


def find_faults_to_publish(plan: Plan, *, now: datetime) -> Faults:
    """What is missing, beside what `find_faults` finds, before anybody may see the event."""
    found = _Found()
    found("title", Fault.MISSING, when=not plan.title)
    found("place_name", Fault.MISSING, when=not (plan.place_name or plan.online_link))
    found("starts_at", Fault.MISSING, when=plan.starts_at is None)
    found("ends_at", Fault.MISSING, when=plan.ends_at is None)
    found("starts_at", Fault.PAST, when=plan.starts_at is not None and plan.starts_at <= now)
    found("closes_at", Fault.PAST, when=plan.closes_at is not None and plan.closes_at <= now)
    for number, part in enumerate(plan.sessions):
        found(f"sessions.{number}", Fault.MISSING, when=part.starts_at is None)
    return found.faults


def merged(*several: Faults) -> Faults:
    found = _Found()
    for faults in several:
        for name, ones in faults.items():
            for one in ones:
                found(name, one)
    return found.faults


def is_https(link: str) -> bool:
    if any(letter.isspace() or letter in '<>"\\' for letter in link):
        return False
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) and parts.username is None and port != 0


def _check_named(found: _Found, name: str, plan: Plan, known: Sequence[Named], kept: Plan | None) -> None:
    chosen = getattr(plan, name)
    stays = kept is not None and getattr(kept, name) == chosen
    found(name, Fault.UNKNOWN, when=chosen is not None and not stays and chosen not in {one.id for one in known})


def _check_coordinates(found: _Found, plan: Plan) -> None:
    found("latitude", Fault.HALF, when=(plan.latitude is None) is not (plan.longitude is None))
    found("latitude", Fault.OUT_OF_RANGE, when=plan.latitude is not None and not -90 <= plan.latitude <= 90)
    found("longitude", Fault.OUT_OF_RANGE, when=plan.longitude is not None and not -180 <= plan.longitude <= 180)


def _check_times(found: _Found, plan: Plan) -> None:
    start, end = plan.starts_at, plan.ends_at
    found("ends_at" if end is None else "starts_at", Fault.HALF, when=(start is None) is not (end is None))
    if start is not None and end is not None:
        found("ends_at", Fault.ENDS_BEFORE_START, when=end <= start)
        found("ends_at", Fault.TOO_LONG, when=end - start > LONGEST_EVENT)
    if start is not None:
        found("opens_at", Fault.OUTSIDE, when=plan.opens_at is not None and plan.opens_at >= start)
        found("closes_at", Fault.OUTSIDE, when=plan.closes_at is not None and plan.closes_at > start)
    if plan.opens_at is not None and plan.closes_at is not None:
        found("closes_at", Fault.ENDS_BEFORE_START, when=plan.closes_at <= plan.opens_at)


def _check_reminders(found: _Found, minutes: Sequence[int]) -> None:
    least, most = REMINDER_RANGE
    found("reminder_minutes", Fault.TOO_MANY, when=len(minutes) > MOST_REMINDERS)
    found("reminder_minutes", Fault.TWICE, when=len(set(minutes)) < len(minutes))
    found("reminder_minutes", Fault.OUT_OF_RANGE, when=any(not least <= one <= most for one in minutes))


def _check_sessions(found: _Found, plan: Plan) -> None:
    found("sessions", Fault.TOO_MANY, when=len(plan.sessions) > MOST_SESSIONS)
    _check_ids(found, "sessions", plan.sessions)
    for number, part in enumerate(plan.sessions):
        name = f"sessions.{number}"
        found(name, Fault.TOO_LONG, when=len(part.title) > LONGEST_PART)
        found(name, Fault.HALF, when=(part.starts_at is None) is not (part.ends_at is None))
        if part.starts_at is None or part.ends_at is None:
            continue
        found(name, Fault.ENDS_BEFORE_START, when=part.ends_at <= part.starts_at)
        if plan.starts_at is not None and plan.ends_at is not None:
            found(name, Fault.OUTSIDE, when=part.starts_at < plan.starts_at or part.ends_at > plan.ends_at)


def _check_questions(found: _Found, questions: Sequence[Asked]) -> None:
    found("questions", Fault.TOO_MANY, when=len(questions) > MOST_QUESTIONS)
    _check_ids(found, "questions", questions)
    labels = [" ".join(one.label.split()).lower() for one in questions]
    for number, (one, label) in enumerate(zip(questions, labels, strict=True)):
        name, choices = f"questions.{number}", f"questions.{number}.choices"
        found(name, Fault.MISSING, when=not label)
        found(name, Fault.TOO_LONG, when=len(one.label) > LONGEST_LABEL)
        found(name, Fault.TWICE, when=bool(label) and label in labels[:number])
        found(name, Fault.UNKNOWN, when=one.kind not in KINDS)
        if one.kind != CHOICE:
            continue
        found(choices, Fault.TOO_FEW, when=len(one.choices) < FEWEST_CHOICES)
        found(choices, Fault.TOO_MANY, when=len(one.choices) > MOST_CHOICES)
        found(choices, Fault.TWICE, when=len(set(one.choices)) < len(one.choices))
        found(choices, Fault.TOO_LONG, when=any(len(choice) > LONGEST_CHOICE for choice in one.choices))


def _check_ids(found: _Found, name: str, ones: Sequence[Part] | Sequence[Asked]) -> None:
    ids = [one.id for one in ones if one.id is not None]
    found(name, Fault.TWICE, when=len(set(ids)) < len(ids))
