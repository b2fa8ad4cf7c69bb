"""What the console says when something does not work, and the names of things. In Thai, for staff."""

from __future__ import annotations

from datetime import datetime

from bot import thai_dates
from bot.outreach.permissions import Role
from bot.outreach.sign_in import PasswordFault

ROLES = {Role.VOLUNTEER: "อาสาสมัคร", Role.STAFF: "เจ้าหน้าที่", Role.ADMINISTRATOR: "ผู้ดูแลระบบ"}

PASSWORD_FAULTS = {
    PasswordFault.TOO_SHORT: "รหัสผ่านสั้นไปค่ะ ขออย่างน้อย 10 ตัว ใช้หลายคำต่อกันก็ได้ เช่น ชื่อต้นไม้สามชนิด",
    PasswordFault.TOO_LONG: "รหัสผ่านยาวเกินไปค่ะ ขอไม่เกิน 200 ตัว",
    PasswordFault.LIKE_ACCOUNT: "รหัสผ่านเหมือนชื่อของคุณค่ะ คนอื่นเดาได้ง่าย ขอเป็นอย่างอื่นนะคะ",
    PasswordFault.REPEATED: "รหัสผ่านเป็นตัวเดิมซ้ำ ๆ ค่ะ คนอื่นเดาได้ง่าย ขอเป็นอย่างอื่นนะคะ",
    PasswordFault.SEQUENCE: "รหัสผ่านเป็นตัวที่เรียงกันค่ะ คนอื่นเดาได้ง่าย ขอเป็นอย่างอื่นนะคะ",
    PasswordFault.COMMON: "รหัสผ่านนี้มีคนใช้กันมากค่ะ คนอื่นเดาได้ง่าย ขอเป็นอย่างอื่นนะคะ",
}

WRONG_LOGIN = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้องค่ะ ลองดูว่าแป้นพิมพ์เป็นภาษาที่ต้องการหรือเปล่า"
WRONG_PASSWORD = "รหัสผ่านเดิมไม่ถูกต้องค่ะ"  # noqa: S105 - a sentence
WRONG_CODE = "รหัสไม่ถูกต้องค่ะ รหัสเปลี่ยนทุก 30 วินาที และใช้ได้ครั้งเดียว ลองดูรหัสล่าสุดในแอปอีกครั้งนะคะ"
TOO_BUSY = "ตอนนี้มีคนเข้าระบบพร้อมกันหลายคนค่ะ รอสักครู่แล้วลองใหม่นะคะ"
NOT_THE_SAME = "รหัสผ่านสองช่องไม่เหมือนกันค่ะ พิมพ์ใหม่อีกครั้งนะคะ"
ENROLMENT_EXPIRED = "หน้านี้เปิดไว้นานเกินไปค่ะ ขอให้สแกนรูปใหม่อีกครั้งนะคะ"
ACCOUNT_CHANGED = "บัญชีนี้เพิ่งมีการเปลี่ยนแปลงค่ะ ขอให้เข้าสู่ระบบใหม่นะคะ"
OTHER_ACCOUNT_CHANGED = "บัญชีนี้เพิ่งมีคนแก้ไปค่ะ ดูรายการล่าสุดแล้วลองใหม่นะคะ"
LAST_ADMINISTRATOR = "คนนี้เป็นผู้ดูแลระบบคนสุดท้ายค่ะ ตั้งคนอื่นเป็นผู้ดูแลระบบก่อนนะคะ"
LOGIN_TAKEN = "มีคนใช้ชื่อผู้ใช้นี้แล้วค่ะ"
FIELDS = {
    "name": "ขอชื่อ 1 ถึง 80 ตัวอักษรค่ะ",
    "login": "ชื่อผู้ใช้ขอ 3 ถึง 64 ตัว ใช้ตัวอักษร ตัวเลข และ . _ - @ ได้ค่ะ",
}

