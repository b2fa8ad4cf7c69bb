"""A case as the beginning of an answer in the FAQ. What comes of it is another room's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.cases.refusals import NoSuchCase
from bot.cases.thread import words_of
from bot.masking import mask
from bot.storage import case_messages, cases, questions
from bot.storage.case_messages import CITIZEN, FAILED, STAFF, CaseMessageRow
from bot.vault import Unreadable, Vault

LONGEST_QUESTION = 500
MOST_READ = 200
A_NAME = "<ชื่อ>"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Both masked, and to be looked at before they are used: masking finds patterns, so it can miss. Empty: there are
    no words."""

    question: str
    answer: str
    topic: str | None


def suggestion(db: Session, vault: Vault, case_id: int) -> Suggestion:
    """What the citizen asked, and all that staff answered. Raises NoSuchCase."""
    case = cases.find(db, case_id)
    if case is None:
        raise NoSuchCase
    said = case_messages.list_of_authors(db, case_id, authors=(CITIZEN, STAFF), limit=MOST_READ)
    name = _called(db, vault, case.person_id)
    asked = questions.find_texts(db, [case.question_id]).get(case.question_id) if case.question_id else None
    first = next((_masked(vault, row, name) for row in said if row.author == CITIZEN), "")
    answers = [_masked(vault, row, name) for row in said if row.author == STAFF and row.delivery != FAILED]
    return Suggestion((asked or first or case.detail)[:LONGEST_QUESTION], "\n\n".join(answers), case.topic)


def _masked(vault: Vault, row: CaseMessageRow, name: str) -> str:
    text = mask(words_of(vault, row) or "")
    return text.replace(name, A_NAME) if name else text


def _called(db: Session, vault: Vault, person_id: int | None) -> str:
    """How the citizen wants to be addressed: no pattern finds that."""
    person = case_messages.find_recipient(db, person_id) if person_id is not None else None
    if person is None or person.called is None:
        return ""
    try:
        return vault.open(person.called).decode().partition("\n")[0]
    except Unreadable:
        return ""
