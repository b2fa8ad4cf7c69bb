"""Which logged questions need a person's look, and into which group of like ones each goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.outreach import silent_errors
from bot.outreach.likeness import Wordings, key_of
from bot.storage import locks, reviews
from bot.storage.questions import MISSED, QuestionRow, find
from bot.storage.reviews import ReviewGroupRow, ReviewItemRow

GRACE = timedelta(minutes=2)
"""So long a question may take to be written down: younger ones are left for the next time."""
SECOND_LOOK = timedelta(hours=24)
"""Every question is looked at again after a day: `none of these` comes later than the question, and what was written
down later than its number says is found."""
PAGE = 5_000
MOST_COUNTED = 1_000
LOCK = "review/groups"
"""Held by whatever makes groups, merges or parts them."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

WordsOf = Callable[[str], Sequence[str]]
"""The words of a text as the matcher reads them."""


class Reason(StrEnum):
    MISSED = "missed"
    NEAR_TIE = "near_tie"
    NONE_OF_THESE = "none_of_these"
    THUMBS_DOWN = "thumbs_down"
    ANSWERED_BY_HAND = "answered_by_hand"
    SAMPLE = "sample"
    """An answer of the weekly sample that a person found wrong."""


SAID_BY_PERSON = frozenset({Reason.ANSWERED_BY_HAND, Reason.SAMPLE})


@dataclass(frozen=True, slots=True)
class Gathered:
    taken: int
    """Questions that were put into groups, also into those that are decided already."""
    opened: int
    sampled: int
    more: bool
    """There may be more: call again, in a new transaction."""


class OpenWordings:
    """The wordings by which open groups are recognised, kept by a process between two intakes so that one new question
    costs milliseconds. Which group a wording stands for is asked anew each time. Not safe to share between threads."""

    def __init__(self) -> None:
        self._wordings = Wordings()
        self._seen = (0, 0)
        self.uncounted: set[int] = set()
        """Groups that further questions joined in the midst of a backlog: counting a large one each time is slow."""

    def refresh(self, db: Session) -> None:
        """Takes up what others opened. The first time it reads all: do that in a transaction that only reads."""
        while page := reviews.list_leading(db, after=self._seen, limit=PAGE):
            for _, _, question in page:
                self.add(question, question.words)
            self._seen = page[-1][:2]

    def add(self, question: QuestionRow, words: Sequence[str]) -> None:
        self._wordings.add(question.id, question.text or "", words)

    def find_group(self, db: Session, text: str, words: Sequence[str]) -> int | None:
        alike = self._wordings.list_alike(text, words)
        led = reviews.find_groups_led(db, alike) if alike else {}
        return next((led[question_id] for question_id in alike if question_id in led), None)


@dataclass
class _Intake:
    """One batch on its way into groups."""

    db: Session
    now: datetime
    words_of: WordsOf
    open: OpenWordings
    placed: Mapping[int, int]
    known: Collection[tuple[int | None, str]]
    """Question and reason of what was taken in before."""
    worded: dict[str, ReviewGroupRow]
    published: Mapping[str, datetime]
    leading: int
    open_by_key: dict[str, int] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)

    def take(self, question: QuestionRow, reasons: Collection[Reason]) -> int | None:
        """The group, or None where there is nothing to read."""
        key = key_of(question.text or "")
        group_id = self.placed.get(question.id)
        news = [reason for reason in reasons if (question.id, reason) not in self.known or reason is Reason.SAMPLE]
        if not key or not news:
            return group_id
        leads = False
        if group_id is None:
            group_id, leads = self._find_or_open(question, key, reasons)
        self._add(question, group_id, key, news, leads=leads)
        return group_id

    def _find_or_open(self, question: QuestionRow, key: str, reasons: Collection[Reason]) -> tuple[int, bool]:
        if key in self.open_by_key:
            return self.open_by_key[key], False
        known = self.worded.get(key)
        if known is not None and not self._comes_again(question, known, reasons):
            return known.id, False
        words = question.words or self.words_of(question.text or "")
        like = self.open.find_group(self.db, question.text or "", words) if known is None else None
        if like is not None:
            self.open_by_key[key] = like
            return like, False
        opened = reviews.open_group(self.db, asked_at=question.asked_at, again_of=known.id if known else None)
        self.opened.add(opened)
        self.open.add(question, words)
        self.open_by_key[key] = opened
        return opened, True

    def _comes_again(self, question: QuestionRow, group: ReviewGroupRow, reasons: Collection[Reason]) -> bool:
        """Whether a wording that was decided has to be looked at once more: it was not answered as decided although a
        version made since is in force, or a person says that the answer does not do."""
        decision = group.decision or {}
        if group.state == "ignored" or decision.get("kind") == "needs_person":
            return False
        if SAID_BY_PERSON & set(reasons):
            return True
        made = self.published.get(question.knowledge_version)
        if made is None or group.decided_at is None or made <= group.decided_at:
            return False
        expected = decision.get("entry")
        if expected is None:
            return question.decision != MISSED
        return expected not in (question.entry, *question.also)

    def _add(self, question: QuestionRow, group_id: int, key: str, reasons: Collection[Reason], *, leads: bool) -> None:
        self.touched.add(group_id)
        number = None
        if leads:
            self.leading += 1
            number = self.leading
        if Reason.SAMPLE in reasons:
            reviews.put_in_group(self.db, question_id=question.id, group_id=group_id, leads=number)
        rows = [
            {
                "question_id": question.id,
                "reason": reason,
                "group_id": group_id,
                "key": key,
                "at": self.now,
                "leads": None,
            }
            for reason in reasons
            if reason is not Reason.SAMPLE
        ]
        if rows and Reason.SAMPLE not in reasons:
            rows[0]["leads"] = number
        reviews.add_items(self.db, rows)


