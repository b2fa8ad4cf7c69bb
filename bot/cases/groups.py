"""Words of danger in a group: everybody there reads the hotlines, and staff get one case for all of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.cases.rules import CaseRules
from bot.storage import case_groups, case_messages, cases
from bot.storage.case_messages import CITIZEN
from bot.vault import Vault


def open_or_add(
    db: Session, vault: Vault, *, incoming_id: int, message_id: str | None, question_id: int | None, topic: str | None,
    masked: str, now: datetime, rules: CaseRules,
) -> int:  # fmt: skip
    """The number of the case that these words opened, or went into: for as long as an urgent one may wait, the same
    group gets no other and alerts nobody anew, unless staff have closed it. A group's turns come one after another.
    Masked, since nobody there has been told what is kept."""
    number = case_groups.find_open_urgent(db, incoming_id=incoming_id, since=now - rules.urgent_within)
    if number is None:
        return opening.open_case(
            db, CaseKind.URGENT, now=now, question_id=question_id, incoming_id=incoming_id, topic=topic, rules=rules
        )
    if cases.lock(db, number) is not None and masked:
        case_messages.add(
            db, case_id=number, at=now, author=CITIZEN, kind="text", message_id=message_id,
            text=vault.seal(masked.encode(errors="replace")),
        )  # fmt: skip
        cases.change(db, number, now=now)
    return number
