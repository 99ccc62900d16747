"""What stands on the board, as it is searched.

Its lines are derived from sheets, profiles and measurements: whoever migrates a store writes them,
by the rules of the program (`exchange.services.search_board.restore_board`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ASKED = ("sector", "format", "type", "grade", "price_mode", "frequency", "quality", "until")


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("number", AutoString(length=40), nullable=False),
        sa.Column("supplier", AutoString(length=40), nullable=False),
        sa.Column("sector", AutoString(length=200), nullable=False),
        sa.Column("type", AutoString(length=20), nullable=False),
        sa.Column("grade", AutoString(length=20), nullable=False),
        sa.Column("frequency", AutoString(length=20), nullable=False),
        sa.Column("format", AutoString(length=100), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("price_mode", AutoString(length=20), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", AutoString(length=3), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("listed_at", AutoString(length=20), nullable=False),
        sa.Column("until", AutoString(length=10), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("name_key", sa.LargeBinary(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_en_key", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["product.number"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("board_newest", "board", ["listed_at", "number"])
    op.create_index("board_best", "board", ["quality", "listed_at", "number"])
    op.create_index("board_by_name", "board", ["name_key", "listed_at", "number"])
    op.create_index("board_by_english_name", "board", ["name_en_key", "listed_at", "number"])
    op.create_index("board_asked", "board", list(ASKED))


def downgrade() -> None:
    op.drop_table("board")
