"""What a returning person gave before."""

from __future__ import annotations

from bot.events import registration
from bot.events.earlier import Earlier, find_earlier
from bot.events.forms import School
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.builders import NOON


def test_the_latest_of_each_is_found_whatever_became_of_it(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person = a_person(db, 1)
        first = sign_up(db, vault, make_event(db), person, form=a_form("ก ข", phone="+66812345678", district="phan"))
        registration.cancel(db, registration_id=first.registration.id, by="person", now=NOON)
        sign_up(db, vault, make_event(db), person, form=a_form("ก งาม"))
        found = find_earlier(db, vault, person_id=person, kind="self")
    assert found == Earlier("ก งาม", "+66812345678", "phan")


def test_what_was_given_for_others_is_nobody_s_own(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person, other = a_person(db, 1), a_person(db, 2)
        event = make_event(db)
        sign_up(db, vault, event, person, kind="neighbour", form=a_form("ยายคำ", phone="+66812345678"))
        sign_up(db, vault, event, other)
        found = [find_earlier(db, vault, person_id=person, kind=kind) for kind in ("self", "neighbour", "class")]
        of_other = find_earlier(db, vault, person_id=other, kind="neighbour")
    assert (found, of_other) == ([None, None, None], None)


def test_a_teacher_s_school_and_contact_are_found_for_the_next_class(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person, event = a_person(db, 1), make_event(db, for_classes=True)
        sign_up(db, vault, event, person, form=a_form("แก้ว", phone="+66898765432"))
        taught = a_form("ครูแก้ว", school=School("บ้านป่าแดด", "ป.6"))
        sign_up(db, vault, event, person, kind="class", party=5, form=taught)
        found = [find_earlier(db, vault, person_id=person, kind=kind) for kind in ("class", "self")]
    assert found == [Earlier("ครูแก้ว", "+66898765432", None, "บ้านป่าแดด"), Earlier("แก้ว", "+66898765432")]


def test_what_no_key_opens_any_more_was_never_given(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person = a_person(db, 1)
        sign_up(db, vault, make_event(db), person)
        stranger = Vault(["another secret, long enough as well"])
        assert find_earlier(db, stranger, person_id=person, kind="self") is None
