"""What the Procfile starts."""

from __future__ import annotations

import shlex
import threading
from pathlib import Path

import pytest
from gunicorn.util import import_app

from bot.backups.putting_back import UNFINISHED
from bot.settings import SettingsRefused
from bot.storage import holds
from bot.tasks import alarms
from bot.tasks.alarms import Watch
from tests.bot.cli.kept_state import Installation
from tests.builders import NOON

PROCFILE = Path(__file__).parents[3] / "Procfile"


def commands() -> dict[str, list[str]]:
    lines = (line.partition(":") for line in PROCFILE.read_text(encoding="utf-8").splitlines())
    return {name: shlex.split(command) for name, _, command in lines}


@pytest.fixture
def served(sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name, value in {
        "CIVICBOT_SQLITE_PARTS": "true", "LINE_CHANNEL_SECRET": "a" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "t" * 40,
        "CIVICBOT_BASE_URL": "http://127.0.0.1:8000",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return sqlite_installation


@pytest.mark.usefixtures("served")
def test_the_web_process_of_the_procfile_watches_over_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    def look(watch: Watch) -> None:
        looked.set()
        watch._stopping.set()

    monkeypatch.setattr(alarms, "LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(Watch, "look", look)
    gunicorn, application, *_ = commands()["web"]
    assert gunicorn == "gunicorn"
    assert callable(import_app(application))
    assert looked.wait(timeout=10)


def test_no_web_process_serves_from_a_restore_that_is_not_through(served: Installation) -> None:
    with served.opened() as database, database.transaction() as db:
        holds.begin(db, holds.SENDING, why=UNFINISHED, now=NOON)
    with pytest.raises(SettingsRefused, match="a restore was broken off: run `civicbot migrate`"):
        import_app(commands()["web"][1])
    assert "alarms-watch" not in [thread.name for thread in threading.enumerate()]
