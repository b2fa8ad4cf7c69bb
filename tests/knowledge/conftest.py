"""The small content and the shipped one, each trained once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.matcher import Matcher
from knowledge.model import Model, train
from tests import trained
from tests.knowledge.content import write_content


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks first for the shipped content's model waits until it is trained: half a minute of processor time."""
    for item in items:
        if "shipped_model" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_content(tmp_path / "content")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(write_content(tmp_path_factory.mktemp("small") / "content"))


@pytest.fixture(scope="session")
def small_model(small: Catalogue) -> Model:
    return train(small)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return load_catalogue(SHIPPED)


@pytest.fixture(scope="session")
def shipped_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return Model.from_bytes(trained.shipped_model(trained.folder_of_session(tmp_path_factory)))


@pytest.fixture(scope="session")
def matcher(shipped: Catalogue, shipped_model: Model) -> Matcher:
    return Matcher(shipped, shipped_model)
