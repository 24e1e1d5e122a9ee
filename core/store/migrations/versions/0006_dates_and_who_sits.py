"""Deadlines of every form, who sits, and what an authority sets itself.

The stored deadlines go: they are worked out anew, by the worker, for every child marked here.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WITHDRAWN_ON = """
    SELECT case_id, max(stopped_on) FROM deadline
    WHERE stopped_on IS NOT NULL AND case_id IS NOT NULL GROUP BY case_id
"""


def upgrade() -> None:
    withdrawn = op.get_bind().execute(sa.text(WITHDRAWN_ON)).all()
    op.drop_table('deadline')
    op.create_table('day_off',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('taken_out_at', sa.DateTime(), nullable=True),
    sa.Column('taken_out_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'added_by'], ['account.authority_id', 'account.id'], name=op.f('fk_day_off_authority_id_added_by')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_day_off_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_off')),
    sa.UniqueConstraint('public_id', name=op.f('uq_day_off_public_id'))
    )
    op.create_table('local_setting',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('procedure_code', sa.String(length=64), nullable=False),
    sa.Column('body_code', sa.String(length=64), server_default='', nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('what', sa.String(length=64), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('set_at', sa.DateTime(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', sa.DateTime(), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'set_by'], ['account.authority_id', 'account.id'], name=op.f('fk_local_setting_authority_id_set_by')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_local_setting_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_setting')),
    sa.UniqueConstraint('public_id', name=op.f('uq_local_setting_public_id'))
    )
    with op.batch_alter_table('local_setting', schema=None) as batch_op:
        batch_op.create_index('ix_local_setting_rule', ['authority_id', 'procedure_code', 'rule'], unique=False)

    op.create_table('deadline',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('procedure_edition', sa.String(length=64), nullable=False),
    sa.Column('begins', sa.Date(), nullable=True),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('soon_on', sa.Date(), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('met_at', sa.DateTime(), nullable=True),
    sa.Column('stopped_on', sa.Date(), nullable=True),
    sa.Column('missing', sa.Text(), nullable=False),
    sa.Column('enter', sa.String(length=64), nullable=False),
    sa.Column('not_for', sa.Text(), nullable=False),
    sa.Column('latest', sa.Boolean(), nullable=False),
    sa.Column('instead_of', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('procedure_code', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('spell', sa.Integer(), nullable=False),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.String(length=64), nullable=False),
    sa.Column('anchor_date', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('import_line', sa.Integer(), nullable=True),
    sa.Column('said_of', sa.String(length=64), server_default='', nullable=False),
    sa.Column('typed_by', sa.Integer(), nullable=True),
    sa.Column('import_file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_deadline_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_deadline_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_deadline_authority_id')),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_file.id'], name=op.f('fk_deadline_import_file_id')),
    sa.ForeignKeyConstraint(['typed_by'], ['account.id'], name=op.f('fk_deadline_typed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline'))
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_case', ['case_id'], unique=False)
        batch_op.create_index('ix_deadline_child', ['child_id'], unique=False)
        batch_op.create_index('ix_deadline_due', ['authority_id', 'due'], unique=False)

    op.create_table('deadline_earlier',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('replaced_at', sa.DateTime(), nullable=False),
    sa.Column('replaced_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('procedure_code', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('spell', sa.Integer(), nullable=False),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.String(length=64), nullable=False),
    sa.Column('anchor_date', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_deadline_earlier_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_deadline_earlier_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_deadline_earlier_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_earlier'))
    )
    with op.batch_alter_table('deadline_earlier', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_earlier_child', ['child_id'], unique=False)

    op.create_table('deadline_mark',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('marked_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_deadline_mark_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_deadline_mark_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_mark')),
    sa.UniqueConstraint('authority_id', 'child_id', name=op.f('uq_deadline_mark_authority_id_child_id'))
    )
    op.create_table('withdrawal',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('by_chair', sa.Boolean(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('withdrew_at', sa.DateTime(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_withdrawal_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id', 'booking_id'], ['booking.authority_id', 'booking.id'], name=op.f('fk_withdrawal_authority_id_booking_id')),
    sa.ForeignKeyConstraint(['authority_id', 'written_by'], ['account.authority_id', 'account.id'], name=op.f('fk_withdrawal_authority_id_written_by')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_withdrawal_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_withdrawal_public_id'))
    )
    with op.batch_alter_table('withdrawal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_withdrawal_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_withdrawal_booking_id'), ['booking_id'], unique=False)

    op.create_table('lifted_finding',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('fact_on', sa.Date(), nullable=True),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('lifted_at', sa.DateTime(), nullable=False),
    sa.Column('lifted_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_lifted_finding_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_lifted_finding_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id', 'lifted_by'], ['account.authority_id', 'account.id'], name=op.f('fk_lifted_finding_authority_id_lifted_by')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_lifted_finding_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lifted_finding'))
    )
    with op.batch_alter_table('lifted_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lifted_finding_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deadlines_under', sa.String(length=64), server_default='', nullable=False))

    with op.batch_alter_table('enabled_procedure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('made_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('made_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('theme', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('moved_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('moved_why', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('cancelled_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_why', sa.Text(), server_default='', nullable=False))
        batch_op.drop_constraint(op.f('uq_meeting_authority_id_procedure_code_body_code_held_on'), type_='unique')
        batch_op.create_index('ix_meeting_day', ['authority_id', 'procedure_code', 'body_code', 'held_on'], unique=True, sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))

    with op.batch_alter_table('panel_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('queued_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('withdrawal_asked_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('withdrawal_why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('case_child', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('post_holder', schema=None) as batch_op:
        batch_op.add_column(sa.Column('grade', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('service', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('outside', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('remind_on', sa.Date(), nullable=True))

    for case_id, on in withdrawn:
        noon = datetime.fromisoformat(f"{on}T12:00:00")
        op.get_bind().execute(
            sa.text("UPDATE panel_case SET withdrawn_at = :noon WHERE id = :id").bindparams(
                sa.bindparam("noon", noon, sa.DateTime()), id=case_id
            )
        )
    op.get_bind().execute(
        sa.text(
            "INSERT INTO deadline_mark (authority_id, child_id, marked_at) "
            "SELECT authority_id, id, CURRENT_TIMESTAMP FROM child WHERE merged_into_id IS NULL"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table('post_holder', schema=None) as batch_op:
        batch_op.drop_column('remind_on')
        batch_op.drop_column('outside')
        batch_op.drop_column('service')
        batch_op.drop_column('grade')

    with op.batch_alter_table('case_child', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_why')
        batch_op.drop_column('withdrawn_at')

    with op.batch_alter_table('panel_case', schema=None) as batch_op:
        batch_op.drop_column('withdrawal_why')
        batch_op.drop_column('withdrawal_asked_at')
        batch_op.drop_column('queued_at')
        batch_op.drop_column('withdrawn_at')

    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_day', sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))
        batch_op.create_unique_constraint(op.f('uq_meeting_authority_id_procedure_code_body_code_held_on'), ['authority_id', 'procedure_code', 'body_code', 'held_on'])
        batch_op.drop_column('cancelled_why')
        batch_op.drop_column('cancelled_by')
        batch_op.drop_column('cancelled_at')
        batch_op.drop_column('moved_why')
        batch_op.drop_column('moved_from')
        batch_op.drop_column('theme')

    with op.batch_alter_table('enabled_procedure', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('made_at')
        batch_op.drop_column('made_by')

    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.drop_column('deadlines_under')

    with op.batch_alter_table('lifted_finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lifted_finding_case_id'))

    op.drop_table('lifted_finding')
    with op.batch_alter_table('withdrawal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_withdrawal_booking_id'))
        batch_op.drop_index(batch_op.f('ix_withdrawal_account_id'))

    op.drop_table('withdrawal')
    op.drop_table('deadline_mark')
    with op.batch_alter_table('deadline_earlier', schema=None) as batch_op:
        batch_op.drop_index('ix_deadline_earlier_child')

    op.drop_table('deadline_earlier')
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.drop_index('ix_deadline_due')
        batch_op.drop_index('ix_deadline_child')
        batch_op.drop_index('ix_deadline_case')

    op.drop_table('deadline')
    with op.batch_alter_table('local_setting', schema=None) as batch_op:
        batch_op.drop_index('ix_local_setting_rule')

    op.drop_table('local_setting')
    op.drop_table('day_off')
    op.create_table('deadline',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('procedure_code', sa.String(length=64), nullable=False),
    sa.Column('procedure_edition', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('anchor_date', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('stopped_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_deadline_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_deadline_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_deadline_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline'))
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_case', ['case_id'], unique=False)
        batch_op.create_index('ix_deadline_child', ['child_id'], unique=False)
        batch_op.create_index('ix_deadline_due', ['authority_id', 'due'], unique=False)
