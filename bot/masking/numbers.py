"""Telephone, identity, bank and other long numbers.

A number is looked at as a whole: all digits with no more than a few marks between them. What it is, is decided from how
it is grouped and from the words around it. Nothing with fewer than nine digits is taken for personal here, so that
published numbers that save lives (191, 1300 and the like) are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.masking.writing import NO_DIGIT_AFTER, NO_DIGIT_BEFORE, one_of

Say = Callable[[str], str]
Doubt = Callable[[str, str, str], bool]

PHONE, IDENTITY, NUMBER = "<เบอร์โทร>", "<เลขบัตร>", "<ตัวเลข>"
FEWEST_DIGITS = 9

_MARK = r" \t\u00a0.\-‐‒–—―−_/()*•·~|\ufe0f\u20e3"
_GAP = rf"[{_MARK}]{{0,3}}"
_RUN = re.compile(rf"[+(]{{0,2}}(?:[0-9]|(?<![0-9A-Za-z])[Oo](?={_GAP}[0-9]))(?:{_GAP}(?:[0-9]|[Oo](?={_GAP}[0-9])))*+")
_LETTER_O = re.compile("[Oo]")
_DIGITS = re.compile("[0-9]+")
_LAUGHTER = re.compile("5+")
"""555 is how Thais laugh."""


def never(_run: str, _before: str, _after: str) -> bool:
    return False


def _digits(count: int) -> str:
    return _GAP.join(["[0-9]"] * count)


def _grouped(mark: str, *groups: int) -> str:
    return mark.join(f"[0-9]{{{size}}}" for size in groups)


_THAI_PHONE = (
    rf"0{_GAP}[689]{_GAP}{_digits(8)}"
    rf"|0{_GAP}[23457]{_GAP}{_digits(7)}"
    rf"|(?:\+|00|(?<![0-9]))[ (]{{0,2}}6{_GAP}6{_GAP}(?:0{_GAP})?(?:[689]{_GAP}{_digits(8)}|[2-57]{_GAP}{_digits(7)})"
    r"|[689][0-9]([ .\-])[0-9]{3}\1[0-9]{4}"  # the 0 in front forgotten
    r"|0[689][0-9]-[0-9]{3}-[0-9]{3}|0[689][0-9]-[0-9]{3}-[0-9]{5}"  # a digit too few, one too many
)
_PHONE = re.compile(
    rf"{NO_DIGIT_BEFORE}\(?(?:{_THAI_PHONE}){NO_DIGIT_AFTER}(?![ \-][0-9]{{3,5}}[ \-][0-9](?![0-9])|"
    rf"-[0-9]{{3,5}}(?![0-9]))"
)
_ODD_PHONE = re.compile(rf"{NO_DIGIT_BEFORE}(?<!,)0[689][0-9]([,:])[0-9]{{3}}\1[0-9]{{4}}{NO_DIGIT_AFTER}")
_FIGURE = "(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_SPOKEN_PHONE = re.compile(rf"ศูนย์(?:[ \-]{{0,2}}{_FIGURE}){{8,9}}")
_FOREIGN_PHONE = re.compile(rf"(?:\+|(?<![0-9])00){_GAP}[1-9](?:{_GAP}[0-9]){{7,14}}{NO_DIGIT_AFTER}")
_IDENTITY = re.compile(
    rf"{NO_DIGIT_BEFORE}(?:[1-8]{_GAP}{_digits(12)}|0[0-9]{{12}}|"
    rf"0([ .\-–]{{1,3}})[0-9]{{4}}\1[0-9]{{5}}\1[0-9]{{2}}\1[0-9])"
    rf"{NO_DIGIT_AFTER}"
)
_GROUPED_IDENTITY = re.compile(
    rf"{NO_DIGIT_BEFORE}[0-8](?P<between>[ .\-–]{{1,3}})[0-9]{{4}}(?P=between)[0-9]{{5}}"
    rf"(?P=between)[0-9]{{2}}(?P=between)[0-9]"
    rf"{NO_DIGIT_AFTER}"
)
_LINE = r" ?[\-‐‒–—―−] ?"
_ANY_MARK = r"[ \u00a0.\-‐‒–—―−]{1,3}"
_BANK_GROUPS = ((3, 1, 5, 1), (3, 7), (3, 1, 6), (3, 6, 1), (4, 4, 4), (3, 1, 8), (2, 3, 1, 5, 1), (4, 7, 1),
                (3, 2, 5, 1), (3, 3, 4), (4, 4, 2), (4, 3, 3), (4, 1, 5), (2, 4, 4), (3, 4, 3), (3, 3, 3, 1),
                (2, 4, 6), (3, 4, 5), (2, 4, 4, 2), (5, 5), (4, 6), (4, 8), (3, 9))  # fmt: skip
_UNLIKELY_BY_BLANKS = 4
"""The last of them: two groups with a blank are more often two numbers. Beside a bank's name any grouping goes."""
_HOUSE_GROUPS = ((4, 6, 1),)
_CARD_GROUPS = ((4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 3))
_ACCOUNT = re.compile(
    NO_DIGIT_BEFORE
    + "(?:"
    + "|".join(_grouped(_LINE, *groups) for groups in (*_CARD_GROUPS, *_HOUSE_GROUPS, *_BANK_GROUPS))
    + "|"
    + "|".join(
        _grouped(_ANY_MARK if len(groups) > 2 else " ", *groups)
        for groups in (*_CARD_GROUPS, *_HOUSE_GROUPS, *_BANK_GROUPS[:-_UNLIKELY_BY_BLANKS])
    )
    + ")"
    + NO_DIGIT_AFTER
)
_MANY_LINES = re.compile(r"(?<![0-9])(?=[0-9\-]{0,20}[0-9]{4})[0-9]{1,8}(?:-[0-9]{1,8}){2,6}(?![0-9])")
_TOGETHER = re.compile(r"(?<![0-9])[0-9]{9,}(?![0-9])")

