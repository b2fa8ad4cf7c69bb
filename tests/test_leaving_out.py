from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

A_MODULE = """
import pytest

def test_passes():
    pass

@pytest.mark.skipif(True, reason="left out: no such server is installed")
def test_is_left_out():
    pass

@pytest.fixture
def server():
    pytest.skip("left out: no such server is installed")

def test_is_left_out_by_its_fixture(server):
    pass

@pytest.mark.xfail(strict=True, reason="known")
def test_is_known_to_fail():
    raise AssertionError
"""
A_FAILING_MODULE = """
def test_fails():
    raise AssertionError
"""
A_SKIPPED_MODULE = """
import pytest
pytest.skip("left out: the whole of it", allow_module_level=True)
"""


def run_pytest(folder: Path, *options: str, forbid: bool = False) -> tuple[int, dict[str, dict[str, int]], str]:
    """The exit status, the account, and what was printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("CIVICBOT_TESTS_FORBID_LEAVING_OUT", None)
    if forbid:
        environment["CIVICBOT_TESTS_FORBID_LEAVING_OUT"] = "true"
    path = folder / "account.json"
    plugins = ["-p", "no:cacheprovider", "-p", "xdist.plugin", "-p", "tests.leaving_out", "--account-to", str(path)]
    place = ["-c", os.devnull, "--rootdir", str(folder), str(folder)]
    command = [sys.executable, "-m", "pytest", *plugins, *options, *place]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(path.read_text(encoding="utf-8")), done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_account_counts_and_names_what_was_left_out(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "test_some.py").write_text(A_MODULE, encoding="utf-8")
    (tmp_path / "test_skipped.py").write_text(A_SKIPPED_MODULE, encoding="utf-8")
    status, account, _ = run_pytest(tmp_path, *options)
    assert status == 0
    assert account == {
        "tests": {"passed": 1, "failed": 0, "skipped": 3},
        "left_out": {"no such server is installed": 2, "the whole of it": 1},
    }


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_skipped_test_fails_the_session_where_leaving_out_is_forbidden(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "test_some.py").write_text(A_MODULE, encoding="utf-8")
    status, _, printed = run_pytest(tmp_path, *options, forbid=True)
    assert status == 1
    assert "test_some.py::test_is_left_out: no such server is installed" in printed


def test_nothing_left_out_is_fine_where_leaving_out_is_forbidden(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text("def test_passes():\n    pass\n", encoding="utf-8")
    assert run_pytest(tmp_path, forbid=True)[0] == 0


def test_failures_are_counted(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(A_FAILING_MODULE, encoding="utf-8")
    status, account, _ = run_pytest(tmp_path)
    assert status == 1
    assert account["tests"] == {"passed": 0, "failed": 1, "skipped": 0}


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_what_tests_start_does_not_see_the_variable(tmp_path: Path, options: tuple[str, ...]) -> None:
    module = """
import os

def test_is_hidden():
    assert not [name for name in os.environ if name.startswith("CIVICBOT_TESTS_")]
"""
    (tmp_path / "test_some.py").write_text(module, encoding="utf-8")
    assert run_pytest(tmp_path, *options, forbid=True)[0] == 0
