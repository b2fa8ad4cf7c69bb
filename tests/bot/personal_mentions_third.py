"""A third generator of labelled messages: personal data as people type it, and what only looks like it.

It knows nothing of how messages are masked. Kinds come in turn, and within a kind its formats come in turn.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bot import personal_words_third as words
from tests.bot.personal_look_alikes_third import LOOK_ALIKES

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ZERO_WIDTH_SPACE = "\u200b"

Labelled = tuple[str, str]  # a phrase, and the substring of it that is labelled
Maker = Callable[[random.Random], Labelled]


@dataclass(frozen=True)
class Mention:
    """A message with personal data; `secret` is the substring of `text` that must not survive."""

    kind: str
    format: str
    text: str
    secret: str


@dataclass(frozen=True)
class LookAlike:
    """A message without personal data; `keep` is the substring of `text` that must survive unchanged."""

    kind: str
    text: str
    keep: str


def _digits(rng: random.Random, length: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(length))


def _grouped(number: str, sizes: Iterable[int], separator: str) -> str:
    digits = iter(number)
    return separator.join("".join(next(digits) for _ in range(size)) for size in sizes)


def _mobile(rng: random.Random) -> str:
    return rng.choice(("06", "08", "09")) + rng.choice("123456789") + _digits(rng, 7)


def _landline(rng: random.Random) -> str:
    return rng.choice(("053", "053", "054", "042", "074", "032", "056")) + rng.choice("234567") + _digits(rng, 5)


def _fill(pattern: str, rng: random.Random) -> str:
    """`pattern` with every # a digit and every @ a hexadecimal digit."""
    return "".join(rng.choice({"#": "0123456789", "@": "0123456789abcdef"}.get(c, c)) for c in pattern)


def _pick(before: str, *patterns: str, after: str = "") -> Maker:
    """A label that is one of `patterns` filled, between words that are not labelled."""
    return _between(before, lambda rng: _fill(rng.choice(patterns), rng), after)


def _between(before: str, source: Callable[[random.Random], str], after: str = "") -> Maker:
    def make(rng: random.Random) -> Labelled:
        found = source(rng)
        return before + found + after, found

    return make


def _shaped(source: Callable[[random.Random], str], shape: Callable[[str], str]) -> Maker:
    return _between("", lambda rng: shape(source(rng)))


def _sizes(source: Callable[[random.Random], str], sizes: tuple[int, ...], separator: str) -> Maker:
    return _shaped(source, lambda number: _grouped(number, sizes, separator))


def _second(joint: str, shape: Callable[[str], str]) -> Maker:
    def make(rng: random.Random) -> Labelled:
        first, second = shape(_mobile(rng)), shape(_mobile(rng))
        return f"{first}{joint}{second}", second

    return make


def _dash(number: str) -> str:
    return _grouped(number, (3, 3, 4), "-")


def _extension(rng: random.Random) -> Labelled:
    number = _grouped(_landline(rng), (3, 6), "-")
    return f"{number} ต่อ {rng.randint(11, 99)}", number


def _bangkok(rng: random.Random) -> str:
    return "02" + rng.choice("123456789") + _digits(rng, 6)


def _citizen(rng: random.Random) -> str:
    number = rng.choice("1234568") + _digits(rng, 11)
    return number + str((11 - sum(int(d) * (13 - i) for i, d in enumerate(number)) % 11) % 10)


def _citizen_mistyped(rng: random.Random) -> str:
    number = _citizen(rng)
    return number[:-1] + str((int(number[-1]) + rng.randint(1, 9)) % 10)


CITIZEN = (1, 4, 5, 2, 1)


def _local(rng: random.Random) -> str:
    return f"{rng.choice(words.ENGLISH_MALE + words.ENGLISH_FEMALE).lower()}{rng.randint(10, 2560)}"


def _mail(shape: str, change: Callable[[str], str] = str) -> Maker:
    """An address: w is who, l a surname, d the domain."""
    return _between("", lambda rng: change(shape.format(w=_local(rng), l=_last(rng), d=rng.choice(words.MAILS))))


