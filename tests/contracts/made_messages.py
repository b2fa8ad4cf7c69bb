"""Messages as our handlers may make them, and worse: every kind of writing, every length, every address."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from bot.messages import Action, AskLocation, Card, Carousel, Copy, Link, Message, PickDate, Place, Press, Say, Text

SENTENCES = (
    "ศูนย์เปิดวันจันทร์ถึงวันศุกร์ค่ะ โทรถามก่อนมาได้นะคะ",
    "ได้ค่ะ เอาบัตรประชาชนมาด้วยนะคะ\n\n• สำเนาทะเบียนบ้าน\n• รูปถ่าย 1 ใบ\n\nไม่มีค่าใช้จ่ายค่ะ",
    "หมายถึงเรื่องไหนคะ",
    "ที่อยู่: 123 หมู่ 4 ต.เวียง อ.เมือง จ.เชียงราย 57000\nโทร. 053-000-000 (08.30 น. ถึง 16.30 น.)",
    "You can join any forum. Bring a friend! Nothing has to be paid.",
    "👍 ตรง",
)
STRESSED = (
    "ก", "ที่", "น้ำใจ ", "ป" + "\u0e47" * 6 + "\u0e48" * 5, "\u0e49", "a", "e\u0301", "word ", "line\n",
    "paragraph\n\n", "\n", "\r\n", " ", "😀", "👩\u200d👩\u200d👧\u200d👦",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🇹🇭", "👍🏽", "مرحبا ", "שלום", "\u202eกลับ\u202c", "\ufe0f", "\u200b", "\u2800", "\u2028", "\x00", "\x1b[0m",
    "\ufffe", "\ud83d", "\ude00", '"', "\\", "{$}", "<b>", "%",
)  # fmt: skip
"""Each is hard in its own way, alone and many times over: marks without end, families of emoji, right to left, half a
surrogate pair, what JSON escapes, what nobody sees."""
NOTHING = ("", " ", "\n", "\n" * 60, " \t\r\n ", "\u200b", "\u2800\ufe0f", "\u3164")
DATA_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789~?=&%._-"
SCHEMES = (
    "http", "https", "HTTPS", "line", "tel", "mailto", "javascript", "ftp", "file", "data", "intent", "", "ไทย", "//",
)  # fmt: skip
PLACES_OF_LINKS = (
    "//example.org/a", "//example.org", "//ไทย.example/ทาง", "//example.org:99999/", "//[::1", "//", "nv/location",
    "191", "053 000 000", "๑๙๑", "+66-53-000000;ext=2", "*123#", "053 ต่อ 4", "someone@example.org", "//a b/",
    "//user:p@example.org/", "//example.org/a b?q=ถาม&r=%zz#<x>", "//example.org/%E0%B8%81", "//\\example.org",
)  # fmt: skip

_SPOILT = st.builds(lambda piece, times: (piece * times)[:12_000], st.sampled_from(STRESSED), st.integers(1, 6_000))
_SHORT = st.text(st.characters(), max_size=40)
_TIDY_TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("\n\n".join)
_PARAGRAPHS = st.builds(
    lambda piece, times, between: between.join([piece] * times),
    st.sampled_from(SENTENCES),
    st.integers(1, 150),
    st.sampled_from(("\n\n", "\n", " ")),
)
TEXTS = st.one_of(
    _TIDY_TEXTS,
    _SHORT,
    st.sampled_from(NOTHING),
    _PARAGRAPHS,
    st.lists(_SPOILT | _SHORT | st.sampled_from(SENTENCES), max_size=4).map("".join),
)
LABELS = st.one_of(
    st.sampled_from(SENTENCES),
    _SHORT,
    st.sampled_from(NOTHING),
    st.builds(lambda piece, times: piece * times, st.sampled_from(STRESSED), st.integers(1, 400)),
)
DATA = st.one_of(
    st.text(DATA_LETTERS, min_size=1, max_size=40),
    st.builds(lambda letter, times: letter * times, st.sampled_from((*DATA_LETTERS, "ก", "😀")), st.integers(0, 320)),
    _SHORT,
)


def _address(scheme: str, place: str, more: str, times: int) -> str:
    return f"{scheme}:{place}{more * times}"


ADDRESSES = st.one_of(
    st.builds(
        _address, st.sampled_from(SCHEMES), st.sampled_from(PLACES_OF_LINKS), st.sampled_from(("", "a", "/ก", "9")),
        st.integers(0, 1_100),
    ),
    st.sampled_from(SCHEMES).map("{}://example.org/ถาม".format),
    st.integers(950, 1_050).map(lambda length: "https://example.org/".ljust(length, "a")),
    LABELS,
)  # fmt: skip
PICTURES = st.one_of(
    st.sampled_from(
        (
            "https://example.org/a.png", "HTTPS://ไทย.example/รูป.png", "http://127.0.0.1:8000/t/a.png",
            "http://localhost/a.png", "http://127.0.0.1.example.org/a.png", "http://example.org/a.png",
            "data:image/png,",
        )
    ),
    st.integers(1_950, 2_050).map(lambda length: "https://example.org/".ljust(length, "a")),
    ADDRESSES,
)  # fmt: skip
MOMENTS = st.one_of(
    st.none(),
    st.dates().map(str),
    st.times().map(lambda time: time.isoformat("minutes")),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes")),
    st.sampled_from(("2569-11-28", "2026-02-29", "2100-12-31T23:59", "2026-11-28t09:00", "24:00", "๒๐๒๖-๑๑-๒๘", "")),
    _SHORT,
)
MODES = st.sampled_from(("date", "time", "datetime"))
COPIED = st.one_of(TEXTS, LABELS, st.integers(990, 1_010).map("1".__mul__))
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Say, LABELS, TEXTS),
    st.builds(Press, LABELS, DATA, LABELS | TEXTS),
    st.builds(Link, LABELS, ADDRESSES),
    st.one_of(
        st.builds(Copy, LABELS, COPIED),
        st.builds(PickDate, LABELS, DATA, MODES, MOMENTS, MOMENTS, MOMENTS),
        st.builds(AskLocation, LABELS),
    ),
)
TIDY_DATA = st.text(DATA_LETTERS, min_size=1, max_size=40)
TIDY_ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Press, st.sampled_from(SENTENCES), TIDY_DATA, st.just("เมนู")),
    st.builds(Link, st.just("โทร 191"), st.just("tel:191")),
    st.builds(PickDate, st.just("เลือกวัน"), TIDY_DATA, MODES, MOMENTS),
    st.builds(Copy, st.just("คัดลอก"), COPIED),
)


def _lists_of(actions: st.SearchStrategy[Action], most: int) -> st.SearchStrategy[tuple[Action, ...]]:
    """Mostly a few; sometimes one of them over and over, which costs nothing to make."""
    few = st.lists(actions, max_size=5).map(tuple)
    return st.one_of(few, few, st.builds(lambda action, times: (action,) * times, actions, st.integers(0, most)))


BUTTONS = _lists_of(ACTIONS, 24) | _lists_of(TIDY_ACTIONS, 12)
CHOICES = _lists_of(ACTIONS, 16) | _lists_of(TIDY_ACTIONS, 16)
DEGREES = st.one_of(
    st.floats(-90, 90),
    st.floats(),
    st.integers(-1_000, 1_000),
    st.sampled_from((90.0, -180.0, 180.0, 1e-7, -0.0, math.nan, math.inf)),
)
SHAPES = st.sampled_from(("wide", "square"))
FACTS = st.lists(st.tuples(LABELS, LABELS | TEXTS), max_size=5).map(tuple)
CARDS = st.builds(Card, TEXTS | LABELS, TEXTS, BUTTONS, TEXTS, CHOICES) | st.builds(
    Card, TEXTS | LABELS, TEXTS, BUTTONS, TEXTS, CHOICES, st.none() | PICTURES, FACTS, SHAPES
)
LEAVES = st.builds(
    Card, LABELS, LABELS | TEXTS, BUTTONS, st.just(""), st.just(()), st.none() | PICTURES, FACTS, SHAPES
) | st.builds(
    Card, st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), _lists_of(TIDY_ACTIONS, 4), picture=PICTURES,
    facts=st.just((("วันที่", "วันเสาร์ที่ 28 พฤศจิกายน 2569"), ("สถานที่", "ศาลาประชาคมบ้านป่าตึง"), ("ที่นั่งว่าง", "12"))),
)  # fmt: skip
CAROUSELS = st.builds(
    Carousel,
    st.lists(LEAVES, max_size=4).map(tuple)
    | st.builds(lambda card, times: (card,) * times, LEAVES, st.integers(0, 16)),
    TEXTS | LABELS,
    CHOICES,
)
PLACES = st.builds(Place, LABELS, LABELS, DEGREES, DEGREES, CHOICES)
SINGLE: st.SearchStrategy[Message] = st.one_of(st.builds(Text, TEXTS, CHOICES), CARDS, PLACES)
MESSAGES: st.SearchStrategy[Message] = st.one_of(st.builds(Text, TEXTS, CHOICES), CARDS, CAROUSELS, PLACES)
REPLIES: st.SearchStrategy[Sequence[Message]] = st.lists(MESSAGES, max_size=4) | st.builds(
    lambda message, times: [message] * times, SINGLE, st.integers(1, 8)
)
