"""The first route that matches answers; the dialogue is loaded before and saved after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.turn import Reply, Turn


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table: who answers what. `steps` names the awaited steps that this route takes up."""

    name: str
    matches: Callable[[Turn], bool]
    handle: Callable[[Turn], Reply]
    steps: tuple[str, ...] = ()


class NobodyAnswers(Exception):
    """No route took the turn: the table must end with one that takes everything."""


def dispatch(routes: Sequence[Route], turn: Turn) -> tuple[str, Reply]:
    """The name of the route that answered, and its reply."""
    for route in routes:
        if route.matches(turn):
            return route.name, route.handle(turn)
    raise NobodyAnswers(turn.incoming.kind)
