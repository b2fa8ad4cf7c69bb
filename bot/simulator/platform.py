"""LINE's Messaging API and its login, as far as a bot needs them: the endpoints, at the root of the port."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response

from bot.simulator import (
    account,
    audience_endpoints,
    coupon_endpoints,
    login_documents,
    login_pages,
    members,
    membership_endpoints,
    menu_endpoints,
    menu_links,
    menu_statistics,
    messaging,
    narrowcasting,
    oauth,
    statistics,
    webhook_settings,
)
from bot.simulator.answering import Answer, Call, Desk
from bot.simulator.endpoints import Endpoint
from bot.simulator.refusals import ApiRefusal
from bot.simulator.sender import Sender
from bot.simulator.sending import Sending
from bot.simulator.state import State

PREFIXES = ("/v2", "/oauth2", "/friendship", "/dialog", "/user", "/bot")


def build_platform(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("line", __name__)
    desk = Desk(state)
    for endpoint in _list_endpoints(state, sender):
        name = endpoint.method + endpoint.path.replace(".", "_")
        blueprint.add_url_rule(endpoint.path, name, _view(desk, endpoint), methods=[endpoint.method])
    unknown = Endpoint("*", "(unknown)", "default", _refuse_unknown, with_token=False)
    for prefix in PREFIXES:
        blueprint.add_url_rule(
            f"{prefix}/<path:rest>", f"unknown{prefix}", _view(desk, unknown),
            methods=["GET", "POST", "PUT", "DELETE", "PATCH"],
        )  # fmt: skip
    return blueprint


def _list_endpoints(state: State, sender: Sender) -> list[Endpoint]:
    sending = Sending(state)
    return [
        *messaging.list_endpoints(state, sending),
        *narrowcasting.list_endpoints(state, sending),
        *audience_endpoints.list_endpoints(state),
        *coupon_endpoints.list_endpoints(state),
        *membership_endpoints.list_endpoints(state),
        *account.list_endpoints(state),
        *members.list_endpoints(state),
        *menu_endpoints.list_endpoints(state),
        *menu_links.list_endpoints(state),
        *oauth.list_endpoints(state),
        *login_pages.list_endpoints(state, sender),
        *login_documents.list_endpoints(state),
        *webhook_settings.list_endpoints(state, sender),
        *statistics.list_endpoints(state),
        *menu_statistics.list_endpoints(state),
    ]


def _view(desk: Desk, endpoint: Endpoint) -> Callable[..., Response]:
    family = endpoint.path.replace("<", "{").replace(">", "}")

    def view(**_parts: str) -> Response:
        return desk.serve(
            endpoint.work, endpoint=endpoint.name, family=family, with_token=endpoint.with_token,
            with_json=endpoint.body == "json", read_bytes=endpoint.read_bytes,
        )  # fmt: skip

    return view


def _refuse_unknown(_call: Call) -> Answer:
    raise ApiRefusal(404, "Not found", "endpoint-known")
