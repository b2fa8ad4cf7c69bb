"""The endpoints that send: reply, push, multicast, broadcast; and those that only check messages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.endpoints import Endpoint, read_retry_key
from bot.simulator.rules import requests
from bot.simulator.sending import Accepted, Sending
from bot.simulator.state import State


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
        *validations,
    ]


@dataclass(frozen=True, slots=True)
class _ToOne:
    sending: Sending

    def reply(self, call: Call) -> Answer:
        requests.check_reply(call.body, loopback=self.sending.state.config.loopback_pictures)
        return _accepted(call, self.sending.reply(token=call.body["replyToken"], messages=call.body["messages"]))

    def push(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_push(call.body, loopback=self.sending.state.config.loopback_pictures)
        accepted = self.sending.push(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        _note_units(call, self.sending.state, accepted)
        return _accepted(call, accepted)

    def validate(self, call: Call) -> Answer:
        requests.check_messages_only(call.body, loopback=self.sending.state.config.loopback_pictures)
        return Answer({})


@dataclass(frozen=True, slots=True)
class _ToMany:
    state: State
    sending: Sending

    def multicast(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_multicast(call.body, loopback=self.state.config.loopback_pictures)
        accepted = self.sending.multicast(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        _note_units(call, self.state, accepted)
        _accepted(call, accepted)
        return Answer({})

    def broadcast(self, call: Call) -> Answer:
        retry_key = read_retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_broadcast(call.body, loopback=self.state.config.loopback_pictures)
        friends = self.state.people.all_friends()
        accepted = self.sending.to_all(
            "broadcast", friends, call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        self.state.sent_to_all.note(
            call.request_id, at=self.state.clock.now(), recipients=friends, messages=call.body["messages"]
        )
        _accepted(call, accepted)
        return Answer({})


def _note_units(call: Call, state: State, accepted: Accepted) -> None:
    names = call.body.get("customAggregationUnits")
    state.units.use(names, delivered=accepted.delivered, now=state.clock.now())


def _accepted(call: Call, accepted: Accepted) -> Answer:
    call.row.user_ids, call.row.delivered = accepted.user_ids, accepted.delivered
    return Answer({"sentMessages": accepted.sent_messages})