def _last(rng: random.Random) -> str:
    return rng.choice(words.ENGLISH_LAST).lower()


def _before_phone(rng: random.Random) -> Labelled:
    phrase, name = _named("m", "")(rng)
    return f"{phrase} {_mobile(rng)}", name


def _at_bank(gap: str, pattern: str) -> Maker:
    return lambda rng: _pick(rng.choice(words.BANKS) + gap, pattern)(rng)


def _named(way: str, before: str, after: str = "") -> Maker:
    """A Thai name between words; `way` is the sex and, after a slash, what is typed or labelled of the name."""
    sex, _, part = way.partition("/")

    def make(rng: random.Random) -> Labelled:
        first = {"m": words.MALE, "f": words.FEMALE}.get(sex) or rng.choice((words.MALE, words.FEMALE))
        name, surname = rng.choice(first), rng.choice(words.SURNAMES)
        whole = f"{name}{'   ' if part == 'wide' else ' '}{surname}"
        typed = {"only": name, "nickname": rng.choice(words.NICKNAMES), "family": surname}.get(part, whole)
        return before + typed + after, surname if part == "surname" else typed

    return make


def _english(rng: random.Random, sex: str = "x") -> str:
    first = {"m": words.ENGLISH_MALE, "f": words.ENGLISH_FEMALE}.get(sex, words.ENGLISH_MALE + words.ENGLISH_FEMALE)
    return f"{rng.choice(first)} {rng.choice(words.ENGLISH_LAST)}"


def _english_named(way: str, before: str) -> Maker:
    sex, _, shape = way.partition("/")

    def make(rng: random.Random) -> Labelled:
        name = _english(rng, sex)
        first, last = name.split()
        comma = f"{last.upper()}, {first}"
        name = {"upper": name.upper(), "lower": name.lower(), "comma": comma}.get(shape, name)
        return before + name, name

    return make


def _account(*before: str) -> Maker:
    def make(rng: random.Random) -> Labelled:
        handle = rng.choice((rng.choice(words.HANDLES), _local(rng), f"{_local(rng)}.{_last(rng)[:4]}"))
        return f"{rng.choice(before)}{handle}", handle

    return make


def _split_name(rng: random.Random) -> Labelled:
    surname = rng.choice(words.SURNAMES)
    return f"ชื่อจริง {rng.choice(words.FEMALE)} นามสกุล {surname}", surname


def _plate(before: str, shape: str, after: str = "") -> Maker:
    """A plate: x in `shape` is a letter, # a digit."""
    kinds = {"x": "กขคฆงจชฌญฎฐณตธนผพภมรลวศษส", "#": "123456789"}
    return _between(before, lambda rng: "".join(rng.choice(kinds.get(c, c)) for c in shape), after)


def _thai_digits(phrase: str, found: str, *, wanted: bool) -> Labelled:
    return (phrase[1:].translate(THAI_DIGITS), found.translate(THAI_DIGITS)) if wanted else (phrase, found)


def _house(before: str, shape: str, after: str) -> Maker:
    """An address: the house and village number are the label, the sub-district is not."""

    def make(rng: random.Random) -> Labelled:
        area, district = rng.choice(words.AREAS)
        number, lane, moo = f"{rng.randint(1, 399)}/{rng.randint(1, 29)}", rng.randint(1, 18), rng.randint(1, 21)
        found = shape.format(h=number, n=rng.randint(101, 399), l=lane, m=moo)
        return _thai_digits(before + found + after.format(a=area, d=district), found, wanted=before.startswith("๐"))

    return make


def _born(before: str, shape: str) -> Maker:
    def make(rng: random.Random) -> Labelled:
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2485, 2565)
        found = shape.format(
            d=day, m=month, y=year, s=year % 100, c=year - 543, t=words.MONTHS[month - 1],
            a=words.SHORT_MONTHS[month - 1], e=words.ENGLISH_MONTHS[month - 1],
        )  # fmt: skip
        return _thai_digits(before + found, found, wanted=before.startswith("๐"))

    return make


