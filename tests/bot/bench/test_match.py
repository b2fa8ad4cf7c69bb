from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.bench.match import QUICK, Result, run
from bot.cli.bench import bench

KINDS = ["civicbot", "rank_bm25 + newmm", "bm25s + newmm"]


@pytest.fixture(scope="module")
def quick() -> tuple[list[Result], list[str]]:
    reports: list[str] = []
    return run(QUICK, reports.append), reports


def test_a_quick_run_measures_both_sizes_beside_both_yardsticks(quick: tuple[list[Result], list[str]]) -> None:
    few, many = quick[0]
    assert (few.entries, many.entries) == (QUICK.small_entries, QUICK.entries)
    for result in (few, many):
        assert [figure.kind for figure in result.figures] == KINDS
        assert all(0 < figure.p50_ms <= figure.p99_ms and figure.build_seconds > 0 for figure in result.figures)


def test_ours_finds_what_is_asked_at_least_as_often(quick: tuple[list[Result], list[str]]) -> None:
    for result in quick[0]:
        ours, *others = (figure.recall for figure in result.figures)
        assert ours >= 0.85
        assert ours >= max(others)


def test_memory_is_measured_in_a_process_of_its_own(quick: tuple[list[Result], list[str]]) -> None:
    for result in quick[0]:
        steps = list(result.memory.steps.values())
        assert steps == sorted(steps)
        assert 0 < result.memory.added < 150
        assert result.memory.opening_seconds < 5


def test_every_step_is_reported(quick: tuple[list[Result], list[str]]) -> None:
    reports = "\n".join(quick[1])
    assert all(f"building {kind}" in reports for kind in KINDS)
    assert "round 3 of 3" in reports


def test_the_command_prints_a_table_with_ratios(
    quick: tuple[list[Result], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bench.match.run", lambda size, report: quick[0])
    shown = CliRunner().invoke(bench, ["match", "--quick"])
    assert shown.exit_code == 0
    assert all(kind in shown.output for kind in KINDS)
    assert "faster by" in shown.output


def test_a_missing_yardstick_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(size: object, report: object) -> None:
        raise ModuleNotFoundError("No module named 'bm25s'", name="bm25s")

    monkeypatch.setattr("bot.bench.match.run", fail)
    shown = CliRunner().invoke(bench, ["match"])
    assert shown.exit_code == 1
    assert "bm25s is missing" in shown.output
