"""`docs/settings.md` and `.env.example` say what `bot.settings` says: names, defaults and what each is for."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings, setting_names
from tests.architecture.source import ROOT

ROW = re.compile(r"^\| `(?P<name>[A-Z0-9_]+)` \| (?P<default>.+?) \| (?P<purpose>.+) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"^#(?P<name>[A-Z0-9_]+)=(?P<default>.*)$", re.MULTILINE)
UNSET = "unset"


def as_written(default: object) -> str:
    match default:
        case None | "":
            return UNSET
        case SecretStr():
            return as_written(default.get_secret_value())
        case bool():
            return str(default).lower()
        case Path():
            return default.as_posix()
    return str(default)


def defaults() -> dict[str, str]:
    return {str(field.alias): as_written(field.default) for field in Settings.model_fields.values()}


def documented() -> dict[str, re.Match[str]]:
    rows = list(ROW.finditer((ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    found = {row["name"]: row for row in rows}
    assert len(found) == len(rows), "a setting stands twice in docs/settings.md"
    return found


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert set(documented()) == set(setting_names())


def test_documented_defaults_are_the_real_ones() -> None:
    assert {name: row["default"].strip("`") for name, row in documented().items()} == defaults()


def test_documented_purposes_begin_with_the_settings_own_words() -> None:
    wrong = {
        name: row["purpose"]
        for name, row in documented().items()
        if not row["purpose"].startswith(setting_names()[name])
    }
    assert wrong == {}


def test_the_example_holds_every_setting_with_its_default() -> None:
    rows = EXAMPLE.findall((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert {name: default or UNSET for name, default in rows} == defaults()
    assert len(rows) == len(defaults())
