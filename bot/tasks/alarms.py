"""Watching over the running of things, in each process, and telling administrators by LINE."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.alarms import channels, conditions, watch, words
from bot.alarms.channels import Channel, NotTold
from bot.alarms.conditions import Watched, watched_of
from bot.alarms.words import Told
from bot.line.render import render
from bot.messages import DeliveryFailed, Messenger, Text
from bot.outreach.permissions import Role
from bot.settings import Settings
from bot.storage import staff
from bot.storage.alarms import AlarmRow
from bot.storage.engine import Database

log = logs.get(__name__)

LOOK_EVERY_SECONDS = 60.0
DOWN_AFTER_LOOKS = 3
"""A database that is being restarted is no alarm."""
DATABASE_DOWN = "database_down"
MOST_ADMINISTRATORS = 20
LONGEST_TEXT = 4000
_OURS = uuid.UUID("6f0d0c3e-6f0b-4f0c-9f6e-7c1b2b1f5a11")
"""Of our own making: with a telling's key it gives that telling's retry key, whoever makes the request."""


def channels_of(settings: Settings, database: Database, messenger: Messenger) -> dict[str, Channel]:
    """Every way in which somebody is told here, by name."""
    found = channels.of_settings(settings)
    if settings.alarm_line:
        found["line"] = line(database, messenger)
    return found


def line(database: Database, messenger: Messenger) -> Channel:
    """A billed push to each administrator with a linked account."""

    def tell(told: Told) -> None:
        with database.reading() as db:
            recipients = staff.list_linked_user_ids(db, role=Role.ADMINISTRATOR, limit=MOST_ADMINISTRATORS)
        rendered = render((Text(f"{told.subject}\n\n{told.text}"[:LONGEST_TEXT]),))
        failures = []
        for user_id in recipients:
            try:
                messenger.push(user_id, rendered, retry_key=str(uuid.uuid5(_OURS, f"{told.key}/{user_id}")))
            except DeliveryFailed as failed:
                failures.append(failed.failure.value)
        if len(failures) == len(recipients):
            raise NotTold("line", failures[0] if failures else "no administrator has a linked LINE account")

    return tell


class Watch:
    """Looks each minute, on a thread of its own, in the web process as in the worker: whichever has died cannot say so.
    A database that is down keeps no account of who was told: of that, each process tells by mail and webhook alone."""

    def __init__(
        self, database: Database, watched: Watched, tellers: Mapping[str, Channel], *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._watched = watched
        self._tellers = tellers
        self._now = now
        self._misses = 0
        self._told_down: list[AlarmRow] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="alarms-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def look(self) -> None:
        try:
            watch.look_and_tell(self._database, self._watched, self._tellers, now=self._now())
        except SQLAlchemyError as error:
            self._misses += 1
            log.warning("alarms.database", error=type(error).__name__, looks=self._misses)
            if self._misses >= DOWN_AFTER_LOOKS and not self._told_down:
                rows = self._what_is_down()
                self._told_down = rows if self._tell_without_line(words.tell_on(rows)) else []
            return
        if self._told_down:
            self._tell_without_line(words.tell_over(self._told_down))
        self._misses, self._told_down = 0, []

    def _what_is_down(self) -> list[AlarmRow]:
        """The database, and a full disk where that may be why."""
        now = self._now()
        facts = {DATABASE_DOWN: "{}"}
        facts |= {one.alarm: json.dumps(dict(one.facts)) for one in conditions.look_at_disk(self._watched)}
        return [
            AlarmRow(name=name, detail=detail, since=now, seen_at=now, told_at=now, told_over_at=now)
            for name, detail in facts.items()
        ]

    def _tell_without_line(self, told: Told) -> bool:
        """Whether somebody took it, or there is nobody who could."""
        tellers = {name: one for name, one in self._tellers.items() if name != "line"}
        return not tellers or None in watch.tell(tellers, told).values()

    def _go_on(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("alarms.failed")  # the next look may fare better


def watch_of(settings: Settings, database: Database, messenger: Messenger, *, now: Callable[[], datetime]) -> Watch:
    return Watch(database, watched_of(settings), channels_of(settings, database, messenger), now=now)
