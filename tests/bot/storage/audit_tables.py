"""Around the audit log's triggers, as somebody goes who owns the database."""

from __future__ import annotations

from sqlalchemy import text

from bot.storage.engine import Database

_SQLITE_TRIGGERS = (
    """
        CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
        """,
    """
        CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE OLD.id <= pruned_through)
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
        """,
)
"""As the migration makes them."""
NO_TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete"),
    "postgresql": ("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only",),
}
TRIGGERS_AGAIN = {
    "sqlite": _SQLITE_TRIGGERS,
    "postgresql": ("ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only",),
}


def run(database: Database, *statements: str) -> None:
    with database.transaction() as db:
        for statement in statements:
            db.execute(text(statement))


def tamper(database: Database, *statements: str) -> None:
    """As somebody does who owns the database: around the triggers, which keep off mistakes only."""
    name = database.engine.dialect.name
    run(database, *NO_TRIGGERS[name], *statements, *TRIGGERS_AGAIN[name])
