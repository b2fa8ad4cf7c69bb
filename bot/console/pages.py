"""All pages of the console, their navigation, and how they are hung into the web application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from werkzeug.routing import IntegerConverter, Map

from bot import thai_dates
from bot.console import (
    account,
    accounts,
    audit_log,
    cases,
    check_in,
    doors,
    events,
    faq,
    figures,
    hardening,
    home,
    line_login,
    notices,
    registrants,
    review,
    safety,
    sentences,
    try_it,
)
from bot.console.access import LARGEST_ID, find_visitor, may
from bot.console.premises import Premises
from bot.outreach import review as reviewing
from bot.outreach import silent_errors
from bot.outreach.permissions import Permission


@dataclass(frozen=True, slots=True)
class Item:
    endpoint: str
    title: str
    what: str
    """In a few words, for the first page."""
    needs: Permission


NAVIGATION = (
    Item("home.show", "หน้าแรก", "", Permission.OWN_ACCOUNT),
    Item("cases.index", "กล่องเรื่อง", "ตอบคนที่อยากคุยกับเจ้าหน้าที่ ส่งข้อความกลับทาง LINE", Permission.SEE_CASES),
    Item("try_it.show", "ลองถาม", "พิมพ์ข้อความ แล้วดูว่าบอตตอบอะไร เพราะอะไร", Permission.SEE_QUESTIONS),
    Item("review.index", "ทบทวนคำถาม", "ช่วยดูว่าคำถามไหนคือเรื่องอะไร", Permission.SEE_QUESTIONS),
    Item("faq.index", "คลังคำตอบ", "แก้คำตอบและวิธีถาม แล้วเผยแพร่", Permission.EDIT_FAQ),
    Item("events.index", "กิจกรรม", "จัดกิจกรรม ดูว่าใครมาบ้าง", Permission.SEE_EVENTS),
    Item("check_in.index", "เช็กอิน", "เช็กอินคนที่มางานวันนี้", Permission.CHECK_IN),
    Item("registrants.telephone", "ต้องโทรบอก", "คนที่ LINE ส่งถึงไม่ได้ และข้อความที่รอยืนยัน", Permission.SEE_PEOPLE),
    Item("notices.index", "ประกาศ", "เขียนข่าวถึงคนที่อยากรับ ขออนุมัติ แล้วส่ง", Permission.WRITE_NOTICES),
    Item("figures.index", "ตัวเลข", "คนถามอะไร บอตตอบได้แค่ไหน", Permission.SEE_FIGURES),
    Item("accounts.index", "คนทำงาน", "ใครเข้าระบบได้บ้าง ทำอะไรได้", Permission.MANAGE_STAFF),
    Item("safety.index", "สำรองข้อมูล", "ดูข้อมูลสำรองล่าสุด และการส่งที่พักไว้", Permission.RUN_SYSTEM),
    Item("audit_log.index", "บันทึกการทำงาน", "ใครทำอะไร เมื่อไร", Permission.SEE_AUDIT),
)
"""In this order, for those who may."""

FIGURES_ELSEWHERE = figures.Sources(
    waiting_groups=reviewing.count_waiting,
    silent_errors=lambda db, now: [
        (week.weeks[0], week.wrong) for week in silent_errors.count_by_week(db, now=now, weeks=12)
    ],
)
BLUEPRINTS = (
    doors.doors,
    line_login.line_login,
    home.home,
    cases.case_pages,
    review.review,
    faq.faq,
    events.event_pages,
    registrants.registrants,
    check_in.check_in,
    notices.notice_pages,
    partial(figures.figures, sources=FIGURES_ELSEWHERE),
    try_it.try_it,
    account.account,
    accounts.accounts,
    safety.safety,
    audit_log.audit_log,
)


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that no row can have is no address of ours, and no fault of the database."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002, ANN401 - werkzeug's own signature
        super().__init__(map, **{"max": LARGEST_ID, **options})


def install(app: Flask, premises: Premises) -> None:
    app.url_map.converters["int"] = RowNumber
    hardening.install(app, settings=premises.settings, vault=premises.vault)
    for make in BLUEPRINTS:
        app.register_blueprint(make(premises))
    app.jinja_env.filters["thai_time"] = thai_dates.date_and_time
    app.jinja_env.filters["thai_date"] = _date
    app.jinja_env.filters["day"] = thai_dates.long_date
    app.register_error_handler(CSRFError, _form_expired)
    app.context_processor(_context(premises))


def error_page(status: int) -> Response:
    """An error as staff see it."""
    title, what = sentences.ERRORS.get(status, sentences.ERRORS[500] if status >= 500 else sentences.ERRORS[400])
    response = make_response(render_template("console/notice.html", title=title, what=what), status)
    response.cache_control.no_store = True
    return response


def _form_expired(_error: CSRFError) -> Response:
    title, what = sentences.FORM_EXPIRED
    return make_response(render_template("console/notice.html", title=title, what=what), 400)


def _date(moment: datetime) -> str:
    return thai_dates.date_and_time(moment).split(" เวลา")[0]


def _context(premises: Premises) -> Callable[[], dict[str, Any]]:
    def context() -> dict[str, Any]:
        if not hardening.is_ours(request.path):
            return {}
        return {
            "visitor": find_visitor(),
            "navigation": _navigation(),
            "centre": _centre(premises),
            "hidden": _hidden,
            "roles": sentences.ROLES,
            "line_login": bool(premises.settings.line_login_channel_id),
            "may": _may,
        }

    return context


def _navigation() -> list[dict[str, Any]]:
    found = find_visitor()
    if found is None:
        return []
    here = (request.endpoint or "").partition(".")[0]
    return [
        {
            "endpoint": item.endpoint,
            "address": url_for(item.endpoint),
            "title": item.title,
            "what": item.what,
            "here": item.endpoint.partition(".")[0] == here,
        }
        for item in NAVIGATION
        if found.may(item.needs)
    ]


def _centre(premises: Premises) -> str:
    try:
        return premises.library.current().catalogue.pack.centre["th"]
    except Exception:  # noqa: BLE001 - a page without a name is better than none
        return "ศูนย์"


def _hidden() -> Markup:
    """The field that shows that a form is one of ours."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _may(name: str) -> bool:
    return may(Permission(name))
