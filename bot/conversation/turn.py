"""Turn in, Reply out: the words that handlers speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that one person did, with all that a handler may look at.

    `db` is inside the turn's transaction: services are called with it, it is never committed here. `pressed` is set
    for a button of ours that came back unchanged. `understanding` is set for texts.
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

    @property
    def language(self) -> str:
        """English for a message in Latin letters only, else what the person chose."""
        text = self.incoming.text if self.incoming.kind == "text" else ""
        if text and not _THAI.search(text) and len(_LATIN_WORD.findall(text)) > 1:
            return "en"
        return self.speaker.language


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says, and what it will remember. No messages: it keeps quiet."""

    messages: tuple[Message, ...]
    memory: Memory
