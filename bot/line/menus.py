"""LINE's calls for rich menus. What a menu looks like is in `rich_menu`, in which order it is put up in
`menu_installation`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from linebot.v3.messaging import (
    CreateRichMenuAliasRequest,
    MessagingApi,
    MessagingApiBlob,
    RichMenuRequest,
    UpdateRichMenuAliasRequest,
)

from bot.line.calls import Calls, text_of
from bot.line.failures import unreadable

DATA_HOSTS = {"https://api.line.me": "https://api-data.line.me"}
"""LINE takes pictures at another host than everything else. Whatever stands in for LINE takes both at one."""


class RichMenus:
    """Safe to share between threads. Every method raises DeliveryFailed, and nothing else, when it fails."""

    def __init__(self, calls: Calls, *, token: str, host: str) -> None:
        self._calls = calls
        self._api = MessagingApi(calls.client)
        self._data = MessagingApiBlob(Calls(token=token, host=DATA_HOSTS.get(host, host), connections=1).client)

    def list_rich_menus(self) -> dict[str, str]:
        """The names of the menus that were made through LINE's API, by their ids."""
        menus = self._calls.read("menu.list", "/v2/bot/richmenu/list").get("richmenus")
        known = [menu for menu in menus if isinstance(menu, dict)] if isinstance(menus, list) else []
        return {text_of(menu, "richMenuId"): str(menu.get("name")) for menu in known}

    def validate_rich_menu(self, definition: dict[str, Any]) -> None:
        """Makes nothing; a menu that LINE would not take is refused."""
        request = _menu_request(definition)
        self._calls.call("menu.validate", self._api.validate_rich_menu_object_with_http_info, request)

    def create_rich_menu(self, definition: dict[str, Any]) -> str:
        """The new menu's id. Nobody sees it before it has a picture and somebody to be shown to."""
        request = _menu_request(definition)
        answer = self._calls.call("menu.create", self._api.create_rich_menu_with_http_info, request)
        if answer is None:
            raise unreadable()
        return str(answer.data.rich_menu_id)

    def upload_rich_menu_picture(self, menu_id: str, picture: bytes, *, content_type: str) -> None:
        """Once a menu: LINE replaces no picture."""
        call = self._data.set_rich_menu_image_with_http_info
        self._calls.call("menu.upload", call, menu_id, picture, _headers={"Content-Type": content_type})

    def delete_rich_menu(self, menu_id: str) -> None:
        self._calls.call("menu.delete", self._api.delete_rich_menu_with_http_info, menu_id)

    def find_default_rich_menu(self) -> str | None:
        """The menu that is shown to everyone; none where it was made in the account's own manager."""
        found = self._calls.find("menu.default", "/v2/bot/user/all/richmenu", HTTPStatus.FORBIDDEN)
        return text_of(found, "richMenuId") if found is not None else None

    def set_default_rich_menu(self, menu_id: str) -> None:
        self._calls.call("menu.set_default", self._api.set_default_rich_menu_with_http_info, menu_id)

    def cancel_default_rich_menu(self) -> None:
        self._calls.call("menu.cancel_default", self._api.cancel_default_rich_menu_with_http_info)

    def find_rich_menu_alias(self, alias: str) -> str | None:
        """The menu that the alias points to."""
        found = self._calls.find("menu.alias", f"/v2/bot/richmenu/alias/{alias}")
        return text_of(found, "richMenuId") if found is not None else None

    def make_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        request = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        self._calls.call("menu.make_alias", self._api.create_rich_menu_alias_with_http_info, request)

    def point_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        request = UpdateRichMenuAliasRequest(richMenuId=menu_id)
        self._calls.call("menu.point_alias", self._api.update_rich_menu_alias_with_http_info, alias, request)

    def delete_rich_menu_alias(self, alias: str) -> None:
        self._calls.call("menu.delete_alias", self._api.delete_rich_menu_alias_with_http_info, alias)


def _menu_request(definition: dict[str, Any]) -> RichMenuRequest:
    """LINE counts the bar's letters as a reader does, the SDK counts every Thai mark: its check comes too early."""
    bar = definition.get("chatBarText")
    return RichMenuRequest.from_dict({**definition, "chatBarText": None}).copy(update={"chat_bar_text": bar})
