"""The control API's first half: the people, and what they do with their phones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator import events, identifiers
from bot.simulator.contents import draw_picture
from bot.simulator.people import Person
from bot.simulator.refusals import NotKnown, Refused
from bot.simulator.sender import Event, Sender
from bot.simulator.state import State


def build_control(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_people", __name__, url_prefix="/simulator/api")
    hands = _Hands(state, sender)
    blueprint.add_url_rule("/people", "list", hands.list_people)
    blueprint.add_url_rule("/people", "add", hands.add_people, methods=["POST"])
    blueprint.add_url_rule("/people/<user_id>/chat", "chat", hands.chat)
    blueprint.add_url_rule("/content/<message_id>", "content", hands.content)
    for gesture in ("text", "postback", "sticker", "location", "image", "follow", "unfollow", "unsend"):
        blueprint.add_url_rule(f"/people/<user_id>/{gesture}", gesture, getattr(hands, gesture), methods=["POST"])
    return blueprint


def read_body() -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object. Raises Refused for anything else."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused("a JSON object is wanted")
    return body


class _Hands:
    """What a person's hands do. Every gesture answers at once unless it is asked to wait for the bot."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._sender = sender

    def list_people(self) -> Response:
        return jsonify([person.as_json() for person in self._state.people.list_all()])

    def add_people(self) -> Response:
        body = request.get_json(force=True, silent=True)
        many = body if isinstance(body, list) else [body]
        added = [self._state.people.add(_read_person(each)) for each in many]
        return jsonify([person.as_json() for person in added])

    def chat(self, user_id: str) -> Response:
        if self._state.people.find_group(user_id) is None:
            self._state.people.get(user_id)
        view = self._state.chats.read(
            user_id, after=request.args.get("after", 0, int), wait=request.args.get("wait", 0.0, float)
        )
        person = self._state.people.find(user_id)
        return jsonify({**view, "following": person is None or person.following})

    def content(self, message_id: str) -> Response:
        picture = self._state.contents.find(message_id)
        if picture is None:
            raise NotKnown(f"no picture {message_id}")
        return Response(picture, mimetype="image/png")

    def text(self, user_id: str) -> Response:
        text = _text(read_body(), "text")
        return self._write(user_id, {"type": "text", "text": text})

    def sticker(self, user_id: str) -> Response:
        body = read_body()
        sticker = {
            "type": "sticker",
            "packageId": _text(body, "packageId"),
            "stickerId": _text(body, "stickerId"),
        }
        return self._write(user_id, {**sticker, "stickerResourceType": "STATIC"}, shown=sticker)

    def location(self, user_id: str) -> Response:
        body = read_body()
        place = {key: body[key] for key in ("title", "address", "latitude", "longitude") if body.get(key) is not None}
        for key in ("latitude", "longitude"):
            if not isinstance(place.get(key), int | float):
                raise Refused(f'"{key}" is a number')
        return self._write(user_id, {"type": "location", **place})

    def image(self, user_id: str) -> Response:
        message_id = identifiers.new_message_id()
        self._state.contents.keep(message_id, draw_picture(int(message_id) % 97))
        url = f"/simulator/api/content/{message_id}"
        return self._write(
            user_id,
            {"id": message_id, "type": "image", "contentProvider": {"type": "line"}},
            shown={"type": "image", "originalContentUrl": url, "previewImageUrl": url},
        )

    def postback(self, user_id: str) -> Response:
        body = read_body()
        postback = {"data": _text(body, "data")}
        if body.get("params"):
            postback["params"] = body["params"]
        self._may_write(user_id)
        shown = body.get("displayText")
        if shown:
            message = {"type": "text", "text": str(shown)}
            self._state.chats.say([user_id], "person", message, identifiers.new_message_id())
        return self._send(events.from_person(user_id, "postback", postback=postback))

    def follow(self, user_id: str) -> Response:
        unblocked = self._state.people.follow(user_id)
        self._state.chats.note_change(user_id)
        return self._send(events.from_person(user_id, "follow", follow={"isUnblocked": unblocked}))

    def unfollow(self, user_id: str) -> Response:
        self._state.people.block(user_id)
        self._state.chats.note_change(user_id)
        return self._send(events.from_person(user_id, "unfollow"))

    def unsend(self, user_id: str) -> Response:
        message_id = _text(read_body(), "messageId")
        self._state.people.get(user_id)
        if not self._state.chats.take_back(user_id, message_id):
            raise NotKnown(f"this chat holds no message {message_id}")
        self._state.contents.drop(message_id)
        return self._send(events.from_person(user_id, "unsend", unsend={"messageId": message_id}))

    def _write(self, user_id: str, content: dict[str, Any], *, shown: dict[str, Any] | None = None) -> Response:
        self._may_write(user_id)
        message = events.received_message(content)
        self._state.chats.say([user_id], "person", shown or content, message["id"])
        return self._send(events.from_person(user_id, "message", message=message))

    def _may_write(self, user_id: str) -> None:
        if self._state.people.get(user_id).blocked:
            raise Refused(f"{user_id} has blocked the bot: follow first")

    def _send(self, event: Event) -> Response:
        whole = events.complete(event, self._state)
        sent = {"webhookEventId": whole["webhookEventId"], "messageId": whole.get("message", {}).get("id")}
        if not read_body().get("wait"):
            self._sender.send_soon([whole])
            return jsonify(sent)
        outcome = self._sender.send([whole])
        return jsonify({**sent, "status": outcome.status, "ms": round(outcome.ms, 1)})


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f'"{name}" is a text that is not empty')
    return value


def _read_person(data: object) -> Person:
    if not isinstance(data, dict) or not isinstance(data.get("displayName"), str):
        raise Refused('a person needs a "displayName"')
    return Person(
        user_id=str(data.get("userId") or identifiers.new_user_id()),
        display_name=data["displayName"],
        language=data.get("language", "th"),
        picture_url=data.get("pictureUrl"),
        following=bool(data.get("following", True)),
    )
