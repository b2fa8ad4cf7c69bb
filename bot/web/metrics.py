"""/metrics: how the work is getting on, in numbers, for Prometheus and the like. Nothing of it is about anybody."""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from bot import clock
from bot.settings import Settings
from bot.storage import channel, holds, watching
from bot.storage.engine import Database

LOOPBACK = frozenset({"127.0.0.1", "::1"})
EVERY_KIND_OF_WORK = 1_000_000


def blueprint(*, settings: Settings, database: Database) -> Blueprint:
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        """404 for whoever may not see them: that they are here is nobody's business."""
        if not _may_see(settings.metrics_token.get_secret_value()):
            return Response(status=404)
        registry = CollectorRegistry(auto_describe=False)
        with database.reading() as db:
            registry.register(_Counted(list(_count(db, settings.data_dir, now=clock.now()))))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return pages


class _Counted(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _may_see(token: str) -> bool:
    """With the token from anywhere; without one from this very machine, unless a proxy of it asks for somebody else."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.remote_addr in LOOPBACK and not forwarded


def _count(db: Session, folder: Path, *, now: datetime) -> Iterator[Metric]:
    work = GaugeMetricFamily("civicbot_jobs", "Work that is open, or was given up.", labels=("kind", "status"))
    for (kind, status), number in watching.count_jobs(db).items():
        work.add_metric((kind, status), number)
    yield work
    oldest = watching.find_oldest_due(db, now=now, priority_below=EVERY_KIND_OF_WORK)
    waiting = (now - oldest[1]).total_seconds() if oldest is not None else 0.0
    yield GaugeMetricFamily("civicbot_oldest_due_seconds", "How long the oldest due work has been due.", value=waiting)
    yield _by(
        "civicbot_cases", "Cases that are not closed, and overdue ones among them.", watching.count_cases(db, now=now)
    )
    yield _by("civicbot_notices", "Notices.", watching.count_notices(db))
    known, following = watching.count_people(db)
    yield _by(
        "civicbot_people", "People known, and of these still following.", {"known": known, "following": following}
    )
    yield GaugeMetricFamily(
        "civicbot_waiting_to_hear",
        "Questions whose askers wait to hear back.",
        value=watching.count_waiting_to_hear(db),
    )
    quota = channel.find_quota(db)
    if quota is not None:
        yield GaugeMetricFamily("civicbot_quota_used", "Messages used of this month's quota.", value=quota.used)
        if quota.limit is not None:
            yield GaugeMetricFamily("civicbot_quota_limit", "Messages that the plan allows.", value=quota.limit)
    alarms = GaugeMetricFamily("civicbot_alarm", "1 while the alarm is on.", labels=("name",))
    for name, on in watching.count_alarms(db).items():
        alarms.add_metric((name,), float(on))
    yield alarms
    backup = watching.find_last_backup(db, now=now)
    if backup.made_at is not None:
        yield GaugeMetricFamily(
            "civicbot_last_backup_timestamp_seconds", "When the last whole backup was made.",
            value=backup.made_at.timestamp(),
        )  # fmt: skip
    held = float(holds.is_sending_held(db))
    yield GaugeMetricFamily("civicbot_sending_held", "1 while nothing is sent by itself after a restore.", value=held)
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    yield GaugeMetricFamily("civicbot_disk_free_bytes", "Free on the disk of the data folder.", value=float(free))


def _by(name: str, what: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=("state",))
    for state, number in counts.items():
        family.add_metric((state,), number)
    return family
