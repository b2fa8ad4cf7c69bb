"""How a gesture of a person's becomes a webhook, and is seen in the chat."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from bot.simulator import events
from bot.simulator.refusals import Refused
from bot.simulator.sender import Event, Sender
from bot.simulator.state import State


def read_body() -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object. Raises Refused for anything else."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused("a JSON object is wanted")
    return body


def read_text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f'"{name}" is a text that is not empty')
    return value


def read_some(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those of the properties that are given."""
    return {name: body[name] for name in names if body.get(name) is not None}


class Telling:
    """Answers at once unless the request says `wait`; `standby` lets a module hold the chat."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._sender = sender

    def say(self, source: dict[str, Any], content: dict[str, Any], *, shown: dict[str, Any] | None = None) -> Response:
        """Somebody says something: it is shown in the chat, and the bot is told."""
        message = events.received_message(content)
        chat_id = events.find_chat_id(source)
        if chat_id is not None:
            self._state.chats.say([chat_id], "person", shown or content, message["id"])
        return self.tell({"type": "message", "source": source, "message": message})

    def tell(self, *told: Event) -> Response:
        body = read_body()
        mode = {"mode": "standby"} if body.get("standby") else {}
        whole = [self._without_hidden_id(events.complete({**event, **mode}, self._state)) for event in told]
        last = whole[-1]
        sent = {"webhookEventId": last["webhookEventId"], "messageId": last.get("message", {}).get("id")}
        if len(whole) > 1:
            sent["messageIds"] = [event.get("message", {}).get("id") for event in whole]
        if not body.get("wait"):
            self._sender.send_soon(whole)
            return jsonify(sent)
        outcome = self._sender.send(whole)
        return jsonify({**sent, "status": outcome.status, "ms": round(outcome.ms, 1)})

    def _without_hidden_id(self, event: Event) -> Event:
        """Who never agreed to be told to bots is a source without an id; an answer reaches them all the same."""
        source = event.get("source", {})
        person = self._state.people.find(str(source.get("userId")))
        if person is None or person.consented:
            return event
        return {**event, "source": {name: value for name, value in source.items() if name != "userId"}}
