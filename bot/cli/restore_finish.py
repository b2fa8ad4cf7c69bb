"""What is done in a database that was put back, before anybody is served from it: who was erased is erased again, and
nothing that it had under way is done by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from bot import clock, logs
from bot.backups import erasures, putting_back
from bot.backups.places import Plan
from bot.events import forms
from bot.outreach import audit
from bot.privacy import erasing
from bot.privacy.tombstones import of_phone
from bot.queue.kinds import JobKind
from bot.storage import backups, holds, restoring, tombstones
from bot.storage.engine import Database
from bot.storage.registrations import RegistrationRow
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
    places: int
    """Registrations that others had made for somebody, and that were erased since by their telephone number."""
    unreadable_lists: int
    faults: tuple[str, ...]
    copied_at: datetime | None


def is_unfinished(database: Database) -> bool:
    return putting_back.is_unfinished(database)


def finish(database: Database, vault: Vault, plan: Plan, *, now: datetime) -> Finished:
    """After it the hold says `restored`, and the service may start. What was broken off is done by doing it again."""
    remembered = putting_back.recall(plan)
    known, unreadable = _open(vault, erasures.together(remembered.lists))
    _bring_in(database, vault, known)
    latest = [(secret, _latest(some)) for secret, some in known]
    erased = _erase_again(database, vault, latest, now=now)
    places = _erase_places_again(database, vault, latest, now=now)
    with database.transaction() as db:
        settled = restoring.settle_all(db, turn=JobKind.TURN, speaking=SPEAKING, now=now)
        backups.note_restored(db, name=remembered.name, now=now)
        holds.begin(db, holds.SENDING, why=restoring.WHY, now=now)
        copied_at = backups.find_copied_at(db, restored_at=now)
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="backup.restored",
            subject=("backup", remembered.name or "unknown"),
            after={"erased": erased, "places": places, "turns": settled.turns, "notices": settled.notices}, now=now,
        )  # fmt: skip
    putting_back.forget(plan)
    log.info("restore.finished", erased=erased, places=places, turns=settled.turns, deliveries=settled.deliveries)
    return Finished(settled, erased, places, unreadable, remembered.faults, copied_at)


Known = list[tuple[bytes, Sequence[Erased]]]
Latest = Sequence[tuple[bytes, dict[str, datetime]]]
"""When each was erased last, by the hash of whom it was; with the key of the hashes."""


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


def _erase_again(database: Database, vault: Vault, latest: Latest, *, now: datetime) -> int:
    """Whoever came back after their erasure, and is in the copy as that, stays."""
    count, after = 0, 0
    while latest:
        with database.reading() as db:
            people = restoring.list_people(db, after=after, limit=A_BATCH)
        for person_id, user_id, seen_at in people:
            moment = _moment(latest, user_id)
            if moment is not None and moment >= seen_at:
                with database.transaction() as db:
                    erasing.erase(db, vault, person_id=person_id, way=erasing.RESTORE, now=now)
                count += 1
        if len(people) < A_BATCH:
            break
        after = people[-1][0]
    return count


def _erase_places_again(database: Database, vault: Vault, latest: Latest, *, now: datetime) -> int:
    """Those that others made, with the telephone number of somebody who was erased after they were made."""
    count, after = 0, 0
    while latest:
        with database.reading() as db:
            some = restoring.list_with_phone(db, after=after, limit=A_BATCH)
            phones = {row.id: phone for row in some if (phone := _phone_of_others(vault, row))}
            made = {row.id: row.created_at for row in some}
        gone = [
            (number, phone) for number, phone in phones.items()
            for moment in [_moment(latest, of_phone(phone))]
            if moment is not None and moment >= made[number]
        ]  # fmt: skip
        for number, phone in gone:
            with database.transaction() as db:
                erasing.erase_registrations(db, vault, [number], phone=phone, way=erasing.RESTORE, now=now)
        count += len(gone)
        if len(made) < A_BATCH:
            break
        after = max(made)
    return count


def _phone_of_others(vault: Vault, row: RegistrationRow) -> str | None:
    if not erasing.is_of_others(row):
        return None
    try:
        return forms.opened(vault, row).phone
    except Unreadable:
        return None


def _moment(latest: Latest, whose: str) -> datetime | None:
    """When whoever is known by this was erased last."""
    moments = [erased.get(tombstones.key_of(secret, whose)) for secret, erased in latest]
    return max((moment for moment in moments if moment is not None), default=None)


def _latest(erased: Sequence[Erased]) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for one in erased:
        latest[one.key] = max(one.erased_at, latest.get(one.key, one.erased_at))
    return latest


def what_is_not_known(copied_at: datetime | None) -> str:
    """For whoever lets sending go on: it may reach people who have said no."""
    of = f", which is of {clock.in_bangkok(copied_at):%Y-%m-%d %H:%M}, Bangkok time" if copied_at is not None else ""
    return (
        f"NOT KNOWN to the copy{of}: who said no since then, to notices or to anything else that they had agreed to,"
        " and who asked that what is held of them only be kept. They may be written to again. Give `civicbot person"
        " restrict` once more for those who asked for it; who said no in the chat has to be looked up in the database"
        " that was replaced, or has to say it again."
    )


def tell(done: Finished) -> None:
    settled = done.settled
    click.echo(f"erased again, who was erased since: {done.erased} people, {done.places} registrations made by others")
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
    click.echo(what_is_not_known(done.copied_at))
    click.echo(
        "Start civicbot: it answers whoever writes, and sends nothing by itself until you have looked and said"
        " `civicbot restore confirm`."
    )
