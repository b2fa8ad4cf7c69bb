"""Small rich menus to test with."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image

from bot.line.rich_menu import RichMenu, Tile
from bot.messages import Press

NOWHERE = "http://127.0.0.1:9/line/webhook"
"""Where a simulator sends webhooks that nobody waits for."""


@cache
def a_picture(colour: str = "white", *, width: int = 2500, height: int = 843) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "PNG")
    return data.getvalue()


def a_menu(word: str = "กิจกรรม") -> RichMenu:
    """Two tiles; it is another menu with another word."""
    presses = (Press(word, "data-0", word), Press("ติดต่อ", "data-1", "ติดต่อ"))
    return RichMenu("เมนู", (Tile("list", (word,)), Tile("person", ("ติดต่อ",))), presses)


def definition_of(name: str, **more: Any) -> dict[str, Any]:
    """What `create` takes, without our own checks before it."""
    area = {
        "bounds": {"x": 0, "y": 0, "width": 2500, "height": 843},
        "action": {"type": "postback", "label": "ก", "data": "d", "displayText": "ก"},
    }
    size = {"width": 2500, "height": 843}
    return {"size": size, "selected": True, "name": name, "chatBarText": "เมนู", "areas": [area], **more}
