"""Deals made off the exchange, as rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer
from sqlmodel import Field, SQLModel, col, or_, select

from exchange.deals import Deal, DealState, Side
from exchange.store.book import Book
from pricing.money import Currency, Money

_version = Column("version", Integer, nullable=False)
_NAMES = frozenset(field.name for field in dataclasses.fields(Deal)) - {"amount"}


class DealRow(SQLModel, table=True):
    """One deal; `product` and `scenario` are empty where it names none."""

    __tablename__: ClassVar[str] = "deal"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint(
            "state IN ('filed', 'confirmed', 'declined', 'ended')", name="state_is_known"
        ),
        CheckConstraint("side IN ('supplier', 'buyer')", name="side_is_known"),
    )

    id: str = Field(primary_key=True, max_length=40)
    filer: str = Field(foreign_key="participant.id", index=True, max_length=40)
    to: str = Field(foreign_key="participant.id", index=True, max_length=40)
    side: str = Field(max_length=20)
    product: str = Field(index=True, max_length=40)
    scenario: str = Field(max_length=40)
    purpose: str = Field(max_length=200)
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    due: str = Field(max_length=10)
    until: str = Field(max_length=20)
    cleared: bool
    filed_at: str = Field(max_length=20)
    filing: str = Field(foreign_key="ledger_entry.leaf", max_length=64)
    head: str = Field(foreign_key="ledger_entry.leaf", max_length=64)
    state: str = Field(max_length=20)
    reason: str = Field(max_length=200)
    version: int = Field(default=0, sa_column=_version)

    @classmethod
    def of(cls, deal: Deal) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {name: getattr(deal, name) for name in _NAMES}
        money = {"minor": deal.amount.minor, "currency": str(deal.amount.currency)}
        return columns | {"side": str(deal.side), "state": str(deal.state)} | money

    def to_domain(self) -> Deal:
        """Rebuild the deal; an unknown side or state is an error here."""
        columns = {name: getattr(self, name) for name in _NAMES}
        columns |= {"side": Side(self.side), "state": DealState(self.state)}
        return Deal(amount=Money(self.minor, Currency(self.currency)), **columns)


class SqlDeals(Book[Deal]):
    """Deals made off the exchange."""

    row, word, order = DealRow, "deal", "filed_at"

    def of(self, party: str) -> Sequence[Deal]:
        """Return the deals of one party, on whichever side, oldest first."""
        query = select(DealRow).where(or_(col(DealRow.filer) == party, col(DealRow.to) == party))
        rows = self._session.exec(query.order_by(DealRow.filed_at, DealRow.id)).all()
        return [self._found(row) for row in rows]

    def over(self, product: str) -> Sequence[Deal]:
        """Return the deals over one product, oldest first."""
        query = select(DealRow).where(col(DealRow.product) == product)
        rows = self._session.exec(query.order_by(DealRow.filed_at, DealRow.id)).all()
        return [self._found(row) for row in rows]
