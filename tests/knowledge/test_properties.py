"""Properties of the matcher that hold for any text, and how much of people's noise it bears.

The messages of the development set are new to the model. The variants are not: it has learnt them, without the noise.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

import knowledge
from knowledge.catalogue import Catalogue
from knowledge.decision import Decision
from knowledge.evaluation import Share, read_labelled
from knowledge.judgement import LISTED
from knowledge.matcher import CRISIS, Matcher
from knowledge.model import Model
from knowledge.needs import LONG
from knowledge.thai import LONGEST, normalise, skeleton
from tests.knowledge.noise import COMBINING, HARMFUL, HARMLESS, INVISIBLE, THAI_DIGITS, TONE_MARKS, make_noise

DEVELOPMENT = Path(knowledge.__file__).parent / "labelled" / "dev.jsonl"
SOME_VARIANTS = 100
FEWEST_PLACES = 10
"""A kind of noise that finds fewer messages to change has not been tried."""
STEADY_SECONDS, SECONDS_PER_LETTER = 0.04, 0.00002
"""Of processor time: some five times what an idle core takes, for the tests' machine is shared.

What was said earlier adds nothing to it, however long it is: only so much of it is read again.
"""

CONSONANTS = "กขคงจชซญดตทนบปพมยรลวสหอฮ"
MARKS = [*COMBINING, *INVISIBLE, "ๆ", "\u0301"]
COMPATIBLE = ["ﷺ", "㌖", "⑽", "ﬁ", "İ", "ß", "½", "Ａ", "１", "？", "．", "\u3000", "ﾊ", "a\u0308", "\u1100\u1161"]
ANY = st.one_of(st.characters(), st.characters(categories=["Lo", "Mn", "So"]), st.characters(categories=["Cs"]))
"""Surrogates too, which a text of its own accord never has."""
LETTER = st.one_of(
    st.sampled_from([*CONSONANTS, *"เแโใไะาฤ", *THAI_DIGITS, *"aAzZ09", *".. ?!\n_", "...", "5555", "กกก", "ออออ"]),
    st.sampled_from(COMPATIBLE),
)
SIGNS = st.builds(
    lambda letter, marks: letter + "".join(marks), LETTER, st.lists(st.sampled_from(MARKS), max_size=12)
)  # fmt: skip
THAI_SIGNS = st.lists(SIGNS, max_size=40).map("".join)
SYLLABLE = st.builds(
    lambda before, letter, vowel, mark, after: before + letter + vowel + mark + after,
    st.sampled_from(["", "", "เ", "แ", "ไ"]),
    st.sampled_from(CONSONANTS),
    st.sampled_from(["", *"ัิีึืุู"]),
    st.sampled_from(["", *TONE_MARKS]),
    st.sampled_from(["", "า", "ะ", "ำ", "ส์", "ธิ์", " ", "1"]),
)
WRITTEN_THAI = st.lists(SYLLABLE, max_size=30).map("".join)

TELLING = [
    *("ศูนย์เปิดกี่โมงคะ", "ศูนย์อยู่ที่ไหน", "สมัครสื่ออาสา", "อยากตาย", "โดนไฟดูด", "ไม่", "หิวจะ", "l^opN0yfgxbffujF,"),
    *("และ", "แล้วก็", " and ", "?", "\n", " ", "ๆ", "ร", "ก.", "\u200b", "\u0e48", "\u0e4d\u0e48\u0e32", "😀", "\ud800"),
]


def stretch(pieces: Sequence[str], length: int, seed: int) -> str:
    """The pieces in any order, again and again, up to the length."""
    chance = random.Random(seed)
    shortest = min(map(len, pieces))
    return "".join(chance.choices(pieces, k=length // shortest + 1))[:length]


PIECE = st.one_of(st.sampled_from(TELLING), st.text(ANY, min_size=1, max_size=10))
LENGTH = st.one_of(st.integers(0, LONGEST), st.integers(LONG - 2, LONG + 2), st.just(LONGEST))
LONG_TEXT = st.builds(stretch, st.lists(PIECE, min_size=1, max_size=8), LENGTH, st.integers(0, 9))
TEXT = st.one_of(st.text(ANY, max_size=80), THAI_SIGNS, LONG_TEXT, LONG_TEXT)
EARLIER = st.lists(TEXT, max_size=10)

quick = settings(derandomize=True, max_examples=150, deadline=None)
thorough = settings(derandomize=True, max_examples=75, deadline=None)
timed = settings(thorough, phases=[Phase.explicit, Phase.generate])
"""What is slow is not made smaller: that would take minutes, and times waver."""


@quick
@given(st.one_of(THAI_SIGNS, st.text(ANY, max_size=120)))
def test_normalise_twice_changes_nothing_whatever_the_signs(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@quick
@given(st.lists(st.one_of(LETTER, PIECE), min_size=1, max_size=5), st.integers(0, 3 * LONGEST), st.integers(0, 9))
def test_a_normalised_text_is_bounded(pieces: list[str], length: int, seed: int) -> None:
    assert len(normalise(stretch(pieces, length, seed))) <= LONGEST


@quick
@given(WRITTEN_THAI)
def test_the_skeleton_of_written_thai_stays_when_tone_marks_go(text: str) -> None:
    without = re.sub(f"[{TONE_MARKS}]", "", text)
    assume(not re.search(r"(.)\1\1", without))  # a letter typed again and again becomes one
    assert skeleton(normalise(without)) == skeleton(normalise(text))


@quick
@given(st.one_of(THAI_SIGNS, st.text(ANY, max_size=60)))
def test_a_skeleton_has_no_tone_mark_and_is_no_longer(text: str) -> None:
    read = normalise(text)
    assert not set(skeleton(read)) & set(TONE_MARKS)
    assert len(skeleton(read)) <= len(read)


def check_contract(decision: Decision, catalogue: Catalogue) -> None:
    names = [candidate.entry for candidate in decision.candidates]
    scores = [candidate.score for candidate in decision.candidates]
    assert decision.kind in ("answer", "clarify", "fallback")
    assert (decision.entry is not None) == (decision.kind == "answer")
    assert decision.entry is None or names[0] == decision.entry
    assert decision.kind != "clarify" or names
    assert set(names) <= catalogue.entries.keys()
    assert len(set(names)) == len(names)
    assert len(names) <= LISTED
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert set(decision.also) <= set(names) - {decision.entry}
    assert decision.kind == "answer" or not decision.also
    assert decision.refusal is None or decision.kind == "fallback"
    assert decision.urgent == (decision.entry == CRISIS)


@thorough
@given(text=TEXT, earlier=EARLIER)
@example(text="\ud800", earlier=["\udfff" * LONGEST, ""])
def test_every_decision_keeps_its_contract(matcher: Matcher, shipped: Catalogue, text: str, earlier: list[str]) -> None:
    given_earlier = tuple(earlier)
    check_contract(matcher.decide(text, earlier=earlier), shipped)
    assert tuple(earlier) == given_earlier


@thorough
@given(text=TEXT, earlier=EARLIER, other=TEXT)
def test_what_was_decided_before_changes_nothing(matcher: Matcher, text: str, earlier: list[str], other: str) -> None:
    first = matcher.decide(text, earlier=earlier)
    matcher.decide(other, earlier=[text, *earlier])
    again = matcher.decide(text, earlier=earlier)
    assert again == first
    assert again.explain() == first.explain()


def test_another_matcher_decides_alike_in_another_order(
    matcher: Matcher, shipped: Catalogue, shipped_model: Model
) -> None:
    texts = development_messages()[::3]
    another = Matcher(shipped, shipped_model)
    backwards = {text: another.decide(text, earlier=texts[:3]) for text in reversed(texts)}
    assert {text: matcher.decide(text, earlier=texts[:3]) for text in texts} == backwards


@timed
@given(text=TEXT, earlier=EARLIER)
def test_no_text_takes_more_than_its_share_of_time(matcher: Matcher, text: str, earlier: list[str]) -> None:
    taken = min(seconds_of(lambda: matcher.decide(text, earlier=earlier)) for _ in range(2))
    assert taken <= STEADY_SECONDS + SECONDS_PER_LETTER * len(text)


def seconds_of(decide: Callable[[], Decision]) -> float:
    started = time.thread_time()
    decide()
    return time.thread_time() - started


def development_messages() -> list[str]:
    labelled = read_labelled(DEVELOPMENT.read_text("utf-8").splitlines(), source=DEVELOPMENT.name)
    return [item.text for item in labelled if not item.earlier]


def some(texts: Iterable[str], count: int) -> list[str]:
    """A sample that changes little when texts are added."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).digest())[:count]


