from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.conversation.delivery import STALE_AFTER, TOKEN_LIFE, Attempt, take_step, wait_after
from bot.messages import Failure, RememberingMessenger
from bot.storage.outgoing import Delivery
from tests.builders import NOON, SOMCHAI

FRESH = Attempt(
    messages=[{"type": "text", "text": "ค่ะ"}],
    recipient=SOMCHAI,
    reply_token="t",
    token_from=NOON,
    token_doubtful=False,
    retry_key="k",
    push_doubtful=False,
    tries=0,
    push_allowed=True,
)
OLD = NOON + TOKEN_LIFE
STALE = NOON + STALE_AFTER + timedelta(seconds=1)


def step_with(attempt: Attempt, now: datetime, *failures: Failure) -> tuple[object, list[str]]:
    messenger = RememberingMessenger(failures=list(failures))
    step = take_step(messenger, attempt, now=now)
    return step, [way for way, _, _ in messenger.sent]


def test_a_young_token_is_used() -> None:
    step, sent = step_with(FRESH, NOON)
    assert (step.status, step.pushed, sent) == (Delivery.SENT, False, ["reply"])


def test_an_old_or_missing_token_means_one_push() -> None:
    for attempt, now in ((FRESH, OLD), (replace(FRESH, reply_token=None), NOON)):
        step, sent = step_with(attempt, now)
        assert (step.status, step.pushed, sent) == (Delivery.SENT, True, ["push"])


def test_a_spent_token_that_we_never_tried_leads_to_a_push() -> None:
    step, _ = step_with(FRESH, NOON, Failure.TOKEN_SPENT)
    assert (step.status, step.token_dead, step.token_doubtful) == (Delivery.TRYING, True, False)


def test_a_spent_token_after_our_own_doubtful_try_means_delivered() -> None:
    step, _ = step_with(replace(FRESH, token_doubtful=True), NOON, Failure.TOKEN_SPENT)
    assert step.status is Delivery.SENT
    assert step.receipt.duplicate


@pytest.mark.parametrize(
    "failure", [Failure.AMBIGUOUS, Failure.RATE_LIMITED, Failure.UNREACHABLE, Failure.UNAUTHORISED]
)
def test_a_reply_is_tried_again_and_only_a_lost_answer_leaves_a_doubt(failure: Failure) -> None:
    step, _ = step_with(FRESH, NOON, failure)
    assert step.status is Delivery.TRYING
    assert step.token_doubtful is (failure is Failure.AMBIGUOUS)
    assert step.again_at > NOON


def test_a_doubt_is_not_forgotten_by_a_later_clear_failure() -> None:
    step, _ = step_with(replace(FRESH, token_doubtful=True), NOON, Failure.RATE_LIMITED)
    assert step.token_doubtful


def test_what_nobody_can_find_out_is_never_pushed() -> None:
    step, sent = step_with(replace(FRESH, token_doubtful=True), OLD)
    assert (step.status, sent) == (Delivery.UNKNOWN, [])


def test_a_refused_body_is_not_tried_another_way() -> None:
    for attempt in (FRESH, replace(FRESH, reply_token=None)):
        step, _ = step_with(attempt, NOON, Failure.REFUSED)
        assert step.status is Delivery.UNDELIVERABLE


@pytest.mark.parametrize(
    "failure", [Failure.AMBIGUOUS, Failure.RATE_LIMITED, Failure.UNREACHABLE, Failure.UNAUTHORISED]
)
def test_a_push_is_tried_again_with_the_same_key(failure: Failure) -> None:
    step, _ = step_with(FRESH, OLD, failure)
    assert (step.status, step.push_doubtful) == (Delivery.TRYING, failure is Failure.AMBIGUOUS)


def test_a_spent_quota_ends_it() -> None:
    step, _ = step_with(FRESH, OLD, Failure.QUOTA_SPENT)
    assert step.status is Delivery.UNDELIVERABLE


def test_the_daily_number_of_pushes_is_kept() -> None:
    step, sent = step_with(replace(FRESH, push_allowed=False), OLD)
    assert (step.status, sent) == (Delivery.UNDELIVERABLE, [])


def test_nobody_to_send_to() -> None:
    step, sent = step_with(replace(FRESH, recipient=None), OLD)
    assert (step.status, sent) == (Delivery.UNDELIVERABLE, [])


def test_an_answer_that_is_too_late_is_not_sent() -> None:
    step, sent = step_with(FRESH, STALE)
    assert (step.status, sent) == (Delivery.UNDELIVERABLE, [])
    step, sent = step_with(replace(FRESH, push_doubtful=True), STALE)
    assert (step.status, sent) == (Delivery.UNKNOWN, [])


def test_waits_grow_to_a_minute_and_obey_line() -> None:
    for tries, most in ((0, 1), (1, 2), (3, 8), (20, 60)):
        for _ in range(50):
            assert timedelta(seconds=most / 2) <= wait_after(tries, None) <= timedelta(seconds=most)
    assert wait_after(0, 120.0) == timedelta(seconds=120)
