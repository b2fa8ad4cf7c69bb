"""The FAQ: what the bot answers. All of its pages are one blueprint; this module has the list of topics."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from bot import clock
from bot.console import (
    faq_check,
    faq_drafts,
    faq_entries,
    faq_files,
    faq_merging,
    faq_messages,
    faq_publishing,
    faq_sentences,
    faq_versions,
    faq_words,
)
from bot.console.access import Pages
from bot.console.faq_working import Working, list_names, open_working, show, tell_refusals
from bot.console.premises import Premises
from bot.faq import expiring
from bot.faq.wordings import key_of
from bot.outreach.permissions import Permission
from knowledge.entries import Entry

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    title: str
    variants: int
    due: bool
    """Somebody has to confirm it again, soon or already."""
    state: str
    """`added`, `changed`, `removed`, or empty: against what is in force."""


@dataclass(frozen=True, slots=True)
class Family:
    title: str
    topics: tuple[Topic, ...]


def faq(premises: Premises) -> Blueprint:
    pages = Pages("faq")

    @pages.page("/faq", needs=Permission.EDIT_FAQ)
    def index() -> ResponseReturnValue:
        wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
        with premises.database.reading() as db:
            working = open_working(premises, db)
            waiting = faq_merging.find_waiting(db, working)
            names = list_names(db)
        today = clock.bangkok_date(premises.now())
        due = {one.entry_id for one in expiring.list_due(working.catalogue, today=today)}
        families = list_families(working, wanted=wanted, due=due)
        return show("faq_index", working, families=families, wanted=wanted, waiting=waiting, names=names)

    tell_refusals(pages)
    for module in (faq_entries, faq_messages, faq_words, faq_files):
        module.add_pages(pages, premises)
    for module in (faq_drafts, faq_merging, faq_check, faq_publishing, faq_versions):
        module.add_pages(pages, premises)
    return pages.guard(premises)


def list_families(working: Working, *, wanted: str, due: Collection[str]) -> list[Family]:
    every = {**working.in_force.entries, **working.catalogue.entries}
    found = (entry for _, entry in sorted(every.items()) if not wanted or _has(entry, key_of(wanted)))
    return [
        Family(faq_sentences.family(name), tuple(_topics(working, entries, due)))
        for name, entries in groupby(found, key=lambda entry: entry.family)
    ]


def _topics(working: Working, entries: Iterable[Entry], due: Collection[str]) -> Iterable[Topic]:
    for entry in entries:
        title = entry.title.get("th") or entry.id
        yield Topic(entry.id, title, len(entry.variants), entry.id in due, _state(working, entry.id))


def _state(working: Working, entry_id: str) -> str:
    before, after = working.in_force.entries.get(entry_id), working.catalogue.entries.get(entry_id)
    if before == after:
        return ""
    return "added" if before is None else "removed" if after is None else "changed"


def _has(entry: Entry, wanted: str) -> bool:
    texts = (entry.id, *entry.title.values(), *entry.answer.values(), *entry.variants)
    return any(wanted in key_of(text) for text in texts)
