"""For every rule, the test that sees it refuse, or for what is not a refusal, the test that sees it kept.

A test that names a rule in quotes is found by itself; the others are listed here. Run as a module, this writes
docs/line-contract.md again.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.simulator.rules.contract import write_contract
from bot.simulator.rules.table import BY_NAME, RULES
from tests.bot.simulator.rules.cases import CASES

TESTS = Path(__file__).parent.parent
DOCUMENT = TESTS.parent.parent.parent / "docs" / "line-contract.md"
QUOTED = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"')
BROKEN_CASE = "rules/test_messages.py::test_a_message_that_just_breaks_the_rule_is_refused"
KEPT_CASE = "rules/test_messages.py::test_a_message_that_just_keeps_the_rule_is_accepted"

LISTED = {
    "bearer-token": "test_requests.py::test_without_the_channels_token_every_call_is_unauthorised",
    "token-revoked": "test_channel_tokens.py::test_the_bots_own_token_may_stop_working",
    "token-expired": "test_channel_tokens.py::test_the_bots_own_token_may_stop_working",
    "media-type": "test_requests.py::test_a_body_that_is_not_json_is_refused_in_lines_words",
    "request-size-unit": "test_requests.py::test_a_body_over_two_megabytes_is_refused",
    "json-body": "test_requests.py::test_a_body_that_is_not_json_is_refused_in_lines_words",
    "unknown-property": "rules/test_messages.py::test_a_property_that_lines_does_not_know_is_ignored_outside_flex",
    "endpoint-known": "test_requests.py::test_an_endpoint_that_does_not_exist_is_not_found",
    "rate-limit-hour": "test_sends_to_all.py::test_sixty_broadcasts_an_hour_are_enough",
    "rate-limit-bucket": "test_requests.py::test_a_rate_limit_refuses_for_a_while",
    "request-id": "test_requests.py::test_without_the_channels_token_every_call_is_unauthorised",
    "messages-count": "test_requests.py::test_one_to_five_messages_go_into_a_request",
    "reply-token-given": "test_rules_at_work.py::test_a_reply_has_a_token",
    "reply-token-known": "test_rules_at_work.py::test_a_token_that_no_webhook_carried_is_refused",
    "reply-token-life": "test_replies.py::test_a_token_lives_a_minute",
    "reply-token-redelivery": "test_replies.py::test_a_redelivery_renews_the_minute_up_to_twenty_minutes",
    "reply-token-kept": "test_replies.py::test_a_reply_that_is_refused_leaves_its_token_good",
    "reply-blocked": "test_replies.py::test_a_reply_to_a_person_who_blocked_meanwhile_is_not_delivered",
    "recipient-format": "test_requests.py::test_an_id_of_another_shape_is_refused",
    "push-recipient-known": "test_pushes.py::test_a_push_to_an_unknown_id_fails",
    "multicast-unknown": "test_pushes.py::test_a_person_who_has_blocked_is_neither_reached_nor_billed",
    "undelivered": "test_pushes.py::test_a_person_who_has_blocked_is_neither_reached_nor_billed",
    "non-friend-week": "test_pushes.py::test_somebody_who_is_no_friend_is_reached_for_a_week_after_writing",
    "quota": "test_pushes.py::test_the_quota_is_counted_by_recipient_and_refuses_whole",
    "quota-whole": "test_pushes.py::test_the_quota_is_counted_by_recipient_and_refuses_whole",
    "quota-month": "test_rules_at_work.py::test_the_month_turns_in_japan",
    "sent-message-quotes": "test_replies.py::test_a_reply_reaches_the_person_who_wrote",
    "narrowcast-least": "test_sends_to_all.py::test_a_narrowcast_to_too_few_is_accepted_and_fails_later",
    "narrowcast-reservation": "test_sends_to_all.py::test_a_running_narrowcast_holds_the_quota_of_its_whole_reach",
    "narrowcast-pace": "test_sends_to_all.py::test_a_narrowcast_goes_through_its_phases",
    "date-unready": "test_statistics.py::test_a_day_is_counted_once_it_is_over",
    "insight-few": "test_statistics.py::test_what_fewer_than_twenty_did_is_null",
    "insight-numbers": "test_statistics.py::test_what_fewer_than_twenty_did_is_null",
    "retry-key-remembered": "test_pushes.py::test_the_same_retry_key_is_accepted_once_a_day",
    "retry-key-any-body": "test_pushes.py::test_the_same_retry_key_is_accepted_once_a_day",
    "flex-bytes-unit": BROKEN_CASE,
    "profile-obtainable": "test_requests.py::test_profiles_are_those_of_people_who_have_not_blocked_the_bot",
    "content-transcoding": "test_gestures.py::test_content_is_ready_only_after_a_while",
    "loading-one-to-one": "test_requests.py::test_the_loading_animation_is_refused",
    "loading-seconds": "test_requests.py::test_the_loading_animation_is_refused",
    "loading-anybody": "test_requests.py::test_the_loading_animation_is_accepted",
    "menu-link-anybody": "test_menus.py::test_a_menu_is_linked_to_friends_only",
    "assertion-signature": "test_channel_tokens.py::test_a_token_is_issued_for_an_assertion_thirty_times",
    "webhook-signature": "test_sender.py::test_a_text_arrives_signed_and_whole",
    "webhook-two-seconds": "test_sender.py::test_an_answer_after_the_time_limit_is_a_timeout",
    "webhook-redelivery": "test_sender.py::test_a_redelivery_is_the_same_event_marked",
    "webhook-redelivery-times": "test_sender.py::test_what_is_not_answered_2xx_is_delivered_again_when_switched_on",
    "webhook-order": "test_faults.py::test_webhooks_may_come_in_another_order",
}


def find_proofs() -> dict[str, str]:
    named = _find_named()
    proofs: dict[str, str] = {}
    for rule in RULES:
        if rule.name in LISTED:
            proofs[rule.name] = LISTED[rule.name]
        elif rule.name in CASES:
            proofs[rule.name] = BROKEN_CASE if CASES[rule.name][1] else KEPT_CASE
        elif rule.name in named:
            proofs[rule.name] = named[rule.name]
    return proofs


def list_tests() -> dict[str, str]:
    """Every test of the simulator with its source, decorators and all."""
    found: dict[str, str] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                name = f"{path.relative_to(TESTS).as_posix()}::{node.name}"
                found[name] = "\n".join(lines[first - 1 : node.end_lineno])
    return found


def _find_named() -> dict[str, str]:
    named: dict[str, str] = {}
    for test, source in list_tests().items():
        for rule in QUOTED.findall(source):
            if rule in BY_NAME:
                named.setdefault(rule, test)
    return named


if __name__ == "__main__":
    DOCUMENT.write_text(write_contract(find_proofs()), encoding="utf-8")
