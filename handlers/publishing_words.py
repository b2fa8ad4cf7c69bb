"""What somebody types when asked whether a story may be published, with the name or without.

A consent has to be plain: read as one is only what consists of nothing but words that belong to it. Whatever has a word
more, a question say, is nothing, and is asked about again.
"""

from __future__ import annotations

import re

from bot.events.names import tidy
from handlers.intake_form import NAMED, NOT_PUBLISHED, UNNAMED

LONGEST = 120
_NO, _YES, _LET, _PUBLISH, _DO, _MUST, _NAME, _BUT, _ASK, _OTHER = "NYGPVOMB?X"
_THAI: tuple[tuple[str, str], ...] = (
    ("ไม่แน่ใจ ไม่รู้ ไม่ทราบ ไม่เข้าใจ ไม่มีปัญหา ไม่เป็นไร ไม่เป็นหยัง ไม่ขัดข้อง ไม่ติด ไม่ว่า", _ASK),
    ("บ่แน่ใจ บ่ฮู้ บ่เป็นหยัง บ่ว่า ก็ได้ แล้วแต่ ถ้า", _ASK),
    ("ไหม มั้ย มั๊ย ไม๊ ก่อ กา หรือ เหรอ ทำไม ใคร อะไร ยังไง", _ASK),
    ("ไม่ บ่ บ๋อ บะ อย่า ห้าม งด ยัง เปล่า ปิด", _NO),
    ("ได้ ตกลง โอเค ใช่ ยินดี เต็มใจ", _YES),
    ("ให้ หื้อ ยอม ยินยอม อนุญาต", _LET),
    ("เผยแพร่ ลงเรื่อง ลงสื่อ ลงเพจ ลงข่าว โพสต์ โพส แชร์", _PUBLISH),
    ("ใส่ ลง เอา ระบุ บอก ใช้ มี เปิดเผย แสดง พร้อม ขึ้น", _DO),
    ("ต้อง", _MUST),
    ("ก่อน การ", _OTHER),
    ("ชื่อจริง ชื่อเล่น ชื่อ จื้อ", _NAME),
    ("ออกนาม ออกชื่อ ออกจื้อ เผยแพร่ชื่อ โพสต์ชื่อ แชร์ชื่อ", _DO + _NAME),
    ("แต่ และ ส่วน แล้วก็", _BUT),
    ("ด้วย โตย เลย ค่ะ คะ ครับผม ครับ คับ ฮะ นะ น่ะ จ้า จ้ะ จ๊ะ จ๋า เจ้า เน้อ เด้อ", ""),
    ("ก็ ขอ อยาก ประสงค์ ต้องการ สะดวก ควร ของ ทั้งหมด เรื่องนี้ เรื่อง นี้ แล้ว ดีกว่า ไป", ""),
    ("ฉัน ดิฉัน ผม กระผม หนู เรา เฮา ข้าเจ้า", ""),
)
_ENGLISH: tuple[tuple[str, str], ...] = (
    ("no not don't dont never without cannot can't cant", _NO),
    ("yes ok okay sure yeah may can fine agree", _YES),
    ("publish published publishing post posted", _PUBLISH),
    ("use put include show add print with", _DO),
    ("name names", _NAME),
    ("anonymous anonymously unnamed", _NO + _NAME),
    ("but", _BUT),
    ("my the a please and it this i you want to be would like do am story thank thanks", ""),
    ("if whether why who what how problem", _ASK),
)
_MEANS = {word: means for words, means in (*_THAI, *_ENGLISH) for word in words.split()}
_LONGEST_FIRST = sorted((word for words, _ in _THAI for word in words.split()), key=len, reverse=True)
_PART = re.compile(
    rf"(?P<thai>{'|'.join(_LONGEST_FIRST)})(?![ะ-ฺ็-๎])|(?P<english>[a-z']+)|(?P<break>[\s,]+)|(?P<end>[.!]+)|(?P<other>.)"
)
"""A word of Thai is not cut off before a vowel or tone that belongs to it."""

_REFUSED = re.compile(r"N[^MB]*P|P+N+[YGVO]*(?:B|$)|^N[^M]*$|^N+[YGVO]*(?:B|N)")
"""Publishing is refused; or it begins with a no that is not about the name."""
_NOT_THE_NAME = r"(?:N[GVO]*M|V*MN[YGVO]*(?=B|$))"
_UNNAMED = re.compile(rf"[YGPVB]*{_NOT_THE_NAME}(?:B*{_NOT_THE_NAME})*[YGPB]*")
_NAMED = re.compile(r"(?=.*[YGPV])[YGPVB]*M[YGPVB]*")


def read_publishing(text: str) -> str:
    """Empty for what is not plain. A mere yes does not say whether with the name."""
    parts = _parts_of(text) if len(text) <= LONGEST else _ASK
    if _ASK in parts:
        return ""
    if _REFUSED.search(parts):
        return NOT_PUBLISHED
    if _UNNAMED.fullmatch(parts):
        return UNNAMED
    return NAMED if _NAMED.fullmatch(parts) else ""


def _parts_of(text: str) -> str:
    """A letter for each word that matters, or that does not belong to such an answer."""
    parts = ""
    for found in _PART.finditer(tidy(text).lower()):
        match found.lastgroup:
            case "thai" | "english":
                parts += _MEANS.get(found[0], _OTHER)
            case "break":
                parts += _BUT if "," in found[0] or _is_beside_thai(found) else ""
            case "other":
                parts += _ASK if found[0] == "?" else _OTHER
    return parts.strip(_BUT)


def _is_beside_thai(found: re.Match[str]) -> bool:
    """Thai puts a blank where another thought begins."""
    beside = found.string[: found.start()][-1:] + found.string[found.end() :][:1]
    return any("ก" <= letter <= "๛" for letter in beside)
