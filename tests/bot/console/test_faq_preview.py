"""The preview shows what the bot sends."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from bot.console import preview
from bot.console.preview import Bubble
from bot.conversation.memory import Memory
from bot.conversation.postback import Buttons
from bot.conversation.turn import Speaker, Turn
from bot.incoming import Incoming
from bot.line.render import render
from bot.vault import Vault
from handlers import faq, wording
from handlers.desk import Desk
from knowledge.care import Care
from knowledge.checks import ACTIONS
from knowledge.entries import Action, Detail, Entry
from tests.builders import NOON
from tests.office import FACTS, shipped

TODAY = date(2026, 11, 30)
PLAIN = Entry("center.parking", {"th": "จอดรถ"}, {"th": "จอดได้ค่ะ"}, (), None, (), (), ())


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_buttons_are_called_as_the_bot_calls_them(language: str) -> None:
    said = wording.load(language).say
    assert preview.LABELS[language] == {name: said(f"action.{name}") for name in ACTIONS}
    keys = ("answer.fits", "button.fits", "button.misses", "button.menu", "button.staff")
    assert preview.FITS[language] == tuple(said(key) for key in keys)


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("entry_id", "care"),
    [
        ("center.hours", Care()), ("center.contact", Care()), ("forum.join", Care()), ("center.founded", Care()),
        ("center.hours", Care(confirmed="2025-01-31", best_before="2026-01-01")),
        ("center.hours", Care(confirmed="2025-01-31", best_before="2026-01-01", when_old="withhold")),
        ("center.hours", Care(valid_from="2099-01-01")), ("center.hours", Care(valid_until="2020-01-01")),
    ],
)  # fmt: skip
def test_it_is_what_a_person_gets(vault: Vault, entry_id: str, care: Care, language: str) -> None:
    catalogue = shipped()
    entry = replace(catalogue.entries[entry_id], care=care)
    desk = Desk(buttons=Buttons(vault), vault=vault, facts=FACTS)
    incoming = Incoming(event_id="1", kind="postback", occurred_at=NOON, standby=False)
    turn = Turn(
        db=None, now=NOON, incoming=incoming, incoming_id=1, catalogue=catalogue, knowledge_version="v",
        speaker=Speaker(person_id=1, language=language, following=True, notice_version=1), memory=Memory(),
    )  # type: ignore[arg-type]  # fmt: skip
    sent = render(faq.answer(turn, desk, entry, 1).messages)
    titles = {name: entry.title.get(language) or entry.title["th"] for name, entry in catalogue.entries.items()}
    drawn = render(
        preview.messages_of(
            entry, titles=titles, facts=FACTS, today=NOON.date(), language=language
        )
    )  # fmt: skip
    assert without_data(drawn) == without_data(sent)


def without_data(messages: object) -> str:
    """What buttons tell us is signed: in a preview they tell nothing."""
    return re.sub(r'"data": "[^"]*"', "", json.dumps(messages, ensure_ascii=False))


def draw(entry: Entry, **facts: str) -> preview.Preview:
    return preview.draw(entry, titles={"forum.join": "เวที"}, facts=facts, today=TODAY, language="th")


def test_an_answer_with_buttons_is_a_card_and_neighbours_follow() -> None:
    entry = replace(
        PLAIN, actions=(Action("offer_person"), Action("handover"), Action("privacy"), Action("preferences")),
        related=("forum.join", "gone"), answer={"th": "หนึ่งค่ะ\n\nสองค่ะ"},
    )  # fmt: skip
    drawn = draw(entry)
    assert drawn.bubbles == (
        Bubble(("หนึ่งค่ะ", "สองค่ะ"), ("คุยกับเจ้าหน้าที่", "ข้อมูลของฉัน")), Bubble(("ตอบตรงไหมคะ",)),
    )  # fmt: skip
    assert drawn.quick_replies == ("👍 ตรง", "👎 ไม่ตรง", "เวที", "เมนู", "คุยกับเจ้าหน้าที่")


def test_what_is_missing_is_named_and_said_otherwise() -> None:
    entry = replace(
        PLAIN, answer={"th": "โทร {contact_phone}\nมาได้ค่ะ"}, unavailable={"th": "ยังไม่ทราบค่ะ"},
        details=(Detail(("contact_hours",), {"th": "เปิด {contact_hours}"}),),
    )  # fmt: skip
    assert (draw(entry).bubbles[0].paragraphs, draw(entry).missing) == (
        ("มาได้ค่ะ\n\nยังไม่ทราบค่ะ",), ("contact_phone", "contact_hours"),
    )  # fmt: skip
    filled = draw(entry, contact_phone="053 000 000", contact_hours="แปดโมง")
    assert (filled.bubbles[0].paragraphs, filled.missing) == (("โทร 053 000 000\nมาได้ค่ะ\n\nเปิด แปดโมง",), ())


@pytest.mark.parametrize(
    "answer",
    [{}, {"th": ""}, {"th": "  \n"}, {"th": "{years_since:}"}, {"th": "{years_since:ก}"}, {"th": "{{7187*7193}} } {"}],
)
def test_half_written_answers_are_drawn_too(answer: dict[str, str]) -> None:
    shown = [paragraph for bubble in draw(replace(PLAIN, answer=answer)).bubbles[:1] for paragraph in bubble.paragraphs]
    assert "51696091" not in "".join(shown)


def test_a_day_that_is_none_is_passed_over() -> None:
    assert draw(replace(PLAIN, care=Care(valid_until="พรุ่งนี้"))).bubbles[0].paragraphs == ("จอดได้ค่ะ",)


def test_an_empty_answer_is_no_message() -> None:
    assert draw(replace(PLAIN, answer={}, actions=(Action("privacy"),))).bubbles == ()
