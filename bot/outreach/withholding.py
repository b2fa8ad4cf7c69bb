"""Questions that nothing is to be done with: they are kept, and nobody is shown them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from bot.outreach import proposals
from bot.outreach.review_intake import LOCK
from bot.storage import locks, questions, reviews

A_BATCH = 500


def withhold(db: Session, askers: Collection[str], *, withheld: bool) -> int:
    """All of these askers, or none of them any more; how many were changed. The groups of questions that they are in
    are counted anew without them, or with them again; what was proposed of their words goes, and does not come again.
    """
    locks.hold(db, [LOCK])
    changed = questions.withhold(db, askers, withheld=withheld)
    if withheld:
        proposals.forget(db, changed)
    for start in range(0, len(changed), A_BATCH):
        items = reviews.list_items(db, changed[start : start + A_BATCH])
        reviews.recount(db, {item.group_id for item in items if item.group_id is not None})
    return len(changed)
