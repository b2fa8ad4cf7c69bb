"""Rich menus with a picture, made through the API as a bot makes them."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from tests.bot.simulator.desk import Desk

WIDTH, HEIGHT = 900, 600
ACROSS, DOWN = 3, 2


def picture(colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour, as large as the menus here."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * WIDTH) * HEIGHT
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def make_menu(
    desk: Desk, *actions: dict[str, Any], bar: str = "เมนูของศูนย์", selected: bool = True, alias: str | None = None
) -> str:
    """A menu of up to six areas, ready to be linked: its id."""
    width, height = WIDTH // ACROSS, HEIGHT // DOWN
    areas = [
        {
            "bounds": {"x": place % ACROSS * width, "y": place // ACROSS * height, "width": width, "height": height},
            "action": action,
        }
        for place, action in enumerate(actions)
    ]
    menu = {"size": {"width": WIDTH, "height": HEIGHT}, "selected": selected, "name": bar, "chatBarText": bar}
    menu_id = str(desk.line("POST", "/v2/bot/richmenu", {**menu, "areas": areas}).json["richMenuId"])
    sent = desk.line("POST", f"/v2/bot/richmenu/{menu_id}/content", picture((11, 110, 79)), Content_Type="image/png")
    assert sent.status == 200, sent.raw
    if alias is not None:
        pointed = desk.line("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
        assert pointed.status == 200, pointed.raw
    return menu_id


def show_to_all(desk: Desk, menu_id: str) -> None:
    assert desk.line("POST", f"/v2/bot/user/all/richmenu/{menu_id}").status == 200


def link(desk: Desk, user_id: str, menu_id: str) -> None:
    assert desk.line("POST", f"/v2/bot/user/{user_id}/richmenu/{menu_id}").status == 200
