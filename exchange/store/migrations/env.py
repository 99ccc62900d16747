"""Alembic's environment: the connection comes from `exchange.store.schema`."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from exchange.store import rows, sheet_drafts

for table in (rows.EntryRow, sheet_drafts.SheetDraftRow):
    assert table.metadata is SQLModel.metadata  # noqa: S101 - the tables are registered

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
