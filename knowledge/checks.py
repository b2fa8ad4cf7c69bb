"""Rules that content must keep beyond its form. They work on values, so a draft from a console is checked alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import regex

from knowledge.answers import FIELD, longest_form
from knowledge.care import UNCARED_FOR, faults_of
from knowledge.entries import Entry, Fault
from knowledge.pack import Pack
from knowledge.thai import normalise, without_dots

CRISIS = "general.crisis"
FEWEST_VARIANTS = 12
LONGEST_TITLE = 20
"""In letters as a reader counts them: the label of a LINE quick reply."""
LONGEST_TEXT = 5_000
"""In UTF-16 code units: a LINE text message."""
LONG_TEXT = 500
LONGEST_VARIANT = 1_000
SETTINGS = (
    *("contact_phone", "contact_email", "contact_url", "contact_address", "contact_latitude", "contact_longitude"),
    *("contact_hours", "welfare_card_contact"),
)
ACTIONS = (
    *("offer_person", "list_events", "start_registration", "my_registrations", "cancel_registration", "preferences"),
    *("send_location", "collect_proposal", "collect_story", "handover", "handover_urgent", "privacy"),
)
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
Places = Mapping[object, tuple[str, int | None]]
Finding = tuple[object, str, bool]


def check(
    entries: Mapping[str, Entry], pack: Pack, messages: Mapping[str, tuple[str, ...]], places: Places | None = None
) -> tuple[Fault, ...]:
    """Every fault. `places` names file and line of an entry id, of (id, field) and of (id or group, text)."""
    findings = [finding for entry in entries.values() for finding in _check_entry(entry, entries, pack)]
    findings += _check_twins(entries, messages)
    return tuple(_fault(finding, places or {}) for finding in findings)


def _fault(finding: Finding, places: Places) -> Fault:
    where, message, warning = finding
    owner = where[0] if isinstance(where, tuple) else where
    file, line = places.get(where) or places.get(owner) or (str(owner), None)
    return Fault(file, line, message, warning)


def _check_entry(entry: Entry, entries: Mapping[str, Entry], pack: Pack) -> Iterator[Finding]:
    if not _ID.fullmatch(entry.id):
        yield entry.id, f"The id {entry.id!r} must look like 'center.hours': small letters, one dot.", False
    if len(entry.variants) < FEWEST_VARIANTS:
        problem = f"There are {len(entry.variants)} variants. Write at least {FEWEST_VARIANTS} ways to ask."
        yield (entry.id, "variants"), problem, False
    for language, title in entry.title.items():
        letters = len(regex.findall(r"\X", title))
        if letters > LONGEST_TITLE:
            yield (
                (entry.id, "title"),
                f"The title ({language}) has {letters} letters; a button has {LONGEST_TITLE}.",
                False,
            )
    if bool(entry.details) != bool(entry.unavailable):
        yield (entry.id, "details"), "'details' and 'unavailable' go together: write both or neither.", False
    for variant in entry.variants:
        if len(variant) > LONGEST_VARIANT:
            yield (entry.id, variant), f"A variant has {len(variant)} letters. Keep it under {LONGEST_VARIANT}.", False
    if entry.id == CRISIS and entry.care != UNCARED_FOR:
        yield (entry.id, "care"), f"{CRISIS} is said at all times: it has no 'care'.", False
    for problem in faults_of(entry.care):
        yield (entry.id, "care"), problem, False
    yield from _check_texts(entry)
    yield from _check_links(entry, entries, pack)


def _check_texts(entry: Entry) -> Iterator[Finding]:
    texts = [("answer", text) for text in entry.answer.values()]
    texts += [("details", text) for detail in entry.details for text in detail.text.values()]
    texts += [("unavailable", text) for text in (entry.unavailable or {}).values()]
    for part, text in texts:
        for problem in _bad_fields(text):
            yield (entry.id, part), problem, False
    for detail in entry.details:
        for name in detail.needs:
            if name not in SETTINGS:
                yield (entry.id, "details"), f"There is no setting {name!r}. There are: {', '.join(SETTINGS)}.", False
    for language in entry.answer:
        units = len(longest_form(entry, language=language).encode("utf-16-le")) // 2
        if units > LONGEST_TEXT:
            yield (
                (entry.id, "answer"),
                f"The answer ({language}) has {units} letters; a message has {LONGEST_TEXT}.",
                False,
            )
        elif units > LONG_TEXT:
            yield (entry.id, "answer"), f"The answer ({language}) has {units} letters; people read {LONG_TEXT}.", True


def _bad_fields(text: str) -> Iterator[str]:
    for match in FIELD.finditer(text):
        name, argument = match["name"], match["argument"]
        if match[0] in ("{{", "}}"):
            continue
        if name is None:
            yield f"There is a lone {match[0]!r} in a text. Write it twice ({match[0] * 2}) to show it."
        elif argument is not None and (name != "years_since" or not argument.isascii() or not argument.isdigit()):
            yield f"{match[0]} is unknown. A number of years is written like {{years_since:2555}}."
        elif argument is None and name not in SETTINGS:
            yield f"There is no setting {name!r}. There are: {', '.join(SETTINGS)}."


def _check_links(entry: Entry, entries: Mapping[str, Entry], pack: Pack) -> Iterator[Finding]:
    programmes = {programme.id for programme in pack.programmes}
    for action in entry.actions:
        where = (entry.id, "actions")
        if action.name not in ACTIONS:
            yield where, f"There is no action {action.name!r}. There are: {', '.join(ACTIONS)}.", False
        elif action.argument is not None and (action.name != "list_events" or action.argument not in programmes):
            known = ", ".join(sorted(programmes))
            yield where, f"'{action.name}({action.argument})' is unknown. list_events may name: {known}.", False
    for other in entry.related:
        if other not in entries or other == entry.id:
            yield (entry.id, "related"), f"'related' names {other!r}, which is no other topic.", False


def _check_twins(entries: Mapping[str, Entry], messages: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """The same message under two owners teaches nothing; twice under one owner is only untidy."""
    seen: dict[str, str] = {}
    repeated: set[tuple[str, str]] = set()
    owners: Iterable[tuple[str, tuple[str, ...]]] = (
        *((entry.id, entry.variants) for entry in entries.values()),
        *messages.items(),
    )
    for owner, texts in owners:
        for text in texts:
            plain = without_dots(normalise(text)) or text
            other = seen.setdefault(plain, owner)
            if other != owner:
                yield (owner, text), f"{text!r} stands under {other} too. Keep it where it belongs.", False
            elif (owner, plain) in repeated:
                yield (owner, text), f"{text!r} stands here twice.", True
            repeated.add((owner, plain))
