"""The control API's first half: the people, and what they do with their phones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator import events, identifiers
from bot.simulator.media_gestures import MediaGestures
from bot.simulator.people import Person
from bot.simulator.rarer_gestures import RarerGestures
from bot.simulator.refusals import NotKnown, Refused
from bot.simulator.sender import Sender
from bot.simulator.state import State
from bot.simulator.telling import Telling, read_body, read_some, read_text


def build_control(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_people", __name__, url_prefix="/simulator/api")
    hands = _Hands(state, sender)
    blueprint.add_url_rule("/people", "list", hands.list_people)
    blueprint.add_url_rule("/people", "add", hands.add_people, methods=["POST"])
    blueprint.add_url_rule("/crowds/<int:number>/ids", "crowd", hands.list_crowd)
    blueprint.add_url_rule("/people/<user_id>/chat", "chat", hands.chat)
    blueprint.add_url_rule("/content/<message_id>", "content", hands.content)
    blueprint.add_url_rule("/content/<message_id>", "change_content", hands.change_content, methods=["POST"])
    for gesture in ("text", "postback", "sticker", "location", "follow", "unfollow", "unsend"):
        blueprint.add_url_rule(f"/people/<user_id>/{gesture}", gesture, getattr(hands, gesture), methods=["POST"])
    media = MediaGestures(state, sender)
    for gesture in ("image", "video", "audio", "file"):
        blueprint.add_url_rule(f"/people/<user_id>/{gesture}", gesture, getattr(media, gesture), methods=["POST"])
    rarer = RarerGestures(state, sender)
    for gesture in ("beacon", "membership", "account_link", "video_play_complete", "event", "liff"):
        path = gesture.replace("_", "-")
        blueprint.add_url_rule(f"/people/<user_id>/{path}", gesture, getattr(rarer, gesture), methods=["POST"])
    return blueprint


class _Hands:
    """What a person's hands do. Every gesture answers at once unless it is asked to wait for the bot."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)

    def list_people(self) -> Response:
        of_each_crowd = request.args.get("crowd", 100, int)
        return jsonify([person.as_json() for person in self._state.people.list_all(of_each_crowd=of_each_crowd)])

    def list_crowd(self, number: int) -> Response:
        start, limit = request.args.get("start", 0, int), request.args.get("limit", 10_000, int)
        return jsonify(self._state.people.get_crowd(number).list_ids(start, start + limit))

    def add_people(self) -> Response:
        body = request.get_json(force=True, silent=True)
        if isinstance(body, dict) and isinstance(body.get("count"), int):
            crowd = self._state.people.add_crowd(count=body["count"], prefix=str(body.get("prefix", "คนที่")))
            return jsonify({"crowd": crowd.number, "count": crowd.count, "firstUserId": crowd.user_id(0)})
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
        read = self._state.read_marks.find_read(user_id)
        return jsonify({**view, "following": person is None or person.following, "readUpTo": read})

    def content(self, message_id: str) -> Response:
        media = self._state.contents.find(message_id)
        if media is None:
            raise NotKnown(f"no content {message_id}")
        wanted = media.preview if request.args.get("preview") and media.preview else media.data
        return Response(wanted, mimetype="image/png" if wanted is media.preview else media.content_type)

    def change_content(self, message_id: str) -> Response:
        """LINE lets it go, or fails to make it ready."""
        media, body = self._state.contents.find(message_id), read_body()
        if media is None:
            raise NotKnown(f"no content {message_id}")
        if body.get("gone"):
            self._state.contents.drop(message_id)
        media.failed = bool(body.get("failed", media.failed))
        return jsonify({})

    def text(self, user_id: str) -> Response:
        body = read_body()
        more = read_some(body, "emojis", "quotedMessageId")
        return self._write(user_id, {"type": "text", "text": read_text(body, "text"), **more})

    def sticker(self, user_id: str) -> Response:
        body = read_body()
        sticker = {
            "type": "sticker",
            "packageId": read_text(body, "packageId"),
            "stickerId": read_text(body, "stickerId"),
        }
        more = read_some(body, "keywords", "text", "quotedMessageId")
        kind = {"stickerResourceType": str(body.get("stickerResourceType", "STATIC"))}
        return self._write(user_id, {**sticker, **kind, **more}, shown=sticker)

    def location(self, user_id: str) -> Response:
        body = read_body()
        place = {key: body[key] for key in ("title", "address", "latitude", "longitude") if body.get(key) is not None}
        for key in ("latitude", "longitude"):
            if not isinstance(place.get(key), int | float):
                raise Refused(f'"{key}" is a number')
        return self._write(user_id, {"type": "location", **place})

    def postback(self, user_id: str) -> Response:
        body = read_body()
        postback = {"data": read_text(body, "data")}
        if body.get("params"):
            postback["params"] = body["params"]
        self._state.people.get_writer(user_id)
        shown = body.get("displayText")
        if shown:
            message = {"type": "text", "text": str(shown)}
            self._state.chats.say([user_id], "person", message, identifiers.new_message_id())
        return self._telling.tell(events.from_person(user_id, "postback", postback=postback))

    def follow(self, user_id: str) -> Response:
        unblocked = self._state.people.follow(user_id)
        self._state.chats.note_change(user_id)
        return self._telling.tell(events.from_person(user_id, "follow", follow={"isUnblocked": unblocked}))

    def unfollow(self, user_id: str) -> Response:
        self._state.people.block(user_id)
        self._state.chats.note_change(user_id)
        return self._telling.tell(events.from_person(user_id, "unfollow"))

    def unsend(self, user_id: str) -> Response:
        message_id = read_text(read_body(), "messageId")
        self._state.people.get(user_id)
        if not self._state.chats.take_back(user_id, message_id):
            raise NotKnown(f"this chat holds no message {message_id}")
        self._state.contents.drop(message_id)
        return self._telling.tell(events.from_person(user_id, "unsend", unsend={"messageId": message_id}))

    def _write(self, user_id: str, content: dict[str, Any], *, shown: dict[str, Any] | None = None) -> Response:
        self._state.people.get_writer(user_id)
        return self._telling.say({"type": "user", "userId": user_id}, content, shown=shown)


def _read_person(data: object) -> Person:
    if not isinstance(data, dict) or not isinstance(data.get("displayName"), str):
        raise Refused('a person needs a "displayName"')
    return Person(
        user_id=str(data.get("userId") or identifiers.new_user_id()),
        display_name=data["displayName"],
        language=data.get("language", "th"),
        picture_url=data.get("pictureUrl"),
        following=bool(data.get("following", True)),
        status_message=data.get("statusMessage"),
        accepted_policy=bool(data.get("acceptedPolicy", True)),
        consented=bool(data.get("consented", True)),
    )
