from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.postback import Buttons
from bot.line import limits
from bot.line.render import render
from bot.messages import Card, Link, Message, Press, Rendered, Text
from bot.notices.checks import find_faults
from bot.notices.content import NAME, Bubble, Content
from bot.notices.messages import messages_of, tidy_name
from bot.simulator.rules import requests
from bot.vault import Vault
from tests.builders import NOON, SOMCHAI
from tests.proof.contracting import actions_in, find_breaches, render_and_listen

DOMAINS = frozenset({"centre.go.th"})
LINK = "https://www.centre.go.th/%E0%B8%81"
OUT, EVENT = (
    Press("ไม่รับข่าวแล้ว", "notice_off?n=7", "ไม่รับข่าวแล้ว"),
    Press("ดูงานและลงทะเบียน", "event?i=3", "ดูงานและลงทะเบียน"),
)
SIGNED = Buttons(Vault("k" * 40))


def plain(label: str, action: str, arguments: dict[str, str]) -> Press:
    ((name, value),) = arguments.items()
    return Press(label, f"{action}?{name}={value}", label)


def signed(label: str, action: str, arguments: dict[str, str]) -> Press:
    """As the sender makes them."""
    return Press(label, SIGNED.encode(action, now=NOON, **arguments), label)


def said(*bubbles: Bubble, event_button: bool = True, event_id: int | None = None, **more: Any) -> tuple[Message, ...]:
    return messages_of(Content(bubbles, event_button), buttons=plain, notice_id=7, event_id=event_id, **more)


def test_a_text_alone_becomes_a_card_with_the_way_out() -> None:
    assert said(Bubble("text", "ก")) == (Card("", "ก", (OUT,), "ก", leads=False),)


def test_the_last_message_has_the_event_and_the_way_out() -> None:
    card = Bubble("card", "ข้อความ", "หัวเรื่อง", "https://centre.go.th/a.png", LINK, "ดูหน้าเว็บ")
    text, last = said(Bubble("text", "ก"), card, event_id=3)
    assert text == Text("ก")
    assert last == Card(
        "หัวเรื่อง", "ข้อความ\n\nลิงก์ไปที่: www.centre.go.th/ก", (EVENT, Link("ดูหน้าเว็บ", LINK), OUT), "",
        picture="https://centre.go.th/a.png",
    )  # fmt: skip


@pytest.mark.parametrize(("event_button", "event_id"), [(False, 3), (True, None)])
def test_without_an_event_or_its_button_there_is_none(event_button: bool, event_id: int | None) -> None:
    (card,) = said(Bubble("card", "ก"), event_button=event_button, event_id=event_id)
    assert isinstance(card, Card)
    assert card.actions == (OUT,)


def test_a_link_gets_a_label_and_its_real_address_below_the_text() -> None:
    first, second, last = said(
        Bubble("text", "ก", link=LINK),
        Bubble("card", "ข", link="tel:053-711-123"),
        Bubble("text", "ค", link=f" {LINK} "),
    )
    assert first == Card("", "ก\n\nลิงก์ไปที่: www.centre.go.th/ก", (Link("เปิดลิงก์", LINK),), "ก")
    assert second == Card("", "ข\n\nโทรไปที่: 053-711-123", (Link("โทรเลย", "tel:053-711-123"),), "ข")
    assert last == Card("", "ค\n\nลิงก์ไปที่: www.centre.go.th/ก", (Link("เปิดลิงก์", LINK), OUT), "ค")


def test_a_trial_says_so_first() -> None:
    trial = Text("ตัวอย่างประกาศ ยังไม่ได้ส่งถึงใครค่ะ")
    assert said(Bubble("text", "ก"), trial=True) == (trial, Card("", "ก", (OUT,), "ก", leads=False))


def test_in_english_our_own_words_are_english() -> None:
    (card,) = said(Bubble("card", f"Hello {NAME}", link=LINK), event_id=3, language="en")
    assert isinstance(card, Card)
    assert card.text == "Hello you\n\nThe link leads to: www.centre.go.th/ก"
    assert [action.label for action in card.actions] == ["See event, sign up", "Open the link", "No more news"]


