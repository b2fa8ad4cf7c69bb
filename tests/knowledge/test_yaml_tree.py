from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.yaml_tree import Reading, read_yaml


def reading_of(tmp_path: Path, data: str | bytes) -> Reading:
    path = tmp_path / "file.yaml"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_yaml(path, "file.yaml")


def test_scalars_stay_the_text_that_was_typed(tmp_path: Path) -> None:
    tree = reading_of(tmp_path, "a: [no, 1300, 2555-02-28, null, 007]").tree
    assert tree is not None
    assert isinstance(tree.value, dict)
    items = tree.value["a"].value
    assert isinstance(items, list)
    assert [item.value for item in items] == ["no", "1300", "2555-02-28", "null", "007"]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("a:\n  - x: y: z\n", 2, "not valid YAML"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: &x 1\nb: *x\n", 2, "aliases"),
        ("? [a, b]\n: c\n", 1, "plain word"),
        ("", None, "exactly one"),
        ("a: 1\n---\nb: 2\n", None, "exactly one"),
        (b"a: \xff\xfe\n", 1, "UTF-8"),
        ("[" * 100_000, 1, "nest"),
        ("a: '\x01'\n", None, "not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, data: str | bytes, line: int | None, words: str) -> None:
    (fault,) = reading_of(tmp_path, data).faults
    assert words in fault.message
    assert line is None or fault.line == line


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read_yaml(tmp_path / "none.yaml", "none.yaml").faults
    assert "cannot be read" in fault.message


def test_a_huge_file_is_a_fault(tmp_path: Path) -> None:
    (fault,) = reading_of(tmp_path, "a" * 2_000_001).faults
    assert "larger than" in fault.message
