"""Small versions of the proofs, for every run of the tests. `bootstrap.py prove` runs them large."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.crashing import run_crashes
from tests.proof.loading import run_load
from tests.proof.registering import Size, run_registering

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def where(kind: str, request: pytest.FixtureRequest) -> str:
    return kind if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize("kind", DATABASES)
def test_nothing_is_lost_or_done_twice_through_kills(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    figures = run_crashes(tmp_path / f"crash-{kind}", on=where(kind, request), kills=4, people=240)
    assert figures.acknowledged > 50
    assert figures.repeated > 0
    assert (figures.lost, figures.effects_twice, figures.out_of_order) == (0, 0, 0)
    assert (figures.replies_lost, figures.replies_repeated) == (0, 0)


def test_the_count_notices_when_the_dedupe_is_taken_out(tmp_path: Path) -> None:
    figures = run_crashes(tmp_path / "no-dedupe", on="sqlite", kills=2, people=240, variant="no_dedupe")
    assert figures.repeated > 0
    assert figures.effects_twice > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_a_steady_load_is_acknowledged_stored_and_answered(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    figures = run_load(tmp_path / f"load-{kind}", on=where(kind, request), rate=20, seconds=6, people=100)
    assert figures.statuses == {200: figures.sent}
    assert (figures.lost, figures.stored, figures.replies) == (0, figures.sent, figures.sent)


SMALL = Size(trials=1, people=(70, 70), walkers=2, every=(4.0, 5.0), most_kills=1)


@pytest.mark.parametrize("kind", DATABASES)
def test_seats_are_right_and_everybody_knows_through_kills(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    figures = run_registering(tmp_path / f"seats-{kind}", on=where(kind, request), size=SMALL)
    assert figures.kills > 0
    assert figures.seats_taken > 0
    assert (figures.oversold, figures.stranded, figures.with_two_places) == (0, 0, 0)
    assert (figures.told_otherwise, figures.jobs_failed) == (0, 0)


@pytest.mark.postgres
def test_the_count_notices_a_lock_that_does_nothing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    size = Size(trials=1, people=(60, 60), walkers=1, every=None, of_each=1)
    figures = run_registering(
        tmp_path / "seats-no-lock", on=where("postgresql", request), size=size, variant="no_event_lock"
    )
    assert figures.oversold > 0
