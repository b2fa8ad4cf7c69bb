"""A picture that a citizen sends to staff: fetched, drawn anew, kept sealed; or it is said why it is not there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from bot.messages import DeliveryFailed, Failure, RememberingMessenger
from bot.queue.jobs import MOST_STRIKES
from bot.storage import case_pictures as table
from bot.storage import jobs
from bot.storage.case_pictures import CasePictureRow
from bot.tasks import case_pictures
from tests.bot.tasks.case_desk import CaseDesk
from tests.bot.tasks.test_turn import die, killed
from tests.bot.test_photographs import from_a_phone
from tests.office import Office


@pytest.fixture
def desk(office: Office) -> CaseDesk:
    """A picture is wanted, and LINE has it."""
    desk = CaseDesk(office)
    desk.citizen_writes(kind="image", message_id="m7")
    office.line.contents["m7"] = from_a_phone(orientation=6)
    return desk


def pictures(desk: CaseDesk) -> list[CasePictureRow]:
    with desk.office.database.reading() as db:
        return db.query(CasePictureRow).order_by(CasePictureRow.id).all()


def states(desk: CaseDesk) -> list[tuple[str, str]]:
    return [(row.state, row.why) for row in pictures(desk)]


def open_jobs(desk: CaseDesk) -> int:
    with desk.office.database.reading() as db:
        return jobs.count_open(db)


def failing(failure: Failure, status: int | None = None) -> DeliveryFailed:
    return DeliveryFailed(failure, "as told", status=status)


def test_a_picture_is_kept_sealed_upright_and_without_its_place(desk: CaseDesk) -> None:
    desk.office.work()
    (row,) = pictures(desk)
    assert (row.state, row.why, row.width, row.height) == ("kept", "", 200, 400)
    assert row.body is not None and not row.body.startswith(b"\xff\xd8")
    clear = desk.office.vault.open(row.body)
    found = Image.open(io.BytesIO(clear))
    assert (found.format, found.size, b"CANARY" in clear) == ("JPEG", (200, 400), False)
    assert open_jobs(desk) == 0


def test_a_picture_that_is_gone_when_it_arrives_is_not_kept_as_another_with_its_number(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender was erased meanwhile, and SQLite has given the number to the next picture of all."""
    (first,) = pictures(desk)

    def content(line: RememberingMessenger, message_id: str) -> bytes:
        with desk.office.database.transaction() as db:
            db.delete(db.get_one(CasePictureRow, first.id))
            db.flush()
            other = CasePictureRow(case_id=first.case_id, case_message_id=first.case_message_id, message_id="m8")
            other.wanted_at = first.wanted_at
            table.add(db, other)
        return line.contents[message_id]

    monkeypatch.setattr(RememberingMessenger, "content", content)
    desk.office.work()
    assert [(row.message_id, row.state, row.body) for row in pictures(desk)] == [("m8", "wanted", None)]


def test_wanted_twice_it_is_kept_once(desk: CaseDesk) -> None:
    desk.citizen_writes(kind="image", message_id="m7")
    desk.office.work()
    assert states(desk) == [("kept", "")]


def test_what_line_does_not_have_any_more_is_gone(desk: CaseDesk) -> None:
    desk.office.line.contents.clear()
    desk.office.work()
    assert (states(desk), open_jobs(desk)) == ([("gone", "lost")], 0)


@pytest.mark.parametrize(
    ("content", "why"), [(b"%PDF-1.7", "unreadable"), (b"", "unreadable"), ("bomb", "too large")], ids=str
)
def test_what_is_no_picture_is_not_kept(desk: CaseDesk, content: Any, why: str) -> None:
    if content == "bomb":
        out = io.BytesIO()
        Image.new("1", (10_000, 6_000)).save(out, "PNG")
        content = out.getvalue()
    desk.office.line.contents["m7"] = content
    desk.office.work()
    (row,) = pictures(desk)
    assert (row.state, row.why, row.body, open_jobs(desk)) == ("gone", why, None, 0)


@pytest.mark.parametrize(("status", "why"), [(413, "too large"), (403, "lost"), (400, "lost")])
def test_what_line_refuses_is_not_asked_for_again(desk: CaseDesk, status: int, why: str) -> None:
    desk.office.line.cannot_tell = failing(Failure.REFUSED, status)
    desk.office.work()
    assert (states(desk), open_jobs(desk)) == ([("gone", why)], 0)


