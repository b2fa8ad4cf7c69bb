"""Somebody's questions: found again by the hashes that say whose they are, month by month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.outreach.questions import asker_hash
from bot.privacy.held_tree import Part, Record
from bot.privacy.held_words import Words
from bot.storage import held_talk
from bot.storage.hear_back import HearBackRow
from bot.storage.questions import QuestionRow
from bot.vault import Vault

MOST_MONTHS = 124
"""The longest that questions may be kept, and a little more."""
A_TURN_OF_THE_MONTH = timedelta(days=1)


def asker_hashes(vault: Vault, *, person_id: int, since: datetime, now: datetime) -> list[str]:
    """By which this person's questions are known: one a month, and one a key that is or was in force."""
    return [
        asker_hash(one, person_id=person_id, now=month)
        for one in vault.each()
        for month in months(since=since, now=now)
    ]


def months(*, since: datetime, now: datetime) -> list[datetime]:
    """A moment of each month in which somebody who is known since then may have asked something."""
    month = clock.in_bangkok(since - A_TURN_OF_THE_MONTH).replace(day=1, hour=12)
    last, found = clock.in_bangkok(now + A_TURN_OF_THE_MONTH), []
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found[-MOST_MONTHS:]


def questions(db: Session, words: Words, askers: list[str], *, most: int) -> tuple[Part, ...]:
    rows = held_talk.list_questions(db, askers, limit=most + 1)
    reviewed = dict(held_talk.list_reviewed(db, [row.id for row in rows[:most]]))
    return words.part("questions", [_question(words, row, reviewed.get(row.id)) for row in rows], most=most)


def waiting_answers(db: Session, words: Words, person_id: int, *, most: int) -> tuple[Part, ...]:
    found = held_talk.list_hear_back(db, person_id, limit=most + 1)
    return words.part("hear_back", [_hear_back(words, row, text) for row, text in found], most=most)


def _question(words: Words, row: QuestionRow, reviewed: str | None) -> Record:
    topics = [words.topic(entry) for entry in (row.entry, *row.also) if entry]
    chosen = words.choice("chosen", row.chosen) if row.chosen == "none" else words.topic(row.chosen or "")
    looked_at = [words.topic(str(one["entry"])) for one in row.candidates if isinstance(one, dict) and "entry" in one]
    return Record(
        words.moment(row.asked_at),
        (
            *words.row("question", row.text or words.say("said.words_gone")),
            *words.row("split_words", " · ".join(row.words)),
            *words.one_of("decision", "decision", row.decision),
            *words.row("topics", "\n".join(topics)),
            *words.row("candidates", "\n".join(dict.fromkeys(looked_at))),
            *words.one_of("refusal", "refusal", row.refusal),
            *(words.yes_no("urgent", so=row.urgent) if row.urgent else ()),
            *words.row("chosen", chosen),
            *words.one_of("feedback", "feedback", row.feedback),
            *words.at("feedback_at", row.feedback_at),
            *words.one_of("reviewed", "reviewed", reviewed),
        ),
    )


def _hear_back(words: Words, row: HearBackRow, text: str | None) -> Record:
    return Record(
        text or words.say("said.words_gone"),
        (
            *words.one_of("hear_back_state", "hear_back", row.state),
            *words.at("agreed_at", row.consented_at),
            *words.one_of("way", "way", row.way),
            *words.number("wording_version", row.wording_version),
            *words.row("wording_hash", row.wording_hash),
            *words.at("waits_until", row.deadline),
            *words.at("answer_found_at", row.answered_at),
            *words.row("topics", words.topic(row.entry) if row.entry else ""),
            *words.at("ended_at", row.closed_at),
        ),
    )
