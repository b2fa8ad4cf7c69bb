"""Personal data taken out of text: phone numbers, national ids, e-mail addresses, account and chat ids, reply tokens.

Published numbers that save lives (191, 1300 and the like) are never touched: nothing shorter than nine digits is
taken for a phone number.
"""

from __future__ import annotations

import re
import unicodedata

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_GAP = r"[ \u00a0.\-–/()]{0,2}"


def _digits(count: int) -> str:
    return _GAP.join([r"[0-9]"] * count)


_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_LINE_ID = re.compile(r"(?<![0-9A-Za-z])[UCR][0-9a-f]{32}(?![0-9A-Za-z])")
_REPLY_TOKEN = re.compile(r"(?<![0-9A-Za-z\-])[0-9a-f]{32}(?![0-9A-Za-z\-])")
_CHAT_NAME = re.compile(
    r"((?:ไอดี\s?ไลน์|ไลน์\s?ไอดี|line\s?id|id\s?line|ไอจี|facebook|เฟซบุ๊ก|เฟส)\s{0,2}[:=]?\s{0,2}@?)([A-Za-z0-9._\-]{4,40})",
    re.IGNORECASE,
)
_NATIONAL_ID = re.compile(rf"(?<![0-9])[1-8]{_GAP}{_digits(12)}(?![0-9])")
_THIRTEEN = re.compile(rf"(?<![0-9]){_digits(13)}(?![0-9])")
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00){_GAP}66{_GAP}(?:\(0\){_GAP})?[2-9]{_GAP}(?:{_digits(8)}|{_digits(7)})"
    rf"|0{_GAP}[689]{_GAP}{_digits(8)}"
    rf"|0{_GAP}[23457]{_GAP}{_digits(7)})(?![0-9])"
)
_LONG_NUMBER = re.compile(r"(?<![0-9])[0-9]{9,}(?![0-9])")
_NAMED = re.compile(
    r"((?:ผม|ฉัน|หนู|ดิฉัน|ข้าเจ้า|เปิ้น)?\s?ชื่อ(?:จริง)?(?:\s?-\s?(?:นาม)?สกุล)?\s?(?:ว่า|คือ)?\s?)"
    r"((?:นาย|นาง(?:สาว)?|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|คุณ)\s?[ก-๛]{2,30}(?:\s[ก-๛]{2,30})?)"
)
_TITLED = re.compile(r"(?<![ก-๛])((?:นาย|นางสาว|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง)\s?)([ก-๛]{2,24}\s[ก-๛]{2,30})")


def plain(text: str) -> str:
    """The same text with invisible characters gone and Thai digits turned into Arabic ones, to look for numbers in."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).replace("ํา", "ำ")).translate(_THAI_DIGITS)


def mask(text: str) -> str:
    """A citizen's words with what identifies a person replaced by a Thai word in angle brackets.

    The rest is kept, in normal form. Used before anything that people wrote is stored for longer than a turn.
    """
    text = plain(text)
    text = _EMAIL.sub("<อีเมล>", text)
    text = _LINE_ID.sub("<ไอดีไลน์>", text)
    text = _CHAT_NAME.sub(r"\1<ชื่อบัญชี>", text)
    text = _NATIONAL_ID.sub("<เลขบัตร>", text)
    text = _PHONE.sub("<เบอร์โทร>", text)
    text = _LONG_NUMBER.sub("<ตัวเลข>", text)
    text = _NAMED.sub(r"\1<ชื่อ>", text)
    return _TITLED.sub(r"\1<ชื่อ>", text)


def mask_for_logs(text: str) -> str:
    """Like `mask`, stricter: any thirteen digits go, right or wrong, and so do reply tokens."""
    if len(text) <= 20 and text.isascii() and text.isalpha():
        return text
    text = _INVISIBLE.sub("", text)
    text = _EMAIL.sub("<email>", text)
    text = _LINE_ID.sub("<line-id>", text)
    text = _REPLY_TOKEN.sub("<token>", text)
    text = _THIRTEEN.sub("<id>", text)
    return _PHONE.sub("<phone>", text)
