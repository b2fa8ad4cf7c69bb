from __future__ import annotations

from knowledge.lexicon import Lexicon
from knowledge.reading import Reader

LEXICON = Lexicon(
    particles=("เจ้า", "ครับ"),
    northern={"ทำ": ("ยะ", "เฮ็ด"), "อะไร": ("อะหยัง",)},
    abbreviations={"โรงเรียน": ("รร.",)},
    synonyms={"สมัคร": ("ลงชื่อ",)},
)


def test_read_puts_dialect_into_standard_words() -> None:
    assert Reader(LEXICON).read("ยะอะหยังเจ้า").standard == ("ทำ", "อะไร")


def test_read_keeps_what_was_written() -> None:
    reading = Reader(LEXICON).read("ยะอะหยังเจ้า")
    assert (reading.text, reading.words) == ("ยะอะหยังเจ้า", ("ยะ", "อะหยัง", "เจ้า"))


def test_read_knows_abbreviations_with_and_without_dots() -> None:
    reader = Reader(LEXICON)
    assert reader.read("รร.ไหน").standard == reader.read("รรไหน").standard == ("โรงเรียน", "ไหน")


def test_read_keeps_politeness_that_is_all_there_is() -> None:
    assert Reader(LEXICON).read("ครับ").standard == ("ครับ",)


def test_synonyms_share_a_meaning_and_stay() -> None:
    assert LEXICON.meaning_of["ลงชื่อ"] == ("สมัคร",)
    assert Reader(LEXICON).read("ลงชื่อ").standard == ("ลงชื่อ",)
