"""What is written to the audit log, about people and about anything else, and what is pruned from it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.outreach import audit
from bot.outreach.audit import SYSTEM, Actor, Verified, changed, prune, record, verify
from bot.storage.audit import AuditRow, list_entries
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.storage.audit_tables import tamper
from tests.builders import NOON

MALEE = Actor(7, "มาลี")
DAY = timedelta(days=1)
NUMBER = "081-234-5678"


def write(database: Database, vault: Vault, **values: Any) -> AuditRow:
    usual: dict[str, Any] = {"actor": MALEE, "action": "staff.changed", "subject": ("staff", 3), "now": NOON}
    with database.transaction() as db:
        record(db, vault, **(usual | values))
        return list_entries(db, limit=1)[0]


def write_days(database: Database, vault: Vault, count: int) -> None:
    for number in range(count):
        write(database, vault, now=NOON + number * DAY)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ({"b": 2}, {"b": 3})),
        ({"a": 1}, {"a": 1, "b": None}, ({}, {"b": None})),
        ({"a": 1, "b": 2}, {"a": 1}, ({"b": 2}, {})),
        ({"a": 1}, {"a": True}, ({"a": 1}, {"a": True})),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, ({}, {})),
        (None, {"a": 1}, (None, {"a": 1})),
        ({"a": 1}, None, ({"a": 1}, None)),
        (None, None, (None, None)),
    ],
)
def test_only_what_differs_is_kept(before: Any, after: Any, kept: Any) -> None:
    assert changed(before, after) == kept


def test_a_line_says_who_when_what_from_and_to(database: Database, vault: Vault) -> None:
    row = write(
        database, vault, before={"role": "volunteer", "seen": 1}, after={"role": "staff", "seen": 1}, address_hash="ab"
    )
    assert (row.id, row.at, row.actor_id, row.actor, row.action) == (1, NOON, 7, "มาลี", "staff.changed")
    assert (row.subject_kind, row.subject_id, row.address_hash) == ("staff", "3", "ab")
    assert (row.before, row.after) == ({"role": "volunteer"}, {"role": "staff"})
    assert row.previous_hash == "0" * 64


def test_of_a_person_only_field_names_and_keyed_hashes_are_kept(database: Database, vault: Vault) -> None:
    row = write(
        database, vault, action="person.changed", subject=("person", 12),
        before={"phone": NUMBER, "wants_notices": True, "area": None}, after={"phone": "053-111222", "area": "แม่สาย"},
    )  # fmt: skip
    assert row.before is not None
    assert row.after is not None
    assert row.before.keys() == {"phone", "wants_notices", "area"}
    assert row.after.keys() == {"phone", "area"}
    values = [*row.before.values(), *row.after.values()]
    assert all(value.startswith("hash:") and len(value) == 29 for value in values)
    assert len(set(values)) == 5


def test_the_same_value_is_known_again_for_one_person_and_not_across_people(database: Database, vault: Vault) -> None:
    rows = [
        write(database, vault, action="person.seen", subject=("person", person), after={"phone": NUMBER})
        for person in (12, 12, 13)
    ]
    first, again, other = (row.after for row in rows)
    assert first == again
    assert first != other


def test_a_person_named_by_anything_but_our_number_is_hashed(database: Database, vault: Vault) -> None:
    row = write(database, vault, action="person.erased", subject=("person", "U" + "1" * 32))
    assert row.subject_id.startswith("hash:")


def test_personal_fields_are_hashed_at_any_depth_of_anything(database: Database, vault: Vault) -> None:
    after = {
        "Name": "สมชาย",
        "role": "staff",
        "rows": [{"phone": NUMBER, "count": 2}],
        "by": {"email": {"a": "x@y.th"}},
    }
    row = write(database, vault, after=after)
    assert row.after is not None
    name, phone, email = row.after["Name"], row.after["rows"][0]["phone"], row.after["by"]["email"]
    assert row.after == {
        "Name": name, "role": "staff", "rows": [{"phone": phone, "count": 2}], "by": {"email": email},
    }  # fmt: skip
    assert all(value.startswith("hash:") for value in (name, phone, email))


def test_nothing_personal_is_in_the_stored_bytes(database: Database, vault: Vault) -> None:
    for kind, kept in audit.SUBJECTS.items():
        personal = {"anything": NUMBER} if kept is audit.Keeps.HASHES else {}
        fields = dict.fromkeys(audit.PERSONAL_FIELDS, NUMBER)
        write(database, vault, subject=(kind, 1), before=None, after=fields | personal)
    with database.reading() as db:
        stored = "".join(repr(tuple(row)) for row in db.execute(text("SELECT * FROM audit_log")))
    assert stored.count("1234") + stored.count("5678") == stored.count("12345678") == 0


def test_long_texts_are_cut_with_their_length_and_hash(database: Database, vault: Vault) -> None:
    answer = "ก" * 2001
    row = write(
        database, vault, subject=("faq_entry", "center.hours"), action="faq.saved",
        before={"answer": answer, "title": "ก" * 2000}, after={"answer": answer + "ข", "title": ""},
    )  # fmt: skip
    assert row.before == {
        "answer": {"cut": "ก" * 2000, "letters": 2001, "sha256": hashlib.sha256(answer.encode()).hexdigest()},
        "title": "ก" * 2000,
    }
    assert row.after is not None
    assert (row.after["answer"]["letters"], row.after["title"]) == (2002, "")
    assert row.after["answer"]["sha256"] != row.before["answer"]["sha256"]


def test_a_long_list_is_cut_as_a_whole(database: Database, vault: Vault) -> None:
    row = write(database, vault, after={"variants": ["ก" * 100] * 200, "few": ["ข" * 100] * 50})
    assert row.after is not None
    assert (row.after["variants"]["letters"], row.after["few"]) == (200 * 104, ["ข" * 100] * 50)


def test_a_kind_nobody_decided_about_is_refused_and_nothing_is_written(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        with pytest.raises(audit.UnknownSubject) as refused:
            record(db, vault, actor=SYSTEM, action="cat.fed", subject=("cat", 1), now=NOON)
        assert refused.value.kind == "cat"
        assert list_entries(db) == []


@pytest.mark.parametrize(
    "action", ["disabled", "Staff.disabled", "staff disabled", "staff.", "staff.{", "a." + "b" * 59]
)
def test_an_action_is_named_with_a_dot(database: Database, vault: Vault, action: str) -> None:
    with pytest.raises(ValueError, match="no name of an action"):
        write(database, vault, action=action)


def test_a_subject_too_long_for_its_column_is_refused_on_both_databases(database: Database, vault: Vault) -> None:
    with pytest.raises(ValueError, match="too long"):
        write(database, vault, subject=("faq_entry", "x" * 121))


@pytest.mark.parametrize("value", [NOON, {1, 2}, float("nan")])
def test_what_is_not_json_is_refused(database: Database, vault: Vault, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        write(database, vault, after={"a": value})


@pytest.mark.parametrize(
    "value", [1.1, 1e300, -0.0, 2**70, "\x00\ud800\u2028", "ไทย 👍", [], {}, {"z": 1, "a": [None]}]
)
def test_any_json_comes_back_as_it_was_hashed(database: Database, vault: Vault, value: object) -> None:
    row = write(database, vault, after={"a": value})
    assert row.after == {"a": value}
    assert verify(database, vault) == Verified(count=1, last_id=1, head=row.hash)


def test_a_line_goes_when_its_transaction_does(database: Database, vault: Vault) -> None:
    first = write(database, vault)
    with pytest.raises(KeyError), database.transaction() as db:
        record(db, vault, actor=SYSTEM, action="faq.published", subject=("faq", "all"), now=NOON)
        raise KeyError
    assert verify(database, vault) == Verified(count=1, last_id=1, head=first.hash)
    assert write(database, vault).id == 2


def test_pruning_removes_the_oldest_and_the_rest_still_verifies(database: Database, vault: Vault) -> None:
    write_days(database, vault, 5)
    with database.reading() as db:
        third = list_entries(db, before_id=4, limit=1)[0].hash
    with database.transaction() as db:
        assert prune(db, vault, before=NOON + 3 * DAY, now=NOON + 9 * DAY) == 3
    with database.reading() as db:
        rows = list_entries(db)
    assert [(row.id, row.action) for row in rows] == [(6, "audit.pruned"), (5, "staff.changed"), (4, "staff.changed")]
    assert rows[0].after == {"through": 3, "hash": third, "lines": 3}
    assert verify(database, vault) == Verified(count=3, last_id=6, head=rows[0].hash)


def test_pruning_goes_on_where_it_stopped_and_keeps_the_last_line(database: Database, vault: Vault) -> None:
    write_days(database, vault, 4)
    counts = []
    for _ in range(4):
        with database.transaction() as db:
            counts.append(prune(db, vault, before=NOON + 4 * DAY, now=NOON + 9 * DAY, limit=2))
    assert counts == [2, 2, 0, 0]
    with database.reading() as db:
        assert [row.id for row in list_entries(db)] == [6, 5]
    assert verify(database, vault).__class__ is Verified


def test_pruning_refuses_a_log_whose_head_was_altered(database: Database, vault: Vault) -> None:
    write_days(database, vault, 4)
    tamper(database, "UPDATE audit_head SET pruned_through = 2")
    with pytest.raises(audit.HeadUnproven), database.transaction() as db:
        prune(db, vault, before=NOON + 4 * DAY, now=NOON)
