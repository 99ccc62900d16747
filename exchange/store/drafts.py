"""Product drafts: listings of elsewhere, kept until a supplier makes products of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from exchange.store.rows import DraftRow

TITLE_MAX, SUPPLIER_MAX = 500, 300  # as the columns have it


class SqlDrafts:
    """The table of drafts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, drafts: Sequence[Mapping[str, Any]]) -> int:
        """Keep drafts under their ids; return how many were not there before."""
        added = 0
        for draft in drafts:
            if self._session.get(DraftRow, draft["id"]) is not None:
                continue
            self._session.add(
                DraftRow(
                    id=draft["id"],
                    source=draft["source"],
                    title=draft["title"][:TITLE_MAX],
                    supplier=draft["supplier"][:SUPPLIER_MAX],
                    data=json.dumps(draft, ensure_ascii=False).encode(),
                )
            )
            self._session.flush()
            added += 1
        return added

    def all(self) -> list[dict[str, Any]]:
        """Return all drafts, by source and title."""
        query = select(DraftRow).order_by(DraftRow.source, DraftRow.title, DraftRow.id)
        return [json.loads(row.data) for row in self._session.exec(query)]

    def find(self, draft: str) -> list[dict[str, Any]]:
        """Return the drafts whose id begins so; at most two."""
        query = select(DraftRow).where(col(DraftRow.id).startswith(draft, autoescape=True)).limit(2)
        return [json.loads(row.data) for row in self._session.exec(query)]
