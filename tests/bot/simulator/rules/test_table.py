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
MODULES = [*(HOUSE / "rules").glob("*.py"), HOUSE / "answering.py", HOUSE / "sending.py", HOUSE / "platform.py"]


def _named_in_code() -> set[str]:
    sources = [path.read_text() for path in MODULES if path.name != "table.py"]
    return (
        {name for source in sources for name in NAMED.findall(source)}
        - CSS_WORDS
        - {"utf-16-le", "x-line-accepted-request-id"}
    )


def test_every_rule_in_the_code_is_in_the_table() -> None:
    assert _named_in_code() - BY_NAME.keys() == set()


def test_every_rule_about_messages_is_tried() -> None:
    sources = [
        path.read_text()
        for path in (HOUSE / "rules").glob("*.py")
        if path.stem not in {"table", "requests", "placement"}
    ]
    named = {name for source in sources for name in NAMED.findall(source)} & BY_NAME.keys()
    assert named - CASES.keys() == {"messages-count"}


def test_names_are_unique_and_sources_given() -> None:
    assert len(BY_NAME) == len(RULES)
    assert all(rule.says and rule.source for rule in RULES)
