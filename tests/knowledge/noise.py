"""What people's fingers, eyes and telephones do to a message: a seeded model, one kind of noise at a time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

LETTERS_PER_SLIP = 40
"""A careless writer slips once, and once more for every so many letters."""
TONE_MARKS = "\u0e48\u0e49\u0e4a\u0e4b"
COMBINING = "\u0e31\u0e33" + "".join(map(chr, (*range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F))))
"""What stands above, below or in part over the letter before it."""
PARTICLES = ("ค่ะ", "คะ", "ครับ", "คับ", "ค้าบ", "นะคะ", "นะครับ", "จ้า", "เจ้า", "ฮะ")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f")
EMOJI = ("😊", "🙏", "🥺", "👍🏽", "❤️", "👨\u200d👩\u200d👧")
THAI_DIGITS, ARABIC_DIGITS = "๐๑๒๓๔๕๖๗๘๙", "0123456789"

PLAIN_ROWS = ("ๅ/-ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
SHIFTED_ROWS = ("+๑๒๓๔ู฿๕๖๗๘๙", '๐"ฎฑธํ๊ณฯญฐ,', "ฤฆฏโฌ็๋ษศซ.", "()ฉฮฺ์?ฒฬฦ")
LATIN_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
LATIN_SHIFTED_ROWS = ("!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"', "ZXCVBNM<>?")
"""The Kedmanee layout and the American one, row by row, as the keys are engraved."""
TOUCHING = ((0, -1), (0, 1), (1, -1), (1, 0), (-1, 0), (-1, 1))
"""Rows down and keys to the right: each row stands half a key further right than the one above."""


def _neighbours(rows: tuple[str, ...]) -> dict[str, str]:
    places = {(row, key): letter for row, letters in enumerate(rows) for key, letter in enumerate(letters)}
    return {
        letter: "".join(places.get((row + down, key + right), "") for down, right in TOUCHING)
        for (row, key), letter in places.items()
    }


NEIGHBOURS = _neighbours(SHIFTED_ROWS) | _neighbours(PLAIN_ROWS)
_THAI_KEYS, _LATIN_KEYS = "".join(PLAIN_ROWS + SHIFTED_ROWS), "".join(LATIN_ROWS + LATIN_SHIFTED_ROWS)
TO_LATIN, TO_THAI = str.maketrans(_THAI_KEYS, _LATIN_KEYS), str.maketrans(_LATIN_KEYS, _THAI_KEYS)

Noise = Callable[[str, random.Random], str]


def make_noise(kind: str, text: str) -> str:
    """The text after noise of this kind: the same every time. Unchanged when it has no place for it."""
    return NOISES[kind](text, random.Random(f"{kind} {text}"))


def _slip(text: str, pattern: str, change: Callable[[str], str], chance: random.Random) -> str:
    """Changes some of the places where the pattern is found, as many as a careless writer would."""
    places = list(re.finditer(pattern, text))
    chosen = chance.sample(places, min(len(places), 1 + len(text) // LETTERS_PER_SLIP))
    for match in sorted(chosen, key=lambda match: -match.start()):
        text = text[: match.start()] + change(match.group()) + text[match.end() :]
    return text


def leave_out_tone_marks(text: str, chance: random.Random) -> str:
    return _slip(text, f"[{TONE_MARKS}]", lambda _: "", chance)


def leave_out_every_tone_mark(text: str, _chance: random.Random) -> str:
    return re.sub(f"[{TONE_MARKS}]", "", text)


def double_tone_marks(text: str, chance: random.Random) -> str:
    """A key held too long. It cannot be seen."""
    return _slip(text, f"[{TONE_MARKS}]", lambda mark: mark * chance.randint(2, 3), chance)


def hit_a_neighbouring_key(text: str, chance: random.Random) -> str:
    """Once in the whole message."""
    places = [place for place, letter in enumerate(text) if "\u0e00" <= letter <= "\u0e7f" and letter in NEIGHBOURS]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + chance.choice(NEIGHBOURS[text[place]]) + text[place + 1 :]


def confuse_ro_and_lo(text: str, chance: random.Random) -> str:
    return _slip(text, "[รล]", lambda letter: "ล" if letter == "ร" else "ร", chance)


def confuse_the_two_ai(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans("ใไ", "ไใ"))


def confuse_the_two_kha(text: str, _chance: random.Random) -> str:
    return re.sub("ค่ะ|คะ", lambda match: "คะ" if match.group() == "ค่ะ" else "ค่ะ", text)


def remove_spaces(text: str, _chance: random.Random) -> str:
    return re.sub(r"(?<![a-zA-Z]) +(?![a-zA-Z])", "", text)


def insert_spaces(text: str, chance: random.Random) -> str:
    return _slip(text, f"[ก-ฮะาๆ](?=[ก-ฮเ-ไ])(?![{COMBINING}])", lambda letter: f"{letter} ", chance)


def repeat_letters(text: str, chance: random.Random) -> str:
    """Stretched for feeling, or a key held too long."""
    return _slip(text, "[ก-ฮะาa-zA-Z]", lambda letter: letter * chance.randint(2, 6), chance)


def stretch_the_end(text: str, chance: random.Random) -> str:
    return re.sub(r"([ก-ฮะา])\s*$", lambda match: match.group(1) * chance.randint(3, 7), text)


def add_a_particle(text: str, chance: random.Random) -> str:
    return text + chance.choice(PARTICLES)


def change_digits(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans(THAI_DIGITS + ARABIC_DIGITS, ARABIC_DIGITS + THAI_DIGITS))


def add_invisible_characters(text: str, chance: random.Random) -> str:
    """Between any two letters: copied from a web page, or put there by a keyboard."""
    for _ in range(1 + len(text) // LETTERS_PER_SLIP):
        place = chance.randint(0, len(text))
        text = text[:place] + chance.choice(INVISIBLE) + text[place:]
    return text


def add_an_emoji(text: str, chance: random.Random) -> str:
    return text + chance.choice(("", " ")) + chance.choice(EMOJI) * chance.randint(1, 3)


def add_outer_spaces(text: str, chance: random.Random) -> str:
    return chance.choice(("", " ", "\u00a0")) + text + chance.choice((" ", "   ", "\n", "\u3000"))


def use_the_wrong_layout(text: str, _chance: random.Random) -> str:
    """The whole message typed blind. One in two scripts, whose writer watches the layout, stays as it is."""
    thai, latin = re.search("[\u0e01-\u0e5b]", text), re.search("[a-zA-Z]", text)
    if thai and latin:
        return text
    return text.translate(TO_LATIN if thai else TO_THAI)


HARMLESS: Mapping[str, Noise] = {
    "doubled tone marks": double_tone_marks,
    "digits of the other kind": change_digits,
    "invisible characters": add_invisible_characters,
    "an emoji at the end": add_an_emoji,
    "spaces at the ends": add_outer_spaces,
}
"""What a reader does not even see, or does not count."""
HARMFUL: Mapping[str, Noise] = {
    "tone marks left out": leave_out_tone_marks,
    "every tone mark left out": leave_out_every_tone_mark,
    "a neighbouring key": hit_a_neighbouring_key,
    "ร and ล confused": confuse_ro_and_lo,
    "ใ and ไ confused": confuse_the_two_ai,
    "ค่ะ and คะ confused": confuse_the_two_kha,
    "spaces removed": remove_spaces,
    "spaces inserted": insert_spaces,
    "letters repeated": repeat_letters,
    "the end stretched": stretch_the_end,
    "a particle added": add_a_particle,
    "the wrong layout": use_the_wrong_layout,
}
NOISES: Mapping[str, Noise] = {**HARMLESS, **HARMFUL}
