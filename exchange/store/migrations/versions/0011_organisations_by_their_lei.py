"""An organisation is known by a unified social credit code of 18 characters or an LEI of 20."""

from __future__ import annotations

import sqlmodel.sql.sqltypes
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen(18, 20)


def downgrade() -> None:
    """Narrow the columns again; what stands there with an LEI has to leave first."""
    _widen(20, 18)


def _widen(before: int, after: int) -> None:
    # SQLite keeps text of any length, and copies no table that others refer to.
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("participant", "barred"):
        op.alter_column(
            table,
            "credit_code",
            existing_type=sqlmodel.sql.sqltypes.AutoString(length=before),
            type_=sqlmodel.sql.sqltypes.AutoString(length=after),
            existing_nullable=False,
        )
