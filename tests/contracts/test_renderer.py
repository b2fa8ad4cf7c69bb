"""What our renderer makes of anything, held against LINE's rules as the simulator keeps them, and against its SDK."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from linebot.v3.messaging import ApiClient, ApiException, MessagingApi, ValidateMessageRequest

from bot.line import render
from bot.messages import Card, Link, Say, Text
from bot.simulator.rules.table import BY_NAME
from knowledge.answers import compose
from tests.bot.simulator.desk import TOKEN, running_simulator
from tests.builders import NOON
from tests.contracts.broken_renderers import BROKEN, Broken, broken
from tests.office import FACTS, shipped
from tests.proof.contracting import count_until_noticed, run_contract, run_over_http, sdk_client

OWN_CHECKS = {"escapes", "sdk", "words", "buttons"}


@pytest.fixture(scope="module")
def client() -> Iterator[ApiClient]:
    simulator = running_simulator("http://127.0.0.1:9/line/webhook", loopback_pictures=True)
    with simulator as desk, sdk_client(desk.url, TOKEN) as client:
        yield client


def test_whatever_handlers_say_is_accepted_sent_as_made_and_complete() -> None:
    figures = run_contract(1_000)
    assert figures.replies >= 1_000
    assert min(figures.texts_sent, figures.cards_sent, figures.carousels_sent, figures.places_sent) > 50
    assert (figures.refused_by_the_simulator, figures.too_large_as_the_sdk_sends_it) == (0, 0)
    assert (figures.changed_by_the_sdk, figures.with_words_lost, figures.with_buttons_lost) == (0, 0, 0)


def test_line_s_endpoints_for_checking_take_it_over_http(client: ApiClient) -> None:
    assert run_over_http(100, client) >= 100


@pytest.mark.parametrize("variant", BROKEN, ids=lambda variant: variant.what.replace(" ", "-"))
def test_a_renderer_with_something_broken_is_noticed(variant: Broken) -> None:
    with broken(variant):
        assert count_until_noticed(variant.noticed_by) > 0


def test_what_notices_is_a_rule_or_a_check_of_ours() -> None:
    assert {variant.noticed_by for variant in BROKEN} - BY_NAME.keys() == OWN_CHECKS


def test_a_broken_renderer_is_refused_over_http_too(client: ApiClient) -> None:
    variant = next(variant for variant in BROKEN if variant.noticed_by == "label-quick-reply")
    with broken(variant):
        rendered = render.render([Text("ก", (Say("ก" * 25, "ก"),))])
    request = ValidateMessageRequest.from_dict({"messages": rendered})
    with pytest.raises(ApiException) as refused:
        MessagingApi(client).validate_reply(request)
    assert (refused.value.status, refused.value.headers["X-Simulator-Rule"]) == (400, "label-quick-reply")


def test_every_entry_of_the_faq_fits_into_one_card() -> None:
    calls = tuple(Link(f"โทร {number}", f"tel:{number}") for number in (191, 1669, 1323, 1300))
    for entry in shipped().entries.values():
        for language in entry.answer:
            text = compose(entry, language=language, facts=FACTS, today=NOON.date())
            (message,) = render.render([Card("", text, calls, text)])
            assert message["type"] == "flex", entry.id
