"""What a text asks about events: is that all it asks, and which time, place and kind does it name?

A text is taken for such a question only where nothing is left of it once the time, the place, the kind and the everyday
words of asking are taken away: "เสาร์นี้มีงานไหม" is one, "เสาร์นี้มีงานแต่ง" is not. To miss one costs little, since the FAQ
leads to the events too; to answer something else with events would be rude.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.events.search import Wanted
from bot.thai_date_reading import find_period
from handlers import wording
from knowledge.catalogue import Catalogue
from knowledge.place_names import spellings
from knowledge.thai import normalise

Word = Literal["strong", "weak", "what"]
LONGEST = 120
"""Who writes more than this tells a story."""
MOST_PERIODS = 3

_STRONG = (
    "กิจกรรม", "กิจกรรมม", "กิจกรม", "กิจกำ", "กิดจะกำ", "กิดจกรรม", "กิดกรรม", "กิจะกรรม", "กิจจกรรม", "อีเวนต์",
    "อีเว้นท์", "อีเวนท์", "อีเว้น", "เวทีแลกเปลี่ยนเรียนรู้", "เวทีแลกเปลี่ยน", "event", "events", "activity", "activities",
    "workshop", "workshops", "forum", "forums",
)  # fmt: skip
"""Words for events that are hardly used for anything else."""
_WEAK = ("งาน", "เวที", "อบรม", "งานอบรม", "ประชุม", "สัมมนา", "เสวนา", "ก๋าน", "ก๋านประชุม", "เวิร์กช็อป", "เวิร์คช็อป", "เวิกช็อป")
"""Also work, or somebody's own meeting: only in a question."""
_WHAT_IS_ON = ("มีอะไร", "มีอะหยัง", "มีหยัง", "มีไร", "จัดอะไร", "จัดไร", "จัดอะหยัง", "จัดหยัง")
"""Events are meant where a time is named as well."""
_ASKING = (
    "ไหม", "มั้ย", "มัย", "ไม๊", "มั๊ย", "ใหม", "มะ", "ป่าว", "เปล่า", "ปะ", "ป่ะ", "หรือเปล่า", "รึเปล่า", "หรือป่าว",
    "หรือยัง", "รึยัง", "ก่อ", "กา", "อะไร", "ไร", "อะหยัง", "หยัง", "บ้าง", "มั่ง", "พ่อง", "ที่ไหน", "ตี้ไหน", "ทีไหน",
    "ตรงไหน", "ไหน", "วันไหน", "วันไหนบ้าง", "เมื่อไหร่", "เมื่อไร", "เมื่อใด", "กี่โมง", "กี่งาน", "อย่างไร", "ขอดู", "อยากดู",
    "อยากรู้", "อยากทราบ", "ขอทราบ", "ใคร่ฮู้",
)  # fmt: skip
_BETWEEN = (
    "มี", "จัด", "จะ", "จะมี", "จะจัด", "ได้", "ของ", "ของศูนย์", "ที่ศูนย์", "ทางศูนย์", "ศูนย์", "ที่", "ตี้", "ใน", "ช่วง",
    "แถว", "แถวๆ", "แถวนี้", "ใกล้", "เขตอำเภอ", "อำเภอ", "ว่า", "เปิ้น", "เขา", "เค้า", "น่าไป", "ให้ไป", "ให้ร่วม",
    "ให้เข้าร่วม", "น่าสนใจ", "เปิดรับ", "เปิดรับสมัคร", "รับสมัคร", "เปิดรับลงทะเบียน", "เปิดลงทะเบียน", "ทั้งหมด", "ด้วย",
    "ตวย", "ตาราง", "ปฏิทิน", "รายการ", "กำหนดการ", "บอก", "บอกหน่อย", "ช่วยบอก", "หน่อย", "กำ", "แล้ว", "ส่วน",
    "เรื่อง", "ด้าน", "เกี่ยวกับ", "โครงการ", "ตรงกับ", "นี้", "นั้น", "ดู", "กัน", "อยู่", "อีก", "แหม", "วัน", "เดือน", "และ",
    "กับ", "หรือ", "เกิดขึ้น", "ๆ",
)  # fmt: skip
_POLITE = (
    "ครับ", "คับ", "ครับผม", "คะ", "ค่ะ", "ค่า", "คร้าบ", "ค้าบ", "ฮะ", "ฮับ", "จ้า", "จ้ะ", "จ๊ะ", "จ๋า", "เจ้า", "นะ",
    "น้า", "น่ะ", "เน้อ", "หรอ", "เหรอ", "อ่ะ", "อะ", "อ้ะ", "เอ่ย", "ล่ะ", "ละ", "สวัสดี", "แอด", "แอดมิน", "ขอถาม",
    "สอบถาม", "ถาม", "หน่อย",
)  # fmt: skip
_ENGLISH = frozenset(
    {
        "what", "which", "when", "where", "are", "is", "there", "any", "do", "does", "you", "have", "on", "in",
        "at", "near", "around", "the", "a", "of", "for", "will", "be", "happening", "coming", "upcoming",
        "this", "next", "show", "me", "list", "please", "tell", "about", "district", "amphoe", "and", "or",
        "your", "going", "hello", "hi", "can", "i", "see", "held",
    }
)  # fmt: skip
_NEAR = re.compile(r"ใกล้ ?(?:ฉัน|ผม|หนู|เรา|บ้าน(?:ฉัน|ผม|หนู|เรา)?|ตัว|เฮา|ข้าเจ้า)|\bnear(?:by| me\b)")


