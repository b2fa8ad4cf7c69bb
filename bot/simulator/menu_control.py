"""The control API's part for rich menus: what a person sees under the chat, and a tap that switches it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from bot.simulator import events
from bot.simulator.refusals import NotKnown
from bot.simulator.sender import Sender
from bot.simulator.state import State
from bot.simulator.telling import Telling, read_body, read_text


def build_menu_control(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_menus", __name__, url_prefix="/simulator/api")
    table = _Table(state, sender)
    blueprint.add_url_rule("/people/<user_id>/richmenu", "shown", table.shown)
    blueprint.add_url_rule("/richmenus/<menu_id>/picture", "picture", table.picture)
    blueprint.add_url_rule("/people/<user_id>/switch-menu", "switch", table.switch, methods=["POST"])
    return blueprint


class _Table:
    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)

    def shown(self, user_id: str) -> Response:
        """The menu, with the address of its picture; null for none."""
        self._state.people.get(user_id)
        menu = self._state.menus.find_shown(user_id)
        if menu is None:
            return jsonify(None)
        return jsonify({**menu.as_json(), "pictureUrl": f"/simulator/api/richmenus/{menu.menu_id}/picture"})

    def picture(self, menu_id: str) -> Response:
        menu = self._state.menus.find(menu_id)
        if menu is None or menu.picture is None:
            raise NotKnown(f"no picture of {menu_id}")
        return Response(menu.picture.data, mimetype=menu.picture.content_type)

    def switch(self, user_id: str) -> Response:
        """The person taps a richmenuswitch: the menu changes if it can, and the bot is told how that went."""
        body = read_body()
        alias, data = read_text(body, "richMenuAliasId"), read_text(body, "data")
        self._state.people.get_writer(user_id)
        menu_id = self._state.menus.find_alias(alias)
        menu = self._state.menus.find(menu_id) if menu_id is not None else None
        if menu is not None:
            self._state.menus.link(user_id, menu.menu_id)
        status = "RICHMENU_ALIAS_ID_NOTFOUND" if menu_id is None else "RICHMENU_NOTFOUND" if menu is None else "SUCCESS"
        postback = {"data": data, "params": {"newRichMenuAliasId": alias, "status": status}}
        return self._telling.tell(events.from_person(user_id, "postback", postback=postback))
