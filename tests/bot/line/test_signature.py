from __future__ import annotations

import random

import pytest

from bot.line.signature import is_genuine, sign
from tests.builders import SECRET, a_body, a_text

BODY = a_body([a_text("สวัสดี")])


def test_the_known_signature_of_a_known_body() -> None:
    # computed with: printf 'hello' | openssl dgst -sha256 -hmac secret -binary | base64
    assert sign(b"hello", "secret") == "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs="


def test_line_is_believed_over_exactly_its_bytes() -> None:
    assert is_genuine(BODY, sign(BODY, SECRET), [SECRET])


def test_a_previous_secret_counts_while_it_is_given() -> None:
    signature = sign(BODY, "old")
    assert is_genuine(BODY, signature, ["new", "old"])
    assert not is_genuine(BODY, signature, ["new"])


@pytest.mark.parametrize(
    "signature",
    [None, "", "x", "ก" * 44, "A" * 44, "A" * 10_000, sign(BODY, "other")],
    ids=["none", "empty", "short", "thai", "wrong", "long", "other secret"],
)
def test_other_signatures_are_not_believed(signature: str | None) -> None:
    assert not is_genuine(BODY, signature, [SECRET])


def test_no_secret_believes_nobody() -> None:
    assert not is_genuine(BODY, sign(BODY, ""), [""])
    assert not is_genuine(BODY, sign(BODY, SECRET), [])


def test_five_thousand_mutations_are_all_refused() -> None:
    chance, genuine = random.Random(3), sign(BODY, SECRET)
    for _ in range(5000):
        body, signature = bytearray(BODY), genuine
        match chance.randint(0, 3):
            case 0:
                body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
            case 1:
                del body[chance.randrange(len(body)) :]
            case 2:
                place = chance.randrange(len(signature) - 1)
                letter = chance.choice([c for c in "ABCDEFabcdef0123456789+/" if c != signature[place]])
                signature = signature[:place] + letter + signature[place + 1 :]
            case _:
                signature = signature[: chance.randrange(len(signature))]
        if signature[:42] == genuine[:42] and bytes(body) == BODY:
            continue  # the last letter before the padding carries two bits that mean nothing
        assert not is_genuine(bytes(body), signature, [SECRET])
