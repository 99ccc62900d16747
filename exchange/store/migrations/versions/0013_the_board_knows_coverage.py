"""Which period and which box the data of a line on the board covers.

Whoever migrates a store writes the lines anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DAYS = ("covers_from", "covers_to")
SIDES = ("west", "south", "east", "north")


def upgrade() -> None:
    for name in DAYS:
        op.add_column("board", sa.Column(name, AutoString(length=10), nullable=True))
    for name in SIDES:
        op.add_column("board", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in (*DAYS, *SIDES):
        op.drop_column("board", name)