ACTIONS = {
    "session.opened": "เข้าสู่ระบบ",
    "session.code_wrong": "ใส่รหัสยืนยันผิด",
    "staff.added": "เพิ่มคน",
    "staff.joined": "ตั้งรหัสผ่านครั้งแรก",
    "staff.password_set": "ตั้งรหัสผ่านใหม่จากลิงก์",
    "staff.password_changed": "เปลี่ยนรหัสผ่าน",
    "staff.second_factor_set": "เปิดใช้รหัสยืนยัน",
    "staff.recovery_codes_renewed": "ออกรหัสสำรองชุดใหม่",
    "staff.line_unlinked": "เลิกเชื่อมกับ LINE",
    "staff.role_changed": "เปลี่ยนหน้าที่",
    "staff.reset": "ออกลิงก์ตั้งรหัสผ่านใหม่",
    "staff.disabled": "ปิดบัญชี",
    "staff.enabled": "เปิดบัญชี",
    "staff.line_linked": "เชื่อมกับ LINE",
    "review.decided": "ตัดสินคำถามกลุ่มหนึ่ง",
    "review.proposed": "เสนอว่าคำถามกลุ่มหนึ่งคือเรื่องอะไร",
    "review.undone": "ย้อนการตัดสิน",
    "review.merged": "รวมกลุ่มคำถาม",
    "review.parted": "แยกคำถามออกจากกลุ่ม",
    "review.judged": "ตรวจคำตอบที่สุ่มมา",
    "review.test_retired": "เลิกใช้ข้อทดสอบ",
    "faq.entry_saved": "แก้เรื่องในคลังคำตอบ",
    "faq.entry_added": "เพิ่มเรื่องในคลังคำตอบ",
    "faq.entry_deleted": "ลบเรื่องจากคลังคำตอบ",
    "faq.messages_added": "เพิ่มข้อความที่ไม่ใช่เรื่องของเรา",
    "faq.messages_removed": "เอาข้อความที่ไม่ใช่เรื่องของเราออก",
    "faq.lexicon_changed": "แก้คำที่บอตรู้จัก",
    "faq.draft_discarded": "ทิ้งฉบับร่าง",
    "faq.draft_from_version": "ทำฉบับร่างจากฉบับก่อน",
    "faq.edit_undone": "ย้อนการแก้",
    "faq.imported": "นำเข้าไฟล์",
    "faq.merged": "รวมกับฉบับอื่น",
    "faq.check_started": "เริ่มตรวจก่อนเผยแพร่",
    "faq.published": "เผยแพร่คลังคำตอบ",
    "faq.rolled_back": "กลับไปใช้ฉบับก่อน",
    "event.created": "สร้างกิจกรรม",
    "event.amended": "แก้กิจกรรม",
    "event.published": "เผยแพร่กิจกรรม",
    "event.called_off": "ยกเลิกกิจกรรม",
    "event.copied": "ทำสำเนากิจกรรม",
    "event.removed": "ลบฉบับร่างกิจกรรม",
    "registration.phone_shown": "เปิดดูเบอร์โทรของผู้ลงทะเบียน",
    "registration.added": "เพิ่มผู้ลงทะเบียน",
    "registration.noted": "เขียนบันทึกถึงผู้ลงทะเบียน",
    "registration.party_changed": "เปลี่ยนจำนวนคนของผู้ลงทะเบียน",
    "registration.cancelled": "ยกเลิกที่ของผู้ลงทะเบียน",
    "registration.admitted": "รับผู้ลงทะเบียน",
    "registration.refused": "ไม่รับผู้ลงทะเบียน",
    "registration.offer_taken": "ตอบรับที่ว่างแทนผู้ลงทะเบียน",
    "registration.offer_declined": "สละที่ว่างแทนผู้ลงทะเบียน",
    "registration.moved": "ย้ายผู้ลงทะเบียนไปงานอื่น",
    "registration.claim_made": "ออกรหัสย้ายบัญชี LINE ให้ผู้ลงทะเบียน",
    "registration.telephoned": "จดว่าโทรบอกผู้ลงทะเบียนแล้ว",
    "registration.telephone_undone": "แก้ว่ายังไม่ได้โทรบอกผู้ลงทะเบียน",
    "registration.message_released": "ส่งข้อความที่พักไว้",
    "registration.message_dropped": "ทิ้งข้อความที่พักไว้",
    "event.admitted_several": "รับผู้ลงทะเบียนหลายรายพร้อมกัน",
    "event.messages_released": "ส่งข้อความที่พักไว้ทั้งหมดของงาน",
    "event.messages_dropped": "ทิ้งข้อความที่พักไว้ทั้งหมดของงาน",
    "export.registrants": "ดาวน์โหลดรายชื่อผู้ลงทะเบียน",
    "export.roster": "พิมพ์รายชื่อผู้ลงทะเบียน",
    "registration.checked_in": "เช็กอิน",
    "registration.check_in_undone": "เลิกเช็กอิน",
    "registration.check_in_corrected": "แก้จำนวนคนที่เช็กอิน",
    "notice.created": "เริ่มเขียนประกาศ",
    "notice.edited": "แก้ประกาศ",
    "notice.submitted": "ส่งประกาศขออนุมัติ",
    "notice.removed": "ลบฉบับร่างประกาศ",
    "notice.trial": "ส่งประกาศให้ทีมงานลองดู",
    "notice.approved": "อนุมัติประกาศ",
    "notice.sent_back": "ส่งประกาศกลับให้แก้",
    "notice.called_back": "เอาประกาศกลับมาเป็นฉบับร่าง",
    "notice.paused": "หยุดพักการส่งประกาศ",
    "notice.resumed": "ส่งประกาศต่อ",
    "notice.stopped": "เลิกส่งประกาศ",
    "notice.exported": "ดาวน์โหลดผลของประกาศ",
    "people.import_begun": "เริ่มนำรายชื่อเพื่อนเข้า",
    "people.imported": "นำรายชื่อเพื่อนเข้า",
    "person.erased": "ลบข้อมูลของคนหนึ่งตามคำขอ",
    "person.restricted": "ระงับการใช้ข้อมูลของคนหนึ่ง",
    "person.restriction_lifted": "เลิกระงับการใช้ข้อมูลของคนหนึ่ง",
    "event.paper_typed_back": "พิมพ์รายชื่อเช็กอินจากกระดาษ",
    "backup.restored": "กู้ข้อมูลสำรอง",
    "sending.confirmed": "ให้ส่งข้อความต่อหลังกู้ข้อมูล",
    "keys.rotated": "เปลี่ยนกุญแจของข้อมูลที่เข้ารหัส",
    "export.figures": "ดาวน์โหลดตัวเลข",
    "case.taken": "รับเรื่อง",
    "case.given_back": "คืนเรื่อง",
    "case.handed_over": "ส่งต่อเรื่องให้คนอื่น",
    "case.answered": "ตอบเรื่องทาง LINE",
    "case.noted": "จดบันทึกภายในของเรื่อง",
    "case.closed": "ปิดเรื่อง",
    "case.reopened": "เปิดเรื่องอีกครั้ง",
    "case.contact_shown": "เปิดดูชื่อและที่ติดต่อในเรื่อง",
    "canned.saved": "บันทึกคำตอบสำเร็จรูป",
    "canned.deleted": "ลบคำตอบสำเร็จรูป",
    "faq.from_case": "นำคำถามหรือคำตอบในเรื่องไปใส่คลังคำตอบ",
}
"""Of the audit log. One that is not here stands there by its own name."""
AUDIT_FIELDS = {
    "role": "หน้าที่", "disabled": "ปิดบัญชีอยู่", "has_second_factor": "มีรหัสยืนยัน", "linked": "เชื่อม LINE",
}  # fmt: skip
NOT_KEPT = "(ไม่เก็บข้อมูลส่วนตัวไว้)"

