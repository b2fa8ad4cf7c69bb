"""Danger in a group: one case for as long as an urgent one may wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.cases import groups, thread
from bot.queue.kinds import JobKind
from bot.storage import cases, incoming
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, get
from tests.bot.cases.test_answering import jobs_of
from tests.builders import NOON

LATER = NOON + RULES.urgent_within


def cry(db: Session, vault: Vault, name: str, *, lane: str = "ours", now: datetime = NOON) -> int:
    row = {
        "webhook_event_id": name, "kind": "message", "lane": lane, "occurred_at": now, "received_at": now,
        "payload": None, "settled_at": None, "outcome": None,
    }  # fmt: skip
    incoming_id = incoming.insert_new(db, [row])[name]
    return groups.open_or_add(
        db, vault, incoming_id=incoming_id, message_id=name, question_id=None, topic="general.crisis", masked=name,
        now=now, rules=RULES,
    )  # fmt: skip


def test_the_next_words_of_the_same_group_go_into_it_and_alert_nobody(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        first = cry(db, vault, "ช่วยด้วย")
        again = cry(db, vault, "อยู่หน้าวัด", now=LATER)
        case = get(db, first)
        assert (again, case.person_id, case.version, case.waits_for) == (first, None, 2, cases.STAFF)
        assert [said.text for said in thread.read(db, vault, first, limit=9)] == ["อยู่หน้าวัด"]
        assert [subject for subject, _, _ in jobs_of(db, JobKind.CASE_ALERT)] == [first]


@pytest.mark.parametrize(("lane", "after"), [("another", timedelta(0)), ("ours", RULES.urgent_within * 2)])
def test_another_group_and_a_later_time_have_their_own(
    database: Database, vault: Vault, lane: str, after: timedelta
) -> None:
    with database.transaction() as db:
        first, second = cry(db, vault, "1"), cry(db, vault, "2", lane=lane, now=NOON + after)
        assert first != second
        assert [subject for subject, _, _ in jobs_of(db, JobKind.CASE_ALERT)] == [first, second]


def test_what_staff_have_closed_takes_nothing_up(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        first = cry(db, vault, "1")
        cases.close(db, first, now=NOON)
        assert cry(db, vault, "2") != first
