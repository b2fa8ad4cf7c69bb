"""What a copy cannot know, said before sending goes on."""

from __future__ import annotations

from datetime import timedelta

from bot import clock
from tests.bot.cli.kept_state import Installation


def test_who_said_no_since_the_copy_is_said_to_be_unknown_with_its_moment(installation: Installation) -> None:
    """Asked once more at the end: in between, other backups were made."""
    made_at = (clock.now() - timedelta(hours=5)).replace(microsecond=0)
    moment = f"{clock.in_bangkok(made_at):%Y-%m-%d %H:%M}, Bangkok time"
    backup = installation.back_up(now=made_at)
    installation.back_up(now=made_at + timedelta(hours=1))
    told = installation.restore(backup.name, "--yes").output
    assert f"NOT KNOWN to the copy, which is of {moment}: who said no since then" in told
    assert "civicbot person restrict" in told
    installation.back_up(now=clock.now() + timedelta(seconds=2))
    asked = installation.restore("confirm").output
    assert f"NOT KNOWN to the copy, which is of {moment}: who said no since then" in asked
