"""A third generator of labelled messages: personal data as people type it, and what only looks like it.

It knows nothing of how messages are masked. Kinds come in turn, and within a kind its formats come in turn.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bot import personal_words_third as words

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
    groups, start = [], 0
    for size in sizes:
        groups.append(number[start : start + size])
        start += size
    return separator.join(groups)


def _mobile(rng: random.Random) -> str:
    return rng.choice(("06", "08", "09")) + rng.choice("123456789") + _digits(rng, 7)


def _landline(rng: random.Random) -> str:
    return rng.choice(("053", "053", "054", "042", "074", "032", "056")) + rng.choice("234567") + _digits(rng, 5)


def _fill(pattern: str, rng: random.Random) -> str:
    """`pattern` with every # a digit and every @ a hexadecimal digit."""
    return "".join(rng.choice("0123456789") if c == "#" else rng.choice("0123456789abcdef") if c == "@" else c
                   for c in pattern)  # fmt: skip


def _pick(before: str, *patterns: str, after: str = "") -> Maker:
    """A label that is one of `patterns` filled, between words that are not labelled."""

    def make(rng: random.Random) -> Labelled:
        found = _fill(rng.choice(patterns), rng)
        return f"{before}{found}{after}", found

    return make


def _shaped(source: Callable[[random.Random], str], shape: Callable[[str], str]) -> Maker:
    def make(rng: random.Random) -> Labelled:
        found = shape(source(rng))
        return found, found

    return make


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
    return f"{rng.choice(words.ENGLISH_FIRST).lower()}{rng.randint(10, 2560)}"


def _mail(shape: Callable[[str, str, random.Random], str]) -> Maker:
    def make(rng: random.Random) -> Labelled:
        found = shape(_local(rng), rng.choice(words.MAILS), rng)
        return found, found

    return make


def _last(rng: random.Random) -> str:
    return rng.choice(words.ENGLISH_LAST).lower()


def _account(*before: str, after: str = "") -> Maker:
    def make(rng: random.Random) -> Labelled:
        handle = rng.choice((rng.choice(words.HANDLES), _local(rng), f"{_local(rng)}.{_last(rng)[:4]}"))
        return f"{rng.choice(before)}{handle}{after}", handle

    return make


def _name_account(before: str, *, thai: bool) -> Maker:
    def make(rng: random.Random) -> Labelled:
        name = _thai_name(rng, rng.choice((words.MALE, words.FEMALE))) if thai else _english(rng)
        return before + name, name

    return make


def _thai_name(rng: random.Random, first: tuple[str, ...]) -> str:
    return f"{rng.choice(first)} {rng.choice(words.SURNAMES)}"


def _english(rng: random.Random) -> str:
    return f"{rng.choice(words.ENGLISH_FIRST)} {rng.choice(words.ENGLISH_LAST)}"


def _named(before: str, sex: str = "", *, after: str = "", part: str = "", gap: str = " ") -> Maker:
    """A Thai name after `before`; `part` labels (and for "only" types) just the first name or just the surname."""

    def make(rng: random.Random) -> Labelled:
        first = {"m": words.MALE, "f": words.FEMALE}.get(sex) or rng.choice((words.MALE, words.FEMALE))
        name, surname = _thai_name(rng, first).split(" ")
        whole = f"{name}{gap}{surname}"
        if part == "only":
            return f"{before}{name}{after}", name
        return f"{before}{whole}{after}", {"": whole, "surname": surname}[part]

    return make


def _nickname(before: str) -> Maker:
    def make(rng: random.Random) -> Labelled:
        name = rng.choice(words.NICKNAMES)
        return before + name, name

    return make


def _english_named(before: str, shape: Callable[[str], str] = str, after: str = "") -> Maker:
    def make(rng: random.Random) -> Labelled:
        name = shape(_english(rng))
        return f"{before}{name}{after}", name

    return make


def _split_name(rng: random.Random) -> Labelled:
    name, surname = _thai_name(rng, words.FEMALE).split(" ")
    return f"ชื่อจริง {name} นามสกุล {surname}", surname


def _plate(before: str, shape: str, after: str = "") -> Maker:
    """A plate: `x` in `shape` is a Thai letter, # a digit."""

    def make(rng: random.Random) -> Labelled:
        letters = "".join(rng.choice("กขคฆงจชฌญฎฐณตธนผพภมรลวศษส") if c == "x" else c for c in shape)
        found = "".join(rng.choice("123456789") if c == "#" else c for c in letters)
        return f"{before}{found}{after}", found

    return make


