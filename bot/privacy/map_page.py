"""The data map as a page of the documentation: every table, and what of it is about people."""

from __future__ import annotations

from collections.abc import Collection

from bot.privacy import data_map, terms
from bot.privacy.data_map import Activity, Table
from bot.settings import Settings

HEAD = """# Data map

What civicbot holds about people, why, for how long, and what becomes of it when somebody has their data deleted. Made
from `bot/privacy/data_map.yaml` by `civicbot privacy map`, as are the register of processing, the privacy notice and
the breach report; a test holds the file against the schema. Days are the defaults of the settings in brackets."""


def build(settings: Settings) -> str:
    parts = [HEAD, *(_activity(activity, settings) for activity in data_map.load())]
    return "\n\n".join(parts) + "\n"


def _activity(activity: Activity, settings: Settings) -> str:
    kept = [
        f"{one.what['en']}: {terms.how_long(one, 'en', settings)}"
        + (f" (`{_setting_name(one.setting)}`)" if one.setting else "")
        for one in activity.kept
    ]
    facts = {
        "About": activity.whose["en"],
        "What": activity.what["en"],
        "Why": activity.why["en"],
        "Basis": activity.basis["en"],
        "Sensitive": activity.sensitive["en"] if activity.sensitive else "no",
        "Kept": "; ".join(kept),
        "On erasure": terms.on_erasure(activity, "en"),
        "Shared with": terms.shared_with(activity, "en"),
    }
    lines = [f"## {activity.name['en']}", "", *(f"- {label}: {text}" for label, text in facts.items()), ""]
    lines += ["| table | about a person | of these, encrypted |", "| --- | --- | --- |"]
    lines += [_row(name, table) for name, table in activity.tables.items()]
    return "\n".join(lines)


def _row(name: str, table: Table) -> str:
    return f"| `{name}` | {_listed(table.personal)} | {_listed(table.sealed & table.personal)} |"


def _listed(columns: Collection[str]) -> str:
    return ", ".join(f"`{column}`" for column in sorted(columns)) or "-"


def _setting_name(field: str) -> str:
    return str(Settings.model_fields[field].alias)
