from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.outreach import proposals, review
from bot.outreach.review import Changed, Decision, DecisionKind
from bot.storage import questions, reviews
from bot.storage.engine import Database
from tests.bot.outreach.reviewing import LATER, anyone, ask, gather
from tests.bot.outreach.test_review import decide, taught, undo, waiting

__all__ = ["waiting"]
EDITED = "ยืมเต็นท์ของศูนย์ได้ไหม"


def proposed(db: Session, *texts: str, title: str | None = "ยืมเต็นท์", seen: int = 1) -> None:
    new = Decision(DecisionKind.NEW_ENTRY, entry="center.tent", title=title, texts=texts)
    done = review.propose(db, group_id=1, seen_version=seen, decision=new, by="nid", may=anyone, now=LATER)
    assert done == Changed(1)


def proposal(db: Session) -> tuple[list[str], str | None, int]:
    """Texts, title, and the group's version."""
    group = reviews.find_group(db, 1)
    assert group is not None and group.proposal is not None
    return list(group.proposal["texts"]), group.proposal["title"], group.version


@pytest.mark.parametrize(
    ("gone", "texts", "left"),
    [
        (1, ("ขอยืมเต็นท์", "ขอยืมเต็น"), (["ขอยืมเต็น"], None, 3)),
        (1, ("ขอยืมเต็น",), (["ขอยืมเต็น"], "ยืมเต็นท์", 2)),
        (1, ("ขอยืมเต็น", EDITED), (["ขอยืมเต็น"], None, 3)),
        (3, ("ขอยืมเต็นท์", EDITED), (["ขอยืมเต็นท์", EDITED], "ยืมเต็นท์", 2)),
    ],
)
def test_what_is_proposed_loses_what_was_made_of_words_that_are_gone(
    waiting: Database, gone: int, texts: tuple[str, ...], left: tuple[list[str], str | None, int]
) -> None:
    """A wording that a volunteer edited may be made of any question of the group, and so may a title."""
    with waiting.transaction() as db:
        proposed(db, *texts)
        asked = questions.forget_text(db, message_id=f"message {gone}")
        proposals.forget(db, asked)
        assert proposal(db) == left


def test_a_wording_of_two_goes_when_one_of_them_takes_it_back(database: Database) -> None:
    with database.transaction() as db:
        for number in (1, 2):
            ask(db, number, "ขอยืมเต็นท์")
        gather(db)
        proposed(db, "ขอยืมเต็นท์")
        proposals.forget(db, questions.forget_text(db, message_id="message 2"))
        assert proposal(db) == ([], None, 3)


def test_a_proposal_does_not_come_back_after_a_decision_is_undone(waiting: Database) -> None:
    """Nor is a test left of what nobody keeps."""
    with waiting.transaction() as db:
        proposed(db, "ขอยืมเต็นท์")
        decide(db, seen=2)
        proposals.forget(db, questions.forget_text(db, message_id="message 1"))
        undo(db)
        assert (proposal(db)[:2], taught(db)) == (([], None), [])


def test_a_question_that_leaves_its_group_takes_along_what_was_proposed_of_it(waiting: Database) -> None:
    with waiting.transaction() as db:
        proposed(db, "ขอยืมเต็นท์", "ขอยืมเต็น")
        assert review.move_out(db, group_id=1, seen_version=2, question_id=1, may=anyone) == Changed(3)
        assert proposal(db)[:2] == (["ขอยืมเต็น"], None)
