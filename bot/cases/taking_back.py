"""An answer that somebody gave when their case was opened, and has taken back since: they have unsent the message in
which they typed it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.cases.thread import MESSAGE_IDS, seal_form
from bot.storage import cases, consents, withdrawn
from bot.storage.cases import CaseRow
from bot.vault import Unreadable, Vault

TAKEN_BACK = "taken_back"
"""In a form: which answers were taken back."""
PUBLISH = "publish"
MOST_CASES = 500
GOES_TOO: Mapping[str, tuple[str, ...]] = {"place": ("district",), PUBLISH: ("name",)}
NO_LONGER: Mapping[str, tuple[str, ...]] = {
    "may_contact": ("may_contact",), PUBLISH: ("may_publish", "with_name"), "name": ("with_name",),
}  # fmt: skip
"""What is a no from then on."""
SHOWN_AS = {PUBLISH: "may_publish"}


def take_back_answers(db: Session, vault: Vault, *, person_id: int, message_id: str, now: datetime) -> int:
    """Out of the forms of this person's cases goes what was typed in that message; that something was there stays.
    Returns how many cases held it. Raises nothing for a form that no key of ours opens: nobody reads it either."""
    lead_id = withdrawn.lead_of(db, message_id)
    held = [_take_back(db, vault, row, lead_id, now) for row in cases.lock_with_forms(db, person_id, limit=MOST_CASES)]
    return sum(held)


def _take_back(db: Session, vault: Vault, case: CaseRow, message_id: str, now: datetime) -> bool:
    form = _opened(vault, case)
    typed_in: dict[str, str] = form.get(MESSAGE_IDS, {})
    gone = [field for field, typed in typed_in.items() if typed == message_id]
    if not gone:
        return False
    for field in gone:
        del typed_in[field]
        for name in (field, *GOES_TOO.get(field, ())):
            form.pop(name, None)
        form |= dict.fromkeys(NO_LONGER.get(field, ()), False)
    form[TAKEN_BACK] = [*form.get(TAKEN_BACK, ()), *(SHOWN_AS.get(field, field) for field in gone)]
    cases.set_form(db, case.id, seal_form(vault, form))
    if PUBLISH in gone and case.person_id is not None:
        consents.withdraw_given(
            db, person_id=case.person_id, purpose=consents.PUBLISHING, given_at=case.opened_at, now=now
        )
    return True


def _opened(vault: Vault, case: CaseRow) -> dict[str, Any]:
    try:
        form: dict[str, Any] = json.loads(vault.open(case.form or b""))
    except Unreadable:
        return {}
    return form
