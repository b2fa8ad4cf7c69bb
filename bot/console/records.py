"""Lines of the audit log, as written by whoever is at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.console.access import actor, address
from bot.console.premises import Premises
from bot.outreach import audit
from bot.outreach.audit import Actor


def record(
    db: Session,
    premises: Premises,
    action: str,
    subject: tuple[str, int | str],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    who: Actor | None = None,
) -> None:
    """Call it last in a transaction: the log is locked from here to the commit."""
    was, now_is = audit.changed(before, after)
    audit.record(
        db,
        premises.vault,
        actor=who or actor(),
        action=action,
        subject=subject,
        before=was,
        after=now_is,
        now=premises.now(),
        address_hash=premises.vault.keyed_hash("audit/address", address()),
    )
