"""An installation with a backup of its own, stopped, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result

from bot import clock, settings
from bot.backups import making, places
from bot.cli.backup import backup
from bot.cli.restore import restore
from bot.cli.upgrade import upgrade
from bot.storage.engine import Database, open_database
from bot.vault import Vault
from tests.bot.backups.making_backups import SECRET


@dataclass(frozen=True)
class Installation:
    """Commands are given while it is stopped: nobody has the database open between two uses."""

    folder: Path
    url: str
    port: int

    @property
    def vault(self) -> Vault:
        return Vault([SECRET])

    @property
    def settings(self) -> settings.Settings:
        return settings.of(self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CIVICBOT_DATA_DIR": str(self.folder), "CIVICBOT_DATABASE_URL": self.url, "CIVICBOT_SECRET_KEY": SECRET,
            "CIVICBOT_PORT": str(self.port),
        }  # fmt: skip

    @contextmanager
    def opened(self) -> Iterator[Database]:
        database = open_database(self.url, pool_size=4)
        try:
            yield database
        finally:
            database.dispose()

    def back_up(self, *, now: datetime | None = None) -> Path:
        with self.opened() as database:
            return making.make(database, places.plan_of(self.settings), now=lambda: now or clock.now()).path

    def restore(self, *arguments: str) -> Result:
        return CliRunner().invoke(restore, arguments)

    def upgrade(self, *arguments: str) -> Result:
        return CliRunner().invoke(upgrade, arguments)

    def backup(self, *arguments: str) -> Result:
        return CliRunner().invoke(backup, arguments)
