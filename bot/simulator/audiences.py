"""Audiences: people under a name, ready for a narrowcast some time after they were asked for."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulator.crowds import PackedIds

AudienceKind = Literal["UPLOAD", "CLICK", "IMP"]
MOST_AUDIENCES = 1_000
MOST_JOBS_AT_ONCE = 10
JOBS_SHOWN = 50
LEAST_PEOPLE = 50
"""Of an audience made of who looked or clicked; below, it never becomes ready."""
LEAST_TOLD = 20
DAY = 24 * 3600
KEPT_SECONDS, FORGOTTEN_SECONDS = 180 * DAY, 210 * DAY
QUEUED_SECONDS, WORKING_SECONDS = 1.0, 2.0
"""When a job begins, and when it is finished, both from its creation. Ours: LINE speaks of hours."""


@dataclass(frozen=True, slots=True)
class Job:
    """People on their way into an audience."""

    job_id: int
    description: str | None
    people: PackedIds
    created: float

    def is_finished(self, now: float) -> bool:
        return now - self.created >= WORKING_SECONDS

    def status(self, now: float) -> str:
        if self.is_finished(now):
            return "FINISHED"
        return "QUEUED" if now - self.created < QUEUED_SECONDS else "WORKING"


@dataclass(slots=True)
class Audience:
    audience_id: int
    kind: AudienceKind
    name: str
    created: float
    is_ifa: bool = False
    """Of identifiers for advertisers, which belong to nobody here."""
    request_id: str | None = None
    click_url: str | None = None
    jobs: list[Job] = field(default_factory=list)
    _counted: tuple[int, int] = (0, 0)
    """How many jobs were finished when the people were counted, and how many people there were."""

    def list_people(self, now: float) -> Iterator[str]:
        """Each once."""
        finished = [job for job in self.jobs if job.is_finished(now)]
        if len(finished) == 1:
            return iter(finished[0].people)
        return iter(dict.fromkeys(itertools.chain.from_iterable(job.people for job in finished)))

    def count(self, now: float) -> int:
        finished = sum(job.is_finished(now) for job in self.jobs)
        if finished != self._counted[0]:
            self._counted = (finished, sum(1 for _user_id in self.list_people(now)))
        return self._counted[1]

    def status(self, now: float) -> str:
        if now - self.created >= KEPT_SECONDS:
            return "EXPIRED"
        least = 1 if self.kind == "UPLOAD" else LEAST_PEOPLE
        return "READY" if self.count(now) >= least else "IN_PROGRESS"

    def is_of(self, kind: AudienceKind, request_id: str, click_url: str | None) -> bool:
        return (self.kind, self.request_id, self.click_url) == (kind, request_id, click_url)

    def describe_new(self) -> dict[str, Any]:
        """As the call that makes an audience is answered."""
        about: dict[str, Any] = {
            "audienceGroupId": self.audience_id, "createRoute": "MESSAGING_API", "type": self.kind,
            "description": self.name, "created": int(self.created), "permission": "READ_WRITE",
            "expireTimestamp": int(self.created + KEPT_SECONDS), "isIfaAudience": self.is_ifa,
        }  # fmt: skip
        about |= {"requestId": self.request_id} if self.request_id is not None else {}
        return about | ({"clickUrl": self.click_url} if self.click_url is not None else {})

    def describe(self, now: float) -> dict[str, Any]:
        told = self.kind == "UPLOAD" and not self.is_ifa
        count = self.count(now)
        shown = count if told or count >= LEAST_TOLD else 0
        return {**self.describe_new(), "status": self.status(now), "audienceCount": shown}

    def describe_jobs(self, now: float) -> list[dict[str, Any]]:
        if self.kind != "UPLOAD":
            return []
        return [
            {
                "audienceGroupJobId": job.job_id, "audienceGroupId": self.audience_id, "description": job.description,
                "type": "DIFF_ADD", "status": job.status(now), "failedType": None, "audienceCount": len(job.people),
                "created": int(job.created), "jobStatus": job.status(now),
            }
            for job in self.jobs[-JOBS_SHOWN:]
        ]  # fmt: skip


class Audiences:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1_000_000_000_001)
        self._job_ids = itertools.count(10_000_001)
        self._audiences: dict[int, Audience] = {}

    def reset(self) -> None:
        with self._lock:
            self._audiences = {}

    def add(
        self, kind: AudienceKind, name: str, *, now: float, is_ifa: bool = False, request_id: str | None = None,
        click_url: str | None = None,
    ) -> Audience | None:  # fmt: skip
        """None when there are as many as there may be."""
        with self._lock:
            kept = {key: each for key, each in self._audiences.items() if now - each.created < FORGOTTEN_SECONDS}
            self._audiences = kept
            if len(kept) >= MOST_AUDIENCES:
                return None
            audience = Audience(next(self._ids), kind, name, now, is_ifa, request_id, click_url)
            kept[audience.audience_id] = audience
            return audience

    def put_in(self, audience: Audience, people: list[str], *, description: str | None, now: float) -> bool:
        """Begins a job; False when as many are under way as may be."""
        with self._lock:
            if sum(not job.is_finished(now) for job in audience.jobs) >= MOST_JOBS_AT_ONCE:
                return False
            packed = PackedIds(list(dict.fromkeys(people)))
            audience.jobs.append(Job(next(self._job_ids), description, packed, now))
            return True

    def find(self, audience_id: object, *, now: float) -> Audience | None:
        audience = self._audiences.get(audience_id) if isinstance(audience_id, int) else None
        return audience if audience is not None and now - audience.created < FORGOTTEN_SECONDS else None

    def find_like(self, kind: AudienceKind, request_id: str, click_url: str | None) -> Audience | None:
        """One that was made of the same message, and for clicks of the same address."""
        with self._lock:
            return next((each for each in self._audiences.values() if each.is_of(kind, request_id, click_url)), None)

    def remove(self, audience: Audience) -> None:
        with self._lock:
            self._audiences.pop(audience.audience_id, None)

    def list_all(self, *, now: float) -> list[Audience]:
        """The newest first."""
        with self._lock:
            audiences = list(self._audiences.values())
        return [each for each in reversed(audiences) if now - each.created < FORGOTTEN_SECONDS]
