from __future__ import annotations

from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, list_files, list_modules

MOST_LINES = 400
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "core"}
LOCK_FILES = ("requirements.txt", "requirements-test.txt", "requirements-installer.txt")
# Put together here, so that this file does not hold them.
NEVER = tuple(
    before + after
    for before, after in (
        ("pypi", ".org"), ("python", "hosted"), ("registry.", "npmjs"), ("deb.", "debian"), ("/work", "/"),
        ("../", "shared"), ("/opt", "/pypi"), ("/opt", "/wheels"), ("/root", "/"),
    )
)  # fmt: skip
"""Hosts of package registries, and paths of somebody's machine."""


def text_of(path: Path) -> str:
    """Empty for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_module_is_longer_than_a_sitting() -> None:
    modules = [ROOT / "bootstrap.py", *list_modules(*PACKAGES, "tests")]
    lengths = {str(path.relative_to(ROOT)): len(text_of(path).splitlines()) for path in modules}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = [path.relative_to(ROOT) for path in list_modules(*PACKAGES, "tests")]
    assert [str(path) for path in modules if SAYS_NOTHING & {*path.parts[:-1], path.stem}] == []


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in list_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if any(word in line for word in NEVER)
    ]
    assert found == []


def test_lock_files_hold_hashes_and_no_address() -> None:
    for name in LOCK_FILES:
        text = text_of(ROOT / name)
        assert "://" not in text, name
        pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        hashed = text.count("\n    --hash=sha256:")
        assert len(pinned) > 0, name
        assert hashed >= len(pinned), name
