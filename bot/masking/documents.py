"""What a word before it makes personal: numbers of papers and of customers, passports, dates of birth, plates."""

from __future__ import annotations

import re

from bot.masking.writing import NO_DIGIT_AFTER, NO_LATIN_BEFORE, loosely, one_of

_FILLER = (
    r"(?:[ \u00a0\n:=#.\-]|"
    + one_of(
        "ของ ผม ฉัน ดิฉัน หนู กระผม ข้าเจ้า เปิ้น เฮา เรา ยาย แม่ พ่อ ตา ป้า ลุง คือ เป็น ว่า ที่ เลขที่ เลข",
        "หมายเลข รหัส นักเรียน นักศึกษา ประชาชน ใบอนุญาต ผู้เสียภาษี ผู้ป่วย ตัว นะ ครับ ค่ะ ของเขา ตามนี้ ดังนี้",
    )
    + r"|no\b|number|is|my){0,6}"
)
_NUMBER = r"(?:(?!(?:1|25)[0-9]{2,3}(?![0-9 \-/.]*[0-9]))[0-9](?:[ \-/.]?[0-9]){3,15})"
_CUES = loosely(
    "ใบขับขี่ ใบอนุญาตขับขี่ ใบอนุญาตขับรถ โฉนด โฉนดที่ดิน ระวาง รหัสประจำบ้าน รหัสบ้าน เลขประจำบ้าน",
    "เลขรหัสประจำบ้าน",
    "รหัสนักศึกษา รหัสนักเรียน รหัสนิสิต รหัสพนักงาน รหัสประจำตัว เลขประจำตัว รหัสลูกค้า รหัสสมาชิก เลขสมาชิก",
    "รหัสผู้สมัคร",
    "รหัสผู้ลงทะเบียน รหัสผู้ใช้ ผู้ใช้ไฟ ผู้ใช้น้ำ ผู้ใช้ไฟฟ้า ผู้ใช้น้ำประปา เลขมิเตอร์ หมายเลขเครื่อง ใบขี่",
    "เลขผู้ป่วย รหัสผู้ป่วย",
    "บัตรประชาชน บัตรปชช บัตรปชช. เลขบัตร หมายเลขบัตร บัตรทอง บัตรผู้พิการ บัตรคนพิการ บัตรข้าราชการ",
    "บัตรเครดิต บัตรเดบิต",
    "บัตรนักเรียน บัตรต่างด้าว บัตรสวัสดิการ บัตรเอทีเอ็ม เลขบัญชี เลขที่บัญชี ใบประกอบวิชาชีพ เลขประกันสังคม",
    "ประกันสังคมเลข",
    "ทะเบียนบ้านเลข กรมธรรม์ พร้อมเพย์",
)
_LATIN_CUES = (
    rf"{NO_LATIN_BEFORE}(?:hn|h\.n\.|imei|driving licen[cs]e|driver'?s? licen[cs]e|student id|member id|customer id"
    rf"|house code|land deed|id card|card number|account number|acc no)(?![a-z])"
)
_UNIT_AFTER = r"(?![0-9])(?![ \u00a0]{0,2}(?:บาท|ล้าน|แสน|คน|ราย|ไร่|ใบ|ฉบับ|ปี|%|baht))"
_CUED_NUMBER = re.compile(
    rf"((?=[กทบปผพรลหใโเacdhims])(?:{_CUES}|{_LATIN_CUES}){_FILLER})([a-z]{{0,2}}{_NUMBER}){_UNIT_AFTER}(?!/25)",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"[0-9](?:[ \-/.]?[0-9]){3}")
_PAPERS = re.compile(r"ใบ|โ|รห|ตร|ลข|ผ|กร|พร|กัน|กน|ระ|ทะ|หมา|h\.?n|ime|licen|id|code|deed|card|acc", re.IGNORECASE)
_PASSPORT = re.compile(
    r"((?:พาส|หนังสือเดินทาง|เลขเล่ม|pass ?port|\bpp(?= ?no))[^0-9]{0,24}?)"
    rf"({NO_LATIN_BEFORE}(?:[a-z]{{1,2}}[ \-]?[0-9]{{6,8}}|[0-9]{{8,9}})){NO_DIGIT_AFTER}",
    re.IGNORECASE,
)
_THAI_PASSPORT = re.compile(rf"{NO_LATIN_BEFORE}[A-Z]{{2}}[ \-]?[0-9]{{7}}(?![0-9A-Za-z])")
"""So regular that it is known without a word before it."""

_PASSPORT_FIRST = re.compile(
    rf"{NO_LATIN_BEFORE}[a-z]{{1,2}}[ \-]?[0-9]{{6,7}}(?=[^0-9A-Za-z\n]{{0,10}}(?:เล[ขม่]{{1,3}} ?|no\.? ?)?(?:พาส|หนังสือเดินทาง|pass ?port))",
    re.IGNORECASE,
)

