from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.events import mine, registration
from bot.outreach import line_linking, review, review_intake
from bot.outreach.review import Changed, Decision, DecisionKind
from bot.privacy import erasing
from bot.privacy.erasing import NobodyToErase, Receipt
from bot.storage import cases, data_requests, events, people, questions, registrations, staff
from bot.storage import tombstones as table
from bot.storage.cases import CaseRow
from bot.storage.data_requests import DataRequestRow
from bot.storage.engine import Database
from bot.storage.questions import QuestionRow
from bot.storage.registrations import RegistrationRow
from bot.storage.sign_in_tries import SignInTryRow
from bot.vault import Vault
from tests.bot.events.making import a_form, a_person, make_event, sign_up, tell_what_is_due
from tests.bot.privacy.making import CANARIES, live_through_everything, where
from tests.builders import NOON

LATER = NOON + timedelta(hours=1)


def erase(db: Session, vault: Vault, person_id: int) -> Receipt:
    return erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=NOON)


def states(db: Session, event_id: int) -> list[str]:
    everybody = (*registrations.OPEN, registrations.CANCELLED)
    return [row.state for row in registrations.list_of_event(db, event_id, states=everybody, limit=50)]


def test_the_receipt_has_counts_and_nothing_else(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        receipt = erase(db, vault, live_through_everything(db, vault))
        row = table.find(db, receipt.number)
        asked = list(db.scalars(select(DataRequestRow).order_by(DataRequestRow.id)))
    assert row is not None and row.counts == receipt.counts
    assert (row.way, row.erased_at, row.finished_at) == ("line", NOON, None)
    assert receipt.counts == {
        "answers": 1, "case_messages": 1, "case_pictures": 1, "cases": 1, "consents": 3, "data_links": 1,
        "data_requests": 1, "dialogues": 1, "hear_back": 1, "incoming": 3, "interests": 1, "jobs": 2,
        "notice_requests_unknown": 1, "notice_trials": 1, "notices": 1, "people": 1, "places_given_up": 1,
        "preferences": 1, "quarantine": 1, "questions": 2, "registrations": 2, "staff_links": 1,
    }  # fmt: skip
    assert [(one.kind, one.person_id, one.outcome) for one in asked] == [
        (data_requests.ACCESS, None, "done"),
        (data_requests.ERASE, None, "done"),
    ]


def test_tries_at_codes_are_not_held_against_whoever_has_the_number_next(database: Database) -> None:
    """SQLite gives the number of the newest person, once erased, to the next who comes."""
    former, vault = Vault(["o" * 32]), Vault(["n" * 32, "o" * 32])
    with database.transaction() as db:
        person_id, other = a_person(db, 1), a_person(db, 2)
        for one in (former, vault):
            for who in (person_id, other):
                for what in mine.GUESSED:
                    mine.take_guess(db, one, what=what, person_id=who, most=5, now=NOON)
                line_linking.redeem(db, one, code="00000000", person_id=who, now=NOON)
        erase(db, vault, person_id)
        left = list(db.scalars(select(SignInTryRow.key)))
        assert len(left) == 2 * 3
        erase(db, vault, other)
        assert db.scalar(select(SignInTryRow.id).limit(1)) is None


def test_what_goes_is_told_before(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = live_through_everything(db, vault)
        goes = erasing.what_goes(db, vault, person_id, now=NOON)
    assert [(one.title, one.state, one.party_size) for one in goes.registrations] == [
        ("เวทีแลกเปลี่ยนเรียนรู้", "confirmed", 2)
    ]
    assert (goes.cases, goes.hear_back, goes.notices, goes.consents, goes.is_staff) == (1, 1, 1, 3, True)


def test_numbers_stay(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        erase(db, vault, live_through_everything(db, vault))
        rows = list(db.scalars(select(RegistrationRow).order_by(RegistrationRow.id)))
        asked = list(db.scalars(select(QuestionRow).order_by(QuestionRow.id)))
        (case,) = db.scalars(select(CaseRow))
    assert [(row.state, row.party_size, row.forgotten, row.person_id) for row in rows] == [
        ("cancelled", 2, True, None),
        ("confirmed", 2, True, None),
    ]
    assert [(row.decision, row.text, row.words, row.asker) for row in asked] == 2 * [("fallback", None, [], None)]
    assert (case.state, case.kind, case.closed_at) == (cases.CLOSED, "proposal", NOON)


def test_the_account_of_the_staff_stays_without_its_link(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        erase(db, vault, live_through_everything(db, vault))
        row = staff.find_by_login(db, "nok")
    assert row is not None and (row.person_id, row.linked_at, row.disabled_at) == (None, None, None)


def test_nobody_is_erased_twice(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = live_through_everything(db, vault)
        erase(db, vault, person_id)
    with database.transaction() as db, pytest.raises(NobodyToErase):
        erase(db, vault, person_id)


def test_nobody_else_loses_anything(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        other = a_person(db, 7)
        theirs = sign_up(db, vault, event, other, form=a_form("คำ ปัน")).registration
        erase(db, vault, live_through_everything(db, vault))
        row = registrations.find(db, theirs.id)
        assert row is not None and (row.state, row.person_id, vault.open(row.name)) == (
            "confirmed", other, "คำ ปัน".encode(),
        )  # fmt: skip
        assert people.get(db, other).line_user_id == f"U{7:032x}"


def test_a_seat_goes_to_the_first_who_waits(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        first, second = a_person(db, 1), a_person(db, 2)
        sign_up(db, vault, event, first)
        sign_up(db, vault, event, second)
        receipt = erase(db, vault, first)
        assert states(db, event.id) == ["cancelled", "offered"]
        assert receipt.counts == {"consents": 1, "people": 1, "places_given_up": 1, "registrations": 1}


def test_an_offer_of_theirs_goes_to_the_next(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = [sign_up(db, vault, event, a_person(db, number)).registration for number in (1, 2, 3)]
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        tell_what_is_due(db)
        assert states(db, event.id) == ["cancelled", "offered", "waiting"]
        erase(db, vault, rows[1].person_id or 0)
        assert states(db, event.id) == ["cancelled", "cancelled", "offered"]


def test_what_has_begun_still_says_how_many_came(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, starts_at=LATER)
        person_id = a_person(db, 1)
        row = sign_up(db, vault, event, person_id, party=3).registration
        erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=LATER)
        assert (row.state, row.seats, row.forgotten, row.name) == ("confirmed", 3, True, b"")


def test_a_ticket_leads_nowhere_afterwards(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = a_person(db, 1)
        ticket = sign_up(db, vault, make_event(db), person_id).registration.ticket
        erase(db, vault, person_id)
        assert registrations.find_by_ticket(db, ticket) is None


def test_what_was_hashed_with_an_earlier_secret_is_found_too(database: Database, vault: Vault) -> None:
    both = Vault(["another secret, long enough to pass", OLD])
    with database.transaction() as db:
        receipt = erase(db, both, live_through_everything(db, vault))
        assert (receipt.counts["questions"], receipt.counts["incoming"]) == (2, 3)
        assert questions.list_latest(db, limit=1)[0].asker is None


def test_what_was_proposed_of_their_questions_goes_with_these(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = live_through_everything(db, vault)
        propose_of_all(db)
        erase(db, vault, person_id)
    assert where(database, vault, {"question": CANARIES["question"]}) == {}


def test_registrations_that_others_made_go_on_a_written_request(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        by_hand = sign_up(db, vault, event, None, form=a_form(phone="+66812345678"), way="staff").registration
        waiting = sign_up(db, vault, event, a_person(db, 1)).registration
        asked = {"phone": "+66812345678", "way": erasing.STAFF, "now": NOON}
        receipt = erasing.erase_registrations(db, vault, [by_hand.id], **asked)
        assert receipt.counts == {"registrations": 1, "places_given_up": 1}
        assert (by_hand.phone, by_hand.phone_hash, waiting.state) == (None, None, "offered")
        again = erasing.erase_registrations(db, vault, [by_hand.id], **asked)
        assert (again.counts["registrations"], again.number) == (0, receipt.number + 1)


def test_events_are_locked_in_the_order_of_their_numbers(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[int] = []
    with database.transaction() as db:
        person_id = a_person(db, 1)
        made = [make_event(db) for _ in range(3)]
        for event in reversed(made):
            sign_up(db, vault, event, person_id)
        real = events.lock

        def lock(db: Session, event_id: int) -> events.EventRow | None:
            locked.append(event_id)
            return real(db, event_id)

        monkeypatch.setattr(events, "lock", lock)
        erase(db, vault, person_id)
    assert locked[:3] == [event.id for event in made]
    assert locked == sorted(locked[:3]) + sorted(locked[3:])


def propose_of_all(db: Session) -> None:
    """A volunteer would open an entry for what was asked, in its words."""
    review_intake.gather(db, now=LATER, limit=9, words_of=str.split)
    for line in review.list_groups(db):
        new = Decision(DecisionKind.NEW_ENTRY, entry="a.b", title=line.label, texts=(line.label or "",))
        seen = line.group.version
        proposed = review.propose(
            db, group_id=line.group.id, seen_version=seen, decision=new, by="nid", may=lambda _: True, now=LATER
        )
        assert isinstance(proposed, Changed)


OLD = "a secret for tests, long enough to pass"