ERRORS = {
    400: ("ข้อมูลที่ส่งมาไม่ครบค่ะ", "กลับไปหน้าเดิมแล้วลองใหม่อีกครั้งนะคะ ข้อมูลที่บันทึกไว้แล้วยังอยู่ครบ"),
    403: ("คุณยังไม่มีสิทธิ์เปิดหน้านี้ค่ะ", "ถ้าต้องใช้ในงานของคุณ บอกผู้ดูแลระบบนะคะ"),
    404: ("ไม่พบหน้านี้ค่ะ", "อาจถูกย้ายหรือลบไปแล้ว กลับไปหน้าแรกแล้วเลือกใหม่นะคะ"),
    405: ("เปิดหน้านี้แบบนี้ไม่ได้ค่ะ", "กลับไปหน้าเดิมแล้วกดปุ่มอีกครั้งนะคะ"),
    409: ("มีคนแก้ไปก่อนแล้วค่ะ", "เปิดหน้าเดิมใหม่เพื่อดูฉบับล่าสุด ยังไม่มีอะไรถูกเขียนทับนะคะ"),
    413: ("สิ่งที่ส่งมาใหญ่เกินไปค่ะ", "ถ้าเป็นไฟล์ ขอไม่เกิน 5 เมกะไบต์นะคะ"),
    421: ("ที่อยู่เว็บไม่ถูกต้องค่ะ", "เปิดจากที่อยู่ที่ศูนย์ให้ไว้นะคะ"),
    500: ("ระบบขัดข้องค่ะ", "ข้อมูลที่บันทึกไว้แล้วยังอยู่ครบ ลองใหม่อีกครั้ง ถ้ายังไม่ได้ บอกผู้ดูแลระบบนะคะ"),
}
LINK_SPENT = ("ลิงก์นี้ใช้ไม่ได้แล้วค่ะ", "อาจมีคนใช้ไปแล้ว หรือหมดอายุแล้ว ขอลิงก์ใหม่จากผู้ดูแลระบบนะคะ")
FORM_EXPIRED = ("หน้านี้เปิดไว้นานเกินไปค่ะ", "กลับไปหน้าเดิม โหลดใหม่ แล้วส่งอีกครั้งนะคะ")


def wait_until(until: datetime) -> str:
    return f"ใส่ผิดหลายครั้งแล้วค่ะ เพื่อความปลอดภัย ขอให้รอถึง {thai_dates.time_of_day(until)} แล้วลองใหม่นะคะ"
