"""A second generator of labelled messages, written without sight of the masker and of the first generator.

`mentions` gives messages with one item of personal data that must not survive the masker; `look_alikes` gives
messages with something that looks like one and must stay. Both are the same for the same seed, and go round the
kinds and, inside a kind, round the formats, so that a report can count each. The formats of one kind differ in how
people type the item. Where a format's name ends in `_surname`, the secret is the surname alone: a masker that takes
only the first name fails it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.bot import personal_words_second as words
from tests.bot.personal_words_second import VOICES, Voice


@dataclass(frozen=True)
class Mention:
    kind: str
    format: str
    text: str  # the whole message as typed
    secret: str  # the part that must not survive


@dataclass(frozen=True)
class LookAlike:
    kind: str
    text: str
    keep: str  # the part that must survive unchanged


@dataclass(frozen=True)
class Item:
    """What stands in the sentence, and the part of it that counts."""

    typed: str
    counts: str


Maker = Callable[[Random], Item]
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
WIDE_DIGITS = str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10)))
ZERO_WIDTH = "\u200b"
TRIES = 400


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _mobile(rng: Random) -> str:
    return "0" + rng.choice("689") + _digits(rng, 8)


def _landline(rng: Random) -> str:
    """Nine digits from outside Bangkok; the north (053, 054) most often."""
    area = rng.choice(("053", "053", "054", "055", "032", "038", "043", "045", "073", "077"))
    return area + rng.choice("23467") + _digits(rng, 5)


def _citizen(rng: Random, first: str = "123458") -> str:
    head = rng.choice(first) + _digits(rng, 11)
    total = sum(int(digit) * weight for digit, weight in zip(head, range(13, 1, -1), strict=True))
    return head + str((11 - total % 11) % 10)


def _wrong_citizen(rng: Random) -> str:
    right = _citizen(rng)
    return right[:-1] + str((int(right[-1]) + rng.randint(1, 9)) % 10)


def _shaped(digits: str, shape: str) -> str:
    """The digits in the places of the 9s of a shape."""
    left = iter(digits)
    return "".join(next(left) if sign == "9" else sign for sign in shape)


def _shape(number: Callable[[Random], str], *shapes: str, before: str = "", after: str = "") -> Maker:
    def make(rng: Random) -> Item:
        typed = _shaped(number(rng), rng.choice(shapes))
        return Item(before + typed + after, typed)

    return make


def _translated(maker: Maker, table: dict[int, int]) -> Maker:
    def make(rng: Random) -> Item:
        made = maker(rng)
        return Item(made.typed.translate(table), made.counts.translate(table))

    return make


def _broken_by_zero_width(number: Callable[[Random], str]) -> Maker:
    def make(rng: Random) -> Item:
        digits = number(rng)
        for place in sorted(rng.sample(range(2, len(digits)), rng.randint(1, 2)), reverse=True):
            digits = digits[:place] + ZERO_WIDTH + digits[place:]
        return Item(digits, digits)

    return make


def _plus(shape: str) -> Maker:
    return _shape(lambda rng: _mobile(rng)[1:], shape)


def _second_phone(rng: Random) -> Item:
    first, second = _mobile(rng), _mobile(rng)
    shape = rng.choice(("9999999999", "999-9999999", "999-999-9999"))
    between = rng.choice((" หรือ ", ", ", " / ", " กับ ", "\n", " ไม่ติดโทร "))
    typed = _shaped(second, shape)
    return Item(_shaped(first, shape) + between + typed, typed)


PLAIN = "9999999999"
DASHED = "999-999-9999"
ID_PLAIN, ID_DASHED = "9" * 13, "9-9999-99999-99-9"
PHONES: dict[str, Maker] = {
    "mobile_plain": _shape(_mobile, PLAIN),
    "mobile_dashes": _shape(_mobile, DASHED),
    "mobile_one_dash": _shape(_mobile, "999-9999999"),
    "mobile_dashes_08": _shape(_mobile, "99-9999-9999"),
    "mobile_dots": _shape(_mobile, "999.999.9999"),
    "mobile_spaces": _shape(_mobile, "999 999 9999", "99 9999 9999", "9999 999 999"),
    "mobile_double_spaces": _shape(_mobile, "999  999  9999"),
    "mobile_no_break_space": _shape(_mobile, "999\u00a0999\u00a09999"),
    "mobile_mixed": _shape(_mobile, "999-999 9999", "999 999-9999", "999-9999 999"),
    "mobile_brackets": _shape(_mobile, "(999) 999-9999", "(999)9999999"),
    "mobile_slashes": _shape(_mobile, "999/999/9999", "999/9999999"),
    "mobile_long_dashes": _shape(_mobile, "999–999–9999", "999—9999999", "999\u2011999\u20119999"),
    "mobile_spaced_dashes": _shape(_mobile, "999 - 999 - 9999"),
    "mobile_line_break": _shape(_mobile, "999-999\n9999", "999\n9999999"),
    "mobile_letter_o": _shape(lambda rng: _mobile(rng)[1:], "O999999999", "o99-9999999"),
    "bangkok": _shape(lambda rng: "02" + _digits(rng, 7), "999999999", "99-999-9999", "99 999 9999", "99-9999999"),
    "landline_plain": _shape(_landline, "999999999"),
    "landline_dashes": _shape(_landline, "999-999999", "999-999-999", "9-9999-9999"),
    "landline_brackets": _shape(_landline, "(999) 999999", "(999)-999-999"),
    "landline_extension": _shape(_landline, "999-999999", "999 999 999", after=" ต่อ 12"),
    "plus_66": _plus("+66999999999"),
    "plus_66_split": _shape(lambda rng: _mobile(rng)[1:], "+66 99 999 9999", "+66-99-9999999", "+66 99-999-9999"),
    "plus_66_zero": _shape(_mobile, "+66(9)999999999", "+66 (9)99 999 9999"),
    "double_zero_66": _shape(lambda rng: _mobile(rng)[1:], "0066999999999", "0066 99 999 9999"),
    "bare_66": _shape(lambda rng: _mobile(rng)[1:], "66999999999", "66 99 999 9999", "66-99-999-9999"),
    "thai_digits": _translated(_shape(_mobile, PLAIN), THAI_DIGITS),
    "thai_digits_dashes": _translated(_shape(_mobile, DASHED, "999-9999999"), THAI_DIGITS),
    "wide_digits": _translated(_shape(_mobile, PLAIN), WIDE_DIGITS),
    "zero_width": _broken_by_zero_width(_mobile),
    "second_of_two": _second_phone,
    "glued_before": _shape(_mobile, PLAIN, DASHED),
    "glued_after": _shape(_mobile, PLAIN, DASHED),
    "glued_both": _shape(_mobile, PLAIN),
}
NATIONAL_IDS: dict[str, Maker] = {
    "plain": _shape(_citizen, ID_PLAIN),
    "dashes": _shape(_citizen, ID_DASHED),
    "spaces": _shape(_citizen, "9 9999 99999 99 9"),
    "spaced_dashes": _shape(_citizen, "9 - 9999 - 99999 - 99 - 9"),
    "long_dashes": _shape(_citizen, "9–9999–99999–99–9"),
    "odd_groups": _shape(_citizen, "9999-9999-99999", "999 999 999 9999", "99999 9999 9999"),
    "dots": _shape(_citizen, "9.9999.99999.99.9"),
    "thai_digits": _translated(_shape(_citizen, ID_PLAIN), THAI_DIGITS),
    "thai_digits_dashes": _translated(_shape(_citizen, ID_DASHED), THAI_DIGITS),
    "wide_digits": _translated(_shape(_citizen, ID_PLAIN), WIDE_DIGITS),
    "zero_width": _broken_by_zero_width(_citizen),
    "stateless_0_6_7": _shape(lambda rng: _citizen(rng, "067"), ID_PLAIN, ID_DASHED),
    "wrong_check_plain": _shape(_wrong_citizen, ID_PLAIN),
    "wrong_check_dashes": _shape(_wrong_citizen, ID_DASHED),
    "one_digit_short": _shape(lambda rng: _citizen(rng)[:-1], "9" * 12, "9-9999-99999-99"),
    "glued_before": _shape(_citizen, ID_PLAIN, ID_DASHED),
    "glued_after": _shape(_citizen, ID_PLAIN),
    "glued_both": _shape(_citizen, ID_PLAIN),
}


def _of(*choices: str) -> Callable[[Random], str]:
    return lambda rng: rng.choice(choices)


def _number(low: int, high: int, shape: str = "{}") -> Callable[[Random], str]:
    return lambda rng: shape.format(rng.randint(low, high))


SLOTS: dict[str, Callable[[Random], str]] = {
    "m": _of(*words.MALE),
    "f": _of(*words.FEMALE),
    "a": _of(*words.MALE, *words.FEMALE),
    "s": _of(*words.SURNAMES),
    "n": _of(*words.NICKNAMES),
    "ef": _of(*words.ENGLISH_MEN, *words.ENGLISH_WOMEN),
    "em": _of(*words.ENGLISH_MEN),
    "ew": _of(*words.ENGLISH_WOMEN),
    "el": _of(*words.ENGLISH_LAST),
    "w": _of(*words.HANDLE_WORDS),
    "W": _of(*(word.upper() for word in words.HANDLE_WORDS)),
    "Ww": _of(*(word.title() for word in words.HANDLE_WORDS)),
    "h": lambda rng: _filled(rng, rng.choice(("{w}##", "{w}_{w}", "{w}.###", "{w}_##", "{w}-{w}##", "{w}{w}"))),
    "hu": lambda rng: _filled(rng, rng.choice(("{W}##", "{W}_{W}", "{Ww}####"))),
    "uid": lambda rng: "U" + "".join(rng.choice("0123456789abcdef") for _ in range(32)),
    "host": _of(*words.MAIL_HOSTS),
    "sub": _of(*words.MAIL_SUBHOSTS),
    "L": _of(*"ABCDEFGHJKLMNPRSTUVWXYZ"),
    "l": _of(*"abcdefghjkmnprstuvwxyz"),
    "t": _of(*words.PLATE_LETTERS),
    "v": _of(*words.PLATE_PROVINCES),
    "d": _of(*words.DISTRICTS),
    "u": _of(*words.TAMBONS),
    "r": _of(*words.STREETS),
    "g": _of(*words.ESTATES),
    "ue": _of(*words.TAMBONS_ENGLISH),
    "zip": _of(*words.POSTCODES),
    "z": _of("#", " #", " no."),
    "hash": _of("#"),
    "td": _of(*"๐๑๒๓๔๕๖๗๘๙"),
    "min": _of("00", "15", "30", "45"),
    "day": _number(1, 28),
    "dd": _number(1, 28, "{:02}"),
    "m0": _number(1, 12),
    "mm": _number(1, 12, "{:02}"),
    "month": _of(*words.MONTHS),
    "mon": _of(*words.MONTHS_SHORT),
    "mond": _of(*(month.replace(".", "") for month in words.MONTHS_SHORT)),
    "emon": _of(*words.MONTHS_ENGLISH),
    "be": _number(2475, 2558),
    "by": _number(1, 58, "{:02}"),
    "ce": _number(1932, 2012),
}
CASES: dict[str, Callable[[str], str]] = {"l": str.lower, "u": str.upper}


def _filled(rng: Random, pattern: str) -> str:
    """The pattern with a digit for each # (no nought at the head of a number), and its slots filled."""
    pattern = re.sub(r"(?<![\d#}\-])#", lambda _: str(rng.randint(1, 9)), pattern)
    pattern = re.sub("#", lambda _: str(rng.randint(0, 9)), pattern)
    return re.sub(r"{(\w+)}", lambda slot: _slot(rng, slot[1]), pattern)