_STANDARD_BOOK = rf"{NO_DIGIT_BEFORE}97[89](?:{_GAP}[0-9]){{10}}{NO_DIGIT_AFTER}"
_FREE_OF_CHARGE = re.compile(rf"{NO_DIGIT_BEFORE}1[89]00[ \-]?[0-9]{{3}}[ \-]?[0-9]{{3}}{NO_DIGIT_AFTER}")
_LETTER_NUMBER = rf"{NO_DIGIT_BEFORE}0[0-9]{{3}}(?:\.[0-9]{{1,3}}){{1,2}}/[0-9]{{1,6}}{NO_DIGIT_AFTER}"
_DATE = (
    r"(?<![0-9])(?<![0-9][/.\-])(?:[0-9]{1,2}(?P<mark>[/.\-])[0-9]{1,2}(?P=mark)(?:25[0-9]{2}|20[0-9]{2}|[67][0-9])"
    r"|(?:19|20|25)[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])(?![/.\-][0-9])"
)
_DATE_IN = re.compile(_DATE)
_CLOCK = r"[012]?[0-9]\.[0-5][0-9]"
_TIMES = re.compile(rf"(?<![0-9.]){_CLOCK}(?: {{0,2}}[\-–—−]? {{0,2}}{_CLOCK}){{1,6}}(?![0-9.])")
_YEARS = re.compile(r"(?:25|20)[0-9]{2}(?:[ \-–]{1,3}(?:25|20)[0-9]{2}){1,9}")
_NEVER_PERSONAL = "|".join((_FREE_OF_CHARGE.pattern, _STANDARD_BOOK, _LETTER_NUMBER, _TIMES.pattern, _DATE))
_DAY_BEFORE = re.compile(r"[0-9]{1,2}[/.\-]$")
_POINT_BEFORE = re.compile(r"[0-9][.,]$")

