"""`web`, `work`, `migrate`: the parts, for the Procfile and several machines."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from typing import Any

import click

from bot import clock, logs, settings, wiring
from bot.cli import restore_start
from bot.events.samples import load_samples
from bot.faq import library
from bot.settings import Settings, SettingsRefused
from bot.storage import faq_versions
from bot.storage import migrate as migrations
from bot.storage.engine import Database, open_database
from bot.tasks.alarms import Watch, watch_of
from bot.wiring import Parts
from knowledge.catalogue import SHIPPED, Catalogue
from knowledge.content_events import MARK, load_sample_events
from knowledge.entries import ContentError

HEAPS = 2
_ARENAS = -8
"""glibc's M_ARENA_MAX."""


@click.command()
@click.option("--host", default=None, help="Address to listen on instead of CIVICBOT_HOST.")
@click.option("--port", type=int, default=None, help="Port to listen on instead of CIVICBOT_PORT.")
@click.option("--processes", type=int, default=1, show_default=True, help="Web processes. SQLite takes one.")
def web(host: str | None, port: int | None, processes: int) -> None:
    """Receive LINE's webhooks."""
    from bot.app import refuse_unfit  # noqa: PLC0415 - Flask and LINE's SDK, slow to import
    from bot.web.server import Server  # noqa: PLC0415 - gunicorn

    chosen = settings.read()
    refuse_unfit(chosen)
    if processes > 1 and chosen.on_sqlite:
        raise click.UsageError("SQLite is served by one web process; use PostgreSQL for more")
    bind = f"{host or chosen.host}:{port or chosen.port}"
    Server(lambda: watched_app(chosen), bind=bind, threads=chosen.web_threads, workers=processes).serve()


def watched_app(given: Settings | None = None) -> Any:  # noqa: ANN401 - Flask types what it gives to a server as that
    """What gunicorn serves, also by the Procfile: with the watch over the running of things. Made after the fork, as
    threads have to be: not with gunicorn's --preload. Raises what `create_app` does."""
    from bot.app import create_app  # noqa: PLC0415 - as above

    chosen = given or settings.read()
    app = create_app(chosen)
    _watch(chosen, wiring.assemble(chosen, threads=1)).start()
    return app.wsgi_app


@click.command()
def work() -> None:
    """Run turns and other jobs until told to stop."""
    from bot.app import refuse_unfit  # noqa: PLC0415 - as above
    from bot.worker import Worker  # noqa: PLC0415 - as above

    share_heaps()
    chosen = settings.read()
    refuse_unfit(chosen)
    logs.configure(level=chosen.log_level, as_json=chosen.log_format == "json")
    parts = wiring.assemble(chosen, threads=chosen.worker_threads + 2)
    migrations.require_current(parts.database)
    restore_start.require_finished(parts.database)
    tools = wiring.tools_of(parts, wiring.messenger_of(chosen))
    tools.library.current()
    worker = Worker(tools, parts.wakeup, threads=chosen.worker_threads)
    told = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    worker.start()
    watch = _watch(chosen, parts)
    watch.start()
    logs.get(__name__).info("worker.ready", threads=chosen.worker_threads)
    told.wait()
    watch.stop()
    sys.exit(0 if worker.stop() else 1)


def _watch(chosen: Settings, parts: Parts) -> Watch:
    """What has died cannot say so: the web process and the worker watch over each other."""
    return watch_of(chosen, parts.database, wiring.messenger_of(chosen), now=clock.now)


def share_heaps() -> bool:
    """Lets all threads of this process take their memory from two heaps. By default glibc gives each thread one of its
    own, and what one has used and given back is of no use to the others: with a large notice on its way a worker takes
    some twenty megabytes more. False where the C library knows no such setting. Call it before threads are made."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENAS, HEAPS))
    except (OSError, AttributeError):
        return False


@click.command()
def migrate() -> None:
    """Bring the database up to this release, and load the shipped FAQ if there is none."""
    chosen = settings.read()
    logs.configure(level="WARNING", as_json=False)
    prepare_database(chosen, samples=False)


def prepare_database(chosen: Settings, *, samples: bool = True) -> Database:
    """Migrates, loads the shipped FAQ, and trains its model where that is still to be done. Says what it does. With
    `samples`, an installation that has just got its first FAQ gets sample events too."""
    restore_start.require_whole(chosen)
    database = open_database(chosen.database)
    try:
        _prepare(chosen, database, samples=samples)
    except BaseException:
        database.dispose()  # whoever puts a copy in its place must be alone with it
        raise
    return database


def _prepare(chosen: Settings, database: Database, *, samples: bool) -> None:
    click.echo("migrating the database …", err=True)
    migrations.upgrade(database)
    restore_start.go_on(chosen, database)
    try:
        added = library.load_first_version(database, now=clock.now())
    except ContentError as error:
        raise SettingsRefused(tuple(str(fault) for fault in error.faults)) from error
    published = library.find_published(database)
    if added and added != published:
        click.echo(
            f"this release ships another FAQ, kept as the draft {added[:12]}; {published[:12]} stays in force."
            f" `civicbot faq publish {added[:12]}` puts it in force.",
            err=True,
        )
    if samples and added == published:
        _load_samples(database, published)
    click.echo("preparing the knowledge …", err=True)
    library.ensure_model(database, published)


def _load_samples(database: Database, version: str) -> None:
    with database.transaction() as db:
        pack = Catalogue.from_json(faq_versions.get_content(db, version)).pack
        try:
            count = load_samples(db, load_sample_events(SHIPPED, pack=pack), pack=pack, now=clock.now())
        except ContentError as error:
            raise SettingsRefused(tuple(str(fault) for fault in error.faults)) from error
    if count:
        click.echo(f"{count} sample events are there to try; each title says {MARK}.", err=True)
