"""What staff look at of the questions: groups of questions that are worded alike, why each is there, what was decided,
and the weekly sample.

No words of a citizen are copied here: a group's label is a question, so words that are taken back are gone here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, UtcTime, insert_into
from bot.storage.faq_versions import FaqVersionRow
from bot.storage.questions import MISSED, QuestionRow

MERGED = "merged"
"""The state of what is left of a group whose questions are another's now."""


class ReviewGroupRow(Base):
    __tablename__ = "review_groups"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    version: Mapped[int] = mapped_column(default=1)
    """Goes up when a reviewer changes the group, not when a further question joins it."""
    label_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("questions.id", ondelete="SET NULL"))
    """The first question in the wording that is most used."""
    questions: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    reasons: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    again_of: Mapped[int | None] = mapped_column(BigId, ForeignKey("review_groups.id", ondelete="SET NULL"))
    """The decided group whose wording came again, and was not answered as decided."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_version: Mapped[str | None] = mapped_column(String(64))
    """The FAQ that was in force then."""
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    proposed_at: Mapped[datetime | None]
    proposed_by: Mapped[str | None] = mapped_column(String(80))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    __table_args__ = (
        Index("ix_review_groups_waiting", "state", "people", "last_at", "id"),
        Index("ix_review_groups_decided", "decided_by", "decided_at"),
    )


class ReviewItemRow(Base):
    __tablename__ = "review_items"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("questions.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(16))
    group_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("review_groups.id"))
    """None for a sampled question, unless its answer was found wrong."""
    key: Mapped[str] = mapped_column(String(64), index=True)
    """A hash of the normalised wording. It outlives the question: what was ignored stays ignored."""
    at: Mapped[datetime]
    leads: Mapped[int | None] = mapped_column(BigId, index=True)
    """Of a question with which new ones are compared, to find out whether they belong to its group: a number that goes
    up, so that a process finds out which are new."""
    week: Mapped[date | None] = mapped_column(ForeignKey("review_samples.week"), index=True)
    verdict: Mapped[str | None] = mapped_column(String(8))
    judged_by: Mapped[str | None] = mapped_column(String(80))
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_review_items_question_id", "question_id", "reason", unique=True),
        Index(None, "group_id", "reason"),
    )


class ReviewSampleRow(Base):
    __tablename__ = "review_samples"

    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday, in Bangkok."""
    seed: Mapped[int] = mapped_column(BigId)
    size: Mapped[int]
    drawn_at: Mapped[datetime]


class ReviewMarkRow(Base):
    """How far the log of questions has been looked through."""

    __tablename__ = "review_marks"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    question_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]


A_BATCH = 500
"""So many values go into one statement."""
_groups, _items = cast(Table, ReviewGroupRow.__table__), cast(Table, ReviewItemRow.__table__)
_Q, _NO = QuestionRow, QuestionRow.feedback == "no"
Index("ix_questions_thumbs_down", _Q.feedback_at, _Q.id, sqlite_where=_NO, postgresql_where=_NO)
_MISSED = (_Q.decision == MISSED) & _Q.refusal.is_(None)
_SHOWN = _Q.withheld.is_(False)
_NEEDS_A_LOOK = _MISSED | (_Q.decision == "clarify") | (_Q.chosen == "none") | _NO


def find_mark(db: Session, name: str) -> ReviewMarkRow | None:
    return db.get(ReviewMarkRow, name, populate_existing=True)


def move_mark(db: Session, name: str, *, question_id: int, at: datetime) -> None:
    moved = {"question_id": question_id, "at": at}
    statement = insert_into(db, ReviewMarkRow).values(name=name, **moved)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=moved))


def find_newest_question(db: Session, *, after: int, asked_through: datetime) -> int:
    newer = select(_Q.id).where(_Q.id > after, _Q.asked_at <= asked_through)
    return db.scalar(newer.order_by(_Q.id.desc()).limit(1)) or after


def list_needing_a_look(db: Session, *, after: int, through: int, limit: int) -> list[QuestionRow]:
    statement = select(_Q).where(_Q.id > after, _Q.id <= through, _NEEDS_A_LOOK, _SHOWN)
    return list(db.scalars(statement.order_by(_Q.id).limit(limit)))


def list_thumbs_down(db: Session, *, after: tuple[datetime, int], through: datetime, limit: int) -> list[QuestionRow]:
    later = (_Q.feedback_at > after[0]) | ((_Q.feedback_at == after[0]) & (_Q.id > after[1]))
    statement = select(_Q).where(_Q.feedback == "no", later, _Q.feedback_at <= through, _SHOWN)
    return list(db.scalars(statement.order_by(_Q.feedback_at, _Q.id).limit(limit)))


