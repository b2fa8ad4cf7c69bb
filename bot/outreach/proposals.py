"""What reviewers propose is made of citizens' words, and nobody has decided about it yet: it goes with these words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.outreach.likeness import key_of
from bot.storage import reviews
from bot.storage.reviews import ReviewGroupRow


def forget(db: Session, question_ids: Sequence[int]) -> int:
    """These questions have no words any more: of what is proposed for their groups, nothing stays that may have been
    made of them, neither a wording nor a title. How many proposals lost something."""
    return sum(_forget(db, group) for group in reviews.lock_proposed(db, question_ids))


def forget_moved(db: Session, group_id: int) -> None:
    """Questions have left the group, whose row is locked: what is proposed of them would not be found again there."""
    group = reviews.find_group(db, group_id)
    if group is not None:
        _forget(db, group)


def _forget(db: Session, group: ReviewGroupRow) -> bool:
    """What a reviewer worded anew may be made of any of the group's questions."""
    proposal = dict(group.proposal or {})
    texts, title = list(proposal.get("texts", ())), proposal.get("title")
    whole = set(reviews.list_whole_keys(db, group_id=group.id, keys={key_of(text) for text in texts}))
    kept = [text for text in texts if key_of(text) in whole]
    if not proposal or (kept == texts and (texts or not title)):
        return False
    reviews.set_proposal(db, group.id, {**proposal, "texts": kept, "title": None})
    return True
