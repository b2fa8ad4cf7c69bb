"""Reading what people type for one field of a registration: the value, or what is wrong with it. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.events.asking import Field, Kind, Value
from bot.events.forms import LONGEST_NAME
from bot.events.names import NameFault, read_name, read_names, tidy
from bot.thai_phones import Phone, read_phone

LONGEST_TEXT = 500
LONGEST_NUMBER = 9
LONGEST_YES = 80
MAJORITY = 20
"""The age from which nobody needs a guardian's yes."""


class Reason(StrEnum):
    """What is wrong with a text. A telephone number's faults are those of `bot.thai_phones`."""

    EMPTY = "empty"
    NOT_A_NAME = "not_a_name"
    A_NUMBER = "a_number"
    A_QUESTION = "a_question"
    TOO_LONG = "too_long"
    BAD_PHONE = "bad_phone"
    NO_DISTRICT = "no_district"
    SEVERAL_DISTRICTS = "several_districts"
    NO_NUMBER = "no_number"
    TOO_MANY = "too_many"
    TOO_FEW_NAMES = "too_few_names"
    TOO_MANY_NAMES = "too_many_names"
    NOT_A_CHOICE = "not_a_choice"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_WITHOUT = "not_without"
    """It has to be answered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`most` is what is allowed, or asked for; `got` what was given; `phone` the machine's name of a number's fault;
    `names` those that could be read, or the districts that were named."""

    reason: Reason
    most: int = 0
    got: int = 0
    phone: str = ""
    names: tuple[str, ...] = ()


NamedIn = Callable[[str], Sequence[str]]
"""The ids of the districts that a text names."""


def _words(*lists: str) -> tuple[str, ...]:
    return tuple(word for words in lists for word in words.split())


_POLITE = re.compile(r"(?:\s*(?:นะ)?(?:ครับผม|ครับ|คับ|ค่ะ|คะ|ค้ะ|(?<!เ)จ้า|จ้ะ|จ๊ะ|เจ้า|ฮะ|ฮับ))+[\s.!]*$")
_SKIPS = frozenset({"ข้าม", "ขอข้าม", "ข้ามไป", "ไม่ระบุ", "ไม่ตอบ", "-", "–", "skip"})
_NOTHING = frozenset(
    {"ไม่มี", "ไม่ให้", "ไม่บอก", "ไม่อยากบอก", "ไม่สะดวก", "ไม่สะดวกให้", "ไม่สะดวกบอก", "none", "no"}
)  # fmt: skip
_HAVE_A_NO = frozenset({Kind.YES_NO, Kind.MINOR, Kind.GUARDIAN, Kind.CHOICE, Kind.NUMBER})
"""To these `ไม่มี` is an answer."""
_YES = re.compile(
    r"(?:ผู้ปกครอง|พ่อแม่)?"
    r"(?:ใช่|ได้|มี|เคย|ตกลง|โอเค|ยินยอม|ยืนยัน|ถูก|ครบ|แม่น|เอา|อนุญาต|รู้แล้ว|yes\b|y$|ok|okay|sure)",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:ไม่|ยัง(?!ไง)|เปล่า|ป่าว|บ่(?!า)|ห้าม|no\b|n$|not\b)", re.IGNORECASE)
_NO_ANSWER = re.compile(
    r"(?:ไม่|บ่)(?:มีปัญหา|ขัดข้อง|เป็นไร|เป็นหยัง|แน่ใจ|รู้|ฮู้|ทราบ|เข้าใจ)|(?:no (?:problem|idea)|not sure)\b", re.IGNORECASE
)
"""It begins like a no, and is none."""
_PLAIN = _words(
    "ถูกต้อง ครบถ้วน ใช่ ได้ ตกลง โอเค ยินยอม ยินดี ยืนยัน ยอมรับ อนุญาต ถูก ครบ แม่น เอา",
    "yes okay ok sure correct right agree",
)
_BESIDE_A_YES = _words(
    "ข้อมูล ทุกอย่าง ทุกข้อ ทั้งหมด หมด เรียบร้อย ตามนี้ ตามนั้น ดี แล้ว เลย ขอบคุณ",
    "ครับผม ครับ คับ ค่ะ คะ นะ น่ะ จ้า จ้ะ จ๊ะ เจ้า ฮะ ฮับ please thanks i it that is that's it's all",
)
_THEY_LET = _words("รู้แล้ว ทราบแล้ว ให้ไป ให้มา agreed agrees allowed")
_GUARDIANS = _words("ผู้ปกครอง พ่อแม่ พ่อ แม่ ปู่ ย่า ตา ยาย ลุง ป้า ครู กับ และ คุณ ให้ ไป my mother father parents guardian")
_JUST_POLITE = frozenset({"ครับ", "ค่ะ", "จ้า", "ครับผม", "เจ้า", "จ้ะ", "คับ"})
_AGE = re.compile(r"(?<![0-9])([0-9]{1,2})(?![0-9])(?!\s*(?:คน|ท่าน))")
_UNDER = re.compile(r"ไม่ถึง|ต่ำกว่า|น้อยกว่า|ไม่ครบ|บ่ครบ|บ่ถึง|\b(?:under|below|younger)\b", re.IGNORECASE)
_NOBODY = re.compile(r"(?:ไม่|บ่)(?:มี|น้อยกว่า|ต่ำกว่า)|(?:no|nobody|none|not)\b", re.IGNORECASE)
"""So it begins when nobody is, or when it says nothing of that."""
_EVERYBODY = _words(
    "ทุกคน ทุกท่าน กัน คน พวกเรา เรา ผม ฉัน หนู อายุ ปี 20 เกิน ขึ้นไป กว่า",
    "all of us everyone everybody we are is am over 20 years old above",
)
_THAI_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("", "หนึ่ง เอ็ด นึง", "สอง ยี่", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
    )
    for word in words.split()
}  # fmt: skip
_UNIT = "|".join(sorted(_THAI_NUMBERS, key=len, reverse=True))
_WORDED = re.compile(rf"(?P<tens>{_UNIT})?(?P<ten>สิบ)(?P<ones>{_UNIT})?|(?P<one>{_UNIT})(?=\s*(?:คน|ท่าน|ที่|ราย|$))")
_ENGLISH_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ENGLISH = re.compile(rf"\b({'|'.join(_ENGLISH_NUMBERS)})\b")
_ALONE = re.compile(r"คนเดียว|มาเดี่ยว|\b(?:alone|just me|only me|by myself)\b", re.IGNORECASE)
_BESIDES = re.compile(r"และ|กับ|อีก|[+&]|\band\b|\bwith\b", re.IGNORECASE)
"""`กับเพื่อน 3 คน` may be three or four."""
_TOGETHER = re.compile(r"(?:รวม|ทั้งหมด|total)\D{0,12}?([0-9]+)")


