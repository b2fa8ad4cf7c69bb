"""The menu under the chat: which tiles it has, what they say, and what the bot does when one is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation.postback import Buttons
from bot.line.rich_menu import MenuRefused, RichMenu, Tile
from bot.messages import Press
from handlers import wording

WORDS = "rich_menu.yaml"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""What the buttons say about when they were made. They stand for years, so nothing may depend on it; one moment for all
of them makes the same menu out of the same words, by which an installed one is known again."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TileShape(_Shape):
    """One tile as the file has it. Texts are by language."""

    icon: str
    label: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    note: Mapping[str, str] = Field(default_factory=dict)
    press: str
    arguments: Mapping[str, str] = Field(default_factory=dict, alias="with")


class MenuShape(_Shape):
    bar: Mapping[str, str]
    tiles: tuple[TileShape, ...]


def read_shape(text: str | None = None) -> MenuShape:
    """The shipped file, or such a file's text. Raises MenuRefused with every fault in it."""
    if text is None:
        text = resources.files(wording).joinpath(WORDS).read_text(encoding="utf-8")
    try:
        return MenuShape.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise MenuRefused([f"{WORDS}: {' '.join(str(error).split())}"]) from error
    except ValidationError as error:
        faults = [f"{WORDS}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise MenuRefused(faults) from error


def tiles_of(shape: MenuShape, language: str) -> tuple[Tile, ...]:
    """What is drawn, in one language."""
    return tuple(
        Tile(tile.icon, _in(tile.words, language), tile.note.get(language, "") if tile.note else "")
        for tile in shape.tiles
    )


def build(shape: MenuShape, language: str, buttons: Buttons) -> RichMenu:
    """The menu with its buttons signed."""
    presses = [
        Press(
            _in(tile.label, language),
            buttons.encode(tile.press, now=MADE_AT, **tile.arguments),
            _in(tile.label, language),
        )
        for tile in shape.tiles
    ]
    return RichMenu(_in(shape.bar, language), tiles_of(shape, language), tuple(presses))


def _in(texts: Mapping[str, Any], language: str) -> Any:  # noqa: ANN401 - a text, or lines of text
    """Raises MenuRefused when neither the language nor Thai has it."""
    for each in (language, wording.FALLBACK_LANGUAGE):
        if each in texts:
            return texts[each]
    raise MenuRefused([f"{WORDS}: {dict(texts)!r} has no text in {language!r}"])