def _house(before: str, shape: str, after: str) -> Maker:
    """An address: the house and village number are the label, the sub-district is not."""

    def make(rng: random.Random) -> Labelled:
        area, district = rng.choice(words.AREAS)
        number, lane, moo = f"{rng.randint(1, 399)}/{rng.randint(1, 29)}", rng.randint(1, 18), rng.randint(1, 21)
        found = shape.format(h=number, n=rng.randint(1, 399), l=lane, m=moo)
        return before + found + after.format(a=area, d=district), found

    return make


def _thai_house(rng: random.Random) -> Labelled:
    phrase, found = _house("บ้านเลขที่ ", "{h} หมู่ {m}", " ต.{a}")(rng)
    return phrase.translate(THAI_DIGITS), found.translate(THAI_DIGITS)


def _born(before: str, shape: str, after: str = "", digits: dict[int, int] | None = None) -> Maker:
    def make(rng: random.Random) -> Labelled:
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2475, 2565)
        found = shape.format(
            d=day, m=month, y=year, s=year % 100, c=year - 543, t=words.MONTHS[month - 1],
            a=words.SHORT_MONTHS[month - 1], e=words.ENGLISH_MONTHS[month - 1],
        ).translate(digits or {})  # fmt: skip
        return f"{before}{found}{after}", found

    return make


def _same(text: str) -> str:
    return text


