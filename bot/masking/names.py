"""Names after a title, or after words that say that a name follows. There is no list of names: a bare one stays."""

from __future__ import annotations

import re

from bot.masking.name_words import (
    BEFORE_NAME,
    COMMON,
    ENDS,
    GOES_ON,
    NO_FORMAL_NAME,
    NO_NAME,
    NOT_SAID,
    PARTICLES,
    STRONG_TITLE,
    WEAK_TITLE,
)
from bot.masking.writing import BLANK, FIRST, NO_LATIN_BEFORE, THAI, one_of

NAME = "<ชื่อ>"

_SAID = (
    r"(?:(?<!เ)ชื่[่ิ]?อ+|(?<!เ)ชือ|ชี่อ|ชอื่|(?<!เ)(?<!คน)(?<!ความ)ซื่อ(?!สัตย์|ตรง|บื้อ|ๆ)"
    r"|(?<!ขง)(?<!เล่า)(?<!เม่ง)(?<!ซุน)จื้อ)"
)
"""Also as it is said in the north, and as it is misspelt."""
_WORD = rf"(?:{FIRST}{THAI}{{1,27}}?{ENDS}|{FIRST}{THAI}{{27}})"
_SURNAME = rf"(?:ณ{BLANK}{{1,2}}|แซ่{BLANK}{{0,2}})?{_WORD}"
_GIVEN = rf"{FIRST}{THAI}{{1,15}}(?!{THAI})"
_SPACES = rf"{BLANK}{{1,4}}"

_TITLED = re.compile(
    rf"({STRONG_TITLE}{BLANK}{{0,3}}(?:{WEAK_TITLE}{BLANK}?)?)((?!{NO_FORMAL_NAME})(?!{COMMON}){_WORD}"
    rf"(?:{_SPACES}(?!{COMMON}){_SURNAME}|\n(?!{COMMON})(?!{STRONG_TITLE})(?!{WEAK_TITLE})(?!{_SAID}){FIRST}{THAI}{{3,24}}(?=\n|{BLANK}|$))?)"
)
_ADDRESSED = re.compile(
    rf"({BEFORE_NAME})((?!{NO_NAME})(?!{COMMON}){_GIVEN}{_SPACES}(?!{COMMON})(?!{NO_NAME}(?!{THAI})){_SURNAME})"
)

_I = one_of("ผม กระผม ฉัน ดิฉัน หนู ข้าเจ้า เปิ้น เฮา เรา เขา เค้า อ้าย แม่ พ่อ ลูก ยาย ตา ป้า ลุง น้อง พี่")
_SAYS = (
    rf"(?:{BLANK}|\n|:|-|=|ว่า|คือ|เป็น(?={BLANK})|(?:เต็ม|เดิม|เก่า|ใหม่)(?:{BLANK}?คือ|(?={BLANK}|:))|ผู้(?:สมัคร|แจ้ง|ร้อง|เข้าร่วม|ลงทะเบียน|จอง|ติดต่อ|"
    rf"ประสานงาน)){{0,4}}"
)
_TITLE_OR_NOT = rf"(?:{STRONG_TITLE}{BLANK}{{0,2}}|{WEAK_TITLE}{BLANK}?(?={THAI}))?"
_FULL_CUE = (
    rf"(?:{_SAID}{BLANK}?(?:จริง{BLANK}?)?[\-–/,]?{BLANK}?(?:และ)?(?:นาม)?สก[ุู]?[ลน]|{_SAID}จริง(?:{BLANK}?ๆ)?|{_SAID}เล่น(?:{_SAID})?|"
    rf"{_SAID}ผู้(?:สมัคร|แจ้ง|ร้อง(?:เรียน)?"
    rf"|เข้าร่วม|ลงทะเบียน|จอง|ติดต่อ|ประสานงาน)|{_I}{BLANK}?(?:มี)?{_SAID}|มี{_SAID}ว่า)"
)
_CALLED = re.compile(
    rf"({_FULL_CUE}{_SAYS}){_TITLE_OR_NOT}((?!{NOT_SAID})(?!{COMMON}){_WORD}(?:{_SPACES}(?!{COMMON}){_SURNAME})?)"
)
_NAMED = re.compile(
    rf"((?<!ราย)(?<!เข้า)(?<!ตั้ง)(?<!การลง){_SAID}{_SAYS}){_TITLE_OR_NOT}"
    rf"((?!{NOT_SAID})(?!{COMMON}){_GIVEN}{_SPACES}(?!{COMMON}){_SURNAME}"
    rf"|(?!{NOT_SAID})(?!{COMMON}){_WORD}(?=(?:{BLANK}|\n){{0,3}}(?:(?:นาม)?สกุล|โทร|เบอร์|<เบอร์|อายุ|อยู่|tel|phone|[0-9]{{3}})))"
)
_ALONE = re.compile(
    rf"((?:^|"
    rf"\n){BLANK}{{0,3}}{_SAID}{BLANK}{{0,2}}[:\n]?{BLANK}{{0,2}})((?!{NOT_SAID})(?!{COMMON}){_WORD})(?={BLANK}*(?:\n|"
    rf"$))"
)
_CLOSED = re.compile(
    rf"((?<!{THAI}){_SAID}(?:{BLANK}{{1,3}}|{BLANK}?:[ \n]?))((?!{NOT_SAID})(?!{COMMON}){_WORD})"
    rf"(?={BLANK}{{0,2}}(?:{PARTICLES}(?!{THAI})|\n|$|[^\s0-9A-Za-z/(<\-ก-๛]|<เบอร์))"
)
_FAMILY = re.compile(
    rf"((?:นาม)?สกุล(?:{BLANK}|:|-|=|ว่า|คือ|เดิม(?={BLANK})|ใหม่(?={BLANK})){{0,4}})((?!{NOT_SAID})(?!{COMMON}){_SURNAME})"
)

