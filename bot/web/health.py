"""Alive? Ready?"""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from bot import logs
from bot.settings import Settings
from bot.storage import migrate
from bot.storage.engine import Database

log = logs.get(__name__)

LEAST_FREE_BYTES = 100_000_000


def blueprint(*, settings: Settings, database: Database) -> Blueprint:
    pages = Blueprint("health", __name__)

    @pages.get("/live")
    def live() -> Response:
        return jsonify(alive=True)

    @pages.get("/ready")
    def ready() -> tuple[Response, int]:
        """The database answers with the tables of this release, and the disk has room."""
        faults = [*_database_faults(database), *_disk_faults(settings.data_dir)]
        return jsonify(ready=not faults, faults=faults), 503 if faults else 200

    return pages


def _database_faults(database: Database) -> list[str]:
    try:
        with database.reading() as db:
            db.execute(text("SELECT 1"))
        migrate.require_current(database)
    except migrate.NotMigrated as error:
        return [str(error)]
    except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
        log.warning("ready.database", error=type(error).__name__)
        return ["the database does not answer"]
    return []


def _disk_faults(folder: Path) -> list[str]:
    try:
        free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    except OSError:
        return ["the data folder cannot be looked at"]
    return [] if free >= LEAST_FREE_BYTES else [f"only {free // 1_000_000} MB are free on the disk"]
