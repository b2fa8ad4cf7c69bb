"""Everything that a running simulator remembers, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.simulator.chats import Chats
from bot.simulator.clock import PlatformClock
from bot.simulator.config import SimulatorConfig
from bot.simulator.contents import Contents
from bot.simulator.faults import Faults
from bot.simulator.journal import Journal
from bot.simulator.ledger import Ledger
from bot.simulator.people import People
from bot.simulator.quota import Quota
from bot.simulator.rate_limits import RateLimits
from bot.simulator.reply_tokens import ReplyTokens
from bot.simulator.retry_keys import RetryKeys

BOT_USER_ID = "Ub0700c1a7e5c49d2880f3e6b9a4d5c21"


@dataclass(slots=True)
class State:
    config: SimulatorConfig
    clock: PlatformClock = field(default_factory=PlatformClock)
    people: People = field(default_factory=People)
    tokens: ReplyTokens = field(default_factory=ReplyTokens)
    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    journal: Journal = field(default_factory=Journal)
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    contents: Contents = field(default_factory=Contents)
    chats: Chats = field(init=False)
    quota: Quota = field(init=False)
    rates: RateLimits = field(init=False)
    webhook_url: str = field(init=False)
    redelivery: bool = field(init=False)

    def __post_init__(self) -> None:
        self.chats = Chats(self.clock)
        self.quota = Quota(self.config.quota)
        self.rates = RateLimits(self.config.rates)
        self.webhook_url = self.config.webhook_url
        self.redelivery = self.config.redelivery

    def reset(self) -> None:
        """Back to the seeded people. The webhook's address stays: it is wiring, not memory."""
        self.clock.reset()
        self.people.reset()
        self.tokens.reset()
        self.retry_keys.reset()
        self.journal.reset()
        self.ledger.reset()
        self.faults.clear()
        self.contents.reset()
        self.chats.reset()
        self.quota.reset()
        self.rates.reset()
        self.redelivery = self.config.redelivery
