"""Rich menus: their limits, their pictures, who sees which, and their aliases."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest

from bot.simulator import menus as menu_store
from bot.simulator.drawing import draw_picture
from tests.bot.simulator.desk import KHAM, SOMSRI, UNKNOWN, Answer, Desk, RememberingBot

MENU = "/v2/bot/richmenu"
ALIAS = f"{MENU}/alias"
DEFAULT = "/v2/bot/user/all/richmenu"
TAP = {"bounds": {"x": 0, "y": 0, "width": 400, "height": 270}, "action": {"type": "message", "text": "กิจกรรม"}}


def _menu(**more: Any) -> dict[str, Any]:
    size = {"width": 800, "height": 270}
    return {"size": size, "selected": True, "name": "หลัก", "chatBarText": "เมนู", "areas": [TAP], **more}


def png(width: int = 800, height: int = 270, padding: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + chunk + bytes(padding)


def jpeg(width: int = 800, height: int = 270) -> bytes:
    app0 = b"\xff\xe0\x00\x10JFIF\x00" + bytes(9)
    return b"\xff\xd8" + app0 + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _upload(desk: Desk, menu_id: str, raw: bytes, kind: str = "image/png") -> Answer:
    return desk.line("POST", f"{MENU}/{menu_id}/content", raw, Content_Type=kind)


def _made(desk: Desk, *, finished: bool = True) -> str:
    menu_id = str(desk.line("POST", MENU, _menu()).json["richMenuId"])
    if finished:
        assert _upload(desk, menu_id, png()).status == 200
    return menu_id


def test_a_menu_is_made_listed_and_deleted(desk: Desk) -> None:
    menu_id = _made(desk, finished=False)
    assert desk.line("GET", f"{MENU}/{menu_id}").json == {"richMenuId": menu_id, **_menu()}
    assert [menu["richMenuId"] for menu in desk.line("GET", f"{MENU}/list").json["richmenus"]] == [menu_id]
    assert desk.line("DELETE", f"{MENU}/{menu_id}").json == {}
    for answer in (desk.line("GET", f"{MENU}/{menu_id}"), desk.line("DELETE", f"{MENU}/{menu_id}")):
        assert (answer.status, _rule(answer)) == (404, "menu-known")


TOO_WIDE = {"bounds": {"x": 500, "y": 0, "width": 400, "height": 270}, "action": TAP["action"]}
SWITCH = {"type": "richmenuswitch", "richMenuAliasId": "b", "data": "d"}


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"size": {"width": 799, "height": 270}}, "menu-size"),
        ({"size": {"width": 2501, "height": 1000}}, "menu-size"),
        ({"size": {"width": 800, "height": 249}, "areas": []}, "menu-size"),
        ({"size": {"width": 800, "height": 600}}, "menu-size"),
        ({"name": "ก" * 301}, "menu-name"),
        ({"chatBarText": "ก็" * 15}, "menu-bar-text"),
        ({"chatBarText": ""}, "menu-bar-text"),
        ({"areas": [TAP] * 21}, "menu-areas"),
        ({"areas": [TOO_WIDE]}, "menu-bounds"),
        ({"areas": [{**TAP, "action": {"type": "message", "text": "ก", "label": "ก" * 21}}]}, "label-rich-menu"),
        ({"areas": [{**TAP, "action": {**SWITCH, "richMenuAliasId": "a" * 33}}]}, "switch-alias"),
        ({"areas": [{**TAP, "action": {"type": "camera", "label": "ก"}}]}, "action-place"),
        ({"selected": None}, "required-property"),
    ],
)
def test_a_menu_beyond_a_limit_is_refused(desk: Desk, more: dict[str, Any], rule: str) -> None:
    for path in (MENU, f"{MENU}/validate"):
        answer = desk.line("POST", path, _menu(**more))
        assert (answer.status, _rule(answer)) == (400, rule)


@pytest.mark.parametrize(
    "more", [{"chatBarText": "ก็" * 14}, {"areas": [TAP] * 20}, {"areas": []}, {"areas": [{**TAP, "action": SWITCH}]},
             {"size": {"width": 2500, "height": 1686}}],
)  # fmt: skip
def test_a_menu_just_within_the_limits_is_accepted(desk: Desk, more: dict[str, Any]) -> None:
    assert desk.line("POST", f"{MENU}/validate", _menu(**more)).json == {}


def test_there_are_at_most_so_many_menus(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_store, "MOST_MENUS", 2)
    assert [desk.line("POST", MENU, _menu()).status for _ in range(3)] == [200, 200, 400]
    assert _rule(desk.line("POST", MENU, _menu())) == "menu-count"


@pytest.mark.parametrize(("raw", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg")])
def test_a_picture_is_uploaded_once(desk: Desk, raw: bytes, kind: str) -> None:
    menu_id = _made(desk, finished=False)
    missing = desk.line("GET", f"{MENU}/{menu_id}/content")
    assert (missing.status, _rule(missing)) == (404, "menu-picture-known")
    assert _upload(desk, menu_id, raw, kind).status == 200
    picture = desk.line("GET", f"{MENU}/{menu_id}/content")
    assert (picture.raw, picture.headers["Content-Type"]) == (raw, kind)
    assert _rule(_upload(desk, menu_id, raw, kind)) == "menu-picture-once"


@pytest.mark.parametrize(
    ("raw", "kind", "status", "rule"),
    [
        (png(), "image/gif", 415, "menu-picture-type"),
        (png(), "image/jpeg", 400, "menu-picture-type"),
        (b"<svg/>", "image/png", 400, "menu-picture-type"),
        (b"\xff\xd8\xff\xe0\x00\x04ab", "image/jpeg", 400, "menu-picture-type"),
        (png(padding=1024 * 1024), "image/png", 413, "menu-picture-bytes"),
        (draw_picture(1), "image/png", 400, "menu-picture-size"),
        (png(800, 600), "image/png", 400, "menu-picture-size"),
        (jpeg(1200, 405), "image/jpeg", 400, "menu-picture-matches"),
    ],
)
def test_a_picture_that_cannot_be_a_menus_is_refused(desk: Desk, raw: bytes, kind: str, status: int, rule: str) -> None:
    answer = _upload(desk, _made(desk, finished=False), raw, kind)
    assert (answer.status, _rule(answer)) == (status, rule)


def test_a_menu_without_a_picture_is_shown_to_nobody(desk: Desk) -> None:
    menu_id = _made(desk, finished=False)
    for path in (f"{DEFAULT}/{menu_id}", f"/v2/bot/user/{SOMSRI}/richmenu/{menu_id}"):
        assert _rule(desk.line("POST", path)) == "menu-finished"
    assert desk.line("POST", f"{DEFAULT}/richmenu-0").status == 404


def test_a_persons_own_menu_goes_before_the_default(desk: Desk) -> None:
    everybodys, own = _made(desk), _made(desk)
    assert _rule(desk.line("GET", DEFAULT)) == "menu-default-known"
    assert desk.line("POST", f"{DEFAULT}/{everybodys}").json == {}
    assert desk.line("GET", DEFAULT).json == {"richMenuId": everybodys}
    path = f"/v2/bot/user/{SOMSRI}/richmenu"
    assert _rule(desk.line("GET", path)) == "menu-linked-known"
    assert desk.line("POST", f"{path}/{own}").json == {}
    shown = [desk.api("GET", f"/people/{person}/richmenu")["richMenuId"] for person in (SOMSRI, KHAM)]
    assert (shown, desk.line("GET", path).json) == ([own, everybodys], {"richMenuId": own})
    picture = desk.api("GET", f"/people/{SOMSRI}/richmenu")["pictureUrl"]
    assert desk.call("GET", picture).raw == png()
    desk.line("DELETE", path)
    desk.line("DELETE", DEFAULT)
    assert desk.api("GET", f"/people/{SOMSRI}/richmenu") is None


def test_a_menu_is_linked_to_friends_only(desk: Desk) -> None:
    menu_id = _made(desk)
    desk.api("POST", f"/people/{SOMSRI}/unfollow", {"wait": True})
    assert desk.line("POST", f"/v2/bot/user/{SOMSRI}/richmenu/{menu_id}").status == 200
    assert desk.line("GET", f"/v2/bot/user/{SOMSRI}/richmenu").status == 404
    assert _rule(desk.line("GET", "/v2/bot/user/someone/richmenu")) == "recipient-format"


def test_a_menu_is_linked_to_many_and_taken_from_many(desk: Desk) -> None:
    menu_id, ids = _made(desk), [SOMSRI, KHAM, UNKNOWN]
    assert desk.line("POST", f"{MENU}/bulk/link", {"richMenuId": menu_id, "userIds": ids}).status == 202
    assert desk.line("GET", f"/v2/bot/user/{KHAM}/richmenu").json == {"richMenuId": menu_id}
    assert desk.line("POST", f"{MENU}/bulk/unlink", {"userIds": ids}).status == 202
    assert desk.line("GET", f"/v2/bot/user/{KHAM}/richmenu").status == 404
    for many in ([], [UNKNOWN] * 501):
        assert _rule(desk.line("POST", f"{MENU}/bulk/unlink", {"userIds": many})) == "menu-bulk"
    assert _rule(desk.line("POST", f"{MENU}/bulk/unlink", {"userIds": ["x"]})) == "recipient-format"


def test_an_alias_is_made_pointed_elsewhere_and_deleted(desk: Desk) -> None:
    first, second = _made(desk), _made(desk)
    assert desk.line("POST", ALIAS, {"richMenuAliasId": "main", "richMenuId": first}).json == {}
    assert _rule(desk.line("POST", ALIAS, {"richMenuAliasId": "main", "richMenuId": first})) == "menu-alias-unique"
    assert desk.line("POST", f"{ALIAS}/main", {"richMenuId": second}).json == {}
    assert desk.line("GET", f"{ALIAS}/main").json == {"richMenuAliasId": "main", "richMenuId": second}
    assert desk.line("GET", f"{ALIAS}/list").json == {"aliases": [{"richMenuAliasId": "main", "richMenuId": second}]}
    assert desk.line("DELETE", f"{ALIAS}/main").json == {}
    for answer in (desk.line("GET", f"{ALIAS}/main"), desk.line("POST", f"{ALIAS}/main", {"richMenuId": first})):
        assert (answer.status, _rule(answer)) == (404, "menu-alias-known")


def test_an_alias_that_makes_no_sense_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    menu_id = _made(desk)
    for alias in ("Main", "", "a" * 33, "หลัก"):
        assert _rule(desk.line("POST", ALIAS, {"richMenuAliasId": alias, "richMenuId": menu_id})) == "menu-alias-id"
    nowhere = desk.line("POST", ALIAS, {"richMenuAliasId": "a", "richMenuId": "richmenu-0"})
    assert (nowhere.status, _rule(nowhere)) == (400, "menu-alias-target")
    monkeypatch.setattr(menu_store, "MOST_ALIASES", 0)
    assert _rule(desk.line("POST", ALIAS, {"richMenuAliasId": "a", "richMenuId": menu_id})) == "menu-alias-count"


def test_a_tap_switches_the_menu_and_the_bot_is_told(desk: Desk, remembering_bot: RememberingBot) -> None:
    menu_id = _made(desk)
    desk.line("POST", ALIAS, {"richMenuAliasId": "b", "richMenuId": menu_id})
    for alias in ("b", "lost"):
        desk.api("POST", f"/people/{SOMSRI}/switch-menu", {"richMenuAliasId": alias, "data": "d", "wait": True})
    desk.line("DELETE", f"{MENU}/{menu_id}")
    desk.api("POST", f"/people/{SOMSRI}/switch-menu", {"richMenuAliasId": "b", "data": "d", "wait": True})
    told = [received.events[0]["postback"]["params"]["status"] for received in remembering_bot.received]
    assert told == ["SUCCESS", "RICHMENU_ALIAS_ID_NOTFOUND", "RICHMENU_NOTFOUND"]


def test_a_batch_replaces_one_menu_by_another(desk: Desk) -> None:
    first, second = _made(desk), _made(desk)
    desk.line("POST", f"/v2/bot/user/{SOMSRI}/richmenu/{first}")
    operations = {"operations": [{"type": "link", "from": first, "to": second}], "resumeRequestKey": "key-1"}
    assert desk.line("POST", f"{MENU}/validate/batch", operations).json == {}
    sent = desk.line("POST", f"{MENU}/batch", operations)
    progress = f"{MENU}/progress/batch?requestId={sent.headers['X-Line-Request-Id']}"
    assert (sent.status, desk.line("GET", progress).json["phase"]) == (202, "ongoing")
    desk.api("POST", "/clock", {"advance": 2})
    assert desk.line("GET", progress).json["phase"] == "succeeded"
    assert desk.line("GET", f"/v2/bot/user/{SOMSRI}/richmenu").json == {"richMenuId": second}
    desk.line("POST", f"{MENU}/batch", {"operations": [{"type": "unlinkAll"}]})
    assert desk.line("GET", f"/v2/bot/user/{SOMSRI}/richmenu").status == 404
    assert _rule(desk.line("GET", f"{MENU}/progress/batch?requestId=0")) == "menu-batch-known"


def test_the_operations_of_a_batch_do_not_affect_each_other(desk: Desk) -> None:
    first, second, third = _made(desk), _made(desk), _made(desk)
    for person, menu in ((SOMSRI, first), (KHAM, second)):
        desk.line("POST", f"/v2/bot/user/{person}/richmenu/{menu}")
    operations = [{"type": "link", "from": first, "to": second}, {"type": "link", "from": second, "to": third}]
    assert desk.line("POST", f"{MENU}/batch", {"operations": operations}).status == 202
    linked = [desk.line("GET", f"/v2/bot/user/{person}/richmenu").json["richMenuId"] for person in (SOMSRI, KHAM)]
    assert linked == [second, third]
    desk.line("POST", f"{MENU}/batch", {"operations": [{"type": "unlink", "from": third}]})
    assert desk.line("GET", f"/v2/bot/user/{KHAM}/richmenu").status == 404


def test_a_batch_is_taken_up_again_under_its_key(desk: Desk) -> None:
    first, second = _made(desk), _made(desk)
    path, body = f"/v2/bot/user/{SOMSRI}/richmenu", {"operations": [{"type": "link", "from": first, "to": second}],
                                                      "resumeRequestKey": "key-1"}  # fmt: skip
    for menu, after, seconds in ((first, second, 0), (first, first, 14 * 24 * 3600), (first, second, 0)):
        desk.line("POST", f"{path}/{menu}")
        assert desk.line("POST", f"{MENU}/batch", body).status == 202
        assert desk.line("GET", path).json == {"richMenuId": after}
        desk.api("POST", "/clock", {"advance": seconds})


def test_operations_that_do_not_go_together_are_refused(desk: Desk) -> None:
    everything, one = {"type": "unlinkAll"}, {"type": "unlink", "from": "richmenu-1"}
    assert _rule(desk.line("POST", f"{MENU}/batch", {"operations": [everything, one]})) == "menu-batch-alone"
    assert _rule(desk.line("POST", f"{MENU}/batch", {"operations": [one, one]})) == "menu-batch-once"


def test_a_default_menu_may_have_been_set_elsewhere(desk: Desk) -> None:
    desk.api("POST", "/config", {"managerMenu": True})
    answer = desk.line("GET", DEFAULT)
    assert (answer.status, _rule(answer)) == (403, "menu-default-elsewhere")
    menu_id = _made(desk)
    desk.line("POST", f"{DEFAULT}/{menu_id}")
    assert desk.line("GET", DEFAULT).json == {"richMenuId": menu_id}


def test_a_batch_that_makes_no_sense_is_refused_and_three_an_hour_are_enough(desk: Desk) -> None:
    for body in ({"operations": []}, {"operations": [{"type": "burn"}]},
                 {"operations": [{"type": "unlinkAll"}], "resumeRequestKey": "ก"}):  # fmt: skip
        assert _rule(desk.line("POST", f"{MENU}/validate/batch", body)) == "menu-batch"
    body = {"operations": [{"type": "unlinkAll"}]}
    assert [desk.line("POST", f"{MENU}/batch", body).status for _ in range(4)] == [202, 202, 202, 429]
