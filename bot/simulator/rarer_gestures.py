"""What happens to a person less often: beacons, memberships, account links, and events that nobody knows yet."""

from __future__ import annotations

from flask import Response, jsonify

from bot.simulator import events
from bot.simulator.login import Logins
from bot.simulator.memberships import Plan
from bot.simulator.refusals import Refused
from bot.simulator.sender import Sender
from bot.simulator.state import State
from bot.simulator.telling import Telling, read_body, read_some, read_text

NOT_PART_OF_AN_EVENT = frozenset({"wait", "standby", "source"})


class RarerGestures:
    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)
        self._logins = Logins(state)

    def beacon(self, user_id: str) -> Response:
        body = read_body()
        self._state.people.get_writer(user_id)
        kind = body.get("type", "enter")
        if kind not in {"enter", "banner", "stay"}:
            raise Refused('"type" is enter, banner or stay')
        beacon = {"hwid": str(body.get("hwid", "d41d8cd98f")), "type": kind, **read_some(body, "dm")}
        return self._telling.tell(events.from_person(user_id, "beacon", beacon=beacon))

    def membership(self, user_id: str) -> Response:
        """A plan that nobody offered yet is offered from now on; who renews or leaves one has joined it before."""
        body, now, memberships = read_body(), self._state.clock.now(), self._state.memberships
        person = self._state.people.get(user_id)
        kind = body.get("type", "joined")
        if kind not in {"joined", "left", "renewed"}:
            raise Refused('"type" is joined, left or renewed')
        if not person.consented:
            raise Refused("LINE tells of no membership of a person who never agreed to be told to bots")
        plan_id = int(body.get("membershipId", 3189))
        plan = memberships.find(plan_id) or memberships.offer(Plan(plan_id, "แผนพื้นฐาน", 59.0))
        if kind != "joined" and user_id not in plan.subscriptions:
            memberships.change(user_id, plan_id, "joined", now=now)
        memberships.change(user_id, plan_id, kind, now=now)
        membership = {"type": kind, "membershipId": plan_id}
        return self._telling.tell(events.from_person(user_id, "membership", membership=membership))

    def account_link(self, user_id: str) -> Response:
        """A failed link tells neither who it was nor a reply token."""
        body = read_body()
        self._state.people.get(user_id)
        nonce = read_text(body, "nonce")
        if body.get("failed"):
            return self._telling.tell({"type": "accountLink", "link": {"result": "failed", "nonce": nonce}})
        return self._telling.tell(events.from_person(user_id, "accountLink", link={"result": "ok", "nonce": nonce}))

    def video_play_complete(self, user_id: str) -> Response:
        tracking_id = read_text(read_body(), "trackingId")
        self._state.people.get_writer(user_id)
        played = {"trackingId": tracking_id}
        return self._telling.tell(events.from_person(user_id, "videoPlayComplete", videoPlayComplete=played))

    def event(self, user_id: str) -> Response:
        """Any event: of a type that LINE adds next year, say."""
        body = read_body()
        self._state.people.get(user_id)
        more = {name: value for name, value in body.items() if name not in NOT_PART_OF_AN_EVENT | {"type"}}
        return self._telling.tell(events.from_person(user_id, read_text(body, "type"), **more))

    def liff(self, user_id: str) -> Response:
        """The person opens a LIFF app: the two tokens that it would have. The bot is told nothing."""
        return jsonify(self._logins.open_liff(self._state.people.get(user_id).user_id))
