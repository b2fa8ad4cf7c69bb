"""The document of the contract is what the table of rules says, and every rule has its test."""

from __future__ import annotations

from bot.simulator.rules.contract import write_contract
from bot.simulator.rules.table import BY_NAME
from tests.bot.simulator.rules.proofs import DOCUMENT, LISTED, find_proofs, list_tests


def test_every_rule_is_seen_by_a_test_that_exists() -> None:
    proofs = find_proofs()
    assert BY_NAME.keys() - proofs.keys() == set()
    assert set(proofs.values()) - list_tests().keys() == set()
    assert LISTED.keys() - BY_NAME.keys() == set()


def test_the_document_is_not_stale() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == write_contract(find_proofs()), "run python -m tests.bot.simulator.rules.proofs"
