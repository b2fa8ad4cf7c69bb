"""LINE's Messaging API, as far as a bot needs it: its endpoints, at the root of the port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response

from bot.simulator.answering import Answer, Call, Desk, Work
from bot.simulator.refusals import ApiRefusal
from bot.simulator.retry_keys import FORMAT
from bot.simulator.rules import requests
from bot.simulator.sending import Accepted, Sending
from bot.simulator.state import BOT_USER_ID, State

CHANNEL_ID = "2000000001"
LOADING_SECONDS = 20
TOKEN_SECONDS = 2_591_659


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    name: str
    """What its rate limit goes by."""
    work: Work
    with_token: bool = True


def build_platform(state: State, sending: Sending) -> Blueprint:
    blueprint = Blueprint("line", __name__)
    desk = Desk(state)
    for endpoint in _endpoints(state, sending):
        name = endpoint.method + endpoint.path.replace(".", "_")
        blueprint.add_url_rule(endpoint.path, name, _view(desk, endpoint), methods=[endpoint.method])
    unknown = Endpoint("*", "(unknown)", "default", _refuse_unknown, with_token=False)
    for prefix in ("/v2", "/oauth2"):
        blueprint.add_url_rule(
            f"{prefix}/<path:rest>", f"unknown{prefix}", _view(desk, unknown),
            methods=["GET", "POST", "PUT", "DELETE", "PATCH"],
        )  # fmt: skip
    return blueprint


def _view(desk: Desk, endpoint: Endpoint) -> Callable[..., Response]:
    family = endpoint.path.replace("<", "{").replace(">", "}")

    def view(**_parts: str) -> Response:
        return desk.serve(endpoint.work, endpoint=endpoint.name, family=family, with_token=endpoint.with_token)

    return view


def _refuse_unknown(_call: Call) -> Answer:
    raise ApiRefusal(404, "Not found", "endpoint-known")


def _endpoints(state: State, sending: Sending) -> list[Endpoint]:
    messaging, chatting = _Messaging(sending), _Chatting(state)
    validations = [
        Endpoint("POST", f"/v2/bot/message/validate/{way}", f"validate-{way}", messaging.validate)
        for way in ("reply", "push", "multicast", "narrowcast", "broadcast")
    ]
    return [
        Endpoint("POST", "/v2/bot/message/reply", "reply", messaging.reply),
        Endpoint("POST", "/v2/bot/message/push", "push", messaging.push),
        Endpoint("POST", "/v2/bot/message/multicast", "multicast", messaging.multicast),
        *validations,
        Endpoint("GET", "/v2/bot/message/quota", "quota", chatting.quota),
        Endpoint("GET", "/v2/bot/message/quota/consumption", "consumption", chatting.consumption),
        Endpoint("GET", "/v2/bot/message/<message_id>/content", "content", chatting.content),
        Endpoint("GET", "/v2/bot/message/<message_id>/content/preview", "preview", chatting.content),
        Endpoint("GET", "/v2/bot/profile/<user_id>", "profile", chatting.profile),
        Endpoint("GET", "/v2/bot/info", "info", chatting.info),
        Endpoint("POST", "/v2/bot/chat/loading/start", "loading", chatting.loading),
        Endpoint("GET", "/oauth2/v2.1/verify", "verify-2.1", chatting.verify, with_token=False),
        Endpoint("POST", "/v2/oauth/verify", "verify", chatting.verify, with_token=False),
    ]


@dataclass(frozen=True, slots=True)
class _Messaging:
    sending: Sending

    def reply(self, call: Call) -> Answer:
        if "X-Line-Retry-Key" in call.request.headers:
            raise ApiRefusal(400, "The retry key is not supported by this endpoint", "retry-key-on-reply")
        requests.check_reply(call.body)
        return _accepted(
            call, self.sending.reply(token=call.body["replyToken"], messages=call.body["messages"]), with_sent=True
        )

    def push(self, call: Call) -> Answer:
        retry_key = self._retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_push(call.body)
        accepted = self.sending.push(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        return _accepted(call, accepted, with_sent=True)

    def multicast(self, call: Call) -> Answer:
        retry_key = self._retry_key(call)
        self.sending.refuse_repeated(retry_key)
        requests.check_multicast(call.body)
        accepted = self.sending.multicast(
            to=call.body["to"], messages=call.body["messages"], retry_key=retry_key, request_id=call.request_id
        )
        return _accepted(call, accepted, with_sent=False)

    def validate(self, call: Call) -> Answer:
        requests.check_messages_only(call.body)
        return Answer({})

    def _retry_key(self, call: Call) -> str | None:
        key = call.request.headers.get("X-Line-Retry-Key")
        if key is not None and not FORMAT.fullmatch(key):
            raise ApiRefusal(400, "The retry key is invalid", "retry-key-format")
        return key


def _accepted(call: Call, accepted: Accepted, *, with_sent: bool) -> Answer:
    call.row.user_ids, call.row.delivered = accepted.user_ids, accepted.delivered
    return Answer({"sentMessages": accepted.sent_messages} if with_sent else {})


@dataclass(frozen=True, slots=True)
class _Chatting:
    state: State

    def quota(self, _call: Call) -> Answer:
        limit = self.state.quota.limit
        return Answer({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption(self, _call: Call) -> Answer:
        return Answer({"totalUsage": self.state.quota.used(self.state.clock.now())})

    def content(self, call: Call) -> Answer:
        message_id = _part(call, "message_id")
        picture = self.state.contents.find(message_id)
        if picture is None:
            gone = self.state.contents.is_gone(message_id)
            raise ApiRefusal(410 if gone else 404, "Gone" if gone else "Not found", "content-known")
        return Answer(picture, headers={"Content-Type": "image/png"})

    def profile(self, call: Call) -> Answer:
        user_id = _part(call, "user_id")
        call.row.user_ids = (user_id,)
        person = self.state.people.find(user_id)
        if person is None or not person.is_reached(self.state.clock.now()):
            raise ApiRefusal(404, "Not found", "profile-obtainable")
        profile = {"userId": person.user_id, "displayName": person.display_name}
        profile |= {"pictureUrl": person.picture_url} if person.picture_url else {}
        profile |= {"language": person.language} if person.language else {}
        return Answer(profile)

    def info(self, _call: Call) -> Answer:
        return Answer(
            {
                "userId": BOT_USER_ID,
                "basicId": "@000civic",
                "displayName": "ศูนย์พัฒนาการเมืองภาคพลเมือง",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    def loading(self, call: Call) -> Answer:
        requests.check_loading(call.body)
        chat_id = call.body["chatId"]
        call.row.user_ids = (chat_id,)
        person = self.state.people.find(chat_id)
        if person is not None and person.is_reached(self.state.clock.now()):
            self.state.chats.show_loading(person.user_id, seconds=call.body.get("loadingSeconds") or LOADING_SECONDS)
            call.row.delivered = 1
        return Answer({}, 202)

    def verify(self, call: Call) -> Answer:
        form: dict[str, Any] = call.request.args.to_dict()
        if call.request.method == "POST":
            form = dict(parse_qsl(call.raw.decode(errors="replace")))
        if form.get("access_token") != self.state.config.channel_token:
            return Answer({"error": "invalid_request", "error_description": "access token expired or invalid"}, 400)
        return Answer({"client_id": CHANNEL_ID, "expires_in": TOKEN_SECONDS, "scope": "P CM"})


def _part(call: Call, name: str) -> str:
    return str((call.request.view_args or {})[name])
