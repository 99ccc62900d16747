"""What each product was ever registered as derived from, as the entries of the log have it."""

from __future__ import annotations

import json

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VERSIONS = ("product.registered", "registration.changed")


def upgrade() -> None:
    made = op.create_table(
        "product_parent",
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("parent", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["product.number"]),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.PrimaryKeyConstraint("product", "parent"),
    )
    op.create_index("ix_product_parent_parent", "product_parent", ["parent"])
    entry = sa.table(
        "ledger_entry",
        sa.column("kind", sa.String),
        sa.column("subject", sa.String),
        sa.column("body", sa.LargeBinary),
    )
    told = sa.select(entry.c.subject, entry.c.body).where(entry.c.kind.in_(VERSIONS))
    named = {
        (subject.partition("/")[2], parent)
        for subject, body in op.get_bind().execute(told)
        for parent in json.loads(body)["act"]["facts"]["parents"]
    }
    if named:
        op.bulk_insert(made, [{"product": each, "parent": of} for each, of in sorted(named)])


def downgrade() -> None:
    op.drop_table("product_parent")
