"""The proof of speed: so many signed events a second, every answer timed, nothing lost when the queue has drained."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.bench import load
from bot.storage.incoming import IncomingRow
from bot.storage.outgoing import OutgoingRow
from tests.proof.stand import Stand, made_questions, stand

CONNECTIONS = 32


@dataclass(frozen=True)
class LoadFigures:
    sent: int
    acknowledged: int
    statuses: dict[int, int]
    broken: int
    ack_p50_ms: float
    ack_p99_ms: float
    ack_max_ms: float
    stored: int
    lost: int
    drained_after_s: float
    reply_p50_s: float
    reply_p95_s: float
    replies: int
    outcomes: dict[str, int]


def run_load(folder: Path, *, on: str, rate: float, seconds: float, people: int = 2000) -> LoadFigures:
    with stand(folder, on=on) as built:
        built.start()
        warm = load.fire(("127.0.0.1", built.web_port), built.shots(made_questions(20, 20)), connections=4)
        assert set(warm.statuses) == {200}
        built.wait_until_drained(seconds=60)
        outcome = _fire_in_slices(built, rate, seconds, people)
        drained = built.wait_until_drained(seconds=600)
        return _figures(built, outcome, drained, warm)


def _fire_in_slices(built: Stand, rate: float, seconds: float, people: int) -> load.Outcome:
    """Events are prepared a second ahead, so that each reply token is young when its event arrives."""
    made = made_questions(int(rate * seconds), people)
    total = load.Outcome()
    slice_size = max(1, int(rate))
    for first in range(0, len(made), slice_size):
        began = time.time()
        shots = built.shots(made[first : first + slice_size])
        part = load.fire(("127.0.0.1", built.web_port), shots, connections=CONNECTIONS, rate=rate * 1.25)
        total.seconds += part.seconds
        total.statuses.update(part.statuses)
        total.acknowledged += part.acknowledged
        total.broken += part.broken
        total.sent_at.update(part.sent_at)
        time.sleep(max(0.0, len(shots) / rate - (time.time() - began)))
    return total


def _figures(built: Stand, outcome: load.Outcome, drained: float, warm: load.Outcome) -> LoadFigures:
    with built.database() as database, database.reading() as db:
        stored = set(db.scalars(select(IncomingRow.webhook_event_id)))
        outcomes = dict(db.execute(select(OutgoingRow.status, func.count()).group_by(OutgoingRow.status)).all())
    delays = sorted(
        datetime.fromisoformat(row["at"]).timestamp() - outcome.sent_at[row["webhookEventId"]]
        for row in built.replies()
        if row["webhookEventId"] in outcome.sent_at
    )
    return LoadFigures(
        sent=len(outcome.sent_at) + outcome.broken,
        acknowledged=len(outcome.acknowledged),
        statuses=dict(outcome.statuses),
        broken=outcome.broken,
        ack_p50_ms=round(outcome.quantile(0.5), 1),
        ack_p99_ms=round(outcome.quantile(0.99), 1),
        ack_max_ms=round(max(outcome.seconds) * 1000, 1),
        stored=len(stored) - len(warm.acknowledged),
        lost=len(set(outcome.acknowledged) - stored),
        drained_after_s=round(drained, 1),
        reply_p50_s=round(delays[len(delays) // 2], 2) if delays else float("nan"),
        reply_p95_s=round(delays[int(len(delays) * 0.95)], 2) if delays else float("nan"),
        replies=len(delays),
        outcomes={str(status): int(count) for status, count in outcomes.items()},
    )
