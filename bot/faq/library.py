"""Which version is in force, with its trained model, kept at hand and watched for changes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import logs
from bot.storage import faq_versions
from bot.storage.engine import Database
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.matcher import Matcher
from knowledge.model import RECIPE, Model, train

log = logs.get(__name__)

LOOK_AGAIN_SECONDS = 3.0


class NothingPublished(Exception):
    """The database holds no published FAQ: `civicbot migrate` or `civicbot run` loads the shipped one."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One version of the FAQ, ready to answer from. Unchanging, safe to share between threads."""

    version: str
    catalogue: Catalogue
    matcher: Matcher


def load_first_version(database: Database, *, now: datetime, folder: Path = SHIPPED) -> str | None:
    """Publishes the shipped FAQ into an empty database. Where there is one already, a different shipped FAQ is kept
    as a draft. Returns the version that was added, or None. Raises ContentError when the files have faults."""
    catalogue = load_catalogue(folder)
    with database.transaction() as db:
        first = faq_versions.count(db) == 0
        added = faq_versions.add(
            db, version=catalogue.version, content=catalogue.to_json(), source="shipped files", now=now
        )
        if added and first:
            faq_versions.publish(db, version=catalogue.version, now=now)
    return catalogue.version if added else None


def ensure_model(database: Database, version: str) -> Model:
    """The model of a version: from the database, or trained now and stored there for everyone."""
    with database.reading() as db:
        stored = faq_versions.find_model(db, version=version, recipe=RECIPE)
        content = "" if stored else faq_versions.get_content(db, version)
    return Model.from_bytes(stored) if stored else make_model(database, Catalogue.from_json(content))


def make_model(database: Database, catalogue: Catalogue) -> Model:
    """Stores a model for this content, and returns it. Where a version differs in its answers only, that is the other's
    model; else it is trained, which takes half a minute and holds no transaction."""
    started, version = time.monotonic(), catalogue.version
    with database.reading() as db:
        known = faq_versions.find_model_of_lesson(db, lesson=catalogue.lesson, recipe=RECIPE)
    model = replace(Model.from_bytes(known), version=version) if known else train(catalogue)
    with database.transaction() as db:
        faq_versions.save_model(db, version=version, recipe=RECIPE, arrays=model.to_bytes(), lesson=catalogue.lesson)
    seconds = round(time.monotonic() - started, 1)
    log.info("faq.trained", version=version[:12], again=known is None, seconds=seconds)
    return model


def ensure_trained(database: Database, version: str) -> None:
    """Trains a version's model unless the database has it: a version is put in force with its model ready."""
    with database.reading() as db:
        known = faq_versions.find_model(db, version=version, recipe=RECIPE) is not None
    if not known:
        ensure_model(database, version)


def open_parts(database: Database, version: str) -> tuple[Catalogue, Model]:
    model = ensure_model(database, version)
    with database.reading() as db:
        return Catalogue.from_json(faq_versions.get_content(db, version)), model


def open_version(database: Database, version: str) -> Knowledge:
    catalogue, model = open_parts(database, version)
    return Knowledge(version, catalogue, Matcher(catalogue, model))


def find_published(database: Database) -> str:
    """Raises NothingPublished."""
    with database.reading() as db:
        version = faq_versions.find_published(db)
    if version is None:
        raise NothingPublished
    return version


class Library:
    """Hands out the knowledge in force. A newly published version is taken up within seconds; until it is ready, and
    when it cannot be opened, the one before keeps serving."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._current: Knowledge | None = None
        self._looked_at = float("-inf")

    def current(self) -> Knowledge:
        """Raises NothingPublished only when no version was ever in force."""
        if self._current is not None and time.monotonic() - self._looked_at < LOOK_AGAIN_SECONDS:
            return self._current
        if self._current is not None and not self._lock.acquire(blocking=False):
            return self._current  # somebody else is looking
        if self._current is None:
            self._lock.acquire()
        try:
            return self._look()
        finally:
            self._lock.release()

    def _look(self) -> Knowledge:
        known = self._current
        try:
            version = find_published(self._database)
            if known is None or known.version != version:
                known = open_version(self._database, version)
                logs.put_in_every_line(content=version[:12])
                log.info("faq.in_force", version=version[:12])
        except Exception:
            if known is None:
                raise
            log.exception("faq.kept_old")
        self._current, self._looked_at = known, time.monotonic()
        return known
