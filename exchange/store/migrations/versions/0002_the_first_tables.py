"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONLY_GROW = ("ledger_entry", "ledger_place", "ledger_tile", "ledger_checkpoint")


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
        sa.Column("size", KEY, autoincrement=False, nullable=False),
        sa.Column("root", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("act", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("act"),
        sa.UniqueConstraint("leaf"),
        sa.UniqueConstraint("subject", "version", name="one_version_a_subject"),
    )
    op.create_table(
        "ledger_waiting",
        sa.Column("entry", KEY, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.id"]),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_table(
        "ledger_place",
        sa.Column("place", KEY, autoincrement=False, nullable=False),
        sa.Column("entry", KEY, nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.id"]),
        sa.PrimaryKeyConstraint("place"),
        sa.UniqueConstraint("entry"),
    )
    op.create_table(
        "ledger_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ledger_private",
        sa.Column("leaf", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["leaf"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("leaf", "field"),
    )
    op.create_table(
        "ledger_private_key",
        sa.Column("leaf", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["leaf", "field"], ["ledger_private.leaf", "ledger_private.field"]),
        sa.PrimaryKeyConstraint("leaf", "field"),
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
        sa.Column("entry", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.leaf"]),
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
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('applied', 'admitted', 'suspended')", name="standing_is_known"
        ),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
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
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
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
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=44), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("approved_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("expires_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'approved', 'refused', 'withdrawn', 'expired')",
            name="state_is_known",
        ),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
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
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
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
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
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

    postgresql = op.get_bind().dialect.name == "postgresql"
    words = "the ledger is only ever added to"
    if postgresql:
        op.execute(
            "CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in ONLY_GROW:
        for change in ("UPDATE", "DELETE"):
            then = (
                "FOR EACH ROW EXECUTE FUNCTION ledger_only_grows()"
                if postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} {then}"
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
    op.drop_table("ledger_private_key")
    op.drop_table("ledger_private")
    op.drop_table("ledger_head")
    op.drop_table("ledger_tile")
    op.drop_table("ledger_place")
    op.drop_table("ledger_waiting")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_checkpoint")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_source"))

    op.drop_table("draft")
    op.drop_table("balance")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_only_grows()")
