from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.cases import taking_back, thread
from bot.cases.kinds import CaseKind
from bot.storage import consents, withdrawn
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import a_case, a_citizen, get
from tests.builders import MALEE, NOON

LATER = NOON + timedelta(hours=1)
PROPOSAL = {
    "place": "ป่าแดด", "district": "57-01", "who": "นักเรียน", "contact": "081-234-5678",
    "message_ids": {"place": "m1", "who": "m2", "contact": "m3"},
}  # fmt: skip
STORY = {
    "may_contact": True, "may_publish": True, "with_name": True, "pictures": 0, "name": "ป้าคำ",
    "message_ids": {"publish": "m1", "name": "m2"},
}  # fmt: skip


def proposed(db: Session, vault: Vault, form: dict[str, Any] = PROPOSAL, **more: Any) -> int:
    return a_case(db, CaseKind.PROPOSAL, form=thread.seal_form(vault, form), **more).id


def take_back(db: Session, vault: Vault, message_id: str) -> int:
    return taking_back.take_back_answers(db, vault, person_id=a_citizen(db), message_id=message_id, now=LATER)


def test_what_hangs_on_an_answer_goes_with_it_and_all_cases_are_looked_at(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        first, second = proposed(db, vault), proposed(db, vault)
        a_case(db, CaseKind.COMPLAINT)
        assert [take_back(db, vault, "m1"), take_back(db, vault, "m1")] == [2, 0]
        left = {"who": "นักเรียน", "contact": "081-234-5678", "taken_back": ["place"]}
        assert [dict(thread.form_of(vault, get(db, one))) for one in (first, second)] == [left, left]
        take_back(db, vault, "m3")
        assert dict(thread.form_of(vault, get(db, first))) == {"who": "นักเรียน", "taken_back": ["place", "contact"]}


def test_an_answer_in_a_message_read_together_with_others_goes_with_any_of_them(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        case = proposed(db, vault)
        withdrawn.note_joined(db, ["m0"], lead_id="m2", now=NOON)
        assert take_back(db, vault, "m0") == 1
        assert "who" not in thread.form_of(vault, get(db, case))


def test_others_forms_and_forms_that_no_key_opens_are_left_alone(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        theirs = proposed(db, vault, person_id=a_citizen(db, MALEE))
        unreadable = proposed(db, Vault(["another secret, which nobody has any more"]))
        before = [get(db, one).form for one in (theirs, unreadable)]
        assert take_back(db, vault, "m1") == 0
        assert [get(db, one).form for one in (theirs, unreadable)] == before


def test_only_the_consent_that_was_given_with_this_case_is_withdrawn(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = a_citizen(db)
        for at in (NOON - timedelta(days=1), NOON):
            consents.add(
                db, person_id=person_id, registration_id=None, purpose=consents.PUBLISHING, version=1,
                wording_hash="0" * 64, way="text", now=at,
            )  # fmt: skip
        case = proposed(db, vault, STORY)
        take_back(db, vault, "m1")
        form = dict(thread.form_of(vault, get(db, case)))
        agreed = [(row.given_at, row.withdrawn_at) for row in consents.list_of_person(db, person_id)]
    assert form == {
        "may_contact": True, "may_publish": False, "with_name": False, "pictures": 0, "taken_back": ["may_publish"],
    }  # fmt: skip
    assert agreed == [(NOON - timedelta(days=1), None), (NOON, LATER)]
