from __future__ import annotations

import pytest

from knowledge.alarm import Alarm
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader

LEXICON = Lexicon(
    negations=("ไม่", "ไม่ได้", "ไม่เคย"),
    exaggerations=("หิว", "ขำ", "ร้อน"),
    hearsay=("หนัง", "สถิติ"),
    northern={"อยาก": ("ใค่",), "ตาย": ("ต๋าย",)},
)
ALARM = Alarm(("อยากตาย", "ไม่อยากอยู่แล้ว", "โดนผัวซ้อม", "ฆ่าตัวตาย"), LEXICON)
READER = Reader(LEXICON)


@pytest.mark.parametrize(
    "text",
    [
        "อยากตาย",
        "อยากตายยยย",
        "หนู อยาก ตาย ค่ะ",
        "ข้าเจ้าใค่ต๋าย",
        "ไม่อยากอยู่แล้ว",
        "เมื่อคืนโดนผัวซ้อมมา",
        "โดนผัวช้อม โดนผัวซ้อม",
        "ไม่รู้ทำไม อยากตาย",
        "ตอนแรกไม่อยากตายนะ แต่ตอนนี้อยากตาย",
    ],
)
def test_a_cry_for_help_is_heard(text: str) -> None:
    assert ALARM.find(READER.read(text)) is not None


@pytest.mark.parametrize(
    "text", ["ไม่ได้อยากตาย", "ไม่อยากตาย", "หิวจนอยากตาย", "ขำอยากตาย", "หิวจะตาย", "ตลกตายแล้ว", "ศูนย์เปิดกี่โมง", ""]
)
def test_negations_and_jokes_are_not(text: str) -> None:
    assert ALARM.find(READER.read(text)) is None


def test_talk_of_films_and_figures_is_hearsay() -> None:
    assert ALARM.is_hearsay(READER.read("สถิติการฆ่าตัวตาย"))
    assert not ALARM.is_hearsay(READER.read("คิดฆ่าตัวตาย"))


def test_without_phrases_nothing_rings() -> None:
    assert Alarm((), LEXICON).find(READER.read("อยากตาย")) is None
