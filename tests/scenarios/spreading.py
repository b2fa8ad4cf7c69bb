"""A pytest plugin (`-p tests.scenarios.spreading`): under pytest-xdist, a database's scenarios stay in one process.

So each database's house is opened once. `xdist_group` marks would do it, but pytest-xdist 3.8 does not see them under
pytest 9.2 (pytest-xdist issue 1386). All other tests are spread by file.

Scenarios mostly wait, for answers and for what is tried again later: they come first. What takes long comes early.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

FOLDER = "tests/scenarios/"
DATABASES = ("sqlite", "postgresql")
LONG = (
    "tests/bot/bench/test_understanding.py",
    "tests/bot/cli/test_commands.py",
    "tests/bot/console/test_review_growth.py",
    "tests/bot/storage/test_migrate.py",
    "tests/bot/web/test_server.py",
    "tests/contracts/test_wakeup.py",
    "tests/knowledge/test_repeatable.py",
    "tests/proof/test_small.py",
)
"""Files that hold few tests and take long. Nothing but their place depends on this."""


class ByDatabase(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        for database in DATABASES:
            if nodeid.startswith(FOLDER) and f"[{database}" in nodeid:
                return f"{FOLDER}{database}"
        return str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: WorkerController) -> None:
        """A process begins with a database's scenarios, or with what takes long; then it goes on as xdist does, with
        the most tests first."""
        scenarios = () if self.assigned_work[node] else tuple(f"{FOLDER}{database}" for database in DATABASES)
        for wanted in (scenarios, (FOLDER, *LONG)):
            early = [scope for scope in self.workqueue if scope.startswith(wanted)]
            if early:
                self.workqueue.move_to_end(early[0], last=False)
                break
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByDatabase:
    return ByDatabase(config, log)
