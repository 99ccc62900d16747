"""Trading modes and central clearing: what waits, what is agreed, and what is owed."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BELOW_ZERO = "minor >= 0 OR account LIKE 'outside/%'"
BELOW_LIMIT = "minor - pending >= -credit OR account LIKE 'outside/%'"


def upgrade() -> None:
    _transfers()
    _scenarios()


def downgrade() -> None:
    _no_scenarios()
    _no_transfers()


# Transfers that wait, and limits.


def _transfers() -> None:
    with op.batch_alter_table("balance", schema=None) as batch_op:
        for name in ("pending", "credit"):
            column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            batch_op.add_column(column)
        batch_op.drop_constraint("nothing_below_zero", type_="check")
        batch_op.create_check_constraint("nothing_below_its_limit", BELOW_LIMIT)
        batch_op.create_check_constraint(
            "nothing_set_aside_below_zero", "pending >= 0 AND credit >= 0"
        )
    op.create_table(
        "transfer",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("entry", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("resolved", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'posted', 'voided')", name="state_is_known"),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["resolved"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transfer_source", "transfer", ["source"])
    op.create_index("ix_transfer_target", "transfer", ["target"])


def _no_transfers() -> None:
    op.drop_table("transfer")
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.drop_constraint("nothing_set_aside_below_zero", type_="check")
        batch_op.drop_constraint("nothing_below_its_limit", type_="check")
        batch_op.create_check_constraint("nothing_below_zero", BELOW_ZERO)
        batch_op.drop_column("credit")
        batch_op.drop_column("pending")


# Scenarios that an assessor looks at, and demand.

SCENARIO_FIRST = "state IN ('filed', 'approved', 'refused', 'withdrawn', 'expired')"
SCENARIO_STATES = (
    "state IN ('filed', 'approved', 'limited', 'refused', 'withdrawn', 'revoked', 'expired')"
)


def _scenarios() -> None:
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        for name, length in (("sector", 200), ("limits", 60_000)):
            text = sqlmodel.sql.sqltypes.AutoString(length=length)
            batch_op.add_column(sa.Column(name, text, nullable=True))
        text = sqlmodel.sql.sqltypes.AutoString(length=200)
        batch_op.add_column(sa.Column("grounds", text, nullable=False, server_default="[]"))
        batch_op.drop_constraint("state_is_known", type_="check")
        batch_op.create_check_constraint("scenario_state_is_known", SCENARIO_STATES)


def _no_scenarios() -> None:
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_constraint("scenario_state_is_known", type_="check")
        batch_op.create_check_constraint("state_is_known", SCENARIO_FIRST)
        for name in ("limits", "grounds", "sector"):
            batch_op.drop_column(name)
