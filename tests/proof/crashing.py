"""The proof of durability: the bot's whole process group is killed again and again under load, a part of what it
acknowledged is sent once more, and in the end everything is counted."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, or_, select

from bot.bench import load
from bot.storage.incoming import IncomingRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.questions import MISSED, QuestionRow
from tests.proof.stand import Stand, made_questions, stand

CONNECTIONS = 4
REPEATED_SHARE = 0.2
RATE = 60.0


@dataclass(frozen=True)
class CrashFigures:
    kills: int
    acknowledged: int
    repeated: int
    lost: int
    effects_twice: int
    out_of_order: int
    replies: int
    replies_lost: int
    """Acknowledged events whose answer LINE never took and which nobody is told of. After three misses running the bot
    means to be silent: that is no loss."""
    replies_repeated: int
    unknown: int
    """Answers that LINE may have taken; staff see each of them."""
    unknown_delivered: int
    """How many of the unknown ones LINE had in fact taken, by its own journal."""
    undeliverable: int


def run_crashes(
    folder: Path, *, on: str, kills: int, people: int = 240, variant: str = "", seed: int = 5
) -> CrashFigures:
    chance = random.Random(seed)
    with stand(folder, on=on, variant=variant) as built:
        built.start()
        acknowledged: list[str] = []
        counted = Counter[str]()
        stop = threading.Event()
        sender = threading.Thread(target=_send_for_ever, args=[built, people, acknowledged, counted, stop])
        sender.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.7, 2.4))
            built.kill()
            built.start()
        stop.set()
        sender.join()
        built.wait_until_drained(seconds=300)
        return _count(built, acknowledged, kills, counted["repeated"])


def _send_for_ever(
    built: Stand, people: int, acknowledged: list[str], counted: Counter[str], stop: threading.Event
) -> None:
    """Half a second's worth at a time; a fifth of what was acknowledged is sent again later, as LINE may."""
    chance, number = random.Random(1), 0
    again: list[load.Shot] = []
    while not stop.is_set():
        number += 1
        shots = built.shots(made_questions(int(RATE / 2), people, seed=number))
        repeats, again = again[:10], again[10:]
        counted["repeated"] += len(repeats)
        by_id = {shot.event_ids[0]: shot for shot in shots}
        outcome = load.fire(("127.0.0.1", built.web_port), [*shots, *repeats], connections=CONNECTIONS, rate=RATE * 1.3)
        fresh = [event_id for event_id in outcome.acknowledged if event_id in by_id]
        acknowledged += fresh
        again += [by_id[event_id] for event_id in fresh if chance.random() < REPEATED_SHARE]
        chance.shuffle(again)


def _count(built: Stand, acknowledged: list[str], kills: int, repeated: int) -> CrashFigures:
    with built.database() as database, database.reading() as db:
        stored = {row.webhook_event_id.split("/")[0]: row.settled_at for row in db.query(IncomingRow)}
        effects = Counter(
            event_id.split("/")[0]
            for event_id in db.scalars(
                select(IncomingRow.webhook_event_id)
                .outerjoin(QuestionRow, QuestionRow.incoming_id == IncomingRow.id)
                .where(or_(QuestionRow.id.isnot(None), IncomingRow.outcome == "read together"))
            )
        )
        statuses = dict(db.execute(select(OutgoingRow.status, func.count()).group_by(OutgoingRow.status)).all())
        unknown = {
            event_id.split("/")[0]
            for event_id in db.scalars(
                select(IncomingRow.webhook_event_id)
                .join(OutgoingRow, OutgoingRow.incoming_id == IncomingRow.id)
                .where(OutgoingRow.status.in_(["unknown", "undeliverable"]))
            )
        }
        pushed = {
            key: event_id.split("/")[0]
            for key, event_id in db.execute(
                select(OutgoingRow.retry_key, IncomingRow.webhook_event_id).join(
                    IncomingRow, OutgoingRow.incoming_id == IncomingRow.id
                )
            )
        }
        silent = set(
            db.scalars(
                select(IncomingRow.webhook_event_id)
                .join(QuestionRow, QuestionRow.incoming_id == IncomingRow.id)
                .outerjoin(OutgoingRow, OutgoingRow.incoming_id == IncomingRow.id)
                .where(OutgoingRow.id.is_(None), QuestionRow.decision == MISSED)
            )
        )
        disordered = _out_of_order(db)
    taken = Counter(row["webhookEventId"] or pushed.get(row["retryKey"] or "", "?") for row in built.replies())
    told = set(acknowledged)
    return CrashFigures(
        kills=kills,
        acknowledged=len(told),
        repeated=repeated,
        lost=sum(1 for event_id in told if stored.get(event_id) is None or effects[event_id] == 0),
        effects_twice=sum(1 for count in effects.values() if count > 1),
        out_of_order=disordered,
        replies=sum(taken.values()),
        replies_lost=sum(1 for event_id in told if taken[event_id] == 0 and event_id not in unknown | silent),
        replies_repeated=sum(1 for count in taken.values() if count > 1),
        unknown=int(statuses.get("unknown", 0)),
        unknown_delivered=sum(1 for event_id in unknown if taken[event_id]),
        undeliverable=int(statuses.get("undeliverable", 0)),
    )


def _out_of_order(db: object) -> int:
    """How many turns were run before an earlier turn of the same person. Questions are numbered as they are run."""
    rows = db.execute(  # type: ignore[attr-defined]
        select(IncomingRow.lane, IncomingRow.id, QuestionRow.id)
        .join(QuestionRow, QuestionRow.incoming_id == IncomingRow.id)
        .order_by(IncomingRow.lane, QuestionRow.id)
    ).all()
    return sum(
        1
        for (lane, incoming_id, _), (next_lane, next_incoming_id, _) in itertools.pairwise(rows)
        if lane == next_lane and next_incoming_id < incoming_id
    )
