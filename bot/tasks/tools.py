"""What tasks work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import clock
from bot.conversation.dispatcher import Route
from bot.conversation.postback import Buttons
from bot.faq.library import Library
from bot.messages import Messenger
from bot.storage.engine import Database
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Tools:
    """Built by the wiring, shared by all threads of a worker."""

    database: Database
    vault: Vault
    buttons: Buttons
    library: Library
    messenger: Messenger
    routes: Sequence[Route]
    push_daily_cap: int
    now: Callable[[], datetime] = clock.now