def _specified(kind: str, maker: Callable[..., Maker]) -> dict[str, Maker]:
    return {name: maker(*fields) for name, fields in words.SPECIFIED[kind].items()}


# fmt: off
FORMATS: dict[str, dict[str, Maker]] = {
    "phone": {
        "mobile_plain": _between("", _mobile), "mobile_3_3_4": _shaped(_mobile, _dash),
        "mobile_3_7": _sizes(_mobile, (3, 7), "-"), "mobile_dots": _sizes(_mobile, (3, 3, 4), "."),
        "mobile_spaces": _sizes(_mobile, (3, 3, 4), " "), "mobile_wide_spaces": _sizes(_mobile, (3, 3, 4), "   "),
        "mobile_pairs": _sizes(_mobile, (2, 2, 2, 2, 2), " "), "mobile_slash": _sizes(_mobile, (3, 7), "/"),
        "mobile_bracket": _shaped(_mobile, lambda n: f"({n[:3]}) {n[3:6]}-{n[6:]}"),
        "mobile_spaced_dash": _sizes(_mobile, (3, 3, 4), " - "), "mobile_en_dash": _sizes(_mobile, (3, 3, 4), "–"),
        "mobile_line_break": _sizes(_mobile, (3, 7), "\n"), "mobile_glued_particle": _between("", _mobile, "นะ"),
        "bangkok_dash": _sizes(_bangkok, (2, 3, 4), "-"), "bangkok_plain": _between("", _bangkok),
        "landline_plain": _between("", _landline), "landline_dash": _sizes(_landline, (3, 6), "-"),
        "landline_spaces": _sizes(_landline, (1, 4, 4), " "), "landline_extension": _extension,
        "plus66_dashes": _shaped(_mobile, lambda n: "+66-" + _grouped(n[1:], (2, 3, 4), "-")),
        "plus66_zero": _shaped(_mobile, lambda n: f"+66(0){n[1:3]} {n[3:6]} {n[6:]}"),
        "double_zero_66": _shaped(_mobile, lambda n: "0066" + n[1:]),
        "plus66": _shaped(_mobile, lambda n: "+66" + n[1:]), "bare_66": _shaped(_mobile, lambda n: "66" + n[1:]),
        "thai_digits": _shaped(_mobile, lambda n: n.translate(THAI_DIGITS)),
        "thai_digits_dashes": _shaped(_mobile, lambda n: _dash(n).translate(THAI_DIGITS)),
        "full_width": _shaped(_mobile, lambda n: n.translate(FULL_WIDTH)),
        "zero_width": _shaped(_mobile, lambda n: n[:3] + ZERO_WIDTH_SPACE + n[3:]),
        "second_of_two_comma": _second(", ", _dash), "second_of_two_or": _second("หรือ", str),
        "second_of_two_slash": _second("/", str), "letter_o_for_zero": _shaped(_mobile, lambda n: "o" + n[1:]),
    },
    "national_id": {
        "plain": _between("", _citizen), "dashes": _sizes(_citizen, CITIZEN, "-"),
        "spaces": _sizes(_citizen, CITIZEN, " "), "thai_digits": _shaped(_citizen, lambda n: n.translate(THAI_DIGITS)),
        "thai_digits_dashes": _shaped(_citizen, lambda n: _grouped(n, CITIZEN, "-").translate(THAI_DIGITS)),
        "mistyped_plain": _between("", _citizen_mistyped), "mistyped_dashes": _sizes(_citizen_mistyped, CITIZEN, "-"),
        "mistyped_spaces": _sizes(_citizen_mistyped, CITIZEN, " "), "dots": _sizes(_citizen, CITIZEN, "."),
        "one_dash": _sizes(_citizen, (1, 12), "-"), "odd_groups": _sizes(_citizen, (3, 3, 3, 4), " "),
        "full_width": _shaped(_citizen, lambda n: n.translate(FULL_WIDTH)),
        "zero_width": _shaped(_citizen, lambda n: n[:5] + ZERO_WIDTH_SPACE + n[5:]),
        "glued": _between("", _citizen, "นะ"),
    },
    "email": {
        "plain": _mail("{w}@{d}"), "dots": _mail("{l}.{w}@{d}"), "plus": _mail("{w}+line@{d}"),
        "underscore": _mail("{w}_{l}@{d}"), "dash": _mail("{w}-{l}@{d}"), "subdomain": _mail("{w}@student.crru.ac.th"),
        "upper": _mail("{w}@{d}", str.upper), "capital": _mail("{w}@{d}", str.capitalize),
        "spaces_round_at": _mail("{w} @ {d}"), "space_after_dot": _mail("{w}@gmail. com"),
        "full_width_at": _mail("{w}＠{d}"), "comma_for_dot": _mail("{w}@gmail,com"),
        "glued": _between("เมล", lambda rng: f"{_local(rng)}@gmail.com", "นะ"),
    },
    "line_id": {
        "plain": _pick("", "U" + "@" * 32), "quoted": _pick('"', "U" + "@" * 32, after='"'),
        "json": _pick('{"userId":"', "U" + "@" * 32, after='","type":"user"}'),
        "glued": _pick("ไอดี", "U" + "@" * 32, after="นะ"), "colon": _pick("uid:", "U" + "@" * 32),
        "upper": _shaped(lambda rng: _fill("U" + "@" * 32, rng), str.upper),
        "in_url": _pick("https://example.com/u/", "U" + "@" * 32),
    },
    "account": _specified("account", _account) | {
        "facebook_thai_name": _named("x", "เฟสชื่อ "), "facebook_english_name": _english_named("x", "เฟส "),
    },
    "bank": {
        "dashes_10": _pick("", "###-#-#####-#"), "plain_10": _pick("", "1#########", "4#########", "7#########"),
        "spaces_10": _pick("", "### # ##### #"), "dots_10": _pick("", "###.#.#####.#"),
        "one_dash_10": _pick("", "###-#######"), "dashes_12": _pick("", "020#-####-####", "01-###-#-#####-#"),
        "plain_12": _pick("", "0200########", "0101########"), "spaces_12": _pick("", "#### #### ####"),
        "thai_digits": _shaped(lambda rng: _fill("###-#-#####-#", rng), lambda n: n.translate(THAI_DIGITS)),
        "after_bank": _at_bank(" ", "###-#-#####-#"), "after_bank_plain": _at_bank("", "5#########"),
    },
    "long_number": {
        "card_spaces": _pick("เลขบัตร ", "4### #### #### ####", "5### #### #### ####"),
        "card_dashes": _pick("บัตรเอทีเอ็ม ", "4###-####-####-####"),
        "card_plain": _pick("บัตรเดบิตเลข ", "4###############"),
        "card_thai_digits": _shaped(lambda rng: _fill("4###############", rng), lambda n: n.translate(THAI_DIGITS)),
        "house_register": _pick("เลขรหัสประจำบ้าน ", "57##-######-#"),
        "house_register_plain": _pick("รหัสบ้าน", "57#########"), "electricity": _pick("หมายเลขผู้ใช้ไฟ ", "0200########"),
        "water": _pick("เลขผู้ใช้น้ำ ", "1##########"), "student": _pick("รหัสนักศึกษา ", "6#########"),
        "hospital": _pick("HN ", "00#######"), "welfare_card": _pick("บัตรคนจน ", "8### #### #### ####"),
        "social_security": _pick("เลขประกันสังคม ", "10########"),
    },
    "titled_name": _specified("titled_name", _named),
    "said_name": _specified("said_name", _named) | {"first_and_surname": _split_name},
    "bare_name": _specified("bare_name", _named) | {"before_phone": _before_phone},
    "english_name": _specified("english_name", _english_named),
    "passport": {
        "plain": _pick("", "AA#######"), "two_letters": _pick("", "AB#######", "AC#######", "MC#######", "MF#######"),
        "space": _pick("", "AA #######", "AB #######"), "dash": _pick("", "AA-#######"),
        "lower": _pick("", "aa#######", "ab#######", "ac#######"), "glued": _pick("เล่ม", "AC#######", after="เน้อ"),
        "after_word": _pick("Passport:", "AB#######"),
    },
    "plate": _specified("plate", _plate),
    "address": _specified("address", _house),
    "birth_date": _specified("birth_date", _born),
}
# fmt: on


