"""How people in Thailand spell months, days of the week, numbers and years, with the mistakes they make in them."""

from __future__ import annotations

import re
import unicodedata

from bot.thai_dates import BUDDHIST_ERA_OFFSET, ENGLISH_MONTHS, ENGLISH_WEEKDAYS, SHORT_MONTHS

BUDDHIST_ABOVE = 2400
FIRST_YEAR, LAST_YEAR = 1900, 2200

_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_SAME = str.maketrans("๐๑๒๓๔๕๖๗๘๙‐‑‒–—―−~〜", "0123456789---------")
_MARKS = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c")


def plain(text: str) -> tuple[str, list[int]]:
    """The text in one way of writing, and for each of its characters the place in `text` that it comes from.

    Arabic digits, plain hyphens, lower case, single spaces; nothing invisible, no mark typed twice, `เเ` as `แ`.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, typed in enumerate(text):
        if _INVISIBLE.match(typed):
            continue
        # NFKC takes ำ apart.
        spelt = typed if typed == "ำ" else unicodedata.normalize("NFKC", typed.translate(_SAME)).lower()
        for letter in spelt:
            before = letters[-1] if letters else ""
            if letter.isspace() and before in ("", " "):
                continue
            if letter in _MARKS and letter == before:
                continue
            if (before, letter) in (("เ", "เ"), ("ํ", "า")):
                letters[-1] = "แ" if letter == "เ" else "ำ"
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(place)
    return "".join(letters).translate(_SAME), places


_ALIKE = {letter: f"[{group}]" for group in ("ศษส", "ฎฏดต", "ธทฑ", "พภ", "ิี", "ุู", "ณน") for letter in group}


def _with_mistakes(name: str) -> str:
    """A pattern for the name with letters that sound alike in each other's place."""
    return "".join(_ALIKE.get(letter, letter) for letter in name)


_FULL = tuple(
    map(
        _with_mistakes,
        (
            "มกรา?คม", "กุมภาพัน(?:ธุ?์?)?", "มีนาคม", "เมษายน", "พฤก?ษ?ภาคม", "มิถุนายน",
            "กร?กฎา?คม", "สิงหา?คม", "กันยายน", "ตุลา?คม", "พฤ?ศ?จิกา?ร?ยน", "ธันวา?คม",
        ),
    )
)  # fmt: skip
_STEMS = tuple(
    map(
        _with_mistakes,
        (
            "มกรา", "กุมภา", "มีนา(?!ค|บุรี)", "เมษา", "พฤษภา(?!ท)", "มิถุนา",
            "กรกฎา?", "สิงหา", "กันยา", "ตุลา(?!กา?ร)", "พฤศจิ(?:กา?)?", "ธันวา",
        ),
    )
)  # fmt: skip
"""Said without its last syllable, where that makes no other word: `ตุลาการ` is a judge."""
_GOES_ON = r"(?:\.(?![ก-ฮ]\.)|(?!\.)(?!(?!นี้|หน้า|ที่|ปี|เวลา|ถึง|มี)[ก-๎]))"
"""What may follow a short month: not `ส.ค.ส.`, not `ต.คลองสาม`."""


def _short(name: str) -> str:
    first, second = name.rstrip(".").split(".")
    return rf"{first}(?:\. ?)?{second}{_GOES_ON}"


def _english_month(name: str) -> str:
    short = "sept?" if name == "September" else name[:3].lower()
    not_the_verb = r"(?! (?:be|have|not|come|go|i|we|you|need|also|join|he|she|they|it)\b)" if name == "May" else ""
    return rf"(?:{name.lower()}|{short}\.?)(?![a-z]){not_the_verb}"


def _any(patterns: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(patterns)})"


_MONTHS = tuple(
    re.compile(_any((full, stem, _short(short), _english_month(english))))
    for full, stem, short, english in zip(_FULL, _STEMS, SHORT_MONTHS, ENGLISH_MONTHS, strict=True)
)
MONTH = _any(tuple(month.pattern for month in _MONTHS))
"""A month where one is expected: after a day's number, or after เดือน."""
WHOLE_MONTH = _any((*_FULL, *(rf"(?<![a-z]){name.lower()}(?![a-z])" for name in ENGLISH_MONTHS if len(name) > 5)))
"""A month that is one wherever it stands: neither a name such as มีนา, nor "may" or "march"."""
ENGLISH_MONTH = _any(tuple(_english_month(name) for name in ENGLISH_MONTHS))

_WEEKDAYS = tuple(
    re.compile(_any((*thai, rf"(?<![a-z]){english.lower()}(?![a-z])", rf"(?<![a-z]){short}(?![a-z])\.?")))
    for thai, english, short in zip(
        (
            ("จันทร?์?",), ("อังคาร์?", "อังคาน"), ("พุธ", "พุทธ", "พุท"),
            ("พฤหัส(?:บ?ดี|ฯ)?", "พฤหัด"), ("ศุกร?์?", "สุกร?์"), ("เสาร์?",), ("อาทิต(?:ย์?)?",),
        ),
        ENGLISH_WEEKDAYS,
        ("mon", "tues?", "wed", "thu(?:rs?)?", "fri", "sat", "sun"),
        strict=True,
    )
)  # fmt: skip
WEEKDAY = _any(tuple(weekday.pattern for weekday in _WEEKDAYS))
THAI_WEEKDAY = r"(?>จันทร?์?|อังคาร|พุธ|พฤหัส(?:บ?ดี|ฯ)?|ศุกร?์|เสาร์|อาทิต(?:ย์?)?)"
"""Atomic: where what follows does not fit, no shorter spelling is tried."""
SHORT_WEEKDAYS = {"จ": 0, "อ": 1, "พ": 2, "พฤ": 3, "ศ": 4, "ส": 5, "อา": 6}

_UNITS = {
    "หนึ่ง": 1, "นึง": 1, "เอ็ด": 1, "สอง": 2, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9,
}  # fmt: skip
_UNIT = _any(tuple(_UNITS))
NUMBER = rf"(?:\d{{1,2}}|(?:ยี่|สาม|สี่|ห้า)?สิบ{_UNIT}?|{_UNIT})"
"""Up to 59, in figures or in Thai words."""


def month_of(word: str) -> int:
    """The number of a month that `MONTH` or `WHOLE_MONTH` found."""
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.fullmatch(word))


def weekday_of(word: str) -> int:
    """Monday is 0."""
    return next(number for number, weekday in enumerate(_WEEKDAYS) if weekday.fullmatch(word))


def number_of(word: str) -> int:
    if word.isdecimal():
        return int(word)
    tens, ten, units = word.rpartition("สิบ")
    return (10 * _UNITS.get(tens, 1) if ten else 0) + _UNITS.get(units, 0)


def gregorian_year(typed: str) -> int | None:
    """None where it is no year of ours. Of two digits, those from 60 on are Buddhist, those below 40 Gregorian.

    Between the two nobody knows: None as well, see `is_ambiguous_year`.
    """
    number = int(typed)
    if len(typed) == 2:
        if is_ambiguous_year(typed):
            return None
        number += 2500 if number >= 60 else 2000
    year = number - BUDDHIST_ERA_OFFSET if number > BUDDHIST_ABOVE else number
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def is_ambiguous_year(typed: str) -> bool:
    return len(typed) == 2 and 40 <= int(typed) < 60
