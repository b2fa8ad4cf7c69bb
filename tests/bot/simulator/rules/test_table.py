"""The table of rules and the code that keeps them name the same rules."""

from __future__ import annotations

import re
from pathlib import Path

import bot.simulator
from bot.simulator.rules.table import BY_NAME, RULES
from tests.bot.simulator.rules.cases import CASES

HOUSE = Path(bot.simulator.__file__).parent
NAMED = re.compile(r'"([a-z]+(?:-[a-z0-9]+)+)"')
CSS_WORDS = {
    "line-through",
    "semi-bold",
    "shrink-to-fit",
    "flex-start",
    "flex-end",
    "space-between",
    "space-around",
    "space-evenly",
}
SPEAKING = (
    "answering", "sending", "platform", "endpoints", "messaging", "account", "members", "statistics", "quote_tokens",
    "menu_endpoints", "menu_links", "oauth", "login", "login_pages", "login_documents", "webhook_settings", "coupons",
    "audience_endpoints", "coupon_endpoints", "membership_endpoints", "narrowcasting", "continuations", "uploads",
    "days",
)  # fmt: skip
"""The modules that refuse in LINE's name, beside the rules themselves."""
ABOUT_MESSAGES = {
    "actions", "dressing", "flex", "flex_components", "flex_properties", "imagemap", "media", "messages", "node",
    "template", "text",
}  # fmt: skip
REFUSING = re.compile(r"(?:ApiRefusal|OauthRefusal)\(([^()]|\([^()]*\))*?\"([a-z]+(?:-[a-z0-9]+)+)\"\s*[,)]")


def _named_in_code() -> set[str]:
    ours = [path.read_text() for path in (HOUSE / "rules").glob("*.py") if path.name != "table.py"]
    named = {name for source in ours for name in NAMED.findall(source)}
    others = [(HOUSE / f"{name}.py").read_text() for name in SPEAKING]
    refused = {match[2] for source in others for match in REFUSING.finditer(source)}
    return (named | refused) - CSS_WORDS - {"utf-16-le"}


def test_refusals_are_found_in_the_code() -> None:
    assert _named_in_code() >= {"menu-finished", "login-code-once", "verified-account", "bearer-token"}


def test_every_rule_in_the_code_is_in_the_table() -> None:
    assert _named_in_code() - BY_NAME.keys() == set()


def test_every_rule_about_messages_is_tried() -> None:
    sources = [path.read_text() for path in (HOUSE / "rules").glob("*.py") if path.stem in ABOUT_MESSAGES]
    named = {name for source in sources for name in NAMED.findall(source)} & BY_NAME.keys()
    assert named - CASES.keys() == {"messages-count", "label-rich-menu", "switch-alias"}


def test_names_are_unique_and_sources_given() -> None:
    assert len(BY_NAME) == len(RULES)
    assert all(rule.says and rule.source for rule in RULES)
