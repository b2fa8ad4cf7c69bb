"""The three applications of `bench webhook`, each run as `python -m bot.bench.servers KIND PORT FOLDER`."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, request

from bot import settings
from bot.app import create_app
from bot.bench.webhook import SECRET
from bot.line import signature
from bot.storage import migrate
from bot.storage.engine import open_database
from bot.web.server import Server

THREADS = 16


def bare() -> Flask:
    app = Flask("bare")

    @app.post("/line/webhook")
    def receive() -> str:
        return ""

    return app


def verify_and_insert(folder: Path) -> Flask:
    """The least that a durable webhook can do: the signature, and the body into one table, committed."""
    app = Flask("least")
    lock = threading.Lock()
    connection = sqlite3.connect(folder / "least.db", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE inbox (id INTEGER PRIMARY KEY, event_id TEXT UNIQUE, body BLOB)")

    @app.post("/line/webhook")
    def receive() -> tuple[str, int]:
        body = request.get_data()
        if not signature.is_genuine(body, request.headers.get("X-Line-Signature"), [SECRET]):
            return "", 401
        event_id = json.loads(body)["events"][0]["webhookEventId"]
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT OR IGNORE INTO inbox (event_id, body) VALUES (?, ?)", (event_id, body))
            connection.execute("COMMIT")
        return "", 200

    return app


def civicbot(folder: Path) -> Flask:
    chosen = settings.of(
        {
            "CIVICBOT_DATA_DIR": str(folder),
            "CIVICBOT_SECRET_KEY": "of a benchmark, long enough to be accepted",
            "CIVICBOT_SQLITE_PARTS": "true",
            "CIVICBOT_LOG_LEVEL": "ERROR",
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "unused",
        }
    )
    migrate.upgrade(open_database(chosen.database))
    return create_app(chosen)


def main(kind: str, port: str, folder: str) -> None:
    makers: dict[str, Callable[[], Flask]] = {
        "bare": bare,
        "verify and insert": lambda: verify_and_insert(Path(folder)),
        "civicbot": lambda: civicbot(Path(folder)),
    }
    Server(lambda: makers[kind]().wsgi_app, bind=f"127.0.0.1:{port}", threads=THREADS).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
