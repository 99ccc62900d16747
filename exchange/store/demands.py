"""Demands in the database."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from sqlalchemy import CheckConstraint, Column, ColumnElement, Integer
from sqlmodel import Field, SQLModel, col, select

from exchange.demands import Demand, DemandState
from exchange.store.book import Book

_NAMES: Final = [field.name for field in dataclasses.fields(Demand)]
_STATES: Final = ", ".join(f"'{state}'" for state in DemandState)
_version = Column("version", Integer, nullable=False)


class DemandRow(SQLModel, table=True):
    """One posting; what it says stands in the record that `posting` names."""

    __tablename__: ClassVar[str] = "demand"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
    )

    id: str = Field(primary_key=True, max_length=40)
    buyer: str = Field(foreign_key="participant.id", index=True)
    title: str = Field(max_length=200)
    posting: str = Field(foreign_key="record.digest", max_length=64)
    posted_at: str = Field(max_length=20)
    until: str = Field(max_length=20)
    state: str = Field(max_length=20, index=True)
    met_by: str | None = Field(default=None, foreign_key="ledger_entry.leaf", max_length=64)
    head: str = Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)
    version: int = Field(default=0, sa_column=_version)

    @classmethod
    def of(cls, demand: Demand) -> dict[str, Any]:
        """Return the columns of a domain object."""
        return {name: getattr(demand, name) for name in _NAMES} | {"state": str(demand.state)}

    def to_domain(self) -> Demand:
        """Rebuild the demand; an unknown state is an error here."""
        columns = {name: getattr(self, name) for name in _NAMES}
        return Demand(**columns | {"state": DemandState(self.state)})


class SqlDemands(Book[Demand]):
    """Posted demands."""

    row, word, order = DemandRow, "demand", "posted_at"

    def open(self) -> Sequence[Demand]:
        """Return those that nobody has closed, oldest first."""
        return self._those(col(DemandRow.state) == str(DemandState.OPEN))

    def of_buyer(self, buyer: str, /) -> Sequence[Demand]:
        """Return a buyer's, oldest first."""
        return self._those(col(DemandRow.buyer) == buyer)

    def _those(self, which: ColumnElement[bool]) -> Sequence[Demand]:
        query = select(DemandRow).where(which)
        query = query.order_by(col(DemandRow.posted_at), col(DemandRow.id))
        return [self._found(row) for row in self._session.exec(query).all()]
