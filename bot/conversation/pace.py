"""How fast somebody writes: a brake for floods, so that one phone cannot keep everybody else waiting.

A bucket that holds one minute's allowance and leaks at that rate. Once it has run over, the bot says so, once, and
keeps quiet until it is half empty; what arrives meanwhile counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

URGENT_ANSWERS_EVERY = timedelta(minutes=1)


class Verdict(StrEnum):
    FINE = "fine"
    BRAKING = "braking"
    """The message that made the bucket run over: the sender is told."""
    BRAKED = "braked"
    """Later ones: no answer."""


@dataclass(frozen=True, slots=True)
class Pace:
    level: float = 0.0
    at: datetime | None = None
    braked: bool = False
    urgent_at: datetime | None = None
    """When an urgent message last passed a brake."""


def take(
    pace: Pace, *, now: datetime, per_minute: int, messages: int = 1, urgent: bool = False
) -> tuple[Pace, Verdict]:
    """The pace after `messages` more, and what to do about them. An urgent one passes a brake, once a minute."""
    elapsed = max(0.0, (now - pace.at).total_seconds()) if pace.at else 0.0
    left = max(0.0, pace.level - elapsed * per_minute / 60)
    level = min(left + messages, 2.0 * per_minute)
    still = pace.braked and left > per_minute / 2
    after = replace(pace, level=level, at=now, braked=still or level > per_minute)
    if not after.braked:
        return after, Verdict.FINE
    if urgent and (pace.urgent_at is None or now - pace.urgent_at >= URGENT_ANSWERS_EVERY):
        return replace(after, urgent_at=now), Verdict.FINE
    return after, Verdict.BRAKED if still else Verdict.BRAKING
