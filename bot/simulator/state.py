"""Everything that a running simulator remembers, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.simulator.aggregation import AggregationUnits
from bot.simulator.audiences import Audiences
from bot.simulator.channel_tokens import ChannelTokens
from bot.simulator.chats import Chats
from bot.simulator.clock import PlatformClock
from bot.simulator.config import SimulatorConfig
from bot.simulator.contents import Contents
from bot.simulator.coupons import Coupons
from bot.simulator.faults import Faults
from bot.simulator.journal import Journal
from bot.simulator.ledger import Ledger
from bot.simulator.limits import Limits
from bot.simulator.link_tokens import LinkTokens
from bot.simulator.login_book import LoginBook
from bot.simulator.memberships import Memberships
from bot.simulator.menu_batches import MenuBatches
from bot.simulator.menus import Menus
from bot.simulator.narrowcasts import Narrowcasts
from bot.simulator.people import People
from bot.simulator.quota import Quota
from bot.simulator.quote_tokens import QuoteTokens
from bot.simulator.rate_limits import RateLimits
from bot.simulator.read_marks import ReadMarks
from bot.simulator.reply_tokens import ReplyTokens
from bot.simulator.retry_keys import RetryKeys
from bot.simulator.sent_to_all import SentToEverybody
from bot.simulator.signing_key import SigningKey
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
    audiences: Audiences = field(default_factory=Audiences)
    coupons: Coupons = field(default_factory=Coupons)
    memberships: Memberships = field(default_factory=Memberships)
    menu_batches: MenuBatches = field(default_factory=MenuBatches)
    limits: Limits = field(default_factory=Limits)
    signing_key: SigningKey = field(default_factory=SigningKey)
    """With which LINE signs the id tokens of native apps and of LIFF."""
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
    chat_mode: Literal["chat", "bot"] = field(init=False)
    """Whether staff may chat with people by hand, too."""
    mark_as_read_mode: Literal["auto", "manual"] = field(init=False)
    login_algorithm: Literal["HS256", "ES256"] = field(init=False)
    """How id tokens are signed: as for a login on the web, or as for one in a native app."""
    manager_menu: bool = field(init=False)
    """Whether the default rich menu was set elsewhere: by hand, in LINE's manager."""

    def __post_init__(self) -> None:
        self.chats = Chats(self.clock)
        self.channel_tokens = ChannelTokens(self.config.channel_token)
        self.quota = Quota(self.config.quota)
        self.rates = RateLimits(self.config.rates, by_the_second=self.config.limits_by_the_second)
        self.webhook_url = self.config.webhook_url
        self._reset_settings()

    def _reset_settings(self) -> None:
        self.redelivery, self.verified = self.config.redelivery, self.config.verified
        self.chat_mode, self.mark_as_read_mode, self.manager_menu = "bot", "auto", False
        self.login_algorithm = "HS256"

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
        self.audiences.reset()
        self.coupons.reset()
        self.memberships.reset()
        self.menu_batches.reset()
        self.limits.reset()
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
        self._reset_settings()
