"""What has to be told, and to whom, when data may have got out (PDPA section 37 (4)): counted from what is held."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy.orm import Session

from bot import thai_dates
from bot.events import forms
from bot.privacy import data_map, terms
from bot.settings import Settings
from bot.storage import breach
from bot.storage.breach import Held
from bot.vault import Vault

TO_BE_TOLD_WITHIN = timedelta(hours=72)
SENSITIVE = frozenset({"registrations", "cases", "notices", "questions", "hear_back", "by_staff"})
"""Kinds of data that may reveal what PDPA section 26 protects."""
COLUMNS = ("person", "line_user_id", "on_line", "telephone", "data")


@dataclass(frozen=True, slots=True)
class Subject:
    """One person concerned. `number` is a person's, or `registration 12` of somebody whom staff registered."""

    number: str
    line_user_id: str
    on_line: bool
    phone: str
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Counted:
    kinds: Counter[str] = field(default_factory=Counter)
    line: int = 0
    phone: int = 0
    nobody: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    since: datetime
    until: datetime
    found: datetime
    counted: Counted
    erased: int
    access: list[tuple[str, int, int]]


def every_subject(db: Session, vault: Vault, *, until: datetime) -> Iterator[Subject]:
    """Everybody of whom something was held at that moment and still is. Raises bot.vault.Unreadable."""
    phones, alone = _phones(db, vault, until)
    for person in breach.every_person(db, until=until):
        yield _subject(person, phones.get(person.person_id, ""))
    yield from alone


def _phones(db: Session, vault: Vault, until: datetime) -> tuple[Mapping[int, str], list[Subject]]:
    """By person their latest number, and those who are not on LINE."""
    phones: dict[int, str] = {}
    alone = []
    for row in breach.every_registration(db, until=until):
        phone = forms.opened(vault, row).phone or ""
        if row.person_id is not None:
            phones[row.person_id] = phone or phones.get(row.person_id, "")
        else:
            kinds = ("by_staff", *(("phones",) if phone else ()))
            alone.append(Subject(f"registration {row.id}", "", on_line=False, phone=phone, kinds=kinds))
    return phones, alone


def _subject(person: Held, phone: str) -> Subject:
    kinds = [name for name in ("registrations", "cases", "notices", "hear_back") if getattr(person, name)]
    return Subject(
        str(person.person_id), person.line_user_id, on_line=person.following, phone=phone,
        kinds=("account", *kinds, *(("phones",) if phone else ())),
    )  # fmt: skip


def write_subjects(db: Session, vault: Vault, file: IO[str], *, until: datetime) -> Counted:
    """A row a person, for those who have to tell them. What it holds is as sensitive as what got out."""
    counted = Counted()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for subject in every_subject(db, vault, until=until):
        writer.writerow(
            (subject.number, subject.line_user_id, "yes" if subject.on_line else "no", _as_text(subject.phone),
             ", ".join(subject.kinds))
        )  # fmt: skip
        counted.total += 1
        counted.kinds.update(subject.kinds)
        counted.line += subject.on_line
        counted.phone += bool(subject.phone)
        counted.nobody += not (subject.on_line or subject.phone)
    counted.kinds["questions"] = breach.count_questions(db, until=until)
    return counted


def _as_text(phone: str) -> str:
    """A spreadsheet program takes what begins with a plus sign for a formula."""
    return f"'{phone}" if phone.startswith("+") else phone


def weigh(db: Session, counted: Counted, *, since: datetime, until: datetime, found: datetime) -> Breach:
    return Breach(
        since, until, found, counted, breach.count_erased(db, since=since),
        breach.count_access(db, since=since, until=until),
    )  # fmt: skip


def as_markdown(report: Breach, settings: Settings, *, language: str, centre: str) -> str:
    def say(key: str, **facts: object) -> str:
        return terms.say(language, f"breach.{key}", **facts)

    counted = report.counted
    return "\n\n".join(
        (
            f"# {say('title')}",
            say("draft"),
            say("window", since=_told(report.since), until=_told(report.until)),
            say("found", found=_told(report.found), deadline=_told(report.found + TO_BE_TOLD_WITHIN)),
            say("controller", controller=settings.data_controller or centre, contact=settings.privacy_contact or "……"),
            say("fill"),
            f"## {say('people')}",
            _kinds(counted, language),
            f"{say('total')}: {counted.total:,}",
            say("reach", line=counted.line, phone=counted.phone, nobody=counted.nobody),
            say("unlinked"),
            say("erased", number=report.erased),
            f"## {say('access')}",
            _access(report, language),
            f"## {say('measures')}",
            terms.say(language, "register.measures"),
            say("sealed", tables=_sealed()),
        )
    ) + "\n"  # fmt: skip


def _kinds(counted: Counted, language: str) -> str:
    rows = [
        (terms.say(language, f"breach.class.{kind}"), f"{number:,}",
         terms.say(language, "breach.yes" if kind in SENSITIVE else "breach.no"))
        for kind, number in sorted(counted.kinds.items()) if number
    ]  # fmt: skip
    return _table(terms.say(language, "breach.columns"), rows)


def _access(report: Breach, language: str) -> str:
    if not report.access:
        return terms.say(language, "breach.no_access")
    rows = [(action, f"{times:,}", f"{staff:,}") for action, times, staff in report.access]
    return _table(terms.say(language, "breach.access_columns"), rows)


def _table(columns: str, rows: list[tuple[str, str, str]]) -> str:
    head = columns.split("|")
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def _sealed() -> str:
    sealed = {name: table.sealed & table.personal for name, table in data_map.tables().items()}
    return "; ".join(f"{name} ({', '.join(sorted(columns))})" for name, columns in sorted(sealed.items()) if columns)


def _told(moment: datetime) -> str:
    return thai_dates.date_and_time(moment)
