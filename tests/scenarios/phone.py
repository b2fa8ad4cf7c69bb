"""A person's phone: what one writes and presses, and the bubbles that come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from handlers import wording
from knowledge.catalogue import SHIPPED, load_catalogue
from tests.office import words_of
from tests.scenarios.house import PATIENCE_SECONDS, House

LOOK_LONG_SECONDS = 5.0
LOOK_SHORT_SECONDS = 0.03
"""Once a bubble is there, the rest of its request follows within a moment."""
APART_SECONDS = 1.1
"""Messages that follow each other more closely than this are read as one."""
SENDING = ("/v2/bot/message/reply", "/v2/bot/message/push")


@cache
def centre() -> str:
    return load_catalogue(SHIPPED).pack.centre["th"]


def said(key: str, **facts: str) -> str:
    """The sentence of that key, as people hear it."""
    return wording.load("th").say(key, **{"centre": centre(), **facts})


def all_at_once(act: Callable[..., None], *given: tuple[Any, ...]) -> None:
    """Several people act side by side: the bot lets each of them wait for a moment. Raises what went wrong first."""
    with ThreadPoolExecutor(len(given)) as people:
        for done in [people.submit(act, *each) for each in given]:
            done.result()


def _actions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for part in node:
            yield from _actions(part)
    elif isinstance(node, dict):
        if isinstance(node.get("action"), dict):
            yield node["action"]
        for value in node.values():
            yield from _actions(value)


@dataclass(frozen=True)
class Heard:
    """The bubbles of one answer, or of several in a row."""

    messages: list[dict[str, Any]]
    event_id: str
    """Of the event that was answered."""

    @property
    def words(self) -> str:
        return words_of(self.messages)

    @property
    def labels(self) -> list[str]:
        """Of all buttons, those of cards and those above the keyboard."""
        return [action["label"] for action in _actions(self.messages)]

    @property
    def choices(self) -> list[str]:
        """The quick replies, which LINE shows for the last bubble only."""
        items = self.messages[-1].get("quickReply", {}).get("items", [])
        return [item["action"]["label"] for item in items]

    @property
    def links(self) -> dict[str, str]:
        return {action["label"]: action["uri"] for action in _actions(self.messages) if action["type"] == "uri"}

    def action(self, label: str) -> dict[str, Any]:
        for action in _actions(self.messages):
            if action["label"] == label:
                return action
        raise AssertionError(f"no button {label!r} among {self.labels}")


@dataclass
class Phone:
    """Of one person, whom nobody else knows. What it does returns when the whole answer is on its screen."""

    house: House
    user_id: str
    heard: Heard | None = None
    sent_message_id: str | None = None
    wrote_at: float = float("-inf")

    @classmethod
    def of_a_friend(cls, house: House) -> Phone:
        """Who has been told about their data."""
        phone = cls.of_somebody(house)
        phone.follow()
        return phone

    @classmethod
    def of_somebody(cls, house: House, name: str = "สมาชิกทดลอง", *, following: bool = True) -> Phone:
        (person,) = house.line("/people", {"displayName": name, "following": following})
        return cls(house, person["userId"])

    def say(self, text: str) -> Heard:
        """A message of its own: LINE's clock goes ahead when it would follow the one before in the same breath."""
        self._take_breath()
        return self._gesture("text", {"text": text})

    def sticker(self) -> Heard:
        return self._gesture("sticker", {"packageId": "446", "stickerId": "1988"})

    def picture(self, *, count: int = 1) -> Heard:
        return self._gesture("image", {"count": count})

    def send(self, gesture: str, **body: Any) -> Heard:
        """Anything else that phones send: `video`, `audio`, `file`, `location`."""
        return self._gesture(gesture, body)

    def send_in_vain(self, gesture: str, **body: Any) -> str:
        """Returns when it has had its effect, and nothing was said to it; its outcome."""
        if gesture == "text":
            self._take_breath()
        event_id = str(self._do(gesture, body | {"wait": True})["webhookEventId"])
        outcome = self.house.wait_until_settled(event_id)
        assert self.house.outgoing(event_id) is None
        return outcome

    def follow(self) -> Heard:
        return self._gesture("follow", {})

    def press(self, label: str, *, on: Heard | None = None) -> Heard:
        """Presses a button of the latest answer, or of an earlier one."""
        answer = on or self.heard
        assert answer is not None, "nothing to press yet"
        action = answer.action(label)
        if action["type"] == "message":
            return self.say(action["text"])
        assert action["type"] == "postback", f"{label!r} leads out of the chat: {action}"
        return self.send_data(action["data"], shown=action.get("displayText"))

    def send_data(self, data: str, *, shown: str | None = None) -> Heard:
        """What a button sends; anybody can make a phone send anything."""
        return self._gesture("postback", {"data": data, **({"displayText": shown} if shown else {})})

    def write(self, text: str) -> str:
        """Like `say`, without waiting for an answer. The event's id."""
        self._take_breath()
        return str(self._do("text", {"text": text, "wait": True})["webhookEventId"])

    def block(self) -> str:
        """Returns when the bot has taken note of it."""
        event_id = str(self._do("unfollow", {"wait": True})["webhookEventId"])
        assert self.house.wait_until_settled(event_id) == "unfollowed"
        return event_id

    def unsend(self, message_id: str) -> None:
        event_id = str(self._do("unsend", {"messageId": message_id, "wait": True})["webhookEventId"])
        assert self.house.wait_until_settled(event_id) == "unsent"

    def event(self, text: str, **more: Any) -> dict[str, Any]:
        """What `write` would send, for a webhook made by hand; LINE fills in what is missing."""
        source = {"type": "user", "userId": self.user_id}
        return {"source": source, "message": {"type": "text", "text": text}, **more}

    def bubbles(self, *, after: int = 0) -> list[dict[str, Any]]:
        """Everything that the bot has said in this chat."""
        items = self._look(after=after, wait=0)["items"]
        return [item["message"] for item in items if item["from"] == "bot"]

    def wait_for_bubbles(self, count: int) -> list[dict[str, Any]]:
        """All of them, once there are so many."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        last = 0
        while len(found := self.bubbles()) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} bubbles came"
            last = self._look(after=last, wait=LOOK_LONG_SECONDS)["last"]
        return found

    def is_loading(self) -> bool:
        return bool(self._look(after=0, wait=0)["loading"])

    def hear(self, event_id: str, *, since: int, after: int) -> Heard:
        """The answer that LINE takes after this mark in its journal; `after` is the chat's own."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        seen, there = after, False
        while not self._answers(since):
            assert time.monotonic() < deadline, f"no answer in {PATIENCE_SECONDS:.0f} s"
            view = self._look(after=seen, wait=LOOK_SHORT_SECONDS if there else LOOK_LONG_SECONDS)
            seen = view["last"]
            there = there or any(item["from"] == "bot" for item in view["items"])
        self.heard = Heard(self.bubbles(after=after), event_id)
        return self.heard

    def _answers(self, since: int) -> list[dict[str, Any]]:
        calls = self.house.calls(after=since, of=self.user_id)
        return [row for row in calls if row["path"] in SENDING and row["delivered"]]

    def _take_breath(self) -> None:
        missing = APART_SECONDS - (time.monotonic() - self.wrote_at)
        if missing > 0 and self.wrote_at > float("-inf"):
            self.house.line("/clock", {"advance": missing})
        self.wrote_at = time.monotonic()

    def _gesture(self, name: str, body: dict[str, Any]) -> Heard:
        since, after = self.house.mark(), self._look(after=0, wait=0)["last"]
        sent = self._do(name, body)
        return self.hear(sent["webhookEventId"], since=since, after=after)

    def _do(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = self.house.line(f"/people/{self.user_id}/{name}", body)
        self.sent_message_id = sent["messageId"] or self.sent_message_id
        return sent

    def _look(self, *, after: int, wait: float) -> dict[str, Any]:
        view: dict[str, Any] = self.house.line(f"/people/{self.user_id}/chat?after={after}&wait={wait}")
        return view
