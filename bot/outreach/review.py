"""Groups of like questions, and what people decide about them: one group, one decision, and nobody's is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.masking import mask
from bot.outreach import proposals
from bot.outreach.likeness import key_of, normalised
from bot.outreach.review_intake import LOCK
from bot.storage import faq_tests, faq_versions, locks, questions, reviews
from bot.storage.faq_tests import FaqTestRow
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewGroupRow

PROPOSE, DECIDE = "propose_decision", "decide_questions"
"""The permissions that are asked for."""
NEIGHBOURS = 3
MOST_NEIGHBOURS_READ = 2_000
OUT_OF_SCOPE = "out_of_scope:"
"""Before a kind, where the place of a wording is no entry."""
_PLACEHOLDER = re.compile(r"<[^<>\s]{1,20}>")

May = Callable[[str], bool]


class DecisionKind(StrEnum):
    ADD_TO = "add_to"
    NEW_ENTRY = "new_entry"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    IGNORE = "ignore"
    """For ever: the same wording opens no group again."""
    NEEDS_PERSON = "needs_person"


TEACHES = {
    DecisionKind.ADD_TO: "entry", DecisionKind.NEW_ENTRY: "entry", DecisionKind.SMALL_TALK: "small_talk",
    DecisionKind.OUT_OF_SCOPE: "out_of_scope",
}  # fmt: skip
"""The decisions that add wordings to the FAQ, with the kind of test that each leaves."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`entry` for add_to, new_entry (the id that it will have) and small talk that an entry answers; `scope`, a kind of
    out-of-scope messages, for what is not answered. `texts` are as the reviewer left them."""

    kind: DecisionKind
    entry: str | None = None
    scope: str | None = None
    title: str | None = None
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind in TEACHES and (self.entry is None) == (self.scope is None):
            raise ValueError(f"{self.kind} needs an entry or a kind of messages out of scope, and not both")

    @property
    def place(self) -> str:
        return self.entry if self.entry is not None else f"{OUT_OF_SCOPE}{self.scope}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A wording, and the entry or `out_of_scope:kind` where it stands or is to stand."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What the decision means for the FAQ's draft: the caller applies it, in the same transaction."""

    add: tuple[Placed, ...] = ()
    remove: tuple[Placed, ...] = ()
    new_entry: tuple[str, str] | None = None
    """Id and title."""
    drop_entry: str | None = None
    """Only when a new entry is undone."""


@dataclass(frozen=True, slots=True)
class Decided:
    group_id: int
    version: int
    edit: Edit

    @property
    def conflicts(self) -> tuple[Placed, ...]:
        """Wordings that stood elsewhere, and that the edit takes away from there."""
        return self.edit.remove


@dataclass(frozen=True, slots=True)
class Changed:
    """A group was proposed for, merged or parted. `group_id` is the one to look at next."""

    group_id: int


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    by: str | None
    at: datetime | None
    what: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """Version None: the group is no longer there, it went into another."""

    version: int | None
    proposed_by: str | None = None


@dataclass(frozen=True, slots=True)
class NotAllowed:
    permission: str


@dataclass(frozen=True, slots=True)
class NoWording:
    """Nothing is left of the texts without what identifies a person, or the group has no wording to part with."""


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    published_since: bool


Refusal = AlreadyDecided | GroupChanged | NotAllowed


def reviewed_text(text: str) -> str:
    """A wording as it may be kept for good: masked once more, and without the places of what was masked."""
    return " ".join(_PLACEHOLDER.sub(" ", mask(text)).split())


def decide(
    db: Session,
    *,
    group_id: int,
    seen_version: int,
    decision: Decision,
    by: str,
    may: May,
    now: datetime,
    owners_of: Mapping[str, str] | None = None,
) -> Decided | Refusal | NoWording:
    """Decides a group as it was seen. `owners_of` tells where normalised wordings stand in the draft: what stands
    elsewhere is taken away there. Every wording taught becomes a test, in place of an earlier one of the same wording.
    """
    if not may(DECIDE):
        return NotAllowed(DECIDE)
    texts = {key_of(text): text for text in map(reviewed_text, decision.texts)}
    texts.pop("", None)
    if decision.kind in TEACHES and not texts:
        return NoWording()
    edit = _edit(decision, tuple(texts.values()), owners_of or {}) if decision.kind in TEACHES else Edit()
    kept = asdict(decision) | {
        "texts": list(texts.values()),
        "added": [asdict(placed) for placed in edit.add],
        "removed": [asdict(placed) for placed in edit.remove],
        "tests_before": [_plain_test(row) for row in faq_tests.list_worded(db, texts)],
    }
    state = "ignored" if decision.kind is DecisionKind.IGNORE else "decided"
    version = faq_versions.find_published(db)
    values = {"state": state, "decision": kept, "decided_by": by, "decided_at": now, "decided_version": version}
    if not reviews.change_group(db, group_id, seen_version=seen_version, state="open", values=values):
        return _why_not(db, group_id)
    if decision.kind in TEACHES:
        for key, text in texts.items():
            faq_tests.save(
                db, key=key, text=text, expect=decision.entry, kind=TEACHES[decision.kind], group_id=group_id,
                created_at=now, created_by=by, retired_at=None,
            )  # fmt: skip
    return Decided(group_id, seen_version + 1, edit)


