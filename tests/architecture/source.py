"""Our own source as data, for rules about it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("bot", "handlers", "knowledge")
_NOT_OURS = {".git", ".venv", "__pycache__", "data", "build", "dist", "node_modules"}


def list_files() -> Iterator[Path]:
    """Every file of the project that is meant to be committed, found without git."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _NOT_OURS and not name.endswith((".egg-info", "_cache")) and name != ".hypothesis"
        )
        for name in sorted(files):
            if name != ".env":
                yield Path(folder) / name


def list_modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of_call(call: ast.Call) -> str:
    """`say` of both `say(…)` and `desk.say(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
