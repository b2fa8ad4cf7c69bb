"""`civicbot person export`, as staff type it who act on a written request."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock
from bot.cli import person as family
from bot.cli.main import FAMILIES
from bot.cli.person import person as command
from bot.storage import audit as audit_table
from bot.storage import data_requests, people
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cli.conftest import KEY
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.bot.privacy.holding import PHONE, PICTURE, Somebody, use_everything
from tests.builders import MALEE, NOON, SOMCHAI


@dataclass
class Desk:
    database: Database
    vault: Vault
    folder: Path
    someone: Somebody

    def type(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(command, ["export", *map(str, arguments)])

    def refused(self, *arguments: str | Path) -> str:
        result = self.type(*arguments)
        assert result.exit_code != 0
        return result.output.splitlines()[-1]


@pytest.fixture
def desk(tmp_path: Path, at_a_terminal: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    vault = Vault([KEY])
    with at_a_terminal.transaction() as db:
        someone = use_everything(db, vault)
    return Desk(at_a_terminal, vault, tmp_path, someone)


def test_family_is_known_and_has_all_its_commands() -> None:
    assert FAMILIES["person"] == f"{family.__name__}:person"
    assert set(command.commands) == {"export", "erase", "restrict", "lift"}


@pytest.mark.parametrize("way", ["--user-id", "--phone", "--person"])
def test_everything_is_given_whichever_way_somebody_is_named(desk: Desk, way: str) -> None:
    named = {"--user-id": SOMCHAI, "--phone": "089 777 6655", "--person": str(desk.someone.person_id)}[way]
    result = desk.type(way, named)
    assert result.exit_code == 0, result.output
    found = "\n".join(
        f"{record['title']}\n" + "\n".join(row["value"] for row in record["rows"])
        for part in json.loads(result.output)["parts"]
        for record in part["records"]
    )
    assert {what: canary for what, canary in desk.someone.canaries.items() if canary not in found} == {}


def test_files_are_for_whoever_runs_it_and_nobody_else(desk: Desk) -> None:
    out = desk.folder / "copy"
    picture = f"picture-{desk.someone.picture_id}.jpg"
    result = desk.type("--user-id", SOMCHAI, "--out", out)
    assert result.output == f"Written to {out}: data.csv, data.json, {picture}.\n"
    assert (out / picture).read_bytes() == PICTURE
    assert json.loads((out / "data.json").read_text("utf-8"))["title"] == "ข้อมูลของคุณที่ศูนย์เก็บไว้"
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_files_of_an_earlier_export_are_not_written_over(desk: Desk) -> None:
    out = desk.folder / "copy"
    desk.type("--user-id", SOMCHAI, "--out", out)
    assert "has data.csv, data.json" in desk.refused("--user-id", SOMCHAI, "--out", out)


def test_it_is_noted_without_anything_personal(desk: Desk) -> None:
    desk.type("--phone", "0897776655")
    with desk.database.reading() as db:
        (asked, _) = data_requests.list_of_person(db, desk.someone.person_id, limit=9)
        (line,) = audit_table.list_entries(db, action_prefix="person.", since=None, limit=9)
    assert (asked.kind, asked.way, asked.outcome) == ("access", "staff", "done")
    assert (line.action, line.subject_id) == ("person.exported", str(desk.someone.person_id))
    assert [one for one in (SOMCHAI, PHONE, "0897776655") if one in f"{line.subject_id}{line.before}{line.after}"] == []


def test_language_can_be_chosen(desk: Desk) -> None:
    result = desk.type("--user-id", SOMCHAI, "--language", "en")
    assert json.loads(result.output)["title"] == "What the centre holds about you"


# By a telephone number.


def test_who_is_known_by_a_number_alone_is_given_what_stands_with_it(desk: Desk) -> None:
    with desk.database.transaction() as db:
        event = make_event(db, title="เวทีหมู่บ้าน")
        sign_up(db, desk.vault, event, None, form=a_form("ยายคำ", phone="+66861112222"), way="staff")
        other = people.find_or_create(db, line_user_id=MALEE, now=NOON).id
        form = a_form("ยายคำ แสนสุข", phone="+66861112222")
        sign_up(db, desk.vault, make_event(db), other, form=form, kind="neighbour")
    out = desk.folder / "copy"
    result = desk.type("--phone", "086-111-2222", "--out", out)
    assert result.output == f"Written to {out}: registered-by-others.csv, registered-by-others.json.\n"
    written = (out / "registered-by-others.json").read_text("utf-8")
    assert ("ยายคำ แสนสุข" in written, MALEE in written) == (True, False)
    with desk.database.reading() as db:
        (line,) = audit_table.list_entries(db, action_prefix="person.", since=None, limit=9)
    assert line.subject_id.startswith("hash:")


def test_of_a_number_that_others_share_only_what_they_registered_is_given(desk: Desk) -> None:
    with desk.database.transaction() as db:
        neighbour, second = people.find_or_create(db, line_user_id=MALEE, now=NOON).id, a_person(db, 5)
        form = a_form("ยายคำ แสนสุข", phone=PHONE)
        sign_up(db, desk.vault, make_event(db), neighbour, form=form, kind="neighbour")
        sign_up(db, desk.vault, make_event(db), second, form=a_form("ลูกสาว", phone=PHONE))
    out = desk.folder / "copy"
    result = desk.type("--phone", "0897776655", "--others-only", "--out", out)
    assert result.output == f"Written to {out}: registered-by-others.csv, registered-by-others.json.\n"
    written = (out / "registered-by-others.json").read_text("utf-8")
    assert ("ยายคำ แสนสุข" in written, "ลูกสาว" in written, SOMCHAI in written) == (True, False, False)
    with desk.database.reading() as db:
        assert len(data_requests.list_of_person(db, desk.someone.person_id, limit=9)) == 1
        (line,) = audit_table.list_entries(db, action_prefix="person.", since=None, limit=9)
    assert line.subject_id.startswith("hash:")


def test_a_number_of_several_people_has_to_be_said_more_exactly(desk: Desk) -> None:
    with desk.database.transaction() as db:
        second = a_person(db, 5)
        sign_up(db, desk.vault, make_event(db, title="งานที่สอง"), second, form=a_form("ลูกสาว", phone=PHONE))
    said = desk.type("--phone", "0897776655").output
    assert said.splitlines() == [
        "Error: 2 people gave this number; say which with --person:",
        f"  --person {desk.someone.person_id}  registered 24 พฤศจิกายน 2569: เวทีนกฮูก",
        f"  --person {second}  registered 24 พฤศจิกายน 2569: งานที่สอง",
    ]


# Nobody.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Error: say who is meant: give one of --user-id, --phone and --person"),
        (("--person", "1", "--phone", "1"), "Error: say who is meant: give one of --user-id, --phone and --person"),
        (("--person", "999"), "Error: there is no person 999 here"),
        (("--user-id", MALEE), "Error: nobody with this id is known here"),
        (("--user-id", "somchai"), "Error: a LINE user id is U and 32 digits or letters from a to f"),
        (("--phone", "12"), "Error: this is no telephone number"),
        (("--phone", "0811111111"), "Error: no registration has this telephone number"),
        (("--person", "1", "--others-only"), "Error: --others-only goes with --phone"),
        (
            ("--phone", "0897776655", "--others-only"),
            "Error: no registration that others made has this telephone number",
        ),
    ],
)
def test_where_nobody_fits_it_says_why_and_notes_nothing(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    assert desk.refused(*arguments) == said
    with desk.database.reading() as db:
        assert audit_table.list_entries(db, action_prefix="person.", since=None, limit=9) == []
