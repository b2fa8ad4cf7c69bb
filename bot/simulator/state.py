"""Everything that a running simulator remembers, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.simulator.aggregation import AggregationUnits
from bot.simulator.channel_tokens import ChannelTokens
from bot.simulator.chats import Chats
from bot.simulator.clock import PlatformClock
from bot.simulator.config import SimulatorConfig
from bot.simulator.contents import Contents
from bot.simulator.faults import Faults
from bot.simulator.journal import Journal
from bot.simulator.ledger import Ledger
from bot.simulator.link_tokens import LinkTokens
from bot.simulator.login_book import LoginBook
from bot.simulator.menus import Menus
from bot.simulator.narrowcasts import Narrowcasts, SentToEverybody
from bot.simulator.people import People
from bot.simulator.quota import Quota
from bot.simulator.quote_tokens import QuoteTokens
from bot.simulator.rate_limits import RateLimits
from bot.simulator.read_marks import ReadMarks
from bot.simulator.reply_tokens import ReplyTokens
from bot.simulator.retry_keys import RetryKeys
from bot.simulator.webhook_faults import WebhookFaults

BOT_USER_ID = "Ub0700c1a7e5c49d2880f3e6b9a4d5c21"


@dataclass(slots=True)
class State:
    config: SimulatorConfig
    clock: PlatformClock = field(default_factory=PlatformClock)
    people: People = field(default_factory=People)
    tokens: ReplyTokens = field(default_factory=ReplyTokens)
    quote_tokens: QuoteTokens = field(default_factory=QuoteTokens)
    read_marks: ReadMarks = field(default_factory=ReadMarks)
    link_tokens: LinkTokens = field(default_factory=LinkTokens)
    logins: LoginBook = field(default_factory=LoginBook)
    menus: Menus = field(default_factory=Menus)
    narrowcasts: Narrowcasts = field(default_factory=Narrowcasts)
    sent_to_all: SentToEverybody = field(default_factory=SentToEverybody)
    units: AggregationUnits = field(default_factory=AggregationUnits)
    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    journal: Journal = field(default_factory=Journal)
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    webhook_faults: WebhookFaults = field(default_factory=WebhookFaults)
    contents: Contents = field(default_factory=Contents)
    chats: Chats = field(init=False)
    quota: Quota = field(init=False)
    channel_tokens: ChannelTokens = field(init=False)
    rates: RateLimits = field(init=False)
    webhook_url: str = field(init=False)
    redelivery: bool = field(init=False)
    verified: bool = field(init=False)

    def __post_init__(self) -> None:
        self.chats = Chats(self.clock)
        self.channel_tokens = ChannelTokens(self.config.channel_token)
        self.quota = Quota(self.config.quota)
        self.rates = RateLimits(self.config.rates)
        self.webhook_url = self.config.webhook_url
        self.redelivery = self.config.redelivery
        self.verified = self.config.verified

    def reset(self) -> None:
        """Back to the seeded people. The webhook's address stays: it is wiring, not memory."""
        self.clock.reset()
        self.people.reset()
        self.tokens.reset()
        self.quote_tokens.reset()
        self.read_marks.reset()
        self.link_tokens.reset()
        self.logins.reset()
        self.channel_tokens.reset()
        self.menus.reset()
        self.narrowcasts.reset()
        self.sent_to_all.reset()
        self.units.reset()
        self.retry_keys.reset()
        self.journal.reset()
        self.ledger.reset()
        self.faults.clear()
        self.webhook_faults.clear()
        self.contents.reset()
        self.chats.reset()
        self.quota.reset()
        self.rates.reset()
        self.redelivery = self.config.redelivery
        self.verified = self.config.verified
