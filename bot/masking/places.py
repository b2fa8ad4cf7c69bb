"""Where somebody lives: the numbers of a house, its village and its lane. Names of places are kept."""

from __future__ import annotations

import re

_HOUSE = r"[0-9]{1,4}(?: ?/ ?[0-9]{1,4})?"
_VILLAGE = r"(?:หมู่ ?บ้าน ?ที่|หมู่ ?ที่|หมู่|หมุ่|ม\.?|moo|mu|m\.)[ \u00a0.]{0,2}[0-9]{1,2}"
_LANE = r"(?:ซอย|ซ\.|soi)[ \u00a0]{0,2}[0-9]{1,3}(?:/[0-9]{1,3})?"
_INSIDE = rf"(?:[ \u00a0,]{{0,3}}(?:{_VILLAGE}|{_LANE})(?![0-9]))"
_DISTRICT = (
    r"[ \u00a0,]{0,3}(?:ต\.|ต ?\. ?|ตำบล|อ\.|อำเภอ|แขวง|เขต(?= ?[ก-ฮเ-ไ])|ถ\.|ถนน|บ้าน(?!เลข)|บ\.|tambon|t\.|a\.|จ\.)"
)
_END = r"(?![0-9/])"

_AFTER_CUE = re.compile(
    r"((?:บ้าน ?เล[ขก] ?ที่|บ้านเลขที|บ/ล|ที่อยู่(?: ?เลขที่)?|house (?:no\.?|number)|อยู่ ?เลขที่|"
    r"address)[ \u00a0\n:=]{0,3}(?:คือ ?|is ?|ของ[ก-๎]{2,8} ?)?)"
    rf"({_HOUSE}{_INSIDE}{{0,3}}){_END}",
    re.IGNORECASE,
)
_WITH_INSIDE = re.compile(
    rf"(?<![0-9A-Za-z/.,:\-])(?<!มาตรา )(?:[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}{_INSIDE}{{1,3}}{_END}|"
    rf"{_HOUSE}{_INSIDE}{{1,3}}{_END}(?={_DISTRICT}))",
    re.IGNORECASE,
)
_BEFORE_DISTRICT = re.compile(rf"((?:เลขที่|ห้อง|room) ?)({_HOUSE})(?={_DISTRICT})", re.IGNORECASE)


def mask_places(text: str) -> str:
    text = _AFTER_CUE.sub(r"\1<ที่อยู่>", text)
    text = _WITH_INSIDE.sub("<ที่อยู่>", text)
    return _BEFORE_DISTRICT.sub(r"\1<ที่อยู่>", text)
