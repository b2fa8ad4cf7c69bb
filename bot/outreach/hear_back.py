"""Being told later: what people agreed to, what has become of it, and that nobody is told twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.outreach.questions import asker_hash
from bot.storage import hear_back, outgoing, questions, reviews
from bot.storage.hear_back import Due, News
from bot.vault import Vault
from knowledge.decision import Decision
from knowledge.entries import SMALL_TALK

PURPOSE = "hear_back"
WORDING_VERSION = 1
"""Raise it when what people agree to changes in substance, not only in words."""
BUTTON, TEXT = "button", "text"
LASTS = timedelta(days=7)
ENDS_AT = time(18)
"""In Bangkok: the last push before the deadline wakes nobody."""
MOST_OPEN = 10
FREE_FIRST = timedelta(days=2)
"""So long an answer waits for the person to write, and for a reply that costs nothing."""
LAST_CALL = timedelta(days=1)
"""So long before the deadline it waits no more."""
AWAKE = (time(9), time(19))
TRIED_FOR = timedelta(days=1)
"""No push is under way for longer."""
KEPT = timedelta(days=90)
"""After the deadline, to show what was agreed to."""


@dataclass(frozen=True, slots=True)
class Agreed:
    deadline: datetime


@dataclass(frozen=True, slots=True)
class AlreadyTold:
    """There is nothing to wait for any more."""


@dataclass(frozen=True, slots=True)
class NoSuchQuestion:
    """It was taken back, is kept no longer, or is somebody else's."""


@dataclass(frozen=True, slots=True)
class TooMany:
    most: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question to ask the FAQ again. `allowed` are the entries that may answer it by what was decided about its
    group, None where nothing was decided."""

    id: int
    text: str
    allowed: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Tidied:
    withdrawn: int
    expired: int
    forgotten: int


def hash_of(wording: str) -> str:
    return hashlib.sha256(wording.encode()).hexdigest()


def agree(
    db: Session, vault: Vault, *, person_id: int, question_id: int, wording_hash: str, way: str, now: datetime
) -> Agreed | AlreadyTold | NoSuchQuestion | TooMany:
    """Safe to repeat: an agreement that stands is left as it is."""
    question = questions.find(db, question_id)
    if question is None or question.text is None:
        return NoSuchQuestion()
    if question.asker != asker_hash(vault, person_id=person_id, now=question.asked_at):
        return NoSuchQuestion()
    found = hear_back.find(db, person_id=person_id, question_id=question_id)
    stands = found is not None and found.state in hear_back.OPEN
    if not stands and hear_back.count_open(db, person_id=person_id) >= MOST_OPEN:
        return TooMany(MOST_OPEN)
    deadline = datetime.combine(clock.bangkok_date(now) + LASTS, ENDS_AT, clock.BANGKOK)
    if hear_back.agree(
        db, person_id=person_id, question_id=question_id, purpose=PURPOSE, wording_hash=wording_hash,
        wording_version=WORDING_VERSION, way=way, consented_at=now, deadline=deadline,
        checked_version=question.knowledge_version,
    ):  # fmt: skip
        return Agreed(deadline)
    return Agreed(found.deadline) if found is not None and stands else AlreadyTold()


def withdraw(db: Session, *, person_id: int, now: datetime, question_id: int | None = None) -> int:
    """Of one question, or of all: how many the person is now not told of. A message under way that tells of one of
    them is not tried again."""
    waiting = hear_back.withdraw(db, person_id=person_id, question_id=question_id, now=now)
    told_in = call_off(db, person_id=person_id, question_id=question_id, now=now)
    return waiting + hear_back.withdraw_told(db, person_id=person_id, question_id=question_id, told_in=told_in, now=now)


def call_off(db: Session, *, person_id: int, now: datetime, question_id: int | None = None) -> list[int]:
    """A push under way that tells them, of one question or of any, is not tried again; what LINE certainly did not take
    waits on. Returns what was called off."""
    since = now - TRIED_FOR
    told_in = hear_back.list_told_in(db, person_id=person_id, question_id=question_id, since=since)
    return outgoing.cancel_for_incoming(db, told_in, now=now)


def list_news(db: Session, *, person_id: int, limit: int) -> list[News]:
    """Answers that this person waits for. Say what `mark_told` lets you say, and nothing else."""
    return hear_back.list_news(db, person_id=person_id, limit=limit)


def mark_told(db: Session, news: News, *, told_in: int, now: datetime) -> bool:
    """In the transaction that writes the answer down. False: somebody else has just told it, or it may not be told."""
    return hear_back.mark_told(db, news.id, told_in=told_in, now=now)


def note_not_told(db: Session, *, told_in: int) -> int:
    """That answer certainly never went out: what it told of waits for the next free reply."""
    return hear_back.unmark_told(db, told_in=told_in)


def take_answer_back(db: Session, news: News) -> None:
    """Its entry is not in force any more."""
    hear_back.take_answer_back(db, news.id)


def list_unanswered(db: Session, *, version: str, limit: int) -> list[Unanswered]:
    """What was not yet asked of this version of the FAQ."""
    found = hear_back.list_unchecked(db, version=version, limit=limit)
    allowed = _allowed(db, [row.question_id for row in found])
    return [Unanswered(row.id, row.text, allowed.get(row.question_id)) for row in found]


def answer_in(question: Unanswered, decision: Decision) -> str | None:
    """The entry by which the FAQ now answers the question; None while it does not. What people decided about it comes
    before what the bot thinks."""
    if decision.kind != "answer" or decision.urgent or decision.entry is None:
        return None
    named = [entry for entry in (decision.entry, *decision.also) if entry not in SMALL_TALK]
    if question.allowed is None:
        return decision.entry if decision.entry in named else None
    return next((entry for entry in named if entry in question.allowed), None)


def note_checked(
    db: Session, asked: Sequence[Unanswered], answers: Mapping[int, str], *, version: str, now: datetime
) -> int:
    """`answers` are the entries found, by the row. Returns how many have an answer now."""
    hear_back.note_unanswered(db, [row.id for row in asked if row.id not in answers], version=version)
    noted = [hear_back.note_answered(db, row, version=version, entry=answers[row], now=now) for row in answers]
    return sum(noted)


def tidy(db: Session, *, now: datetime) -> Tidied:
    """Ends what has run out, or whose person has left; forgets what was taken back, and what is long over."""
    forgotten = hear_back.forget_wordless(db) + hear_back.forget(db, deadline_before=now - KEPT)
    withdrawn = hear_back.withdraw_for_those_who_left(db, now=now)
    return Tidied(withdrawn, hear_back.expire(db, now=now), forgotten)


def list_due(db: Session, *, now: datetime, limit: int) -> list[Due]:
    """Who has to be told by a push now. Nobody at night."""
    begin, end = AWAKE
    if limit <= 0 or not begin <= clock.in_bangkok(now).time() < end:
        return []
    return hear_back.list_due(
        db, answered_before=now - FREE_FIRST, deadline_before=now + LAST_CALL, now=now, limit=limit
    )


def _allowed(db: Session, question_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """By question, for those whose group is decided. No entry is allowed where people decided that none answers."""
    allowed = {}
    for item in reviews.list_items(db, question_ids):
        group = reviews.find_group(db, item.group_id) if item.group_id is not None else None
        if group is not None and group.state != "open" and item.question_id is not None:
            entry = (group.decision or {}).get("entry")
            allowed[item.question_id] = frozenset({entry} if entry else ())
    return allowed