def test_without_a_bubble_there_is_the_way_out() -> None:
    assert said() == (Card("", "", (OUT,), "", leads=False),)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("สมชาย", "สวัสดีคุณสมชาย"),
        (None, "สวัสดีคุณ"),
        ("", "สวัสดีคุณ"),
        ("คุณสมชาย", "สวัสดีคุณสมชาย"),
        ("{ชื่อ}", "สวัสดีคุณ{ชื่อ}"),
        ("{0.__class__} %s", "สวัสดีคุณ{0.__class__} %s"),
        ("\\1 \\g<0>", "สวัสดีคุณ\\1 \\g<0>"),
        ("สม\nชาย\x00\u202e", "สวัสดีคุณสม ชาย"),
        ("ลุ้นรางวัล bit.ly/x", "สวัสดีคุณลุ้นรางวัล"),
        ("https://evil.com", "สวัสดีคุณ"),
        ("ก" * 30, "สวัสดีคุณ" + "ก" * 19 + "…"),
    ],
)
def test_the_name_is_put_in_as_it_is_and_tidy(name: str | None, words: str) -> None:
    assert said(Bubble("text", f"สวัสดีคุณ{NAME}"), name=name)[-1] == Card("", words, (OUT,), words, leads=False)


def test_the_name_stands_wherever_it_is_asked_for() -> None:
    text, card = said(Bubble("text", f"{NAME} {NAME}"), Bubble("card", "ก", f"ถึงคุณ {NAME}"), name="มาลี")
    assert text == Text("มาลี มาลี")
    assert isinstance(card, Card)
    assert card.title == "ถึงคุณ มาลี"


def test_what_is_taken_out_of_a_name_leaves_no_other_address() -> None:
    assert tidy_name("ev bit.ly/x il.com") == "ev"
    assert tidy_name("a.co" * 100) == ""
    assert limits.utf16_units(tidy_name("ก" + "\u0e48" * 500)) <= 60


PIECES = st.sampled_from(
    ("ก", "ที่", "คำ ", "\n", "\n\n", "😀", "👩\u200d👩\u200d👧", NAME, "a", '"', "e\u0301", "ก" + "\u0e48" * 3)
)
WORDS = st.builds(
    lambda piece, times, end: (piece * times)[:1_400] + end, PIECES, st.integers(0, 1_000), st.sampled_from("กa😀")
)
TITLES = st.builds(lambda piece, times: (piece * times)[:120], PIECES, st.integers(0, 60))
ADDRESSES = st.sampled_from(["", LINK, "tel:053-711-123", "https://centre.go.th/" + "ก" * 108])
PICTURES = st.sampled_from(["", "https://centre.go.th/a.png", "https://centre.go.th/".ljust(2_000, "a")])
LABELS = st.sampled_from(["", "ดู", "ที่" * 20, "👩\u200d👩\u200d👧" * 10])
BUBBLES = st.builds(Bubble, st.just("card"), WORDS, TITLES, PICTURES, ADDRESSES, LABELS) | st.builds(
    Bubble, st.just("text"), WORDS, link=ADDRESSES, label=LABELS
)
NAMES = st.none() | st.sampled_from(["สมชาย", "😀" * 30, "ก" + "\u0e48" * 100, "a.co b"])


def sent_at_once(rendered: Rendered) -> dict[str, Any]:
    return {"to": [SOMCHAI], "messages": rendered, "customAggregationUnits": ["n1"]}


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(BUBBLES, min_size=1, max_size=3), NAMES, st.booleans(), st.sampled_from(["th", "en"]))
def test_a_notice_without_faults_is_taken_whole_by_line(
    bubbles: list[Bubble], name: str | None, trial: bool, language: str
) -> None:
    content = Content(tuple(bubbles))
    if find_faults(content, event=None, domains=DOMAINS, now=NOON):
        return
    messages = messages_of(
        content, buttons=signed, notice_id=2**62, event_id=2**62, name=name, trial=trial, language=language
    )
    rendered, left_out = render_and_listen(messages)
    assert find_breaches(messages, rendered, left_out) == set()
    assert (len(rendered), left_out) == (len(bubbles) + trial, {})
    assert actions_in(rendered[-1])[-1]["data"].startswith("notice_off?n=")
    requests.check_multicast(sent_at_once(rendered))


def test_the_largest_notice_is_three_messages() -> None:
    """Were one of them cut in two, the last words of a trial would be lost."""
    text = ("ก" + "\u0e48" * 2) * 870 + "\nก\n" * 29 + NAME
    bubble = Bubble(
        "card", text, "ที่" * 60, "https://centre.go.th/".ljust(2_000, "a"), "https://centre.go.th/".ljust(1_000, "a")
    )
    content = Content((bubble,) * 3)
    assert find_faults(content, event=None, domains=DOMAINS, now=NOON) == []
    name = "😀" * 20
    rendered = render(messages_of(content, buttons=signed, notice_id=1, event_id=1, name=name, trial=True))
    assert [message["type"] for message in rendered] == ["text", "flex", "flex", "flex"]


def test_the_same_notice_is_the_same_to_the_byte() -> None:
    content = Content((Bubble("text", "ก", link=LINK), Bubble("card", f"{NAME}", "ข")))
    one, other = (render(messages_of(content, buttons=signed, notice_id=1, event_id=1, name="ก")) for _ in range(2))
    assert one == other
