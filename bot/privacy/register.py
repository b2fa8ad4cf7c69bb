"""The register of processing that the law asks for (PDPA section 39), a row an activity, made from the data map."""

from __future__ import annotations

import csv
import io

from bot.privacy import data_map, terms
from bot.privacy.data_map import Activity
from bot.settings import Settings


def columns(language: str) -> list[str]:
    return terms.say(language, "register.columns").split("|")


def rows(settings: Settings, *, language: str, centre: str) -> list[list[str]]:
    return [_row(activity, settings, language, centre) for activity in data_map.load()]


def as_csv(settings: Settings, *, language: str, centre: str) -> str:
    """With a byte order mark, without which a spreadsheet program takes Thai for something else."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns(language))
    writer.writerows(rows(settings, language=language, centre=centre))
    return "\ufeff" + written.getvalue()


def _row(activity: Activity, settings: Settings, language: str, centre: str) -> list[str]:
    return [
        activity.name[language],
        activity.whose[language],
        activity.what[language],
        activity.why[language],
        activity.basis[language],
        activity.sensitive[language] if activity.sensitive else "-",
        "; ".join(terms.kept_lines(activity, language, settings)),
        terms.on_erasure(activity, language),
        terms.shared_with(activity, language),
        settings.data_controller or centre,
        terms.say(language, "register.rights", contact=settings.privacy_contact or centre),
        terms.say(language, "register.measures"),
    ]
