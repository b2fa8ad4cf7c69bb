"""Misspellings of a question join it; questions of other topics do not."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from bot.outreach.likeness import Wordings, key_of, likeness, read
from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.reading import Reader

Worded = tuple[str, str, tuple[str, ...]]
EVERY = 2
"""One variant in so many is looked at, so that this takes seconds."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_catalogue(SHIPPED).lexicon)


@pytest.fixture(scope="module")
def variants(reader: Reader) -> list[Worded]:
    entries = load_catalogue(SHIPPED).entries.values()
    worded = [(entry.id, text, reader.read(text).standard) for entry in entries for text in entry.variants]
    random.Random(5).shuffle(worded)
    return worded[::EVERY]


def grouped(worded: list[Worded]) -> tuple[Wordings, dict[int, int]]:
    wordings, groups = Wordings(), {}
    for number, (_, text, words) in enumerate(worded):
        alike = wordings.list_alike(text, words)
        groups[number] = alike[0] if alike else number
        if not alike:
            wordings.add(number, text, words)
    return wordings, groups


def lose_tones(text: str, chance: random.Random) -> str:
    return "".join(letter for letter in text if letter not in "่้๊๋" or chance.random() < 0.5)


def swap_two_letters(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def drop_a_letter(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def be_polite(text: str, chance: random.Random) -> str:
    return f"{chance.choice(('ขอถามหน่อย', 'พี่คะ', ''))} {text.replace(' ', '')}{chance.choice(('ครับ', 'ค่ะ', 'จ้า'))}"


def test_groups_are_of_one_topic(variants: list[Worded]) -> None:
    members = defaultdict(list)
    for number, group in grouped(variants)[1].items():
        members[group].append(variants[number][0])
    shared = [Counter(topics) for topics in members.values() if len(topics) > 1]
    of_the_main_topic = sum(max(topics.values()) for topics in shared) / sum(topics.total() for topics in shared)
    assert of_the_main_topic >= 0.95
    assert len(shared) >= 40


@pytest.mark.parametrize(
    ("noise", "least"), [(lose_tones, 0.95), (swap_two_letters, 0.85), (drop_a_letter, 0.9), (be_polite, 0.9)]
)
def test_most_misspellings_join_what_they_misspell(
    variants: list[Worded], reader: Reader, noise: Callable[[str, random.Random], str], least: float
) -> None:
    wordings, groups = grouped(variants)
    chance = random.Random(7)
    sample = [number for number, (_, text, _) in enumerate(variants) if len(text) >= 12][:300]
    joined = astray = 0
    for number in sample:
        text = noise(variants[number][1], chance)
        found = wordings.list_alike(text, reader.read(text).standard)
        joined += found[:1] == [groups[number]]
        astray += bool(found) and variants[found[0]][0] != variants[number][0]
    assert joined / len(sample) >= least
    assert astray / len(sample) <= 0.01


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("สมัครอบรมยังไง", "ยกเลิกอบรมยังไง"),
        ("ศูนย์ทำอะไรเรื่องคนเข้าไม่ถึงการรักษาพยาบาลบ้าง", "ศูนย์ทำอะไรเรื่องคนเข้าไม่ถึงสวัสดิการบ้าง"),
        ("ศูนย์พลเมืองคืออะไร", "นักข่าวพลเมืองคืออะไร"),
    ],
)
def test_another_word_on_both_sides_is_another_question(one: str, other: str, reader: Reader) -> None:
    wordings = Wordings()
    wordings.add(1, one, reader.read(one).standard)
    assert wordings.list_alike(other, reader.read(other).standard) == []


def test_likeness_is_the_same_both_ways_and_whole_for_the_same(variants: list[Worded]) -> None:
    some = [read(text, words) for _, text, words in variants[:60]]
    assert all(likeness(one, one) == 1 for one in some)
    assert all(likeness(one, other) == likeness(other, one) for one in some for other in some)


def test_the_same_wordings_in_the_same_order_give_the_same_groups(variants: list[Worded]) -> None:
    assert grouped(variants[:400])[1] == grouped(variants[:400])[1]


def test_words_may_be_missing_and_so_may_letters() -> None:
    wordings = Wordings()
    for number, text in enumerate(["ฟรี wifi", "ก", "", "😀"]):
        wordings.add(number, text, ())
    found = [wordings.list_alike(text, ()) for text in ("Free WiFi", "ฟรี  WIFI", "ก", "", "😀")]
    assert found == [[], [0], [1], [], []]


def test_a_key_is_of_the_wording_alone() -> None:
    assert key_of("ศตจ.ปชช. คืออะไร?") == key_of(" ศตจปชช คืออะไร")
    assert key_of("เปิดกี่โมง") != key_of("ปิดกี่โมง")
    assert [key_of(text) for text in ("", " ", "😀?")] == ["", "", ""]
