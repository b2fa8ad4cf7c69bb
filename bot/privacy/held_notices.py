"""Which notices were for somebody, and what staff did with what is theirs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.privacy.held_tree import Part, Record
from bot.privacy.held_words import Words
from bot.storage import held_log, held_notices
from bot.storage.held_notices import Received


def notices(db: Session, words: Words, person_id: int, *, most: int) -> tuple[Part, ...]:
    records = [_notice(words, one) for one in held_notices.list_of_person(db, person_id, limit=most + 1)]
    records += [
        Record(title, (*words.row("trial", words.say("said.trial")), *words.one_of("sent", "sent", state),
                       *words.at("sent_at", at)))
        for title, state, at in held_notices.list_trials(db, person_id, limit=most)
    ]  # fmt: skip
    return words.part("notices", records, most=most)


def what_staff_did(
    db: Session, words: Words, subjects: Collection[tuple[str, str]], *, known_since: datetime | None, most: int
) -> tuple[Part, ...]:
    """Of each line the time and what was done: whose work it was is the centre's business, and the rest is hashes."""
    rows = held_log.list_about(db, subjects, known_since=known_since, limit=most + 1)
    records = [
        Record(
            words.moment(row.at),
            (*words.one_of("action", "action", row.action), *words.one_of("about", "subject", row.subject_kind)),
        )
        for row in rows
    ]
    return words.part("log", records, most=most)


def _notice(words: Words, one: Received) -> Record:
    return Record(
        one.title or words.say("said.untitled"),
        (*words.at("begins_at", one.begins_at), *words.one_of("left_out", "left_out", one.left_out),
         *(words.one_of("sent", "sent", one.sent) if one.left_out is None else ()),
         *words.at("sent_at", one.settled_at if one.left_out is None else None),
         *words.one_of("rode", "delivery", one.rode)),
    )  # fmt: skip
