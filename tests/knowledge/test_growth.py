"""A message's time grows with its length and no faster, whatever it consists of.

The bounds are generous: the tests' machine is shared. What an idle core does is in docs/matching-speed.md.
"""

from __future__ import annotations

import pytest

from bot.bench.growth import milliseconds, of_length, texts
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.matcher import Matcher
from knowledge.thai import LONGEST, normalise

NAMES = sorted(texts(load_catalogue(SHIPPED)))
NOTICEABLE_MS = 10.0


@pytest.mark.parametrize("name", NAMES)
def test_five_times_the_letters_take_no_more_than_some_five_times_the_time(
    name: str, matcher: Matcher, shipped: Catalogue
) -> None:
    text = texts(shipped)[name]
    matcher.decide("สวัสดีค่ะ")
    short = milliseconds(matcher, of_length(text, LONGEST // 5))
    long = milliseconds(matcher, of_length(text, LONGEST))
    assert long < max(10 * short, NOTICEABLE_MS)
    assert long < 250


@pytest.mark.parametrize("letter", ["\ufdfa", "\u3316", "\u2474\u247d", "\u0e33"])
def test_letters_that_are_spelt_out_do_not_outgrow_the_longest_text(letter: str) -> None:
    assert len(normalise(of_length(letter, LONGEST))) <= 2 * LONGEST


def test_one_letter_for_a_phrase_changes_nothing_in_a_message(matcher: Matcher) -> None:
    assert matcher.decide("ศูนย์เปิดกี่โมงคะ ﷺ").entry == matcher.decide("ศูนย์เปิดกี่โมงคะ").entry == "center.hours"
