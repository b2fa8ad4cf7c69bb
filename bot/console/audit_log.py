"""Who did what: the audit log, newest first."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.console import sentences
from bot.console.access import Pages, row_id
from bot.console.premises import Premises
from bot.outreach import staff
from bot.outreach.permissions import Permission
from bot.storage import audit
from bot.storage.audit import AuditRow

A_PAGE = 50
SUBJECTS = {
    "faq": "คลังคำตอบ", "review": "ทบทวนคำถาม", "staff": "คนทำงาน", "session": "การเข้าระบบ", "export": "การดาวน์โหลด",
    "event": "กิจกรรม", "notice": "ประกาศ", "people": "เพื่อนใน LINE",
}  # fmt: skip
"""By how their actions begin."""


def audit_log(premises: Premises) -> Blueprint:
    pages = Pages("audit_log")

    @pages.page("/audit", needs=Permission.SEE_AUDIT)
    def index() -> ResponseReturnValue:
        prefix = request.args.get("about", "")
        before = request.args.get("before", type=row_id)
        with premises.database.reading() as db:
            lines = audit.list_entries(
                db,
                action_prefix=f"{prefix}." if prefix in SUBJECTS else "",
                before_id=before,
                limit=A_PAGE + 1,
            )
            names = {str(account.id): account.name for account in staff.list_accounts(db)}
        return render_template(
            "console/audit_log.html",
            lines=[(line, _changes(line)) for line in lines[:A_PAGE]],
            more=lines[A_PAGE - 1].id if len(lines) > A_PAGE else None,
            about=prefix,
            subjects=SUBJECTS,
            actions=sentences.ACTIONS,
            names=names,
        )

    return pages.guard(premises)


def _changes(line: AuditRow) -> list[tuple[str, str, str]]:
    """The fields by name, each with what it was and what it is."""
    before, after = line.before or {}, line.after or {}
    return [
        (
            _encodable(sentences.AUDIT_FIELDS.get(name, name)),
            _encodable(_told(name, before.get(name))),
            _encodable(_told(name, after.get(name))),
        )
        for name in dict.fromkeys([*before, *after])
    ]


def _encodable(text: str) -> str:
    """Half a letter is possible in JSON, and on no page."""
    return text.encode(errors="replace").decode()


def _told(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON
    if value is None or isinstance(value, bool):
        return {None: "–", True: "ใช่", False: "ไม่"}[value]
    if isinstance(value, dict) and value.keys() == {"cut", "letters", "sha256"}:
        return f"{value['cut']}… ({value['letters']} ตัวอักษร)"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value.startswith("hash:"):
        return sentences.NOT_KEPT
    return {str(role): title for role, title in sentences.ROLES.items()}.get(value, value) if name == "role" else value
