"""An answer as it looks in LINE: what the bot would send, put into bubbles for a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot import thai_dates
from bot.line.render import render
from bot.messages import Card, Message, Press, Rendered, Text
from knowledge.answers import compose
from knowledge.care import Standing
from knowledge.checks import SETTINGS
from knowledge.entries import SMALL_TALK, Entry

MOST_BUTTONS = 3
"""Of an answer's actions; further ones are not shown to people."""
LABELS: Mapping[str, Mapping[str, str]] = {
    "th": {
        "offer_person": "คุยกับเจ้าหน้าที่", "handover": "คุยกับเจ้าหน้าที่", "handover_urgent": "คุยกับเจ้าหน้าที่",
        "list_events": "ดูกิจกรรม", "start_registration": "ดูกิจกรรมที่เปิดรับ", "my_registrations": "กิจกรรมของฉัน",
        "cancel_registration": "ยกเลิกการลงทะเบียน", "preferences": "ตั้งค่าการรับข่าว", "send_location": "ส่งแผนที่",
        "collect_proposal": "เสนอเรื่อง", "collect_story": "ส่งเรื่องของชุมชน", "privacy": "ข้อมูลของฉัน",
    },
    "en": {
        "offer_person": "Talk to staff", "handover": "Talk to staff", "handover_urgent": "Talk to staff",
        "list_events": "See activities", "start_registration": "Open activities",
        "my_registrations": "My events", "cancel_registration": "Cancel registration",
        "preferences": "News settings", "send_location": "Send the map", "collect_proposal": "Propose a topic",
        "collect_story": "Send our story", "privacy": "My data",
    },
}  # fmt: skip
"""The buttons of actions. A test compares them with what the bot says."""
FITS = {
    "th": ("ตอบตรงไหมคะ", "👍 ตรง", "👎 ไม่ตรง", "เมนู", "คุยกับเจ้าหน้าที่"),
    "en": ("Did that answer your question?", "👍 Yes", "👎 No", "Menu", "Talk to staff"),
}
STANDINGS: Mapping[str, Mapping[Standing, str]] = {
    "th": {
        "old": "(ข้อมูลนี้ยืนยันล่าสุดเมื่อ {date} อาจเปลี่ยนไปแล้ว ถามเจ้าหน้าที่ได้นะคะ)",
        "withheld": (
            "เรื่อง “{title}” ข้อมูลที่บอตมีอาจเก่าแล้วค่ะ บอตจึงยังไม่ตอบ จนกว่าเจ้าหน้าที่จะยืนยัน\n\nถ้าอยากรู้ตอนนี้ กดคุยกับเจ้าหน้าที่ได้เลยนะคะ"
        ),
        "not yet": "เรื่อง “{title}” ยังไม่ถึงเวลาค่ะ ถ้าอยากรู้ก่อน ถามเจ้าหน้าที่ได้นะคะ",
        "over": "เรื่อง “{title}” หมดช่วงเวลาแล้วค่ะ ถ้าอยากรู้ว่ามีรอบหน้าไหม ถามเจ้าหน้าที่ได้นะคะ",
    },
    "en": {
        "old": "(Last confirmed on {date}; it may have changed since. You can ask our staff.)",
        "withheld": "What I have on “{title}” is old, and our staff have not confirmed it yet."
        " You can ask them directly.",
        "not yet": "It is too early for “{title}”. Until then you can ask our staff.",
        "over": "“{title}” is over. You can ask our staff whether there will be another.",
    },
}
"""Said under an old answer, and instead of one that is not to be said today."""


@dataclass(frozen=True, slots=True)
class Bubble:
    paragraphs: tuple[str, ...]
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    bubbles: tuple[Bubble, ...]
    quick_replies: tuple[str, ...]
    missing: tuple[str, ...]
    """Settings that the answer names and that are not filled in."""


def draw(entry: Entry, *, titles: Mapping[str, str], facts: Mapping[str, str], today: date, language: str) -> Preview:
    """Of any entry, also one that is half written. `titles` are in the same language."""
    sent = render(messages_of(entry, titles=titles, facts=facts, today=today, language=language))
    named = {name for detail in entry.details for name in detail.needs}
    named |= {name for name in SETTINGS if any(f"{{{name}}}" in text for text in entry.answer.values())}
    missing = tuple(name for name in SETTINGS if name in named and not facts.get(name))
    return Preview(tuple(_bubbles(sent)), tuple(_quick_replies(sent)), missing)


def messages_of(
    entry: Entry, *, titles: Mapping[str, str], facts: Mapping[str, str], today: date, language: str
) -> tuple[Message, ...]:
    """As the bot answers a question with this entry."""
    text = _answer(entry, facts=facts, today=today, language=language)
    if not text.strip():
        return ()
    if entry.id in SMALL_TALK:
        return (Text(text),)
    labels = [LABELS[language].get(action.name, action.name) for action in entry.actions[:MOST_BUTTONS]]
    buttons = tuple(_button(label) for label in dict.fromkeys(labels))
    first: Message = Card(title="", text=text, actions=buttons) if buttons else Text(text)
    asked, yes, no, menu, staff = FITS[language]
    related = [titles[other] for other in entry.related if other in titles]
    return first, Text(asked, tuple(_button(label) for label in (yes, no, *related, menu, staff)))


def _answer(entry: Entry, *, facts: Mapping[str, str], today: date, language: str) -> str:
    text = _compose(entry, facts=facts, today=today, language=language)
    try:
        standing = entry.care.standing(today)
        confirmed = date.fromisoformat(entry.care.confirmed) if entry.care.confirmed else None
    except ValueError:  # a day that is none: the checks say so
        return text
    if standing == "fresh" or (standing == "old" and confirmed is None):
        return text
    if standing == "old" and confirmed is not None:
        said_on = thai_dates.long_date(confirmed) if language == "th" else f"{confirmed:%-d %B %Y}"
        return f"{text}\n\n{STANDINGS[language]['old'].format(date=said_on)}"
    return STANDINGS[language][standing].format(title=entry.title.get(language) or entry.title.get("th", ""))


def _compose(entry: Entry, *, facts: Mapping[str, str], today: date, language: str) -> str:
    with_thai = replace(
        entry,
        answer={"th": "", **entry.answer},
        details=tuple(replace(detail, text={"th": "", **detail.text}) for detail in entry.details),
        unavailable=None if entry.unavailable is None else {"th": "", **entry.unavailable},
    )
    try:
        return compose(with_thai, language=language, facts=facts, today=today)
    except ValueError:  # a number of years that is none: the checks say so
        return with_thai.answer.get(language) or with_thai.answer["th"]


def _button(label: str) -> Press:
    return Press(label, "preview", label)


def _bubbles(sent: Rendered) -> Iterator[Bubble]:
    for message in sent:
        if message["type"] == "text":
            yield Bubble((message["text"],))
        elif message["type"] == "flex":
            bubble = message["contents"]
            words = bubble.get("body", {}).get("contents", ())
            buttons = bubble.get("footer", {}).get("contents", ())
            yield Bubble(
                tuple(part["text"] for part in words),
                tuple(part["action"]["label"] for part in buttons if "action" in part),
            )


def _quick_replies(sent: Rendered) -> Iterator[str]:
    for message in sent:
        for item in message.get("quickReply", {}).get("items", ()):
            yield item["action"]["label"]
