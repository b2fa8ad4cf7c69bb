"""The contract with LINE as a document: the table of rules, and for each the test that sees it at work."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from bot.simulator.rules.rule import DOCUMENTED, Rule
from bot.simulator.rules.table import RULES

OPENING = """\
# What LINE asks of a bot

Every rule that the simulator of the LINE platform keeps. This page is written by a program from
`bot/simulator/rules/rows`: `python -m tests.bot.simulator.rules.proofs` writes it again, and a test compares.

*Documented* rules are in LINE's documentation, under the section that heads them. *Assumed* ones are ours: the
documentation is silent there, or two of its pages disagree. Try those on a real channel before trusting them.
A refusal names its rule in the header `X-Simulator-Rule`, which LINE does not have.
"""


def write_contract(proofs: Mapping[str, str]) -> str:
    """Markdown. `proofs` names for each rule the test that sees it; Raises KeyError for a rule without one."""
    documented = sum(rule.basis == DOCUMENTED for rule in RULES)
    count = f"{len(RULES)} rules: {documented} documented, {len(RULES) - documented} assumed.\n"
    sections = [
        _write_section(source, list(rules), proofs) for source, rules in groupby(RULES, lambda rule: rule.source)
    ]
    return "\n".join([OPENING, count, *sections])


def _write_section(source: str, rules: list[Rule], proofs: Mapping[str, str]) -> str:
    rows = [f"| `{rule.name}` | {_cell(rule.says)} | {rule.basis} | `{proofs[rule.name]}` |" for rule in rules]
    return "\n".join([f"## {source}\n", "| rule | what it says | basis | seen by |", "|---|---|---|---|", *rows, ""])


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
