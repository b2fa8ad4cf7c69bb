"""A group or a room that the bot sits in: what its members do there, and what the bot says to them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.scenarios.house import PATIENCE_SECONDS, House, wait_for
from tests.scenarios.phone import Phone


@dataclass
class GroupChat:
    """The first member does the talking."""

    house: House
    group_id: str
    members: list[Phone] = field(default_factory=list)
    sent_message_id: str = ""

    @classmethod
    def of_strangers(cls, house: House, *, kind: str = "group", has_bot: bool = True) -> GroupChat:
        """Of three people who have never talked to the bot themselves."""
        members = [Phone.of_somebody(house, following=False) for _ in range(3)]
        ids = [member.user_id for member in members]
        group = house.line("/groups", {"kind": kind, "members": ids, "hasBot": has_bot})
        return cls(house, group["groupId"], members)

    def say(self, text: str, *, mention: bool | str = True) -> str:
        """`mention` calls the bot, or "all". The event's id."""
        return self._do("text", userId=self.members[0].user_id, text=text, mention=mention)

    def edit(self, text: str, *, mention: bool = True) -> str:
        """Words the last message anew. The event's id."""
        body = {"text": text, "mention": mention, "messageId": self.sent_message_id}
        return self._do("edit", userId=self.members[0].user_id, **body)

    def unsend(self) -> str:
        """The outcome."""
        event_id = self._do("unsend", userId=self.members[0].user_id, messageId=self.sent_message_id)
        return self.house.wait_until_settled(event_id)

    def invite(self) -> str:
        return self._do("join")

    def send_away(self) -> str:
        return self._do("leave")

    def add(self, *phones: Phone) -> str:
        return self._do("member-joined", members=[phone.user_id for phone in phones])

    def source(self) -> dict[str, str]:
        kind = "room" if self.group_id.startswith("R") else "group"
        return {"type": kind, f"{kind}Id": self.group_id, "userId": self.members[0].user_id}

    def bubbles(self) -> list[dict[str, Any]]:
        """Everything that the bot has said here."""
        items = self.house.line(f"/people/{self.group_id}/chat?after=0&wait=0")["items"]
        return [item["message"] for item in items if item["from"] == "bot"]

    def wait_for_bubbles(self, count: int) -> list[dict[str, Any]]:
        wait_for(lambda: len(self.bubbles()) >= count, what=f"{count} bubbles in the group", seconds=PATIENCE_SECONDS)
        return self.bubbles()

    def _do(self, gesture: str, **body: Any) -> str:
        sent = self.house.line(f"/groups/{self.group_id}/{gesture}", body | {"wait": True})
        assert sent["status"] == 200
        self.sent_message_id = sent["messageId"] or self.sent_message_id
        return str(sent["webhookEventId"])
