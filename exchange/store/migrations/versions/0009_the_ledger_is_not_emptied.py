"""The ledger's tables are not emptied: PostgreSQL asks no trigger of rows for a TRUNCATE.

SQLite has none, and its DELETE of every row asks the trigger of each.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ONLY_GROW = ("ledger_entry", "ledger_place", "ledger_tile", "ledger_checkpoint")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ONLY_GROW:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ONLY_GROW:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
