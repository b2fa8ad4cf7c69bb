"""The endpoints that send: reply, push, multicast, broadcast, narrowcast; and those that only check messages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.crowds import PackedIds
from bot.simulator.endpoints import Endpoint, read_retry_key
from bot.simulator.narrowcasts import TOO_FEW, Narrowcast
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import requests
from bot.simulator.sending import Accepted, Sending
from bot.simulator.state import State

LEAST_FILTERED = 100
LEAST_RECIPIENTS = 50


def list_endpoints(state: State, sending: Sending) -> list[Endpoint]:
    single, many = _ToOne(sending), _ToMany(state, sending)
    validations = [
        Endpoint("POST", f"/v2/bot/message/validate/{way}", f"validate-{way}", single.validate)
        for way in ("reply", "push", "multicast", "narrowcast", "broadcast")
    ]
    return [
        Endpoint("POST", "/v2/bot/message/reply", "reply", single.reply),
        Endpoint("POST", "/v2/bot/message/push", "push", single.push),
        Endpoint("POST", "/v2/bot/message/multicast", "multicast", many.multicast),
        Endpoint("POST", "/v2/bot/message/broadcast", "broadcast", many.broadcast),
        Endpoint("POST", "/v2/bot/message/narrowcast", "narrowcast", many.narrowcast),
        Endpoint("GET", "/v2/bot/message/progress/narrowcast", "progress", many.progress),
        *validations,
    ]


@dataclass(frozen=True, slots=True)
class _ToOne:
    sending: Sending

    def reply(self, call: Call) -> Answer:
        if "X-Line-Retry-Key" in call.request.headers:
            raise ApiRefusal(400, "The retry key is not supported by this endpoint", "retry-key-on-reply")
        requests.check_reply(call.body)
        return _accepted(call, self.sending.reply(token=call.body["replyToken"], messages=call.body["messages"]))

    def push(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_push(call.body)
        accepted = self.sending.push(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        self.sending.state.units.use(call.body.get("customAggregationUnits"), now=self.sending.state.clock.now())
        return _accepted(call, accepted)

    def validate(self, call: Call) -> Answer:
        requests.check_messages_only(call.body)
        return Answer({})


@dataclass(frozen=True, slots=True)
class _ToMany:
    state: State
    sending: Sending

    def multicast(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_multicast(call.body)
        accepted = self.sending.multicast(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        self.state.units.use(call.body.get("customAggregationUnits"), now=self.state.clock.now())
        _accepted(call, accepted)
        return Answer({})

    def broadcast(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_broadcast(call.body)
        friends = self.state.people.all_friends()
        accepted = self.sending.to_all(
            "broadcast", friends, call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        self.state.sent_to_all.note(call.request_id, at=self.state.clock.now(), delivered=accepted.delivered)
        _accepted(call, accepted)
        return Answer({})

    def narrowcast(self, call: Call) -> Answer:
        """Goes to every friend, or to as many as `limit` allows: who would fit a filter is not known here."""
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_narrowcast(call.body)
        now, friends = self.state.clock.now(), self.state.people.all_friends()
        if call.body.get("filter") and len(friends) < LEAST_FILTERED:
            raise ApiRefusal(403, "Your account's target reach is too low to use filters", "narrowcast-target-reach")
        limit, left = call.body.get("limit") or {}, self.state.quota.left(now)
        most = min(len(friends), limit.get("max") or len(friends))
        if limit.get("upToRemainingQuota") and left is not None:
            most = min(most, left)
        elif left is not None and most > left:
            raise ApiRefusal(429, "You have reached your monthly limit.", "quota")
        if most < LEAST_RECIPIENTS:
            self.state.narrowcasts.add(call.request_id, Narrowcast(now, target=most, error=TOO_FEW))
            return Answer({}, 202)
        chosen = friends if most == len(friends) else PackedIds(list(friends.between(0, most)))
        accepted = self.sending.to_all(
            "narrowcast", chosen, call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        running = Narrowcast(now, target=most)
        self.state.narrowcasts.add(call.request_id, running)
        self.state.quota.reserve(len(friends) - most, until=running.completed_at)
        self.state.sent_to_all.note(call.request_id, at=now, delivered=most)
        _accepted(call, accepted)
        return Answer({}, 202)

    def progress(self, call: Call) -> Answer:
        now = self.state.clock.now()
        found = self.state.narrowcasts.find(call.request.args.get("requestId", ""), now=now)
        if found is None:
            raise ApiRefusal(404, "Not found", "narrowcast-progress-known")
        return Answer(found.as_json(now))


def _accepted(call: Call, accepted: Accepted) -> Answer:
    call.row.user_ids, call.row.delivered = accepted.user_ids, accepted.delivered
    return Answer({"sentMessages": accepted.sent_messages})
