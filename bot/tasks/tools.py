"""What tasks work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import clock
from bot.backups.places import Plan
from bot.cases.rules import CaseRules
from bot.conversation.dispatcher import Route
from bot.conversation.postback import Buttons
from bot.conversation.turn import GroupTurn
from bot.faq.library import Library
from bot.messages import Message, Messenger
from bot.notices.rules import Rules
from bot.settings.keeping import Keeping
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
    answer_in_group: Callable[[GroupTurn], tuple[Message, ...]]
    is_command: Callable[[str], bool]
    """Whether a text is a whole by itself, such as the word for the menu, and waits for nothing to follow."""
    push_daily_cap: int
    person_pace: int
    """How many messages a minute one chat may send before it is asked to slow down."""
    notice_rules: Rules = field(default_factory=Rules)
    case_rules: CaseRules = field(default_factory=CaseRules)
    keeping: Keeping = field(default_factory=lambda: Keeping.model_validate({}))
    backups: Plan = field(default_factory=Plan)
    now: Callable[[], datetime] = clock.now
