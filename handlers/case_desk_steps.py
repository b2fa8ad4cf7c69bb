"""Cases inside LINE: who may work on them, which one is meant, and the answer that is being written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from bot.cases import inbox
from bot.cases.kinds import CaseKind
from bot.cases.refusals import NoSuchCase
from bot.conversation.memory import Memory
from bot.conversation.postback import read_number
from bot.conversation.turn import Turn
from bot.outreach import line_linking, permissions
from bot.outreach.permissions import Permission
from bot.outreach.staff import Account
from bot.storage.cases import CaseRow

WORDS_STEP = "case_desk:words"
SEAL_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be said in a case. `version` is the case's as it was when its writer looked; `mark` names this
    one answer, however often its button is pressed. Without `text` it is still being waited for."""

    mark: str
    case_id: int
    version: int
    text: str = ""

    @property
    def data(self) -> dict[str, str]:
        """As the dialogue keeps it."""
        return {"mark": self.mark, "case": str(self.case_id), "version": str(self.version), "text": self.text}

    @property
    def seal(self) -> str:
        """Nobody sends what they have not seen."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:SEAL_LETTERS]


def find_worker(turn: Turn) -> Account | None:
    """Asked at every step: who was disabled or unlinked a moment ago is nobody here."""
    account = line_linking.find_by_person(turn.db, turn.speaker.person_id)
    allowed = account is not None and permissions.may(account.role, Permission.ANSWER_CASES)
    return account if allowed else None


def sees_people(account: Account) -> bool:
    return permissions.may(account.role, Permission.SEE_PEOPLE)


def find_case(turn: Turn, account: Account, case_id: int | None) -> CaseRow | None:
    """None also for what this account may not know of."""
    try:
        return inbox.get(turn.db, case_id or 0, may_see_privacy=sees_people(account))
    except NoSuchCase:
        return None


def is_urgent(case: CaseRow) -> bool:
    return case.urgent or case.kind == CaseKind.URGENT


def find_draft(memory: Memory) -> Draft | None:
    data = memory.data
    if memory.step != WORDS_STEP:
        return None
    return Draft(
        mark=data["mark"], case_id=read_number(data.get("case")) or 0, version=read_number(data.get("version")) or 0,
        text=data.get("text", ""),
    )  # fmt: skip


def keep(turn: Turn, draft: Draft) -> Turn:
    """The answer, or its button, is waited for."""
    return replace(turn, memory=replace(turn.memory, step=WORDS_STEP, data=draft.data))


def key_of(account: Account, mark: str) -> str:
    """Under which this one answer is written down, once."""
    return f"line/{account.id}/{mark}"


def argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


def number(turn: Turn, name: str) -> int | None:
    return read_number(argument(turn, name))
