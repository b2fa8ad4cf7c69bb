"""The control API's part for what happens to the account itself, and not to a person in a chat."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from bot.simulator import events
from bot.simulator.memberships import Plan
from bot.simulator.refusals import Refused
from bot.simulator.sender import Sender
from bot.simulator.state import BOT_USER_ID, State
from bot.simulator.telling import Telling, read_body, read_text

CONTROL_SECONDS = 3600


def build_account_gestures(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_account", __name__, url_prefix="/simulator/api/account")
    hands = _Hands(state, sender)
    for gesture in ("module", "activated", "deactivated", "bot_suspended", "bot_resumed", "delivery", "memberships"):
        path = gesture.replace("_", "-")
        blueprint.add_url_rule(f"/{path}", gesture, getattr(hands, gesture), methods=["POST"])
    return blueprint


class _Hands:
    """None of these can be answered: no event here carries a reply token."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)

    def module(self) -> Response:
        """A module channel is attached to the account, or, with `type` detached, is not any more."""
        body = read_body()
        kind = body.get("type", "attached")
        if kind not in {"attached", "detached"}:
            raise Refused('"type" is attached or detached')
        scopes = body.get("scopes", ["message:send", "message:receive"])
        more = {"scopes": scopes} if kind == "attached" else {"reason": "bot_deleted"}
        return self._telling.tell({"type": "module", "module": {"type": kind, "botId": BOT_USER_ID, **more}})

    def activated(self) -> Response:
        """A module has the chat with that person to itself, for `seconds`."""
        body = read_body()
        person = self._state.people.get(read_text(body, "userId"))
        seconds = body.get("seconds", CONTROL_SECONDS)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 1:
            raise Refused('"seconds" is a number from 1')
        expire_at = int((self._state.clock.now() + seconds) * 1000)
        return self._telling.tell(events.from_person(person.user_id, "activated", chatControl={"expireAt": expire_at}))

    def deactivated(self) -> Response:
        person = self._state.people.get(read_text(read_body(), "userId"))
        return self._telling.tell(events.from_person(person.user_id, "deactivated"))

    def bot_suspended(self) -> Response:
        return self._telling.tell({"type": "botSuspended"})

    def bot_resumed(self) -> Response:
        return self._telling.tell({"type": "botResumed"})

    def delivery(self) -> Response:
        """A message by telephone number was delivered: `data` is the hashed number, or the tag it was sent with."""
        return self._telling.tell({"type": "delivery", "delivery": {"data": read_text(read_body(), "data")}})

    def memberships(self) -> Response:
        """The account offers a plan: `membershipId`, `title`, `price`, and `limit` for at most so many members."""
        body = read_body()
        plan_id, price, limit = body.get("membershipId"), body.get("price", 59.0), body.get("limit")
        if isinstance(plan_id, bool) or not isinstance(plan_id, int) or plan_id < 1:
            raise Refused('"membershipId" is a number from 1')
        if isinstance(price, bool) or not isinstance(price, int | float) or price <= 0:
            raise Refused('"price" is a number over 0')
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
            raise Refused('"limit" is a number from 1')
        published = bool(body.get("published", True))
        plan = Plan(plan_id, read_text(body, "title"), float(price), limit, published)
        return jsonify(self._state.memberships.offer(plan).describe_offer())
