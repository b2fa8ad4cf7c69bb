"""The FAQ out to a table file, and a table file into the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import faq_faults, records
from bot.console.access import Pages, visitor
from bot.console.faq_working import Working, open_working, show
from bot.console.premises import Premises
from bot.faq import exchange
from bot.faq.changes import Changes
from bot.faq.exchange_faults import ImportFault, ImportRefused
from bot.faq.refusals import BadContent
from bot.outreach.permissions import Permission
from knowledge.catalogue import Catalogue
from knowledge.entries import Fault

MOST_SHOWN = 500
LONGEST_NAME = 80
KINDS = {
    "csv": ("text/csv; charset=utf-8", exchange.write_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.write_xlsx),
}
SHEETS = {
    "entries": "เรื่อง (entries)", "details": "รายละเอียด (details)", "variants": "วิธีถาม (variants)", "csv": "ทั้งไฟล์",
    "xlsx": "ทั้งไฟล์",
}  # fmt: skip
REASONS = {
    "too large": "ใหญ่เกินไป ({detail})",
    "unreadable": "อ่านไม่ได้ ไฟล์อาจเสีย หรือไม่ใช่ชนิดที่บอก ({detail})",
    "wrong encoding": "อ่านตัวอักษรไม่ได้ บันทึกไฟล์เป็น {detail} นะคะ",
    "mixed line ends": "ปลายบรรทัดปนกันหลายแบบ ({detail}) เปิดแล้วบันทึกใหม่ในโปรแกรมเดียวนะคะ",
    "missing sheet": "ไม่มีแผ่นงานนี้",
    "missing column": "ไม่มีคอลัมน์นี้",
    "unknown column": "ไม่รู้จักคอลัมน์นี้",
    "unknown sheet": "ไม่รู้จักแผ่นงาน {detail}",
    "too many rows": "แถวมากเกินไป รับได้ {detail} แถว",
    "too many columns": "คอลัมน์มากเกินไป {detail}",
    "too long": "ข้อความยาวเกินไป ({detail})",
    "formula": "เป็นสูตร ขอเป็นข้อความธรรมดา",
    "not text": "ไม่ใช่ข้อความ ({detail})",
    "unreadable letter": "มีตัวอักษรที่แสดงไม่ได้",
    "empty": "ว่างอยู่ ขอข้อความด้วย",
    "duplicate id": "รหัสเรื่อง {detail} ซ้ำ",
    "unknown id": "ไม่มีเรื่องรหัส {detail} ในแผ่น entries",
    "malformed": "เขียน {detail} ไม่ถูกแบบ เช่น offer_person หรือ list_events(forum)",
}


@dataclass(frozen=True, slots=True)
class ShownFault:
    sheet: str
    row: int | None
    column: str
    words: str


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/files", needs=Permission.EDIT_FAQ, methods=("GET", "POST"))
    def files() -> ResponseReturnValue:
        with premises.database.reading() as db:
            working = open_working(premises, db)
        if request.method == "POST":
            return _import(premises, working)
        return show("faq_files", working)

    @pages.page("/faq/files/<source>.<kind>", needs=Permission.EDIT_FAQ)
    def export(source: str, kind: str) -> ResponseReturnValue:
        if kind not in KINDS or source not in ("draft", "in-force"):
            abort(404)
        with premises.database.reading() as db:
            working = open_working(premises, db)
        return _file(working.catalogue if source == "draft" else working.in_force, source, kind)


def _file(catalogue: Catalogue, source: str, kind: str) -> Response:
    mimetype, write = KINDS[kind]
    response = make_response(write(catalogue))
    response.headers["Content-Type"] = mimetype
    name = f"faq-{source}-{catalogue.version[:12]}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _import(premises: Premises, working: Working) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _again(working, why="เลือกไฟล์ก่อนนะคะ")
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:]
    if not name.lower().endswith((".csv", ".xlsx")):
        return _again(working, why="รับไฟล์ .csv หรือ .xlsx ค่ะ")
    by, now, base = visitor().account.id, premises.now(), working.catalogue
    with file.stream as stream:
        data = stream.read()
    try:
        catalogue = exchange.read_table(name, data, base=base)
        if catalogue == base:
            flash("ไฟล์นี้เหมือนที่มีอยู่แล้วค่ะ ไม่มีอะไรเปลี่ยน", "info")
            return redirect(url_for("faq.files"))
        with premises.database.transaction() as db:
            done = exchange.import_content(db, catalogue=catalogue, base=base, source=name, by=by, now=now)
            records.record(db, premises, "faq.imported", ("faq_draft", done.revision), after={"file": name})
    except ImportRefused as refused:
        return _again(working, faults=[_shown(fault, working) for fault in refused.faults])
    except BadContent as bad:
        return _again(working, faults=[_shown_content(fault, working) for fault in bad.faults])
    flash(_said(done.changes), "success")
    return redirect(url_for("faq.draft"))


def _again(working: Working, *, why: str = "", faults: Sequence[ShownFault] = ()) -> ResponseReturnValue:
    page = show("faq_files", working, why=why, faults=faults[:MOST_SHOWN], found=len(faults))
    return page, 422


def _shown(fault: ImportFault, working: Working) -> ShownFault:
    if fault.reason == "content":
        words = faq_faults.tell(fault.detail, titles=working.titles).words
    else:
        words = REASONS[fault.reason].format(detail=fault.detail)
    return ShownFault(SHEETS.get(fault.sheet, fault.sheet), fault.row, fault.column or "", words)


def _shown_content(fault: Fault, working: Working) -> ShownFault:
    return ShownFault(fault.file, fault.line, "", faq_faults.tell(fault.message, titles=working.titles).words)


def _said(changes: Changes) -> str:
    kinds = [change.kind for change in changes.entries]
    counted = [
        f"{word} {kinds.count(kind)} เรื่อง"
        for kind, word in (("added", "เพิ่ม"), ("changed", "แก้"), ("removed", "ลบ"))
        if kind in kinds
    ]
    moved = [f"ย้ายวิธีถาม {len(changes.moved)} แบบ"] if changes.moved else []
    return "นำเข้าฉบับร่างแล้วค่ะ " + " ".join(counted + moved)
