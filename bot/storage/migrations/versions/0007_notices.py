"""Notices, and what people want to hear"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rates',
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('slow_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_rates'))
    )
    op.create_table('interests',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_interests_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'kind', 'value', name=op.f('pk_interests'))
    )
    with op.batch_alter_table('interests', schema=None) as batch_op:
        batch_op.create_index('ix_interests_kind_value', ['kind', 'value', 'person_id'], unique=False)

    op.create_table('preferences',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wants_notices', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('everything', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('district', sa.String(length=40), nullable=True),
    sa.Column('quiet_from', sa.Integer(), nullable=True),
    sa.Column('quiet_to', sa.Integer(), nullable=True),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('imported', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_preferences_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_preferences'))
    )
    with op.batch_alter_table('preferences', schema=None) as batch_op:
        batch_op.create_index('ix_preferences_wants_notices', ['wants_notices', 'person_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_back', sa.String(length=500), nullable=False),
    sa.Column('approver_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_hash', sa.String(length=64), nullable=True),
    sa.Column('approved_count', sa.Integer(), nullable=True),
    sa.Column('send_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('repeats', sa.String(length=8), nullable=False),
    sa.Column('repeats_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('repeat_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('per_day', sa.Integer(), nullable=True),
    sa.Column('rides_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('planned_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rendered', sa.LargeBinary(), nullable=True),
    sa.Column('personal', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=24), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('statistics', sa.JSON(), nullable=True),
    sa.Column('statistics_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kept_counts', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['approver_id'], ['staff.id'], name=op.f('fk_notices_approver_id_staff'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_notices_author_id_staff'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_notices_event_id_events'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['repeat_of'], ['notices.id'], name=op.f('fk_notices_repeat_of_notices'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('uid', name=op.f('uq_notices_uid'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_notices_state_begins_at', ['state', 'begins_at'], unique=False)

    op.create_table('notice_chunks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('portion', sa.Integer(), nullable=False),
    sa.Column('first', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retry_key', sa.String(length=36), nullable=False),
    sa.Column('people_hash', sa.String(length=64), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('doubtful', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('first_tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_id', sa.String(length=64), nullable=True),
    sa.Column('duplicate', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('why', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_chunks_notice_id_notices'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_chunks')),
    sa.UniqueConstraint('retry_key', name=op.f('uq_notice_chunks_retry_key'))
    )
    with op.batch_alter_table('notice_chunks', schema=None) as batch_op:
        batch_op.create_index('ix_notice_chunks_open', ['notice_id', 'state', 'due_at'], unique=False)

    op.create_table('notice_recipients',
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('portion', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.String(length=12), nullable=True),
    sa.Column('outgoing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_recipients_notice_id_notices'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_recipients_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('notice_id', 'person_id', name=op.f('pk_notice_recipients'))
    )
    with op.batch_alter_table('notice_recipients', schema=None) as batch_op:
        batch_op.create_index('ix_notice_recipients_person_id', ['person_id'], unique=False)
        batch_op.create_index('ix_notice_recipients_left_out', ['notice_id', 'left_out'], unique=False, sqlite_where=sa.text('left_out IS NOT NULL'), postgresql_where=sa.text('left_out IS NOT NULL'))

    op.create_table('notice_pictures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_notice_pictures_created_by_staff'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_pictures_notice_id_notices'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_pictures')),
    sa.UniqueConstraint('token', name=op.f('uq_notice_pictures_token'))
    )
    with op.batch_alter_table('notice_pictures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_pictures_notice_id'), ['notice_id'], unique=False)

    op.create_table('notice_trials',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('retry_key', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('why', sa.String(length=80), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['staff.id'], name=op.f('fk_notice_trials_asked_by_staff'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_trials_notice_id_notices'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notice_trials_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_trials'))
    )
    with op.batch_alter_table('notice_trials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_trials_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_trials_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('channel', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quota', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('used', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('quota_asked_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.alter_column('purpose',
               existing_type=sa.VARCHAR(length=24),
               type_=sa.String(length=40),
               existing_nullable=False)

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unreachable_at', sa.DateTime(timezone=True), nullable=True))
