"""The FAQ out to files and in again: a folder of YAML, one CSV, or one XLSX. What comes in goes into the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.faq import changes, drafts
from bot.faq.changes import Changes
from bot.faq.exchange_csv import read_csv, write_csv
from bot.faq.exchange_rows import to_catalogue
from bot.faq.exchange_xlsx import read_xlsx, write_xlsx
from bot.faq.exchange_yaml import FolderInUse, read_folder, write_folder
from bot.faq.refusals import Stale
from knowledge.catalogue import Catalogue

__all__ = [
    "FolderInUse",
    "Imported",
    "export_to",
    "import_content",
    "read_path",
    "read_table",
    "write_csv",
    "write_xlsx",
]


@dataclass(frozen=True, slots=True)
class Imported:
    revision: int
    changes: Changes
    """What it changed in the draft."""


def export_to(path: Path, catalogue: Catalogue) -> None:
    """A file when the name ends in .csv or .xlsx, else a folder. Raises FolderInUse."""
    writers = {".csv": write_csv, ".xlsx": write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        write_folder(catalogue, path)
    else:
        path.write_bytes(writer(catalogue))


def read_path(path: Path, *, base: Catalogue) -> Catalogue:
    """A folder holds everything; a table holds the entries, and the rest is the base's. Raises ImportRefused."""
    if path.is_dir():
        return read_folder(path)
    return read_table(path.name, path.read_bytes(), base=base)


def read_table(name: str, data: bytes, *, base: Catalogue) -> Catalogue:
    """The content of a file called `name`: a workbook when that ends in .xlsx, else CSV. Raises ImportRefused."""
    read = read_xlsx if name.lower().endswith(".xlsx") else read_csv
    sheets, faults = read(data)
    return to_catalogue(sheets, base=base, faults=faults)


def import_content(
    db: Session, *, catalogue: Catalogue, base: Catalogue, source: str, by: int | None, now: datetime
) -> Imported:
    """The draft becomes what was read, all of it or nothing, as one edit; it is opened when there is none. `base` is
    what the table was read onto. Raises Stale when the draft says something else by now, BadContent, NothingPublished.
    """
    draft = drafts.open_draft(db, by=by, now=now)
    if draft.catalogue != base:
        raise Stale(seen=base.version, actual=draft.catalogue.version)
    revision = drafts.save(db, draft, catalogue, kind="imported", subject=source, by=by, now=now)
    return Imported(revision, changes.compare(base, catalogue))