def read(field: Field, text: str, *, named_in: NamedIn, so_far: Sequence[str] = ()) -> Value | Fault:
    """The value of this field. `so_far` are the companions' names that were given before, too few then."""
    words = tidy(text)
    if not words:
        return Fault(Reason.EMPTY)
    if _leaves_out(words, field.kind):
        return Fault(Reason.NOT_WITHOUT) if field.required else None
    readers: Mapping[Kind, Callable[[], Value | Fault]] = {
        Kind.NAME: lambda: _name(text),
        Kind.PHONE: lambda: _phone(words),
        Kind.DISTRICT: lambda: _district(named_in(words)),
        Kind.PARTY: lambda: _party(words, field.most),
        Kind.COMPANIONS: lambda: _companions(text, field.most, so_far),
        Kind.CHOICE: lambda: _choice(words, field.choices),
        Kind.MINOR: lambda: _minor(words),
        Kind.GUARDIAN: lambda: _agreed(words),
        Kind.YES_NO: lambda: _yes_no(words),
        Kind.NUMBER: lambda: _number(words),
    }
    longest = LONGEST_NAME if field.kind in {Kind.SCHOOL, Kind.LEVEL} else LONGEST_TEXT
    return readers.get(field.kind, lambda: _own_words(words, longest))()


def _own_words(words: str, longest: int) -> str | Fault:
    return Fault(Reason.TOO_LONG, most=longest) if len(words) > longest else words


def _leaves_out(words: str, kind: Kind) -> bool:
    said = bare(words)
    return said in _SKIPS or (said in _NOTHING and kind not in _HAVE_A_NO)


def bare(text: str) -> str:
    """Lower case, without polite endings and full stops."""
    words = tidy(text).lower().strip(" .!")
    return _POLITE.sub("", words).strip(" .!") or words


def read_yes_no(text: str) -> bool | None:
    words = bare(text)
    if _NO.match(words):
        return False
    return True if _YES.match(words) or words in _JUST_POLITE else None


def read_plain_yes_no(text: str, *, means_yes: Sequence[str] = (), beside: Sequence[str] = ()) -> bool | None:
    """Where a yes agrees to something: of nothing but a yes."""
    if _NO_ANSWER.match(bare(text)):
        return None
    if read_yes_no(text) is False:
        return False
    return True if is_plain_yes(text, means_yes=means_yes, beside=beside) else None


def is_plain_yes(text: str, *, means_yes: Sequence[str] = (), beside: Sequence[str] = ()) -> bool:
    """False where anything else is said, too, such as `yes, but the number is wrong`. `means_yes`: what besides is a
    yes to this question; `beside`: what may be said with one."""
    words = tidy(text).lower()
    if len(words) > LONGEST_YES:
        return False
    if words.strip(" .!") in _JUST_POLITE:
        return True
    left, core = words, 0
    while left := left.lstrip(" .,!"):
        found = next((word for word in _longest_first((*means_yes, *beside)) if left.startswith(word)), None)
        if found is None:
            return False
        core += found in _PLAIN or found in means_yes
        left = left[len(found) :]
    return core > 0


@cache
def _longest_first(more: tuple[str, ...]) -> Sequence[str]:
    return sorted((*_PLAIN, *_BESIDE_A_YES, *more), key=len, reverse=True)