@pytest.fixture(scope="module")
def clean(matcher: Matcher, shipped: Catalogue) -> dict[str, Decision]:
    """What is decided without noise. Those with two needs are left out: noise may well hide the second."""
    variants = [text for entry in shipped.entries.values() for text in entry.variants]
    decided = {text: matcher.decide(text) for text in [*development_messages(), *some(variants, SOME_VARIANTS)]}
    return {text: decision for text, decision in decided.items() if not decision.also}


def noisy_messages(kind: str, texts: Iterable[str]) -> dict[str, str]:
    """Each message that this noise changes, and what becomes of it."""
    noisy = {text: make_noise(kind, text) for text in texts}
    changed = {text: noise for text, noise in noisy.items() if noise != text}
    assert len(changed) >= FEWEST_PLACES, f"{kind} changes only {len(changed)} messages"
    return changed


@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless_noise_changes_nothing(kind: str, matcher: Matcher, clean: dict[str, Decision]) -> None:
    changed = noisy_messages(kind, clean)
    other = {text: noise for text, noise in changed.items() if matcher.decide(noise) != clean[text]}
    assert not other, f"{kind}: {len(other)} of {len(changed)} are decided differently"


MEASURED = {
    "tone marks left out": (289, 294),
    "every tone mark left out": (285, 294),
    "a neighbouring key": (297, 306),
    "ร and ล confused": (252, 255),
    "ใ and ไ confused": (251, 253),
    "ค่ะ and คะ confused": (45, 45),
    "spaces removed": (230, 230),
    "spaces inserted": (302, 305),
    "letters repeated": (311, 313),
    "the end stretched": (253, 253),
    "a particle added": (313, 313),
    "the wrong layout": (290, 291),
}
"""How many had the same answer after the noise, of how many that were answered: the mean of seven seeds."""


