"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "balance",
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minor >= 0 OR account LIKE 'outside/%'", name="nothing_below_zero"),
        sa.PrimaryKeyConstraint("account", "currency"),
    )
    op.create_table(
        "draft",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("supplier", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_source"), ["source"], unique=False)

    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("leaf", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("act"),
        sa.UniqueConstraint("leaf"),
        sa.UniqueConstraint("subject", "version", name="one_version_a_subject"),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ledger_entry_kind", ["subject", "kind", "position"], unique=False)

    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "record",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "reply",
        sa.Column("participant", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("request", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("participant", "key"),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_created"), ["created"], unique=False)

    op.create_table(
        "request",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("nonce", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "nonce"),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_expires"), ["expires"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "participant",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("handle", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=False),
        sa.Column("public_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("roles", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("standing", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('applied', 'admitted', 'suspended')", name="standing_is_known"
        ),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
        sa.UniqueConstraint("public_key"),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.Integer(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.ForeignKeyConstraint(["journal"], ["journal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_journal"), ["journal"], unique=False)

    op.create_table(
        "product",
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("supplier", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("data", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("profile", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("notice_until", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("registered_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sheet", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("registration", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("listing", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("listed_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("valid_until", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "listing IN ('registered', 'listed', 'suspended', 'delisted')", name="listing_is_known"
        ),
        sa.CheckConstraint(
            "registration IN ('on-notice', 'objected', 'confirmed', 'rejected')",
            name="registration_is_known",
        ),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.ForeignKeyConstraint(["profile"], ["record.digest"]),
        sa.ForeignKeyConstraint(["sheet"], ["record.digest"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(
            "one_claim_of_bytes",
            ["data"],
            unique=True,
            sqlite_where=sa.text("registration <> 'rejected'"),
            postgresql_where=sa.text("registration <> 'rejected'"),
        )
        batch_op.create_index(batch_op.f("ix_product_listing"), ["listing"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_supplier"), ["supplier"], unique=False)

    op.create_table(
        "token",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("participant", sa.String(length=40), nullable=True),
        sa.Column("scopes", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"]),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "scenario",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("buyer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column("recipients", sqlmodel.sql.sqltypes.AutoString(length=20000), nullable=False),
        sa.Column("onward_transfer", sa.Boolean(), nullable=False),
        sa.Column("public_release", sa.Boolean(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("approved_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("expires_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.CheckConstraint(
            "state IN ('filed', 'approved', 'refused', 'withdrawn', 'expired')",
            name="state_is_known",
        ),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["description"], ["record.digest"]),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_buyer"), ["buyer"], unique=False)
        batch_op.create_index(batch_op.f("ix_scenario_product"), ["product"], unique=False)

    op.create_table(
        "quote",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scenario", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("buyer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pricing", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.ForeignKeyConstraint(["pricing"], ["record.digest"]),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["scenario"], ["scenario.id"]),
        sa.ForeignKeyConstraint(["terms"], ["record.digest"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "trade",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scenario", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("quote", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("buyer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("supplier", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("ordered_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("delivery", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("escrow", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("sealed", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("grant_until", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("delivery IN ('due', 'made', 'received')", name="delivery_is_known"),
        sa.CheckConstraint(
            "escrow IN ('none', 'held', 'released', 'refunded')", name="escrow_is_known"
        ),
        sa.CheckConstraint(
            "state IN ('ordered', 'contracted', 'executed', 'cancelled', 'lapsed')",
            name="state_is_known",
        ),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.position"]),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"]),
        sa.ForeignKeyConstraint(["scenario"], ["scenario.id"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.ForeignKeyConstraint(["terms"], ["record.digest"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("quote"),
    )
    with op.batch_alter_table("trade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trade_buyer"), ["buyer"], unique=False)
        batch_op.create_index(batch_op.f("ix_trade_product"), ["product"], unique=False)
        batch_op.create_index(batch_op.f("ix_trade_supplier"), ["supplier"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_entry_no_{change.lower()} BEFORE {change} ON ledger_entry "
                "BEGIN SELECT RAISE(ABORT, 'entries of the ledger are only ever added'); END"
            )


def downgrade() -> None:
    with op.batch_alter_table("trade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trade_supplier"))
        batch_op.drop_index(batch_op.f("ix_trade_product"))
        batch_op.drop_index(batch_op.f("ix_trade_buyer"))

    op.drop_table("trade")
    op.drop_table("quote")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_product"))
        batch_op.drop_index(batch_op.f("ix_scenario_buyer"))

    op.drop_table("scenario")
    op.drop_table("token")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_supplier"))
        batch_op.drop_index(batch_op.f("ix_product_listing"))

    op.drop_table("product")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_journal"))
        batch_op.drop_index(batch_op.f("ix_posting_account"))

    op.drop_table("posting")
    op.drop_table("participant")
    op.drop_table("journal")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_expires"))

    op.drop_table("request")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_created"))

    op.drop_table("reply")
    op.drop_table("record")
    op.drop_table("ledger_head")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ledger_entry_kind")

    op.drop_table("ledger_entry")
    op.drop_table("ledger_checkpoint")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_source"))

    op.drop_table("draft")
    op.drop_table("balance")
