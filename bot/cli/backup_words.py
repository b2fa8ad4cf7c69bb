"""What a refusal means, and what to do, for whoever is at the command line."""

from __future__ import annotations

from collections.abc import Mapping

from bot.backups.refusals import BackupRefused, Why

_WITHOUT_LIST = (
    "add `--without-list` to `civicbot restore FILE` or `civicbot upgrade --back`: whoever was erased since is there"
    " again then"
)
_WORDS: Mapping[Why, str] = {
    Why.NOTHING_THERE: "there is no such backup: {detail}; `civicbot backup list` shows which there are",
    Why.NOT_A_BACKUP: "{detail} is no backup of civicbot",
    Why.DAMAGED: "the backup is damaged ({detail}); take another copy of it, or an earlier one: `civicbot backup list`"
    " shows which there are, and where",
    Why.NEEDS_KEY: "{detail} is encrypted; set CIVICBOT_BACKUP_KEY to the key that begins with AGE-SECRET-KEY-1",
    Why.OTHER_KEY: "{detail} was encrypted for another key than CIVICBOT_BACKUP_KEY",
    Why.OTHER_SECRET: "{detail} was made with another CIVICBOT_SECRET_KEY: set that one, or what people wrote cannot be"
    " read",
    Why.LIST_NOT_READ: "who was erased since the backup cannot be read ({detail}); make it readable, or, if there is no"
    f" such list any more, {_WITHOUT_LIST}",
    Why.LIST_OTHER_SECRET: "{detail}, the list of who was erased, was written with another CIVICBOT_SECRET_KEY: set"
    f" that one as CIVICBOT_SECRET_KEY_PREVIOUS, or, if it is lost, {_WITHOUT_LIST}",
    Why.NEWER: "the backup was made by a newer release ({detail}); install that one first",
    Why.OTHER_DATABASE: "the backup is one of {detail}; set CIVICBOT_DATABASE_URL accordingly",
    Why.IN_USE: "civicbot is running; stop it first",
    Why.AT_IT_ALREADY: "another backup is being made; wait until it is through",
    Why.NO_TOOL: "{detail} is not installed on this machine; it comes with PostgreSQL's client programs",
    Why.TOOL_FAILED: "it did not work: {detail}",
    Why.NOT_WRITTEN: "it could not be written: {detail}",
    Why.DATABASE_DAMAGED: "the database itself is damaged ({detail}); `civicbot restore latest` puts the last backup in"
    " its place",
}


def explain(refused: BackupRefused) -> str:
    return _WORDS[refused.why].format(detail=refused.detail or "?")