@pytest.mark.parametrize("kind", HARMFUL)
def test_noise_rarely_changes_the_answer(kind: str, matcher: Matcher, clean: dict[str, Decision]) -> None:
    """The floor is the lower end of the 95 % interval around what was measured: chance does not explain less."""
    changed = noisy_messages(kind, (text for text, decision in clean.items() if decision.kind == "answer"))
    same = Share(sum(matcher.decide(noise).entry == clean[text].entry for text, noise in changed.items()), len(changed))
    floor, _ = Share(*MEASURED[kind]).interval
    assert same.value >= floor, f"{kind}: {same.hits} of {same.total} = {same.value:.3f}, floor {floor:.3f}"


def test_noise_is_the_same_every_time() -> None:
    text = "ขอโทษค่ะ ศูนย์เปิดให้เข้าไปได้กี่โมงคะ วันที่ 5 มิถุนายน รถจอดตรงไหนได้บ้าง"
    for kind in (*HARMLESS, *HARMFUL):
        assert make_noise(kind, text) == make_noise(kind, text) != text


@pytest.mark.parametrize("text", ["\u0e48\u0e49\u0e34" * 2, "\u0e48\u0e34" * 4])
def test_normalise_twice_changes_nothing_in_a_run_of_marks(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_normalise_twice_changes_nothing_in_a_text_that_grows() -> None:
    once = normalise("İ" * (LONGEST // 2 + 1))
    assert normalise(once) == once


def test_the_skeleton_of_a_silenced_letter_stays_when_its_tone_mark_goes() -> None:
    assert skeleton("ศูนย่์") == skeleton("ศูนย์")


def test_an_emergency_has_no_more_candidates_than_others(matcher: Matcher, shipped: Catalogue) -> None:
    texts = [f"{entry.variants[0]}โดนไฟดูด" for entry in shipped.entries.values()]
    assert max(len(matcher.decide(text).candidates) for text in texts) <= LISTED


@pytest.mark.parametrize("padding", [" ", "\n", "\u200b", "😊"])
def test_what_stands_after_a_message_does_not_make_it_long(
    padding: str, matcher: Matcher, clean: dict[str, Decision]
) -> None:
    assert all(matcher.decide(text + padding * LONG) == decision for text, decision in clean.items())


@pytest.mark.parametrize("connector", ["แ\u200bละ", "เเละ", "？"])
def test_two_needs_are_found_whatever_the_spelling_between_them(connector: str, matcher: Matcher) -> None:
    assert matcher.decide(f"ศูนย์อยู่ที่ไหน{connector}เปิดกี่โมง").also == ("center.hours",)