FORMATS: dict[str, dict[str, Maker]] = {
    "phone": {
        "mobile_plain": _shaped(_mobile, _same),
        "mobile_3_3_4": _shaped(_mobile, _dash),
        "mobile_3_7": _sizes(_mobile, (3, 7), "-"),
        "mobile_dots": _sizes(_mobile, (3, 3, 4), "."),
        "mobile_spaces": _sizes(_mobile, (3, 3, 4), " "),
        "mobile_wide_spaces": _sizes(_mobile, (3, 3, 4), "   "),
        "mobile_pairs": _sizes(_mobile, (2, 2, 2, 2, 2), " "),
        "mobile_slash": _sizes(_mobile, (3, 7), "/"),
        "mobile_bracket": _shaped(_mobile, lambda n: f"({n[:3]}) {n[3:6]}-{n[6:]}"),
        "mobile_spaced_dash": _sizes(_mobile, (3, 3, 4), " - "),
        "mobile_en_dash": _sizes(_mobile, (3, 3, 4), "–"),
        "mobile_line_break": _sizes(_mobile, (3, 7), "\n"),
        "mobile_glued_particle": lambda rng: (lambda n: (f"เบอร์{n}ค่ะ", n))(_mobile(rng)),
        "bangkok_dash": _sizes(_bangkok, (2, 3, 4), "-"),
        "bangkok_plain": _shaped(_bangkok, _same),
        "landline_plain": _shaped(_landline, _same),
        "landline_dash": _sizes(_landline, (3, 6), "-"),
        "landline_spaces": _sizes(_landline, (1, 4, 4), " "),
        "landline_extension": _extension,
        "plus66": _shaped(_mobile, lambda n: "+66" + n[1:]),
        "plus66_dashes": _shaped(_mobile, lambda n: "+66-" + _grouped(n[1:], (2, 3, 4), "-")),
        "plus66_zero": _shaped(_mobile, lambda n: f"+66(0){n[1:3]} {n[3:6]} {n[6:]}"),
        "double_zero_66": _shaped(_mobile, lambda n: "0066" + n[1:]),
        "bare_66": _shaped(_mobile, lambda n: "66" + n[1:]),
        "thai_digits": _shaped(_mobile, lambda n: n.translate(THAI_DIGITS)),
        "thai_digits_dashes": _shaped(_mobile, lambda n: _dash(n).translate(THAI_DIGITS)),
        "full_width": _shaped(_mobile, lambda n: n.translate(FULL_WIDTH)),
        "zero_width": _shaped(_mobile, lambda n: n[:3] + ZERO_WIDTH_SPACE + n[3:]),
        "second_of_two_comma": _second(", ", _dash),
        "second_of_two_or": _second("หรือ", _same),
        "second_of_two_slash": _second("/", _same),
        "letter_o_for_zero": _shaped(_mobile, lambda n: "o" + n[1:]),
    },
    "national_id": {
        "plain": _shaped(_citizen, _same),
        "dashes": _sizes(_citizen, CITIZEN, "-"),
        "spaces": _sizes(_citizen, CITIZEN, " "),
        "thai_digits": _shaped(_citizen, lambda n: n.translate(THAI_DIGITS)),
        "thai_digits_dashes": _shaped(_citizen, lambda n: _grouped(n, CITIZEN, "-").translate(THAI_DIGITS)),
        "mistyped_plain": _shaped(_citizen_mistyped, _same),
        "mistyped_dashes": _sizes(_citizen_mistyped, CITIZEN, "-"),
        "mistyped_spaces": _sizes(_citizen_mistyped, CITIZEN, " "),
        "dots": _sizes(_citizen, CITIZEN, "."),
        "one_dash": _sizes(_citizen, (1, 12), "-"),
        "odd_groups": _sizes(_citizen, (3, 3, 3, 4), " "),
        "full_width": _shaped(_citizen, lambda n: n.translate(FULL_WIDTH)),
        "zero_width": _shaped(_citizen, lambda n: n[:5] + ZERO_WIDTH_SPACE + n[5:]),
        "glued": lambda rng: (lambda n: (f"บัตร{n}นะ", n))(_citizen(rng)),
    },
    "email": {
        "plain": _mail(lambda who, where, _: f"{who}@{where}"),
        "dots": _mail(lambda who, where, rng: f"{_last(rng)}.{who}@{where}"),
        "plus": _mail(lambda who, where, _: f"{who}+line@{where}"),
        "underscore": _mail(lambda who, where, rng: f"{who}_{_last(rng)}@{where}"),
        "dash": _mail(lambda who, where, rng: f"{who}-{_last(rng)}@{where}"),
        "subdomain": _mail(lambda who, _, __: f"{who}@student.crru.ac.th"),
        "upper": _mail(lambda who, where, _: f"{who}@{where}".upper()),
        "capital": _mail(lambda who, where, _: f"{who}@{where}".capitalize()),
        "spaces_round_at": _mail(lambda who, where, _: f"{who} @ {where}"),
        "space_after_dot": _mail(lambda who, _, __: f"{who}@gmail. com"),
        "full_width_at": _mail(lambda who, where, _: f"{who}＠{where}"),
        "comma_for_dot": _mail(lambda who, _, __: f"{who}@gmail,com"),
        "glued": lambda rng: (lambda n: (f"เมล{n}ครับ", n))(f"{_local(rng)}@gmail.com"),
    },
    "line_id": {
        "plain": _pick("", "U" + "@" * 32),
        "quoted": _pick('"', "U" + "@" * 32, after='"'),
        "json": _pick('{"userId":"', "U" + "@" * 32, after='","type":"user"}'),
        "glued": _pick("ไอดี", "U" + "@" * 32, after="ค่ะ"),
        "colon": _pick("uid:", "U" + "@" * 32),
        "upper": _shaped(lambda rng: _fill("U" + "@" * 32, rng), str.upper),
        "in_url": _pick("https://example.com/u/", "U" + "@" * 32),
    },
    "account": {
        "id_line": _account("ไอดีไลน์ ", "ไอดีไลน์", "ไอดีไลน์คือ "),
        "line_id_english": _account("line id ", "ID Line: ", "LINE ID : ", "lineid "),
        "line_word": _account("ไลน์ ", "ทักไลน์ ", "ไลน์หนู "),
        "line_add": _account("แอดไลน์ ", "แอดไลน์มาที่ ", "แอดมาที่ไลน์ "),
        "line_misspelt": _account("ไอดีไล ", "ไลน ", "ไอดีline ", "ไอดี "),
        "line_at": _account("ไลน์ @", "ไอดีไลน์ @"),
        "line_glued": _account("ไลน์", "ไอดี", after="ค่ะ"),
        "line_link": _account("https://line.me/ti/p/~", "line.me/ti/p/~"),
        "ig": _account("IG ", "ig: ", "IG : @", "ig "),
        "ig_thai": _account("ไอจี ", "ไอจี", "อินสตาแกรม "),
        "facebook_handle": _account("เฟส ", "fb ", "FB: ", "เฟสบุ๊ค "),
        "facebook_link": _account("facebook.com/", "https://www.facebook.com/", "fb.com/"),
        "facebook_thai_name": _name_account("เฟสชื่อ ", thai=True),
        "facebook_english_name": _name_account("เฟส ", thai=False),
        "tiktok": _account("tiktok @", "ติ๊กต็อก ", "ติกตอก @"),
        "telegram": _account("telegram @", "เทเลแกรม "),
    },
    "bank": {
        "dashes_10": _pick("", "###-#-#####-#"),
        "plain_10": _pick("", "1#########", "4#########", "7#########"),
        "spaces_10": _pick("", "### # ##### #"),
        "dots_10": _pick("", "###.#.#####.#"),
        "one_dash_10": _pick("", "###-#######"),
        "dashes_12": _pick("", "020#-####-####", "01-###-#-#####-#"),
        "plain_12": _pick("", "0200########", "0101########"),
        "spaces_12": _pick("", "#### #### ####"),
        "thai_digits": _shaped(lambda rng: _fill("###-#-#####-#", rng), lambda n: n.translate(THAI_DIGITS)),
        "after_bank": lambda rng: (lambda n: (f"{rng.choice(words.BANKS)} {n}", n))(_fill("###-#-#####-#", rng)),
        "after_bank_plain": lambda rng: (lambda n: (f"{rng.choice(words.BANKS)}{n}", n))(_fill("5#########", rng)),
    },
    "long_number": {
        "card_spaces": _pick("เลขบัตร ", "4### #### #### ####", "5### #### #### ####"),
        "card_dashes": _pick("บัตรเอทีเอ็ม ", "4###-####-####-####"),
        "card_plain": _pick("บัตรเดบิตเลข ", "4###############"),
        "card_thai_digits": lambda rng: (lambda n: (f"บัตร {n}", n))(_fill("4###############", rng).translate(THAI_DIGITS)),
        "house_register": _pick("เลขรหัสประจำบ้าน ", "57##-######-#"),
        "house_register_plain": _pick("รหัสบ้าน", "57#########"),
        "electricity": _pick("หมายเลขผู้ใช้ไฟ ", "0200########"),
        "water": _pick("เลขผู้ใช้น้ำ ", "1##########"),
        "student": _pick("รหัสนักศึกษา ", "6#########"),
        "hospital": _pick("HN ", "00#######"),
        "welfare_card": _pick("บัตรคนจน ", "8### #### #### ####"),
        "social_security": _pick("เลขประกันสังคม ", "10########"),
    },
    "titled_name": {
        "nai_glued": _named("นาย", "m"),
        "nai_space": _named("นาย ", "m"),
        "nang_glued": _named("นาง", "f"),
        "nang_space": _named("นาง ", "f"),
        "nangsao_glued": _named("นางสาว", "f"),
        "nangsao_surname": _named("นางสาว", "f", part="surname"),
        "nai_surname": _named("นาย", "m", part="surname"),
        "nai_wide_gap": _named("นาย", "m", gap="   "),
        "nai_first_only": _named("นาย", "m", part="only"),
        "no_so": _named("น.ส.", "f"),
        "no_so_space": _named("น.ส. ", "f"),
        "no_so_one_dot": _named("น.ส", "f"),
        "no_so_no_dots": _named("นส.", "f"),
        "boy": _named("ด.ช.", "m"),
        "girl": _named("ด.ญ. ", "f"),
        "child_written_out": _named("เด็กชาย", "m"),
        "teacher_kru": _named("ครู"),
        "teacher_kru_surname": _named("คุณครู", part="surname"),
        "teacher_ajarn": _named("อาจารย์"),
        "teacher_short": _named("อ."),
        "doctor_mo": _named("หมอ"),
        "doctor_np": _named("นพ.", "m"),
        "doctor_dr": _named("ดร."),
        "khun": _named("คุณ"),
        "khun_surname": _named("คุณ", part="surname"),
        "khun_first_only": _named("คุณ", part="only"),
        "pi": _named("พี่"),
        "pa": _named("ป้า", "f"),
        "lung": _named("ลุง", "m"),
        "yai_space": _named("ยาย ", "f"),
        "lung_nickname": _nickname("ลุง"),
        "northern": _named("อุ๊ย"),
        "headman": _named("ผู้ใหญ่", "m"),
        "police": _named("ร.ต.อ.", "m"),
        "acting_officer": _named("ว่าที่ ร.ต.", "m"),
    },
    "said_name": {
        "chue_space": _named("ชื่อ "),
        "chue_glued": _named("ชื่อ"),
        "chan_chue": _named("ฉันชื่อ ", "f"),
        "nu_chue": _named("หนูชื่อ", "f"),
        "phom_chue_nai": _named("ผมชื่อนาย", "m"),
        "phom_chue_surname": _named("ผมชื่อ ", "m", part="surname"),
        "first_only": _named("ชื่อ ", part="only"),
        "first_only_glued": _named("ชื่อ", part="only", after="จ้า"),
        "chue_sakun_nang": _named("ชื่อ-สกุล นาง", "f"),
        "chue_sakun": _named("ชื่อ-สกุล "),
        "chue_nam_sakun": _named("ชื่อ-นามสกุล: "),
        "chue_sakun_glued": _named("ชื่อสกุล"),
        "chue_and_surname": _split_name,
        "chue_colon": _named("ชื่อ:"),
        "chue_line_break": _named("ชื่อ\n"),
        "chue_wa": _named("ชื่อว่า "),
        "informer": _named("ชื่อผู้แจ้ง "),
        "patient": _named("ผู้ป่วยชื่อ "),
        "child": _named("ลูกชื่อ"),
        "misspelt": _named("ชือ "),
        "northern": _named("ข้าเจ้าจื้อ ", "f"),
        "signed": _named("ลงชื่อ "),
        "nickname": _nickname("ชื่อเล่น "),
    },
    "bare_name": {
        "alone": _named(""),
        "contact": _named("ติดต่อ "),
        "from": _named("จาก "),
        "by": _named("โดย "),
        "recipient": _named("ผู้รับ "),
        "phom_glued": _named("ผม", "m"),
        "owner": _named("เจ้าของบ้านคือ "),
        "mother": _named("แม่หนู ", "f"),
        "in_brackets": _named("(", after=")"),
        "surname_only": _named("นามสกุล ", part="surname"),
        "before_phone": lambda rng: (lambda n: (f"{n} {_mobile(rng)}", n))(_thai_name(rng, words.MALE)),
    },
    "english_name": {
        "mr": _english_named("Mr. "),
        "mrs_no_dot": _english_named("Mrs "),
        "miss": _english_named("Miss "),
        "ms_glued": _english_named("Ms."),
        "my_name_is": _english_named("my name is "),
        "i_am": _english_named("I'm "),
        "this_is": _english_named("this is "),
        "name_colon": _english_named("Name: "),
        "upper": _english_named("MR. ", str.upper),
        "upper_name": _english_named("NAME ", str.upper),
        "lower": _english_named("my name is ", str.lower),
        "after_chue": _english_named("ชื่อ"),
        "after_chue_space": _english_named("ชื่อ ", str.lower),
        "khun": _english_named("Khun "),
        "dr": _english_named("Dr."),
        "contact": _english_named("contact "),
        "surname_first": _english_named("", lambda n: f"{n.split()[1].upper()}, {n.split()[0]}"),
    },
    "passport": {
        "plain": _plate("", "AA#######"),
        "two_letters": _shaped(lambda rng: rng.choice(("AB", "AC", "AD", "MC", "MF")) + _digits(rng, 7), _same),
        "space": _shaped(lambda rng: rng.choice(("AA", "AB", "AC")) + " " + _digits(rng, 7), _same),
        "dash": _shaped(lambda rng: "AA-" + _digits(rng, 7), _same),
        "lower": _shaped(lambda rng: rng.choice(("aa", "ab", "ac")) + _digits(rng, 7), _same),
        "glued": _plate("เล่ม", "AC#######", "ครับ"),
        "after_word": _plate("Passport:", "AB#######"),
    },
    "plate": {
        "space_province": _plate("", "xx ####", " เชียงราย"),
        "space": _plate("", "xx ####"),
        "glued": _plate("", "xx####"),
        "dash": _plate("", "xx-####"),
        "new_car": _plate("", "#xx ####", " เชียงราย"),
        "new_car_glued": _plate("", "#xx####", "ชร"),
        "new_car_dash": _plate("", "#xx-####"),
        "motorcycle": _plate("", "#xx ###", " ชร."),
        "letter_dots": _plate("", "x.x. ####"),
        "truck": _plate("", "7#-####", " เชียงราย"),
    },
    "address": {
        "full_short": _house("บ้านเลขที่ ", "{h} หมู่ {m}", " ต.{a} อ.{d}"),
        "full_long": _house("บ้านเลขที่ ", "{h} หมู่ที่ {m}", " ตำบล{a} อำเภอ{d} จังหวัดเชียงราย"),
        "glued": _house("บ้านเลขที่", "{h}ม.{m}", "ต.{a}"),
        "no_word": _house("", "{h} ม.{m}", " ต.{a} อ.{d} จ.เชียงราย"),
        "whole_number": _house("บ้านเลขที่ ", "{n} หมู่ {m}", " ต.{a}"),
        "house_only": _house("บ้านเลขที่ ", "{h}", ""),
        "house_only_whole": _house("บ้านเลขที่ ", "{n}", " {a}"),
        "thai_digits": _thai_house,
        "lane_road": _house("", "{h} ซอย {l} ถ.พหลโยธิน", " ต.{a}"),
        "misspelt": _house("บ้านเลกที่ ", "{h} หมุ่ {m}", " {a}"),
        "at": _house("เลขที่ ", "{h} หมู่ {m}", " บ้าน{a}"),
        "room": _house("หอพักริมกก ห้อง ", "{n}", " ต.{a}"),
        "english": _house("", "{h} Moo {m}", " Mueang Chiang Rai"),
    },
    "birth_date": {
        "long": _born("เกิดวันที่ ", "{d} {t} {y}"),
        "long_era": _born("เกิดวันที่ ", "{d} {t} พ.ศ. {y}"),
        "short_month": _born("เกิด ", "{d} {a} {y}"),
        "short_month_glued": _born("เกิด", "{d}{a}{s:02}"),
        "slashes": _born("วันเกิด ", "{d}/{m}/{y}"),
        "slashes_short": _born("เกิด ", "{d}/{m}/{s:02}"),
        "dashes": _born("วันเดือนปีเกิด ", "{d:02}-{m:02}-{y}"),
        "label_colon": _born("ว/ด/ป เกิด: ", "{d:02}/{m:02}/{y}"),
        "dots": _born("เกิดเมื่อ ", "{d}.{m}.{y}"),
        "thai_digits": _born("เกิดวันที่ ", "{d} {t} {y}", digits=THAI_DIGITS),
        "christian_year": _born("เกิด ", "{d}/{m}/{c}"),
        "iso": _born("birthday ", "{c}-{m:02}-{d:02}"),
        "english": _born("born ", "{d} {e} {c}"),
        "dob": _born("DOB: ", "{d:02}/{m:02}/{c}"),
        "run_together": _born("วันเกิด ", "{d:02}{m:02}{y}"),
        "northern": _born("เกิ๋ดวันตี้ ", "{d} {a} {y}"),
        "year_only": _born("เกิดปี ", "{y}"),
    },
}


