"""One simulator and one bot for all of these tests; each test finds both forgetful."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.simulator.desk import Desk, RememberingBot, running_bot, running_simulator


@pytest.fixture(scope="session")
def _remembering_bot() -> Iterator[RememberingBot]:
    with running_bot() as bot:
        yield bot


@pytest.fixture(scope="session")
def _desk(_remembering_bot: RememberingBot) -> Iterator[Desk]:
    with running_simulator(_remembering_bot.url, redelivery_delays=(0.02, 0.05)) as desk:
        yield desk


@pytest.fixture
def remembering_bot(_remembering_bot: RememberingBot) -> RememberingBot:
    _remembering_bot.forget()
    return _remembering_bot


@pytest.fixture
def desk(_desk: Desk, remembering_bot: RememberingBot) -> Desk:
    _desk.api("POST", "/reset")
    _desk.api("POST", "/config", {"webhookUrl": remembering_bot.url})
    return _desk
