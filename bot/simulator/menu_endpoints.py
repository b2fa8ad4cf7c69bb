"""The endpoints of rich menus: making them, their pictures, and their aliases."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.contents import Media
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.menus import Menu
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import rich_menu
from bot.simulator.rules.pictures import check_menu_picture
from bot.simulator.state import State


def list_endpoints(state: State) -> list[Endpoint]:
    kitchen, names = _Kitchen(state), _Names(state)
    menu, alias = "/v2/bot/richmenu", "/v2/bot/richmenu/alias"
    return [
        Endpoint("POST", menu, "menu-create", kitchen.create),
        Endpoint("POST", f"{menu}/validate", "menu-validate", kitchen.validate),
        Endpoint("GET", f"{menu}/list", "menu-list", kitchen.list_all),
        Endpoint("GET", f"{menu}/<menu_id>", "menu-get", kitchen.get),
        Endpoint("DELETE", f"{menu}/<menu_id>", "menu-delete", kitchen.delete),
        Endpoint("POST", f"{menu}/<menu_id>/content", "menu-upload", kitchen.upload, body="any"),
        Endpoint("GET", f"{menu}/<menu_id>/content", "menu-download", kitchen.download),
        Endpoint("POST", alias, "alias-create", names.create),
        Endpoint("GET", f"{alias}/list", "alias-list", names.list_all),
        Endpoint("GET", f"{alias}/<alias>", "alias-get", names.get),
        Endpoint("POST", f"{alias}/<alias>", "alias-update", names.update),
        Endpoint("DELETE", f"{alias}/<alias>", "alias-delete", names.delete),
    ]


def get_menu(state: State, menu_id: str) -> Menu:
    """Raises LINE's 404."""
    menu = state.menus.find(menu_id)
    if menu is None:
        raise ApiRefusal(404, "Not found", "menu-known")
    return menu


def get_finished_menu(state: State, menu_id: str) -> Menu:
    """One that can be shown. Raises LINE's refusal of one without a picture."""
    menu = get_menu(state, menu_id)
    if menu.picture is None:
        raise ApiRefusal(400, "must upload richmenu image before applying it to user", "menu-finished")
    return menu


@dataclass(frozen=True, slots=True)
class _Kitchen:
    state: State

    def create(self, call: Call) -> Answer:
        rich_menu.check_rich_menu(call.body)
        menu = self.state.menus.add(call.body)
        if menu is None:
            raise ApiRefusal(400, "The maximum number of rich menus has been reached", "menu-count")
        return Answer({"richMenuId": menu.menu_id})

    def validate(self, call: Call) -> Answer:
        rich_menu.check_rich_menu(call.body)
        return Answer({})

    def list_all(self, _call: Call) -> Answer:
        return Answer({"richmenus": [menu.as_json() for menu in self.state.menus.list_all()]})

    def get(self, call: Call) -> Answer:
        return Answer(get_menu(self.state, part(call, "menu_id")).as_json())

    def delete(self, call: Call) -> Answer:
        if not self.state.menus.remove(part(call, "menu_id")):
            raise ApiRefusal(404, "Not found", "menu-known")
        return Answer({})

    def upload(self, call: Call) -> Answer:
        menu = get_menu(self.state, part(call, "menu_id"))
        if menu.picture is not None:
            raise ApiRefusal(400, "An image has already been uploaded to the richmenu", "menu-picture-once")
        content_type = call.request.mimetype
        check_menu_picture(call.raw, content_type, menu.definition["size"])
        menu.picture = Media(call.raw, content_type)
        return Answer({})

    def download(self, call: Call) -> Answer:
        picture = get_menu(self.state, part(call, "menu_id")).picture
        if picture is None:
            raise ApiRefusal(404, "Not found", "menu-picture-known")
        return Answer(picture.data, headers={"Content-Type": picture.content_type})


@dataclass(frozen=True, slots=True)
class _Names:
    state: State

    def create(self, call: Call) -> Answer:
        rich_menu.check_alias(call.body, with_name=True)
        alias, menu_id = call.body["richMenuAliasId"], call.body["richMenuId"]
        if self.state.menus.find_alias(alias) is not None:
            raise ApiRefusal(400, "conflict richmenu alias id", "menu-alias-unique")
        if not self.state.menus.has_room_for_alias():
            raise ApiRefusal(400, "The maximum number of rich menu aliases has been reached", "menu-alias-count")
        self._point(alias, menu_id)
        return Answer({})

    def update(self, call: Call) -> Answer:
        rich_menu.check_alias(call.body, with_name=False)
        self._get(call)
        self._point(part(call, "alias"), call.body["richMenuId"])
        return Answer({})

    def _point(self, alias: str, menu_id: str) -> None:
        if self.state.menus.find(menu_id) is None:
            raise ApiRefusal(400, "richmenu not found", "menu-alias-target")
        get_finished_menu(self.state, menu_id)
        self.state.menus.point_alias(alias, menu_id)

    def list_all(self, _call: Call) -> Answer:
        return Answer({"aliases": self.state.menus.list_aliases()})

    def get(self, call: Call) -> Answer:
        return Answer({"richMenuAliasId": part(call, "alias"), "richMenuId": self._get(call)})

    def delete(self, call: Call) -> Answer:
        self._get(call)
        self.state.menus.remove_alias(part(call, "alias"))
        return Answer({})

    def _get(self, call: Call) -> str:
        menu_id = self.state.menus.find_alias(part(call, "alias"))
        if menu_id is None:
            raise ApiRefusal(404, "richmenu alias not found", "menu-alias-known")
        return menu_id
