"""The proof of the renderer: whatever our handlers may say, the simulator's rules refuse nothing of it, LINE's SDK
sends it as it was made, and neither a word nor a button is lost on the way."""

from __future__ import annotations

import json
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis.errors import HypothesisWarning
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, ValidateMessageRequest
from structlog.testing import capture_logs

from bot.line import limits, render
from bot.messages import Card, Carousel, Message, Rendered, Text
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import requests
from bot.simulator.rules.table import BY_NAME
from tests.contracts.made_messages import REPLIES

SDK = ApiClient(Configuration(access_token="never sent"))
A_ROUND = 2_000
"""Hypothesis remembers all that it made in a round: 20,000 replies at once would take more than half a gigabyte."""
ACTIONS = ("say", "press", "link", "copy", "pickdate", "asklocation")
"""What the log calls buttons and quick replies that are left out."""
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
"""Letters of the Hangul alphabet that stand for nothing: a text of them alone counts as empty."""


@dataclass
class ContractFigures:
    replies: int = 0
    messages_made: int = 0
    texts_sent: int = 0
    cards_sent: int = 0
    carousels_sent: int = 0
    places_sent: int = 0
    buttons: int = 0
    quick_replies: int = 0
    longest_text_units: int = 0
    longest_alternative_text_units: int = 0
    largest_bubble_bytes_as_escapes: int = 0
    largest_bubble_bytes_as_utf8: int = 0
    largest_carousel_bytes_as_escapes: int = 0
    actions_left_out: int = 0
    """Buttons and quick replies that LINE would refuse whatever we do."""
    pictures_left_out: int = 0
    carousels_without_some_cards: int = 0
    places_made_texts: int = 0
    replies_beyond_five_messages: int = 0
    refused_by_the_simulator: int = 0
    too_large_as_the_sdk_sends_it: int = 0
    changed_by_the_sdk: int = 0
    with_words_lost: int = 0
    with_buttons_lost: int = 0


def run_contract(examples: int) -> ContractFigures:
    """Raises AssertionError, with the smallest reply that hypothesis finds to break the contract."""
    figures = ContractFigures()
    while figures.replies < examples:
        _judge_round(figures, min(A_ROUND, examples - figures.replies))
    return figures


def _judge_round(figures: ContractFigures, examples: int) -> None:
    @_many(examples)
    @given(REPLIES)
    def judge(messages: Sequence[Message]) -> None:
        rendered, left_out = render_and_listen(messages)
        _count(figures, messages, rendered, left_out)
        breaches = find_breaches(messages, rendered, left_out)
        _count_breaches(figures, breaches)
        assert breaches == set()

    judge()


@contextmanager
def sdk_client(url: str, token: str) -> Iterator[ApiClient]:
    """As the gateway has it: nothing is tried again behind our back."""
    configuration = Configuration(access_token=token, host=url)
    configuration.retries = False
    client = ApiClient(configuration)
    try:
        yield client
    finally:
        client.rest_client.pool_manager.clear()


def run_over_http(examples: int, client: ApiClient) -> int:
    """How many replies LINE's own endpoints for checking took, each as a reply and as a push."""
    line = MessagingApi(client)
    taken = 0

    @_many(examples)
    @given(REPLIES)
    def validate(messages: Sequence[Message]) -> None:
        nonlocal taken
        rendered, _ = render_and_listen(messages)
        assume(rendered)
        request = ValidateMessageRequest.from_dict({"messages": rendered})
        for check in (line.validate_reply_with_http_info, line.validate_push_with_http_info):
            assert check(request).status_code == 200
        taken += 1

    validate()
    return taken


def count_until_noticed(breach: str, *, most: int = 3_000) -> int:
    """How many replies had to be made until one broke that rule or check. Raises NoSuchExample when none did."""
    made = 0

    def notices(messages: Sequence[Message]) -> bool:
        nonlocal made
        made += 1
        rendered, left_out = render_and_listen(messages)
        if breach in BY_NAME:
            return bool(rendered) and breach in broken_rules(rendered)
        return breach in find_breaches(messages, rendered, left_out)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)  # about its size: nobody looks at what was found
        find(REPLIES, notices, settings=_many(most, phases=[Phase.generate], derandomize=True))
    return made


def _many(examples: int, **more: Any) -> settings:
    """Replies are large, and some are slow to make: hypothesis is not to mind."""
    return settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), **more
    )


def find_breaches(messages: Sequence[Message], rendered: Rendered, left_out: Counter[str]) -> set[str]:
    """Names of rules in the simulator's table, and of our own checks."""
    breaches = broken_rules(rendered) if rendered else set()
    if rendered and by_the_sdk(rendered) != rendered:
        breaches.add("sdk")
    if any(_escaped(bubble) > limits.FLEX_BUBBLE_BYTES for bubble in _bubbles(rendered)) or any(
        _escaped(carousel) > limits.FLEX_CAROUSEL_BYTES for carousel in _carousels(rendered)
    ):
        breaches.add("escapes")
    if not any(left_out[part] for part in ("message", "card", "words")) and loses_words(messages, rendered):
        breaches.add("words")
    if not any(left_out[part] for part in ("message", "card")) and loses_buttons(messages, rendered, left_out):
        breaches.add("buttons")
    return breaches


