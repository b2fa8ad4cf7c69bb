"""A topic as a form, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from werkzeug.datastructures import MultiDict

from bot.console.faq_sentences import PLACES_TO_PUT
from bot.console.preview import LABELS
from bot.faq.changes import action_text
from knowledge.care import NAMES as CARE
from knowledge.care import Care
from knowledge.checks import ACTIONS
from knowledge.content_files import CRISIS, LANGUAGES
from knowledge.entries import Action, Detail, Entry
from knowledge.pack import Pack

LINE_END = "⏎"
"""Stands for a line end within a wording: the field has one wording a line."""
MOST_DETAILS = 20
MOST_RELATED = 3

Form = MultiDict[str, str]


def entry_of(form: Form, *, entry_id: str) -> Entry:
    """Whatever was filled in, right or wrong."""
    unavailable = _by_language(form, "unavailable")
    return Entry(
        id=entry_id,
        title=_by_language(form, "title"),
        answer=_by_language(form, "answer"),
        details=tuple(_details(form)),
        unavailable=unavailable or None,
        actions=tuple(_action(text) for text in form.getlist("actions")),
        related=tuple(dict.fromkeys(name for name in form.getlist("related") if name)),
        variants=texts_of(form.get("variants", "")),
        phrases=texts_of(form.get("phrases", "")) if entry_id == CRISIS else (),
        care=Care.from_plain({name: form[f"care_{name}"].strip() for name in CARE if f"care_{name}" in form}),
    )


def blank_entry() -> Entry:
    return Entry("", {}, {}, (), None, (), (), ())


def id_of(form: Form) -> str:
    """The family chosen, or a new one, and the name within it."""
    family = form.get("family", "") or form.get("new_family", "")
    return f"{family.strip()}.{form.get('name', '').strip()}"


def texts_of(lines: str) -> tuple[str, ...]:
    found = (line.strip().replace(LINE_END, "\n") for line in lines.splitlines())
    return tuple(text for text in found if text)


def lines_of(texts: tuple[str, ...]) -> str:
    return "\n".join(text.replace("\n", LINE_END) for text in texts)


def answer_texts(entry: Entry) -> dict[str, str]:
    """The texts in which settings may be named, by their field."""
    texts = {f"answer_{language}": text for language, text in entry.answer.items()}
    for number, detail in enumerate(entry.details):
        texts |= {f"details_{number}": "\n".join((*detail.text.values(), *(f"{{{name}}}" for name in detail.needs)))}
    return texts | {f"unavailable_{language}": text for language, text in (entry.unavailable or {}).items()}


def offered_actions(entry: Entry, pack: Pack) -> list[tuple[str, str, bool]]:
    """Each button by its written form, with its name and whether it is chosen: those first, in their order."""
    chosen = [action_text(action) for action in entry.actions]
    offered: dict[str, str] = {name: _action_name(name) for name in ACTIONS}
    for programme in pack.programmes:
        offered[f"list_events({programme.id})"] = (
            f"{_action_name('list_events')}: {programme.name.get('th', programme.id)}"
        )
    ordered = [*chosen, *(name for name in offered if name not in chosen)]
    return [(name, offered.get(name, name), name in chosen) for name in ordered]


def action_names(text: str, pack: Pack) -> str:
    """A list of buttons in their written form, as people know them."""
    named = {name: title for name, title, _ in offered_actions(blank_entry(), pack)}
    return ", ".join(named.get(name, name) for name in text.split(", ") if name)


_MEANT: Mapping[str, str] = {
    "handover": "คุยกับเจ้าหน้าที่ (ส่งเรื่องต่อทันที)",
    "handover_urgent": "คุยกับเจ้าหน้าที่ (เรื่องด่วน)",
}
"""Where two actions have the same button."""


def _action_name(name: str) -> str:
    return _MEANT.get(name) or LABELS["th"].get(name, name)


def _action(text: str) -> Action:
    name, _, rest = text.partition("(")
    return Action(name, rest.removesuffix(")") or None)


def _by_language(form: Form, field: str) -> dict[str, str]:
    found = {language: _text(form, f"{field}_{language}") for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def _text(form: Form, field: str) -> str:
    return form.get(field, "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _details(form: Form) -> Iterator[Detail]:
    """Rows that are wholly empty are left out."""
    for number in range(MOST_DETAILS):
        needs = tuple(name for name in form.getlist(f"details_{number}_needs") if name in PLACES_TO_PUT)
        text = _by_language(form, f"details_{number}")
        if needs or text:
            yield Detail(needs, text)