def list_found_wrong(db: Session, *, limit: int) -> list[QuestionRow]:
    """Sampled questions whose answer was judged wrong, and that are in no group yet."""
    statement = select(_Q).join(ReviewItemRow, ReviewItemRow.question_id == _Q.id)
    wanted = (ReviewItemRow.verdict == "wrong", ReviewItemRow.group_id.is_(None), _Q.text.isnot(None))
    return list(db.scalars(statement.where(*wanted, _SHOWN).order_by(_Q.id).limit(limit)))


def list_items(db: Session, question_ids: Collection[int]) -> list[ReviewItemRow]:
    return list(db.scalars(select(ReviewItemRow).where(ReviewItemRow.question_id.in_(question_ids))))


def list_groups_worded(db: Session, keys: Collection[str]) -> list[tuple[str, ReviewGroupRow]]:
    """The groups that hold one of these wordings, in the order in which they were decided."""
    held = select(_items.c.key, _items.c.group_id).where(_items.c.key.in_(keys)).distinct().subquery()
    statement = select(held.c.key, ReviewGroupRow).join(held, held.c.group_id == ReviewGroupRow.id)
    ordered = statement.order_by(ReviewGroupRow.decided_at, ReviewGroupRow.id)
    return [(key, group) for key, group in db.execute(ordered)]


def list_published(db: Session, versions: Collection[str]) -> dict[str, datetime]:
    """Which of these versions were ever in force, and when each was made."""
    wanted = (FaqVersionRow.version.in_(versions), FaqVersionRow.published_at.isnot(None))
    rows = db.execute(select(FaqVersionRow.version, FaqVersionRow.created_at).where(*wanted))
    return {row.version: row.created_at for row in rows}


def list_leading(db: Session, *, after: tuple[int, int], limit: int) -> list[tuple[int, int, QuestionRow]]:
    """(leads, item, question) of the questions that lead open groups; `after` is the (leads, item) of one."""
    leads, item = func.coalesce(ReviewItemRow.leads, 0), ReviewItemRow.id
    later = (ReviewItemRow.leads > after[0]) | ((ReviewItemRow.leads == after[0]) & (item > after[1]))
    wanted = (ReviewItemRow.leads >= after[0], later, ReviewGroupRow.state == "open", _Q.text.isnot(None))
    statement = select(leads, item, _Q).join(_Q).join(ReviewGroupRow, ReviewGroupRow.id == ReviewItemRow.group_id)
    rows = db.execute(statement.where(*wanted).order_by(ReviewItemRow.leads, item).limit(limit))
    return [(number, item_id, question) for number, item_id, question in rows]


def find_last_leading(db: Session) -> int:
    return db.scalar(select(func.max(ReviewItemRow.leads))) or 0


def find_groups_led(db: Session, question_ids: Collection[int]) -> dict[int, int]:
    """Of these questions, those that lead an open group, and which."""
    statement = select(ReviewItemRow.question_id, ReviewItemRow.group_id).join(ReviewGroupRow)
    wanted = (ReviewItemRow.leads.isnot(None), ReviewGroupRow.state == "open")
    rows = db.execute(statement.where(ReviewItemRow.question_id.in_(question_ids), *wanted))
    return {int(question_id or 0): int(group_id or 0) for question_id, group_id in rows}


def open_group(db: Session, *, asked_at: datetime, again_of: int | None = None) -> int:
    values = {"state": "open", "version": 1, "questions": 0, "people": 0, "reasons": {}, "again_of": again_of}
    statement = insert_into(db, ReviewGroupRow).values(first_at=asked_at, last_at=asked_at, **values)
    return int(db.execute(statement.returning(_groups.c.id)).scalar_one())