@dataclass(frozen=True, slots=True)
class Asked:
    """`only_that`: the text asks for nothing else. `near`: around wherever the person is."""

    wanted: Wanted
    only_that: bool
    near: bool = False


def read_question(text: str, catalogue: Catalogue, *, today: date) -> Asked:
    """Which time, place and kind of event a text names, past times left out, and whether it asks for just that."""
    rest, first, last, past = _without_period(text, today)
    plain = normalise(rest)
    near = _NEAR.search(plain) is not None
    plain = _NEAR.sub(" ", plain)
    word = _has_word(plain)
    districts = catalogue.places.named_in(plain)[:3]
    programme, left = _without_programme(plain, catalogue)
    left = _without_districts(left, catalogue, districts)
    wanted = Wanted(programme, districts, first, last)
    named = wanted.has_period or bool(districts) or near
    only_that = (
        named and not past and len(text) <= LONGEST and _is_asking(left, word=word, has_period=wanted.has_period)
    )  # fmt: skip
    return Asked(wanted, only_that, near)


def names_events(text: str) -> bool:
    """Whether there is any word in it that may mean an event: quickly, for there is none in most texts."""
    return bool(_has_word(normalise(text)))


def _without_period(text: str, today: date) -> tuple[str, date | None, date | None, bool]:
    """The text without what it says of times, the first of these that is not past, and whether any is."""
    past = False
    for _ in range(MOST_PERIODS):
        period = find_period(text, today=today)
        if period is None:
            break
        text = text.replace(period.words, " ", 1)
        if period.last >= today:
            return text, period.first, period.last, past
        past = True
    return text, None, None, past


def _has_word(plain: str) -> Word | None:
    joined = plain.replace(" ", "")
    if _STRONG_WORD.search(plain) or _STRONG_THAI.search(joined):
        return "strong"
    if _WEAK_WORD.search(joined):
        return "weak"
    return "what" if _WHAT.search(joined) else None


def _is_asking(left: str, *, word: Word | None, has_period: bool) -> bool:
    """True for a text of which nothing is left but words of asking, and words for events."""
    if not word or (word == "what" and not has_period):
        return False
    if not re.search("[ก-๎]", left):
        return word == "strong" and all(part in _ENGLISH or part in _STRONG for part in left.split())
    joined = re.sub(r"[ .]", "", left)
    if word == "weak" and not (_ASKS.search(joined) and (_WORK.search(joined) or _THERE_IS.search(joined))):
        return False
    return _ALL_KNOWN.fullmatch(joined) is not None


def _without_programme(plain: str, catalogue: Catalogue) -> tuple[str | None, str]:
    """A kind named after `ที่` is a place: a school, a forum's hall."""
    for programme in catalogue.pack.programmes:
        for word in _words_for(programme.id, programme.name):
            pattern = _cut_out(word) if not word.isascii() else rf"\b{re.escape(word)}\b"
            found = re.search(rf"(?<!ที่)(?<!ที่ )(?<!ตี้){pattern}", plain)
            if found:
                return programme.id, f"{plain[: found.start()]} {plain[found.end() :]}"
    return None, plain


def _words_for(programme: str, names: Mapping[str, str]) -> list[str]:
    words = [normalise(name) for name in names.values()]
    for language in wording.LANGUAGES:
        for line in wording.load(language).say("events.programme_words").splitlines():
            key, _, listed = line.partition(":")
            if key.strip() == programme:
                words += [normalise(word) for word in listed.split(",")]
    return sorted(filter(None, words), key=len, reverse=True)


def _without_districts(plain: str, catalogue: Catalogue, districts: tuple[str, ...]) -> str:
    forms = spellings(catalogue.pack)
    for district in districts:
        names = sorted({normalise(form) for form in forms[district]}, key=len, reverse=True)
        names = [*names, "เมือง"] if any(name.startswith("เมือง") for name in names) else names
        pattern = rf"(?:ใน ?)?(?:ตัว ?)?(?:อำเภอ|อ\.?|amphoe)? ?(?:{'|'.join(map(_cut_out, names))})"
        plain = re.sub(pattern, " ", plain, count=1)
    return plain


def _cut_out(name: str) -> str:
    return re.escape(name).replace(r"\ ", " ?")


def _any(words: tuple[str, ...]) -> str:
    """The longest first; as they stand in a normalised text."""
    known = {re.sub(r"[ .]", "", normalise(word)) for word in words} - {""}
    return "|".join(map(re.escape, sorted(known, key=len, reverse=True)))


_STRONG_WORD = re.compile(rf"\b(?:{'|'.join(word for word in _STRONG if word.isascii())})\b")
_STRONG_THAI = re.compile(_any(tuple(word for word in _STRONG if not word.isascii())))
_WEAK_WORD = re.compile(_any(_WEAK))
_WHAT = re.compile(_any(_WHAT_IS_ON))
_ASKS = re.compile(_any(_ASKING))
_WORK, _THERE_IS = re.compile("งาน|เวที"), re.compile("มี|จัด")
"""`พรุ่งนี้ประชุมกี่โมง` asks about a meeting that both know of; `พรุ่งนี้มีประชุมไหม` asks what is on."""
_ALL_KNOWN = re.compile(rf"(?:{_any((*_STRONG, *_WEAK, *_WHAT_IS_ON, *_ASKING, *_BETWEEN, *_POLITE))})+")
