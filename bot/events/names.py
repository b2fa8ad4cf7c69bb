"""Reading people's names from what they type when they are asked for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from bot import masking
from bot.thai_phones import Phone, read_phone

LONGEST = 80
MOST_WORDS = 8


class NameFault(Enum):
    EMPTY = "empty"
    A_NUMBER = "a_number"
    A_QUESTION = "a_question"
    NOT_A_NAME = "not_a_name"
    TOO_LONG = "too_long"


_SPACES = re.compile(r"\s+")
_POLITE = re.compile(r"(?:\s*(?:นะ)?(?:ครับผม|ครับ|คับ|ค่ะ|คะ|ค้ะ|(?<!เ)จ้า|จ้ะ|ฮะ|ฮับ)|\s+เจ้า)+[\s.!]*$")
_SAID = re.compile(
    r"^(?:(?:ผม|ฉัน|ดิฉัน|หนู|เรา|ข้าเจ้า|เปิ้น|ของ(?:เขา|ผม|ฉัน))?\s*ชื่อ(?:จริง|เล่น)?"
    r"(?:\s*[-–และ/]*\s*(?:นาม)?สกุล)?\s*(?:ของ(?:ผม|ฉัน|หนู|ดิฉัน|เขา))?\s*(?:ว่า|คือ|เป็น)?\s*[:=]?\s*"
    r"|(?:my name is|my name's|the name is|name\s*[:=]|i am|i'm|i’m)\s+)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"^คุณ\s*(?=[ก-๛])")
_TITLE = re.compile(
    r"^(นางสาว|นาง|นาย|น\.\s?ส\.|ด\.\s?ช\.|ด\.\s?ญ\.|เด็กชาย|เด็กหญิง|ครู|อาจารย์|ดร\.|พระ|Mr\.?|Mrs\.?|Ms\.?|Miss)\s*(?=\S|$)"
)
_ASKS = re.compile(
    r"[?\uff1f]|อะไร|อะหยัง|ที่ไหน|ตี้ไหน|ตรงไหน|อันไหน|เมื่อไ|เมื่อใด|ยังไง|อย่างไร|จะใด|ทำไม|เท่าไ|กี่\s?(?:โมง|คน|บาท|วัน|ที่|ชั่วโมง)|"
    r"ใคร|หรือเปล่า|รึเปล่า|หรือยัง|หรือไม่|ไหม(?:ครับ|คะ|ค่ะ|$)\s*$|(?:มั้ย|มัย|บ้าง|พ่อง|เหรอ|หรอ)\s*$|"
    r"^(?:what|where|when|who|why|how|which|can|could|do|does|is|are)\b",
    re.IGNORECASE,
)
_SILK = re.compile(r"^(?!มี|ได้|ไป|มา|ฟรี|เสีย|ต้อง|เอา|ดี|ใช่|เปิด|จอด|รับ|ยัง|เต็ม|ว่าง)\S{1,6}ไหม$")
"""แพรไหม, ใยไหม: silk is in many names, and ไหม is also how one asks."""
_NO_NAME = re.compile(
    r"^(?:ไม่(?:อยาก|บอก|ให้|สะดวก|รู้|เอา|มี|ใช่|ระบุ|ทราบ)|ขอ(?:โทษ|บคุณ|ข้าม|ถาม|แก้)|สวัสดี|ลงทะเบียน|ยกเลิก|ย้อนกลับ|แก้ไข|เมนู|สมัคร|อยาก|ต้องการ|"
    r"เลิก$|หยุด$|ออก$|พอ$|โอเค$|ใช่$|ตกลง$|ยืนยัน$|ได้$|ถูกต้อง$|ข้าม$|hello\b|hi$|yes$|no$|ok$|okay$|skip$|test$|ทดสอบ$)",
    re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile(r"[^\w\s.\-'’()\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|_|://")
_LETTER = re.compile(r"[^\W\d_]")
_PHONE = re.compile(r"(?:โทร(?:ศัพท์)?|เบอร์(?:โทร)?|tel|phone)?\s*[.:]?\s*[+(]?[0-9][0-9\s().+\-]{6,}", re.IGNORECASE)
_LINES = re.compile(r"[\n,;、•·/|]+|(?<![0-9])[0-9]{1,2}[.)]\s*")
_AND = re.compile(r"\s*(?:\s(?:และ|กับ|and)\s|\s(?:และ|กับ)(?=\S)|&|\+)\s*", re.IGNORECASE)
_AND_CLOSE = re.compile(r"\s*(?:และ|กับ|&|\+)\s*")
_AND_AT_FRONT = re.compile(r"^(?:และ|กับ|and\s|มี|ได้แก่|คือ|-|–|\*)\s*", re.IGNORECASE)


def tidy(text: str) -> str:
    """On one line, Arabic digits, nothing invisible."""
    return _SPACES.sub(" ", masking.plain(text)).strip()


def read_name(text: str) -> str | NameFault:
    """`ผมชื่อสมชายครับ` is สมชาย; a title is kept as people write it, before the name and without a gap."""
    words = tidy(text)
    said = _SAID.sub("", words, count=1) if _SAID.match(words) else words
    told = said != words
    name = _POLITE.sub("", said).strip(" .,!-–:=\"'“”")
    if isinstance(read_phone(name), Phone):
        name = _PHONE.sub(" ", name).strip(" .,-–:")
        if not _LETTER.search(name):
            return NameFault.A_NUMBER
    if any(letter.isdigit() for letter in name):
        return NameFault.A_QUESTION if _ASKS.search(words) else NameFault.A_NUMBER
    if _asks(name, told=told) or (not told and "?" in words):
        return NameFault.A_QUESTION
    name = _CALLED.sub("", name)
    return _checked(_with_title(name))


def _asks(name: str, *, told: bool) -> bool:
    """After `ชื่อ` even ไหม is a name."""
    if told and name in {"ไหม", "มาลัย"}:
        return False
    return _ASKS.search(name) is not None and not _SILK.match(name)


def _with_title(name: str) -> str:
    title = _TITLE.match(name)
    if not title:
        return name
    rest = name[title.end() :].strip()
    if not rest:
        return ""
    gap = " " if title[1].isascii() else ""
    return f"{title[1].replace(' ', '')}{gap}{rest}"


def _checked(name: str) -> str | NameFault:
    letters = _LETTER.findall(name)
    if not name or len(letters) < 2:
        return NameFault.EMPTY
    if _NO_NAME.match(name) or _NOT_IN_NAMES.search(name):
        return NameFault.NOT_A_NAME
    if len(name) > LONGEST or len(name.split()) > MOST_WORDS:
        return NameFault.TOO_LONG
    return name


def read_names(text: str, *, expected: int) -> Sequence[str] | NameFault:
    """Several, one a line or with commas or `และ` between them; by spaces only where that makes just as many."""
    found = [piece for line in masking.plain(text).splitlines() for piece in _LINES.split(line)]
    pieces = [piece for piece in map(tidy, found) if piece]
    if expected > 1:
        pieces = [piece for piece in (_AND_AT_FRONT.sub("", piece) for piece in pieces) if piece]
    if len(pieces) < expected:
        pieces = [part for piece in pieces for part in _AND.split(piece) if part.strip()]
    if len(pieces) == 1 and expected == len(_AND_CLOSE.split(pieces[0])):
        pieces = _AND_CLOSE.split(pieces[0])
    if len(pieces) == 1 and expected > 2 and len(pieces[0].split()) == expected:
        pieces = pieces[0].split()
    names = [read_name(piece) for piece in pieces]
    if not names:
        return NameFault.EMPTY
    return next((name for name in names if isinstance(name, NameFault)), None) or [str(name) for name in names]
