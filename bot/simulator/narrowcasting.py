"""The endpoints of narrowcasts: whom one reaches, what it holds of the quota, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.simulator.answering import Answer, Call
from bot.simulator.audiences import LEAST_PEOPLE, Audience
from bot.simulator.crowds import Everyone, PackedIds
from bot.simulator.endpoints import Endpoint, read_retry_key
from bot.simulator.narrowcasts import ONLY_PARTLY, SMALL_AUDIENCE, TOO_FEW, Narrowcast
from bot.simulator.refusals import ApiRefusal
from bot.simulator.retry_keys import AcceptedBefore
from bot.simulator.rules.narrowcasts import check_narrowcast
from bot.simulator.sending import Sending
from bot.simulator.state import State

LEAST_FILTERED = 100
LEAST_RECIPIENTS = 50


def list_endpoints(state: State, sending: Sending) -> list[Endpoint]:
    narrow = _Narrowcasting(state, sending)
    return [
        Endpoint("POST", "/v2/bot/message/narrowcast", "narrowcast", narrow.send),
        Endpoint("GET", "/v2/bot/message/progress/narrowcast", "progress", narrow.progress),
    ]


@dataclass(frozen=True, slots=True)
class _Aim:
    """Whom a narrowcast would reach, and how many it may reach and holds of the quota until it is through."""

    people: Everyone | PackedIds
    most: int
    error: int | None


@dataclass(frozen=True, slots=True)
class _Narrowcasting:
    state: State
    sending: Sending

    def send(self, call: Call) -> Answer:
        """Who would fit a filter is not known here: everybody does."""
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        check_narrowcast(call.body, loopback=self.state.config.loopback_pictures)
        now, aim = self.state.clock.now(), self._aim(call.body)
        target = min(len(aim.people), aim.most)
        if aim.error is not None:
            if retry_key is not None:
                self.state.retry_keys.remember(retry_key, AcceptedBefore(call.request_id, now, None))
            self.state.narrowcasts.add(call.request_id, Narrowcast(now, target=target, error=aim.error))
            return Answer({}, 202)
        whole = target == len(aim.people)
        chosen = aim.people if whole else PackedIds(list(aim.people.between(0, target)))
        messages = call.body["messages"]
        accepted = self.sending.to_all("narrowcast", chosen, messages, retry_key=retry_key, request_id=call.request_id)
        running = Narrowcast(now, target=target)
        self.state.narrowcasts.add(call.request_id, running)
        self.state.quota.reserve(aim.most - target, until=running.completed_at)
        self.state.sent_to_all.note(call.request_id, at=now, recipients=chosen, messages=messages)
        call.row.delivered = accepted.delivered
        return Answer({}, 202)

    def _aim(self, body: dict[str, Any]) -> _Aim:
        """Raises LINE's refusals of a filter over too few, of unknown recipients, and for want of quota."""
        friends, filtered = self.state.people.all_friends(), bool(body.get("filter"))
        if filtered and len(friends) < LEAST_FILTERED:
            raise ApiRefusal(403, "Your account does not have enough friends", "narrowcast-target-reach")
        recipient = body.get("recipient")
        people = friends if recipient is None else _Recipients(self.state, friends).choose(recipient)
        limit, left = body.get("limit") or {}, self.state.quota.left(self.state.clock.now())
        most = min(len(friends), limit.get("max") or len(friends))
        if limit.get("upToRemainingQuota") and left is not None:
            most = min(most, left)
        elif left is not None and most > left:
            raise ApiRefusal(429, "You have reached your monthly limit.", "quota")
        target = min(len(people), most)
        if limit.get("forbidPartialDelivery") and len(people) > most:
            return _Aim(people, most, ONLY_PARTLY)
        return _Aim(people, most, self._find_error(recipient, friends, target, filtered=filtered))

    def _find_error(self, recipient: Any, friends: Everyone, target: int, *, filtered: bool) -> int | None:  # noqa: ANN401 - JSON
        """What is only found out once it is under way. Ids of one's own uploading may be as few as they like."""
        parts = list(_list_leaves(recipient)) if recipient is not None else []
        guarded = [part for part in parts if not _is_own_upload(self._audience(part))]
        if len(parts) > 1 and any(self._is_small(part, friends) for part in guarded):
            return SMALL_AUDIENCE
        least = 1 if parts and not guarded and not filtered else LEAST_RECIPIENTS
        return TOO_FEW if target < least else None

    def _audience(self, part: dict[str, Any]) -> Audience | None:
        return self.state.audiences.find(part.get("audienceGroupId"), now=self.state.clock.now())

    def _is_small(self, part: dict[str, Any], friends: Everyone) -> bool:
        audience = self._audience(part)
        if audience is None:
            return False
        reached = sum(user_id in friends for user_id in audience.list_people(self.state.clock.now()))
        return reached < LEAST_PEOPLE

    def progress(self, call: Call) -> Answer:
        now, request_id = self.state.clock.now(), call.request.args.get("requestId", "")
        if not request_id:
            words = "The value for the 'requestId' parameter is invalid"
            raise ApiRefusal(400, words, "narrowcast-progress-id")
        found = self.state.narrowcasts.find(request_id, now=now)
        if found is None:
            raise ApiRefusal(404, "Not found", "narrowcast-progress-known")
        return Answer(found.as_json(now))


