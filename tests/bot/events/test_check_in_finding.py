"""Who stands at the door: however the ticket, the code or the name comes in."""

from __future__ import annotations

from datetime import timedelta

from bot.events import check_in as door
from bot.events import check_in_finding as finding
from bot.events import registration
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.bot.events.test_check_in import TEN_PAST, a_party, scan


def test_found_by_ticket_address_and_code_however_typed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault)
        row.code = "25CHJ8"
        db.flush()

        def ids(text: str) -> list[int]:
            return [one.registration.id for one in finding.find(db, vault, event_id=event.id, text=text).matches]

        for text in (
            row.ticket, f"https://bot.example/t/{row.ticket}", f" https://bot.example/t/{row.ticket}?openExternalBrowser=1",
            "25chj8", " 25 CH-J8 ", "２５ｃｈｊ８", "๒๕CHJ๘", "zschjb", "25CH18", "Z5OHJB",
        ):  # fmt: skip
            assert ids(text) == [row.id], text
        for text in ("25CHJ9", "25CH", "OOIIOO", "x" * 32, "", "25chj8 x"):
            assert ids(text) == [], text
        assert finding.find(db, vault, event_id=event.id, text="25CHJ9").way == "code"
        sure = {
            text: finding.find(db, vault, event_id=event.id, text=text).sure
            for text in (row.ticket, "zschjb", "25CH18")
        }
        assert sure == {row.ticket: True, "zschjb": True, "25CH18": False}


def test_ticket_of_another_event_is_said_to_be_one(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        _, row = a_party(db, vault)
        found = finding.find(db, vault, event_id=make_event(db).id, text=row.ticket)
        assert (found.elsewhere, list(found.matches)) == (row, [])


def test_found_by_name_with_any_title_among_the_open_ones(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        names = ("นางสาวสมหญิง ใจดี", "สมชาย ใจดี", "นายิกา แสนคำ", "John Smith")
        rows = [
            sign_up(db, vault, event, a_person(db, number), form=a_form(name)).registration
            for number, name in enumerate(names)
        ]
        gone = sign_up(db, vault, event, a_person(db, 9), form=a_form("สมชาย ลาไป")).registration
        registration.cancel(db, registration_id=gone.id, by="person", now=TEN_PAST - timedelta(days=1))

        def found(text: str) -> list[str]:
            return [one.name for one in finding.find(db, vault, event_id=event.id, text=text).matches]

        assert found("ใจดี") == ["นางสาวสมหญิง ใจดี", "สมชาย ใจดี"]
        assert found("คุณ สมชายใจดี") == ["สมชาย ใจดี"]
        assert found("น.ส. สมหญิง") == ["นางสาวสมหญิง ใจดี"]
        assert found("นายิกา") == ["นายิกา แสนคำ"]
        assert found("mr. SMITH") == ["John Smith"]
        assert found("ส") == []
        assert {one.name for one in finding.roster(db, vault, event.id)} == set(names)
        assert finding.roster(db, vault, event.id)[0] == finding.Expected(
            finding.ticket_hash(rows[0].ticket), rows[0].code, names[0], 1
        )


def test_who_is_here_the_latest_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_party(db, vault)
        other = sign_up(db, vault, event, a_person(db, 2)).registration
        scan(db, row.id)
        scan(db, other.id, now=TEN_PAST + timedelta(seconds=1))
        assert [one.id for one, _ in finding.list_here(db, event.id, 0)] == [other.id, row.id]
        door.undo(db, registration_id=other.id, key="u", now=TEN_PAST)
        assert [one.id for one, _ in finding.list_here(db, event.id, 0)] == [row.id]
        assert finding.list_here(db, event.id, 7) == []
