"""What is wrong with content, in Thai, and beside which field it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.console.faq_sentences import PLACES_TO_PUT, subject
from knowledge.answers import FIELD
from knowledge.entries import Fault

LONGEST_SHOWN = 80
_QUOTED = r"(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_SETTINGS = ", ".join(f"{{{{{name}}}}} {title}" for name, title in PLACES_TO_PUT.items())
TEXT = "text"
"""Stands for whichever text of an answer holds what the fault names."""


@dataclass(frozen=True, slots=True)
class Told:
    field: str
    """As the form names it; empty: of the topic as a whole."""
    words: str


@dataclass(frozen=True, slots=True)
class Twin:
    """A wording that stands somewhere else too."""

    text: str
    owner: str


_RULES: tuple[tuple[str, str, str], ...] = (
    (r"There are (?P<count>\d+) variants\. Write at least (?P<least>\d+)", "variants",
     "มีวิธีถาม {count} แบบ ขออย่างน้อย {least} แบบค่ะ บอตจะได้เรียนรู้พอ"),
    (r"The title \((?P<language>..)\) has (?P<count>\d+) letters; a button has (?P<most>\d+)", "title_{language}",
     "ยาว {count} ตัวอักษร ปุ่มใน LINE รับได้ {most} ตัวค่ะ"),
    (r"'details' and 'unavailable' go together", "unavailable_th",
     "รายละเอียดที่ต้องมีข้อมูล กับคำตอบเมื่อยังไม่มีข้อมูล ต้องมีทั้งคู่ หรือไม่มีทั้งคู่ค่ะ"),
    (r"A variant has (?P<count>\d+) letters\. Keep it under (?P<most>\d+)", "variants",
     "มีบรรทัดหนึ่งยาว {count} ตัวอักษร ขอไม่เกิน {most} ค่ะ"),
    (r"There is no setting " + _QUOTED, TEXT, "ไม่มีข้อมูลชื่อ {{{text}}} ค่ะ ใช้ได้: " + _SETTINGS),
    (r"There is a lone " + _QUOTED, TEXT, "มีเครื่องหมาย {text} ตัวเดียวค่ะ ถ้าต้องการให้แสดง พิมพ์ซ้ำสองตัว"),
    (r"(?P<text>\{.*\}) is unknown\. A number of years", TEXT,
     "อ่าน {text} ไม่ออกค่ะ จำนวนปีเขียนอย่างนี้: {{years_since:2555}}"),
    (r"The answer \((?P<language>..)\) has (?P<count>\d+) letters; a message has (?P<most>\d+)", "answer_{language}",
     "ยาว {count} ตัวอักษร ข้อความหนึ่งใน LINE รับได้ {most} ตัวค่ะ"),
    (r"There is no action " + _QUOTED, "actions", "ไม่มีปุ่ม {text} ค่ะ"),
    (r"'(?P<text>[a-z_]+\(.*\))' is unknown\. list_events", "actions", "ปุ่ม {text} ใช้ไม่ได้ค่ะ"),
    (r"'related' names " + _QUOTED, "related", "ไม่มีเรื่อง {text} ให้ไปต่อค่ะ เลือกเรื่องอื่นนะคะ"),
    (_QUOTED + r" stands under (?P<owner>\S+) too", "variants", "“{text}” มีอยู่แล้วที่ “{owner}” เก็บไว้ที่เดียวนะคะ"),
    (r"'title' is missing in Thai", "title_th", "ขอชื่อเรื่องภาษาไทยค่ะ"),
    (r"'answer' is missing in Thai", "answer_th", "ขอคำตอบภาษาไทยค่ะ"),
    (r"'details' is missing in Thai", "details", "รายละเอียดทุกข้อต้องมีภาษาไทยค่ะ"),
    (r"'unavailable' is missing in Thai", "unavailable_th", "ขอภาษาไทยด้วยค่ะ"),
    (r"A text is empty", "", "มีช่องหนึ่งว่างอยู่ค่ะ"),
    (_QUOTED + r" holds a letter that cannot be shown", "", "“{text}” มีตัวอักษรที่แสดงไม่ได้ค่ะ ลองพิมพ์ใหม่แทนการวาง"),
    (r"A detail must say what it needs", "details", "รายละเอียดทุกข้อต้องเลือกว่าใช้ข้อมูลอะไรค่ะ"),
    (r"Only general\.crisis has phrases", "phrases", "มีได้เฉพาะเรื่องเหตุด่วนค่ะ"),
    (r"The id " + _QUOTED + " must look like", "id",
     "“{text}” ใช้เป็นรหัสเรื่องไม่ได้ค่ะ ขอตัวอังกฤษเล็ก ตัวเลข หรือ _ เริ่มด้วยตัวอักษร เช่น opening_hours"),
    (r"There are no messages here any more", "", "ลบหมดไม่ได้ค่ะ ต้องเหลืออย่างน้อยหนึ่งข้อความ บอตจะได้รู้ว่าอะไรไม่ใช่เรื่องของเรา"),
    (_QUOTED + r" stands for (?P<one>.+) and for (?P<other>.+)\.", "forms",
     "“{text}” อยู่ใต้สองคำ คือ {one} และ {other} เก็บไว้ที่เดียวนะคะ"),
    (r"'(?P<field>confirmed|best_before|valid_from|valid_until)' is " + _QUOTED + r"\. Write a day", "care_{field}",
     "อ่านวันที่ {text} ไม่ออกค่ะ"),
    (r"'when_old' is ", "care_when_old", "เลือกว่าจะทำอย่างไรเมื่อเก่าแล้วค่ะ"),
    (r"'valid_from' is after 'valid_until'", "care_valid_until", "วันสุดท้ายอยู่ก่อนวันแรกค่ะ"),
    (r"'confirmed' is after 'best_before'", "care_best_before", "วันที่ควรยืนยันใหม่อยู่ก่อนวันที่ยืนยันล่าสุดค่ะ เลือกวันที่ช้ากว่านั้นนะคะ"),
    (r"'best_before' needs 'confirmed'", "care_confirmed", "ขอวันที่ยืนยันล่าสุดด้วยค่ะ"),
    (r"is said at all times: it has no 'care'", "", "เรื่องนี้ต้องตอบได้ทุกเวลา จึงกำหนดวันไม่ได้ค่ะ"),
    (r"This entry cannot be removed", "", "ลบเรื่องนี้ไม่ได้ค่ะ เป็นคำตอบสำหรับคนที่อาจอยู่ในอันตราย"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), field, words) for pattern, field, words in _RULES)


def tell(message: str, *, titles: Mapping[str, str], texts: Mapping[str, str] | None = None) -> Told:
    """`texts` are the fields of the form that may hold what the message names."""
    for pattern, field, words in _COMPILED:
        found = pattern.search(message)
        if found is not None:
            named = {name: _plain(text) for name, text in found.groupdict().items()}
            if "owner" in named:
                named["owner"] = subject(named["owner"], titles)
            place = _holding(named["text"], texts or {}) if field == TEXT else field.format(**named)
            return Told(place, words.format(**named))
    return Told("", message)


def tell_all(
    faults: Iterable[Fault], *, owner: str, titles: Mapping[str, str], texts: Mapping[str, str] | None = None
) -> list[Told]:
    """Of another topic than `owner`, which an edit would leave wrong, the name is said."""
    told = []
    for fault in faults:
        one = tell(fault.message, titles=titles, texts=texts)
        told.append(one if fault.file == owner else Told("", f"{subject(fault.file, titles)}: {one.words}"))
    return list(dict.fromkeys(told))


def twins(faults: Iterable[Fault], *, owner: str) -> list[Twin]:
    """The wordings of `owner` that stand somewhere else too."""
    found = []
    for fault in faults:
        match = re.fullmatch(_QUOTED + r" stands under (?P<owner>\S+) too\..*", fault.message)
        if match is not None and fault.file == owner:
            found.append(Twin(str(ast.literal_eval(match["text"])), match["owner"]))
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """What was written as Python writes it."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    shown = str(value) if isinstance(value, str) else text
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _holding(named: str, texts: Mapping[str, str]) -> str:
    for field, text in texts.items():
        if any(match["name"] == named or match[0] == named for match in FIELD.finditer(text)):
            return field
    return ""
