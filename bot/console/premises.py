"""What every page of the console works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot import clock
from bot.faq.library import Library
from bot.settings import Settings
from bot.storage.engine import Database
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Premises:
    settings: Settings
    database: Database
    vault: Vault
    library: Library
    now: Callable[[], datetime] = clock.now