def _written(pattern: str, rng: random.Random) -> Labelled:
    """A look-alike out of its pattern: its digits and dates filled, what is to be kept between ‹ and › if marked."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2560, 2572)
    area, district = rng.choice(words.AREAS)
    filled = _nonzero(pattern, rng)
    for name, value in {
        "D": str(day), "0D": f"{day:02}", "K": str(day + 1), "M": str(month), "0M": f"{month:02}", "Y": str(year),
        "N": str(year + 1), "S": str(year % 100), "C": str(year - 543), "T": words.MONTHS[month - 1], "a": area,
        "A": words.SHORT_MONTHS[month - 1], "E": words.ENGLISH_MONTHS[month - 1], "d": district,
        "h": f"{rng.randint(8, 18):02}", "q": rng.choice(("00", "15", "30", "45")),
    }.items():  # fmt: skip
        filled = filled.replace("{" + name + "}", value)
    if filled.startswith("๐"):
        filled = filled[1:].translate(THAI_DIGITS)
    keep = filled[filled.index("‹") + 1 : filled.index("›")] if "‹" in filled else filled
    return filled.replace("‹", "").replace("›", ""), keep


def _nonzero(pattern: str, rng: random.Random) -> str:
    """`pattern` with every # a digit, the first of a run not zero."""
    return "".join(
        c if c != "#" else rng.choice("123456789") if i == 0 or pattern[i - 1] != "#" else rng.choice("0123456789")
        for i, c in enumerate(pattern)
    )


