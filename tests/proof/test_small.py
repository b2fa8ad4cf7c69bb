"""Small versions of the proofs, for every run of the tests. `bootstrap.py prove` runs them large."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof import announcing
from tests.proof.announcing import run_announcing, run_broken
from tests.proof.announcing_past import BEFORE, CLOCK, run_past
from tests.proof.crashing import run_crashes
from tests.proof.loading import run_load
from tests.proof.registering import Size, run_registering

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def where(kind: str, request: pytest.FixtureRequest) -> str:
    return kind if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize("kind", DATABASES)
def test_nothing_is_lost_or_done_twice_through_kills(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    figures = run_crashes(tmp_path / f"crash-{kind}", on=where(kind, request), kills=3, people=240)
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
    figures = run_load(tmp_path / f"load-{kind}", on=where(kind, request), rate=20, seconds=4, people=100)
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
    oversold = 0
    for go in range(3):  # one crowd in ten happens to miss the moment
        figures = run_registering(
            tmp_path / f"seats-no-lock-{go}", on=where("postgresql", request), size=size, variant="no_event_lock"
        )
        oversold = figures.oversold
        if oversold:
            break
    assert oversold > 0


ANNOUNCED = announcing.Size(people=2_000, chunk=20, a_second=60, kills=3, leave_at_once=3, limit_seconds=200)


@pytest.mark.parametrize("kind", DATABASES)
def test_everybody_gets_a_notice_once_through_kills_and_faults(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    figures = run_announcing(tmp_path / f"notices-{kind}", on=where(kind, request), size=ANNOUNCED)
    assert (figures.approvals, figures.ended_as, figures.kills) == (1, "finished", 3)
    assert figures.answered_otherwise > 0
    assert (figures.missed, figures.twice, figures.to_others, figures.after_leaving) == (0, 0, 0, 0)
    assert (figures.unknown, figures.other_than_our_books) == (0, 0)
    assert figures.busiest_second <= figures.allowed_in_a_second


def test_the_count_of_notices_notices_broken_senders(tmp_path: Path) -> None:
    size = announcing.Size(people=600, chunk=6, a_second=100, kills=1, limit_seconds=200)
    found = run_broken(tmp_path / "notices-broken", on="sqlite", size=size)
    assert found["mark_before_send"].missed > 0
    assert found["new_key_each_try"].twice > 0
    assert found["no_ledger"].twice > 0


def test_nothing_is_sent_again_when_time_passes_strangely(tmp_path: Path) -> None:
    found = run_past(tmp_path / "past", on="sqlite", people=400, chunk=10, what=[BEFORE, CLOCK])
    before, clock = found.values()
    assert [one.twice for one in found.values()] == [0, 0]
    assert (before.ended_as, before.why, before.requests_by_itself) == ("held", "sent_before", 0)
    assert (clock.ended_as, clock.why, clock.requests_by_itself) == ("held", "interrupted", 0)
    assert clock.unknown > clock.unknown_but_given > 0
    assert clock.missed == clock.unknown - clock.unknown_but_given
