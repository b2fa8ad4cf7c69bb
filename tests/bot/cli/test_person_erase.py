"""`civicbot person erase`, `restrict` and `lift`, as staff type them who act on a written request."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.cli.person import person as command
from bot.privacy import erasing, held
from bot.storage import erasing as erasing_table
from bot.storage import events, people, registrations, tombstones
from bot.storage.audit import AuditRow
from bot.storage.data_requests import DataRequestRow
from bot.storage.people import PersonRow
from bot.vault import Vault
from tests.bot.cli.test_person import Desk, desk
from tests.bot.events.making import a_form, make_event, sign_up
from tests.bot.privacy.holding import PHONE, TITLE
from tests.bot.privacy.making import where
from tests.builders import MALEE, NOON, SOMCHAI

__all__ = ["desk"]
STAYS = {"event_id", "login", "staff_name", "notice", "trial"}
"""By which LINE's repetitions are recognised; the account of the staff; and titles of notices, which are nobody's."""


def type_in(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(command, list(arguments), input=answer)


def actions(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.reading() as db:
        return [(row.action, row.actor) for row in db.scalars(select(AuditRow).order_by(AuditRow.id))]


@pytest.mark.parametrize("named", [("--user-id", SOMCHAI), ("--phone", "089 777 6655"), ("--person", "1")])
def test_somebody_is_erased_whichever_way_they_are_named(desk: Desk, named: tuple[str, str]) -> None:
    result = type_in("erase", *named, "--yes")
    assert result.exit_code == 0, result.output
    assert (f"A place is given up: {TITLE}" in result.output, "Receipt 1." in result.output) == (True, True)
    assert set(where(desk.database, desk.vault, desk.someone.canaries | {"phone": PHONE})) == STAYS
    assert actions(desk)[-1] == ("person.erased", "command line")
    assert SOMCHAI not in result.output


def test_it_asks_first(desk: Desk) -> None:
    assert type_in("erase", "--user-id", SOMCHAI, answer="n\n").exit_code == 1
    with desk.database.reading() as db:
        assert people.find(db, line_user_id=SOMCHAI) is not None
        assert tombstones.list_page(db, after=0, limit=9) == []
    assert type_in("erase", "--user-id", SOMCHAI, answer="y\n").exit_code == 0
    assert type_in("erase", "--user-id", SOMCHAI, answer="y\n").output.splitlines()[-1] == (
        "Error: nobody with this id is known here"
    )


def test_what_others_registered_with_the_number_goes_too(desk: Desk) -> None:
    with desk.database.transaction() as db:
        form = a_form("แม่ของใครคนหนึ่ง", phone="+66811112222")
        row = sign_up(db, desk.vault, make_event(db), None, form=form, way="staff").registration
    result = type_in("erase", "--phone", "081-111-2222", "--yes")
    assert result.exit_code == 0, result.output
    assert "Registrations that others made with this number: 1." in result.output
    assert "Erased. Receipt 1." in result.output
    with desk.database.reading() as db:
        written = tombstones.list_page(db, after=0, limit=9)
        assert [(row.way, row.finished_at, "811112222" in row.key) for row in written] == [("staff", None, False)]
        found = registrations.find(db, row.id)
        assert found is not None and (found.forgotten, found.state) == (True, "cancelled")
        assert people.find(db, line_user_id=SOMCHAI) is not None


def a_grandmother(desk: Desk) -> int:
    """A neighbour has registered her, with the number that her grandson gives as his own."""
    with desk.database.transaction() as db:
        neighbour = people.find_or_create(db, line_user_id=MALEE, now=NOON).id
        form = a_form("ยายคำ แสนสุข", phone=PHONE)
        return sign_up(db, desk.vault, make_event(db), neighbour, form=form, kind="neighbour").registration.id


def test_of_a_number_that_others_share_only_what_they_registered_is_erased(desk: Desk) -> None:
    number = a_grandmother(desk)
    result = type_in("erase", "--phone", "089 777 6655", "--others-only", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "Registrations that others made with this number: 1." in result.output
    assert ("A place is given up" in result.output, "Erased. Receipt 1." in result.output) == (False, True)
    with desk.database.reading() as db:
        row = registrations.find(db, number)
        assert row is not None and (row.forgotten, row.state) == (True, "cancelled")
        assert [row.forgotten for row, _ in held.list_by_phone(db, desk.vault, PHONE)] == [False]
        assert people.get(db, desk.someone.person_id).line_user_id == SOMCHAI
        assert [one.way for one in tombstones.list_page(db, after=0, limit=9)] == ["staff"]
    assert set(where(desk.database, desk.vault, {"name": "ยายคำ แสนสุข"})) == set()
    again = type_in("erase", "--phone", "089 777 6655", "--others-only", "--yes")
    assert again.output.splitlines()[-1] == "Error: no registration that others made has this telephone number"


def test_all_events_are_locked_before_anything_else_and_in_the_order_of_their_numbers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those of the registrations that others made with the number: else two could wait for each other."""
    with desk.database.transaction() as db:
        form, event = a_form("แม่ของใครคนหนึ่ง", phone="+66897776655"), make_event(db)
        sign_up(db, desk.vault, event, None, form=form, way="staff")
        number = event.id
    steps: list[int | str] = []
    lock_event, lock_person = events.lock, erasing_table.lock_person

    def lock(db: Session, event_id: int) -> events.EventRow | None:
        steps.append(event_id)
        return lock_event(db, event_id)

    def person(db: Session, person_id: int) -> PersonRow | None:
        steps.append("person")
        return lock_person(db, person_id)

    monkeypatch.setattr(events, "lock", lock)
    monkeypatch.setattr(erasing_table, "lock_person", person)
    result = type_in("erase", "--phone", "089 777 6655", "--yes")
    assert result.exit_code == 0, result.output
    first = steps[: steps.index("person")]
    assert number in first
    assert first == sorted(first)


def test_it_begins_again_where_somebody_wrote_at_that_very_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = erasing.erase, []

    def erase(*arguments: object, **more: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("", {}, Exception("deadlock detected"))
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(erasing, "erase", erase)
    assert type_in("erase", "--user-id", SOMCHAI, "--yes").exit_code == 0
    assert len(tries) == 2


def test_data_that_may_only_be_kept_says_so_until_it_is_lifted(desk: Desk, vault: Vault) -> None:
    del vault
    said = [type_in(way, "--user-id", SOMCHAI).output for way in ("restrict", "restrict", "lift", "lift")]
    number = desk.someone.person_id
    unchanged = f"Person {number}: nothing to change.\n"
    assert said == [f"Person {number}: restricted.\n", unchanged, f"Person {number}: lifted.\n", unchanged]
    assert [action for action, _ in actions(desk)][-2:] == ["person.restricted", "person.restriction_lifted"]
    with desk.database.reading() as db:
        kinds = [row.kind for row in db.scalars(select(DataRequestRow).order_by(DataRequestRow.id))]
        assert kinds.count("restrict") == 1
        assert people.get(db, number).restricted_at is None
