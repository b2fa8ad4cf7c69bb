"""Telephone numbers as people in Thailand type them, read, written and shortened."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

THAILAND = 66
LONGEST = 100
FEWEST_DIGITS, MOST_DIGITS_ABROAD = 7, 15
LONGEST_HOTLINE = 5


class PhoneKind(Enum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    FOREIGN = "foreign"


class PhoneFault(Enum):
    EMPTY = "empty"
    """No digit at all."""
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_POSSIBLE = "not_possible"
    """The right length, but nobody can have it: in Thailand, or in the country that its + names."""
    HOTLINE = "hotline"
    """191, 1444, 1800 and the like: nobody is reached there as themselves."""


@dataclass(frozen=True)
class Phone:
    e164: str
    """`+66812345678`, without the extension."""
    national: str
    """`081-234-5678`, `053-711-123 ต่อ 12`; of another country, `+1 415-555-2671`."""
    kind: PhoneKind
    extension: str = ""
    """Of a mobile phone there is none: what was typed as one is dropped."""
    guessed: bool = False
    """The leading 0 was missing, and was put in front: to be shown to the person before it is believed."""


_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EXTENSION = re.compile(r"(?:ต่อ|กด|ext(?:ension)?|(?<=\d) ?x|#)[ .:]*(?P<extension>[0-9]{1,6})\D*$")
_NOT_DIALLED = re.compile(r"[^0-9+]")
_HOTLINES = re.compile(r"1[0-9]{2,4}|1[89]00[0-9]{6}")
_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.VOIP: PhoneKind.LANDLINE,
}
"""Not among them: numbers free of charge or with a surcharge, which are nobody's own."""
_HIDDEN = "xxx-xxx-"


def read_phone(text: str) -> Phone | PhoneFault:
    """One number. Words around it (`โทร.`, `เบอร์`) are passed over; two numbers are too long for one.

    A Thai number that lost its leading 0 gets it back, as `guessed`, where that makes a number people can have.
    """
    typed = _in_figures(text[:LONGEST])
    extension = _EXTENSION.search(typed)
    if extension:
        typed = typed[: extension.start()]
    dialled = _dialled(typed)
    digits = dialled.removeprefix("+")
    if not digits:
        return PhoneFault.EMPTY
    if len(text) > LONGEST:
        return PhoneFault.TOO_LONG
    said = extension["extension"] if extension else ""
    if dialled.startswith("+") and not digits.startswith(str(THAILAND)):
        return _foreign(dialled, said)
    return _thai(digits, said, abroad=dialled.startswith("+"))


def masked(e164: str) -> str:
    """`xxx-xxx-5678`, for volunteers. Of a number too short to hide anything in, nothing is shown."""
    digits = _NOT_DIALLED.sub("", e164).removeprefix("+")
    return _HIDDEN + (digits[-4:] if len(digits) > FEWEST_DIGITS else "xxxx")


def _in_figures(text: str) -> str:
    """With Arabic digits, whatever digits were typed, lower case."""
    spelt = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in spelt)


def _dialled(typed: str) -> str:
    """Digits, with a + before those that begin with a country's number."""
    start = re.search(r"[+0-9]", typed)
    if not start:
        return ""
    dialled = _NOT_DIALLED.sub("", typed[start.start() :])
    if dialled.startswith("+0"):
        dialled = dialled[1:]
    international = dialled.startswith(("+", "00"))
    digits = dialled.replace("+", "")
    if international and not dialled.startswith("+"):
        digits = digits[2:]
    return f"+{digits}" if international and digits else digits


def _foreign(dialled: str, extension: str) -> Phone | PhoneFault:
    digits = len(dialled) - 1
    if digits > MOST_DIGITS_ABROAD:
        return PhoneFault.TOO_LONG
    try:
        number = phonenumbers.parse(dialled)
    except NumberParseException:
        return PhoneFault.TOO_SHORT if digits < FEWEST_DIGITS else PhoneFault.NOT_POSSIBLE
    if not phonenumbers.is_valid_number(number):
        return _length_fault(number)
    written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return Phone(_e164(number), _with_extension(written, extension), PhoneKind.FOREIGN, extension)


def _length_fault(number: PhoneNumber) -> PhoneFault:
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return PhoneFault.TOO_SHORT
    return PhoneFault.TOO_LONG if reason == phonenumbers.ValidationResult.TOO_LONG else PhoneFault.NOT_POSSIBLE


def _thai(digits: str, extension: str, *, abroad: bool) -> Phone | PhoneFault:
    if _HOTLINES.fullmatch(digits) or (abroad and _HOTLINES.fullmatch(digits[2:])):
        return PhoneFault.HOTLINE
    guessed = False
    if abroad or (digits.startswith(str(THAILAND)) and len(digits) > 9):
        significant = digits[2:].removeprefix("0")
    elif digits.startswith("0"):
        significant = digits[1:]
    else:
        significant, guessed = digits, True
    mobile = significant[:1] in ("6", "8", "9")
    length = 9 if mobile else 8
    if significant.startswith("1") and len(significant) in (8, 9):
        return PhoneFault.NOT_POSSIBLE
    if len(significant) != length:
        return PhoneFault.TOO_SHORT if len(significant) < length else PhoneFault.TOO_LONG
    number = PhoneNumber(country_code=THAILAND, national_number=int(significant))
    kind = _KINDS.get(phonenumbers.number_type(number))
    if kind is None or significant.startswith("0"):
        return PhoneFault.NOT_POSSIBLE
    if kind is PhoneKind.MOBILE:
        extension = ""
    return Phone(_e164(number), _with_extension(_national(significant), extension), kind, extension, guessed)


def _national(significant: str) -> str:
    """`081-234-5678`, `053-711-123`, `02-123-4567`."""
    area = 1 if significant.startswith("2") else 2
    last = 4 if area == 1 or len(significant) == 9 else 3
    return f"0{significant[:area]}-{significant[area:-last]}-{significant[-last:]}"


def _with_extension(written: str, extension: str) -> str:
    return f"{written} ต่อ {extension}" if extension else written


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
