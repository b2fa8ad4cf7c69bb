"""Thai as it should be set: every mark in its place, and never an empty box."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PIL import Image

from bot.line.lettering import Glyph, NoSuchLetter, Typeface, load_typeface

WEIGHTS = ("Sarabun-Bold", "Sarabun-SemiBold")
WORDS = ("ที่นี่", "น้ำใจ", "ผู้ใหญ่", "ปั๊มน้ำ", "กตัญญู", "ลงทะเบียนไว้แล้ว")


def shapes(typeface: Typeface, words: str) -> list[str]:
    return [glyph.name for glyph in typeface.set(words).glyphs]


def letter_by_letter(typeface: Typeface, words: str) -> list[tuple[str, int, int]]:
    """As a program that knows no Thai would set it: each letter's own shape, one after the other."""
    placed, at = [], 0
    for letter in words:
        line = typeface.set(letter)
        placed.append((line.glyphs[0].name, at, 0))
        at += round(line.width * typeface.units)
    return placed


def ink(typeface: Typeface, glyph: Glyph) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what is black."""
    points = [point for outline in typeface.outlines(glyph.number) for point in outline]
    xs, ys = [glyph.x + x for x, _ in points], [glyph.y + y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


@pytest.fixture(params=WEIGHTS)
def typeface(request: pytest.FixtureRequest) -> Typeface:
    return load_typeface(request.param)


@pytest.mark.parametrize("words", WORDS)
def test_marks_are_not_where_letter_by_letter_would_put_them(typeface: Typeface, words: str) -> None:
    set_words = [(glyph.name, glyph.x, glyph.y) for glyph in typeface.set(words).glyphs]
    assert set_words != letter_by_letter(typeface, words)


def test_two_marks_on_a_tall_consonant_stand_above_each_other_and_beside_its_stem(typeface: Typeface) -> None:
    consonant, vowel, tone, _ = [ink(typeface, glyph) for glyph in typeface.set("ปั๊ม").glyphs]
    assert vowel[1] > 0
    assert tone[1] >= vowel[3] - 1, "the tone mark stands on the vowel"
    assert vowel[2] < consonant[2], "the vowel stays left of the stem, which is as tall as it"
    assert shapes(typeface, "ปั๊ม")[1:3] != shapes(typeface, "กั๊ม")[1:3], "with other shapes than on a short consonant"


def test_a_consonant_loses_its_foot_for_a_vowel_below(typeface: Typeface) -> None:
    alone, with_vowel = shapes(typeface, "ญ")[0], shapes(typeface, "กตัญญู")[-2]
    assert alone != with_vowel


def test_marks_lie_over_their_own_consonant(typeface: Typeface) -> None:
    consonant, vowel, tone, *_ = [ink(typeface, glyph) for glyph in typeface.set("ที่นี่").glyphs]
    for mark in (vowel, tone):
        assert consonant[0] <= mark[0] < mark[2] <= consonant[2] + 20
    assert tone[1] > consonant[3]


@pytest.mark.parametrize("words", [*WORDS, "๐๑๒๓ ฯ ๆ “Ask” 2569 – 08.30", "ฤๅ ฎีกา ฐาน"])
def test_the_typeface_has_every_letter(typeface: Typeface, words: str) -> None:
    line = typeface.set(words)
    assert all(glyph.number for glyph in line.glyphs)
    assert 0 < line.width < len(words)


@pytest.mark.parametrize("words", ["ถาม😀", "ກ", "漢字"])
def test_a_letter_that_would_be_an_empty_box_is_refused_by_name(typeface: Typeface, words: str) -> None:
    with pytest.raises(NoSuchLetter, match=words[-1]):
        typeface.set(words)


def test_the_white_within_a_letter_stays_white() -> None:
    picture = Image.new("RGB", (200, 200), "white")
    line = load_typeface("Sarabun-Bold").set("๏")
    line.draw(picture, left=30, baseline=150, size=200, colour="#000000")
    black = [x for x in range(200) if picture.getpixel((x, 100)) == (0, 0, 0)]
    steps = [after - before for before, after in pairwise(black)]
    assert sum(step > 1 for step in steps) >= 2, "a ring around a ring or dot: black, white, black …"
