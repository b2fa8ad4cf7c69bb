"""`civicbot people import`, as a deployer types it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from bot import logs
from bot.cli import people as family
from bot.cli.main import FAMILIES
from bot.cli.people import WHY
from bot.cli.people import people as command
from bot.outreach import audit
from bot.outreach.people_import import BATCH, Why
from bot.storage import audit as audit_table
from bot.storage import consents, faq_versions, people, preferences
from bot.storage.engine import Database, open_database
from bot.storage.people import PersonRow
from bot.storage.preferences import PROGRAMME
from bot.vault import Vault
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.pack import Named
from tests.bot.line.menus import NOWHERE
from tests.bot.simulator.desk import KHAM, SOMSRI, TOKEN, running_simulator
from tests.bot.simulator.desk import Desk as Simulator
from tests.builders import NOON
from tests.knowledge.content import write_content

KEY = "of a test of commands, long enough to pass"
IDS = [f"U{number:032x}" for number in range(9)]
ASKED_FIRST = "Nobody gets a notice before agreeing: the bot asks each of them once, after they have written."


@dataclass
class Desk:
    """A database with a small content in force, and a terminal."""

    database: Database
    folder: Path

    def type(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(command, ["import", *map(str, arguments)])

    def ask_line(self, *options: str) -> list[str]:
        """What it says, without the log of its calls."""
        said = self.type("--followers", *options).output.splitlines()
        return [line for line in said if "line.call" not in line]

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def said(self, text: str | bytes, *options: str, name: str = "in.csv") -> list[str]:
        return self.type(self.write(name, text), *options).output.splitlines()

    def known(self) -> dict[str, tuple[bool, str | None, list[str]]]:
        """Of everybody: whether every programme is meant, the district, the programmes."""
        found = {}
        with self.database.reading() as db:
            for person in db.scalars(select(PersonRow)):
                row = preferences.find(db, person.id)
                assert row is not None
                assert (row.wants_notices, row.imported, person.following) == (False, True, True)
                assert consents.list_of_person(db, person.id) == []
                chosen = preferences.list_interests(db, person.id, kind=PROGRAMME)
                found[person.line_user_id] = (row.everything, row.district, chosen)
        return found

    def count(self) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count()).select_from(PersonRow)) or 0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    content = load_catalogue(write_content(tmp_path_factory.mktemp("small") / "content"))
    more = (Named("school", {"th": "โรงเรียน"}), Named("ethnic", {"th": "ชาติพันธุ์"}, sensitive=True))
    return replace(content, pack=replace(content.pack, programmes=(*content.pack.programmes, *more)))


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path, small: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    database = open_database(f"sqlite:///{path}")
    with database.transaction() as db:
        faq_versions.add(db, version=small.version, content=small.to_json(), source="a test", now=NOON)
        faq_versions.publish(db, version=small.version, now=NOON)
    yield Desk(database, tmp_path)
    database.dispose()


def test_the_family_is_known_and_every_reason_has_words() -> None:
    assert FAMILIES["people"] == f"{family.__name__}:people"
    assert set(WHY) == set(Why)


def test_people_come_in_once_with_what_is_proposed_for_them(desk: Desk) -> None:
    table = f"LINE user ID,ชื่อ,โครงการ,อำเภอ\n{IDS[0]},สมชาย,forum; โรงเรียน,อ.พาน\n{IDS[1]},,,\n\n{IDS[2]},,,Phan\n"
    assert desk.said(table) == [
        "Columns that are not read: ชื่อ.",
        "3 new, 0 known already.",
        "Interests or a district proposed for 2: they wait for a yes.",
        ASKED_FIRST,
    ]
    expected = {
        IDS[0]: (False, "phan", ["forum", "school"]),
        IDS[1]: (True, None, []),
        IDS[2]: (True, "phan", []),
    }
    assert desk.known() == expected
    assert desk.said(table)[1:] == [
        "0 new, 3 known already.",
        "Interests or a district proposed for 2: they wait for a yes.",
    ]
    assert desk.known() == expected


def test_bad_rows_are_listed_and_the_good_ones_come_in(desk: Desk) -> None:
    table = (
        f"line_user_id;programmes;district\nสมชาย;;\n{IDS[0]};forum;\n{IDS[0]};;\n{IDS[1]};ดนตรี;\n{IDS[2]};;แม่สอด\n"
        f"C{'0' * 32};;\n{IDS[3]};;\n"
    )
    refused = desk.type(desk.write("in.csv", table), "--strict")
    listed = [
        "row 2: there is no LINE user id: U and 32 digits or letters from a to f",
        "row 4: the same id stands in row 3",
        "row 5: nobody knows the programme 'ดนตรี' here",
        "row 6: nobody knows the district 'แม่สอด' here",
        "row 7: this is the id of a group or a room, not of a person",
    ]
    assert refused.output.splitlines() == [
        *listed,
        "Error: nothing was changed; mend the above, or leave out --strict",
    ]
    assert (refused.exit_code, desk.known()) == (1, {})
    assert desk.said(table) == [
        *listed,
        "Rows left out, listed above: 5.",
        "2 new, 0 known already.",
        "Interests or a district proposed for 1: they wait for a yes.",
        ASKED_FIRST,
    ]
    assert desk.known() == {IDS[0]: (False, None, ["forum"]), IDS[3]: (True, None, [])}


def test_a_sensitive_interest_is_said_and_not_kept(desk: Desk) -> None:
    said = desk.said(f"id,โครงการ\n{IDS[0]},ชาติพันธุ์\n{IDS[1]},ethnic;forum\n")
    assert said[0] == (
        "Interest in ชาติพันธุ์, in 2 rows, is not taken from a file: it may reveal what somebody is. They choose it"
        " themselves, if they want."
    )
    assert desk.known() == {IDS[0]: (True, None, []), IDS[1]: (False, None, ["forum"])}


def test_who_has_answered_is_left_alone_and_said(desk: Desk) -> None:
    with desk.database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=IDS[0], now=NOON).id
        preferences.note_asked(db, person_id, at=NOON)
    said = desk.said(f"{IDS[0]}\n{IDS[1]}\n", name="in.txt")
    assert said[0] == "1 new, 1 known already (1 of them have answered before and stay as they are)."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.txt", "\ufeff\n" + "\r\n".join(IDS[:3])),
        ("in.csv", "name,userId\n" + "\n".join(f"n,{user_id}" for user_id in IDS[:3])),
        ("in.csv", "\n".join(f"n\t{user_id.upper()}" for user_id in IDS[:3])),
        ("in.csv", f'"line_user_id"\n"{IDS[0]}"\n" {IDS[1]} "\n{IDS[2]}\n'),
    ],
    ids=["a text", "some column", "no headings", "quoted"],
)
def test_ids_are_found_where_they_stand(desk: Desk, name: str, text: str) -> None:
    desk.said(text, name=name)
    assert set(desk.known()) == set(IDS[:3])


def a_workbook(rows: list[list[object]], *, sheets: int = 1) -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for _ in range(sheets - 1):
        book.create_sheet()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_is_read_without_running_anything_in_it(desk: Desk) -> None:
    rows: list[list[object]] = [["ไอดีไลน์", "อำเภอ", 7], [IDS[0], "พาน", None], [None], ['="U"&A1'], [570.5], [IDS[1]]]
    assert desk.said(a_workbook(rows), name="in.xlsx")[:4] == [
        "Columns that are not read: 7.",
        "row 4: this is a formula. Paste it as a value",
        "row 5: there is no LINE user id: U and 32 digits or letters from a to f",
        "Rows left out, listed above: 2.",
    ]
    assert desk.known() == {IDS[0]: (True, "phan", []), IDS[1]: (True, None, [])}


THAI = f"line_user_id,อำเภอ\n{IDS[0]},พาน\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("in.csv", THAI.encode("cp874"), "row 1: the file is in the old Thai encoding (TIS-620, Windows-874). Save it"),
        ("in.csv", THAI.encode("utf-16"), "row 1: the file is not UTF-8 text. Save it as 'CSV UTF-8'"),
        ("in.csv", b"", "the file is empty"),
        ("in.csv", b"\n , \n", "the file is empty"),
        ("in.csv", b"name,phone\nx,1\n", "no column is called 'line_user_id'; there are: name, phone. Say which with"),
        ("in.csv", f'id\n{IDS[0]}\n"x\n'.encode(), "row 3: the file is broken"),
        ("in.xlsx", b"line_user_id\n", "the file is broken, or of another kind than its name says (BadZipFile)"),
        ("in.xlsx", a_workbook([["id"], [IDS[0]]], sheets=2), "the workbook has several sheets. Keep the one"),
    ],
    ids=["tis-620", "utf-16", "empty", "blank", "no ids", "broken", "no workbook", "two sheets"],
)
def test_what_cannot_be_read_is_refused_in_words(desk: Desk, name: str, data: bytes, words: str) -> None:
    refused = desk.type(desk.write(name, data))
    (line,) = refused.output.splitlines()
    assert (refused.exit_code, line.startswith(f"Error: {name}: {words}")) == (1, True), line
    assert desk.known() == {}


@pytest.mark.parametrize(("limit", "words"), [("MOST_ROWS", "more rows than 2"), ("LARGEST_FILE", "larger than")])
@pytest.mark.parametrize("name", ["in.csv", "in.xlsx"])
def test_a_file_has_a_size(desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str, words: str, name: str) -> None:
    for module in ("people_files", "people"):
        monkeypatch.setattr(f"bot.cli.{module}.{limit}", 2, raising=False)
    data = "\n".join(IDS[:4]).encode() if name == "in.csv" else a_workbook([[user_id] for user_id in IDS[:4]])
    refused = desk.type(desk.write(name, data))
    assert (refused.exit_code, words in refused.output, desk.known()) == (1, True, {})


def test_columns_may_have_any_name(desk: Desk) -> None:
    path = desk.write("in.csv", f"id,ตัวตน,กลุ่ม,เขต\n7,{IDS[0]},forum,พาน\n")
    assert (
        "there is no column 'กลุม'; there are: id, ตัวตน, กลุ่ม, เขต" in desk.type(path, "--programme-column", "กลุม").output
    )
    named = ("--id-column", "ตัวตน", "--programme-column", "กลุ่ม", "--district-column", "เขต")
    assert desk.type(path, *named).exit_code == 0
    assert desk.known() == {IDS[0]: (False, "phan", ["forum"])}
    bare = desk.write("bare.csv", IDS[1])
    assert "holds no headings" in desk.type(bare, "--district-column", "เขต").output


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    assert desk.said(f"{IDS[0]}\n{IDS[1]}\n", "--dry-run") == [
        "2 new, 0 known already.",
        "This was a dry run: nothing was written.",
    ]
    assert desk.known() == {}
    with desk.database.reading() as db:
        assert audit_table.list_entries(db, limit=9) == []


def test_an_import_is_in_the_audit_log_without_anybodys_id(desk: Desk) -> None:
    desk.said("\n".join(f"U{number:032x}" for number in range(BATCH + 1)))
    with desk.database.reading() as db:
        lines = audit_table.list_entries(db, limit=9)
    assert sorted((line.action, line.actor, line.subject_kind) for line in lines) == [
        ("people.import_begun", "command line", "channel"),
        ("people.imported", "command line", "channel"),
    ]
    after = {line.action: line.after for line in lines}
    assert after["people.imported"] == {"source": "file", "new": BATCH + 1, "known": 0, "proposed": 0}
    assert isinstance(audit.verify(desk.database, Vault([KEY])), audit.Verified)


def test_without_a_key_only_a_dry_run_is_possible(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIVICBOT_SECRET_KEY")
    assert "CIVICBOT_SECRET_KEY is not set" in desk.said(IDS[0])[0]
    assert desk.said(IDS[0], "--dry-run")[0] == "1 new, 0 known already."


@pytest.mark.parametrize("arguments", [(), ("in.csv", "--followers"), ("--followers", "--strict")])
def test_a_file_or_lines_list_is_what_it_takes(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.write("in.csv", IDS[0])
    given = [str(desk.folder / one) if one == "in.csv" else one for one in arguments]
    assert (desk.type(*given).exit_code, desk.known()) == (2, {})


@pytest.fixture(scope="module")
def _simulator() -> Iterator[Simulator]:
    with running_simulator(NOWHERE, verified=True) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    _simulator.api("POST", "/reset")
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("LINE_API_URL", _simulator.url)
    return _simulator


FOLLOWERS = "/v2/bot/followers/ids"


def test_friends_come_in_as_line_lists_them(desk: Desk, simulator: Simulator) -> None:
    simulator.api("POST", "/people", {"count": 1500})
    assert desk.ask_line("--dry-run")[0] == "1,504 new, 0 known already."
    assert desk.count() == 0
    with desk.database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=KHAM, now=NOON).id
        people.set_following(db, person_id=person_id, following=False, at=NOON)
    assert desk.ask_line() == [
        "1,503 new, 1 known already.",
        "1 had blocked the account and are friends again.",
        ASKED_FIRST,
    ]
    assert desk.count() == 1504
    assert {SOMSRI, KHAM} <= set(desk.known())
    assert desk.ask_line() == ["0 new, 1,504 known already."]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            {"status": 403, "body": {"message": "no"}},
            "LINE tells only verified and premium accounts who their friends are",
        ),
        ({"kind": "token-revoked"}, "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN"),
        ({"kind": "rate"}, "LINE did not answer as it should (HTTP 429)"),
        ({"kind": "broken-before"}, "LINE did not answer as it should (HTTP 500)"),
        ({"kind": "elsewhere"}, "LINE cannot be reached (HTTP 307)"),
        ({"status": 400, "body": {"message": "no such page"}}, "LINE refused it (HTTP 400: no such page)"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_line_refuses_is_told_and_what_came_before_stays(
    desk: Desk, simulator: Simulator, fault: dict[str, object], words: str
) -> None:
    simulator.api("POST", "/people", {"count": 1500})
    simulator.api("POST", "/faults", {"path": FOLLOWERS, "times": 1, "delay": 0.001})
    simulator.api("POST", "/faults", {"path": FOLLOWERS, **fault})
    first, last = desk.ask_line()
    assert first.startswith(f"Error: {words}"), first
    assert (last, desk.count()) == ("What came in before stays; the command can be given again.", 1000)
    assert desk.ask_line()[0] == "504 new, 1,000 known already."


def test_lines_list_needs_the_channels_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINE_CHANNEL_ACCESS_TOKEN", raising=False)
    refused = desk.type("--followers")
    assert "LINE_CHANNEL_ACCESS_TOKEN: is not set" in str(refused.exception)
