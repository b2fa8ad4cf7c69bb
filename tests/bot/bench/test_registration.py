from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from bot.bench.registration import Figure, measure, run
from bot.cli.bench import bench

FEW = 40


def test_both_register_everybody_on_sqlite(tmp_path: Path) -> None:
    figure = measure(f"sqlite:///{tmp_path / 'bench.db'}", name="SQLite", registrations=FEW)
    assert figure.bare > figure.civicbot > 0
    assert figure.ratio == figure.civicbot / figure.bare


@pytest.mark.postgres
def test_a_postgresql_server_is_measured_too_and_left_as_it_was(postgres_url: str) -> None:
    before = _databases(postgres_url)
    figures = run(registrations=FEW, postgresql=postgres_url)
    assert [figure.database for figure in figures] == ["SQLite", "PostgreSQL"]
    assert _databases(postgres_url) == before


def test_the_command_prints_both_rates_and_their_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def measured(*, registrations: int, postgresql: str | None) -> list[Figure]:
        asked.append((registrations, postgresql))
        return [Figure("SQLite", 200.0, 800.0)]

    monkeypatch.setattr("bot.bench.registration.run", measured)
    shown = CliRunner().invoke(bench, ["registration", "--registrations", "60"], env={"CIVICBOT_DATABASE_URL": None})
    assert shown.output.splitlines() == [
        "a second, median of 3     civicbot  guarded inserts   ours beside it",
        "SQLite                         200              800   0.25",
        "PostgreSQL: left out; name a server with --postgresql URL",
    ]
    assert asked == [(60, None)]


def _databases(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