_UNIT = re.compile(
    r"[ \u00a0]{0,2}(?:%|฿|"
    + one_of(
        "บาท ล้าน แสน หมื่น พันล้าน ดอลลาร์ หยวน baht bath thb usd ราย ครัวเรือน หลังคาเรือน เสียง คะแนน หน่วย ครั้ง",
        "ดอลล่าร์ ยูโร เยน สตางค์ โดส แห่ง",
        "ตัน กิโล กก. เมตร กม. km ลิตร ไร่ ตารางเมตร ตร.ม. วิว view people votes บ. ต้น ชิ้น ชุด เล่ม",
    )
    + r"|คน(?!เดียว|ละ|นี้|นั้น|ที่))",
    re.IGNORECASE,
)
_COUNTED_LAST = (
    r"(?<![0-9])(?:[1-9][0-9]{0,2}(?: [0-9]{3}){1,4}|[1-9][0-9]*(?: ?[\-–] ?[1-9][0-9]*)?)(?:\.[0-9]{1,2})?$"
)
_COUNTED_FIRST = r"^[1-9][0-9]*(?![0-9])(?![\-–][0-9])"
_NOTHING = "(?!)"
_KEPT = {
    (counted, whole): re.compile(counted if whole else f"{counted}|{_NEVER_PERSONAL}")
    for counted in (_COUNTED_FIRST, _COUNTED_LAST, _NOTHING)
    for whole in (False, True)
}
_MONEY_BEFORE = re.compile(r"(?:งบ(?:ประมาณ)?|วงเงิน|มูลค่า|ราคา(?:กลาง)?|฿|\$|รวมเป็นเงิน|จำนวนเงิน)[ :=]{0,3}$")
_BANKS = (
    r"(?:บัญชี|บ/ช|บช|พร้อมเพย์|ธนาคาร|ธ\.? ?ก\.? ?ส|ออมสิน|กรุงไทย|กสิกร|ไทยพาณิช|กรุงเทพ|กรุงศรี|ทหารไทย|ทีทีบี|ธอส|เกียรตินาคิน|"
    r"เงินฝาก|(?<![a-z])(?:acc|account|bank|a/c|scb|ktb|ttb|tmb|bbl|bay|gsb|baac|ghb|uob|kkp|k-?bank|promptpay)(?![a-z]))"
)
_BANK_BEFORE = re.compile(rf"{_BANKS}[^0-9]{{0,20}}$", re.IGNORECASE)
_BANK_AFTER = re.compile(rf"[ \u00a0\n(,]{{0,3}}(?:ของ ?|เป็น ?|คือ ?)?{_BANKS}", re.IGNORECASE)
_PAID_BEFORE = re.compile(r"โอน[^0-9]{0,20}$")
_PAPER_BEFORE = re.compile(
    r"(?:โครงการ|สัญญา|ประกาศ|ครุภัณฑ์|e-?gp|project|contract|isbn|issn|มาตรฐานหนังสือ|ใบเสร็จ|พัสดุ|tracking|บาร์โค้ด|barcode)"
    r"[ :#]{0,2}(?:ที่|เลขที่|หมายเลข|เลข|รหัส|คือ|no\.?|number|id)?[ :#]{0,3}$",
    re.IGNORECASE,
)
_PARCEL_BEFORE, _PARCEL_AFTER = re.compile("(?<![A-Za-z])[A-Z]{1,5} ?$"), re.compile("[A-Z]{1,2}(?![A-Za-z])| TH")
_LOOK_BACK, _LOOK_AHEAD = 48, 16
_ASIDE = "\ue000"


def mask_numbers(text: str, *, say: Say = str, only_sure: Doubt = never) -> str:
    """`say` gives another word for a placeholder. Where `only_sure` holds of a run and what stands before and after
    it, nothing but telephone and identity numbers is looked for."""

    def masked(found: re.Match[str]) -> str:
        run = found[0]
        if len(run) < FEWEST_DIGITS:
            return run
        figures = _LETTER_O.sub("0", run)
        if _count(figures) < FEWEST_DIGITS or _LAUGHTER.fullmatch(figures):
            return run
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        after = text[found.end() : found.end() + _LOOK_AHEAD]
        if only_sure(figures, before, after):
            result = _sure(figures, before, say)
        else:
            result = _in_run(figures, before, after, say)
        return run if result == figures else result

    if "ศูนย์" in text:
        text = _SPOKEN_PHONE.sub(say(PHONE), text)
    text = _ODD_PHONE.sub(say(PHONE), text)
    return _RUN.sub(masked, text)


