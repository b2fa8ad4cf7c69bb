from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

import pytest

from bot.conversation.dispatcher import Route
from bot.conversation.memory import Memory
from bot.conversation.postback import Buttons
from bot.conversation.turn import Speaker, Turn
from bot.incoming import Incoming
from bot.vault import Vault
from handlers.desk import Desk
from handlers.offers import OFFERS
from handlers.routes import build_routes
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.checks import ACTIONS
from tests.architecture.source import ROOT, list_modules, name_of_call, parse
from tests.builders import NOON, SOMCHAI


def steps_set() -> Iterator[str]:
    """The value of every `step=…` that a handler gives to a memory."""
    for path in list_modules("handlers"):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for call in ast.walk(parse(path)):
            if not isinstance(call, ast.Call) or name_of_call(call) not in {"replace", "Memory", "begin"}:
                continue
            beginning = call.args[1:2] if name_of_call(call) == "begin" else []
            for value in (*beginning, *(keyword.value for keyword in call.keywords if keyword.arg == "step")):
                match value:
                    case ast.Constant(value=str(step)):
                        yield step
                    case ast.Constant(value=None) | ast.Attribute():
                        pass  # none, or the one that was waiting before
                    case ast.Name(id="step"):
                        pass  # what `dialogue.begin` was given
                    case ast.Name(id=name):
                        yield getattr(module, name)
                    case _:
                        raise AssertionError(f"{path.name}:{call.lineno}: write the step as text, or as a constant")


@pytest.fixture(scope="module")
def routes() -> tuple[Route, ...]:
    vault = Vault(["a secret for tests, long enough to pass"])
    return build_routes(Desk(buttons=Buttons(vault), vault=vault, facts={}))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(SHIPPED)


class NobodyOnTheLine:
    """Routes look at the turn; one of them asks as well whether a person is on the line."""

    def scalar(self, *asked: object) -> None:
        return None


def waiting_turn(catalogue: Catalogue, step: str | None, text: str) -> Turn:
    return Turn(
        db=NobodyOnTheLine(),  # type: ignore[arg-type] - nothing else is asked of it
        now=NOON,
        incoming=Incoming("e1", "text", NOON, standby=False, user_id=SOMCHAI, text=text),
        incoming_id=1,
        speaker=Speaker(1, "th", following=True, notice_version=1),
        memory=Memory(step=step),
        catalogue=catalogue,
        knowledge_version="v",
    )


def first_route(routes: tuple[Route, ...], turn: Turn) -> Route:
    return next(route for route in routes if route.matches(turn))


def test_steps_awaited_are_those_that_routes_take_up(routes: tuple[Route, ...]) -> None:
    taken_up = [step for route in routes for step in route.steps]
    assert sorted(taken_up) == sorted(set(steps_set()))


def test_steps_are_named_dialogue_and_step(routes: tuple[Route, ...]) -> None:
    for route in routes:
        for step in route.steps:
            dialogue, _, name = step.partition(":")
            assert dialogue, step
            assert name, step


def test_an_awaited_answer_reaches_the_route_that_waits(routes: tuple[Route, ...], catalogue: Catalogue) -> None:
    for step in sorted(set(steps_set())):
        found = first_route(routes, waiting_turn(catalogue, step, "ถนนหน้าโรงเรียนมืดมาก"))
        assert step in found.steps, found.name


def test_every_dialogue_can_be_left_at_every_step(routes: tuple[Route, ...], catalogue: Catalogue) -> None:
    for step in sorted(set(steps_set())):
        assert first_route(routes, waiting_turn(catalogue, step, "ยกเลิก")).name == "leave"


def test_route_names_are_unique(routes: tuple[Route, ...]) -> None:
    names = [route.name for route in routes]
    assert len(names) == len(set(names))


def test_offers_are_the_actions_that_content_may_name() -> None:
    assert set(OFFERS) == set(ACTIONS)
