"""The console with notices in it, whoever hung them in; people to write to, and somebody who carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyotp
import pytest
from sqlalchemy import insert, select

from bot.console import pages
from bot.console.notices import notice_pages
from bot.conversation.postback import Buttons
from bot.messages import QuotaTold, RememberingMessenger
from bot.notices import drafting
from bot.notices.audience import Audience, everyone
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.outreach.permissions import Role
from bot.storage import audit, channel, notices, staff
from bot.storage.channel import MonthlyQuota
from bot.storage.notices import NoticeRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PreferenceRow
from bot.tasks.running import run_next
from bot.tasks.tools import Tools
from tests.bot.console.visiting import NINE, Site, Visitor

HELLO = Content((Bubble("text", "ชวนมาคุยเรื่องน้ำค่ะ วันเสาร์นี้ที่ศาลากลางบ้าน"),))


def hang_in(monkeypatch: pytest.MonkeyPatch) -> None:
    if notice_pages not in pages.BLUEPRINTS:
        monkeypatch.setattr(pages, "BLUEPRINTS", (*pages.BLUEPRINTS, notice_pages))


def add_readers(site: Site, number: int, *, first: int = 1, **wishes: Any) -> list[int]:
    """People who agreed to notices."""
    with site.database.transaction() as db:
        people = [
            {"line_user_id": f"U{one:032x}", "first_seen_at": NINE, "following": True, "following_changed_at": NINE}
            for one in range(first, first + number)
        ]
        db.execute(insert(PersonRow), people)
        ids = list(db.scalars(select(PersonRow.id).order_by(PersonRow.id.desc()).limit(number)))
        values = {"wants_notices": True, "everything": True, "asked_at": NINE, **wishes}
        db.execute(insert(PreferenceRow), [{"person_id": one, **values} for one in ids])
    return sorted(ids)


def tell_quota(site: Site, limit: int | None = None, *, used: int = 0) -> None:
    with site.database.transaction() as db:
        channel.save(db, bot_user_id="U" + "f" * 32, reads_by_hand=False, now=site.now)
        channel.save_quota(db, MonthlyQuota(limit, used, site.now))


def make_notice(
    site: Site, content: Content = HELLO, *, author: int | None = None, audience: Audience | None = None,
    state: str = notices.SUBMITTED, columns: dict[str, Any] | None = None, **plan: Any,
) -> int:  # fmt: skip
    with site.database.transaction() as db:
        made = drafting.create(
            db, Plan(content, audience or everyone(), title=plan.pop("title", "ชวนคุยเรื่องน้ำ"), **plan),
            author_id=author, now=site.now,
        )  # fmt: skip
        notices.change(db, made.id, state=state, **{"submitted_at": site.now, **(columns or {})})
        return made.id


def notice(site: Site, notice_id: int) -> NoticeRow:
    with site.database.reading() as db:
        return drafting.get(db, notice_id)


def code_of(site: Site, account_id: int) -> str:
    """What the telephone shows, some time later: a code counts once."""
    site.later(seconds=31)
    return code_now(site, account_id)


def code_now(site: Site, account_id: int) -> str:
    with site.database.reading() as db:
        row = staff.find(db, account_id)
        assert row is not None
        assert row.totp_sealed is not None
        secret = site.vault.open(row.totp_sealed).decode()
    return pyotp.TOTP(secret).at(site.now)


def approve(site: Site, visitor: Visitor, notice_id: int, **more: str) -> Any:
    version = notice(site, notice_id).version
    form = {"version": str(version), "code": code_of(site, visitor.account.id), **more}
    return visitor.post(f"/console/notices/{notice_id}/approve", form)


def an_approver(site: Site, *, name: str = "สมศรี") -> Visitor:
    return site.visitor(Role.STAFF, name=name)


def lines(site: Site) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """The audit log's lines about notices."""
    with site.database.reading() as db:
        rows = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id))
        return [(row.action, row.before, row.after) for row in rows if row.action.startswith("notice.")]


@dataclass
class Crew:
    """A worker at the site's own clock, with a LINE that does as told."""

    site: Site
    line: RememberingMessenger = field(default_factory=lambda: RememberingMessenger(told_quota=QuotaTold(None, 0)))

    def __post_init__(self) -> None:
        self.tools = Tools(
            database=self.site.database, vault=self.site.vault, buttons=Buttons(self.site.vault),
            library=self.site.premises.library, messenger=self.line, routes=(), answer_in_group=lambda _: (),
            is_command=lambda _: False, push_daily_cap=5, person_pace=30, now=self._now,
        )  # fmt: skip

    def _now(self) -> datetime:
        return self.site.now

    def step(self) -> bool:
        return run_next(self.tools)

    def work(self) -> None:
        while self.step():
            pass
