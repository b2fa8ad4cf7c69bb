"""Rich menus: what they are, their pictures, and who sees which."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Any

from bot.simulator.contents import Media

MOST_MENUS = 1_000
MOST_ALIASES = 1_000


@dataclass(slots=True)
class Menu:
    menu_id: str
    definition: dict[str, Any]
    picture: Media | None = None

    def as_json(self) -> dict[str, Any]:
        return {"richMenuId": self.menu_id, **self.definition}


class Menus:
    """Safe to share between threads. A person's own menu goes before the default one."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._menus: dict[str, Menu] = {}
            self._default: str | None = None
            self._linked: dict[str, str] = {}
            self._aliases: dict[str, str] = {}

    def add(self, definition: dict[str, Any]) -> Menu | None:
        """None when there are as many as there may be."""
        with self._lock:
            if len(self._menus) >= MOST_MENUS:
                return None
            menu = Menu(f"richmenu-{secrets.token_hex(16)}", definition)
            self._menus[menu.menu_id] = menu
            return menu

    def find(self, menu_id: str) -> Menu | None:
        return self._menus.get(menu_id)

    def list_all(self) -> list[Menu]:
        with self._lock:
            return list(self._menus.values())

    def remove(self, menu_id: str) -> bool:
        """Whoever saw the menu sees it no more; aliases to it point nowhere."""
        with self._lock:
            if self._menus.pop(menu_id, None) is None:
                return False
            self._linked = {user_id: linked for user_id, linked in self._linked.items() if linked != menu_id}
            self._default = None if self._default == menu_id else self._default
            return True

    @property
    def default(self) -> str | None:
        return self._default

    def set_default(self, menu_id: str | None) -> None:
        with self._lock:
            self._default = menu_id

    def link(self, user_id: str, menu_id: str) -> None:
        with self._lock:
            self._linked[user_id] = menu_id

    def unlink(self, user_id: str) -> None:
        with self._lock:
            self._linked.pop(user_id, None)

    def unlink_all(self) -> None:
        with self._lock:
            self._linked = {}

    def relink(self, changes: dict[str, str | None]) -> None:
        """Whoever was linked to a menu is linked to the other in its place, or to none; all at the same time."""
        with self._lock:
            after = {user_id: changes.get(menu_id, menu_id) for user_id, menu_id in self._linked.items()}
            self._linked = {user_id: menu_id for user_id, menu_id in after.items() if menu_id is not None}

    def find_linked(self, user_id: str) -> str | None:
        return self._linked.get(user_id)

    def find_shown(self, user_id: str) -> Menu | None:
        menu_id = self._linked.get(user_id) or self._default
        return self._menus.get(menu_id) if menu_id is not None else None

    def list_aliases(self) -> list[dict[str, str]]:
        with self._lock:
            return [{"richMenuAliasId": alias, "richMenuId": menu_id} for alias, menu_id in self._aliases.items()]

    def find_alias(self, alias: str) -> str | None:
        return self._aliases.get(alias)

    def has_room_for_alias(self) -> bool:
        return len(self._aliases) < MOST_ALIASES

    def point_alias(self, alias: str, menu_id: str) -> None:
        with self._lock:
            self._aliases[alias] = menu_id

    def remove_alias(self, alias: str) -> bool:
        with self._lock:
            return self._aliases.pop(alias, None) is not None
