"""Conversations in groups, edits, storms"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_chats",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("greeted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pace_level", sa.Double(), nullable=False),
        sa.Column("pace_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("braked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_group_chats")),
    )
    op.create_table(
        "joined_messages",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("lead_id", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_joined_messages")),
    )
    with op.batch_alter_table("joined_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joined_messages_joined_at"), ["joined_at"], unique=False)

    op.create_table(
        "withdrawn",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_withdrawn")),
    )
    with op.batch_alter_table("withdrawn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawn_noted_at"), ["noted_at"], unique=False)

    op.execute("INSERT INTO withdrawn (message_id, noted_at) SELECT message_id, unsent_at FROM unsent")
    with op.batch_alter_table("unsent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unsent_unsent_at"))

    op.drop_table("unsent")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reads_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("may_push", sa.Boolean(), nullable=False, server_default=sa.true()))

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_questions_missed",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("decision = 'fallback' AND refusal IS NULL"),
            postgresql_where=sa.text("decision = 'fallback' AND refusal IS NULL"),
        )