def _written(pattern: str, rng: random.Random) -> Labelled:
    """A look-alike out of its pattern: its digits and dates filled, what is to be kept between ‹ and › if marked."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2560, 2572)
    area, district = rng.choice(words.AREAS)
    filled = _nonzero(pattern, rng)
    for name, value in {
        "D": str(day), "0D": f"{day:02}", "M": str(month), "0M": f"{month:02}", "Y": str(year), "S": str(year % 100),
        "C": str(year - 543), "T": words.MONTHS[month - 1], "A": words.SHORT_MONTHS[month - 1],
        "E": words.ENGLISH_MONTHS[month - 1], "a": area, "d": district, "h": f"{rng.randint(8, 18):02}",
        "q": rng.choice(("00", "15", "30", "45")),
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
    kinds = list(words.LOOK_ALIKES)
    for position in range(count):
        kind = kinds[position % len(kinds)]
        frame, patterns = words.LOOK_ALIKES[kind]
        pattern = patterns[position // len(kinds) % len(patterns)]

        def make(pattern: str = pattern, frame: str = frame) -> tuple[str, str]:
            phrase, keep = _written(pattern, rng)
            return _message(phrase, words.LOOK_ALIKE_FRAMES[frame], rng), keep

        text, keep = _unseen(make, seen)
        made.append(LookAlike(kind, text, keep))
    return made
