"""One running house for each database, for all scenarios of a session; everybody in it is new."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.house import House, open_house, prepare_knowledge
from tests.scenarios.phone import Phone
from tests.trained import folder_of_session, shipped_model

WITH_SMALL_STORMS = {"CIVICBOT_STORM_MISSES": "150"}
READING_BY_HAND = {"chatMode": "chat", "markAsReadMode": "manual"}
FOLDER = Path(__file__).parent
# For `--dist loadgroup`; where pytest-xdist does not see the marks, tests.scenarios.spreading does the same.
DATABASES = (
    pytest.param("sqlite", marks=pytest.mark.xdist_group("scenarios-sqlite")),
    pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.xdist_group("scenarios-postgresql")]),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a session waits for training and for servers; the others are quick."""
    for item in items:
        if item.path.parent == FOLDER and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def trained_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained by the first who needs it, in whichever process of the session."""
    folder = folder_of_session(tmp_path_factory)
    path = folder / "trained.db"
    with (folder / "trained.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            prepare_knowledge(path, model=shipped_model(folder))
    return path


@pytest.fixture(scope="session")
def house_on_sqlite(trained_knowledge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("scenarios-sqlite"), knowledge=trained_knowledge) as house:
        yield house


@pytest.fixture(scope="session")
def house_on_postgresql(
    trained_knowledge: Path, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("scenarios-postgresql")
    with open_house(folder, knowledge=trained_knowledge, server_url=postgres_url) as house:
        yield house


@pytest.fixture(scope="session")
def stormy_on_sqlite(trained_knowledge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(
        tmp_path_factory.mktemp("stormy-sqlite"), knowledge=trained_knowledge, settings=WITH_SMALL_STORMS,
        account=READING_BY_HAND,
    ) as house:  # fmt: skip
        yield house


@pytest.fixture(scope="session")
def stormy_on_postgresql(
    trained_knowledge: Path, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with open_house(
        tmp_path_factory.mktemp("stormy-postgresql"), knowledge=trained_knowledge, server_url=postgres_url,
        settings=WITH_SMALL_STORMS, account=READING_BY_HAND,
    ) as house:  # fmt: skip
        yield house


@pytest.fixture(params=DATABASES)
def stormy_house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A house of its own for crowds: 150 questions without an answer are a storm there, and it marks messages as read
    by itself."""
    found: House = request.getfixturevalue(f"stormy_on_{request.param}")
    yield found
    found.mend_line()
    found.wait_until_idle()


@pytest.fixture(params=DATABASES)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """LINE is whole again, and nothing is left to do, when a test ends."""
    found: House = request.getfixturevalue(f"house_on_{request.param}")
    yield found
    found.mend_line()
    found.wait_until_idle()


@pytest.fixture
def phone(house: House) -> Phone:
    """Of a friend of the bot who has not yet written."""
    return Phone.of_somebody(house)


@pytest.fixture
def known(house: House) -> Phone:
    """Of a friend who has been told about their data."""
    return Phone.of_a_friend(house)
