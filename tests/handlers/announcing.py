"""Volunteers who announce from their own phones, and the people who agreed to hear of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.outreach import line_linking, staff
from bot.outreach.permissions import Role
from bot.outreach.staff import Account
from bot.storage import audit as audit_lines
from bot.storage import channel, people, preferences
from bot.storage.channel import MonthlyQuota
from bot.storage.notices import NoticeRow
from handlers.routes import build_routes
from tests.bot.outreach.accounts import HASH
from tests.builders import NOON, SOMCHAI, US
from tests.handlers.registered import Door

THIS, FREE, MORE = "ประกาศงานนี้", "ข้อความอื่น", "ดูงานต่อไป"
TO, WORDS, WRITTEN, OTHER, LOOK = "เลือกผู้รับ", "แก้ข้อความ", "ใช้ที่บอตเขียนให้", "เลือกงานอื่น", "ดูตัวอย่าง"
EVERYONE, OF_PROGRAMME, OF_DISTRICT, REGISTERED = (
    "ทุกคนที่รับข่าว", "คนที่สนใจเรื่องนี้", "คนในอำเภอนี้", "คนที่ลงทะเบียนแล้ว",
)  # fmt: skip
SUBMIT, CHANGE, CANCEL = "ส่งขออนุมัติ", "เปลี่ยนผู้รับ", "ยกเลิก"
OFF = "ไม่รับข่าวแล้ว"
Heard = list[dict[str, Any]]


def furnish(door: Door, **changes: Any) -> None:
    """The desk otherwise: rules, domains, address."""
    office = door.office
    office.desk = replace(office.desk, **changes)
    office.tools = replace(office.tools, routes=build_routes(office.desk))


def link(door: Door, role: Role = Role.VOLUNTEER, user_id: str = SOMCHAI, *, name: str = "มาลี") -> Account:
    office, person_id = door.office, door.person(user_id)
    with office.database.transaction() as db:
        invited = staff.add_account(db, name=name, login=f"login{user_id[-3:]}", role=role, by=None, now=office.now)
        account = staff.accept_invitation(db, token=invited.token, password_hash=HASH, now=office.now)
        code = line_linking.make_code(db, office.vault, staff_id=account.id, now=office.now)
        line_linking.redeem(db, office.vault, code=code, person_id=person_id, now=office.now)
    return account


def agree(
    door: Door, count: int, *, first: int = 100, district: str | None = None, programme: str | None = None,
    **more: Any,
) -> list[int]:  # fmt: skip
    """So many people who agreed to notices, of one programme where it is named."""
    ids = []
    with door.office.database.transaction() as db:
        for number in range(first, first + count):
            person = people.find_or_create(db, line_user_id=f"U{number:032x}", now=NOON)
            values = {"wants_notices": True, "asked_at": NOON, "everything": programme is None, "district": district}
            preferences.save(db, person.id, **{**values, **more})
            if programme is not None:
                preferences.add_interest(db, person.id, kind=preferences.PROGRAMME, value=programme)
            ids.append(person.id)
    return ids


def know_quota(door: Door, limit: int | None, used: int = 0) -> None:
    with door.office.database.transaction() as db:
        channel.save(db, bot_user_id=US, reads_by_hand=False, now=door.office.now)
        assert channel.save_quota(db, MonthlyQuota(limit, used, door.office.now))


def notices_of(door: Door) -> list[NoticeRow]:
    with door.office.database.reading() as db:
        return list(db.scalars(select(NoticeRow).order_by(NoticeRow.id)))


def audited(door: Door) -> list[tuple[str, str, str]]:
    with door.office.database.reading() as db:
        found = audit_lines.list_entries(db, action_prefix="notice.", before_id=None, limit=9)
    return [(line.action, line.actor, line.subject_id) for line in reversed(found)]


def summed_up(door: Door, group: str = EVERYONE, *, by: str = SOMCHAI) -> Heard:
    """The summary, by the shortest way."""
    audiences = door.tap(door.tap(door.say("ประกาศ", by=by), THIS, by=by), TO, by=by)
    return door.tap(audiences, group, by=by)
