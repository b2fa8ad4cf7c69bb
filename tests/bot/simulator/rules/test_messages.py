"""Each rule about a message is seen to accept and to refuse."""

from __future__ import annotations

import pytest

from bot.simulator.rules.counting import graphemes, utf16_units
from bot.simulator.rules.messages import find_problems
from bot.simulator.rules.table import BY_NAME
from tests.bot.simulator.rules.cases import CASES
from tests.bot.simulator.rules.messages import Message, bubble, flex, quick, say, text, words

GOOD = [(rule, message) for rule, (good, _bad) in CASES.items() for message in good]
BAD = [(rule, message) for rule, (_good, bad) in CASES.items() for message in bad]


def _names(cases: list[tuple[str, Message]]) -> list[str]:
    return [rule for rule, _message in cases]


@pytest.mark.parametrize(("rule", "message"), GOOD, ids=_names(GOOD))
def test_a_message_that_just_keeps_the_rule_is_accepted(rule: str, message: Message) -> None:
    assert find_problems(message) == [], rule


@pytest.mark.parametrize(("rule", "message"), BAD, ids=_names(BAD))
def test_a_message_that_just_breaks_the_rule_is_refused(rule: str, message: Message) -> None:
    problems = find_problems(message)
    assert rule in {problem.rule for problem in problems}
    assert all(problem.rule in BY_NAME for problem in problems)


def test_lengths_are_counted_in_lines_two_units() -> None:
    assert (utf16_units("ก็"), graphemes("ก็")) == (2, 1)
    assert (utf16_units("👩‍👧"), graphemes("👩‍👧")) == (5, 1)


def test_a_property_that_lines_does_not_know_is_ignored_outside_flex() -> None:
    assert find_problems(text(fontSize=12)) == []
    assert find_problems(quick({**say(), "colour": "red"})) == []


def test_problems_are_placed_the_way_line_places_them() -> None:
    assert [problem.place for problem in find_problems(quick(say("")))] == [
        "messages[0].quickReply.items[0].action.label"
    ]
    assert [problem.place for problem in find_problems(flex(bubble(words(""))))] == ["/body/contents/0/text"]
