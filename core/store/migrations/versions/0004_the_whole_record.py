"""The whole record.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('email_hash', sa.String(length=64), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_address', ['address_hash', 'at'], unique=False)
        batch_op.create_index('ix_sign_in_attempt_email', ['email_hash', 'at'], unique=False)

    op.create_table('account_link',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_account_link_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_account_link_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_link_token_hash'))
    )
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_link_account_id'), ['account_id'], unique=False)

    op.create_table('account_session',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_account_session_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_account_session_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
    sa.UniqueConstraint('key', name=op.f('uq_account_session_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_session_public_id'))
    )
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_session_account_id'), ['account_id'], unique=False)

    op.create_table('cover',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('away_id', sa.Integer(), nullable=False),
    sa.Column('covered_by_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('why', sa.String(length=400), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'away_id'], ['account.authority_id', 'account.id'], name=op.f('fk_cover_authority_id_away_id')),
    sa.ForeignKeyConstraint(['authority_id', 'covered_by_id'], ['account.authority_id', 'account.id'], name=op.f('fk_cover_authority_id_covered_by_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_cover_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cover')),
    sa.UniqueConstraint('public_id', name=op.f('uq_cover_public_id'))
    )
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cover_away_id'), ['away_id'], unique=False)
        batch_op.create_index('ix_cover_by', ['covered_by_id'], unique=False)

    op.create_table('known_as',
    sa.Column('said', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('staff_number', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('matched_by', sa.Integer(), nullable=True),
    sa.Column('matched_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_known_as_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_known_as_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_as')),
    sa.UniqueConstraint('authority_id', 'said', 'email', 'staff_number', name=op.f('uq_known_as_authority_id_said_email_staff_number'))
    )
    op.create_table('import_change',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('child', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('file', sa.String(length=200), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'run_id'], ['import_run.authority_id', 'import_run.id'], name=op.f('fk_import_change_authority_id_run_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_import_change_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_change'))
    )
    with op.batch_alter_table('import_change', schema=None) as batch_op:
        batch_op.create_index('ix_import_change_run', ['run_id', 'id'], unique=False)

    op.create_table('case_invitee',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('invited_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_case_invitee_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_case_invitee_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_case_invitee_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_invitee')),
    sa.UniqueConstraint('case_id', 'account_id', name=op.f('uq_case_invitee_case_id_account_id'))
    )
    with op.batch_alter_table('case_invitee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_invitee_account_id'), ['account_id'], unique=False)

    op.create_table('child_merge',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('merged_id', sa.Integer(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undone_why', sa.Text(), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'kept_id'], ['child.authority_id', 'child.id'], name=op.f('fk_child_merge_authority_id_kept_id')),
    sa.ForeignKeyConstraint(['authority_id', 'merged_id'], ['child.authority_id', 'child.id'], name=op.f('fk_child_merge_authority_id_merged_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_child_merge_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child_merge')),
    sa.UniqueConstraint('public_id', name=op.f('uq_child_merge_public_id'))
    )
    with op.batch_alter_table('child_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_child_merge_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_merge_merged_id'), ['merged_id'], unique=False)

    op.create_table('closing',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_why', sa.Text(), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_closing_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_closing_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing')),
    sa.UniqueConstraint('public_id', name=op.f('uq_closing_public_id'))
    )
    with op.batch_alter_table('closing', schema=None) as batch_op:
        batch_op.create_index('ix_closing_child', ['child_id'], unique=False)

    op.create_table('entry',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('match_key', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('taken_out_at', sa.DateTime(), nullable=True),
    sa.Column('taken_out_by', sa.Integer(), nullable=True),
    sa.Column('taken_out_why', sa.Text(), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_entry_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_entry_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')),
    sa.UniqueConstraint('authority_id', 'id', name='uq_entry_authority_id_id'),
    sa.UniqueConstraint('public_id', name=op.f('uq_entry_public_id'))
    )
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.create_index('ix_entry_child', ['child_id', 'kind'], unique=False)
        batch_op.create_index('ix_entry_kind', ['authority_id', 'kind'], unique=False)

    op.create_table('named_access',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('named_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_named_access_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_named_access_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_named_access_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_named_access'))
    )
    with op.batch_alter_table('named_access', schema=None) as batch_op:
        batch_op.create_index('ix_named_access_account', ['account_id', 'child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_named_access_child_id'), ['child_id'], unique=False)

    op.create_table('paper',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('answers_id', sa.Integer(), nullable=True),
    sa.Column('signed_by', sa.Integer(), nullable=True),
    sa.Column('signed_at', sa.DateTime(), nullable=True),
    sa.Column('taken_out_at', sa.DateTime(), nullable=True),
    sa.Column('taken_out_by', sa.Integer(), nullable=True),
    sa.Column('taken_out_why', sa.Text(), server_default='', nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'answers_id'], ['account.authority_id', 'account.id'], name=op.f('fk_paper_authority_id_answers_id')),
    sa.ForeignKeyConstraint(['authority_id', 'case_id'], ['panel_case.authority_id', 'panel_case.id'], name=op.f('fk_paper_authority_id_case_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_paper_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id', 'meeting_id'], ['meeting.authority_id', 'meeting.id'], name=op.f('fk_paper_authority_id_meeting_id')),
    sa.ForeignKeyConstraint(['authority_id', 'signed_by'], ['account.authority_id', 'account.id'], name=op.f('fk_paper_authority_id_signed_by')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_paper_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('authority_id', 'id', name='uq_paper_authority_id_id'),
    sa.UniqueConstraint('public_id', name=op.f('uq_paper_public_id'))
    )
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.create_index('ix_paper_answers', ['answers_id'], unique=False)
        batch_op.create_index('ix_paper_case', ['case_id'], unique=False)
        batch_op.create_index('ix_paper_child', ['child_id'], unique=False)
        batch_op.create_index('ix_paper_meeting', ['meeting_id'], unique=False)

    op.create_table('record_summary',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('plan', sa.String(length=64), nullable=False),
    sa.Column('plan_state', sa.String(length=32), nullable=False),
    sa.Column('plan_identified_on', sa.Date(), nullable=True),
    sa.Column('plan_agreed_on', sa.Date(), nullable=True),
    sa.Column('plan_achieved_on', sa.Date(), nullable=True),
    sa.Column('contingencies', sa.String(length=400), nullable=False),
    sa.Column('proceedings_issued_on', sa.Date(), nullable=True),
    sa.Column('final_hearing_on', sa.Date(), nullable=True),
    sa.Column('proceedings_ended_on', sa.Date(), nullable=True),
    sa.Column('gateway_held_on', sa.Date(), nullable=True),
    sa.Column('gateway_determination', sa.String(length=64), nullable=False),
    sa.Column('matched_on', sa.Date(), nullable=True),
    sa.Column('disagreements', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_record_summary_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_record_summary_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_summary')),
    sa.UniqueConstraint('child_id', name=op.f('uq_record_summary_child_id'))
    )
    with op.batch_alter_table('record_summary', schema=None) as batch_op:
        batch_op.create_index('ix_record_summary_plan', ['authority_id', 'plan_state', 'plan'], unique=False)

    op.create_table('stated_access',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.Column('seen_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_stated_access_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_stated_access_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_stated_access_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stated_access')),
    sa.UniqueConstraint('public_id', name=op.f('uq_stated_access_public_id'))
    )
    with op.batch_alter_table('stated_access', schema=None) as batch_op:
        batch_op.create_index('ix_stated_access_account', ['account_id', 'until'], unique=False)
        batch_op.create_index('ix_stated_access_child', ['child_id'], unique=False)

    op.create_table('stated_worker',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('relation', sa.String(length=64), nullable=False),
    sa.Column('said', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('staff_number', sa.String(length=64), nullable=False),
    sa.Column('as_at', sa.Date(), nullable=False),
    sa.Column('format', sa.String(length=32), server_default='', nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('import_line', sa.Integer(), nullable=True),
    sa.Column('said_of', sa.String(length=64), server_default='', nullable=False),
    sa.Column('typed_by', sa.Integer(), nullable=True),
    sa.Column('import_file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id', 'account_id'], ['account.authority_id', 'account.id'], name=op.f('fk_stated_worker_authority_id_account_id')),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_stated_worker_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_stated_worker_authority_id')),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_file.id'], name=op.f('fk_stated_worker_import_file_id')),
    sa.ForeignKeyConstraint(['typed_by'], ['account.id'], name=op.f('fk_stated_worker_typed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stated_worker'))
    )
    with op.batch_alter_table('stated_worker', schema=None) as batch_op:
        batch_op.create_index('ix_stated_worker_child', ['child_id'], unique=False)
        batch_op.create_index('ix_stated_worker_matched', ['authority_id', 'account_id', 'said'], unique=False, sqlite_where=sa.text('account_id IS NOT NULL'), postgresql_where=sa.text('account_id IS NOT NULL'))
        batch_op.create_index('ix_stated_worker_unmatched', ['authority_id', 'said', 'email', 'staff_number'], unique=False, sqlite_where=sa.text('account_id IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('account_id IS NULL AND ended_at IS NULL'))

    op.create_table('entry_statement',
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('import_line', sa.Integer(), nullable=True),
    sa.Column('said_of', sa.String(length=64), server_default='', nullable=False),
    sa.Column('typed_by', sa.Integer(), nullable=True),
    sa.Column('import_file_id', sa.Integer(), nullable=True),
    sa.Column('format', sa.String(length=32), server_default='', nullable=False),
    sa.Column('as_at', sa.Date(), nullable=True),
    sa.Column('stated_at', sa.DateTime(), nullable=True),
    sa.Column('replaced_at', sa.DateTime(), nullable=True),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'child_id'], ['child.authority_id', 'child.id'], name=op.f('fk_entry_statement_authority_id_child_id')),
    sa.ForeignKeyConstraint(['authority_id', 'entry_id'], ['entry.authority_id', 'entry.id'], name=op.f('fk_entry_statement_authority_id_entry_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_entry_statement_authority_id')),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_file.id'], name=op.f('fk_entry_statement_import_file_id')),
    sa.ForeignKeyConstraint(['typed_by'], ['account.id'], name=op.f('fk_entry_statement_typed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_statement'))
    )
    with op.batch_alter_table('entry_statement', schema=None) as batch_op:
        batch_op.create_index('ix_entry_statement_child', ['child_id'], unique=False)
        batch_op.create_index('ix_entry_statement_entry', ['entry_id'], unique=False)

    op.create_table('paper_version',
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('stored_as', sa.String(length=40), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('link', sa.String(length=2000), nullable=False),
    sa.Column('scan', sa.String(length=16), nullable=False),
    sa.Column('scanned_at', sa.DateTime(), nullable=True),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id', 'added_by'], ['account.authority_id', 'account.id'], name=op.f('fk_paper_version_authority_id_added_by')),
    sa.ForeignKeyConstraint(['authority_id', 'paper_id'], ['paper.authority_id', 'paper.id'], name=op.f('fk_paper_version_authority_id_paper_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_paper_version_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_version')),
    sa.UniqueConstraint('paper_id', 'number', name=op.f('uq_paper_version_paper_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_paper_version_public_id'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_number', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('password_changed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('codes_secret', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('codes_since', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('codes_used', sa.String(length=64), server_default='', nullable=False))

    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('child_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('import_file_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('import_line', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('as_at', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('given_due', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('given_owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('given_owner', sa.String(length=200), server_default='', nullable=False))
        batch_op.alter_column('decision_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.alter_column('case_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_action_child_id'), ['child_id'], unique=False)

    with op.batch_alter_table('adoption_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('corrects', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('asylum_status', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('corrects', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_subject'))
        batch_op.create_index('ix_audit_subject', ['subject', 'subject_id', 'at'], unique=False)
        batch_op.create_index('ix_audit_what', ['authority_id', 'did', 'at'], unique=False)
        batch_op.create_index('ix_audit_who', ['authority_id', 'account_id', 'at'], unique=False)

    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.add_column(sa.Column('codes_required', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('child', schema=None) as batch_op:
        batch_op.add_column(sa.Column('languages', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('closed_to', sa.String(length=16), server_default='', nullable=False))
        batch_op.create_index('ix_child_alike', ['authority_id', 'born', 'family_name', 'given_name'], unique=False)
        batch_op.create_index('ix_child_closed', ['authority_id'], unique=False, sqlite_where=sa.text("closed_to <> ''"), postgresql_where=sa.text("closed_to <> ''"))
        batch_op.create_index('ix_child_merged', ['merged_into_id'], unique=False)
        batch_op.create_index('ix_child_upn', ['authority_id', 'upn'], unique=False)

    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('corrects', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('identity_fact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('format', sa.String(length=32), server_default='', nullable=False))
        batch_op.add_column(sa.Column('as_at', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('stated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('legal_status', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))

    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('circulated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('circulated_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ratified_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('ratified_by', sa.Integer(), nullable=True))

    with op.batch_alter_table('period_of_care', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))

    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_of', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('corrects', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.add_column(sa.Column('until', sa.Date(), nullable=True))

    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.add_column(sa.Column('until', sa.Date(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.drop_column('until')

    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_column('until')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('void')
        batch_op.drop_column('corrects')
        batch_op.drop_column('said_of')

    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_column('said_of')

    with op.batch_alter_table('period_of_care', schema=None) as batch_op:
        batch_op.drop_column('said_of')

    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_column('ratified_by')
        batch_op.drop_column('ratified_at')
        batch_op.drop_column('circulated_by')
        batch_op.drop_column('circulated_at')

    with op.batch_alter_table('legal_status', schema=None) as batch_op:
        batch_op.drop_column('said_of')

    with op.batch_alter_table('identity_fact', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('as_at')
        batch_op.drop_column('format')
        batch_op.drop_column('said_of')

    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('void')
        batch_op.drop_column('corrects')
        batch_op.drop_column('said_of')

    with op.batch_alter_table('child', schema=None) as batch_op:
        batch_op.drop_index('ix_child_upn')
        batch_op.drop_index('ix_child_merged')
        batch_op.drop_index('ix_child_closed', sqlite_where=sa.text("closed_to <> ''"), postgresql_where=sa.text("closed_to <> ''"))
        batch_op.drop_index('ix_child_alike')
        batch_op.drop_column('closed_to')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('languages')

    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.drop_column('codes_required')

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_who')
        batch_op.drop_index('ix_audit_what')
        batch_op.drop_index('ix_audit_subject')
        batch_op.create_index(batch_op.f('ix_audit_subject'), ['subject', 'subject_id'], unique=False)

    with op.batch_alter_table('asylum_status', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('void')
        batch_op.drop_column('corrects')
        batch_op.drop_column('said_of')

    with op.batch_alter_table('adoption_decision', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('void')
        batch_op.drop_column('corrects')
        batch_op.drop_column('said_of')

    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_child_id'))
        batch_op.alter_column('case_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.alter_column('decision_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('given_owner')
        batch_op.drop_column('given_owner_id')
        batch_op.drop_column('given_due')
        batch_op.drop_column('as_at')
        batch_op.drop_column('import_line')
        batch_op.drop_column('import_file_id')
        batch_op.drop_column('child_id')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('codes_used')
        batch_op.drop_column('codes_since')
        batch_op.drop_column('codes_secret')
        batch_op.drop_column('password_changed_at')
        batch_op.drop_column('staff_number')

    op.drop_table('paper_version')
    with op.batch_alter_table('entry_statement', schema=None) as batch_op:
        batch_op.drop_index('ix_entry_statement_entry')
        batch_op.drop_index('ix_entry_statement_child')

    op.drop_table('entry_statement')
    with op.batch_alter_table('stated_worker', schema=None) as batch_op:
        batch_op.drop_index('ix_stated_worker_unmatched', sqlite_where=sa.text('account_id IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('account_id IS NULL AND ended_at IS NULL'))
        batch_op.drop_index('ix_stated_worker_matched', sqlite_where=sa.text('account_id IS NOT NULL'), postgresql_where=sa.text('account_id IS NOT NULL'))
        batch_op.drop_index('ix_stated_worker_child')

    op.drop_table('stated_worker')
    with op.batch_alter_table('stated_access', schema=None) as batch_op:
        batch_op.drop_index('ix_stated_access_child')
        batch_op.drop_index('ix_stated_access_account')

    op.drop_table('stated_access')
    with op.batch_alter_table('record_summary', schema=None) as batch_op:
        batch_op.drop_index('ix_record_summary_plan')

    op.drop_table('record_summary')
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.drop_index('ix_paper_meeting')
        batch_op.drop_index('ix_paper_child')
        batch_op.drop_index('ix_paper_case')
        batch_op.drop_index('ix_paper_answers')

    op.drop_table('paper')
    with op.batch_alter_table('named_access', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_named_access_child_id'))
        batch_op.drop_index('ix_named_access_account')

    op.drop_table('named_access')
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index('ix_entry_kind')
        batch_op.drop_index('ix_entry_child')

    op.drop_table('entry')
    with op.batch_alter_table('closing', schema=None) as batch_op:
        batch_op.drop_index('ix_closing_child')

    op.drop_table('closing')
    with op.batch_alter_table('child_merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_child_merge_merged_id'))
        batch_op.drop_index(batch_op.f('ix_child_merge_kept_id'))

    op.drop_table('child_merge')
    with op.batch_alter_table('case_invitee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_invitee_account_id'))

    op.drop_table('case_invitee')
    with op.batch_alter_table('import_change', schema=None) as batch_op:
        batch_op.drop_index('ix_import_change_run')

    op.drop_table('import_change')
    op.drop_table('known_as')
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.drop_index('ix_cover_by')
        batch_op.drop_index(batch_op.f('ix_cover_away_id'))

    op.drop_table('cover')
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_session_account_id'))

    op.drop_table('account_session')
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_link_account_id'))

    op.drop_table('account_link')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_email')
        batch_op.drop_index('ix_sign_in_attempt_address')

    op.drop_table('sign_in_attempt')
