"""Backups as administrators see them, and the word with which sending goes on after a restore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.alarms import words
from bot.backups.places import FOLDER, HERE, S3
from bot.backups.putting_back import UNFINISHED
from bot.console import records
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.outreach.permissions import Permission
from bot.settings import Settings
from bot.storage import alarms, backups, holds, restoring, retention_reports
from bot.storage.backups import BackupRow
from bot.storage.holds import HoldRow
from bot.storage.restoring import Waiting

RUN = Permission.RUN_SYSTEM
SHOWN = 14
OLD_AFTER = timedelta(hours=26)
"""A day, and as long as one may take to be made and copied."""
PLACES: Mapping[str, str] = {HERE: "เครื่องนี้", FOLDER: "โฟลเดอร์ที่สอง", S3: "ที่เก็บ S3"}
GOES_ON = "ระบบส่งข้อความตามปกติแล้วค่ะ"
NOT_HELD = "ตอนนี้ไม่ได้พักการส่งไว้ค่ะ"
SEEN_TICK = "อ่านแล้วติ๊กช่องด้านล่างก่อนนะคะ"
CHANGED = "มีการกู้ข้อมูลอีกครั้งหลังจากที่คุณเปิดหน้านี้ค่ะ ดูรายการใหม่ก่อนนะคะ"
NOT_THROUGH = "การกู้ข้อมูลยังไม่เสร็จค่ะ ผู้ดูแลเครื่องต้องสั่ง civicbot restore อีกครั้งก่อน"


@dataclass(frozen=True, slots=True)
class Line:
    row: BackupRow
    state: str
    """`whole`, `partly`, `failed` or `under_way`."""
    places: str
    size: str


def safety(premises: Premises) -> Blueprint:
    pages = Pages("safety")

    @pages.page("/safety", needs=RUN)
    def index() -> ResponseReturnValue:
        return _show(premises)

    @pages.page("/safety/confirm", needs=RUN, methods=("POST",))
    def confirm() -> ResponseReturnValue:
        with premises.database.transaction() as db:
            hold = holds.find(db, holds.SENDING)
            refused = _refused(hold)
            if hold is not None and not refused:
                holds.end(db, holds.SENDING)
                records.record(db, premises, "sending.confirmed", ("backup", hold.why))
        if refused:
            return _show(premises, refused=refused), 409
        flash(GOES_ON if hold is not None else NOT_HELD, "success" if hold is not None else "info")
        return redirect(url_for("safety.index"))

    return pages.guard(premises)


def _refused(hold: HoldRow | None) -> str:
    if hold is None:
        return ""
    if hold.why == UNFINISHED:
        return NOT_THROUGH
    if request.form.get("since") != hold.since.isoformat():
        return CHANGED
    return "" if request.form.get("seen") else SEEN_TICK


def _show(premises: Premises, *, refused: str = "") -> str:
    now = premises.now()
    with premises.database.reading() as db:
        rows = backups.list_latest(db, limit=SHOWN)
        last = backups.find_latest_finished(db, until=now)
        hold = holds.find(db, holds.SENDING)
        waiting = restoring.count_waiting(db) if hold is not None else Waiting(0, 0, 0)
        copied_at = backups.find_copied_at(db, restored_at=hold.since) if hold is not None else None
        wrong = [row for row in alarms.list_all(db) if row.over_at is None]
        purges = retention_reports.list_latest(db, limit=1)
    return render_template(
        "console/safety.html",
        lines=[line_of(row) for row in rows],
        last=last,
        age=_age(last, now),
        old=last is None or now - last.began_at > OLD_AFTER,
        hold=hold,
        unfinished=hold is not None and hold.why == UNFINISHED,
        waiting=waiting,
        copied_at=copied_at,
        refused=refused,
        alarms=[(words.line_of(row, "th"), row.since) for row in wrong],
        purge=purges[0] if purges else None,
        kept=_kept(premises.settings),
        settings=premises.settings,
    )


def line_of(row: BackupRow) -> Line:
    state = "whole" if row.finished_at else "under_way"
    if row.error:
        state = "partly" if row.places else "failed"
    places = " · ".join(PLACES.get(place, place) for place in row.places)
    return Line(row, state, places, f"{row.size / 1_000_000:,.1f} MB" if row.size else "")


def _age(last: BackupRow | None, now: datetime) -> str:
    if last is None:
        return ""
    hours = int((now - last.began_at).total_seconds() // 3600)
    if hours < 1:
        return "ไม่ถึง 1 ชั่วโมงก่อน"
    return f"{hours} ชั่วโมงก่อน" if hours < 48 else f"{hours // 24} วันก่อน"


def _kept(settings: Settings) -> list[str]:
    second = [PLACES[FOLDER]] if settings.backup_folder is not None else []
    return [PLACES[HERE], *second, *([PLACES[S3]] if settings.backup_s3 else [])]
