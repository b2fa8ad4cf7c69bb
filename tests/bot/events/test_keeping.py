from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.events import forms, keeping
from bot.storage import consents, registrations
from bot.storage.engine import Database
from bot.storage.registrations import RegistrationRow
from bot.vault import Unreadable, Vault
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.builders import NOON

OLD, NEW = "the former secret, long enough to pass", "the secret in force, long enough to pass"
AFTER = IN_A_WEEK + timedelta(hours=3)


def the_only(db: Session) -> RegistrationRow:
    row = db.scalars(select(RegistrationRow)).one()
    db.refresh(row)
    return row


def test_a_registration_is_emptied_when_its_time_is_over(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, retention_days=30)
        sign_up(db, vault, event, a_person(db, 1), party=3, form=a_form(phone="+66812345678", companions=("มาลี",)))
        assert keeping.forget_past(db, now=AFTER + timedelta(days=30) - timedelta(seconds=1)) == 0
        assert keeping.forget_past(db, now=AFTER + timedelta(days=30)) == 1
        assert keeping.forget_past(db, now=AFTER + timedelta(days=31)) == 0
        row = the_only(db)
        assert (row.name, row.phone, row.phone_hash, row.details, row.person_id) == (b"", None, None, None, None)
        assert (row.party_size, row.state, forms.opened(vault, row)) == (3, "confirmed", a_form(""))
        assert consents.list_of_registration(db, row.id) == []


def test_the_key_in_force_takes_over(database: Database) -> None:
    before, during, after = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
    form = a_form("คำ ปัน", phone="+66812345678")
    with database.transaction() as db:
        event = make_event(db)
        person = a_person(db, 1)
        sign_up(db, before, event, person, form=form, kind="neighbour")
        row = the_only(db)
        with pytest.raises(Unreadable):
            forms.opened(after, row)
        last, count = keeping.rekey(db, during, after=0)
        assert (last, count) == (row.id, 1)
        assert keeping.rekey(db, during, after=last) == (0, 0)
        row = the_only(db)
        assert forms.opened(after, row) == form
        assert row.phone_hash == forms.phone_hash(after, "+66812345678")
        assert not sign_up(db, after, event, person, form=form, kind="neighbour").new


def test_without_the_former_key_nothing_is_touched(database: Database) -> None:
    with database.transaction() as db:
        row = sign_up(db, Vault([OLD]), make_event(db), a_person(db, 1), now=NOON).registration
        with pytest.raises(Unreadable):
            keeping.rekey(db, Vault([NEW]), after=0)
        assert registrations.list_sealed(db, after=0, limit=9) == [row]
        assert forms.opened(Vault([OLD]), row) == a_form()
