"""E-mail addresses, ids that LINE gives, and names of accounts after a word that says whose chat or page it is.

An account of an office (`ไลน์ศูนย์ @…`, `เพจ อบต. …`) is kept: between the cue and the name only words that point at a
person may stand.
"""

from __future__ import annotations

import re

from bot.masking.name_words import COMMON, ENDS, NO_NAME, NOT_SAID
from bot.masking.writing import NO_LATIN_BEFORE, THAI, loosely, one_of

_LOCAL = r"[A-Za-z0-9._%+\-]{1,64}"
_AT = r" {0,2}(?:@|\(at\)|\[at\]) {0,2}"
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+\-]){_LOCAL}(?:@[A-Za-z0-9\-]{{1,63}}(?:\.[A-Za-z0-9\-]{{1,63}}){{1,5}}"
    rf"|{_AT}[A-Za-z0-9\-]{{1,63}}(?: ?[.,] ?[A-Za-z0-9\-]{{1,63}}){{0,3}} ?[.,] ?(?:com|net|org|edu|info|me|"
    rf"co|th)(?![A-Za-z0-9])"
    rf"|{_AT}(?:gmail|hotmail|yahoo|outlook|icloud|live)(?:\.?com?)?(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_PROVIDER = "(?:gmail|hotmail|yahoo|outlook|icloud)"
_EMAIL_IN_WORDS = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])(?:{_LOCAL}(?: at | ?แอ็?[ทด] ?| ?ที่ ?){_PROVIDER}(?: ?(?:dot|ดอ[ทต]|"
    rf"\.) ?[a-z]{{2,3}}){{0,2}}"
    rf"|(?!www\.|mail\.|m\.)[A-Za-z0-9._%+\-]{{3,64}}{_PROVIDER}\.co(?:m|\.th)(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_THAI_EMAIL = re.compile(r"[ก-๛A-Za-z0-9._\-]{1,40}@[ก-๛A-Za-z0-9\-]{2,40}\.[ก-๛A-Za-z]{2,10}")
LINE_ID = re.compile(r"(?<![0-9A-Za-z])[UCRucr][0-9a-fA-F]{32}(?![0-9A-Za-z])")

_HANDLE = r"@?~?(?![0-9.]+(?![A-Za-z0-9_]))[A-Za-z0-9][A-Za-z0-9._\-]{2,39}"
_MARKED = (
    r"@?~?(?=[A-Za-z.\-]{0,39}[0-9_@]|"
    r"[A-Za-z0-9]{1,39}[._\-][A-Za-z0-9])(?![0-9.]+(?![A-Za-z0-9_]))[A-Za-z0-9][A-Za-z0-9._\-]{2,39}"
)
"""A name that is no English word: with a digit, a line or a dot in it."""
_NO_HANDLE = (
    r"(?!(?:oa|official|group|app|apps|id|notify|today|pay|shop|line|chat|open|openchat|page|live|call|video|"
    r"web|link|qr|code"
    r"|friends?|me|us|you|your|my|back|now|bot|but|if|when|how|why|can|cannot|can't|does|did|do|has|have|it|so|with|from|"
    r"here|there|name|number|messages?|again|error|working|work|works"
    r"|facebook|fb|instagram|tiktok|account|messenger|android|iphone|ios|pc|version|ver|and|or|the|is|was|not|"
    r"for|to|at|on|in|of|please|pls)"
    r"(?![A-Za-z0-9_.\-]))"
)
_PERSON = one_of(
    "ผม กระผม ฉัน ดิฉัน หนู เรา เฮา เปิ้น ข้าเจ้า เขา เค้า ของผม ของฉัน ของหนู ของเรา ของดิฉัน ของกระผม ของเฮา",
    "ของข้าเจ้า ของเปิ้น",
    "ของเขา ส่วนตัว แม่ พ่อ พี่ น้อง ลูก ของแม่ ของพ่อ ของลูก ของพี่ ของน้อง ตัวเอง",
)
_LINK = rf"(?:[ \u00a0\n:=\-(\"'“]|{_PERSON}|ชื่อ|คือ|ว่า|เป็น|ไอดี|นะ|ครับ|ค่ะ|คะ|จ้า|มาที่|มาได้ที่|ได้ที่|มาเลย|มา|ที่|is|my|id){{0,5}}"
_THAI_CUE = loosely(
    "ไลน์ ไลน ไล์ ไลท์ ลาย ไลย์ ไอดีไลน์ ไลน์ไอดี ไอดี ไอจี อินสตาแกรม อินสตา เฟส เฟซ เฟสบุ๊ก เฟสบุ๊ค เฟซบุ๊ก",
    "เฟซบุ๊ค",
    "เฟสบุค ทวิตเตอร์ ทวิต ติ๊กต็อก ติ๊กต๊อก ติกตอก เทเลแกรม วอตส์แอป แมสเซนเจอร์ วีแชท วีแชต ไวเบอร์ ดิสคอร์ด",
    "ยูสเซอร์ ยูสเซอร์เนม สแนปแชท สไกป์ ยูทูบ ยูทูป เธรด เธรดส์",
)
_SURE_CUE = (
    rf"{NO_LATIN_BEFORE}(?:line ?id|id ?line|line\.?id|(?<=ชื่อ )line|(?<=ชื่อ)line|ig|fb"
    rf"|facebook|insta(?:gram)?|tiktok|tik tok|telegram|"
    rf"twitter|whatsapp|wechat|viber|skype|snapchat|discord|username|user)"
)
_BARE_CUE = rf"(?:{NO_LATIN_BEFORE}(?:line|id)|แอด|ทัก)"
_NAMED = re.compile(
    rf"((?:{_THAI_CUE}|{_SURE_CUE}(?![a-z])|{_BARE_CUE}(?=[ \u00a0]?[:=@])){_LINK})({_NO_HANDLE}{_HANDLE})",
    re.IGNORECASE,
)
_NUMBER_AS_NAME = re.compile(
    rf"((?:ไอด[ีิ]? ?ไลน์?|ไลน์? ?ไอด[ีิ]|{NO_LATIN_BEFORE}(?:line ?id|id ?line)){_LINK})([0-9]{{5,9}}(?![0-9]))"
    rf"|((?:ไลน์?|(?<!by ){NO_LATIN_BEFORE}line(?![a-z])){_LINK})([0-9]{{6,9}}(?![0-9])(?! ?(?:คน|บาท|ราย|ล้าน|แสน)))",
    re.IGNORECASE,
)
_BARE_NAMED = re.compile(rf"({_BARE_CUE}(?![a-z]){_LINK})({_NO_HANDLE}{_MARKED})", re.IGNORECASE)
_ADDED = re.compile(
    rf"({NO_LATIN_BEFORE}(?:add|dm)(?: me| my| us| friend)?(?: on| in| at| via| by)? (?:line|ig|fb|facebook)"
    rf"(?: id| name)?(?: is| at)?[ :=]{{1,3}})({_NO_HANDLE}{_HANDLE})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"((?:line\.me/(?:r/)?ti/p/|line://ti/p/|(?<![A-Za-z0-9])m\.me/|(?<![A-Za-z0-9\-])(?:facebook|fb|"
    r"instagram|tiktok|twitter|x|t|youtube|threads)\.(?:com|me|net)/(?:profile\.php\?id=)?))"
    r"(?!(?:groups|events|watch|sharer|share|hashtag|pages|reel|story\.php)(?:[/?.]|$))"
    r"(?![A-Za-z0-9._\-]{0,40}(?:official|office|tambon|municipal|civic|govt?|school|hospital|police|cent(?:er|re)))"
    r"([~@]?[A-Za-z0-9._\-]{3,60})",
    re.IGNORECASE,
)
_LATIN_NAME = r"[A-Z][a-z]{1,20} [A-Z][a-z]{1,24}(?: [A-Z][a-z]{1,24})?"
_THAI_NAME = rf"(?:[ก-ฮเ-ไ][ก-ฺเ-๎]{{1,16}} {{1,2}}(?!{COMMON})[ก-ฮเ-ไ][ก-ฺเ-๎]{{1,24}})"
_FACE = r"(?:[เแ]ฟ[สซ](?:บุ๊?[คก])?|(?<![A-Za-z])(?:[Ff][Bb]|[Ff]ace[Bb]ook))"
_FACE_NAME = re.compile(
    rf"({_FACE}(?:[ \u00a0:=]|{_PERSON}|ชื่อ|คือ|ว่า){{0,4}})({_LATIN_NAME})"
    rf"|({_FACE}(?:[ \u00a0:=]|{_PERSON}|ชื่อ|คือ|ว่า){{0,4}})((?!{NO_NAME})(?!{NOT_SAID})(?!{COMMON}){_THAI_NAME})"
)
_APP = (
    r"(?:ไลน์?|ไลท์|[เแ]ฟ[สซ](?:บุ๊?[คก])?|ไอจี|อินสตา(?:แกรม)?|ติ๊?ก ?ต[็๊]?อก"
    r"|ทวิต(?:เตอร์)?|(?<![A-Za-z])(?:line|ig|fb|facebook|tiktok)"
    r"(?![A-Za-z]))"
)
_APP_WORD = rf"(?:[ก-ฮเ-ไ]{THAI}{{1,15}}?(?:{ENDS}|(?=[0-9]))|[ก-ฮเ-ไ]{THAI}{{15}})[0-9]{{0,4}}"
_APP_NAME = rf"(?!{NO_NAME})(?!{NOT_SAID})(?!{COMMON}){_APP_WORD}"
_NAMED_IN_THAI = re.compile(
    rf"((?:ชื่?อ(?:ใน|ทาง|บน|ของ|บัญชี)? ?{_APP}|{_APP}(?: |{_PERSON}|ใช้|เรา|มี"
    rf"|ไอดี){{0,3}}ชื่?อ)(?:[ \u00a0\n:=\"“]|{_PERSON}|ว่า|คือ){{0,4}})"
    rf"({_APP_NAME}(?: {{1,2}}(?:(?!{COMMON}){_APP_WORD}|เชียง(?:ราย|ใหม่|แสน|ของ)(?!{THAI})))?)",
    re.IGNORECASE,
)
_PROVIDERS = re.compile(_PROVIDER, re.IGNORECASE)
_LATIN, _DIGIT = re.compile("[A-Za-z]"), re.compile("[0-9]")
_FACES = re.compile(r"[เแ]ฟ[สซ]|[Ff][Bb]|[Ff]ace")
_THAI_CUES = re.compile("ไล|ไอ|[เแ]ฟ|อินสต|ติ|ทวิต")
_CUES = re.compile(
    r"ไล|ลาย|ไอ|อินสตา|เฟ|ทวิต|ติ|เทเล|วอต|แมส|ยูส|สแนป|สไก|ยูท|เธร|vib|sky|snap|disc|\.net/|line|id|ig|fb|face|insta?|tik|tele|twit|what|wech|user|แอด|ทัก|"
    r"วี|ไว|ดิส|\.com/|\.me/",
    re.IGNORECASE,
)


def mask_accounts(text: str) -> str:
    text = _emails(text, "<อีเมล>")
    if not _LATIN.search(text):
        return _without_latin(text) if _THAI_CUES.search(text) else text
    text = LINE_ID.sub("<ไอดีไลน์>", text)
    if not _CUES.search(text):
        return text
    text = _ADDRESS.sub(r"\1<ชื่อบัญชี>", text)
    text = _without_latin(text)
    text = _ADDED.sub(r"\1<ชื่อบัญชี>", text)
    text = _NAMED.sub(r"\1<ชื่อบัญชี>", text)
    return _BARE_NAMED.sub(r"\1<ชื่อบัญชี>", text)


def _without_latin(text: str) -> str:
    text = _faces(text)
    if "ชื" in text or "ชอ" in text:
        text = _NAMED_IN_THAI.sub(r"\1<ชื่อบัญชี>", text)
    if not _DIGIT.search(text):
        return text
    return _NUMBER_AS_NAME.sub(lambda found: f"{found[1] or found[3]}<ชื่อบัญชี>", text)


def _faces(text: str) -> str:
    if not _FACES.search(text):
        return text
    return _FACE_NAME.sub(lambda found: f"{found[1] or found[3]}<ชื่อบัญชี>", text)


def mask_addresses(text: str, *, email: str, line_id: str) -> str:
    """What is an address wherever it stands, without a look at cues."""
    return LINE_ID.sub(line_id, _emails(text, email))


def _emails(text: str, said: str) -> str:
    if "@" in text or "(at)" in text or "[at]" in text:
        text = _THAI_EMAIL.sub(said, _EMAIL.sub(said, text))
    return _EMAIL_IN_WORDS.sub(said, text) if _PROVIDERS.search(text) else text