def _slot(rng: Random, name: str) -> str:
    """A word for a slot; an l or u behind the name of an English one makes its letters small or capital."""
    return SLOTS[name](rng) if name in SLOTS else CASES[name[-1]](SLOTS[name[:-1]](rng))


def _from_patterns(choices: tuple[str, ...]) -> Maker:
    def make(rng: Random) -> Item:
        filled = _filled(rng, rng.choice(choices))
        marked = re.search(r"\[(.*)\]", filled, re.DOTALL)
        return Item(re.sub(r"[\[\]]", "", filled), marked[1] if marked else filled)

    return make


def _patterned(formats: dict[str, tuple[str, ...]]) -> dict[str, Maker]:
    makers = {name: _from_patterns(patterns) for name, patterns in formats.items()}
    return {name: _translated(make, THAI_DIGITS) if name == "thai_digits" else make for name, make in makers.items()}


KINDS: dict[str, dict[str, Maker]] = {
    "phone": PHONES,
    "national_id": NATIONAL_IDS,
    "email": _patterned(words.EMAILS),
    "line_id": _patterned(words.LINE_IDS),
    "account": _patterned(words.ACCOUNTS),
    "bank": _patterned(words.BANK_NUMBERS),
    "long_number": _patterned(words.NUMBERS),
    "titled_name": _patterned(words.TITLED),
    "said_name": _patterned(words.SAID),
    "bare_name": _patterned(words.BARE),
    "english_name": _patterned(words.ENGLISH),
    "passport": _patterned(words.PASSPORTS),
    "plate": _patterned(words.PLATES),
    "address": _patterned(words.ADDRESSES),
    "birth_date": _patterned(words.BIRTHS),
}


