"""The gateway's rich menus, against the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.line.failures import words_of
from bot.line.gateway import LineGateway
from bot.line.menus import DATA_HOSTS, RichMenus
from bot.messages import DeliveryFailed, Failure
from tests.bot.line.menus import NOWHERE, a_picture, definition_of
from tests.bot.simulator.desk import SOMSRI, TOKEN, Desk, running_simulator


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


def test_a_menu_is_made_shown_named_and_removed(desk: Desk, line: RichMenus) -> None:
    definition = definition_of("first")
    line.validate_rich_menu(definition)
    menu_id = line.create_rich_menu(definition)
    line.upload_rich_menu_picture(menu_id, a_picture(), content_type="image/png")
    assert line.list_rich_menus() == {menu_id: "first"}
    assert (line.find_default_rich_menu(), line.find_rich_menu_alias("a")) == (None, None)
    line.set_default_rich_menu(menu_id)
    line.make_rich_menu_alias("a", menu_id)
    assert (line.find_default_rich_menu(), line.find_rich_menu_alias("a")) == (menu_id, menu_id)
    shown = desk.api("GET", f"/people/{SOMSRI}/richmenu")
    assert {**definition, "richMenuId": menu_id, "pictureUrl": shown["pictureUrl"]} == shown
    assert desk.call("GET", shown["pictureUrl"]).raw == a_picture()

    other = line.create_rich_menu(definition_of("second"))
    line.upload_rich_menu_picture(other, a_picture(), content_type="image/png")
    line.point_rich_menu_alias("a", other)
    assert line.find_rich_menu_alias("a") == other
    line.delete_rich_menu_alias("a")
    line.cancel_default_rich_menu()
    line.delete_rich_menu(other)
    assert (line.find_default_rich_menu(), line.find_rich_menu_alias("a")) == (None, None)
    assert line.list_rich_menus() == {menu_id: "first"}


def test_the_bars_letters_are_counted_as_line_counts_them(desk: Desk, line: RichMenus) -> None:
    bar = "กี่" * 14
    menu_id = line.create_rich_menu(definition_of("x", chatBarText=bar))
    assert desk.line("GET", f"/v2/bot/richmenu/{menu_id}").json["chatBarText"] == bar


def test_what_line_says_about_a_refusal_can_be_told(line: RichMenus) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        line.create_rich_menu(definition_of("x", chatBarText="ก" * 15))
    assert (failed.value.failure, failed.value.status) == (Failure.REFUSED, 400)
    assert "chatBarText" in words_of(failed.value)
    assert "chatBarText" not in str(failed.value)


@pytest.mark.parametrize("body", ["<html>", b"\xff", None, '{"details": 5}', '{"details": [{}]}', "[]"])
def test_a_refusal_in_no_words_of_lines_tells_nothing(body: object) -> None:
    failed = DeliveryFailed(Failure.REFUSED, "HTTP 400")
    failed.__cause__ = cause = Exception()
    cause.body = body  # type: ignore[attr-defined]
    assert words_of(failed) == ""


def test_a_default_that_was_set_elsewhere_is_none_of_ours(desk: Desk, line: RichMenus) -> None:
    desk.api("POST", "/faults", {"path": "/v2/bot/user/all/richmenu", "status": 403, "body": {"message": "no"}})
    assert line.find_default_rich_menu() is None


LISTED: dict[str, Any] = {"richMenuId": "richmenu-1", "name": "theirs", "areas": [{"action": {"type": "quite-new"}}]}


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"richmenus": [LISTED]}, {"richmenu-1": "theirs"}),
        ({"richmenus": None}, {}),
        ({"richmenus": ["?"]}, {}),
        ({}, {}),
    ],
)
def test_menus_of_a_kind_that_is_new_are_listed_all_the_same(
    desk: Desk, line: RichMenus, told: dict[str, Any], known: dict[str, str]
) -> None:
    desk.api("POST", "/faults", {"path": "/v2/bot/richmenu/list", "status": 200, "body": told})
    assert line.list_rich_menus() == known


def test_pictures_go_to_the_host_that_line_has_for_them() -> None:
    assert DATA_HOSTS["https://api.line.me"] == "https://api-data.line.me"
    data = LineGateway(token="t", host="https://api.line.me").menus._data
    assert data.api_client.configuration.host == "https://api-data.line.me"
    alone = LineGateway(token="t", host="http://127.0.0.1:9").menus._data
    assert alone.api_client.configuration.host == "http://127.0.0.1:9"
