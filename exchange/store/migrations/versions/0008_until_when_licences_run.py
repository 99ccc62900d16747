"""Until when the licences of a participant run; not known of one that had a licence already.

Such a participant is looked at in full whenever the operator's inbox is, until a licence of it is
next recorded or taken back.  Most never have one.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEVER_LICENSED = """
UPDATE participant SET licences_until = ''
WHERE NOT EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE subject = 'participant/' || participant.id AND kind = 'licence.recorded'
)
"""


def upgrade() -> None:
    op.add_column(
        "participant",
        sa.Column("licences_until", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
    )
    op.execute(NEVER_LICENSED)


def downgrade() -> None:
    op.drop_column("participant", "licences_until")
