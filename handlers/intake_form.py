"""What a proposal or a story has gathered so far, kept sealed in the dialogue's memory until its sender says yes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from bot.cases.kinds import CaseKind
from bot.cases.thread import MESSAGE_IDS
from bot.conversation.turn import Turn

PROPOSAL, STORY = "proposal", "story"
KINDS = {PROPOSAL: CaseKind.PROPOSAL, STORY: CaseKind.STORY}
ASKED: Mapping[str, tuple[str, ...]] = {
    PROPOSAL: ("words", "place", "who", "contact"),
    STORY: ("words", "pictures", "may_contact", "publish", "name"),
}
"""In this order; the name only of whoever wants it to be published with the story."""
ANSWERS: Mapping[str, tuple[str, ...]] = {
    PROPOSAL: ("place", "who", "contact"),
    STORY: ("may_contact", "publish", "name"),
}
"""What may be typed, and stands in the form."""
HELD = ("held", "held_id", "held_masked")
NAMED, UNNAMED, NOT_PUBLISHED = "named", "unnamed", "no"
MOST_PICTURES = 5
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Words:
    """One message of the sender's."""

    text: str
    masked: str
    message_id: str | None


def kind_of(turn: Turn) -> str:
    return turn.memory.data.get("kind", PROPOSAL)


def about(kind: str) -> str:
    """The name under which a form that was left lying is found again."""
    return f"intake/{kind}"


def with_values(turn: Turn, **values: str) -> Turn:
    """What was held of a text in between is settled with any answer."""
    data = {key: value for key, value in turn.memory.data.items() if key not in HELD}
    return replace(turn, memory=replace(turn.memory, data={**data, **values}, said=None))


def with_answer(turn: Turn, field: str, message_id: str | None, **values: str) -> Turn:
    """With the message in which it was typed, so that it can be taken back."""
    return with_values(turn, **values, **{f"{field}_id": message_id or ""})


def without(turn: Turn, field: str) -> Turn:
    """That is asked again; whoever changes how it may be published is asked for the name anew."""
    gone = {field, "name"} if field == "publish" else {field}
    data = {key: value for key, value in turn.memory.data.items() if key not in gone}
    return replace(turn, memory=replace(turn.memory, data=data))


def missing(turn: Turn) -> str | None:
    """What is to be asked next."""
    data = turn.memory.data
    for field in ASKED[kind_of(turn)]:
        if field == "name" and data.get("publish") != NAMED:
            continue
        if field not in data or (field == "pictures" and "pictures_done" not in data):
            return field
    return None


def words_of(turn: Turn) -> Sequence[Words]:
    return [Words(*part) for part in json.loads(turn.memory.data.get("words", "[]"))]


def with_words(turn: Turn, given: Words) -> Turn:
    """One message more; beyond very many there is no room for more."""
    parts = [*words_of(turn), given][:MOST_WORDS]
    written = json.dumps([astuple(part) for part in parts], ensure_ascii=False)
    return with_values(turn, words=written)


def pictures_of(turn: Turn) -> list[str]:
    """LINE's ids, in the order in which they came."""
    return [one for one in turn.memory.data.get("pictures", "").split(",") if one]


def form_of(turn: Turn) -> dict[str, Any]:
    """What staff see beside the sender's own messages; and in which message each of it was typed, which nobody sees."""
    data = turn.memory.data
    typed_in = {name: data[f"{name}_id"] for name in ANSWERS[kind_of(turn)] if data.get(f"{name}_id")}
    return {**_answers(turn), MESSAGE_IDS: typed_in}


def _answers(turn: Turn) -> dict[str, str | bool | int]:
    data = turn.memory.data
    if kind_of(turn) == PROPOSAL:
        return {name: data[name] for name in ("place", "district", "who", "contact") if data.get(name)}
    published = data.get("publish", NOT_PUBLISHED)
    story: dict[str, str | bool | int] = {
        "may_contact": data.get("may_contact") == "1",
        "may_publish": published != NOT_PUBLISHED,
        "with_name": published == NAMED,
        "pictures": len(pictures_of(turn)),
    }
    return {**story, "name": data["name"]} if published == NAMED else story
