"""Installing the rich menu: somebody sees a finished menu at every moment, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.line import menu_installation
from bot.line.gateway import LineGateway
from bot.line.menu_installation import ALIAS, Installed, NotInstalled, install, remove
from bot.line.menus import RichMenus
from bot.line.rich_menu import NAME_BEGINS, define
from tests.bot.line.menus import NOWHERE, a_menu, a_picture, definition_of
from tests.bot.simulator.desk import SOMSRI, TOKEN, Desk, running_simulator

MENU, DEFAULT = "/v2/bot/richmenu", "/v2/bot/user/all/richmenu"
PICTURE = a_picture()


@pytest.fixture(scope="module")
def _desk() -> Iterator[Desk]:
    with running_simulator(NOWHERE) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.api("POST", "/reset")
    return _desk


@pytest.fixture
def line(desk: Desk) -> RichMenus:
    return LineGateway(token=TOKEN, host=desk.url).menus


def shown(desk: Desk) -> str | None:
    """What the first tile of the menu says that a person sees."""
    menu = desk.api("GET", f"/people/{SOMSRI}/richmenu")
    return menu["areas"][0]["action"]["label"] if menu else None


def names(desk: Desk) -> list[str]:
    return [menu["name"] for menu in desk.line("GET", f"{MENU}/list").json["richmenus"]]


def calls(desk: Desk, *, after: int = 0) -> list[str]:
    rows = [row for row in desk.rows() if row["n"] > after and row["path"].startswith("/v2/bot/")]
    return [f"{row['method']} {row['path']}" for row in rows]


def mark(desk: Desk) -> int:
    return max((row["n"] for row in desk.rows()), default=0)


def break_line(desk: Desk, path: str, *, after: int = 0, **fault: Any) -> None:
    """What the call of that path suffers that comes `after` so many others."""
    if after:
        desk.api("POST", "/faults", {"path": path, "times": after, "delay": 0.001})
    desk.api("POST", "/faults", {"path": path, **fault})


def test_the_menu_becomes_everyones_with_its_picture_and_its_alias(desk: Desk, line: RichMenus) -> None:
    done = install(line, a_menu(), PICTURE)
    assert done == Installed(done.menu_id, new=True, alias_moved=True, removed=0)
    assert (line.find_default_rich_menu(), line.find_rich_menu_alias(ALIAS)) == (done.menu_id, done.menu_id)
    menu = desk.api("GET", f"/people/{SOMSRI}/richmenu")
    assert {key: menu[key] for key in menu if key not in {"richMenuId", "pictureUrl"}} == define(a_menu(), PICTURE)
    assert desk.call("GET", menu["pictureUrl"]).raw == PICTURE


def test_the_same_menu_again_changes_nothing(desk: Desk, line: RichMenus) -> None:
    first = install(line, a_menu(), PICTURE)
    before = mark(desk)
    assert install(line, a_menu(), PICTURE) == Installed(first.menu_id, new=False, alias_moved=False, removed=0)
    assert {call.partition(" ")[0] for call in calls(desk, after=before)} == {"GET"}


@pytest.mark.parametrize("other", ["words", "picture", "forced"])
def test_another_menu_takes_its_place_before_the_first_is_removed(desk: Desk, line: RichMenus, other: str) -> None:
    first = install(line, a_menu(), PICTURE)
    before = mark(desk)
    menu = a_menu("งานใหม่") if other == "words" else a_menu()
    picture = a_picture("green") if other == "picture" else PICTURE
    done = install(line, menu, picture, force=other == "forced")
    assert done == Installed(done.menu_id, new=True, alias_moved=True, removed=1)
    assert shown(desk) == menu.presses[0].label
    assert names(desk) == [define(menu, picture)["name"]]
    assert line.find_rich_menu_alias(ALIAS) == done.menu_id
    made = calls(desk, after=before)
    assert made.index(f"POST {DEFAULT}/{done.menu_id}") < made.index(f"DELETE {MENU}/{first.menu_id}")


def test_menus_of_others_are_left_alone(desk: Desk, line: RichMenus) -> None:
    theirs = line.create_rich_menu(definition_of("theirs"))
    line.upload_rich_menu_picture(theirs, PICTURE, content_type="image/png")
    line.set_default_rich_menu(theirs)
    install(line, a_menu(), PICTURE)
    assert shown(desk) == "กิจกรรม"
    assert remove(line) == 1
    assert names(desk) == ["theirs"]


STEPS = {
    f"{MENU}/list": "looking at the menus that are there",
    f"{MENU}/validate": "checking the menu",
    MENU: "making the menu",
    f"{MENU}/richmenu-*": "uploading its picture",
    f"{DEFAULT}/*": "showing it to everyone",
}


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "token-revoked"}, "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN"),
        ({"kind": "rate"}, "LINE takes no more requests for now"),
        ({"status": 400, "body": {"message": "no room"}}, "LINE refused it (HTTP 400: no room)"),
        ({"kind": "elsewhere"}, "LINE cannot be reached (HTTP 307)"),
        ({"kind": "broken-before"}, "LINE gave no clear answer (HTTP 500)"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value[:24],
)
def test_a_failure_is_told_and_the_menu_before_goes_on(
    desk: Desk, line: RichMenus, path: str, fault: dict[str, Any], words: str
) -> None:
    install(line, a_menu(), PICTURE)
    break_line(desk, path, **fault)
    with pytest.raises(NotInstalled) as failed:
        install(line, a_menu("งานใหม่"), PICTURE)
    assert str(failed.value).startswith(f"{STEPS[path]} failed: {words}")
    assert shown(desk) == "กิจกรรม"
    in_doubt = path.startswith(DEFAULT) and "clear" in words
    assert len(names(desk)) == 1 + in_doubt, "nothing half-made is left, unless it may be the one that is shown"
    desk.api("DELETE", "/faults")
    assert install(line, a_menu("งานใหม่"), PICTURE).removed == 1 + in_doubt
    assert (shown(desk), len(names(desk))) == ("งานใหม่", 1)


def test_a_menu_that_may_be_shown_already_is_not_taken_back(desk: Desk, line: RichMenus) -> None:
    install(line, a_menu(), PICTURE)
    break_line(desk, f"{DEFAULT}/*", kind="broken-after")
    with pytest.raises(NotInstalled, match="it may be shown already"):
        install(line, a_menu("งานใหม่"), PICTURE)
    assert shown(desk) == "งานใหม่"
    again = install(line, a_menu("งานใหม่"), PICTURE)
    assert (again.new, again.alias_moved, again.removed) == (False, True, 1)
    assert (shown(desk), len(names(desk))) == ("งานใหม่", 1)


@pytest.mark.parametrize(
    ("path", "calls_before", "step"),
    [
        (f"{MENU}/alias", 0, "giving the menu its alias"),
        (f"{MENU}/alias/{ALIAS}", 1, "giving the menu its alias"),
        (f"{MENU}/richmenu-*", 1, "removing the earlier menus"),
    ],
    ids=["making the alias", "pointing the alias", "removing"],
)
def test_what_fails_after_the_menu_is_shown_is_done_by_the_next_installation(
    desk: Desk, line: RichMenus, path: str, calls_before: int, step: str
) -> None:
    install(line, a_menu(), PICTURE)
    if path == f"{MENU}/alias":
        line.delete_rich_menu_alias(ALIAS)
    break_line(desk, path, after=calls_before, status=400, body={"message": "not now"})
    with pytest.raises(NotInstalled, match=step) as failed:
        install(line, a_menu("งานใหม่"), PICTURE)
    assert "the menu is shown already" in str(failed.value)
    assert shown(desk) == "งานใหม่"
    desk.api("DELETE", "/faults")
    assert install(line, a_menu("งานใหม่"), PICTURE).new is False
    assert line.find_rich_menu_alias(ALIAS) == line.find_default_rich_menu()
    assert len(names(desk)) == 1


def test_a_menu_that_somebody_else_removed_meanwhile_is_no_failure(desk: Desk, line: RichMenus) -> None:
    install(line, a_menu(), PICTURE)
    break_line(desk, f"{MENU}/richmenu-*", after=1, status=404)
    assert install(line, a_menu("งานใหม่"), PICTURE).removed == 1


def test_without_a_connection_it_says_so() -> None:
    line = LineGateway(token=TOKEN, host="http://127.0.0.1:9").menus
    with pytest.raises(NotInstalled, match="LINE cannot be reached"):
        install(line, a_menu(), PICTURE)


def test_what_is_left_of_broken_installations_is_removed(desk: Desk, line: RichMenus) -> None:
    for number in range(3):
        line.create_rich_menu(definition_of(f"{NAME_BEGINS}{number}"))
    assert install(line, a_menu(), PICTURE).removed == 3
    assert len(names(desk)) == 1


def test_removing_leaves_nothing_and_can_be_repeated(desk: Desk, line: RichMenus) -> None:
    install(line, a_menu(), PICTURE)
    assert remove(line) == 1
    assert (shown(desk), names(desk), line.find_rich_menu_alias(ALIAS)) == (None, [], None)
    assert remove(line) == 0


def test_a_failed_removal_is_told(desk: Desk, line: RichMenus) -> None:
    install(line, a_menu(), PICTURE)
    break_line(desk, f"{MENU}/richmenu-*", kind="rate")
    with pytest.raises(NotInstalled, match="removing the menu failed: LINE takes no more"):
        remove(line)
    desk.api("DELETE", "/faults")
    assert remove(line) == 1


def test_the_alias_is_one_that_line_takes() -> None:
    assert menu_installation.ALIAS == "civicbot-main"