def _in_run(run: str, before: str, after: str, say: Say) -> str:
    if _is_kept(run, before, after):
        return run
    if _is_account_of_bank(run) and is_of_a_bank(before, after):
        return say(NUMBER)
    kept: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        kept.append(found[0])
        return _ASIDE

    if _is_account(run) and _counted(before, after) == _NOTHING:
        return say(NUMBER)
    run = _KEPT[_counted(before, after), _is_whole(run)].sub(put_aside, run)
    run = _sure(run, before, say)
    run = _ACCOUNT.sub(say(NUMBER), run)
    run = _MANY_LINES.sub(lambda found: say(NUMBER) if _count(found[0]) > FEWEST_DIGITS else found[0], run)
    run = _TOGETHER.sub(say(NUMBER), run)
    places = iter(kept)
    return re.sub(_ASIDE, lambda _: next(places), run)


def _sure(run: str, before: str, say: Say) -> str:
    run = _GROUPED_IDENTITY.sub(say(IDENTITY), run)
    if _IDENTITY.fullmatch(run):
        return _IDENTITY.sub(lambda found: _identity(found, say), run)
    run = _PHONE.sub(lambda found: _phone(found, before, say), run)
    run = _FOREIGN_PHONE.sub(say(PHONE), run)
    return _IDENTITY.sub(lambda found: _identity(found, say), run)


def _counted(before: str, after: str) -> str:
    """Where in a run that has money or a unit beside it a number stands that counts something."""
    if _MONEY_BEFORE.search(before):
        return _COUNTED_FIRST
    return _COUNTED_LAST if _UNIT.match(after) and not _BANK_BEFORE.search(before) else _NOTHING


def _is_whole(run: str) -> bool:
    """All of it is one number, so that no date is looked for inside."""
    if _FREE_OF_CHARGE.fullmatch(run) or _TIMES.fullmatch(run):
        return False
    return any(pattern.fullmatch(run) for pattern in (_ACCOUNT, _IDENTITY, _PHONE))


def _is_account(run: str) -> bool:
    return bool(_ACCOUNT.fullmatch(run)) and not _PHONE.fullmatch(run) and not _FREE_OF_CHARGE.fullmatch(run)


def _is_account_of_bank(run: str) -> bool:
    if not 10 <= _count(run) <= 15 or "." in run or "/" in run:
        return False
    return not _PHONE.search(run) and not _DATE_IN.search(run) and not _YEARS.fullmatch(run)


def is_of_a_bank(before: str, after: str) -> bool:
    if _MONEY_BEFORE.search(before):
        return False
    if _BANK_BEFORE.search(before):
        return True
    return not _UNIT.match(after) and bool(_BANK_AFTER.match(after) or _PAID_BEFORE.search(before))


def counts_something(after: str) -> bool:
    return bool(_UNIT.match(after))


def whole_kind(run: str) -> str:
    """What a number is that stands there by itself: a telephone, an identity number, an account; or nothing."""
    if _FREE_OF_CHARGE.fullmatch(run) or _YEARS.fullmatch(run) or _DATE_IN.search(run):
        return ""
    if _PHONE.fullmatch(run):
        return PHONE
    return IDENTITY if _GROUPED_IDENTITY.fullmatch(run) else NUMBER if _ACCOUNT.fullmatch(run) else ""


def _is_kept(run: str, before: str, after: str) -> bool:
    if _YEARS.fullmatch(run) or (_PARCEL_BEFORE.search(before) and _PARCEL_AFTER.match(after)):
        return True
    return bool(_PAPER_BEFORE.search(before)) and not _PHONE.search(run) and not _IDENTITY.search(run)


def _phone(found: re.Match[str], before: str, say: Say) -> str:
    ahead = before[-4:] + found.string[max(0, found.start() - 4) : found.start()]
    if _POINT_BEFORE.search(ahead):
        return found[0]
    first = _DIGITS.match(found[0])
    if _DAY_BEFORE.search(ahead) and first and len(first[0]) < 3:
        return found[0]
    return say(PHONE)


def _identity(found: re.Match[str], say: Say) -> str:
    marks = set(re.sub(r"[0-9 \u00a0()]", "", found[0]))
    return say(IDENTITY) if len(marks) < 2 else found[0]


def _count(piece: str) -> int:
    return sum(map(len, _DIGITS.findall(piece)))
