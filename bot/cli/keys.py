"""`keys rotate`: everything that is sealed, and every hash that leads to somebody, under the key in force."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from bot import clock, logs, settings
from bot.events import keeping
from bot.outreach import audit, second_factor
from bot.privacy import rekeying
from bot.storage import migrate, rehashing, resealing, tombstones
from bot.storage.engine import Database, open_database
from bot.vault import Unreadable, Vault

A_BATCH = 100


@click.group()
def keys() -> None:
    """The secret key that seals what people wrote."""


@keys.command()
def rotate() -> None:
    """Seal everything that is kept anew with CIVICBOT_SECRET_KEY.

    Set the new key as CIVICBOT_SECRET_KEY and the former one as CIVICBOT_SECRET_KEY_PREVIOUS, restart, then run this.
    Once it has said what it did, and a day has gone by, the former key can be taken away; backups made before still
    need it. Safe to run again, also while serving; what was broken off goes on when it is run again.
    """
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    if not chosen.secrets:
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set")
    database, vault = open_database(chosen.database), Vault(chosen.secrets)
    migrate.require_current(database)
    try:
        done = _rotate(database, vault)
    except Unreadable as error:
        raise click.ClickException(
            "something was sealed with a key that is not set here; nothing of it was changed."
            " Set that key as CIVICBOT_SECRET_KEY_PREVIOUS and run this again."
        ) from error
    finally:
        database.dispose()
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in done.items() if count]
    click.echo(f"Sealed or hashed anew: {', '.join(parts) or 'nothing'}.")
    click.echo("In a day the former key can be taken away. Backups that were made before still need it: keep it safe.")


def _rotate(database: Database, vault: Vault) -> dict[str, int]:
    """Batch by batch, so that nobody who is being served waits for long."""
    done = {"registrations": _in_batches(database, partial(keeping.rekey, vault=vault))}
    rekey = partial(rekeying.rekey_questions, vault=vault, now=clock.now(), limit=A_BATCH)
    done["questions"] = _in_batches(database, rekey)
    lanes = _find_lanes(database, vault)
    for name in rehashing.LANES:
        change = partial(rehashing.change_lanes, name=name, anew=lanes, limit=rehashing.A_BATCH)
        done[name] = _in_batches(database, change)
    for name in resealing.COLUMNS:
        done[name] = _in_batches(database, partial(resealing.reseal, vault=vault, name=name, limit=A_BATCH))
    with database.transaction() as db:
        done["kept_keys"] = tombstones.reseal_keys(db, vault)
        done["second_factors"] = second_factor.rekey(db, vault)
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="keys.rotated", subject=("setting", "CIVICBOT_SECRET_KEY"),
            after=done, now=clock.now(),
        )  # fmt: skip
    return done


def _find_lanes(database: Database, vault: Vault) -> dict[str, str]:
    """Of everybody. What came in does not say whose it is, but by its lane."""
    lanes: dict[str, str] = {}
    last = 0
    while True:
        with database.reading() as db:
            last, some = rekeying.find_lanes(db, vault, after=last, limit=rehashing.A_BATCH)
        lanes |= some
        if not last:
            return lanes


def _in_batches(database: Database, seal: Callable[..., tuple[int, int]]) -> int:
    done = last = 0
    while True:
        with database.transaction() as db:
            last, count = seal(db, after=last)
        done += count
        if not last:
            return done
