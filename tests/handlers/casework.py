"""Staff at work in an office: what they write to citizens, and what was kept for them."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select

from bot.cases import answering, handling, thread
from bot.cases.rules import CaseRules
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from bot.storage.staff import StaffRow
from handlers import wording
from tests.bot.cases.making import staff_of
from tests.builders import SOMCHAI, a_text, an_event
from tests.office import Office, answers, shipped, words_of

TO_STAFF = "คุยกับเจ้าหน้าที่"


def said(key: str, language: str = "th", **facts: str) -> str:
    return wording.load(language).say(key, centre=shipped().pack.centre[language], **facts)


def befriended(office: Office, **told: str) -> Office:
    """Somchai has been told about his data, and each of his messages has an id of its own. `told`: the entries that
    answer."""
    ids = (str(number) for number in count(100))
    office.say = lambda text, **more: office.hear(a_text(text, **{"message_id": next(ids), **more}))  # type: ignore[method-assign]
    office.matcher.told |= {text: answers(entry) for text, entry in told.items()}
    office.say("เมนู")
    return office


def person_of(office: Office, user_id: str = SOMCHAI) -> int:
    with office.database.reading() as db:
        return db.scalars(select(PersonRow.id).where(PersonRow.line_user_id == user_id)).one()


def cases_of(office: Office, user_id: str = SOMCHAI) -> list[CaseRow]:
    """The oldest first."""
    with office.database.reading() as db:
        statement = select(CaseRow).where(CaseRow.person_id == person_of(office, user_id)).order_by(CaseRow.id)
        return list(db.scalars(statement))


def case_of(office: Office, user_id: str = SOMCHAI) -> CaseRow:
    (case,) = cases_of(office, user_id)
    return case


def kept(office: Office, case_id: int) -> list[tuple[str, str, str | None]]:
    """Author, kind and words of what was said in a case, the oldest first."""
    with office.database.reading() as db:
        return [(one.author, one.kind, one.text) for one in thread.read(db, office.vault, case_id, limit=50)]


def leave_word(office: Office, text: str = "อยากปรึกษาเรื่องที่ดิน", **more: Any) -> CaseRow:
    """A case that waits for staff."""
    office.press(office.say("เมนู", **more), TO_STAFF, **more)
    office.say(text, **more)
    return cases_of(office, more.get("user_id", SOMCHAI))[-1]


def staff_writes(office: Office, case_id: int, text: str = "สวัสดีค่ะ ที่ดินอยู่อำเภอไหนคะ") -> list[dict[str, Any]]:
    """What reaches the citizen."""
    before = len(office.line.sent)
    with office.database.transaction() as db:
        by = db.scalar(select(StaffRow.id).limit(1)) or staff_of(db, "somsri")[0]
        answering.answer(db, office.vault, case_id, by=by, text=text, rules=CaseRules(), now=office.now)
    office.work()
    return _sent(office, before)


def staff_closes(office: Office, case_id: int) -> list[dict[str, Any]]:
    before = len(office.line.sent)
    with office.database.transaction() as db:
        by = db.scalar(select(StaffRow.id).limit(1)) or staff_of(db, "somsri")[0]
        handling.close(db, office.vault, case_id, by=by, tell=True, now=office.now)
    office.work()
    return _sent(office, before)


def picture(message_id: str, *, index: int = 1, total: int = 1, **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "image", "id": message_id, "contentProvider": {"type": "line"}}
    if total > 1:
        message["imageSet"] = {"id": "set", "index": index, "total": total}
    return an_event("message", message=message, **more)


def words(office: Office, text: str, **more: Any) -> str:
    return words_of(office.say(text, **more))


def _sent(office: Office, before: int) -> list[dict[str, Any]]:
    return [one for way, _, messages in office.line.sent[before:] if way != "loading" for one in messages]
