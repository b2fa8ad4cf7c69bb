from __future__ import annotations

import pytest

from bot.line import limits
from bot.simulator.rules import actions, flex, flex_components, messages, node, text
from bot.simulator.rules.dressing import QUICK_REPLIES


@pytest.mark.parametrize(
    ("letters", "units", "graphemes"),
    [
        ("", 0, 0),
        ("word", 4, 4),
        ("ที่", 3, 1),
        ("😀", 2, 1),
        ("👩\u200d👧", 5, 1),
        ("🇹🇭", 4, 1),
        ("\ud83d", 1, 1),
        ("a\r\nb", 4, 3),
    ],
)
def test_lengths_are_counted_as_line_counts_them(letters: str, units: int, graphemes: int) -> None:
    assert (limits.utf16_units(letters), limits.graphemes(letters)) == (units, graphemes)


def test_our_numbers_are_those_that_the_simulator_keeps() -> None:
    """Two readings of LINE's documentation, made apart."""
    ours = (
        limits.MESSAGES_A_REQUEST, limits.TEXT_UNITS, limits.ALT_TEXT_UNITS, limits.QUICK_REPLIES,
        limits.LABEL_GRAPHEMES, limits.FLEX_LABEL_GRAPHEMES, limits.FLEX_BUBBLE_BYTES, limits.CAROUSEL_BUBBLES,
        limits.FLEX_CAROUSEL_BYTES, limits.PICTURE_ADDRESS_CHARACTERS,
    )  # fmt: skip
    assert ours == (
        messages.MESSAGES, text.TEXT_UNITS, flex.ALT_TEXT_UNITS, QUICK_REPLIES,
        actions.QUICK_REPLY.most_label, actions.FLEX_BUTTON.most_label, flex.BUBBLE_BYTES, flex.BUBBLES,
        flex.CAROUSEL_BYTES, node.URL_UNITS,
    )  # fmt: skip
    assert limits.TEXT_UNITS <= flex_components.TEXT_UNITS
    assert all(node.is_uri(f"{scheme}://x.example", limits.URI_SCHEMES) for scheme in limits.URI_SCHEMES)
