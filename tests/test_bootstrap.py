"""`bootstrap.py` without its installing, which wants a network: what it decides, what it starts, and what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT

TOLD = """
import json, os, sys
surroundings = {"python_path": os.environ.get("PYTHONPATH"), "venv": os.environ.get("VIRTUAL_ENV")}
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix, **surroundings}))
"""


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The module as it is in a copy of the project, in a folder whose name has a space."""
    folder = tmp_path / "a copy"
    folder.mkdir()
    for name in ("bootstrap.py", "pyproject.toml", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, folder)
    spec = importlib.util.spec_from_file_location("copied_bootstrap", folder / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installed(bootstrap: ModuleType) -> Path:
    """A copy whose `.venv` is there and stamped as up to date; `bot.cli` tells how it was started."""
    folder: Path = bootstrap.ROOT
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    names = ("requirements.txt", "requirements-test.txt", "pyproject.toml")
    stamp = {name: bootstrap._hash_of(name) for name in names}
    stamp |= {"folder": str(folder), "python": bootstrap._version_of_venv()}
    bootstrap.STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    (folder / "bot" / "cli").mkdir(parents=True)
    (folder / "bot" / "cli" / "__main__.py").write_text(TOLD, encoding="utf-8")
    return folder


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, folder / "bootstrap.py", *arguments],
        cwd="/", env={"PATH": os.defpath, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_run_becomes_civicbot_in_the_projects_folder(installed: Path) -> None:
    done = start(installed, "run", "--port", "8001")
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["argv"] == ["run", "--port", "8001"]
    assert told["cwd"] == str(installed)
    assert told["prefix"] == told["venv"] == str(installed / ".venv")


def test_other_surroundings_are_left_aside(installed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise SystemExit('the wrong json')", encoding="utf-8")
    done = start(installed, "run", PYTHONPATH=str(elsewhere), VIRTUAL_ENV=str(elsewhere), HOME=str(elsewhere))
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["python_path"] is None
    assert told["venv"] == str(installed / ".venv")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_file_asks_for_another_installation(
    installed: Path, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    installs: list[str] = []
    monkeypatch.setattr(bootstrap, "_install_lock", installs.append)
    monkeypatch.setattr(bootstrap, "_install", lambda _arguments, what: installs.append(what))
    bootstrap.set_up(bootstrap.RUN_LOCK)
    assert installs == []
    with (installed / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    bootstrap.set_up(bootstrap.RUN_LOCK)
    bootstrap.set_up(bootstrap.RUN_LOCK)
    whole = ["requirements.txt"] if name == "requirements.txt" else []
    assert installs == [*whole, "civicbot itself"]


def test_a_moved_folder_is_not_taken_for_installed(installed: Path, bootstrap: ModuleType) -> None:
    assert bootstrap._find_done() != {}
    stamp = json.loads(bootstrap.STAMP.read_text(encoding="utf-8"))
    bootstrap.STAMP.write_text(json.dumps({**stamp, "folder": str(installed.parent)}), encoding="utf-8")
    assert bootstrap._find_done() == {}


def test_a_full_disk_is_told_before_anything_is_fetched(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bootstrap.NEEDED_MB, bootstrap.RUN_LOCK, 10**12)
    with pytest.raises(bootstrap.Failed, match="MB are free on this disk"):
        bootstrap._install_lock(bootstrap.RUN_LOCK)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("error: dns error: failed to lookup address information", "cannot be reached"),
        ("ERROR: No matching distribution found for uv (from versions: none)", "cannot be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that the lock file names"),
        ("invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("[Errno 13] Permission denied: '/x'", "cannot be written to"),
        ("something new", "the last words of the installer"),
    ],
)
def test_what_installers_say_is_explained(bootstrap: ModuleType, words: str, meaning: str) -> None:
    told = bootstrap._told(words)
    assert meaning in told.splitlines()[0]
    assert words in told


def test_a_missing_lock_file_is_told(bootstrap: ModuleType) -> None:
    (bootstrap.ROOT / "requirements.txt").unlink()
    done = start(bootstrap.ROOT, "run")
    assert done.returncode == 1
    assert done.stderr.startswith("civicbot: requirements.txt cannot be read")


def test_an_unknown_command_is_told_with_the_known_ones(bootstrap: ModuleType) -> None:
    done = start(bootstrap.ROOT, "jump")
    assert done.returncode == 2
    assert "there is no `jump`" in done.stderr
    assert "bootstrap.py COMMAND" in done.stderr


def test_help_is_no_failure(bootstrap: ModuleType) -> None:
    assert start(bootstrap.ROOT).returncode == 0
    assert start(bootstrap.ROOT, "--help").stdout == bootstrap.USAGE


def test_the_versions_of_python_are_those_of_the_project(bootstrap: ModuleType) -> None:
    oldest, newest = bootstrap.OLDEST, bootstrap.NEWEST
    wanted = f'requires-python = ">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"'
    assert wanted in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
