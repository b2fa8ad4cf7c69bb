"""The form that is being filled in, as it is kept between two turns of the dialogue."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Turn
from bot.events import asking
from bot.events.asking import Field, Given, Value
from bot.storage import events
from bot.storage.events import EventRow

DIALOGUE = "sign_up:"


@dataclass(frozen=True, slots=True)
class Filling:
    """`consent` is the hash of the notice that was agreed to, and `way` how; `shown` the hash of the one last shown;
    `asked` the field that was asked last; `refused` are the names that could be read of too few or too many."""

    event_id: int
    kind: str = ""
    given: Given = field(default_factory=dict)
    version: int = 0
    consent: str = ""
    way: str = ""
    shown: str = ""
    asked: str = ""
    page: int = 0
    offered_earlier: bool = False
    names: Sequence[str] = ()
    language: str = "th"
    mark: str = field(default_factory=lambda: secrets.token_hex(3))

    def with_value(self, name: str, value: Value) -> Filling:
        return replace(self, given={**self.given, name: value}, names=())


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the event asks as it is now, and what of it has been given."""

    event: EventRow
    fields: tuple[Field, ...]
    filling: Filling

    @property
    def missing(self) -> Field | None:
        return asking.first_missing(self.fields, self.filling.given)

    @property
    def asked(self) -> Field | None:
        return self.find(self.filling.asked)

    def find(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


def lay_out(turn: Turn, filling: Filling) -> Sheet:
    """Only what the event asks now is kept of what was given. Raises a Refused where registration is not open."""
    event = asking.check_open(events.find(turn.db, filling.event_id), now=turn.now)
    questions = events.list_questions(turn.db, event.id)
    given: Given = filling.given
    fields = asking.fields_of(event, questions, kind=filling.kind, given=given)
    filling = replace(filling, given=asking.only_asked(fields, given))
    return Sheet(event, asking.fields_of(event, questions, kind=filling.kind, given=filling.given), filling)


def about(event_id: int) -> str:
    return f"{DIALOGUE}{event_id}"


def begin(turn: Turn, step: str, filling: Filling, **data: str) -> Memory:
    """Waits at this step. The form is what `data` holds, besides the marks of the dialogue's buttons."""
    kept = {"form": json.dumps(asdict(filling), ensure_ascii=False), "mark": filling.mark, **data}
    if filling.consent:
        kept["about"] = about(filling.event_id)  # before the yes there is nothing to be found again
    return replace(turn.memory, step=step, data=kept, misses=0, quiet=False, said=None)


def find_filling(memory: Memory) -> Filling | None:
    """The form that is being filled in right now."""
    waits = memory.step is not None and memory.step.startswith(DIALOGUE)
    return _read(memory.data) if waits else None


def find_unfinished(memory: Memory, event_id: int) -> Filling | None:
    """The form for this event that is being filled in, or was left lying."""
    current = find_filling(memory)
    if current is not None and current.event_id == event_id and current.consent:
        return current
    kept = memory.unfinished
    return _read(kept.data) if kept is not None and kept.about == about(event_id) else None


def without_unfinished(memory: Memory, event_id: int) -> Memory:
    kept = memory.unfinished
    return replace(memory, unfinished=None) if kept is not None and kept.about == about(event_id) else memory


def pressed_in_time(turn: Turn, filling: Filling | None) -> Filling | None:
    """The form, unless the button is one of an earlier dialogue."""
    mark = turn.pressed.arguments.get("m") if turn.pressed else None
    return filling if filling is not None and filling.mark == mark else None


def in_its_language(turn: Turn, filling: Filling) -> Turn:
    """A name in Latin letters does not make the rest of the dialogue English."""
    speaker = replace(turn.speaker, language=filling.language)
    return replace(turn, speaker=speaker, incoming=replace(turn.incoming, text=""))


def choice_key(choice: str) -> str:
    """Of its words: a button never stands for another choice that took its place."""
    return hashlib.sha256(choice.encode()).hexdigest()[:8]


def _read(data: Mapping[str, str]) -> Filling | None:
    """None for what an earlier release wrote otherwise."""
    try:
        return Filling(**json.loads(data["form"]))
    except (KeyError, TypeError, ValueError):
        return None
