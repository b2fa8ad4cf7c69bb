from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot import clock
from bot.cli.keys import keys
from bot.storage.audit import AuditRow
from bot.storage.engine import Database
from bot.storage.registrations import RegistrationRow
from bot.storage.staff import StaffRow
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up

OLD, NEW = "the former secret, long enough to pass", "the secret in force, long enough to pass"


@pytest.fixture
def served(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", sqlite_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", NEW)
    with sqlite_database.transaction() as db:
        sign_up(db, Vault([OLD]), make_event(db), a_person(db, 1))
        db.add(
            StaffRow(
                name="มาลี", login="malee", role="staff", created_at=clock.now(),
                totp_sealed=Vault([OLD]).seal(pyotp.random_base32().encode()),
            )
        )  # fmt: skip
    return sqlite_database


def test_rotate_seals_everything_anew(served: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_SECRET_KEY_PREVIOUS", OLD)
    done = CliRunner().invoke(keys, ["rotate"])
    assert (done.exit_code, done.output) == (0, "Sealed anew: 1 registrations, 1 second factors.\n")
    with served.reading() as db:
        Vault([NEW]).open(db.scalars(select(RegistrationRow.name)).one())
        Vault([NEW]).open(db.scalars(select(StaffRow.totp_sealed)).one() or b"")
        assert db.scalars(select(AuditRow.action)).all() == ["keys.rotated"]


def test_rotate_without_the_former_key_says_which_is_missing(served: Database) -> None:
    done = CliRunner().invoke(keys, ["rotate"])
    assert done.exit_code == 1
    assert "CIVICBOT_SECRET_KEY_PREVIOUS" in done.output
    with served.reading() as db:
        Vault([OLD]).open(db.scalars(select(RegistrationRow.name)).one())
