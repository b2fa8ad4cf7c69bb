from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, list_modules, parse

AT_HOME = {ROOT / "bot" / "storage", ROOT / "bot" / "bench"}
"""The tables' own room; and the yardsticks of our benchmarks, which are bare statements on purpose."""
NO_STATEMENT = {"sqlalchemy": {"make_url"}, "sqlalchemy.orm": {"Session"}}
"""What the other rooms may take from SQLAlchemy, besides its errors. All else is there to build SQL with."""
EXCEPTIONS = {"bot/web/health.py: sqlalchemy.text"}
"""SELECT 1: it asks whether the database is there, and nothing of any table."""


def names_taken(module: ast.Module) -> Iterator[str]:
    """What a module can build a statement with. SQLAlchemy as a whole can build any."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.partition(".")[0] == "sqlalchemy")
            case ast.ImportFrom(module=str(source), names=names) if source.partition(".")[0] == "sqlalchemy":
                if source != "sqlalchemy.exc":
                    allowed = NO_STATEMENT.get(source, set())
                    yield from (f"{source}.{one.name}" for one in names if one.name not in allowed)


def other_rooms() -> Iterator[Path]:
    return (path for path in list_modules(*PACKAGES) if AT_HOME.isdisjoint(path.parents))


def test_only_storage_builds_sql() -> None:
    found = {f"{path.relative_to(ROOT)}: {name}" for path in other_rooms() for name in names_taken(parse(path))}
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("from sqlalchemy import func, select", ["sqlalchemy.func", "sqlalchemy.select"]),
        ("from sqlalchemy.dialects import postgresql", ["sqlalchemy.dialects.postgresql"]),
        ("import sqlalchemy as sa", ["sqlalchemy"]),
        ("def late():\n    from sqlalchemy import text", ["sqlalchemy.text"]),
        ("from sqlalchemy.orm import Session, aliased", ["sqlalchemy.orm.aliased"]),
        ("from sqlalchemy.exc import DBAPIError\nfrom sqlalchemy import make_url", []),
    ],
)
def test_what_builds_sql_is_found(line: str, names: list[str]) -> None:
    assert list(names_taken(ast.parse(line))) == names
