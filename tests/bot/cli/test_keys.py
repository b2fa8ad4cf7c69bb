from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot import clock
from bot.cli.keys import keys
from bot.privacy import erasing
from bot.storage import people
from bot.storage.audit import AuditRow
from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CaseRow
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from bot.storage.staff import StaffRow
from bot.storage.tombstones import KeptKeyRow
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up
from tests.bot.privacy.holding import use_everything

SEALED = (
    RegistrationRow.name, RegistrationRow.details, PersonRow.called, CaseMessageRow.text, CasePictureRow.body,
    CaseRow.form, KeptKeyRow.sealed,
)  # fmt: skip
OLD, NEW = "the former secret, long enough to pass", "the secret in force, long enough to pass"


@pytest.fixture
def served(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", sqlite_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", NEW)
    with sqlite_database.transaction() as db:
        person_id = a_person(db, 1)
        sign_up(db, Vault([OLD]), make_event(db), person_id)
        people.get(db, person_id).called = Vault([OLD]).seal("ป้าคำ".encode())
        erasing.erase(db, Vault([OLD]), person_id=a_person(db, 2), way=erasing.LINE, now=clock.now())
        use_everything(db, Vault([OLD]))
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
    assert done.exit_code == 0
    assert done.output == (
        "Sealed or hashed anew: 2 registrations, 2 questions, 1 lanes, 1 lanes of work, 2 names, 3 case messages,"
        " 1 case pictures, 1 case forms, 2 quarantined, 1 conversations, 1 waiting, 1 answers, 1 kept keys,"
        " 1 second factors.\n"
        "In a day the former key can be taken away. Backups that were made before still need it: keep it safe.\n"
    )
    with served.reading() as db:
        for column in SEALED:
            for sealed in db.scalars(select(column).where(column.is_not(None))):
                Vault([NEW]).open(sealed or b"")
        Vault([NEW]).open(db.scalars(select(StaffRow.totp_sealed).where(StaffRow.login == "malee")).one() or b"")
        assert db.scalars(select(AuditRow.action).order_by(AuditRow.id.desc())).first() == "keys.rotated"


def test_rotate_without_the_former_key_says_which_is_missing(served: Database) -> None:
    done = CliRunner().invoke(keys, ["rotate"])
    assert done.exit_code == 1
    assert "CIVICBOT_SECRET_KEY_PREVIOUS" in done.output
    with served.reading() as db:
        Vault([OLD]).open(db.scalars(select(RegistrationRow.name)).first() or b"")
