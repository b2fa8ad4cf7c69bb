"""What is done in a database that was put back, before anybody is served from it: who was erased is erased again, and
nothing that it had under way is done by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from bot import logs
from bot.backups import erasures, putting_back
from bot.backups.places import Plan
from bot.backups.putting_back import UNFINISHED
from bot.outreach import audit
from bot.privacy import erasing
from bot.queue.kinds import JobKind
from bot.storage import backups, holds, restoring, tombstones
from bot.storage.engine import Database
from bot.storage.restoring import Erased, Settled
from bot.vault import Unreadable, Vault

log = logs.get(__name__)

A_BATCH = 500
SPEAKING = frozenset(
    {
        JobKind.TURN, JobKind.TELL, JobKind.SERVICE_TELL, JobKind.NOTICE_PLAN, JobKind.NOTICE_SEND,
        JobKind.NOTICE_TRIAL, JobKind.CASE_SAY, JobKind.CASE_ALERT, JobKind.CASE_TELL,
    }
)  # fmt: skip
"""Kinds of job that write to people."""


@dataclass(frozen=True, slots=True)
class Finished:
    settled: Settled
    erased: int
    """People who were in the copy and had been erased since."""
    unreadable_lists: int
    faults: tuple[str, ...]


def is_unfinished(database: Database) -> bool:
    with database.reading() as db:
        hold = holds.find(db, holds.SENDING)
    return hold is not None and hold.why == UNFINISHED


def finish(database: Database, vault: Vault, plan: Plan, *, now: datetime) -> Finished:
    """After it the hold says `restored`, and the service may start. What was broken off is done by doing it again."""
    remembered = putting_back.recall(plan)
    known, unreadable = _open(vault, erasures.together(remembered.lists))
    _bring_in(database, vault, known)
    erased = _erase_again(database, vault, known, now=now)
    with database.transaction() as db:
        settled = restoring.settle_all(db, turn=JobKind.TURN, speaking=SPEAKING, now=now)
        backups.note_restored(db, name=remembered.name, now=now)
        holds.begin(db, holds.SENDING, why=restoring.WHY, now=now)
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="backup.restored",
            subject=("backup", remembered.name or "unknown"),
            after={"erased": erased, "turns": settled.turns, "notices": settled.notices}, now=now,
        )  # fmt: skip
    putting_back.forget(plan)
    log.info("restore.finished", erased=erased, turns=settled.turns, deliveries=settled.deliveries)
    return Finished(settled, erased, unreadable, remembered.faults)


Known = list[tuple[bytes, Sequence[Erased]]]


def _open(vault: Vault, lists: Sequence[tuple[bytes, Sequence[Erased]]]) -> tuple[Known, int]:
    known: dict[bytes, list[Erased]] = {}
    unreadable = 0
    for sealed, erased in lists:
        try:
            known.setdefault(vault.open(sealed), []).extend(erased)
        except Unreadable:
            unreadable += 1
    return list(known.items()), unreadable


def _bring_in(database: Database, vault: Vault, known: Known) -> None:
    """So that nothing that reaches us late brings them back. A copy that is older than the first erasure has no key for
    it yet; if it has another one, its own stays, and those of the list are only erased again."""
    with database.transaction() as db:
        own = tombstones.find_key(db, vault)
        for secret, erased in known:
            if own is None:
                restoring.keep_key(db, tombstones.KEY, vault.seal(secret))
                own = secret
            if own == secret:
                restoring.add_missing_erased(db, erased)


def _erase_again(database: Database, vault: Vault, known: Known, *, now: datetime) -> int:
    """Whoever came back after their erasure, and is in the copy as that, stays."""
    latest = [(secret, _latest(erased)) for secret, erased in known]
    count, after = 0, 0
    while latest:
        with database.reading() as db:
            people = restoring.list_people(db, after=after, limit=A_BATCH)
        for person_id, user_id, seen_at in people:
            moments = (erased.get(tombstones.key_of(secret, user_id)) for secret, erased in latest)
            if any(moment is not None and moment >= seen_at for moment in moments):
                with database.transaction() as db:
                    erasing.erase(db, vault, person_id=person_id, way="restore", now=now)
                count += 1
        if len(people) < A_BATCH:
            break
        after = people[-1][0]
    return count


def _latest(erased: Sequence[Erased]) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for one in erased:
        latest[one.key] = max(one.erased_at, latest.get(one.key, one.erased_at))
    return latest


def tell(done: Finished) -> None:
    settled = done.settled
    click.echo(f"erased again, who was erased since: {done.erased}")
    click.echo(
        f"not done by itself any more: {settled.turns} messages of people that waited for an answer,"
        f" {settled.deliveries} answers of which nobody knows whether they arrived;"
        f" held: {settled.service_messages} messages to registrants, {settled.notices} notices"
    )
    if done.unreadable_lists:
        click.echo(
            "WARNING: a list of who was erased was written with another CIVICBOT_SECRET_KEY and could not be read. Set"
            " it as CIVICBOT_SECRET_KEY_PREVIOUS and restore again.",
            err=True,
        )
    for fault in done.faults:
        click.echo(f"WARNING: who was erased since could not be read there: {fault}", err=True)
    click.echo(
        "Start civicbot: it answers whoever writes, and sends nothing by itself until you have looked and said"
        " `civicbot restore confirm`."
    )
