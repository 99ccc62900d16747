"""Drafts of spec sheets, saved by their suppliers and not signed: rows that record no event."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from sqlalchemy import Column, LargeBinary, bindparam, delete
from sqlmodel import Field, Session, SQLModel

from exchange.dossier import SheetDraft
from exchange.store.book import connection_of
from exchange.store.statements import Statement


class SheetDraftRow(SQLModel, table=True):
    """The draft of one product's next sheet; no entry stands behind it, for nothing is said yet."""

    __tablename__: ClassVar[str] = "sheet_draft"

    product: str = Field(primary_key=True, foreign_key="product.number", max_length=40)
    saved_by: str = Field(foreign_key="participant.id")
    saved_at: str = Field(max_length=20)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


_DRAFT: Any = SQLModel.metadata.tables[str(SheetDraftRow.__tablename__)]
_DISCARD: Final = Statement(delete(_DRAFT).where(_DRAFT.c.product == bindparam("asked")))


class SqlSheetDrafts:
    """The table of drafts of sheets: at most one a product."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, product: str, /) -> SheetDraft | None:
        """Return the draft of a product's sheet, or None."""
        row = self._session.get(SheetDraftRow, product)
        if row is None:
            return None
        return SheetDraft(row.product, row.saved_by, row.saved_at, json.loads(row.content))

    def put(self, draft: SheetDraft, /) -> None:
        """Save a draft; it replaces the one before."""
        content = json.dumps(draft.content, ensure_ascii=False).encode()
        row = self._session.get(SheetDraftRow, draft.product)
        if row is None:
            row = SheetDraftRow(
                product=draft.product,
                saved_by=draft.saved_by,
                saved_at=draft.saved_at,
                content=content,
            )
            self._session.add(row)
        row.saved_by, row.saved_at, row.content = draft.saved_by, draft.saved_at, content
        self._session.flush()

    def discard(self, product: str, /) -> None:
        """Remove a draft, if there is one."""
        _DISCARD.change(connection_of(self._session), {"asked": product})