def propose(
    db: Session, *, group_id: int, seen_version: int, decision: Decision, by: str, may: May, now: datetime
) -> Changed | Refusal:
    """What a volunteer would decide, for staff to take up."""
    if not may(PROPOSE):
        return NotAllowed(PROPOSE)
    texts = [text for text in map(reviewed_text, decision.texts) if text]
    values = {"proposal": asdict(decision) | {"texts": texts}, "proposed_by": by, "proposed_at": now}
    if not reviews.change_group(db, group_id, seen_version=seen_version, state="open", values=values):
        return _why_not(db, group_id)
    return Changed(group_id)


def undo_last(db: Session, *, by: str, may: May) -> Decided | NothingToUndo | NotAllowed:
    """Opens the group again that this person decided last, as long as no other version of the FAQ is in force since.
    The edit takes back what the decision's edit did."""
    if not may(DECIDE):
        return NotAllowed(DECIDE)
    locks.hold(db, [LOCK])
    group = reviews.find_last_decided(db, by=by)
    if group is None:
        return NothingToUndo(published_since=False)
    if group.decided_version != faq_versions.find_published(db):
        return NothingToUndo(published_since=True)
    kept = dict(group.decision or {})
    values = {"state": "open", "decision": None, "decided_by": None, "decided_at": None, "decided_version": None}
    seen = group.version
    if not reviews.change_group(db, group.id, seen_version=seen, state=group.state, values=values):
        return NothingToUndo(published_since=False)
    reviews.lead(db, group_id=group.id)
    _restore_tests(db, kept, group_id=group.id)
    return Decided(group.id, seen + 1, _inverse(kept))


def merge(
    db: Session, *, into_id: int, into_version: int, from_id: int, from_version: int, may: May
) -> Changed | Refusal:
    """Two groups that are one question become one; what comes in like either goes there."""
    if not may(DECIDE):
        return NotAllowed(DECIDE)
    locks.hold(db, [LOCK])
    both = db.begin_nested()
    for group_id, version in sorted([(into_id, into_version), (from_id, from_version)]):
        if not reviews.change_group(db, group_id, seen_version=version, state="open", values={}):
            both.rollback()
            return _why_not(db, group_id)
    both.commit()
    reviews.move_items(db, from_id=from_id, to_id=into_id)
    reviews.remove_group(db, from_id)
    reviews.recount(db, [into_id])
    return Changed(into_id)


def move_out(
    db: Session, *, group_id: int, seen_version: int, question_id: int, may: May
) -> Changed | Refusal | NoWording:
    """Parts a question, and all in the same wording, from its group; they become a group of their own."""
    if not may(DECIDE):
        return NotAllowed(DECIDE)
    locks.hold(db, [LOCK])
    group = reviews.find_group(db, group_id)
    if group is None or (group.version, group.state) != (seen_version, "open"):
        return _why_not(db, group_id)
    key = next((item.key for item in reviews.list_items(db, [question_id]) if item.group_id == group_id), None)
    question = questions.find(db, question_id)
    if key is None or question is None or len(reviews.list_wordings(db, group_id=group_id, limit=2)) < 2:
        return NoWording()
    if not reviews.change_group(db, group_id, seen_version=seen_version, state="open", values={}):
        return _why_not(db, group_id)
    new_id = reviews.open_group(db, asked_at=question.asked_at)
    reviews.move_items(db, from_id=group_id, to_id=new_id, key=key)
    reviews.recount(db, [group_id, new_id])
    for one in (group_id, new_id):
        reviews.lead(db, group_id=one)
    proposals.forget_moved(db, group_id)
    return Changed(new_id)


def _edit(decision: Decision, texts: tuple[str, ...], owners_of: Mapping[str, str]) -> Edit:
    owners = {text: owners_of.get(normalised(text)) for text in texts}
    return Edit(
        add=tuple(Placed(decision.place, text) for text in texts if owners[text] != decision.place),
        remove=tuple(Placed(owner, text) for text, owner in owners.items() if owner not in (None, decision.place)),
        new_entry=(decision.place, decision.title or "") if decision.kind is DecisionKind.NEW_ENTRY else None,
    )


