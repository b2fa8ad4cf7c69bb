"""The endpoints of memberships: what is offered, who has subscribed, and to what one person has."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.continuations import make_continuation, read_continuation
from bot.simulator.endpoints import Endpoint, part, read_number
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules.requests import USER_ID
from bot.simulator.state import State

PAGE, LARGEST_PAGE = 300, 1_000


def list_endpoints(state: State) -> list[Endpoint]:
    desk = _MembersDesk(state)
    base = "/v2/bot/membership"
    return [
        Endpoint("GET", f"{base}/subscription/<user_id>", "membership-subscription", desk.subscriptions),
        Endpoint("GET", f"{base}/list", "membership-list", desk.list_plans),
        Endpoint("GET", f"{base}/<plan_id>/users/ids", "membership-users", desk.list_users),
    ]


@dataclass(frozen=True, slots=True)
class _MembersDesk:
    state: State

    def subscriptions(self, call: Call) -> Answer:
        user_id = part(call, "user_id")
        if not USER_ID.fullmatch(user_id):
            raise ApiRefusal(400, "The value for the 'userId' parameter is invalid", "recipient-format")
        call.row.user_ids = (user_id,)
        plans = self.state.memberships.list_of(user_id)
        if not plans:
            raise ApiRefusal(404, "Not found", "membership-subscribed")
        found = [{"membership": plan.describe(), "user": plan.subscriptions[user_id].describe()} for plan in plans]
        return Answer({"subscriptions": found})

    def list_plans(self, _call: Call) -> Answer:
        plans = self.state.memberships.list_offered()
        if not plans:
            raise ApiRefusal(404, "Not found", "membership-offered")
        return Answer({"memberships": [plan.describe_offer() for plan in plans]})

    def list_users(self, call: Call) -> Answer:
        """Friends only, and of those only who agreed to be told to bots: a page may be short."""
        limit = read_number(call, "limit", default=PAGE, most=LARGEST_PAGE, rule="membership-page")
        now, plan_id = self.state.clock.now(), part(call, "plan_id")
        plan = self.state.memberships.find(int(plan_id)) if plan_id.isascii() and plan_id.isdigit() else None
        if plan is None:
            raise ApiRefusal(404, "Membership ID is not found", "membership-known")
        start, members = read_continuation(call, now=now), list(plan.subscriptions)
        end = start + limit
        following = {"next": make_continuation(end, now=now)} if end < len(members) else {}
        return Answer({"userIds": [each for each in members[start:end] if self._is_told(each)], **following})

    def _is_told(self, user_id: str) -> bool:
        person = self.state.people.find(user_id)
        return person is not None and person.following and person.consented