# Formats that would sound odd in the sentences of their kind.
OTHER_FRAMES = {
    **{("said_name", form): "said_other" for form in ("old_name", "relative", "role", "signed", "surname_only")},
    ("said_name", "nickname"): "said_other",
    **{("english_name", form): "english_self" for form in ("my_name", "my_name_small", "my_name_surname", "i_am")},
}


def _voiced(text: str, voice: Voice) -> str:
    for slot, said in (("{i}", voice.me), ("{p}", voice.says), ("{q}", voice.asks), ("{hello}", voice.hello)):
        text = text.replace(slot, said)
    return text.replace("{thanks}", voice.thanks)


def _misspelt(rng: Random, text: str) -> str:
    right, wrong = rng.choice(words.MISSPELT)
    return text.replace(right, wrong, 1) if rng.random() < 0.4 else text


def _thai(sign: str) -> bool:
    return "\u0e01" <= sign <= "\u0e4e"


def _loosened(rng: Random, before: str) -> str:
    """The space before the item left out, doubled, or made a line break, as people's thumbs do."""
    if not before.endswith(" "):
        return before
    chance = rng.random()
    if chance < 0.12 and _thai(before[-2:-1]):
        return before[:-1]
    return before[:-1] + ("  " if chance < 0.2 else "\n" if chance < 0.26 else " ")