def _message(phrase: str, sentences: tuple[str, ...], rng: random.Random) -> str:
    head = rng.choice(words.HEADS) if rng.random() < 0.35 else ""
    tail = rng.choice(words.TAILS) if rng.random() < 0.4 else ""
    return head + rng.choice(sentences).replace("{}", phrase) + tail


def _unseen(make: Callable[[], tuple[str, str]], seen: set[str]) -> tuple[str, str]:
    """The first message of `make` not made before, in which the label occurs once."""
    for _ in range(5_000):
        text, label = make()
        if text not in seen and text.count(label) == 1:
            seen.add(text)
            return text, label
    raise RuntimeError("no new message of this format is left")


def mentions(seed: int, count: int) -> list[Mention]:
    """`count` different messages with personal data, evenly over kinds and formats."""
    rng, seen, made = random.Random(seed), set[str](), list[Mention]()
    kinds = list(FORMATS)
    for position in range(count):
        kind = kinds[position % len(kinds)]
        names = list(FORMATS[kind])
        name = names[position // len(kinds) % len(names)]
        maker, sentences = FORMATS[kind][name], words.MENTION_FRAMES[kind]

        def make(maker: Maker = maker, sentences: tuple[str, ...] = sentences) -> tuple[str, str]:
            phrase, secret = maker(rng)
            return _message(phrase, sentences, rng), secret

        text, secret = _unseen(make, seen)
        made.append(Mention(kind, name, text, secret))
    return made


def look_alikes(seed: int, count: int) -> list[LookAlike]:
    """`count` different messages without personal data, evenly over kinds and their patterns."""
    rng, seen, made = random.Random(seed), set[str](), list[LookAlike]()
    kinds = list(LOOK_ALIKES)
    for position in range(count):
        kind = kinds[position % len(kinds)]
        frame, patterns = LOOK_ALIKES[kind]
        pattern = patterns[position // len(kinds) % len(patterns)]

        def make(pattern: str = pattern, frame: str = frame) -> tuple[str, str]:
            phrase, keep = _written(pattern, rng)
            return _message(phrase, words.LOOK_ALIKE_FRAMES[frame], rng), keep

        text, keep = _unseen(make, seen)
        made.append(LookAlike(kind, text, keep))
    return made