def read_number(text: str) -> int | None:
    """The one number that a text has: `มากัน 3 คน`, `๓`, `สามคน`, `สี่สิบ`, `two`. None where it has none, or several."""
    words = tidy(text).lower()
    together = _TOGETHER.search(words)
    if together:
        return int(together[1][:LONGEST_NUMBER])
    figures = re.findall(r"[0-9]+", words.replace(",", ""))
    if figures:
        return int(figures[0]) if len(figures) == 1 and len(figures[0]) <= LONGEST_NUMBER else None
    if _ALONE.search(words):
        return 1
    worded = [_worth(found) for found in _WORDED.finditer(bare(words))]
    worded += [_ENGLISH_NUMBERS.index(found) for found in _ENGLISH.findall(words)]
    return worded[0] if len(worded) == 1 else None


def _worth(found: re.Match[str]) -> int:
    if found["one"]:
        return _THAI_NUMBERS[found["one"]]
    return 10 * _THAI_NUMBERS.get(found["tens"] or "หนึ่ง", 1) + _THAI_NUMBERS.get(found["ones"] or "", 0)


_NAME_REASONS = {
    NameFault.EMPTY: Reason.EMPTY,
    NameFault.A_NUMBER: Reason.A_NUMBER,
    NameFault.A_QUESTION: Reason.A_QUESTION,
    NameFault.NOT_A_NAME: Reason.NOT_A_NAME,
    NameFault.TOO_LONG: Reason.TOO_LONG,
}


def _name(text: str) -> str | Fault:
    found = read_name(text)
    return Fault(_NAME_REASONS[found]) if isinstance(found, NameFault) else found


def _phone(words: str) -> str | Fault:
    found = read_phone(words)
    return found.e164 if isinstance(found, Phone) else Fault(Reason.BAD_PHONE, phone=found.value)


def _district(ids: Sequence[str]) -> str | Fault:
    if len(ids) > 1:
        return Fault(Reason.SEVERAL_DISTRICTS, names=tuple(ids))
    return ids[0] if ids else Fault(Reason.NO_DISTRICT)


def _party(words: str, most: int) -> int | Fault:
    clear = not _BESIDES.search(words) or _TOGETHER.search(words)
    number = read_number(words) if clear else None
    if not number:
        return Fault(Reason.NO_NUMBER, most=most)
    return Fault(Reason.TOO_MANY, most=most, got=number) if number > most else number


def _companions(text: str, most: int, so_far: Sequence[str]) -> list[str] | Fault:
    """Names that are too few are kept: what comes next is added to them, and who is named again counts once."""
    found = read_names(text, expected=most - len(so_far) if len(so_far) < most else most)
    if isinstance(found, NameFault):
        return Fault(_NAME_REASONS[found], names=tuple(so_far))
    names = [*so_far, *(name for name in found if name not in so_far)] if len(so_far) < most else list(found)
    if len(names) == most:
        return names
    reason = Reason.TOO_FEW_NAMES if len(names) < most else Reason.TOO_MANY_NAMES
    return Fault(reason, most=most, got=len(names), names=tuple(names))


def _choice(words: str, choices: Sequence[str]) -> str | Fault:
    """By its words, part of them that only it has, or its number."""
    said = bare(words)
    exact = [choice for choice in choices if bare(choice) == said]
    parts = [choice for choice in choices if said and said in bare(choice)]
    named = [choice for choice in choices if bare(choice) and bare(choice) in said]
    for found in (exact, named, parts):
        if len(found) == 1:
            return found[0]
    number = re.fullmatch(r"(?:ข้อ(?:ที่)?|อันที่|ตัวเลือกที่)?\s*([0-9]{1,2})", said)
    if number and 1 <= int(number[1]) <= len(choices):
        return choices[int(number[1]) - 1]
    return Fault(Reason.NOT_A_CHOICE)


def _minor(words: str) -> bool | Fault:
    """Whether somebody is under age: asked as whether everybody is of age, or answered with an age. Only a plain yes
    says that nobody is."""
    said = bare(words)
    if is_plain_yes(words, beside=_EVERYBODY):
        return False
    if _UNDER.search(said):
        return Fault(Reason.NOT_YES_OR_NO) if _NOBODY.match(said) else True
    if _NO.match(said):
        says_nothing = _NO_ANSWER.match(said) or said.startswith(("ไม่มี", "บ่มี", "no one"))
        return Fault(Reason.NOT_YES_OR_NO) if says_nothing else True
    ages = [int(age) for age in _AGE.findall(words)]
    return min(ages) < MAJORITY if ages else Fault(Reason.NOT_YES_OR_NO)


def _yes_no(words: str) -> bool | Fault:
    answer = read_yes_no(words)
    return Fault(Reason.NOT_YES_OR_NO) if answer is None else answer


def _agreed(words: str) -> bool | Fault:
    answer = read_plain_yes_no(words, means_yes=_THEY_LET, beside=_GUARDIANS)
    return Fault(Reason.NOT_YES_OR_NO) if answer is None else answer


def _number(words: str) -> int | Fault:
    if bare(words) in {"ไม่มี", "none", "zero", "ศูนย์"}:
        return 0
    number = read_number(words)
    return Fault(Reason.NO_NUMBER) if number is None else number
