"""Review of questions"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_marks',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_review_marks'))
    )
    op.create_table('review_samples',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('seed', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('week', name=op.f('pk_review_samples'))
    )
    op.create_table('review_groups',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('again_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_version', sa.String(length=64), nullable=True),
    sa.Column('decision', sa.JSON(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_by', sa.String(length=80), nullable=True),
    sa.Column('proposal', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['again_of'], ['review_groups.id'], name=op.f('fk_review_groups_again_of_review_groups'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['label_id'], ['questions.id'], name=op.f('fk_review_groups_label_id_questions'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_groups'))
    )
    with op.batch_alter_table('review_groups', schema=None) as batch_op:
        batch_op.create_index('ix_review_groups_decided', ['decided_by', 'decided_at'], unique=False)
        batch_op.create_index('ix_review_groups_waiting', ['state', 'people', 'last_at', 'id'], unique=False)

    op.create_table('faq_tests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('expect', sa.String(length=80), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['review_groups.id'], name=op.f('fk_faq_tests_group_id_review_groups'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_faq_tests')),
    sa.UniqueConstraint('key', name=op.f('uq_faq_tests_key'))
    )
    op.create_table('review_items',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leads', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('week', sa.Date(), nullable=True),
    sa.Column('verdict', sa.String(length=8), nullable=True),
    sa.Column('judged_by', sa.String(length=80), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['review_groups.id'], name=op.f('fk_review_items_group_id_review_groups')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_review_items_question_id_questions'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['week'], ['review_samples.week'], name=op.f('fk_review_items_week_review_samples')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_items'))
    )
    with op.batch_alter_table('review_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_items_group_id_reason'), ['group_id', 'reason'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_items_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_items_leads'), ['leads'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_items_week'), ['week'], unique=False)
        batch_op.create_index('uq_review_items_question_id', ['question_id', 'reason'], unique=True)

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_thumbs_down', ['feedback_at', 'id'], unique=False, sqlite_where=sa.text("feedback = 'no'"), postgresql_where=sa.text("feedback = 'no'"))

