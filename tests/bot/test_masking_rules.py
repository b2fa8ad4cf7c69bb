"""One example of each rule of masking, and of what each leaves alone; that masking twice is masking once; its speed."""

from __future__ import annotations

import re
import time
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import (
    accounts,
    documents,
    in_logs,
    mask,
    mask_for_logs,
    names,
    numbers,
    over_lines,
    places,
    plain,
    writing,
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("โทร 081 - 234 - 5678", "โทร <เบอร์โทร>"),
        ("โทร O81-234-5678", "โทร <เบอร์โทร>"),
        ("โทร 66-81-2345678", "โทร <เบอร์โทร>"),
        ("โทร +95 9 123 456 789", "โทร <เบอร์โทร>"),
        ("โทร 053-711234 ต่อ 12", "โทร <เบอร์โทร> ต่อ 12"),
        ("ศูนย์แปดหนึ่ง สองสามสี่ ห้าหกเจ็ดแปด", "<เบอร์โทร>"),
        ("ตามประกาศ 081-234-5678", "ตามประกาศ <เบอร์โทร>"),
        ("15/12/2567 9.00-10.00 0812345678", "15/12/2567 9.00-10.00 <เบอร์โทร>"),
        ("โทร 099\n2260669", "โทร <เบอร์โทร>"),
        ("โทร 081-234\n5678 ครับ", "โทร <เบอร์โทร> ครับ"),
        ("โทร (053)\n711 234", "โทร <เบอร์โทร>"),
        ("0812345678\n0898765432", "<เบอร์โทร>\n<เบอร์โทร>"),
        ("053-711234\n053-711235", "<เบอร์โทร>\n<เบอร์โทร>"),
        ("3\n099\n2260669\n191", "3\n<เบอร์โทร>\n191"),
        ("1-2345-67890\n12-3", "<เลขบัตร>"),
        ("123-4\n56789-0", "<ตัวเลข>"),
        ("กสิกร 123\n4567890", "กสิกร <ตัวเลข>"),
        ("มีคนส่ง 207 243 4333 มา", "มีคนส่ง <ตัวเลข> มา"),
        ("12345 67890 กรุงไทย", "<ตัวเลข> กรุงไทย"),
        ("โอนมาที่ 20 7243 4333", "โอนมาที่ <ตัวเลข>"),
        ("บัตร 0-1234-56789-01-2", "บัตร <เลขบัตร>"),
        ("บัตร 5-0242-64628-89-1", "บัตร <เลขบัตร>"),
        ("เลขบัตร 1234567890123 2 คน", "เลขบัตร <เลขบัตร> 2 คน"),
        ("โอนมา 123-4-56789-0", "โอนมา <ตัวเลข>"),
        ("บัญชี 0200 1234 5678", "บัญชี <ตัวเลข>"),
        ("บัตร 4539 1488 0343 6467", "บัตร <ตัวเลข>"),
        ("รหัสบ้าน 5701-012345-6", "รหัสบ้าน <ตัวเลข>"),
        ("ใบขับขี่เลขที่ 56001234", "ใบขับขี่เลขที่ <ตัวเลข>"),
        ("HN 65-123456", "HN <ตัวเลข>"),
        ("malee99 @gmail.com", "<อีเมล>"),
        ("malee at gmail dot com", "<อีเมล>"),
        ("U" + "AB" * 16, "<ไอดีไลน์>"),
        ("ไลน์ผมคือ malee99", "ไลน์ผมคือ <ชื่อบัญชี>"),
        ("line: malee_cr", "line: <ชื่อบัญชี>"),
        ("เฟสชื่อ Malee Jaidee", "เฟสชื่อ <ชื่อบัญชี>"),
        ("ชื่อไลน์ ต้นอ้อ เชียงราย", "ชื่อไลน์ <ชื่อบัญชี>"),
        ("ไลน์ชื่อต้นอ้อค่ะ", "ไลน์ชื่อ<ชื่อบัญชี>ค่ะ"),
        ("ไอดีไลน์ 24189276 ไปดูได้", "ไอดีไลน์ <ชื่อบัญชี> ไปดูได้"),
        ("ไอดีไลน์24189276ทักมา", "ไอดีไลน์<ชื่อบัญชี>ทักมา"),
        ("please add line maleejaidee", "please add line <ชื่อบัญชี>"),
        ("facebook.com/malee.j", "facebook.com/<ชื่อบัญชี>"),
        ("พาสปอร์ต AA1234567", "พาสปอร์ต <พาสปอร์ต>"),
        ("เกิดวันที่ 5 พ.ค. 2510", "เกิดวันที่ <วันเกิด>"),
        ("แก้วันเกิดในใบสมัครเป็น 5/5/10", "แก้วันเกิดในใบสมัครเป็น <วันเกิด>"),
        ("ab1234567 เลขพาสปอร์ตสามี", "<พาสปอร์ต> เลขพาสปอร์ตสามี"),
        ("เห็น 3กฎ 832 ทิ้งขยะ", "เห็น <ทะเบียนรถ> ทิ้งขยะ"),
        ("กฎ 1234 เชียงราย ทิ้งขยะ", "<ทะเบียนรถ> ทิ้งขยะ"),
        ("ทะเบียนรถ กข 1234", "ทะเบียนรถ <ทะเบียนรถ>"),
        ("บ้านเลขที่ 12/3 หมู่ 5 ต.ริมกก", "บ้านเลขที่ <ที่อยู่> ต.ริมกก"),
        ("เลขที่ 760 ถนนรัตนาเขต", "เลขที่ <ที่อยู่>"),
        ("หอพักริมกก ห้อง 503 ชั้น 5", "หอพักริมกก ห้อง <ที่อยู่> ชั้น 5"),
        ("912 ม.17 ท่าสุด", "<ที่อยู่> ท่าสุด"),
        ("ขอพบนายสมชาย ใจดีครับ", "ขอพบนาย<ชื่อ>ครับ"),
        ("ผมกับน.ส.มาลี ใจดี", "ผมกับน.ส.<ชื่อ>"),
        ("ฝากถึงครูมาลี ใจดีด้วย", "ฝากถึงครู<ชื่อ>ด้วย"),
        ("ชื่อ-สกุล มาลี ณ เชียงใหม่", "ชื่อ-สกุล <ชื่อ>"),
        ("ผมชื่อสมชายครับ", "ผมชื่อ<ชื่อ>ครับ"),
        ("นามสกุล ใจดี", "นามสกุล <ชื่อ>"),
        ("ผมจื้อ มานพ คำแสน", "ผมจื้อ <ชื่อ>"),
        ("ซื่อ มานพ คำแสน ครับ", "ซื่อ <ชื่อ> ครับ"),
        ("ชื่อเดิม มานพ คำแสน", "ชื่อเดิม <ชื่อ>"),
        ("ชื่อจริงๆคือ มานพ คำแสน", "ชื่อจริงๆคือ <ชื่อ>"),
        ("อจ.มานพ คำแสนด้วย", "อจ.<ชื่อ>ด้วย"),
        ("Teacher Orapin", "Teacher <ชื่อ>"),
        ("mr. andreas miller", "mr. <ชื่อ>"),
        ("my name is Malee Jaidee", "my name is <ชื่อ>"),
        ("Mrs. Malee Jaidee", "Mrs. <ชื่อ>"),
    ],
)
def test_what_identifies_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "โทร 191 หรือ 1669 หรือ 1800-123-456", "ประชุม 15/12/2567 เวลา 09.00-12.00 น.", "งบ 1234567890 บาท",
        "ประชากร 1234567890 คน", "ISBN 978-616-12-3456-7", "เลขที่โครงการ 67129876543", "ที่ ชร 0017.3/12345",
        "พิกัด 19.9123, 99.8123", "5555555555", "พัสดุ EF123456789TH", "แผนปี 2567 2568 2569", "ไลน์ศูนย์ @civiccenter",
        "LINE 14.21.1 เปิดไม่ได้", "line notify ใช้ไม่ได้", "facebook live กี่โมง", "เฟส 2 ของโครงการ",
        "ไปหานายอำเภอแม่สายมา", "ทนายความอาสา", "ดอยนางนอน ปิดไหม", "คุณภาพน้ำ เป็นยังไง", "คุณช่วยบอกหน่อย ได้ไหม",
        "แม่สาย น้ำท่วม ไหม", "อ.เมือง จ.เชียงราย", "ชื่อโครงการ รักษ์น้ำกก", "รายชื่อผู้สมัคร", "บัตรทอง 1330",
        "ช่อง ด.ญ. ในฟอร์มคืออะไร", "หมอลำมาเล่นวันไหน รอคำตอบอยู่ค่ะ", "ลืมใส่ชื่อในฟอร์มครับ เร็วๆ หน่อยนะ",
        "งบ 296538707.50 บาท", "ข่าวบอก 1234567890.50 บาท", "โอน 1234567890 บาท", "ธ.ก.ส. วงเงิน 100000-500000",
        "เริ่ม\n09.30\n123456 คน", "2566 2567\n2568 2569", "ราคา\n1200\n3500 บาท", "ซื่อสัตย์ สุจริต โปร่งใส",
        "ไลน์ชื่อซ้ำทำไง", "ชื่อไลน์เปลี่ยนยังไง", "add line not working", "line ค้าง 12345", "I miss the training",
        "ทางหลวง ทล 118 รถติดมาก", "จอดรถ ขอ 500 คัน", "ประชุม 12/3 หมู่บ้านสันทราย", "ตาม พ.ร.บ. 2540 ม.7 และ ม.9",
        "this is Chiang Rai right", "ตาบอด มองไม่เห็น สมัครได้ไหม",
        "ทะเบียนบ้าน ต้องใช้ไหม", "เกิดเหตุวันที่ 12/3/2567", "มาตรา 14 และ ม.112",
    ],
)  # fmt: skip
def test_what_identifies_nobody_is_kept(text: str) -> None:
    assert mask(text) == text


