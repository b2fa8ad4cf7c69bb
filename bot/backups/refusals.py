"""Why there is no backup, or why one is not put back: the facts, for whoever words them."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    NOTHING_THERE = "nothing_there"
    """No such file, or no backup at all."""
    NOT_A_BACKUP = "not_a_backup"
    DAMAGED = "damaged"
    """Cut off, or altered: what is in it is not what was put into it."""
    NEEDS_KEY = "needs_key"
    """It is encrypted, and no key that opens anything is set here."""
    OTHER_KEY = "other_key"
    OTHER_SECRET = "other_secret"  # noqa: S105 - a word of ours
    """What people wrote in it was sealed with another CIVICBOT_SECRET_KEY."""
    LIST_NOT_READ = "list_not_read"
    """A list of who was erased since cannot be had: whoever is on it would be there again."""
    LIST_OTHER_SECRET = "list_other_secret"  # noqa: S105 - as above
    """It was sealed with another CIVICBOT_SECRET_KEY."""
    NEWER = "newer"
    """Made by a release whose tables this one does not know."""
    OTHER_DATABASE = "other_database"
    """Of SQLite, and this is PostgreSQL, or the reverse."""
    IN_USE = "in_use"
    """The service runs."""
    AT_IT_ALREADY = "at_it_already"
    """Another backup is being made."""
    NO_TOOL = "no_tool"
    """PostgreSQL's own programs are not installed."""
    TOOL_FAILED = "tool_failed"
    NOT_WRITTEN = "not_written"
    """The disk is full, the folder is not ours, or the storage elsewhere did not take it."""
    DATABASE_DAMAGED = "database_damaged"


class BackupRefused(Exception):
    """`detail` is for whoever runs the machine: a name, a number, the words of a program. Nothing personal."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why
        self.detail = detail
