"""The shipped content's model, trained once for all processes of a test session: it takes half a minute."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

import pytest

from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.model import train
from tests.servers import SHARED_FOLDER


def folder_of_session(factory: pytest.TempPathFactory) -> Path:
    """One for all processes that pytest-xdist has started for this session."""
    if SHARED_FOLDER:
        return Path(SHARED_FOLDER)
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def shipped_model(folder: Path) -> bytes:
    """Trained by the first who asks; the others wait."""
    path = folder / "shipped.model"
    with (folder / "shipped.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(train(load_catalogue(SHIPPED)).to_bytes())
    return path.read_bytes()


if __name__ == "__main__":
    shipped_model(Path(sys.argv[1]))
