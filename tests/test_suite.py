from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests import suite
from tests.architecture.source import ROOT
from tests.suite import Report

STEP = """
import time
try:
    print("begun", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("servers put away", flush=True)
"""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that a suite would have run; each ends with the status of `statuses`, in turn."""
    ran: list[list[str]] = []

    def run_step(report: Report, name: str, arguments: list[str], *, fine: tuple[int, ...] = (0,)) -> int:
        status = suite.NO_TEST if "nothing" in arguments else 0
        ran.append(list(arguments))
        report.steps.append(suite.Step(name, status in fine, 0.0))
        return status

    monkeypatch.setattr(suite, "run_step", run_step)
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    return ran


def test_all_checks_come_before_the_tests(steps: list[list[str]]) -> None:
    assert suite.main(["test"]) == 0
    assert steps[: len(suite.CHECKS)] == list(suite.CHECKS.values())
    assert all("pytest" in command for command in steps[len(suite.CHECKS) :])


def test_what_many_others_disturb_comes_after_the_rest(steps: list[list[str]]) -> None:
    suite.main(["test", "--", "-x"])
    together, apart = steps[len(suite.CHECKS) :]
    spread = ["--dist", "loadfile", *suite.SPREADING]
    assert together[-11:] == ["-m", "not (browser or proof)", "-n", "4", *spread, *suite.SLOWEST, "-x"]
    assert apart[-11:] == ["-m", "browser or proof", "-n", "2", *spread, *suite.SLOWEST, "-x"]


def test_a_server_that_was_given_is_for_one_process(steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://x@localhost/y")
    suite.main(["test"])
    assert [command[command.index("-n") + 1] for command in steps[len(suite.CHECKS) :]] == ["0", "0"]


def test_a_choice_by_marker_is_one_round(steps: list[list[str]]) -> None:
    suite.main(["test", "--", "-m", "redis"])
    assert [command[-2:] for command in steps[len(suite.CHECKS) :]] == [["-m", "redis"]]


def test_check_runs_no_test(steps: list[list[str]]) -> None:
    assert suite.main(["check"]) == 0
    assert steps == list(suite.CHECKS.values())


def test_finding_no_test_at_all_is_a_failure(steps: list[list[str]]) -> None:
    assert suite.main(["test", "--", "nothing"]) == 1


def test_an_unknown_command_runs_nothing(steps: list[list[str]]) -> None:
    assert suite.main(["chekc"]) == 2
    assert steps == []


def test_the_summary_says_what_failed_and_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.steps = [suite.Step("ruff check", ok=True, seconds=0.1), suite.Step("mypy", ok=False, seconds=9.0)]
    report.tests.update(passed=7, failed=0, skipped=2)
    report.left_out.update({"no PostgreSQL server is installed": 2})
    report.show()
    lines = capsys.readouterr().out.splitlines()
    assert "  FAILED  mypy                            9.0 s" in lines
    assert "  2 tests: no PostgreSQL server is installed" in lines
    assert lines[-1] == "7 passed, 0 failed, 2 skipped"


def test_a_terminated_suite_interrupts_its_step_even_where_interrupts_were_ignored() -> None:
    code = f"import sys; from tests import suite; suite._run([sys.executable, '-c', {STEP!r}])"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "servers put away\n"
    assert process.returncode == 128 + signal.SIGTERM
