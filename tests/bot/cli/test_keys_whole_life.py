"""Somebody's whole life under one secret key; another takes its place, and the former one is gone. Then all of it is
still shown, and erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, select, update

from bot import clock
from bot.cli.keys import keys
from bot.privacy import erasing, held
from bot.privacy.held_tree import lines
from bot.storage import resealing
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.jobs import JobRow
from bot.storage.notices import NoticeRow
from bot.storage.people import PersonRow
from bot.storage.tables import METADATA
from bot.vault import Unreadable, Vault
from tests.bot.privacy.holding import use_everything
from tests.bot.privacy.making import CANARIES, USER, live_through_everything, marks_of, where
from tests.builders import NOON
from tests.office import shipped

OLD, NEW = "the former secret, long enough to pass", "the secret in force, long enough to pass"
LATER = NOON + timedelta(days=2)
ELSEWHERE = {"registrations", "staff", "kept_keys"}
"""Their own aggregates seal these anew."""
OPEN = {"faq_models.arrays", "notice_pictures.body"}
"""Bytes that are not sealed: nobody's."""
STAYS = {"event_id", "login", "staff_name", "notice", "trial"}


def rotate(database: Database, monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", NEW)
    monkeypatch.setenv("CIVICBOT_SECRET_KEY_PREVIOUS", OLD)
    monkeypatch.setattr(clock, "now", lambda: LATER)
    done = CliRunner().invoke(keys, ["rotate"])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_was_theirs_is_erased_without_the_former_key(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with database.transaction() as db:
        person_id = live_through_everything(db, Vault([OLD]))
    assert " 2 questions, 1 lanes, 2 lanes of work, " in rotate(database, monkeypatch, tmp_path)
    assert "questions" not in rotate(database, monkeypatch, tmp_path), "those are done"
    with database.transaction() as db:
        lanes = [db.scalars(select(IncomingRow.lane).where(IncomingRow.webhook_event_id == "w1")).one()]
        lanes += db.scalars(select(JobRow.lane).where(JobRow.lane.is_not(None)))
        assert lanes == [marks_of(Vault([NEW]))["lane0"]] * 3
        erasing.erase(db, Vault([NEW]), person_id=person_id, way=erasing.LINE, now=LATER)
    former = {f"former_{name}": mark for name, mark in marks_of(Vault([OLD])).items()}
    assert where(database, Vault([NEW]), {**CANARIES, **marks_of(Vault([NEW])), **former}) == {}


def test_what_is_theirs_is_shown_without_the_former_key(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with database.transaction() as db:
        someone = use_everything(db, Vault([OLD]))
    with database.reading() as db:
        before = held.collect(db, Vault([OLD]), someone.person_id, catalogue=shipped(), now=LATER)
    rotate(database, monkeypatch, tmp_path)
    with database.reading() as db:
        after = held.collect(db, Vault([NEW]), someone.person_id, catalogue=shipped(), now=LATER)
    told = "\n".join(" | ".join(line) for line in lines(after))
    assert {what for what, canary in someone.canaries.items() if canary not in told} == set()
    assert [line for line in lines(before) if line not in list(lines(after))] == []
    with database.transaction() as db:
        erasing.erase(db, Vault([NEW]), person_id=someone.person_id, way=erasing.LINE, now=LATER)
    assert where(database, Vault([NEW]), {k: v for k, v in someone.canaries.items() if k not in STAYS}) == {}


def test_nothing_is_left_that_only_the_former_key_opens(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with database.transaction() as db:
        live_through_everything(db, Vault([OLD]))
        db.execute(update(NoticeRow).values(rendered=Vault([OLD]).seal(b"[]")))
    rotate(database, monkeypatch, tmp_path)
    with database.reading() as db:
        sealed = {
            f"{table.name}.{column.name}": list(db.scalars(select(column).where(column.is_not(None), column != b"")))
            for table in METADATA.sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary)
        }
    for name in sealed.keys() - OPEN:
        for one in sealed[name]:
            Vault([NEW]).open(one)
    assert [name for name in ("notices.rendered", "quarantine.body", "people.called") if not sealed[name]] == []


def test_every_sealed_column_is_sealed_anew() -> None:
    known = {f"{row.__tablename__}.{column}" for row, column in resealing.COLUMNS.values()}
    assert {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and table.name not in ELSEWHERE
    } == known | OPEN


def test_what_is_soon_gone_and_opens_with_no_key_holds_nothing_up(database: Database) -> None:
    with database.transaction() as db:
        person = PersonRow(line_user_id=USER, first_seen_at=NOON, following_changed_at=NOON)
        person.called = Vault(["a third one, that nobody has any more"]).seal(b"x")
        odd = [Vault([secret]).seal(b"x") for secret in ("a third one, that nobody has any more", OLD)]
        db.add_all([person, *(QuarantinedRow(received_at=NOON, reason="odd", size=1, body=body) for body in odd)])
        db.flush()
        both = Vault([NEW, OLD])
        assert resealing.reseal(db, both, "quarantined", after=0, limit=9) == (2, 1)
        with pytest.raises(Unreadable):
            resealing.reseal(db, both, "names", after=0, limit=9)
