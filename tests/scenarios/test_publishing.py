"""Publishing while people ask: every process takes the new FAQ up within seconds, and nobody gets a mixture."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bot import clock
from bot.faq import drafts, editing, library, publishing
from bot.storage import faq_versions
from bot.storage.incoming import IncomingRow
from bot.storage.questions import QuestionRow
from tests.office import words_of
from tests.scenarios.house import House
from tests.scenarios.phone import Phone

ENTRY, QUESTION = "forum.what", "เวทีแลกเปลี่ยนเรียนรู้คืออะไรคะ"
A_SECOND, SECONDS, BATCH = 50, 8, 10
PUBLISHED_AFTER = 3
TAKEN_UP_WITHIN = 5.0
NEW = "ฉบับที่เพิ่งเผยแพร่"


@dataclass
class Asked:
    person: Phone
    event_id: str
    at: float


@pytest.fixture
def two_versions(stormy_house: House) -> Iterator[tuple[str, str]]:
    """The version in force, and one with another answer that has passed the gate and waits. Afterwards the old one."""
    house, now = stormy_house, clock.now()
    old = library.find_published(house.db)
    with house.db.transaction() as db:
        draft = drafts.open_draft(db, by=None, now=now)
        entry = draft.catalogue.entries[ENTRY]
        mended = replace(entry, answer={**entry.answer, "th": f"{NEW}\n\n{entry.answer['th']}"})
        editing.save_entry(db, entry=mended, seen=drafts.revision_of(entry), by=None, now=now)
    prepared = publishing.prepare(house.db, tests=(), logged=(), by=None, now=now)
    yield old, str(prepared.draft_revision)
    with house.db.transaction() as db:
        faq_versions.publish(db, version=old, now=clock.now())


def ask_at_an_even_pace(house: House, people: list[Phone], *, publish: tuple[float, str]) -> tuple[list[Asked], float]:
    """Everybody asks once, so many a second; in between the draft is published. Returns who asked when, and when that
    was."""
    asked: list[Asked] = []
    published_at = float("nan")
    started = time.monotonic()
    for first in range(0, len(people), BATCH):
        due = started + first / A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        if published_at != published_at and first / A_SECOND >= publish[0]:
            publishing.publish(house.db, seen_revision=int(publish[1]), by=None, now=clock.now())
            published_at = time.monotonic()
        some = people[first : first + BATCH]
        events = house.completed(*(person.event(QUESTION) for person in some))
        at = time.monotonic()
        assert house.webhook(*events)["status"] == 200
        asked += [Asked(one, event["webhookEventId"], at) for one, event in zip(some, events, strict=True)]
    return asked, published_at


def versions_of(house: House, asked: list[Asked]) -> dict[str, str]:
    statement = (
        select(IncomingRow.webhook_event_id, QuestionRow.knowledge_version)
        .join(QuestionRow, QuestionRow.incoming_id == IncomingRow.id)
        .where(IncomingRow.webhook_event_id.in_([one.event_id for one in asked]))
    )
    with house.db.reading() as db:
        return {row.webhook_event_id: row.knowledge_version for row in db.execute(statement).all()}


@pytest.mark.timeout(300)
def test_publishing_among_fifty_questions_a_second_fails_and_mixes_nothing(
    stormy_house: House, two_versions: tuple[str, str]
) -> None:
    house, (old, revision) = stormy_house, two_versions
    count = A_SECOND * SECONDS
    crowd = house.line("/people", {"count": count, "prefix": "ผู้ถาม"})["crowd"]
    ids = house.line(f"/crowds/{crowd}/ids?start=0&limit={count}")
    people = [Phone(house, user_id) for user_id in ids]

    asked, published_at = ask_at_an_even_pace(house, people, publish=(PUBLISHED_AFTER, revision))
    house.wait_until_idle()

    versions = versions_of(house, asked)
    new = library.find_published(house.db)
    assert len(versions) == count
    assert set(versions.values()) == {old, new} and old != new
    answers = Counter(row["userId"] for row in house.ledger())
    for one in asked:
        assert answers[one.person.user_id] == 1, one
        assert (NEW in words_of(one.person.bubbles())) == (versions[one.event_id] == new), one
    late = [one for one in asked if one.at > published_at + TAKEN_UP_WITHIN]
    assert not [one for one in late if versions[one.event_id] == old]