def broken_rules(rendered: Rendered) -> set[str]:
    """By their names in the simulator's table."""
    body = json.dumps({"messages": rendered})
    try:
        json.dumps(json.loads(body), ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return {"json-body"}
    try:
        requests.check_messages_only(json.loads(body), loopback=True)
    except ApiRefusal as refusal:
        return set(refusal.broken_rules())
    return set()


def by_the_sdk(rendered: Rendered) -> Rendered:
    """What LINE receives when the SDK sends it: properties that its models lack are gone without a word."""
    request = ReplyMessageRequest.from_dict({"replyToken": "t", "messages": rendered})
    sent: Rendered = json.loads(json.dumps(SDK.sanitize_for_serialization(request)))["messages"]
    return sent


def render_and_listen(messages: Sequence[Message]) -> tuple[Rendered, Counter[str]]:
    """What is sent, and how often the log says of which part that it was left out."""
    with capture_logs() as lines:
        rendered = render.render(messages)
    return rendered, Counter(line["part"] for line in lines)


def loses_words(messages: Sequence[Message], rendered: Rendered) -> bool:
    """Whether a letter or digit of a text or a card is missing."""
    said = iter(_letters("".join(_words_in(rendered))))
    return not all(letter in said for letter in _letters("".join(_words_of(messages))))


def loses_buttons(messages: Sequence[Message], rendered: Rendered, left_out: Counter[str]) -> bool:
    """Whether a button of a card is neither there nor named in the log."""
    if any(message.choices for message in messages):
        messages = [replace(message, choices=()) for message in messages]
        rendered, left_out = render_and_listen(messages)
    made = sum(len(card.actions) for card in _cards_of(messages))
    return made != len(actions_in(rendered)) + _count_actions(left_out)


def _count_actions(left_out: Counter[str]) -> int:
    return sum(left_out[part] for part in ACTIONS)


def _cards_of(messages: Sequence[Message]) -> Iterator[Card]:
    for message in messages:
        if isinstance(message, Card):
            yield message
        elif isinstance(message, Carousel):
            yield from message.cards


def actions_in(part: object) -> list[dict[str, Any]]:
    """Every action in it, those of quick replies too."""
    return [found["action"] for found in _walk(part) if isinstance(found.get("action"), dict)]


def _walk(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _walk(value)
    elif isinstance(part, list):
        for value in part:
            yield from _walk(value)


def _words_in(rendered: Rendered) -> Iterator[str]:
    for message in rendered:
        if message["type"] == "text":
            yield message["text"]
        for bubble in _bubbles([message]):
            yield from (part["text"] for part in _walk(bubble.get("body")) if part["type"] == "text")


def _words_of(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        if isinstance(message, Text):
            yield message.text
        for card in _cards_of([message]):
            yield from (card.title, card.text, *(words for fact in card.facts for words in fact))


def _letters(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN" and c not in BLANK_LETTERS)


def _flex(rendered: Rendered) -> list[dict[str, Any]]:
    return [message for message in rendered if message["type"] == "flex"]


def _bubbles(rendered: Rendered) -> list[dict[str, Any]]:
    """Those of carousels, too."""
    containers = [message["contents"] for message in _flex(rendered)]
    return [bubble for each in containers for bubble in (each["contents"] if each["type"] == "carousel" else [each])]


def _carousels(rendered: Rendered) -> list[dict[str, Any]]:
    return [message["contents"] for message in _flex(rendered) if message["contents"]["type"] == "carousel"]


def _escaped(container: dict[str, Any]) -> int:
    return len(json.dumps(container))


def _as_utf8(bubble: dict[str, Any]) -> int:
    return len(json.dumps(bubble, ensure_ascii=False, separators=(",", ":")).encode())


def _count(figures: ContractFigures, messages: Sequence[Message], rendered: Rendered, left_out: Counter[str]) -> None:
    kinds = Counter(message["type"] for message in rendered)
    quick_replies = rendered[-1].get("quickReply", {}).get("items", []) if rendered else []
    figures.replies += 1
    figures.messages_made += len(messages)
    figures.texts_sent += kinds["text"]
    figures.carousels_sent += len(_carousels(rendered))
    figures.cards_sent += kinds["flex"] - len(_carousels(rendered))
    figures.places_sent += kinds["location"]
    figures.quick_replies += len(quick_replies)
    figures.buttons += len(actions_in(rendered)) - len(quick_replies)
    figures.actions_left_out += _count_actions(left_out)
    figures.pictures_left_out += left_out["picture"]
    figures.carousels_without_some_cards += left_out["card"]
    figures.places_made_texts += left_out["place"]
    figures.replies_beyond_five_messages += left_out["message"]
    texts = [message["text"] for message in rendered if message["type"] == "text"]
    alternatives = [message["altText"] for message in _flex(rendered)]
    for name, measure, values in (
        ("longest_text_units", limits.utf16_units, texts),
        ("longest_alternative_text_units", limits.utf16_units, alternatives),
        ("largest_bubble_bytes_as_escapes", _escaped, _bubbles(rendered)),
        ("largest_bubble_bytes_as_utf8", _as_utf8, _bubbles(rendered)),
        ("largest_carousel_bytes_as_escapes", _escaped, _carousels(rendered)),
    ):
        setattr(figures, name, max([getattr(figures, name), *map(measure, values)]))


def _count_breaches(figures: ContractFigures, breaches: set[str]) -> None:
    figures.refused_by_the_simulator += not breaches.isdisjoint(BY_NAME)
    figures.too_large_as_the_sdk_sends_it += "escapes" in breaches
    figures.changed_by_the_sdk += "sdk" in breaches
    figures.with_words_lost += "words" in breaches
    figures.with_buttons_lost += "buttons" in breaches
