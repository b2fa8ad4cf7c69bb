from __future__ import annotations

import re
import zlib
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from bot.events.certificate_drawing import Certificate, NoSuchLetter, Typefaces, draw
from tests.builders import NOON

FONTS = Path(str(resources.files("bot.line").joinpath("fonts")))
TYPEFACES = Typefaces(FONTS / "Sarabun-SemiBold.ttf", FONTS / "Sarabun-Bold.ttf")
ONE = Certificate(
    centre="ศูนย์พัฒนาการเมืองภาคพลเมือง", heading="เกียรติบัตร", given_to="ให้ไว้เพื่อแสดงว่า", name="ปิ่น ปั๊มน้ำ", beside_name="",
    has_joined="ได้เข้าร่วมกิจกรรม", title="เวทีแลกเปลี่ยนเรียนรู้", when="เมื่อวันเสาร์ที่ 28 พฤศจิกายน 2569", hours="รวม 6 ชั่วโมง",
    number="เลขที่ 7K3M", check="ตรวจได้ที่", check_address="https://bot.example.org/c/7K3M",
)  # fmt: skip
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PLACED = re.compile(r"1 0 0 1 ([\d.]+) ([\d.]+) Tm")


def drawn(*pages: Certificate) -> bytes:
    return draw(pages, typefaces=TYPEFACES, split=str.split, title="เกียรติบัตร", language="th-TH", now=NOON)


def pages_of(pdf: bytes) -> list[str]:
    """What is drawn on each page, in PDF's own words."""
    streams = []
    for packed in _STREAM.findall(pdf):
        try:
            text = zlib.decompress(packed).decode("latin-1")
        except zlib.error:
            continue
        if " Tf" in text:
            streams.append(text)
    return streams


def test_each_certificate_has_a_page_of_its_own() -> None:
    made = drawn(ONE, replace(ONE, name="มาลี ใจดี"), replace(ONE, name="John Smith"))

    assert made.startswith(b"%PDF-")
    assert len(pages_of(made)) == 3
    assert b"[0 0 841.89 595.28]" in made


def test_marks_above_marks_are_raised() -> None:
    """ปั๊ม stacks a vowel and a tone mark: the upper one is placed higher than the line it stands on."""
    flat, stacked = (pages_of(drawn(replace(ONE, name=name)))[0] for name in ("กา", "ปั๊ม"))

    def heights(page: str) -> set[str]:
        return {y for _, y in _PLACED.findall(page)}

    assert heights(stacked) - heights(flat)


def test_a_name_with_letters_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(NoSuchLetter):
        drawn(replace(ONE, name="王小明"))


def test_a_title_with_faces_loses_them() -> None:
    assert drawn(replace(ONE, title="เวที 🎉 ปลายปี")) == drawn(replace(ONE, title="เวที ปลายปี"))


def test_a_long_title_takes_several_lines_and_the_longest_is_not_cut() -> None:
    long = " ".join(["การมีส่วนร่วมของพลเมือง"] * 8)

    one, several, most = (pages_of(drawn(replace(ONE, title=title)))[0] for title in ("เวที", long, "ก" * 200))

    assert one.count("BT") < several.count("BT")
    assert most.count("BT") >= one.count("BT")
