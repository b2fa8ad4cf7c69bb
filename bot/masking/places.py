"""Where somebody lives: the numbers of a house, its village and its lane. Names of places are kept."""

from __future__ import annotations

import re

_HOUSE = r"[0-9]{1,4}(?: ?/ ?[0-9]{1,4})?"
_VILLAGE = r"(?:หมู่ ?บ้าน ?ที่|หมู่ ?ที่|หมู่|หมุ่|ม\.?|moo|mu|m\.)[ \u00a0.]{0,2}[0-9]{1,2}"
_LANE = r"(?:ซอย|ซ\.|soi)[ \u00a0]{0,2}[0-9]{1,3}(?:/[0-9]{1,3})?"
_INSIDE = rf"(?:[ \u00a0,]{{0,3}}(?:{_VILLAGE}|{_LANE})(?![0-9]))"
_STREET = r"(?:[ \u00a0,]{0,3}(?:ถ\.|ถนน|ซ\.|ซอย)[ \u00a0]?[ก-ฮเ-ไ][ก-๎]{1,24}(?:[ \u00a0]?[0-9]{1,3}(?![0-9/]))?)"
_DISTRICT = (
    r"[ \u00a0,]{0,3}(?:ต\.|ต ?\. ?|ตำบล|อ\.|อำเภอ|แขวง|เขต(?= ?[ก-ฮเ-ไ])|ถ\.|ถนน|ซ\.|ซอย|หมู่บ้าน|มบ\.|คอนโด|หอพัก|"
    r"บ้าน(?!เลข)|บ\.|tambon|t\.|a\.|จ\.|[A-Z][a-z]{2})"
)
_NAMED_PLACE = r"[ \u00a0,]{0,3}(?:หมู่บ้าน(?!ที่)|มบ\.|บ้านจัดสรร|คอนโด|หอพัก|แฟลต|อาคาร|ซ\.|ซอย|ถ\.|ถนน)"
_NO_DAY = r"(?!(?:[12]?[0-9]|3[01]) ?/ ?(?:[1-9]|1[0-2])(?![0-9]))(?![0-9]{1,4} ?/ ?(?:25|20)[0-9]{2}(?![0-9]))"
"""Two numbers with a line between them that are no day of a month and no number of a year."""
_END = r"(?![0-9/])"

_AFTER_CUE = re.compile(
    r"((?:บ้าน ?เล[ขก] ?(?:ที่|ตี้)|บ้านเลขที|บ/ล|ที่อยู่(?: ?เลขที่)?|house (?:no\.?|number)|อยู่ ?เลขที่|"
    r"address)[ \u00a0\n:=]{0,3}(?:คือ ?|is ?|ของ[ก-๎]{2,8} ?)?)"
    rf"({_HOUSE}{_INSIDE}{{0,3}}{_STREET}{{0,2}}){_END}",
    re.IGNORECASE,
)
_NO_LAW_BEFORE = r"(?<![0-9A-Za-z/.,:\-])(?<!มาตรา )(?<!วันที่ )(?<!วันที่)"
_WITH_INSIDE = re.compile(
    rf"{_NO_LAW_BEFORE}(?:[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}{_INSIDE}{{1,3}}{_END}{_STREET}{{0,2}}|"
    rf"{_HOUSE}{_INSIDE}{{1,3}}{_END}(?={_DISTRICT}|[ \u00a0]{{0,2}}ต[ก-ฮเ-ไ][ก-๎]{{1,16}}[ \u00a0]{{0,2}}อ))",
    re.IGNORECASE,
)
_HIGH_VILLAGE = re.compile(
    rf"{_NO_LAW_BEFORE}(?!(?:1[89]|2[045])[0-9]{{2}}(?![0-9]))[0-9]{{1,4}}[ \u00a0]{{0,2}}"
    rf"(?:ม\.?[ \u00a0]?(?:[7-9]|1[0-9]|2[0-9]))(?![0-9/])(?![ \u00a0]?(?:คน|ห้อง|เทอม))"
)
_LIVES = re.compile(
    r"((?:อยู่(?:ที่|ตี้)?|บ้าน(?:ผม|ฉัน|หนู|ดิฉัน|เรา|ข้าเจ้า|กระผม|แม่|พ่อ)|ส่ง(?:มา"
    r"|ไป)?(?:ที่|ตี้)|มา(?:ที่|ตี้)|ที่อยู่)[ \u00a0\n:]{0,2}(?:เลขที่ ?)?)"
    rf"([0-9]{{1,4}}(?: ?/ ?[0-9]{{1,4}})?{_INSIDE}{{1,3}}|[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}(?={_NAMED_PLACE}))(?![0-9/])"
)
_BEFORE_PLACE = re.compile(
    rf"{_NO_LAW_BEFORE}(?:[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}{_STREET}{{1,2}}"
    rf"|{_NO_DAY}[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}(?![0-9/])(?={_NAMED_PLACE}))"
)
_BEFORE_DISTRICT = re.compile(rf"((?:เลขที่|ห้อง|room) ?)({_HOUSE}(?:{_STREET}{{1,2}}|(?={_DISTRICT})))", re.IGNORECASE)
_ROOM = re.compile(
    rf"((?:หอพัก|แฟลต|คอนโด|อพาร์[ตท]เม้?น|แมนชั่น|ที่อยู่)[^0-9\n]{{0,24}}ห้อง(?:ที่|เลขที่)?[ \u00a0]?)({_HOUSE}){_END}"
)
_ANY = re.compile(
    r"[0-9][ \u00a0]?/|ม\.?[ \u00a0]?[0-9]|หมู่|หมุ่|ซอย|ซ\.|soi|mu|เลข|ห้อง|บ/ล|อยู่|moo|house|room|address|m\.",
    re.IGNORECASE,
)


def mask_places(text: str) -> str:
    if not _ANY.search(text):
        return text
    text = _AFTER_CUE.sub(r"\1<ที่อยู่>", text)
    text = _WITH_INSIDE.sub("<ที่อยู่>", text)
    text = _LIVES.sub(r"\1<ที่อยู่>", text)
    text = _HIGH_VILLAGE.sub("<ที่อยู่>", text)
    text = _BEFORE_PLACE.sub("<ที่อยู่>", text)
    text = _BEFORE_DISTRICT.sub(r"\1<ที่อยู่>", text)
    return _ROOM.sub(r"\1<ที่อยู่>", text)
