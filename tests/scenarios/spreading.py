"""A pytest plugin (`-p tests.scenarios.spreading`): under pytest-xdist, a database's scenarios stay in one process.

So each database's house is opened once. `xdist_group` marks would do it, but pytest-xdist 3.8 does not see them under
pytest 9.2 (pytest-xdist issue 1386). All other tests are spread by file.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

FOLDER = "tests/scenarios/"
DATABASES = ("sqlite", "postgresql")


class ByDatabase(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        for database in DATABASES:
            if nodeid.startswith(FOLDER) and f"[{database}" in nodeid:
                return f"{FOLDER}{database}"
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByDatabase:
    return ByDatabase(config, log)
