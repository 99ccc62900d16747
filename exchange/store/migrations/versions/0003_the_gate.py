"""The gate: what registration, the merchants and the review inbox keep."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Registration types: states beyond the first, the term, and data version by version.
    op.add_column(
        "product",
        sa.Column(
            "registration_state",
            sqlmodel.sql.sqltypes.AutoString(length=20),
            sa.CheckConstraint(
                "registration_state IN ('on-notice', 'objected', 'confirmed', 'disputed',"
                " 'rejected', 'cancelled')",
                name="registration_state_is_known",
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "product",
        sa.Column("registered_until", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
    )
    op.create_table(
        "product_data",
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("data", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("profile", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["profile"], ["record.digest"]),
        sa.PrimaryKeyConstraint("product", "data"),
    )
    op.create_index("ix_product_data_data", "product_data", ["data"])
    op.execute(
        "INSERT INTO product_data (product, data, file, bytes, profile)"
        " SELECT number, data, file, bytes, profile FROM product"
    )

    # Merchants.
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("verified_until", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True)
        )
    op.create_table(
        "barred",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("cleared", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("barred", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_barred_credit_code"), ["credit_code"], unique=False)

    op.create_table(
        "engagement",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("products", sqlmodel.sql.sqltypes.AutoString(length=20000), nullable=False),
        sa.Column("work", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("contingent", sa.Boolean(), nullable=False),
        sa.Column("due", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("report", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'delivered', 'paid', 'declined', 'cancelled')",
            name="state_is_known",
        ),
        sa.ForeignKeyConstraint(["by"], ["participant.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["to"], ["participant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_to"), ["to"], unique=False)

    # Fingerprints of registered data.
    op.create_table(
        "fingerprint",
        sa.Column("id", KEY, nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("data", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("product", "data", name="one_fingerprint_of_data"),
    )
    op.create_table(
        "fingerprint_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", KEY, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["fingerprint"], ["fingerprint.id"]),
        sa.PrimaryKeyConstraint("key", "fingerprint"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fingerprint_key_fingerprint", "fingerprint_key", ["fingerprint"])

    # Drafts of spec sheets.
    op.create_table(
        "sheet_draft",
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("saved_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["saved_by"], ["participant.id"]),
        sa.PrimaryKeyConstraint("product"),
    )


def downgrade() -> None:
    # Drafts of spec sheets.
    op.drop_table("sheet_draft")

    # Merchants.
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_to"))
        batch_op.drop_index(batch_op.f("ix_engagement_by"))

    op.drop_table("engagement")
    with op.batch_alter_table("barred", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_barred_credit_code"))

    op.drop_table("barred")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("verified_until")
    op.drop_table("fingerprint_key")
    op.drop_table("fingerprint")
    op.drop_table("product_data")
    with op.batch_alter_table("product") as batch:
        batch.drop_constraint("registration_state_is_known", type_="check")
        batch.drop_column("registered_until")
        batch.drop_column("registration_state")
