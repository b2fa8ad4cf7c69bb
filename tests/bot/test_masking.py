from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import masking

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def _check_digit(twelve: str) -> str:
    return str((11 - sum(int(digit) * (13 - place) for place, digit in enumerate(twelve)) % 11) % 10)


def national_id(chance: random.Random) -> str:
    twelve = str(chance.randint(1, 8)) + "".join(str(chance.randint(0, 9)) for _ in range(11))
    return twelve + _check_digit(twelve)


def phone(chance: random.Random) -> str:
    if chance.random() < 0.7:
        return "0" + chance.choice("689") + "".join(str(chance.randint(0, 9)) for _ in range(8))
    return "0" + chance.choice(["2", "53", "54", "38", "77"]) + "".join(str(chance.randint(0, 9)) for _ in range(7))


def written(number: str, chance: random.Random) -> str:
    """A phone number in one of the ways in which people write one."""
    if number.startswith("02") or number[1] not in "689":
        number = number[:9]
    ways: list[Callable[[str], str]] = [
        lambda n: n,
        lambda n: f"{n[:3]}-{n[3:6]}-{n[6:]}",
        lambda n: f"{n[:3]} {n[3:6]} {n[6:]}",
        lambda n: f"{n[:2]}-{n[2:]}",
        lambda n: f"+66{n[1:]}",
        lambda n: f"+66 {n[1:3]} {n[3:6]} {n[6:]}",
        lambda n: f"0066{n[1:]}",
        lambda n: n.translate(THAI),
        lambda n: f"{n[:3]}.{n[3:6]}.{n[6:]}",
        lambda n: "\u200b".join(n),
        lambda n: " ".join(n),
        lambda n: f"({n[:3]}) {n[3:]}",
    ]
    return chance.choice(ways)(number)


def test_recall_on_two_thousand_generated_mentions() -> None:
    chance = random.Random(7)
    missed = []
    for _ in range(2000):
        if chance.random() < 0.4:
            number = national_id(chance)
            mention = chance.choice(
                [
                    number,
                    f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}",
                    number.translate(THAI),
                ]
            )
        else:
            mention = written(phone(chance), chance)
        masked = masking.mask(f"ติดต่อ {mention} ได้เลยค่ะ")
        if sum(character.isdigit() for character in masked) > 2:
            missed.append((mention, masked))
    assert len(missed) <= 10, missed[:10]  # 99.5 %


def test_precision_on_two_thousand_distractors() -> None:
    chance = random.Random(8)
    makers = [
        lambda: f"{chance.randint(1, 31)}/{chance.randint(1, 12)}/{chance.randint(2540, 2570)}",
        lambda: (
            f"{chance.randint(1, 31)} พ.ย. {chance.randint(2540, 2570)} เวลา"
            f" {chance.randint(0, 23):02}.{chance.randint(0, 59):02} น."
        ),
        lambda: f"{chance.randint(1, 999):,},{chance.randint(0, 999):03} บาท",
        lambda: f"หมู่ {chance.randint(1, 20)} ต.ริมกก {chance.randint(57000, 57500)}",
        lambda: chance.choice(["191", "1300", "1323", "1669", "1444", "1567"]),
        lambda: f"ปี {chance.randint(2500, 2570)} ถึง {chance.randint(2500, 2570)}",
        lambda: f"{chance.randint(1, 30)} คน {chance.randint(1, 300)} ครัวเรือน",
    ]
    wrong = []
    for _ in range(2000):
        text = f"เรื่อง {chance.choice(makers)()} ค่ะ"
        if masking.mask(text) != text:
            wrong.append(text)
    assert len(wrong) <= 40, wrong[:10]  # 98 %


@pytest.mark.parametrize("number", ["191", "1300", "1323", "1669"])
def test_hotlines_stay_readable_everywhere(number: str) -> None:
    assert masking.mask(f"โทร {number}") == f"โทร {number}"
    assert masking.mask_for_logs(f"call {number}") == f"call {number}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("เขียนมาที่ malee.s@example.co.th นะ", "เขียนมาที่ <อีเมล> นะ"),
        ("ไอดีไลน์ malee_99", "ไอดีไลน์ <ชื่อบัญชี>"),
        ("ผมชื่อ นายสมชาย ใจดี อยู่แม่สาย", "ผมชื่อ <ชื่อ> อยู่แม่สาย"),
        ("U" + "a" * 32, "<ไอดีไลน์>"),
    ],
)
def test_other_marks_of_a_person_are_masked(text: str, masked: str) -> None:
    assert masking.mask(text) == masked


def test_logs_lose_any_thirteen_digits_and_tokens() -> None:
    assert masking.mask_for_logs("id 9999999999999 token " + "0f" * 16) == "id <id> token <token>"


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = masking.mask(text)
    assert masking.mask(once) == once
