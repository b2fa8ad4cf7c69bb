"""A case with its citizen and its staff to test with, on the real tasks; what is said in it is worded here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.cases import answering, hearing, opening
from bot.cases.kinds import CaseKind
from bot.conversation.dispatcher import Route
from bot.conversation.turn import Reply, Turn
from bot.incoming import Incoming
from bot.messages import Text
from bot.outreach import audience, staff
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import cases
from bot.storage import staff as staff_table
from bot.storage.case_messages import BOT, STAFF, CaseMessageRow
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from tests.bot.outreach.accounts import an_account
from tests.builders import SOMCHAI
from tests.office import Office, words_of

WORDS = "สวัสดีค่ะ เจ้าหน้าที่ดูเรื่องให้แล้วค่ะ"


@dataclass
class CaseDesk:
    """Somchai's case, and an account that answers it."""

    office: Office
    kind: CaseKind = CaseKind.WANTS_PERSON
    staff_id: int = field(init=False)
    case_id: int = field(init=False)
    person_id: int = field(init=False)

    def __post_init__(self) -> None:
        routes = (
            Route("case_say", _is("case_say"), self._say),
            Route("case_alert", _is("case_alert"), _alert),
            *self.office.tools.routes,
        )
        object.__setattr__(self.office.tools, "routes", routes)
        with self.office.database.transaction() as db:
            self.person_id = audience.meet(db, line_user_id=SOMCHAI, now=self.now).id
            self.staff_id = an_account(db, "malee", now=self.now).id
            self.case_id = opening.open_case(db, self.kind, now=self.now, person_id=self.person_id)

    @property
    def now(self) -> datetime:
        return self.office.now

    def _say(self, turn: Turn) -> Reply:
        message_id = int(turn.pressed.arguments["m"]) if turn.pressed else 0
        row, text = answering.get_message(turn.db, self.office.vault, message_id)
        return Reply((Text(text if row.author == STAFF else row.kind),), turn.memory)

    def link(self, login: str, user_id: str, *, role: Role = Role.STAFF) -> int:
        """An account whose person is known in LINE."""
        with self.office.database.transaction() as db:
            account = an_account(db, login, role=role, now=self.now)
            person = audience.meet(db, line_user_id=user_id, now=self.now)
            staff_table.change(db, account.id, person_id=person.id, linked_at=self.now)
            return account.id

    def disable(self, staff_id: int) -> None:
        with self.office.database.transaction() as db:
            staff.disable(db, staff_id=staff_id, by=None, now=self.now)

    def citizen_writes(self, *, token: str | None = "token-1", message_id: str = "m1", **more: Any) -> CaseMessageRow:
        """What came in just now is heard for staff."""
        told = Incoming(f"e-{message_id}", more.pop("kind", "text"), self.now, standby=False, user_id=SOMCHAI,
                        reply_token=token, message_id=message_id)  # fmt: skip
        with self.office.database.transaction() as db:
            case = cases.find(db, self.case_id)
            assert case is not None
            return hearing.hear(
                db, self.office.vault, case, told, text="ยังรออยู่ค่ะ", now=self.now, rules=self.office.tools.case_rules
            )

    def answer(self, text: str = WORDS) -> int:
        """As staff do in the console. The message's id."""
        with self.office.database.transaction() as db:
            return answering.answer(
                db, self.office.vault, self.case_id, by=self.staff_id, text=text,
                rules=self.office.tools.case_rules, now=self.now,
            ).id  # fmt: skip

    def block(self) -> None:
        with self.office.database.transaction() as db:
            audience.note_unfollow(db, person_id=self.person_id, at=self.now, now=self.now)

    def forget(self) -> None:
        """As an erasure does, as far as the person goes."""
        with self.office.database.transaction() as db:
            db.delete(db.get_one(PersonRow, self.person_id))

    def look_for_due(self, **later: float) -> None:
        """As the schedule does every minute."""
        self.office.wait(**later)
        with self.office.database.transaction() as db:
            jobs.enqueue(db, JobKind.CASES_DUE, now=self.now, subject_ids=[(None, None)], priority=BACKGROUND)
        self.office.work()

    def case(self) -> CaseRow:
        with self.office.database.reading() as db:
            found = cases.find(db, self.case_id)
            assert found is not None
            return found

    def change(self, **values: Any) -> None:
        with self.office.database.transaction() as db:
            db.execute(update(CaseRow).where(CaseRow.id == self.case_id).values(**values))

    def told(self) -> list[tuple[str | None, bool]]:
        """How what staff or the bot said has fared: state, and whether it was billed."""
        statement = select(CaseMessageRow).where(CaseMessageRow.author.in_((STAFF, BOT))).order_by(CaseMessageRow.id)
        with self.office.database.reading() as db:
            return [(row.delivery, row.pushed) for row in db.scalars(statement)]

    def said(self) -> list[tuple[str, str]]:
        """The way and the words of everything that went to LINE."""
        return [(way, words_of(messages)) for way, _, messages in self.office.line.sent if way in {"reply", "push"}]

    def to(self) -> list[str]:
        """Whom pushes reached."""
        return list(self.office.line.delivered)


def _is(action: str) -> Any:
    return lambda turn: turn.pressed is not None and turn.pressed.action == action


def _alert(turn: Turn) -> Reply:
    """As a card of it does, it says when nobody needs to act any more."""
    number = int(turn.pressed.arguments["c"]) if turn.pressed else 0
    case = cases.find(turn.db, number)
    return Reply((Text(f"เรื่องด่วน {number} {case.state if case is not None else '-'}"),), turn.memory)
