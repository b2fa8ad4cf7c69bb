"""Turn in, Reply out: the words that handlers speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.conversation.memory import Memory
from bot.conversation.postback import Pressed
from bot.incoming import Incoming
from bot.messages import Message
from knowledge.catalogue import Catalogue
from knowledge.matcher import Decision

_THAI = re.compile("[\u0e00-\u0e7f]")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Speaker:
    person_id: int
    language: str
    following: bool
    notice_version: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the knowledge makes of a text, worked out before the turn's transaction is opened."""

    decision: Decision
    masked: str
    words: tuple[str, ...]
    """The segmentation of the masked text."""
    milliseconds: float
    continues: bool = False
    """Written within a moment of what was answered just now, and adding nothing to it."""


class Scene(Protocol):
    """What finding the right words needs of a turn, in a chat of two as in a group."""

    @property
    def now(self) -> datetime: ...

    @property
    def language(self) -> str: ...

    @property
    def catalogue(self) -> Catalogue: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that one person did, with all that a handler may look at.

    `db` is inside the turn's transaction: services are called with it, it is never committed here. `pressed` is set
    for a button of ours that came back unchanged. `understanding` is set for texts. `braking`: this person writes too
    much, and is told so this once.
    """

    db: Session
    now: datetime
    incoming: Incoming
    incoming_id: int
    speaker: Speaker
    memory: Memory
    catalogue: Catalogue
    knowledge_version: str
    understanding: Understanding | None = None
    pressed: Pressed | None = None
    braking: bool = False

    @property
    def language(self) -> str:
        return _language(self.incoming) or self.speaker.language


@dataclass(frozen=True, slots=True)
class GroupTurn:
    """Something that happened in a group, and concerns us. Everybody there reads the answer; nothing is remembered.

    `newcomers`: how many people joined and are to be greeted now. `understanding` is set for texts.
    """

    db: Session
    now: datetime
    incoming: Incoming
    incoming_id: int
    catalogue: Catalogue
    knowledge_version: str
    understanding: Understanding | None = None
    newcomers: int = 0

    @property
    def language(self) -> str:
        return _language(self.incoming) or "th"


def _language(incoming: Incoming) -> str | None:
    """English for a message in Latin letters only, else whatever was chosen."""
    text = incoming.text if incoming.kind == "text" else ""
    return "en" if text and not _THAI.search(text) and len(_LATIN_WORD.findall(text)) > 1 else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says, and what it will remember. No messages: it keeps quiet.

    `worth_a_push` is False for what may be said for nothing, and is not missed when it comes too late for that.
    """

    messages: tuple[Message, ...]
    memory: Memory
    worth_a_push: bool = True
