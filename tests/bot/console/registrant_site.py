"""The console with its pages about registrants, and people who have registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage import audit
from bot.storage.engine import Database
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from tests.bot.console.visiting import NINE, Site
from tests.bot.events.making import a_form, a_person, make_event, sign_up

IN_TWO_DAYS: dict[str, Any] = {"starts_at": NINE.replace(month=12, day=2)}
NAMES = ("สมชาย ใจดี", "นางสาวมาลี แก้วใส", "เกษม ทองคำ", "แสงดาว บุญมี", "ไพโรจน์ สุขใจ", "น้ำฝน คำมา", "นายอาทิตย์ วงค์ษา")


@dataclass
class Hall:
    """An event in two days with a question of its own, and whoever registers for it."""

    database: Database
    vault: Vault
    event_id: int
    question_id: int

    def enter(self, number: int, name: str = "", **more: Any) -> int:
        """Somebody registers; with `person` False somebody without LINE. Returns the registration's id."""
        with self.database.transaction() as db:
            event = db.get(EventRow, self.event_id)
            assert event is not None
            person = a_person(db, number) if more.pop("person", True) else None
            party, way = more.pop("party", 1), more.pop("way", "line")
            form = a_form(name or NAMES[number % len(NAMES)], **{"phone": f"+6681234{number:04d}", **more})
            return sign_up(db, self.vault, event, person, party=party, form=form, way=way, now=NINE).registration.id

    def row(self, registration_id: int) -> RegistrationRow:
        with self.database.reading() as db:
            row = db.get(RegistrationRow, registration_id)
            assert row is not None
            return row

    @property
    def address(self) -> str:
        return f"/console/events/{self.event_id}/registrants"


def a_hall(site: Site, **changes: Any) -> Hall:
    with site.database.transaction() as db:
        event = make_event(db, **{**IN_TWO_DAYS, "asks_district": True, "asks_companions": True, **changes})
        question = EventQuestionRow(event_id=event.id, position=1, label="ใช้รถรับส่งไหม", kind="yes_no", choices=[])
        db.add(question)
        db.flush()
        return Hall(site.database, site.vault, event.id, question.id)


def lines(db: Session) -> list[tuple[str, str, Any, Any]]:
    """(action, subject, before, after) of the audit log, the oldest first."""
    rows = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id))
    return [(row.action, f"{row.subject_kind}/{row.subject_id}", row.before, row.after) for row in rows]


def logged(site: Site) -> list[tuple[str, str, Any, Any]]:
    with site.database.reading() as db:
        return lines(db)
