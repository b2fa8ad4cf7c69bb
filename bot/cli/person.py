"""`person export`: what is held about one person, for a written request; `person erase`, `restrict` and `lift`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.orm import Session

from bot import clock
from bot.cli import person_finding
from bot.cli.opening import open_here
from bot.cli.person_erase import erase, lift, restrict
from bot.cli.person_finding import Found
from bot.faq import library
from bot.outreach import audit
from bot.privacy import held, held_file
from bot.privacy.held_tree import Held
from bot.privacy.held_words import LANGUAGES
from bot.storage import data_requests, faq_versions, held_cases
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue

ACTION = "person.exported"
EVERYTHING = 1_000_000


@click.group()
def person() -> None:
    """One person's data: what is held of them, on their own written request."""


for _command in (erase, restrict, lift):
    person.add_command(_command)


@person.command()
@person_finding.whose
@person_finding.or_others_only
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="A folder: data.json, data.csv, pictures."
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the one they chose.")
def export(
    *, user_id: str | None, phone: str | None, person: int | None, others_only: bool, out: Path | None,
    language: str | None,
) -> None:  # fmt: skip
    """Everything that is held about one person, in words: as JSON, or into the folder that --out names.

    Make sure first that whoever asks is that person. By --phone it is also what others registered with that number;
    with --others-only it is that alone, for somebody who shares the number with a person on LINE. The export is noted
    as a request and in the audit log. Hand the files over safely, and delete them afterwards.
    """
    chosen, database = open_here()
    vault, now = Vault(chosen.secrets), clock.now()
    catalogue = _catalogue(database)
    with database.reading() as db:
        found = person_finding.find(db, vault, user_id=user_id, phone=phone, person=person, others_only=others_only)
        copies = _collect(db, vault, found, catalogue=catalogue, language=language)
        pictures = _pictures(db, vault, found, copies)
    if out is None:
        for copy in copies.values():
            click.echo(held_file.write_json(copy).decode(), nl=False)
    else:
        _write(out, copies, pictures)
    with database.transaction() as db:
        data_requests.add(db, kind=data_requests.ACCESS, person_id=found.person_id, way=data_requests.STAFF, now=now)
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action=ACTION, subject=("person", found.person_id or found.phone),
            after={"things": sum(len(part.records) for copy in copies.values() for part in copy.parts)}, now=now,
        )  # fmt: skip


def _collect(
    db: Session, vault: Vault, found: Found, *, catalogue: Catalogue | None, language: str | None
) -> Mapping[str, Held]:
    """By the name of the file. Of what others registered there is one of its own."""
    copies: dict[str, Held] = {}
    now = clock.now()
    if found.person_id is not None:
        copies["data"] = held.collect(
            db, vault, found.person_id, catalogue=catalogue, now=now, language=language, most=EVERYTHING
        )
    if found.registrations:
        copies["registered-by-others"] = held.collect_registrations(
            db, vault, found.registrations, catalogue=catalogue, now=now, language=language or LANGUAGES[0]
        )
    return copies


def _pictures(db: Session, vault: Vault, found: Found, copies: Mapping[str, Held]) -> dict[str, bytes]:
    bodies = {}
    for number in (number for copy in copies.values() for number in copy.pictures()):
        row = held_cases.find_picture(db, picture_id=number, person_id=found.person_id or 0)
        if row is not None and row.body is not None:
            bodies[f"picture-{number}.jpg"] = vault.open(row.body)
    return bodies


def _write(folder: Path, copies: Mapping[str, Held], pictures: Mapping[str, bytes]) -> None:
    """Readable by whoever runs the command, and nobody else. Files of an earlier export are not written over."""
    files = dict(pictures)
    for name, copy in copies.items():
        files |= {f"{name}.json": held_file.write_json(copy), f"{name}.csv": held_file.write_csv(copy)}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = sorted(name for name in files if (folder / name).exists())
        if there:
            raise click.ClickException(f"{folder} has {', '.join(there)} already; name another folder")
        for name, body in files.items():
            with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(body)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written to ({error.strerror})") from error
    click.echo(f"Written to {folder}: {', '.join(sorted(files))}.")


def _catalogue(database: Database) -> Catalogue | None:
    """None, and so ids in place of names, where nothing was published yet."""
    try:
        version = library.find_published(database)
    except library.NothingPublished:
        return None
    with database.reading() as db:
        return Catalogue.from_json(faq_versions.get_content(db, version))
