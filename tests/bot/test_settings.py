from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import settings
from bot.settings import SettingsRefused

KEY = "k" * 40


def test_nothing_set_gives_the_embedded_default() -> None:
    chosen = settings.of({})
    assert chosen.on_sqlite
    assert chosen.database.endswith("/data/civicbot.db")
    assert chosen.line_api_url == "https://api.line.me"
    assert chosen.facts == {}


def test_every_fault_is_listed_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings.of(
            {
                "CIVICBOT_PORT": "eighty",
                "CIVICBOT_SECRET_KEY": "short",
                "CIVICBOT_BASE_URL": "example.org",
                "CIVICBOT_SQLITE_PARTS": "yes",
                "CIVICBOT_DATABASE_URL": "mysql://x",
                "CIVICBOT_REDIS_URL": "http://x",
                "CIVICBOT_TYPO": "1",
            }
        )
    names = {fault.partition(":")[0] for fault in refused.value.faults}
    assert names == {
        "CIVICBOT_PORT", "CIVICBOT_SECRET_KEY", "CIVICBOT_BASE_URL", "CIVICBOT_SQLITE_PARTS",
        "CIVICBOT_DATABASE_URL", "CIVICBOT_REDIS_URL", "CIVICBOT_TYPO",
    }  # fmt: skip
    assert "short" not in str(refused.value), "a refused secret must not be shown"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.of({}).port = 1  # type: ignore[misc]


def test_map_needs_both_numbers() -> None:
    with pytest.raises(SettingsRefused, match="go together"):
        settings.of({"CIVICBOT_CONTACT_LATITUDE": "19.9"})


def test_facts_hold_only_what_is_filled_in() -> None:
    chosen = settings.of(
        {
            "CIVICBOT_CONTACT_PHONE": "053 000 000",
            "CIVICBOT_CONTACT_LATITUDE": "19.9",
            "CIVICBOT_CONTACT_LONGITUDE": "0",
        }
    )
    assert chosen.facts == {"contact_phone": "053 000 000", "contact_latitude": "19.9", "contact_longitude": "0.0"}


def test_the_previous_channel_secret_is_accepted_until_its_time() -> None:
    until = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    chosen = settings.of(
        {
            "LINE_CHANNEL_SECRET": "new",
            "LINE_CHANNEL_SECRET_PREVIOUS": "old",
            "LINE_CHANNEL_SECRET_PREVIOUS_UNTIL": until.isoformat(),
        }
    )
    assert chosen.channel_secrets(until - timedelta(seconds=1)) == ("new", "old")
    assert chosen.channel_secrets(until) == ("new",)


def test_a_previous_secret_without_an_end_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="PREVIOUS_UNTIL"):
        settings.of({"LINE_CHANNEL_SECRET_PREVIOUS": "old"})


def test_what_is_missing_for_serving_is_named() -> None:
    assert [fault.partition(":")[0] for fault in settings.of({}).missing_for_serving()] == [
        "CIVICBOT_SECRET_KEY", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN",
    ]  # fmt: skip


def test_secrets_do_not_show_in_a_print() -> None:
    chosen = settings.of({"CIVICBOT_SECRET_KEY": KEY, "LINE_CHANNEL_SECRET": "hush-hush"})
    assert KEY not in repr(chosen)
    assert "hush" not in repr(chosen)


def test_a_key_made_by_run_counts_where_none_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CIVICBOT_SECRET_KEY", raising=False)
    assert settings.read().secrets == ()
    (tmp_path / "secret.key").write_text(KEY + "\n", encoding="utf-8")
    assert settings.read().secrets == (KEY,)
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", "o" * 40)
    assert settings.read().secrets == ("o" * 40,)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("CIVICBOT_PORT=8001\nCIVICBOT_CONTACT_PHONE=from file\n", encoding="utf-8")
    monkeypatch.setenv("CIVICBOT_PORT", "8002")
    monkeypatch.delenv("CIVICBOT_CONTACT_PHONE", raising=False)
    chosen = settings.read()
    assert (chosen.port, chosen.contact_phone) == (8002, "from file")