def add_items(db: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """What is there already, the same question for the same reason, stays as it is."""
    if rows:
        db.execute(insert_into(db, ReviewItemRow).on_conflict_do_nothing(), [dict(row) for row in rows])


def put_in_group(db: Session, *, question_id: int, group_id: int, leads: int | None) -> None:
    """For what has no group yet."""
    unplaced = (ReviewItemRow.question_id == question_id, ReviewItemRow.group_id.is_(None))
    db.execute(update(ReviewItemRow).where(*unplaced).values(group_id=group_id, leads=leads))


def recount(db: Session, group_ids: Collection[int]) -> None:
    """Counts these groups' questions anew: how many, of how many people, why, from when to when, how worded. What
    nothing is to be done with does not count."""
    ours = select(_items).join(_Q, _Q.id == _items.c.question_id).where(_items.c.group_id.in_(group_ids), _SHOWN)
    group, asked = _items.c.group_id, func.count(_items.c.question_id.distinct())
    people, first, last = func.count(_Q.asker.distinct()), func.min(_Q.asked_at), func.max(_Q.asked_at)
    sums = db.execute(ours.with_only_columns(group, asked, people, first, last).group_by(group)).all()
    reasons: dict[int, dict[str, int]] = defaultdict(dict)
    why = ours.with_only_columns(group, _items.c.reason, func.count()).group_by(group, _items.c.reason)
    for group_id, reason, count in db.execute(why.order_by(_items.c.reason)):
        reasons[group_id][reason] = count
    labels: dict[int, int] = {}
    for group_id, question_id, _ in db.execute(_wordings(ours)):
        labels.setdefault(group_id, question_id)
    rows = [
        {
            "its_id": group_id, "questions": count, "people": askers, "first_at": first_at, "last_at": last_at,
            "reasons": reasons[group_id], "label_id": labels.get(group_id),
        }
        for group_id, count, askers, first_at, last_at in sums
    ]  # fmt: skip
    if rows:
        db.connection().execute(update(_groups).where(_groups.c.id == bindparam("its_id")), rows)
    empty = set(group_ids) - {row["its_id"] for row in rows}
    if empty:
        nothing = {"questions": 0, "people": 0, "reasons": {}, "label_id": None}
        db.execute(update(_groups).where(_groups.c.id.in_(empty)).values(**nothing))


def _wordings(ours: Select[Any]) -> Select[Any]:
    """(group, first question, how many) of each wording that may be shown, the most used first."""
    group, question = _items.c.group_id, _items.c.question_id
    first, asked = func.min(question), func.count(question.distinct())
    shown = ours.where(_Q.text.isnot(None), _SHOWN)
    counted = shown.with_only_columns(group, first, asked).group_by(group, _items.c.key)
    return counted.order_by(group, asked.desc(), first)


def change_group(db: Session, group_id: int, *, seen_version: int, state: str, values: Mapping[str, Any]) -> bool:
    """Only if the group is still in that state and in the version that was seen: who comes second changes nothing."""
    seen = (_groups.c.id == group_id, _groups.c.version == seen_version, _groups.c.state == state)
    changed = update(_groups).where(*seen).values(version=seen_version + 1, **values).returning(_groups.c.id)
    return db.execute(changed).first() is not None


def find_group(db: Session, group_id: int) -> ReviewGroupRow | None:
    """As it is now, whatever this session has seen before."""
    row = db.get(ReviewGroupRow, group_id, populate_existing=True)
    return row if row is not None and row.state != MERGED else None


def find_last_decided(db: Session, *, by: str) -> ReviewGroupRow | None:
    mine = select(ReviewGroupRow).where(ReviewGroupRow.decided_by == by, ReviewGroupRow.state != "open")
    latest = mine.order_by(ReviewGroupRow.decided_at.desc(), ReviewGroupRow.id.desc()).limit(1)
    return db.scalars(latest.execution_options(populate_existing=True)).first()


def move_items(db: Session, *, from_id: int, to_id: int, key: str | None = None) -> None:
    """All, or those of one wording."""
    moved = update(ReviewItemRow).where(ReviewItemRow.group_id == from_id)
    db.execute((moved if key is None else moved.where(ReviewItemRow.key == key)).values(group_id=to_id))


def lead(db: Session, *, group_id: int) -> None:
    """Lets the questions that led the group lead it anew, or its label when none does."""
    number = find_last_leading(db) + 1
    leading = update(_items).where(_items.c.group_id == group_id, _items.c.leads.isnot(None))
    if db.execute(leading.values(leads=number).returning(_items.c.id)).first() is None:
        label = select(_groups.c.label_id).where(_groups.c.id == group_id).scalar_subquery()
        labelled = select(func.min(_items.c.id)).where(_items.c.group_id == group_id, _items.c.question_id == label)
        db.execute(update(_items).where(_items.c.id == labelled.scalar_subquery()).values(leads=number))


def remove_group(db: Session, group_id: int) -> None:
    """The newest stays, empty, and nobody finds it: else SQLite would give its number to the next, and whoever has a
    card of the one before would decide about another."""
    newest = select(func.max(_groups.c.id)).scalar_subquery()
    emptied: dict[str, Any] = {"label_id": None, "questions": 0, "people": 0, "reasons": {}, "proposal": None}
    last = update(_groups).where(_groups.c.id == group_id, _groups.c.id == newest)
    db.execute(last.values(state=MERGED, **emptied))
    db.execute(delete(_groups).where(_groups.c.id == group_id, _groups.c.id != newest))


def list_groups(
    db: Session, *, state: str, reason: str | None, after: tuple[int, datetime, int] | None, limit: int
) -> list[tuple[ReviewGroupRow, str | None]]:
    """With their labels; those of most people first, then the latest. `after` is the (people, last, id) of one. Those
    in which nothing may be shown are left out."""
    row = ReviewGroupRow
    statement = select(row, _Q.text).outerjoin(_Q, _Q.id == row.label_id)
    statement = statement.where(row.state == state, row.questions > 0)
    if reason is not None:
        why = select(_items.c.id).where(_items.c.group_id == row.id, _items.c.reason == reason)
        statement = statement.where(why.exists())
    if after is not None:
        last = tuple_(literal(after[0]), literal(after[1], UtcTime()), literal(after[2]))
        statement = statement.where(tuple_(row.people, row.last_at, row.id) < last)
    ordered = statement.order_by(row.people.desc(), row.last_at.desc(), row.id.desc())
    return [(group, label) for group, label in db.execute(ordered.limit(limit))]


def count_groups(db: Session, *, state: str) -> int:
    wanted = (_groups.c.state == state, _groups.c.questions > 0)
    return db.scalar(select(func.count()).select_from(_groups).where(*wanted)) or 0


def list_asked(db: Session, *, group_id: int, limit: int) -> list[QuestionRow]:
    """A group's questions, the latest first."""
    ours = select(_items.c.question_id).where(_items.c.group_id == group_id)
    return list(db.scalars(select(_Q).where(_Q.id.in_(ours), _SHOWN).order_by(_Q.id.desc()).limit(limit)))


def list_wordings(db: Session, *, group_id: int, limit: int) -> list[tuple[str, int]]:
    """Each wording once, with how many questions have it, the most used first."""
    ours = select(_items).join(_Q, _Q.id == _items.c.question_id).where(_items.c.group_id == group_id)
    counted = _wordings(ours).limit(limit).subquery()
    number, first = counted.c[2], counted.c[1]
    statement = select(_Q.text, number).join(counted, first == _Q.id).order_by(number.desc(), first)
    return [(text, count) for text, count in db.execute(statement)]


def lock_proposed(db: Session, question_ids: Sequence[int]) -> list[ReviewGroupRow]:
    """The groups of these questions for which something is proposed, in the order in which they are locked."""
    found: set[int] = set()
    for start in range(0, len(question_ids), A_BATCH):
        some = question_ids[start : start + A_BATCH]
        ours = select(_items.c.group_id).join(_groups, _groups.c.id == _items.c.group_id)
        found.update(db.scalars(ours.where(_items.c.question_id.in_(some), _groups.c.proposed_at.isnot(None))))
    if not found:
        return []
    statement = select(ReviewGroupRow).where(ReviewGroupRow.id.in_(found)).order_by(ReviewGroupRow.id)
    return list(db.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def list_whole_keys(db: Session, *, group_id: int, keys: Collection[str]) -> list[str]:
    """Of these wordings, those that the group has, and of which every question still has words that may be shown."""
    item = ReviewItemRow
    joined = select(item.key).outerjoin(_Q, _Q.id == item.question_id)
    ours = joined.where(item.group_id == group_id, item.key.in_(keys)).group_by(item.key)
    return list(db.scalars(ours.having(func.count() == func.count(case((_SHOWN, _Q.text))))))


def set_proposal(db: Session, group_id: int, proposal: Mapping[str, Any]) -> None:
    """Whoever saw another one sees this one first."""
    changed = update(_groups).where(_groups.c.id == group_id)
    db.execute(changed.values(proposal=dict(proposal), version=_groups.c.version + 1))


def list_wordless_keys(db: Session, *, group_id: int, limit: int) -> list[str]:
    """Of wordings one of whose questions has no words any more, or none that may be shown."""
    item = ReviewItemRow
    joined = select(item.key).outerjoin(_Q, _Q.id == item.question_id)
    return list(
        db.scalars(joined.where(item.group_id == group_id, or_(_Q.text.is_(None), ~_SHOWN)).distinct().limit(limit))
    )


def list_asked_in(db: Session, spans: Collection[tuple[str, datetime, datetime]], *, limit: int) -> list[QuestionRow]:
    """What these askers asked from one time until another, in the order in which they did."""
    each = [(_Q.asker == asker) & (_Q.asked_at >= since) & (_Q.asked_at < until) for asker, since, until in spans]
    return list(db.scalars(select(_Q).where(or_(*each), _SHOWN).order_by(_Q.id).limit(limit))) if each else []
