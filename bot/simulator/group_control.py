"""The control API's part for groups and rooms: who sits there, who says what, who comes and goes."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify

from bot.simulator import identifiers
from bot.simulator.groups import Group
from bot.simulator.refusals import NotKnown, Refused
from bot.simulator.rules.counting import utf16_units
from bot.simulator.sender import Sender
from bot.simulator.state import BOT_USER_ID, State
from bot.simulator.telling import Telling, read_body, read_some, read_text

BOT_NAME = "@ศูนย์ฯ"


def build_group_control(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_groups", __name__, url_prefix="/simulator/api/groups")
    rooms = _Rooms(state, sender)
    blueprint.add_url_rule("", "list", rooms.list_groups)
    blueprint.add_url_rule("", "add", rooms.add_group, methods=["POST"])
    for gesture in ("text", "edit", "unsend", "postback", "join", "leave", "member_joined", "member_left"):
        path = gesture.replace("_", "-")
        blueprint.add_url_rule(f"/<group_id>/{path}", gesture, getattr(rooms, gesture), methods=["POST"])
    return blueprint


class _Rooms:
    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)

    def list_groups(self) -> Response:
        return jsonify([group.as_json() for group in self._state.people.groups.list_all()])

    def add_group(self) -> Response:
        """A group with its members, silently: without `hasBot` the bot is still to be asked in."""
        body = read_body()
        prefix = {"group": "C", "room": "R"}.get(str(body.get("kind", "group")))
        if prefix is None:
            raise Refused('"kind" is group or room')
        members = body.get("members", [])
        if not isinstance(members, list):
            raise Refused('"members" is a list of user ids')
        group = Group(
            group_id=str(body.get("groupId") or prefix + secrets.token_hex(16)),
            name=str(body.get("name", "กลุ่มใหม่")),
            members={self._state.people.get(str(user_id)).user_id for user_id in members},
            has_bot=bool(body.get("hasBot", True)),
        )
        return jsonify(self._state.people.groups.add(group).as_json())

    def text(self, group_id: str) -> Response:
        """`mention`: true for the bot, "all" for everybody, or a list of user ids."""
        body = read_body()
        group, user_id = self._speaker(group_id, body)
        words = self._with_mentions(read_text(body, "text"), body.get("mention"))
        content = {"type": "text", **words, **read_some(body, "quotedMessageId")}
        return self._telling.say(group.source(user_id), content)

    def edit(self, group_id: str) -> Response:
        """A message of before says something else now. LINE knows this in groups only."""
        body = read_body()
        group, user_id = self._speaker(group_id, body)
        if group.is_room:
            raise Refused("in rooms nothing is edited")
        message_id = read_text(body, "messageId")
        message = {"id": message_id, "type": "text", "quoteToken": identifiers.new_quote_token()}
        message |= self._with_mentions(read_text(body, "text"), body.get("mention"))
        if not self._state.chats.reword(group_id, message_id, message["text"]):
            raise NotKnown(f"this chat holds no message {message_id}")
        return self._telling.tell({"type": "messageEdited", "source": group.source(user_id), "message": message})

    def unsend(self, group_id: str) -> Response:
        body = read_body()
        group, user_id = self._speaker(group_id, body)
        message_id = read_text(body, "messageId")
        if not self._state.chats.take_back(group_id, message_id):
            raise NotKnown(f"this chat holds no message {message_id}")
        told = {"type": "unsend", "source": group.source(user_id), "unsend": {"messageId": message_id}}
        return self._telling.tell(told)

    def postback(self, group_id: str) -> Response:
        body = read_body()
        group, user_id = self._speaker(group_id, body)
        postback = {"data": read_text(body, "data"), **read_some(body, "params")}
        return self._telling.tell({"type": "postback", "source": group.source(user_id), "postback": postback})

    def join(self, group_id: str) -> Response:
        group = self._state.people.groups.get(group_id)
        group.has_bot = True
        return self._telling.tell({"type": "join", "source": group.source()})

    def leave(self, group_id: str) -> Response:
        """Somebody sends the bot out."""
        group = self._with_bot(group_id)
        group.has_bot = False
        return self._telling.tell({"type": "leave", "source": group.source()})

    def member_joined(self, group_id: str) -> Response:
        group, members = self._with_bot(group_id), self._read_members()
        group.members.update(members)
        joined = {"members": self._told(members)}
        return self._telling.tell({"type": "memberJoined", "source": group.source(), "joined": joined})

    def member_left(self, group_id: str) -> Response:
        group, members = self._with_bot(group_id), self._read_members()
        group.members.difference_update(members)
        left = {"members": self._told(members)}
        return self._telling.tell({"type": "memberLeft", "source": group.source(), "left": left})

    def _told(self, members: list[str]) -> list[dict[str, str]]:
        hidden = self._state.people.list_hidden()
        return [{"type": "user", "userId": user_id} for user_id in members if user_id not in hidden]

    def _read_members(self) -> list[str]:
        members = read_body().get("members")
        if not isinstance(members, list) or not members:
            raise Refused('"members" is a list of user ids')
        return [self._state.people.get(str(user_id)).user_id for user_id in members]

    def _with_bot(self, group_id: str) -> Group:
        group = self._state.people.groups.get(group_id)
        if not group.has_bot:
            raise Refused("the bot does not sit there: join first")
        return group

    def _speaker(self, group_id: str, body: dict[str, Any]) -> tuple[Group, str]:
        group, user_id = self._with_bot(group_id), read_text(body, "userId")
        if user_id not in group.members:
            raise Refused(f"{user_id} does not sit in {group_id}")
        return group, user_id

    def _with_mentions(self, words: str, wanted: object) -> dict[str, Any]:
        """The names come first in the text; places are counted in UTF-16 units."""
        if not wanted:
            return {"text": words}
        named = wanted if isinstance(wanted, list) else ["all" if wanted == "all" else BOT_USER_ID]
        text, mentionees = "", []
        for each in map(str, named):
            is_self = each == BOT_USER_ID
            name = "@All" if each == "all" else BOT_NAME if is_self else self._name(each)
            told = is_self or each == "all" or self._state.people.get(each).consented
            whom = {"type": "all"} if each == "all" else {"type": "user", "isSelf": is_self}
            whom |= {"userId": each} if told and each != "all" else {}
            mentionees.append({**whom, "index": utf16_units(text), "length": utf16_units(name)})
            text += f"{name} "
        return {"text": text + words, "mention": {"mentionees": mentionees}}

    def _name(self, user_id: str) -> str:
        return f"@{self._state.people.get(user_id).display_name}"
