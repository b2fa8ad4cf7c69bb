from __future__ import annotations

from datetime import timedelta

from bot.events import forms, registrants
from bot.events.registrants import Listed, Note
from bot.storage import people, registrations
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.builders import NOON


def shares_of(listed: Listed) -> list[tuple[int, list[tuple[str, int]]]]:
    return [(one.seats, [(who.form.name, seats) for who, seats in one.shares]) for one in listed.line]


def test_a_list_counts_and_opens_one_page(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3)
        for number, party in enumerate((2, 1, 3, 1)):
            sign_up(db, vault, event, a_person(db, number), party=party, form=a_form(f"คนที่ {number}"))
        listed = registrants.list_page(db, vault, event, first=1, limit=2)
        assert [(one.form.name, one.row.state, one.place) for one in listed.found] == [
            ("คนที่ 1", "confirmed", None), ("คนที่ 2", "waiting", 1),
        ]  # fmt: skip
        counts = {state: found for state, found in listed.counts.items() if found != (0, 0)}
        assert counts == {"confirmed": (2, 3), "waiting": (2, 4)}
        assert (listed.total, listed.seats, listed.passed_over, listed.cut) == (4, 3, 0, False)


def test_the_next_seats_go_to_the_first_that_fits_and_pass_over_who_left(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        ids = [a_person(db, number) for number in range(4)]
        for number, party in enumerate((1, 3, 1, 2)):
            sign_up(db, vault, event, ids[number], party=party, form=a_form(f"คนที่ {number}"))
        people.set_following(db, person_id=ids[2], following=False, at=NOON)
        listed = registrants.list_page(db, vault, event)
        assert shares_of(listed) == [
            (1, [("คนที่ 1", 1)]), (2, [("คนที่ 3", 2)]), (3, [("คนที่ 1", 3)]), (4, [("คนที่ 1", 3), ("คนที่ 3", 1)]),
        ]  # fmt: skip
        assert [(one.place, one.passed_over) for one in listed.found if one.row.state == "waiting"] == [
            (1, False), (2, True), (3, False),
        ]  # fmt: skip


def test_notes_are_sealed_and_kept_in_order(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        row = sign_up(db, vault, make_event(db), a_person(db, 1)).registration
        for number in range(2):
            at = NOON + timedelta(minutes=number)
            registrants.add_note(db, vault, registration_id=row.id, text=f"ข้อ {number}", by="มาลี", now=at)
        assert registrants.read_notes(vault, row) == [
            Note(NOON, "มาลี", "ข้อ 0"), Note(NOON + timedelta(minutes=1), "มาลี", "ข้อ 1"),
        ]  # fmt: skip
        assert "ข้อ".encode() not in (row.notes or b"")
        assert registrants.read_notes(Vault(["another secret, just as long as the first"]), row) == []


def test_of_very_many_notes_the_earliest_go(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        row = sign_up(db, vault, make_event(db), a_person(db, 1)).registration
        notes = [Note(NOON, "มาลี", str(number)) for number in range(registrants.MOST_NOTES + 1)]
        registrants.write_notes(db, vault, row, notes)
        assert registrants.read_notes(vault, row) == notes[1:]


def test_a_search_reads_a_number_in_any_spelling(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, other = make_event(db), make_event(db)
        here = sign_up(db, vault, event, a_person(db, 1), form=a_form("มาลี", phone="+66812345678")).registration
        sign_up(db, vault, other, a_person(db, 2), form=a_form("มาลี", phone="+66812345678"))
        spelt = ("081-234-5678", "โทร. ๐๘๑ ๒๓๔ ๕๖๗๘", "+66812345678", "มา ลี", here.code.lower())
        assert [[one.row.id for one in registrants.search(db, vault, event.id, text)] for text in spelt] == [
            [here.id]
        ] * 5


def test_somebody_of_another_event_is_not_found(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, other = make_event(db), make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        found = registrants.find(db, vault, event_id=event.id, registration_id=row.id)
        assert found is not None and found.form == forms.opened(vault, registrations.find(db, row.id) or row)
        assert registrants.find(db, vault, event_id=other.id, registration_id=row.id) is None


def test_names_are_sorted_as_in_a_thai_dictionary() -> None:
    names = [
        "Anna Smith", "กมล", "นายกันต์", "กานดา", "เกษม", "แก้ว", "คุณขวัญ", "เข็ม", "โชค", "ไชยา", "นางสาวดวงใจ", "ใบเตย",
        "ปา", "ป่า", "ป้า", "ปาน", "ฤดี", "เล็ก", "ศรี", "เสาร์", "แสง", "อรุณ", "โอภาส",
    ]  # fmt: skip
    mixed = names[::-1]
    assert sorted(mixed, key=registrants.thai_order) == names