_PLACE_OR_APP = (
    r"(?!(?:Chiang|Mae|Ban|Baan|Bangkok|Doi|Wiang|Thai|Muang|Mueang|Tambon|Amphoe|Line|LINE|Facebook|Google|Admin|Zoom|Tik|"
    r"Day|Training|Council|Association|Office|Of|And|The|My|In|At|On)(?![A-Za-z]))"
)
_LATIN_WORD = r"[A-Z][A-Za-z'\-]{1,24}"
_ENDS_NAME = (
    r"(?!(?i:last|first|family|surname|full|name|tel|phone|mobile|email|e-mail|line|from|and|i|im|my|is|at|in|on|thx|thanks|pls|"
    r"please|for|to|na(?! [a-z]{4})|ka|krub|krap|kha)(?![A-Za-z'\-]))"
)
_LATIN_NAME = rf"{_LATIN_WORD}(?: {_ENDS_NAME}{_LATIN_WORD}){{0,3}}"
_TWO_LATIN = rf"{_PLACE_OR_APP}{_LATIN_WORD}(?: {_ENDS_NAME}{_LATIN_WORD}){{1,3}}"
_LATIN_TITLED = re.compile(
    rf"({NO_LATIN_BEFORE}(?i:mr|mrs|ms|miss|mister|dr|khun|teacher|khru|kru|ajarn|ajahn|acharn|sgt|capt|"
    rf"prof|professor)(?![A-Za-z])[. ]{{1,3}}(?:(?i:dr)[. ]{{1,2}})?)(?!(?i:mr|mrs"
    rf"|ms)[. ]){_PLACE_OR_APP}({_LATIN_NAME})"
)
_FEW_WORDS = (
    r"(?!(?:you|your|the|this|that|my|me|it|a|an|and|or|of|in|on|at|to|for|is|was|are|not|no|who|with|out|all|one|office|word|"
    r"excel|teams|word|please|call|class|event|meeting|training|na(?! [a-z]{4})|ka|kha|krub)\b)"
)
_SMALL_TITLED = re.compile(
    rf"({NO_LATIN_BEFORE}(?:(?i:mrs?|ms|dr)(?:\. ?| )"
    rf"|(?<!i )(?<!to )(?<!ll )(?<!not )(?<!n't )(?<!we )(?i:miss)(?:\. ?| )))"
    rf"({_FEW_WORDS}[a-z][a-z'\-]{{2,20}} "
    rf"{_FEW_WORDS}{_ENDS_NAME}[a-z][a-z'\-]{{1,20}}(?:(?<= na) [a-z]{{4,20}})?)(?![a-z])"
)
_THAI_TITLED = re.compile(
    rf"((?:{STRONG_TITLE}|{WEAK_TITLE}){BLANK}{{0,2}})"
    rf"{_PLACE_OR_APP}([A-Z][a-z]{{2,20}}(?: {_ENDS_NAME}{_LATIN_WORD}){{0,2}})(?![a-z0-9])"
)
_LATIN_SAID = re.compile(
    rf"({NO_LATIN_BEFORE}(?i:my (?:full )?name(?:'?s| is)?|name is|i am called|call me|full ?name|first name|"
    rf"last name|family name|surname)[ :\-]{{1,3}})"
    rf"(?!(?i:is|of|in|on|the|not|and|was|for|wrong"
    rf"|here)\b)([A-Za-z'\-]{{2,24}}(?: {_ENDS_NAME}[A-Za-z'\-]{{2,24}}){{0,2}})"
)
_LATIN_CALLED = re.compile(
    rf"({NO_LATIN_BEFORE}(?:(?:[Nn]ame|NAME)(?: ?: ?| )|I am |I'm |i'm |i am |Im |[Tt]his is )|(?:{_FULL_CUE}|"
    rf"{_SAID}){_SAYS})({_TWO_LATIN})"
)
_NAME_AND_SURNAME = re.compile(
    rf"({NO_LATIN_BEFORE}[Nn]ame ?:? )({_PLACE_OR_APP}{_LATIN_WORD})(?= (?i:surname|last ?name|family ?name))"
)