def _inverse(kept: Mapping[str, Any]) -> Edit:
    return Edit(
        add=tuple(Placed(**placed) for placed in kept["removed"]),
        remove=tuple(Placed(**placed) for placed in kept["added"]),
        drop_entry=kept["entry"] if kept["kind"] == DecisionKind.NEW_ENTRY else None,
    )


def _plain_test(row: FaqTestRow) -> dict[str, Any]:
    retired_at = row.retired_at.isoformat() if row.retired_at else None
    return {
        "key": row.key, "text": row.text, "expect": row.expect, "kind": row.kind, "group_id": row.group_id,
        "created_by": row.created_by, "created_at": row.created_at.isoformat(), "retired_at": retired_at,
    }  # fmt: skip


def _restore_tests(db: Session, kept: Mapping[str, Any], *, group_id: int) -> None:
    """Only those that nobody decided anew meanwhile. Of a wording that nobody keeps any more no test is left."""
    before = {test["key"]: test for test in kept["tests_before"]}
    for row in faq_tests.list_worded(db, [key_of(text) for text in kept["texts"]]):
        if row.group_id != group_id:
            continue
        if row.key not in before:
            faq_tests.remove(db, row.id)
            continue
        times = {name: before[row.key][name] for name in ("created_at", "retired_at")}
        moments = {name: datetime.fromisoformat(moment) if moment else None for name, moment in times.items()}
        faq_tests.save(db, **(before[row.key] | moments))


def _why_not(db: Session, group_id: int) -> AlreadyDecided | GroupChanged:
    group = reviews.find_group(db, group_id)
    if group is None:
        return GroupChanged(None)
    if group.state != "open":
        return AlreadyDecided(group.decided_by, group.decided_at, group.decision or {})
    return GroupChanged(group.version, group.proposed_by)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as a list shows it. `label` is None when its words were taken back. Its `people` counts a person anew
    each month: nobody is known for longer."""

    group: ReviewGroupRow
    label: str | None

    @property
    def cursor(self) -> tuple[int, datetime, int]:
        return (self.group.people, self.group.last_at, self.group.id)


@dataclass(frozen=True, slots=True)
class GroupItem:
    """A question with what the same person asked on the same day, just before and just after."""

    question: QuestionRow
    reasons: tuple[str, ...]
    before: tuple[QuestionRow, ...]
    after: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    line: GroupLine
    wordings: tuple[tuple[str, int], ...]
    """Each as it may be kept (`reviewed_text`), for the reviewer to edit, and how many questions have it."""
    items: tuple[GroupItem, ...]


def list_groups(
    db: Session,
    *,
    state: str = "open",
    reason: str | None = None,
    after: tuple[int, datetime, int] | None = None,
    limit: int = 50,
) -> list[GroupLine]:
    """What most people asked comes first; `after` is the cursor of the last one seen."""
    rows = reviews.list_groups(db, state=state, reason=reason, after=after, limit=limit)
    return [GroupLine(row, label) for row, label in rows]


def count_waiting(db: Session) -> int:
    return reviews.count_groups(db, state="open")


def find_group(db: Session, group_id: int, *, items: int = 20, wordings: int = 20) -> Group | None:
    """A group with its latest questions and what was asked around each, in as many queries whatever its size."""
    row = reviews.find_group(db, group_id)
    if row is None:
        return None
    asked = reviews.list_asked(db, group_id=group_id, limit=items)
    reasons: dict[int | None, list[str]] = {}
    for item in reviews.list_items(db, [question.id for question in asked]):
        reasons.setdefault(item.question_id, []).append(item.reason)
    spans = {(question.asker, *_day_of(question.asked_at)) for question in asked if question.asker is not None}
    around: dict[str | None, list[QuestionRow]] = {}
    for question in reviews.list_asked_in(db, sorted(spans), limit=MOST_NEIGHBOURS_READ):
        around.setdefault(question.asker, []).append(question)
    worded = reviews.list_wordings(db, group_id=group_id, limit=wordings)
    label = next((text for text, _ in worded), None)
    return Group(
        GroupLine(row, label),
        tuple((reviewed_text(text), count) for text, count in worded),
        tuple(_item(question, reasons.get(question.id, []), around.get(question.asker, [])) for question in asked),
    )


def _item(row: QuestionRow, reasons: list[str], around: list[QuestionRow]) -> GroupItem:
    since, until = _day_of(row.asked_at)
    same_day = [other for other in around if since <= other.asked_at < until and other.text is not None]
    before = tuple(other for other in same_day if other.id < row.id)[-NEIGHBOURS:]
    after = tuple(other for other in same_day if other.id > row.id)[:NEIGHBOURS]
    return GroupItem(row, tuple(sorted(reasons)), before, after)


def _day_of(moment: datetime) -> tuple[datetime, datetime]:
    since = datetime.combine(clock.bangkok_date(moment), time(), clock.BANGKOK)
    return since, since + timedelta(days=1)
