from __future__ import annotations

from datetime import timedelta

from bot.conversation.pace import Pace, Verdict, take
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def flood(
    pace: Pace, count: int, *, at: float = 0.0, every: float = 0.0, urgent: bool = False
) -> tuple[Pace, list[Verdict]]:
    verdicts = []
    for number in range(count):
        now = NOON + SECOND * (at + every * number)
        pace, verdict = take(pace, now=now, per_minute=20, urgent=urgent)
        verdicts.append(verdict)
    return pace, verdicts


def test_the_allowance_passes_then_one_is_told_and_the_rest_meet_silence() -> None:
    _, verdicts = flood(Pace(), 1000, every=0.01)
    counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
    assert counts == {Verdict.FINE: 20, Verdict.BRAKING: 1, Verdict.BRAKED: 979}
    assert verdicts[20] is Verdict.BRAKING


def test_a_steady_talker_below_the_allowance_is_never_braked() -> None:
    _, verdicts = flood(Pace(), 500, every=3.0)
    assert set(verdicts) == {Verdict.FINE}


def test_the_brake_lets_go_when_the_storm_is_over() -> None:
    pace, _ = flood(Pace(), 30)
    _, soon = flood(pace, 1, at=10)
    _, later = flood(pace, 1, at=62)
    assert (soon, later) == ([Verdict.BRAKED], [Verdict.FINE])


def test_a_flood_that_goes_on_stays_braked_and_is_told_only_once() -> None:
    _, verdicts = flood(Pace(), 600, every=0.5)
    assert verdicts.count(Verdict.BRAKING) == 1
    assert set(verdicts[verdicts.index(Verdict.BRAKING) + 1 :]) == {Verdict.BRAKED}


def test_a_cry_for_help_passes_the_brake_once_a_minute() -> None:
    pace, _ = flood(Pace(), 100)
    _, verdicts = flood(pace, 130, every=1.0, urgent=True)
    passed = [number for number, verdict in enumerate(verdicts) if verdict is Verdict.FINE]
    assert passed == [0, 60, 120]


def test_a_clock_that_goes_back_frees_nobody() -> None:
    pace, _ = flood(Pace(), 30)
    _, verdict = take(pace, now=NOON - timedelta(hours=1), per_minute=20)
    assert verdict is Verdict.BRAKED
