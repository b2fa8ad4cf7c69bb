"""The console with cases in its inbox, and citizens who write in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import hearing, opening, rules, thread
from bot.cases.kinds import CaseKind
from bot.cases.thread import Said
from bot.incoming import Incoming
from bot.outreach.questions import asker_hash
from bot.storage import audit, case_pictures, cases, channel, people, questions
from bot.storage.cases import CaseRow
from bot.storage.channel import MonthlyQuota
from tests.bot.console.visiting import Site, Visitor

GRANNY = "U" + "7" * 32
PHONE = "081 234 5678"
PHOTO = b"\xff\xd8 a small picture \xff\xd9"


@dataclass
class Office:
    """Cases of citizens, by whoever they are."""

    site: Site
    numbers: count[int] = field(default_factory=lambda: count(1))

    def opened(
        self, kind: CaseKind = CaseKind.WANTS_PERSON, *, user_id: str | None = GRANNY, ago: timedelta = timedelta(),
        form: Mapping[str, Any] | None = None, called: str = "", **more: Any,
    ) -> int:  # fmt: skip
        at = self.site.now - ago
        with self.site.database.transaction() as db:
            person_id = self._person(db, user_id, called, at) if user_id else None
            sealed = thread.seal_form(self.site.vault, form) if form else None
            chosen = rules.of(self.site.premises.settings)
            return opening.open_case(db, kind, now=at, person_id=person_id, form=sealed, rules=chosen, **more)

    def _person(self, db: Session, user_id: str, called: str, at: datetime) -> int:
        row = people.find_or_create(db, line_user_id=user_id, now=at)
        if called:
            people.set_called(db, row.id, called=self.site.vault.seal(called.encode()))
        return row.id

    def hears(self, case_id: int, text: str, *, kind: str = "text", ago: timedelta = timedelta()) -> int:
        """The citizen writes."""
        at, number = self.site.now - ago, next(self.numbers)
        heard = Incoming(
            event_id=f"e{number}", kind=kind, occurred_at=at, standby=False, user_id=GRANNY,  # type: ignore[arg-type]
            reply_token=f"token{number}", text=text, message_id=f"m{number}",
        )  # fmt: skip
        with self.site.database.transaction() as db:
            chosen = rules.of(self.site.premises.settings)
            return hearing.hear(
                db, self.site.vault, get(db, case_id), heard, text=text, now=at, rules=chosen
            ).id  # fmt: skip

    def asked(self, case_id: int, text: str, *, entry: str | None, ago: timedelta) -> None:
        """The citizen asked the bot, before."""
        at, person_id = self.site.now - ago, self.row(case_id).person_id
        assert person_id is not None
        with self.site.database.transaction() as db:
            questions.log(
                db, incoming_id=1000 + next(self.numbers), asked_at=at, text=text, words=text.split(), entry=entry,
                asker=asker_hash(self.site.vault, person_id=person_id, now=at), also=[], candidates=[],
                milliseconds=1.0, decision="answer" if entry else "fallback", knowledge_version="v", urgent=False,
            )  # fmt: skip

    def photographed(self, case_id: int, *, body: bytes = PHOTO, kept: bool = True) -> int:
        """The citizen sends a picture. Returns the picture's id."""
        message = self.hears(case_id, "", kind="image")
        with self.site.database.transaction() as db:
            said = thread.read(db, self.site.vault, case_id, limit=99)
            picture_id = next(one.picture_id for one in said if one.id == message)
            assert picture_id is not None
            if kept:
                row = case_pictures.find(db, picture_id)
                assert row is not None
                case_pictures.keep(
                    db, row.id, message_id=row.message_id, body=self.site.vault.seal(body), width=320, height=240
                )
        return picture_id

    def row(self, case_id: int) -> CaseRow:
        with self.site.database.reading() as db:
            return get(db, case_id)

    def said(self, case_id: int) -> list[Said]:
        with self.site.database.reading() as db:
            return thread.read(db, self.site.vault, case_id, limit=99)

    def words(self, case_id: int) -> list[tuple[str, str | None]]:
        return [(one.author, one.text) for one in self.said(case_id)]

    def has_quota(self, *, limit: int | None, used: int) -> None:
        with self.site.database.transaction() as db:
            channel.save(db, bot_user_id="U" + "f" * 32, reads_by_hand=False, now=self.site.now)
            channel.save_quota(db, MonthlyQuota(limit, used, self.site.now))

    def logged(self) -> list[tuple[str, str]]:
        """(action, subject) of the audit log, the oldest first."""
        with self.site.database.reading() as db:
            rows = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id))
            return [(row.action, f"{row.subject_kind}/{row.subject_id}") for row in rows]

    def form(self, case_id: int, **more: str) -> dict[str, str]:
        """As the page has it."""
        return {"version": str(self.row(case_id).version), **more}


def get(db: Session, case_id: int) -> CaseRow:
    found = cases.find(db, case_id)
    assert found is not None
    return found


def do(visitor: Visitor, office: Office, case_id: int, what: str, **more: str) -> int:
    """Presses a button of the page as it is now. Returns the status."""
    answer = visitor.post(f"/console/cases/{case_id}/do", office.form(case_id, do=what, **more))
    return answer.status_code


@pytest.fixture
def office(site: Site) -> Office:
    return Office(site)
