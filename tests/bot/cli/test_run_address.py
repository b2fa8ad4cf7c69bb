"""Where `run` says that the console is."""

from __future__ import annotations

import pytest

from bot import settings
from bot.cli.run import _base_url


@pytest.mark.parametrize(
    ("values", "port", "address"),
    [
        ({}, 8000, "http://127.0.0.1:8000"),
        ({"CIVICBOT_PORT": "8066"}, 8066, "http://127.0.0.1:8066"),
        ({"CIVICBOT_BASE_URL": "https://bot.example.org"}, 8066, "https://bot.example.org"),
    ],
)
def test_the_address_is_the_one_that_was_set_or_the_one_that_is_served(
    values: dict[str, str], port: int, address: str
) -> None:
    assert _base_url(settings.of(values), port=port) == address