def _message(rng: Random, voice: Voice, parts: tuple[str, str, str]) -> str:
    """A sentence with what people put before and after it."""
    before, item, after = parts
    opener = _voiced(rng.choice(words.OPENERS), voice) + rng.choice((" ", " ", "\n")) if rng.random() < 0.4 else ""
    closer = _voiced(rng.choice(words.CLOSERS), voice) if rng.random() < 0.4 else ""
    space = "" if closer and not (closer[0].isalnum() or _thai(closer[0])) and rng.random() < 0.5 else rng.choice(" \n")
    return (opener + before + item + after.rstrip() + space + closer).strip()


def _placed(rng: Random, frame: str, voice: Voice, glue: str) -> tuple[str, str] | None:
    """What stands before and after the item, or nothing where the frame has no place to glue it to."""
    said = _voiced(frame.replace("{b}", rng.choice(words.BANKS)), voice)
    before, after = (_misspelt(rng, re.sub("  +", " ", part)) for part in said.split("{x}"))
    if glue in ("glued_before", "glued_both"):
        before = before.rstrip(" ")
        if not _thai(before[-1:]):
            return None
    else:
        before = _loosened(rng, before)
    if glue in ("glued_after", "glued_both"):
        after = after.strip(" ") or voice.says or "นะ"
        if not _thai(after[:1]):
            return None
    return before, after


def _mention(rng: Random, kind: str, form: str) -> Mention | None:
    item = KINDS[kind][form](rng)
    speaker = next((voice.me for voice in VOICES if kind == "said_name" and voice.me in item.typed), "")
    voice = rng.choice([voice for voice in VOICES if speaker in ("", voice.me)])
    placed = _placed(rng, rng.choice(words.FRAMES[OTHER_FRAMES.get((kind, form), kind)]), voice, form)
    if placed is None:
        return None
    text = _message(rng, voice, (placed[0], item.typed, placed[1]))
    return Mention(kind, form, text, item.counts) if text.count(item.counts) == 1 else None


def mentions(seed: int, count: int) -> list[Mention]:
    """Messages with personal data, evenly over the kinds, and over the formats of each."""
    rng = Random(seed)
    formats = {kind: rng.sample(sorted(makers), len(makers)) for kind, makers in KINDS.items()}
    found: dict[str, Mention] = {}
    for turn in range(count):
        kind = tuple(KINDS)[turn % len(KINDS)]
        form = formats[kind][turn // len(KINDS) % len(formats[kind])]
        made = next(m for _ in range(TRIES) if (m := _mention(rng, kind, form)) and m.text not in found)
        found[made.text] = made
    return list(found.values())


def _look_alike(rng: Random, kind: str, pattern: str) -> LookAlike:
    voice = rng.choice(VOICES)
    if kind in words.SENTENCES:
        before, keep = _misspelt(rng, _voiced(pattern, voice)).split("[")
        return LookAlike(kind, _message(rng, voice, (before, keep, "")), keep)
    keep = _filled(rng, pattern)
    before, after = _placed(rng, rng.choice(words.SHAPE_FRAMES[kind]), voice, "") or ("", "")
    return LookAlike(kind, _message(rng, voice, (before, keep, after)), keep)


def look_alikes(seed: int, count: int) -> list[LookAlike]:
    """Messages without personal data, evenly over the kinds, and over the shapes of each."""
    rng = Random(seed)
    patterns = {kind: rng.sample(shapes, len(shapes)) for kind, shapes in {**words.SHAPES, **words.SENTENCES}.items()}
    found: dict[str, LookAlike] = {}
    for turn in range(count):
        kind = tuple(patterns)[turn % len(patterns)]
        pattern = patterns[kind][turn // len(patterns) % len(patterns[kind])]
        made = next(look for _ in range(TRIES) if (look := _look_alike(rng, kind, pattern)).text not in found)
        found[made.text] = made
    return list(found.values())