_FORMAL_LOOK = re.compile(r"นา[ยง]|เด็ก|[นส]\.?ส|ด\.|ด[ชญ]|\.[ตทอ]\.|ม\.|ร\.|พ[.ญ]|ท[พญ]\.|ภ[กญ]\.|พ\.?ญ|ว่าที่")
_WEAK_LOOK = re.compile(rf"{WEAK_TITLE}|อ\.")
_SAID_LOOK = re.compile(rf"{_SAID}|สกุล")
_LATIN_LOOK = re.compile(
    r"[Tt]his is|[Tt]each|[Kk]h?ru|A[jc]h?a|a[jc]ha?r|[Ss]gt|[Cc]apt|[Ss]ur|[Mm][rRsSiIyY]|MR"
    r"|MISS|[Dd][rR]|[Kk]hun|KHUN|[Nn][Aa][Mm][Ee]|[Ii]'?m |[Ii] am|[Cc]all|ชื่อ|PROF|[Pp]rof"
)
_ANY_LATIN = re.compile("[A-Za-z]{2}")


def mask_names(text: str) -> str:
    if _SAID_LOOK.search(text):
        text = _CALLED.sub(_said, text)
        text = _NAMED.sub(_said, text)
        text = _ALONE.sub(_said, text)
        text = _CLOSED.sub(_said, text)
        text = _FAMILY.sub(_said, text)
    if _FORMAL_LOOK.search(text):
        text = _TITLED.sub(_said, text)
    if _WEAK_LOOK.search(text):
        text = _ADDRESSED.sub(_addressed, text)
    if not _ANY_LATIN.search(text):
        return text
    if _WEAK_LOOK.search(text) or _FORMAL_LOOK.search(text):
        text = _THAI_TITLED.sub(_said, text)
    if _LATIN_LOOK.search(text):
        text = _LATIN_TITLED.sub(_said, text)
        text = _SMALL_TITLED.sub(_said, text)
        text = _NAME_AND_SURNAME.sub(_said, text)
        text = _LATIN_SAID.sub(_said, text)
        text = _LATIN_CALLED.sub(_said, text)
    return text


def _said(found: re.Match[str]) -> str:
    return f"{found[1]}{NAME}"


_INSIDE = re.compile(f".{{2,14}}?{GOES_ON}")


def _addressed(found: re.Match[str]) -> str:
    given = found[2].split()[0]
    return found[0] if _INSIDE.match(given) else f"{found[1]}{NAME}"
