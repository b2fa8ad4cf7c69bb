"""A pytest plugin: counts the tests and what was left out, and forbids leaving out where the environment says so.

Loaded by `tests.suite` with `-p tests.leaving_out`. Under pytest-xdist it does its work in the process that leads.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import MAY_LEAVE_OUT, SHARED

OUTCOMES = ("passed", "failed", "skipped")
WORST_LAST = ("passed", "failed as known", "skipped", "failed")


class Account:
    """What became of each test, and why some were left out."""

    def __init__(self, path: Path | None, *, may_leave_out: bool) -> None:
        self._path = path
        self._may_leave_out = may_leave_out
        self._outcomes: dict[str, str] = {}
        self._reasons: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has three reports: what fails or is skipped in any of them has failed or was skipped."""
        outcome = "failed as known" if hasattr(report, "wasxfail") else report.outcome
        self._outcomes[report.nodeid] = max(self._outcomes.get(report.nodeid, "passed"), outcome, key=WORST_LAST.index)
        if outcome == "skipped":
            self._note_reason(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole module may be skipped, or fail, before it has tests."""
        if not report.passed:
            self._outcomes[report.nodeid] = report.outcome
        if report.skipped:
            self._note_reason(report)

    def _note_reason(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self._reasons[report.nodeid] = reason.removeprefix("Skipped: ").removeprefix("left out: ")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        if self._reasons and not self._may_leave_out and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self._path is not None:
            counts = Counter(self._outcomes.values())
            account = {
                "tests": {outcome: counts[outcome] for outcome in OUTCOMES},
                "left_out": Counter(self._reasons.values()),
            }
            self._path.write_text(json.dumps(account, ensure_ascii=False), encoding="utf-8")
        yield

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._reasons and not self._may_leave_out:
            terminalreporter.section("nothing may be left out here", red=True)
            for test, reason in sorted(self._reasons.items()):
                terminalreporter.line(f"{test}: {reason}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--account-to", type=Path, default=None, help="Write what became of the tests here, as JSON.")


def pytest_configure(config: pytest.Config) -> None:
    """Once read, the variable is hidden from what tests start: it is no setting of civicbot, and would be refused."""
    leads_others = getattr(config.option, "numprocesses", None)
    if not leads_others:
        for name in ("CIVICBOT_TESTS_FORBID_LEAVING_OUT", SHARED):
            os.environ.pop(name, None)
    if not hasattr(config, "workerinput"):
        account = Account(config.getoption("--account-to"), may_leave_out=MAY_LEAVE_OUT)
        config.pluginmanager.register(account, "leaving-out-account")
