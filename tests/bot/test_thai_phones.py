from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.thai_phones import Phone, PhoneFault, PhoneKind, masked, read_phone

MOBILE = Phone("+66812345678", "081-234-5678", PhoneKind.MOBILE)
LANDLINE = Phone("+6653711123", "053-711-123", PhoneKind.LANDLINE)


@pytest.mark.parametrize(
    "typed",
    [
        "081-234-5678", "0812345678", "081 234 5678", "081.234.5678", "(081) 234-5678", "08-1234-5678",
        "๐๘๑-๒๓๔-๕๖๗๘", "๐๘๑ 234 ๕๖๗๘", "+66 81 234 5678", "+66812345678", "+66 (0)81 234 5678", "0066812345678",
        "66812345678", "66 81-234-5678", "โทร. 081-234-5678", "เบอร์ 0812345678 ค่ะ", "081\u200b2345678", "081–234–5678",
        "０８１２３４５６７８", "tel: 081-234-5678", "+081-234-5678", "081-234-5678 ต่อ 5",
    ],
)  # fmt: skip
def test_a_mobile_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_phone(typed) == MOBILE


@pytest.mark.parametrize(
    "typed", ["053-711-123", "053 711123", "(053)711123", "+66 53 711 123", "๐๕๓๗๑๑๑๒๓", "6653711123"]
)
def test_a_landline_is_read(typed: str) -> None:
    assert read_phone(typed) == LANDLINE


def test_a_number_in_bangkok_is_written_in_three_groups() -> None:
    assert read_phone("021234567") == Phone("+6621234567", "02-123-4567", PhoneKind.LANDLINE)


@pytest.mark.parametrize(
    "typed", ["053-711-123 ต่อ 12", "053711123ต่อ๑๒", "053-711-123 กด 12", "053711123 ext. 12", "053-711-123 #12"]
)
def test_the_extension_of_a_landline_is_kept(typed: str) -> None:
    assert read_phone(typed) == Phone("+6653711123", "053-711-123 ต่อ 12", PhoneKind.LANDLINE, extension="12")


def test_a_forgotten_zero_is_put_back_and_said_to_be_a_guess() -> None:
    assert read_phone("812345678") == Phone("+66812345678", "081-234-5678", PhoneKind.MOBILE, guessed=True)
    assert read_phone("53711123") == Phone("+6653711123", "053-711-123", PhoneKind.LANDLINE, guessed=True)


@pytest.mark.parametrize("typed", ["+1 415-555-2671", "0014155552671", "+๑ ๔๑๕ ๕๕๕ ๒๖๗๑"])
def test_a_foreign_number_with_a_plus_is_read(typed: str) -> None:
    assert read_phone(typed) == Phone("+14155552671", "+1 415-555-2671", PhoneKind.FOREIGN)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", PhoneFault.EMPTY), ("   ", PhoneFault.EMPTY), ("ไม่มีค่ะ", PhoneFault.EMPTY), ("+", PhoneFault.EMPTY),
        ("081234567", PhoneFault.TOO_SHORT), ("0812", PhoneFault.TOO_SHORT), ("0", PhoneFault.TOO_SHORT),
        ("05371112", PhoneFault.TOO_SHORT), ("+66 81 234", PhoneFault.TOO_SHORT), ("+1 234", PhoneFault.TOO_SHORT),
        ("08123456789", PhoneFault.TOO_LONG), ("0537111234", PhoneFault.TOO_LONG),
        ("1234567890123", PhoneFault.TOO_LONG), ("081-234-5678 หรือ 089-876-5432", PhoneFault.TOO_LONG),
        ("+1234567890123456", PhoneFault.TOO_LONG), ("0" * 5000, PhoneFault.TOO_LONG),
        ("0101234567", PhoneFault.NOT_POSSIBLE), ("016123456", PhoneFault.NOT_POSSIBLE),
        ("+999123456789", PhoneFault.NOT_POSSIBLE), ("+1 111 111 1111", PhoneFault.NOT_POSSIBLE),
        ("191", PhoneFault.HOTLINE), ("๑๓๐๐", PhoneFault.HOTLINE), ("1444", PhoneFault.HOTLINE),
        ("สายด่วน 1567", PhoneFault.HOTLINE), ("1800-123-456", PhoneFault.HOTLINE), ("+66 1669", PhoneFault.HOTLINE),
    ],
)  # fmt: skip
def test_what_is_no_persons_number_is_refused_with_the_reason(typed: str, fault: PhoneFault) -> None:
    assert read_phone(typed) is fault


def test_a_masked_number_shows_the_last_four_digits() -> None:
    assert masked("+66812345678") == "xxx-xxx-5678"
    assert masked("+6653711123") == "xxx-xxx-1123"
    assert masked("+14155552671") == "xxx-xxx-2671"


@pytest.mark.parametrize("short", ["", "191", "+66191", "1234567"])
def test_a_short_number_is_masked_whole(short: str) -> None:
    assert masked(short) == "xxx-xxx-xxxx"


@given(st.sampled_from("689"), st.integers(0, 99_999_999))
def test_what_is_written_is_read_again(first: str, rest: int) -> None:
    phone = read_phone(f"0{first}{rest:08d}")
    if isinstance(phone, PhoneFault):
        assert phone is PhoneFault.NOT_POSSIBLE
        return
    assert read_phone(phone.national) == phone
    assert read_phone(phone.e164) == phone
    assert phone.e164 == f"+66{first}{rest:08d}"


@given(st.text(max_size=60) | st.text(alphabet="0123456789+๐๑-() .ต่อ#", max_size=30))
def test_no_text_makes_it_fail(text: str) -> None:
    phone = read_phone(text)
    assert isinstance(phone, PhoneFault) or read_phone(phone.e164).e164 == phone.e164  # type: ignore[union-attr]
