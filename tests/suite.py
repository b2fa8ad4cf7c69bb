"""Every check and every test, one after the other, with a summary: what `bootstrap.py test` and `check` become."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.servers import MAY_LEAVE_OUT, SHARED, quick_folder

ROOT = Path(__file__).resolve().parent.parent
NO_TEST = 5
"""Pytest's exit status when it found no test to run."""

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command as main; main(['--no-logo'])"],
}
SPREADING = ["-p", "tests.scenarios.spreading"]
"""Keeps the scenarios of one database in one process."""
SLOWEST = ["--durations=15", "--durations-min=5"]
APART = "browser or proof"
"""What is disturbed by many others beside it."""


@dataclass(slots=True)
class Step:
    name: str
    ok: bool
    seconds: float


@dataclass(slots=True)
class Report:
    """What the steps came to, and what pytest said of its tests."""

    steps: list[Step] = field(default_factory=list)
    tests: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def failed(self) -> bool:
        return not all(step.ok for step in self.steps)

    def show(self) -> None:
        print("\nSummary")
        for step in self.steps:
            print(f"  {'ok    ' if step.ok else 'FAILED'}  {step.name:<28}{step.seconds:>7.1f} s")
        if self.left_out:
            print("\nLeft out on this machine:")
            for reason, count in self.left_out.most_common():
                print(f"  {count} {'test' if count == 1 else 'tests'}: {reason}")
            print("  (.ci/run installs what is missing on Debian, and forbids leaving out)")
        if self.tests:
            print(f"\n{self.tests['passed']} passed, {self.tests['failed']} failed, {self.tests['skipped']} skipped")
        sys.stdout.flush()


def run_step(report: Report, name: str, arguments: Sequence[str], *, fine: Sequence[int] = (0,)) -> int:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    status = _run([sys.executable, *arguments])
    report.steps.append(Step(name, status in fine, time.monotonic() - started))
    return status


def _run(command: Sequence[str]) -> int:
    """Runs to the end, and passes signals on as the interrupt after which pytest puts its servers away; then all ends.

    Ctrl-C on a terminal reaches the child by itself, and must not reach it twice. The handlers are there before the
    child is: in the background of a shell interrupts are ignored, and the child would inherit that.
    """
    told: list[int] = []
    children: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if number != signal.SIGINT or not sys.stdin.isatty():
            for child in children:
                child.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        children.append(subprocess.Popen(command, cwd=ROOT))
        status = children[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told:
        sys.exit(128 + told[0])
    return status


def run_checks(report: Report) -> None:
    for name, arguments in CHECKS.items():
        run_step(report, name, arguments)


def rounds_of(extra: Sequence[str]) -> dict[str, list[str]]:
    """Most tests by four processes, of which two mostly wait while they have the scenarios; then by two, without those
    beside them, what measures time or drives a browser.

    Where the caller chooses by marker or by processes, one round is as they say.
    """
    if any(re.match(r"-[mn]|--dist|--pdb|--numprocesses", option) for option in extra):
        return {"pytest": []}
    # A server that was given has one database for tests, of a fixed name: two processes would share it.
    shared = bool(os.environ.get("TEST_DATABASE_URL"))
    return {
        "pytest": ["-m", f"not ({APART})", *_by(0 if shared else 4), *SLOWEST],
        f"pytest, {APART}": ["-m", APART, *_by(0 if shared else 2), *SLOWEST],
    }


def _by(processes: int) -> list[str]:
    return ["-n", str(processes), *(["--dist", "loadfile", *SPREADING] if processes else [])]


def run_tests(report: Report, extra: Sequence[str]) -> None:
    """A round that finds no test is fine where the caller has chosen tests, but not when no round finds any."""
    found = False
    fine = (0, NO_TEST) if extra or MAY_LEAVE_OUT else (0,)
    for name, options in rounds_of(extra).items():
        with tempfile.TemporaryDirectory(prefix="civicbot-suite-") as folder:
            path = Path(folder) / "account.json"
            plugin = ["-p", "tests.leaving_out", "--account-to", str(path), "-o", "tmp_path_retention_policy=failed"]
            status = run_step(report, name, ["-m", "pytest", *plugin, *options, *extra], fine=fine)
            with suppress(FileNotFoundError):
                account = json.loads(path.read_text(encoding="utf-8"))
                report.tests.update(account["tests"])
                report.left_out.update(account["left_out"])
        found = found or status != NO_TEST
    if not found:
        report.steps.append(Step("pytest found no test", ok=False, seconds=0.0))


@contextmanager
def surroundings(arguments: Sequence[str]) -> Iterator[None]:
    """What all steps share, to be quick: where files are kept, compiled code, and the trained content."""
    with tempfile.TemporaryDirectory(prefix="civicbot-tests-", dir=quick_folder()) as name:
        folder = Path(name)
        shared = {SHARED: folder / "trained", "PYTEST_DEBUG_TEMPROOT": folder / "files"}
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # not beside the sources, where nobody wants it
            shared["PYTHONPYCACHEPREFIX"] = folder / "compiled"
        for variable, path in shared.items():
            path.mkdir()
            os.environ[variable] = str(path)
        with _training(folder / "trained", ahead=list(arguments) == ["test"]):
            yield


@contextmanager
def _training(folder: Path, *, ahead: bool) -> Iterator[None]:
    """Whoever needs the model waits for it, or trains it: the checks leave a processor free for that."""
    if not ahead:
        yield
        return
    process = subprocess.Popen([sys.executable, "-m", "tests.trained", str(folder)], cwd=ROOT)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def main(arguments: Sequence[str]) -> int:
    match list(arguments):
        case ["check"]:
            extra = None
        case ["test", *rest]:
            extra = rest[1:] if rest[:1] == ["--"] else rest
        case _:
            print("python -m tests.suite check | test [-- OPTIONS FOR PYTEST]", file=sys.stderr)
            return 2
    report = Report()
    run_checks(report)
    if extra is not None:
        run_tests(report, extra)
    report.show()
    return 1 if report.failed() else 0


if __name__ == "__main__":
    with surroundings(sys.argv[1:]):
        sys.exit(main(sys.argv[1:]))