@pytest.mark.parametrize(
    "failure", [Failure.AMBIGUOUS, Failure.UNREACHABLE, Failure.RATE_LIMITED, Failure.UNAUTHORISED]
)
def test_while_line_is_away_it_is_asked_for_again(desk: CaseDesk, failure: Failure) -> None:
    desk.office.line.cannot_tell = failing(failure)
    for _ in range(12):  # more often than any job may fail
        desk.office.work()
        desk.office.wait(minutes=11)
    assert states(desk) == [("wanted", "")]
    desk.office.line.cannot_tell = None
    desk.office.work()
    assert states(desk) == [("kept", "")]


def test_it_is_not_asked_for_again_at_once(desk: CaseDesk) -> None:
    desk.office.line.cannot_tell = failing(Failure.AMBIGUOUS)
    desk.office.work()
    desk.office.line.cannot_tell = None
    assert desk.office.work() == 0


def test_after_a_day_it_is_given_up(desk: CaseDesk) -> None:
    desk.office.line.cannot_tell = failing(Failure.UNREACHABLE)
    desk.office.wait(hours=24, seconds=1)
    desk.office.work()
    assert (states(desk), open_jobs(desk)) == ([("gone", "lost")], 0)


def test_taken_back_before_it_was_fetched_it_is_not_fetched(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        assert table.forget(db, message_id="m7") == 1
    desk.office.work()
    assert (states(desk), open_jobs(desk)) == ([("gone", "taken back")], 0)


def test_taken_back_while_it_was_fetched_it_is_not_kept(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = type(desk.office.line).content

    def fetch_and_take_back(line: Any, message_id: str) -> bytes | None:
        with desk.office.database.transaction() as db:
            table.forget(db, message_id=message_id)
        return fetch(line, message_id)

    monkeypatch.setattr(type(desk.office.line), "content", fetch_and_take_back)
    desk.office.work()
    (row,) = pictures(desk)
    assert (row.state, row.why, row.body) == ("gone", "taken back", None)


def test_taken_back_later_nothing_of_it_is_left(desk: CaseDesk) -> None:
    desk.office.work()
    with desk.office.database.transaction() as db:
        assert (table.forget(db, message_id="m7"), table.forget(db, message_id="m7")) == (1, 0)
    (row,) = pictures(desk)
    assert (row.state, row.body, row.width, row.height, row.why) == ("gone", None, None, None, "taken back")


def test_with_its_case_erased_meanwhile_there_is_nothing_to_keep(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase(_: Any, __: str) -> bytes:
        with desk.office.database.transaction() as db:
            db.delete(db.get_one(CasePictureRow, pictures(desk)[0].id))
        return from_a_phone()

    monkeypatch.setattr(type(desk.office.line), "content", erase)
    desk.office.work()
    assert (pictures(desk), open_jobs(desk)) == ([], 0)


def test_killed_while_it_was_drawn_it_is_drawn_again(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, killed():
        patch.setattr(case_pictures.pictures, "draw_anew", die)
        desk.office.work()
    desk.office.wait(seconds=case_pictures.LEASE.total_seconds() + 1)
    desk.office.work()
    assert states(desk) == [("kept", "")]


def test_one_that_kills_whoever_draws_it_is_given_up(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_pictures.pictures, "draw_anew", die)
    for _ in range(MOST_STRIKES - 1):
        with killed():
            desk.office.work()
        desk.office.wait(seconds=case_pictures.LEASE.total_seconds() + 1)
    desk.office.work()
    assert (states(desk), open_jobs(desk)) == ([("gone", "unreadable")], 0)


def test_a_case_has_so_many_pictures_and_no_more(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_pictures, "MOST_A_CASE", 1)
    desk.office.line.contents["m8"] = from_a_phone()
    desk.citizen_writes(kind="image", message_id="m8")
    desk.office.work()
    assert states(desk) == [("kept", ""), ("gone", "too many")]


def test_a_picture_is_found_in_its_own_case_only(desk: CaseDesk) -> None:
    (row,) = pictures(desk)
    with desk.office.database.reading() as db:
        found = table.find_of_case(db, case_id=desk.case_id, picture_id=row.id)
        assert found is not None and found.id == row.id
        assert table.find_of_case(db, case_id=desk.case_id + 1, picture_id=row.id) is None
