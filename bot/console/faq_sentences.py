"""What the FAQ's pages call things, in Thai, for staff."""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES = {
    "center": "ศูนย์ของเรา", "event": "กิจกรรมและการลงทะเบียน", "forum": "เวทีแลกเปลี่ยนเรียนรู้",
    "school": "ประชาธิปไตยในโรงเรียน", "ethnic": "พี่น้องชาติพันธุ์", "media": "สื่ออาสา", "poverty": "แก้จน ศตจ.ปชช.",
    "issue": "ประเด็นในพื้นที่", "general": "เรื่องทั่วไป",
}  # fmt: skip
"""Others are shown by the name they have."""

PLACES_TO_PUT = {
    "contact_phone": "เบอร์โทรของศูนย์", "contact_email": "อีเมลของศูนย์", "contact_url": "เว็บของศูนย์",
    "contact_address": "ที่อยู่ของศูนย์", "contact_latitude": "ละติจูดของศูนย์", "contact_longitude": "ลองจิจูดของศูนย์",
    "contact_hours": "เวลาทำการ", "welfare_card_contact": "ที่ติดต่อเรื่องบัตรสวัสดิการ",
}  # fmt: skip
"""The settings that an answer may name."""

KINDS_OF_MESSAGES = {
    "near": ("เรื่องใกล้เคียงที่หน่วยงานอื่นดูแล", "เช่น ทำบัตรประชาชน ต่อใบขับขี่"),
    "traps": ("ใช้คำเดียวกับเรา แต่เป็นเรื่องอื่น", "เช่น เวทีมวย ร้านทองเปิดกี่โมง"),
    "far": ("เรื่องไกลตัว", "เช่น หวย ผลบอล ดินฟ้าอากาศ"),
    "chitchat": ("คุยเล่น", "เช่น ถามว่าบอตมีแฟนไหม"),
    "political": ("ถามว่าควรเลือกใคร พรรคไหน", "บอตวางตัวเป็นกลางและไม่ตอบ"),
    "abuse": ("คำด่า", "บอตไม่ตอบเนื้อหา"),
}

WORDS = {
    "keep_whole": ("คำที่ต้องไม่ถูกตัด", "ชื่อและคำเฉพาะที่อ่านเป็นคำเดียว"),
    "particles": ("คำสุภาพ", "คำลงท้ายที่ไม่นับเป็นเนื้อความ เช่น ครับ คะ"),
    "connectors": ("คำเชื่อมสองเรื่อง", "คำที่คั่นระหว่างสองคำถามในข้อความเดียว เช่น แล้วก็"),
    "negations": ("คำปฏิเสธ", "เมื่ออยู่หน้าคำขอความช่วยเหลือ แปลว่าไม่ใช่เหตุด่วน"),
    "exaggerations": ("คำพูดเกินจริง", "สิ่งที่คนพูดว่า “จะตาย” เช่น หิว ขำ"),
    "dying": ("คำว่าตายในสำนวน", "คำที่ใช้คู่กับคำพูดเกินจริง"),
    "hearsay": ("คำของข่าว หนัง และสถิติ", "ผู้ถามพูดถึงเหตุ ไม่ได้อยู่ในเหตุ"),
    "abbreviations": ("คำย่อ", "คำย่อ อ่านเป็นคำเต็ม"),
    "northern": ("คำเมือง", "คำเมือง อ่านเป็นคำกลาง"),
    "misspellings": ("คำที่มักพิมพ์ผิด", "คำที่พิมพ์ผิด อ่านเป็นคำที่ถูก"),
    "english": ("คำอังกฤษ", "คำอังกฤษ อ่านเป็นคำไทย"),
    "synonyms": ("คำความหมายใกล้กัน", "คำที่ความหมายเกือบเหมือนกัน"),
}

EDITS = {
    "opened": "เริ่มฉบับร่าง", "entry saved": "แก้เรื่อง", "entry added": "เพิ่มเรื่อง", "entry deleted": "ลบเรื่อง",
    "variants added": "เพิ่มวิธีถามของ", "variants removed": "ลบวิธีถามของ", "messages added": "เพิ่มข้อความใน",
    "messages removed": "ลบข้อความใน", "lexicon changed": "แก้คำ", "merged": "รวมฉบับอื่นเข้ามา", "imported": "นำเข้าจาก",
    "undo": "ย้อนการแก้ครั้งที่", "discarded": "ทิ้งฉบับร่าง", "published": "เผยแพร่",
}  # fmt: skip

FIELDS = {
    "title.th": "ชื่อเรื่อง", "title.en": "ชื่อเรื่อง (อังกฤษ)", "answer.th": "คำตอบ", "answer.en": "คำตอบ (อังกฤษ)",
    "details": "รายละเอียดที่ต้องมีข้อมูล", "unavailable.th": "คำตอบเมื่อยังไม่มีข้อมูล",
    "unavailable.en": "คำตอบเมื่อยังไม่มีข้อมูล (อังกฤษ)", "actions": "ปุ่มใต้คำตอบ", "related": "เรื่องใกล้กัน",
    "phrases": "คำที่แปลว่าอาจมีอันตราย", "variants": "วิธีที่คนถาม",
    "care.owner": "คนดูแล", "care.confirmed": "ยืนยันล่าสุด", "care.best_before": "ควรยืนยันใหม่ตั้งแต่",
    "care.valid_from": "ใช้ตั้งแต่", "care.valid_until": "ใช้ถึง", "care.when_old": "เมื่อเก่าแล้ว",
}  # fmt: skip

WHEN_OLD = {"say": "ยังตอบ แต่บอกว่ายืนยันล่าสุดเมื่อไร", "withhold": "ไม่ตอบ จนกว่าจะมีคนยืนยัน"}

VERDICTS = {"newly failing": "แย่ลง", "still failing": "ยังไม่ผ่าน", "mended": "ดีขึ้น", "weaker": "เปลี่ยนเป็นถามกลับ"}

NOTHING_PUBLISHED = ("ยังไม่มีคลังคำตอบค่ะ", "ผู้ดูแลเครื่องต้องโหลดคำตอบชุดแรกเข้าระบบก่อน")
SAVED = "บันทึกลงฉบับร่างแล้วค่ะ คนทั่วไปจะเห็นเมื่อเผยแพร่"
NOTHING_CHANGED = "ไม่มีอะไรต่างจากเดิมค่ะ"
UNKNOWN_TOPIC = ("ไม่พบเรื่องนี้ค่ะ", "อาจถูกลบไปจากฉบับร่างแล้ว กลับไปหน้าคลังคำตอบแล้วเลือกใหม่นะคะ")
STALE = "ฉบับร่างเพิ่งเปลี่ยนไปค่ะ ยังไม่มีอะไรถูกเขียนทับ ดูฉบับล่าสุดแล้วทำอีกครั้งนะคะ"
NO_DRAFT = "ตอนนี้ไม่มีฉบับร่างค่ะ"
CHANGED_BY_OTHERS = "มีคนแก้ไปก่อนแล้วค่ะ ยังไม่มีอะไรถูกเขียนทับ"
CANNOT_UNDO = "ย้อนครั้งนี้ไม่ได้ค่ะ มีการแก้ทับในภายหลัง หรือย้อนไปแล้ว"


def family(name: str) -> str:
    return FAMILIES.get(name, name)


def subject(name: str, titles: Mapping[str, str]) -> str:
    """What an entry, a kind of messages or a list of words is called."""
    if name in titles:
        return titles[name]
    named = KINDS_OF_MESSAGES.get(name) or WORDS.get(name)
    return named[0] if named else name
