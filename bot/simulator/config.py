"""What a simulator is started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    webhook_url: str
    channel_secret: str
    channel_token: str
    quota: int | None = None
    """Billed recipients a month; None is a plan without a limit."""
    redelivery: bool = False
    redelivery_delays: tuple[float, ...] = (1.0, 5.0, 15.0, 60.0)
    """Seconds before each further try. LINE tells neither their number nor their spacing: these are ours."""
    webhook_seconds: float = 2.0
    """How long the bot may take to answer a webhook."""
    sender_threads: int = 8
    login_channel_id: str = "2000000002"
    login_channel_secret: str | None = None
    """Of the LINE Login channel under the same provider; without one it is the Messaging API channel's."""
    login_callbacks: tuple[str, ...] = ()
    """The addresses registered for logins; with none, any will do."""
    verified: bool = False
    """A verified or premium account: only those may list their followers, and the members of groups."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """Calls a second in place of LINE's own, by the names in `rate_limits`."""
    limits_by_the_second: bool = False
    """Whether LINE's limits by the second hold from the start, too. They can be switched on later."""
    loopback_pictures: bool = False
    """Whether pictures may come over plain HTTP from this machine itself, 127.0.0.1 or localhost. LINE refuses them: it
    fetches pictures over HTTPS only. For trying a bot that has no HTTPS address yet."""

    @property
    def login_secret(self) -> str:
        return self.login_channel_secret or self.channel_secret
