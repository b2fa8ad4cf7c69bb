"""The scripted chats that are shipped play right against the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.simulator
from bot.simulator.script import main
from tests.scenarios.house import House

SHIPPED = sorted((Path(bot.simulator.__file__).parent / "scripts").glob("*.yaml"))


@pytest.mark.parametrize("script", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_shipped_chat_plays_as_written(house: House, script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    simulator = f"http://127.0.0.1:{house.simulator_port}"

    assert main([str(script), "--simulator", simulator]) == 0, capsys.readouterr().err
