"""Being told later"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hear_back',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(length=24), nullable=False),
    sa.Column('wording_hash', sa.String(length=64), nullable=False),
    sa.Column('wording_version', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=12), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('checked_version', sa.String(length=64), nullable=False),
    sa.Column('entry', sa.String(length=80), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_in', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_hear_back_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_hear_back_question_id_questions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hear_back'))
    )
    with op.batch_alter_table('hear_back', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hear_back_deadline'), ['deadline'], unique=False)
        batch_op.create_index(batch_op.f('ix_hear_back_question_id'), ['question_id'], unique=False)
        batch_op.create_index('ix_hear_back_state', ['state', 'checked_version'], unique=False)
        batch_op.create_index('uq_hear_back_person_id', ['person_id', 'question_id'], unique=True)

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_figures', ['asked_at', 'decision', 'refusal', 'entry', 'chosen', 'feedback', 'asker', 'milliseconds'], unique=False)