PIECES = (
    "ชื่อ", "นาย", "นางสาว", "คุณ", "ครู", "นามสกุล", "มาลี", "ใจดี", "ครับ", "ผม", " ", "  ", "\n", "-",
    ".", "/", "(", "@", ":", "0", "1", "5", "12", "081", "2345678", "๐๘๑", "2567", "1234567890", "บาท",
    "คน", "โทร", "บัญชี", "ไลน์", "line", "id", "a1", "malee", "Malee", "Mr.", "gmail.com", "เฟส",
    "บ้านเลขที่", "หมู่", "ต.", "เกิด", "วันที่", "ทะเบียน", "รถ", "กข", "พาสปอร์ต", "AA", "ใบขับขี่",
    "ศูนย์", "หนึ่ง", "งบ", "โครงการ", "O", "+66", "น.", "\u200b", "e\u200b\u0301", "<ชื่อ>", "<ตัวเลข>",
    "<เบอร์โทร>", "<", ">", "\n2260669", "\n099", "207 243 4333", "ชื่อไลน์ ", "add line ", "จื้อ ", "ห้อง", "ถนน",
    "วันเกิด", "Teacher ", "mr. ", "3กฎ 832", "เชียงราย",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_the_logs_lose_every_number_that_messages_lose(text: str) -> None:
    """But for digits beside Latin letters and for seventeen and more, which belong to ids that machines give."""
    text = re.sub("[0-9]{17,}", "", re.sub("[A-Za-z_]", "", plain(text)))
    logged = plain(mask_for_logs(text))
    assert numbers.mask_numbers(logged) == logged


def test_ids_of_machines_stay_in_the_logs() -> None:
    kept = "message 468789577898262530 turn 123e4567-e89b-12d3-a456-426614174000 content 0123456789ab"
    assert mask_for_logs(kept) == kept
    assert mask_for_logs("to 123-4-56789-0 or 1234567890") == "to <number> or <number>"


HOSTILE = (
    "0", "0 ", "1-", "12 ", "1/", "08.30 ", "+66", "0(", "a@", "a.", "(at)", "gmail", "ก", "กข ", "นาย",
    "นายกข กข ", "คุณกขค ", "ชื่อ กข ", "ชื่อนาย", "ผมชื่อ", "นามสกุล", "ณ ", "Mr. ", "my name is ",
    "I am A", "ไลน์ผม", "line: ", "เฟส กข ", "facebook.com/", "line.me/ti/p/", "เกิดวันที่ ", "ทะเบียน ก",
    "รถผม", "passport ", "บ้านเลขที่ 1", "1/1 ม.1 ", "โฉนดเลขที่ ", "ศูนย์หนึ่ง", "ครับ", "2567 ", "\n",
    "<ชื่อ>", "1\n", "099\n", "0\n1 ", "ชื่อไลน์ กข ",
    "add line ", "mr. ab ", "Teacher ", "วันเกิดก", "1/1 ถนนก", "ห้อง", "ab123456 ",
)  # fmt: skip
MODULES = (accounts, documents, in_logs, names, numbers, over_lines, places, writing)
SIZE, SLOWEST = 25_000, 0.05
"""Bytes, seconds: half of the longest text, and of the time that it may take."""


def patterns(module: ModuleType) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (f"{module.__name__}.{name}", value) for name, value in vars(module).items() if isinstance(value, re.Pattern)
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_pattern_is_slow_on_a_hostile_text(module: ModuleType) -> None:
    slow = []
    for name, pattern in patterns(module):
        for piece in HOSTILE:
            text = piece * (SIZE // len(piece.encode()))
            if _seconds(pattern, text) > SLOWEST and _seconds(pattern, text) > SLOWEST:
                slow.append((name, piece))
    assert slow == []


@pytest.mark.parametrize("piece", ["0 ", "1/", "Mr. ", "ชื่อนาย", "นายกข กข ", "facebook.com/"])
def test_twice_the_text_takes_about_twice_as_long(piece: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        mask(piece * (size // len(piece)))
        return time.process_time() - started

    assert min(seconds(40_000) for _ in range(3)) < 4 * min(seconds(20_000) for _ in range(3)) + 0.05


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    pattern.sub("", text)
    return time.process_time() - started