_THAI_MONTHS = (
    r"(?:ม\.?ค\.?|ก\.?พ\.?|มี\.?ค\.?|เม\.?ย\.?|พ\.?ค\.?|มิ\.?ย\.?|ก\.?ค\.?|ส\.?ค\.?|ก\.?ย\.?|ต\.?ค\.?|พ\.?ย\.?|ธ\.?ค\.?|"
    r"(?:มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา)(?:คม|ยน|พันธ์)?)"
)
_MONTHS = rf"(?:{_THAI_MONTHS}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.?)"
_ERA = r"(?: {0,2}(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?|ปี))? {0,2}"
_DATE = (
    rf"(?:[0-9]{{1,2}} {{0,2}}[\-/.]? {{0,2}}{_MONTHS} {{0,2}},?[\-/.]?{_ERA}(?:[0-9]{{4}}|[0-9]{{2}})"
    rf"|{_MONTHS} {{0,2}}[0-9]{{1,2}},? {{0,2}}[0-9]{{4}}"
    r"|[0-9]{4} {0,2}[\-/.] {0,2}[0-9]{1,2} {0,2}[\-/.] {0,2}[0-9]{1,2}"
    r"|[0-9]{1,2} {0,2}[\-/. ] {0,2}[0-9]{1,2} {0,2}[\-/. ] {0,2}(?:[0-9]{4}|[0-9]{2})|[0-9]{8}|[0-9]{6}|[0-9]{4})"
)
_BORN = re.compile(
    r"((?:วัน ?(?:/? ?เดือน ?/? ?ปี ?)?(?:ที่)?เกิด|ว\.?ด\.?ป\.? ?เกิด|(?<!เหตุ)(?<!หตุ)เกิด|\bborn(?: on| in)?|"
    r"birth ?(?:day|date)?"
    r"|\bdob|\bd\.o\.b\.?)"
    r"(?:[ \u00a0\n:=\-,]|เมื่อ|วันท[ิีึื]่?|วัน|ปี|พ\.?ศ\.?|ค\.?ศ\.?|คือ|เป็น|ของ|ผม|ฉัน|หนู|ดิฉัน|กระผม|ข้าเจ้า|แม่|พ่อ|is|was|"
    r"on|in|of|my"
    r"|จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์|อาทิตย์|ที่){0,8})"
    rf"(?<![0-9])({_DATE}){NO_DIGIT_AFTER}(?![ \u00a0]?(?:คน|บาท|ราย|ครั้ง|จุด|เหตุ))",
    re.IGNORECASE,
)

_BORN_IN_A_SENTENCE = re.compile(
    r"((?:วัน ?(?:/? ?เดือน ?/? ?ปี ?)?(?:ที่)?เกิด|ว\.? ?/?ด\.? ?/?ป\.? ?เกิด|date of birth|birth ?da(?:y|te)|\bdob)(?!เหตุ)[^0-9\n]{1,24}\n?)"
    rf"(?<![0-9])({_DATE}){NO_DIGIT_AFTER}(?![ \u00a0]?(?:คน|บาท|ราย|ครั้ง|จุด|เหตุ|ปี|น\.))",
    re.IGNORECASE,
)

_PLATE_LETTERS = r"[0-9]?[ \u00a0]?[ก-ฮ]{1,3}"
_PLATE = re.compile(
    r"((?:ทะเบียน(?!บ้าน|ราษฎร)(?:รถ(?:ยนต์|เก๋ง|กระบะ|ตู้|มอเตอร์ไซค์|จักรยานยนต์|มอไซ(?:ค์)?)?)?|ป้ายแดง|"
    r"licen[cs]e plate|\bplate(?: no\.?| number)?)"
    r"(?:[ \u00a0\n:=]|คือ|เลข|เลขที่|หมายเลข|ว่า|is){0,4})"
    rf"((?:{_PLATE_LETTERS}[ \u00a0\-]{{0,3}}[0-9]{{1,4}}|"
    rf"[0-9]{{2}}[ \-]{{1,3}}[0-9]{{4}})(?:[ \u00a0]?(?:เชียงราย|ชร\.?|กทม\.?))?)"
    rf"{NO_DIGIT_AFTER}",
    re.IGNORECASE,
)
_PLATE_OF_CAR = re.compile(
    r"((?:รถ|มอ ?ไซ(?:ค์)?|มอเตอร์ไซค์|เก๋ง|กระบะ|ตู้)(?:[ \u00a0\n]|ของ|ผม|ฉัน|ดิฉัน|หนู|เรา|เฮา|ข้าเจ้า|กระผม|คัน|"
    r"สี[ก-ฮ]{1,3}[ก-๎]{0,4}|คันนี้|นี้|คือ){0,4})"
    r"([0-9]?[ก-ฮ]{2}[ \u00a0\-]{0,2}[0-9]{3,4}(?![0-9,]))(?![ \u00a0]?(?:คน|บาท|กม|กก))"
)


def mask_documents(text: str) -> str:
    text = _PASSPORT.sub(r"\1<พาสปอร์ต>", text)
    text = _PASSPORT_FIRST.sub("<พาสปอร์ต>", text)
    text = _THAI_PASSPORT.sub("<พาสปอร์ต>", text)
    text = _BORN.sub(r"\1<วันเกิด>", text)
    text = _BORN_IN_A_SENTENCE.sub(r"\1<วันเกิด>", text)
    text = _PLATE.sub(r"\1<ทะเบียนรถ>", text)
    return _PLATE_OF_CAR.sub(r"\1<ทะเบียนรถ>", text)


def mask_numbers_of_papers(text: str) -> str:
    """What is too short to be known by itself, after all that is known has gone."""
    return _CUED_NUMBER.sub(r"\1<ตัวเลข>", text) if _FOUR_DIGITS.search(text) and _PAPERS.search(text) else text
