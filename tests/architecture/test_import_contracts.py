from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT

LINT = "from importlinter.cli import lint_imports_command as main; main(['--no-logo', '--no-cache'])"

PLANTED = {
    "bot/storage/cases.py": "from bot.queue import jobs",
    "bot/queue/jobs.py": "import handlers.menu",
    "handlers/menu.py": "import linebot",
    "bot/storage/people.py": "import flask",
    "knowledge/catalogue.py": "import pythainlp",
    "bot/simulator/clock.py": "import bot.clock",
    "bot/conversation/memory.py": "import bot.conversation.turn",
}
"""One wrong import for each contract, by the file that it is added to."""


def lint_imports(folder: Path) -> tuple[int, dict[str, str]]:
    """The exit status, and KEPT or BROKEN by contract."""
    done = subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False)
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)$", done.stdout, flags=re.MULTILINE)
    assert verdicts, done.stdout + done.stderr
    return done.returncode, dict(verdicts)


def copy_source(folder: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))


def test_every_contract_is_kept() -> None:
    status, verdicts = lint_imports(ROOT)
    assert set(verdicts.values()) == {"KEPT"}, verdicts
    assert status == 0


def test_every_contract_catches_a_planted_import(tmp_path: Path) -> None:
    copy_source(tmp_path)
    for name, line in PLANTED.items():
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    status, verdicts = lint_imports(tmp_path)
    assert set(verdicts.values()) == {"BROKEN"}, verdicts
    assert status == 1