def gather(
    db: Session, *, now: datetime, limit: int, words_of: WordsOf, wordings: OpenWordings | None = None
) -> Gathered:
    """Takes at most `limit` further questions in, and draws the sample of the week that ended. Safe to repeat and to
    break off: a question enters once for a reason. With `wordings` those of all open groups are not read each time,
    and in a backlog groups that grow are counted at its end; should that be missed, when the next question joins."""
    locks.hold(db, [LOCK])
    sampled = silent_errors.draw_sample(db, now=now)
    questions: dict[int, QuestionRow] = {}
    through = now - GRACE
    for name, asked_through in (("asked", through), ("second look", now - SECOND_LOOK)):
        questions |= _asked(db, name, asked_through=asked_through, limit=limit - len(questions))
    questions |= _thumbs_down(db, through=through, limit=limit - len(questions))
    wrong = {row.id: row for row in reviews.list_found_wrong(db, limit=max(limit - len(questions), 0))}
    reasons = {row.id: _reasons(row) for row in questions.values()}
    for number in wrong:
        reasons[number] = [*reasons.get(number, ()), Reason.SAMPLE]
    kept = wordings is not None
    wordings = wordings or OpenWordings()
    intake = _take(db, [*{**questions, **wrong}.values()], reasons, now=now, words_of=words_of, wordings=wordings)
    backlog = len(reasons) >= limit
    wordings.uncounted |= intake.touched
    due = intake.opened if backlog and kept else set(sorted(wordings.uncounted)[: max(MOST_COUNTED, limit)])
    reviews.recount(db, due)
    wordings.uncounted -= due
    return Gathered(len(reasons), len(intake.opened), sampled, more=backlog or bool(wordings.uncounted))


def add_by_hand(
    db: Session, question_id: int, *, now: datetime, words_of: WordsOf, wordings: OpenWordings | None = None
) -> int | None:
    """A person answered this question: the FAQ may be taught to. Returns its group; None when there is no such
    question, its words were taken back, or nothing is to be done with it."""
    locks.hold(db, [LOCK])
    question = find(db, question_id)
    if question is None or question.withheld or not key_of(question.text or ""):
        return None
    reasons = {question_id: [Reason.ANSWERED_BY_HAND]}
    intake = _take(db, [question], reasons, now=now, words_of=words_of, wordings=wordings or OpenWordings())
    reviews.recount(db, intake.touched)
    return intake.placed.get(question_id) or next(iter(intake.touched), None)


def _asked(db: Session, name: str, *, asked_through: datetime, limit: int) -> dict[int, QuestionRow]:
    if limit <= 0:
        return {}
    mark = reviews.find_mark(db, name)
    after = mark.question_id if mark else 0
    newest = reviews.find_newest_question(db, after=after, asked_through=asked_through)
    found = reviews.list_needing_a_look(db, after=after, through=newest, limit=limit)
    reached = found[-1].id if len(found) == limit else newest
    if reached > after:
        reviews.move_mark(db, name, question_id=reached, at=asked_through)
    return {row.id: row for row in found}


def _thumbs_down(db: Session, *, through: datetime, limit: int) -> dict[int, QuestionRow]:
    if limit <= 0:
        return {}
    mark = reviews.find_mark(db, "thumbs down")
    after = (mark.at, mark.question_id) if mark else (LONG_AGO, 0)
    found = reviews.list_thumbs_down(db, after=after, through=through, limit=limit)
    if found:
        reviews.move_mark(db, "thumbs down", question_id=found[-1].id, at=found[-1].feedback_at or through)
    return {row.id: row for row in found}


def _reasons(question: QuestionRow) -> list[Reason]:
    """In the order of their weight for a reviewer."""
    holds = {
        Reason.THUMBS_DOWN: question.feedback == "no",
        Reason.NONE_OF_THESE: question.chosen == "none",
        Reason.MISSED: question.decision == MISSED and question.refusal is None,
        Reason.NEAR_TIE: question.decision == "clarify",
    }
    return [reason for reason, it_does in holds.items() if it_does]


def _take(
    db: Session,
    questions: Sequence[QuestionRow],
    reasons: Mapping[int, Collection[Reason]],
    *,
    now: datetime,
    words_of: WordsOf,
    wordings: OpenWordings,
) -> _Intake:
    wordings.refresh(db)
    items = reviews.list_items(db, [row.id for row in questions])
    published = reviews.list_published(db, {row.knowledge_version for row in questions})
    known = {(item.question_id, item.reason) for item in items}
    leading = reviews.find_last_leading(db)
    intake = _Intake(db, now, words_of, wordings, _placed(items), known, {}, published, leading)
    for key, group in reviews.list_groups_worded(db, {key_of(row.text or "") for row in questions}):
        _prefer(intake, key, group)
    for question in questions:
        intake.take(question, reasons[question.id])
    return intake


def _placed(items: Sequence[ReviewItemRow]) -> dict[int, int]:
    return {int(item.question_id or 0): item.group_id for item in items if item.group_id is not None}


def _prefer(intake: _Intake, key: str, group: ReviewGroupRow) -> None:
    """An open group of a wording before one that is ignored, that one before the one decided last."""
    if group.state == "open":
        intake.open_by_key[key] = group.id
    elif key not in intake.worded or intake.worded[key].state != "ignored":
        intake.worded[key] = group
