"""What people who mend the content are told about a decision."""

from __future__ import annotations

import pytest

from knowledge.catalogue import Catalogue
from knowledge.explanation import Explanation, explain
from knowledge.matcher import Matcher


@pytest.fixture
def told(matcher: Matcher, shipped: Catalogue) -> Explanation:
    text = "เฮ็ดจะใดเถิงจะได้เป๋นสื่ออาสาเจ้า"
    return explain(matcher, shipped, text, matcher.decide(text))


def test_it_shows_how_the_message_was_split_and_what_was_read_as_what(told: Explanation) -> None:
    assert "".join(told.words) == "เฮ็ดจะใดเถิงจะได้เป๋นสื่ออาสาเจ้า"
    assert "ทำ" in dict(told.repaired).values()
    assert told.left_out == ("เจ้า",)


def test_the_word_that_decides_says_most(told: Explanation) -> None:
    best = told.candidates[0]
    assert best.entry == "media.join"
    assert best.words[0].word == "สื่ออาสา"
    assert best.words[0].weight > 0


def test_the_variants_shown_are_the_entrys_own_and_the_most_alike_come_first(
    matcher: Matcher, shipped: Catalogue
) -> None:
    for entry in ("center.hours", "event.cancel"):
        text = shipped.entries[entry].variants[7]
        told = explain(matcher, shipped, text, matcher.decide(text))
        assert told.candidates[0].variants[0] == text
        for candidate in told.candidates:
            assert set(candidate.variants) <= set(shipped.entries[candidate.entry].variants)


@pytest.mark.parametrize(
    ("text", "earlier", "said"),
    [
        ("ศูนย์เปิดกี่โมง", (), "มั่นใจ"),
        ("หวยออกอะไร", (), "ไม่ใช่เรื่องของเรา"),
        ("เลือกพรรคไหนดี", (), "เป็นกลาง"),
        ("อยากตาย", (), "อันตราย"),
        ("หิวจะตายแล้ว", (), "ไม่"),
        ("👋", (), "ไม่มีตัวอักษร"),
        ("l^opN0yfgxbffujF,", (), "ผิดภาษา"),
        ("สมัครยังไง", ("สื่ออาสาคืออะไร",), "media.what"),
        ("ศูนย์อยู่ที่ไหนและเปิดกี่โมง", (), "สองเรื่อง"),
    ],
)
def test_every_kind_of_decision_has_its_reason_in_both_languages(
    matcher: Matcher, shipped: Catalogue, text: str, earlier: tuple[str, ...], said: str
) -> None:
    told = explain(matcher, shipped, text, matcher.decide(text, earlier=earlier))
    assert said in " ".join(told.reasons["th"])
    assert len(told.reasons["en"]) == len(told.reasons["th"]) > 0


def test_what_is_told_can_be_written_as_json(told: Explanation) -> None:
    assert told.plain()["candidates"][0]["words"][0]["word"] == "สื่ออาสา"
