"""Every rule that the simulator keeps: what it says, where it is from, and whether LINE documents it.

`documented` is what LINE's Messaging API documentation says. `assumed` is where it is silent, or two of its pages
disagree, and somebody had to decide: try those on a real channel before trusting them.
"""

from __future__ import annotations

from bot.simulator.rules.rows.accounts import ACCOUNTS
from bot.simulator.rules.rows.messages import MESSAGES
from bot.simulator.rules.rows.requests import REQUESTS
from bot.simulator.rules.rows.sending import SENDING
from bot.simulator.rules.rows.webhooks import WEBHOOKS
from bot.simulator.rules.rule import Rule

RULES: tuple[Rule, ...] = (*REQUESTS, *SENDING, *MESSAGES, *ACCOUNTS, *WEBHOOKS)
BY_NAME = {rule.name: rule for rule in RULES}
