"""`civicbot menu` as a deployer types it, against the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from bot.cli import menu as commands
from bot.line import menu_picture
from bot.line.rich_menu import MenuRefused
from bot.settings import SettingsRefused
from bot.simulator.rules.pictures import check_menu_picture
from tests.bot.cli.test_commands import civicbot
from tests.bot.line.menus import NOWHERE
from tests.bot.simulator.desk import SOMSRI, TOKEN, Desk, running_simulator

Command = Callable[..., Result]
draw_once = cache(menu_picture.draw)
KEY = "of a test of menus, long enough to pass"


@pytest.fixture(scope="module")
def _desk() -> Iterator[Desk]:
    with running_simulator(NOWHERE) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.api("POST", "/reset")
    return _desk


@pytest.fixture
def menu(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands.logs, "configure", lambda **_: None)
    monkeypatch.setattr(menu_picture, "draw", draw_once)

    def run(*arguments: str, **settings: str) -> Result:
        given = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "LINE_API_URL": desk.url, "CIVICBOT_SECRET_KEY": KEY, **settings}
        with capture_logs():
            return CliRunner().invoke(commands.menu, arguments, env=given)

    return run


def shown(desk: Desk) -> dict[str, object]:
    return desk.api("GET", f"/people/{SOMSRI}/richmenu") or {}


def test_install_shows_the_menu_to_everyone_and_again_changes_nothing(desk: Desk, menu: Command) -> None:
    first = menu("install")
    assert (first.exit_code, first.output) == (0, f"The menu is installed. {commands.SEEN}\n")
    menu_id = shown(desk)["richMenuId"]
    again = menu("install")
    assert (again.exit_code, shown(desk)["richMenuId"]) == (0, menu_id)
    assert "nothing was changed" in again.output


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["--force"], {}),
        (["--language", "en"], {}),
        ([], {"CIVICBOT_SECRET_KEY": "another key, long enough to pass too"}),
    ],
    ids=["forced", "in another language", "signed with another key"],
)
def test_install_replaces_a_menu_that_is_another(
    desk: Desk, menu: Command, arguments: list[str], settings: dict[str, str]
) -> None:
    menu("install")
    before = shown(desk)["richMenuId"]
    done = menu("install", *arguments, **settings)
    assert (done.exit_code, done.output) == (0, f"The menu is installed. {commands.SEEN} 1 earlier menu was removed.\n")
    assert shown(desk)["richMenuId"] != before
    assert len(desk.line("GET", "/v2/bot/richmenu/list").json["richmenus"]) == 1


def test_install_says_when_it_only_tidied_up(desk: Desk, menu: Command) -> None:
    menu("install")
    desk.line("DELETE", "/v2/bot/richmenu/alias/civicbot-main")
    done = menu("install")
    assert (done.exit_code, "Its alias was set." in done.output, "tidied up" in done.output) == (0, True, True)


def test_the_picture_that_is_installed_is_the_one_of_the_preview(desk: Desk, menu: Command, tmp_path: Path) -> None:
    menu("install")
    file = tmp_path / "menu.png"
    assert menu("preview", str(file)).exit_code == 0
    assert desk.call("GET", str(shown(desk)["pictureUrl"])).raw == file.read_bytes()
    check_menu_picture(file.read_bytes(), "image/png", {"width": 2500, "height": 1686})


def test_preview_refuses_what_it_cannot_write(menu: Command, tmp_path: Path) -> None:
    for name, status, words in (("menu.jpg", 2, ".png"), ("nowhere/menu.png", 1, "cannot be written: No such file")):
        done = menu("preview", str(tmp_path / name))
        assert (done.exit_code, words in done.output) == (status, True), name
    assert list(tmp_path.iterdir()) == []


def test_remove_takes_the_menu_away(desk: Desk, menu: Command) -> None:
    menu("install")
    assert menu("remove").output == "The menu is removed.\n"
    assert shown(desk) == {}
    again = menu("remove")
    assert (again.exit_code, again.output) == (0, "There was no menu of ours; nothing was changed.\n")


@pytest.mark.parametrize("arguments", [["install"], ["remove"]])
def test_a_refusal_of_lines_is_one_sentence_and_a_status(desk: Desk, menu: Command, arguments: list[str]) -> None:
    desk.api("POST", "/faults", {"path": "/v2/bot/richmenu/list", "kind": "token-revoked"})
    done = menu(*arguments)
    assert done.exit_code == 1
    assert (
        "Error: looking at the menus that are there failed: LINE does not accept LINE_CHANNEL_ACCESS_TOKEN"
        in done.output
    )
    assert TOKEN not in done.output


def test_a_menu_that_cannot_be_drawn_is_refused_before_line_is_asked(
    desk: Desk, menu: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: object) -> bytes:
        raise MenuRefused(["words: too long"])

    monkeypatch.setattr(menu_picture, "draw", refuse)
    for arguments in (["install"], ["preview", str(tmp_path / "x.png")]):
        done = menu(*arguments)
        assert (done.exit_code, "  - words: too long" in done.output) == (1, True)
    assert [row for row in desk.rows() if row["path"].startswith("/v2/bot/richmenu")] == []


def test_settings_that_are_missing_are_named(menu: Command) -> None:
    for arguments, missing in (
        (["install"], ("CIVICBOT_SECRET_KEY", "LINE_CHANNEL_ACCESS_TOKEN")),
        (["remove"], ("LINE_CHANNEL_ACCESS_TOKEN",)),
    ):
        done = menu(*arguments, LINE_CHANNEL_ACCESS_TOKEN="", CIVICBOT_SECRET_KEY="")
        assert isinstance(done.exception, SettingsRefused)
        assert [fault.partition(":")[0] for fault in done.exception.faults] == list(missing)


def test_the_command_is_there_and_works_from_the_outside(desk: Desk, tmp_path: Path) -> None:
    done = civicbot(tmp_path, "menu", "install", LINE_CHANNEL_ACCESS_TOKEN=TOKEN, LINE_API_URL=desk.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The menu is installed. {commands.SEEN}\n"
