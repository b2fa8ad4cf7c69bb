"""Who the friends are, and who sits in a group or room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.endpoints import Endpoint, part, read_number
from bot.simulator.groups import Group
from bot.simulator.people import Person
from bot.simulator.refusals import ApiRefusal
from bot.simulator.state import State

PAGE, LARGEST_PAGE = 300, 1_000
MEMBERS_A_PAGE = 100
NEXT_SECONDS = 24 * 3600


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
        start = self._read_next(call)
        friends = self.state.people.all_friends()
        following = {"next": self._next(start + limit)} if start + limit < len(friends) else {}
        return Answer({"userIds": list(friends.between(start, start + limit)), **following})

    def summary(self, call: Call) -> Answer:
        group = self._group(call)
        return Answer({"groupId": group.group_id, "groupName": group.name})

    def count(self, call: Call) -> Answer:
        return Answer({"count": len(self._group(call).members)})

    def ids(self, call: Call) -> Answer:
        self._entitled()
        start, members = self._read_next(call), sorted(self._group(call).members)
        end = start + MEMBERS_A_PAGE
        return Answer({"memberIds": members[start:end], **({"next": self._next(end)} if end < len(members) else {})})

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

    def _next(self, start: int) -> str:
        return f"{start:x}.{int(self.state.clock.now()):x}"

    def _read_next(self, call: Call) -> int:
        given = call.request.args.get("start")
        if given is None:
            return 0
        try:
            start, made_at = (int(half, 16) for half in given.split("."))
        except ValueError as error:
            raise ApiRefusal(400, "The value for the 'start' parameter is invalid", "continuation-token") from error
        if start < 0 or self.state.clock.now() - made_at > NEXT_SECONDS:
            raise ApiRefusal(400, "The value for the 'start' parameter is invalid", "continuation-token")
        return start


def _profile(person: Person) -> dict[str, str]:
    picture = {"pictureUrl": person.picture_url} if person.picture_url else {}
    return {"userId": person.user_id, "displayName": person.display_name, **picture}
