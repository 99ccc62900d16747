"""Whose word the documents of a product stand by; not known of a product that is there already.

Such a product is looked at in full whenever somebody asks what waits, until a document of it is
next attached or decided on.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "product", sa.Column("verifiers", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("product", "verifiers")
