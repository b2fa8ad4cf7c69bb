"""Who the friends are, and who sits in a group or room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.continuations import make_continuation, read_continuation
from bot.simulator.endpoints import Endpoint, part, read_number
from bot.simulator.groups import Group
from bot.simulator.people import Person
from bot.simulator.refusals import ApiRefusal
from bot.simulator.state import State

PAGE, LARGEST_PAGE = 300, 1_000
MEMBERS_A_PAGE = 100


def list_endpoints(state: State) -> list[Endpoint]:
    seats = _Seats(state)
    return [
        Endpoint("GET", "/v2/bot/followers/ids", "followers", seats.followers),
        Endpoint("GET", "/v2/bot/group/<group_id>/summary", "group-summary", seats.summary),
        *(each for kind in ("group", "room") for each in _both(kind, seats)),
    ]


def _both(kind: str, seats: _Seats) -> Iterator[Endpoint]:
    base = f"/v2/bot/{kind}/<group_id>"
    yield Endpoint("GET", f"{base}/members/count", f"{kind}-count", seats.count)
    yield Endpoint("GET", f"{base}/members/ids", f"{kind}-ids", seats.ids)
    yield Endpoint("GET", f"{base}/member/<user_id>", f"{kind}-member", seats.member)
    yield Endpoint("POST", f"{base}/leave", f"{kind}-leave", seats.leave, body="any")


@dataclass(frozen=True, slots=True)
class _Seats:
    state: State

    def followers(self, call: Call) -> Answer:
        self._entitled()
        limit = read_number(call, "limit", default=PAGE, most=LARGEST_PAGE, rule="followers-limit")
        now = self.state.clock.now()
        start, friends = read_continuation(call, now=now), self.state.people.all_friends()
        following = {"next": make_continuation(start + limit, now=now)} if start + limit < len(friends) else {}
        hidden = self.state.people.list_hidden()
        page = [user_id for user_id in friends.between(start, start + limit) if user_id not in hidden]
        return Answer({"userIds": page, **following})

    def summary(self, call: Call) -> Answer:
        group = self._group(call)
        return Answer({"groupId": group.group_id, "groupName": group.name})

    def count(self, call: Call) -> Answer:
        return Answer({"count": len(self._group(call).members)})

    def ids(self, call: Call) -> Answer:
        self._entitled()
        now, hidden = self.state.clock.now(), self.state.people.list_hidden()
        start, members = read_continuation(call, now=now), sorted(self._group(call).members - hidden)
        end = start + MEMBERS_A_PAGE
        following = {"next": make_continuation(end, now=now)} if end < len(members) else {}
        return Answer({"memberIds": members[start:end], **following})

    def member(self, call: Call) -> Answer:
        """Of whoever sits there: also of those who are no friends, or have blocked the bot."""
        group, user_id = self._group(call), part(call, "user_id")
        call.row.user_ids = (user_id,)
        person = self.state.people.find(user_id) if user_id in group.members else None
        if person is None:
            raise ApiRefusal(404, "Not found", "group-member-known")
        return Answer(_profile(person))

    def leave(self, call: Call) -> Answer:
        self._group(call).has_bot = False
        return Answer({})

    def _group(self, call: Call) -> Group:
        group = self.state.people.find_group(part(call, "group_id"))
        if group is None or not group.has_bot or group.is_room != ("/room/" in call.request.path):
            raise ApiRefusal(404, "Not found", "group-known")
        return group

    def _entitled(self) -> None:
        if not self.state.verified:
            words = "Access to this API is not available for your account"
            raise ApiRefusal(403, words, "verified-account")


def _profile(person: Person) -> dict[str, str]:
    picture = {"pictureUrl": person.picture_url} if person.picture_url else {}
    return {"userId": person.user_id, "displayName": person.display_name, **picture}