def _is_own_upload(audience: Audience | None) -> bool:
    return audience is not None and audience.kind == "UPLOAD"


def _list_leaves(recipient: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The audiences and earlier narrowcasts under all operators."""
    if recipient["type"] != "operator":
        yield recipient
        return
    for part in _list_parts(recipient):
        yield from _list_leaves(part)


def _list_parts(operator: dict[str, Any]) -> list[dict[str, Any]]:
    return list(operator.get("and") or operator.get("or") or [operator["not"]])


@dataclass(frozen=True, slots=True)
class _Recipients:
    """People by audience and earlier narrowcast, friends only."""

    state: State
    friends: Everyone

    def choose(self, recipient: dict[str, Any]) -> PackedIds:
        if recipient["type"] == "operator":
            chosen = self._combine(recipient)
            return PackedIds([user_id for user_id in self.friends if user_id in chosen])
        return PackedIds([user_id for user_id in self._list_people(recipient) if user_id in self.friends])

    def _combine(self, recipient: dict[str, Any]) -> set[str]:
        if recipient["type"] != "operator":
            return set(self._list_people(recipient))
        if recipient.get("not") is not None:
            return set(self.friends) - self._combine(recipient["not"])
        if recipient.get("or") is not None:
            return set[str]().union(*(self._combine(part) for part in recipient["or"]))
        without = [part["not"] for part in recipient["and"] if part.get("not") is not None]
        within = [self._combine(part) for part in recipient["and"] if part.get("not") is None]
        chosen = set.intersection(*within) if within else set(self.friends)
        return chosen.difference(*(self._combine(part) for part in without))

    def _list_people(self, recipient: dict[str, Any]) -> Iterator[str]:
        """Raises LINE's refusal of an audience that is not ready, and of a narrowcast that is not through."""
        now = self.state.clock.now()
        if recipient["type"] == "audience":
            audience = self.state.audiences.find(recipient["audienceGroupId"], now=now)
            if audience is None or audience.status(now) != "READY":
                words = f"Invalid audience group id: {recipient['audienceGroupId']}"
                raise ApiRefusal(400, words, "narrowcast-audience")
            return audience.list_people(now)
        request_id = recipient["requestId"]
        narrowcast, sent = self.state.narrowcasts.find(request_id, now=now), self.state.sent_to_all.find(request_id)
        if narrowcast is None or sent is None or not narrowcast.has_succeeded(now):
            raise ApiRefusal(400, f"Invalid request id: {request_id}", "narrowcast-redelivery")
        return iter(sent.recipients)
