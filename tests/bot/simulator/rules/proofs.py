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
    "rate-limit-bucket": "test_limits.py::test_a_bucket_fills_up_again_and_never_over_its_brim",
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
    "narrowcast-reservation": "test_narrowcasts.py::test_a_running_narrowcast_holds_the_quota_of_its_whole_reach",
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
    "audience-ready": "test_audiences.py::test_an_audience_of_nobody_is_never_ready",
    "audience-ifa": "test_audiences.py::test_identifiers_for_advertisers_are_not_mixed_with_user_ids",
    "audience-least": "test_audiences.py::test_fifty_must_have_looked_and_of_fewer_than_twenty_none_is_told",
    "audience-few": "test_audiences.py::test_fifty_must_have_looked_and_of_fewer_than_twenty_none_is_told",
    "narrowcast-upload-exempt": "test_narrowcasts.py::test_uploaded_ids_may_be_as_few_as_they_like",
    "audience-id-unknown": "test_narrowcasts.py::test_who_is_no_friend_is_in_an_audience_and_not_reached",
    "narrowcast-small-audience": "test_narrowcasts.py::test_of_several_audiences_none_may_be_small",
    "narrowcast-least-all": "test_narrowcasts.py::test_to_everybody_fifty_are_the_least_too",
    "membership-told": "test_memberships.py::test_a_member_who_is_no_friend_any_more_is_left_out",
    "id-token-key": "test_login_keys.py::test_a_native_apps_id_token_is_checked_with_the_published_key",
    "id-token-algorithm": "test_login_keys.py::test_a_token_of_another_algorithm_or_key_is_refused",
    "liff-life": "test_login_keys.py::test_a_liff_app_has_an_hours_id_token_and_twelve_hours_of_access",
    "login-friendship": "test_login_keys.py::test_who_is_asked_to_add_the_bot_comes_back_as_a_friend",
    "rate-limit-endpoint": "test_limits.py::test_every_endpoint_counts_by_itself",
    "event-module": "test_account_gestures.py::test_a_module_is_attached_and_detached",
    "event-module-turn": "test_account_gestures.py::test_a_module_takes_a_chat_and_gives_it_back",
    "event-suspended": "test_account_gestures.py::test_the_account_is_suspended_and_resumed",
    "event-delivery": "test_account_gestures.py::test_a_delivery_by_telephone_number_names_nobody",
    "event-no-token": "test_account_gestures.py::test_what_cannot_be_answered_carries_no_reply_token",
    "consent": "test_account_gestures.py::test_who_never_agreed_to_be_told_writes_without_an_id",
    "event-membership": "test_account_gestures.py::test_of_who_never_agreed_no_membership_is_told",
    "profile-language": "test_account_gestures.py::test_a_profile_tells_what_the_person_lets_it",
    "event-whole": "test_sender.py::test_a_text_arrives_signed_and_whole",
    "event-standby": "test_gestures.py::test_in_standby_nothing_can_be_answered",
    "event-edited": "test_groups.py::test_a_message_is_edited",
    "event-beacon": "test_gestures.py::test_the_rarer_events",
    "event-video": "test_gestures.py::test_the_rarer_events",
    "event-link-failed": "test_gestures.py::test_the_rarer_events",
    "read-mode": "test_quotes.py::test_with_chat_on_nothing_is_read_until_it_is_marked",
    "date-out-of-service": "test_statistics.py::test_before_it_counted_line_tells_no_numbers",
    "insight-menu-few": "test_statistics.py::test_of_a_rich_menu_that_few_have_tapped_only_the_id_is_told",
    "aggregation-names": "test_statistics.py::test_a_thousand_names_of_units_are_kept_a_month",
    "menu-batch-apart": "test_menus.py::test_the_operations_of_a_batch_do_not_affect_each_other",
    "menu-batch-resume": "test_menus.py::test_a_batch_is_taken_up_again_under_its_key",
    "audience-policy": "test_audiences.py::test_who_has_not_accepted_the_policy_is_left_out_in_silence",
    "audience-pace": "test_audiences.py::test_an_audience_of_ids_is_ready_when_its_job_is_finished",
    "audience-delete-status": "test_audiences.py::test_an_audience_is_renamed_and_deleted",
    "reply-free": "test_replies.py::test_a_reply_is_free",
    "reply-to-group": "test_replies.py::test_a_reply_to_a_group_event_goes_to_the_group",
    "sent-messages-order": "test_pushes.py::test_what_was_sent_is_told_in_its_order",
    "quota-group": "test_pushes.py::test_a_push_to_a_group_bills_its_members",
    "insight-followers": "test_statistics.py::test_followers_are_counted",
    "insight-demographic": "test_statistics.py::test_demographics_need_twenty_people",
    "content-external": "test_gestures.py::test_a_picture_from_elsewhere_is_not_lines_to_give",
    "loading-ends": "test_control.py::test_loading_wakes_who_waits_and_ends_with_the_next_message",
    "menu-priority": "test_menus.py::test_a_persons_own_menu_goes_before_the_default",
    "webhook-several": "test_sender.py::test_several_events_travel_in_one_request",
    "webhook-twice": "test_sender.py::test_an_event_may_arrive_twice_with_one_token",
    "webhook-empty": "test_sender.py::test_the_consoles_verification_is_an_empty_list",
    "event-group-user": "test_groups.py::test_postbacks_and_unsent_words_of_groups",
    "event-unknown": "test_gestures.py::test_an_event_that_nobody_knows_yet_is_sent_as_it_is",
    "media-fetched": KEPT_CASE,
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
