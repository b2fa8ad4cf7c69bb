"""The endpoints that decide who sees which rich menu."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.clock import iso
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.menu_batches import BATCH_SECONDS
from bot.simulator.menu_endpoints import get_finished_menu
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import rich_menu
from bot.simulator.rules.requests import USER_ID
from bot.simulator.state import State


def list_endpoints(state: State) -> list[Endpoint]:
    links, batches = _Links(state), _Batches(state)
    default, own = "/v2/bot/user/all/richmenu", "/v2/bot/user/<user_id>/richmenu"
    menu = "/v2/bot/richmenu"
    return [
        Endpoint("POST", f"{default}/<menu_id>", "menu-default-set", links.set_default, body="any"),
        Endpoint("GET", default, "menu-default-get", links.get_default),
        Endpoint("DELETE", default, "menu-default-cancel", links.cancel_default),
        Endpoint("POST", f"{own}/<menu_id>", "menu-link", links.link, body="any"),
        Endpoint("GET", own, "menu-linked", links.get_linked),
        Endpoint("DELETE", own, "menu-unlink", links.unlink),
        Endpoint("POST", f"{menu}/bulk/link", "menu-bulk-link", links.bulk_link),
        Endpoint("POST", f"{menu}/bulk/unlink", "menu-bulk-unlink", links.bulk_unlink),
        Endpoint("POST", f"{menu}/batch", "menu-batch", batches.start),
        Endpoint("POST", f"{menu}/validate/batch", "menu-batch-validate", batches.validate),
        Endpoint("GET", f"{menu}/progress/batch", "menu-progress", batches.progress),
    ]


@dataclass(frozen=True, slots=True)
class _Links:
    """A menu linked to somebody who is no friend, or has blocked the bot: accepted, and not linked."""

    state: State

    def set_default(self, call: Call) -> Answer:
        self.state.menus.set_default(get_finished_menu(self.state, part(call, "menu_id")).menu_id)
        return Answer({})

    def get_default(self, _call: Call) -> Answer:
        default = self.state.menus.default
        if default is None and self.state.manager_menu:
            raise ApiRefusal(403, "The default rich menu was not set by this channel", "menu-default-elsewhere")
        if default is None:
            raise ApiRefusal(404, "no default richmenu", "menu-default-known")
        return Answer({"richMenuId": default})

    def cancel_default(self, _call: Call) -> Answer:
        self.state.menus.set_default(None)
        return Answer({})

    def link(self, call: Call) -> Answer:
        menu = get_finished_menu(self.state, part(call, "menu_id"))
        self._link(self._user(call), menu.menu_id)
        return Answer({})

    def get_linked(self, call: Call) -> Answer:
        linked = self.state.menus.find_linked(self._user(call))
        if linked is None:
            raise ApiRefusal(404, "the user has no richmenu", "menu-linked-known")
        return Answer({"richMenuId": linked})

    def unlink(self, call: Call) -> Answer:
        self.state.menus.unlink(self._user(call))
        return Answer({})

    def bulk_link(self, call: Call) -> Answer:
        rich_menu.check_bulk(call.body, with_menu=True)
        menu = get_finished_menu(self.state, call.body["richMenuId"])
        for user_id in call.body["userIds"]:
            self._link(user_id, menu.menu_id)
        return Answer({}, 202)

    def bulk_unlink(self, call: Call) -> Answer:
        rich_menu.check_bulk(call.body, with_menu=False)
        for user_id in call.body["userIds"]:
            self.state.menus.unlink(user_id)
        return Answer({}, 202)

    def _link(self, user_id: str, menu_id: str) -> None:
        person = self.state.people.find(user_id)
        if person is not None and person.following:
            self.state.menus.link(user_id, menu_id)

    def _user(self, call: Call) -> str:
        user_id = part(call, "user_id")
        if not USER_ID.fullmatch(user_id):
            raise ApiRefusal(400, "The value for the 'userId' parameter is invalid", "recipient-format")
        call.row.user_ids = (user_id,)
        return user_id


@dataclass(frozen=True, slots=True)
class _Batches:
    state: State

    def validate(self, call: Call) -> Answer:
        rich_menu.check_batch(call.body)
        return Answer({})

    def start(self, call: Call) -> Answer:
        rich_menu.check_batch(call.body)
        operations = call.body["operations"]
        for operation in operations:
            if operation["type"] == "link":
                get_finished_menu(self.state, operation["to"])
        key, now = call.body.get("resumeRequestKey"), self.state.clock.now()
        if self.state.menu_batches.accept(call.request_id, key=key, now=now):
            if operations[0]["type"] == "unlinkAll":
                self.state.menus.unlink_all()
            self.state.menus.relink({each["from"]: each.get("to") for each in operations if "from" in each})
        return Answer({}, 202)

    def progress(self, call: Call) -> Answer:
        accepted_at = self.state.menu_batches.find(call.request.args.get("requestId", ""))
        if accepted_at is None:
            raise ApiRefusal(404, "Not found", "menu-batch-known")
        accepted = {"acceptedTime": iso(accepted_at)}
        if self.state.clock.now() - accepted_at < BATCH_SECONDS:
            return Answer({"phase": "ongoing", **accepted})
        return Answer({"phase": "succeeded", **accepted, "completedTime": iso(accepted_at + BATCH_SECONDS)})
