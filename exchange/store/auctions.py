"""Auctions and their bids, stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer
from sqlmodel import Field, SQLModel, col, select

from exchange.auctions import Auction, AuctionState
from exchange.bids import Bid, BidState
from exchange.store.book import Book
from exchange.store.rows import EntryRow
from pricing.money import Currency, Money

_auction_version = Column("version", Integer, nullable=False)
_bid_version = Column("version", Integer, nullable=False)


def _known(states: Iterable[str]) -> CheckConstraint:
    values = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"state IN ({values})", name="state_is_known")


def _columns(value: Any, *besides: str) -> dict[str, Any]:  # noqa: ANN401 - a domain object
    names = {field.name for field in dataclasses.fields(value)} - set(besides)
    return {name: getattr(value, name) for name in names} | {"state": str(value.state)}


class AuctionRow(SQLModel, table=True):
    """One auction; `minor` is the deposit that a bid takes."""

    __tablename__: ClassVar[str] = "auction"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _auction_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (_known(AuctionState),)

    id: str = Field(primary_key=True, max_length=40)
    product: str = Field(foreign_key="product.number", index=True)
    supplier: str = Field(foreign_key="participant.id", index=True)
    mechanism: str = Field(max_length=200)
    rules: str = Field(foreign_key="record.digest")
    supply: int = Field(sa_column=Column(BigInteger, nullable=False))
    exclusive: bool
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    bids_until: str = Field(max_length=20)
    open_until: str = Field(max_length=20)
    opened_at: str = Field(max_length=20)
    head: str = Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)
    state: str = Field(max_length=20)
    bids: int
    pricing: str | None = Field(default=None, foreign_key="record.digest")
    version: int = Field(default=0, sa_column=_auction_version)

    @classmethod
    def of(cls, auction: Auction) -> dict[str, Any]:
        """Return the columns of a domain object."""
        money = {"minor": auction.deposit.minor, "currency": str(auction.currency)}
        return _columns(auction, "deposit") | money

    def to_domain(self) -> Auction:
        """Rebuild the auction; an unknown state is an error here."""
        names = {field.name for field in dataclasses.fields(Auction)} - {"deposit", "state"}
        columns = {name: getattr(self, name) for name in names}
        deposit = Money(self.minor, Currency(self.currency))
        return Auction(**columns, deposit=deposit, state=AuctionState(self.state))


class BidRow(SQLModel, table=True):
    """One bid; `minor` is its deposit, `amount` what it bids once that is known."""

    __tablename__: ClassVar[str] = "bid"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _bid_version}
    __table_args__: ClassVar[tuple[Any, ...]] = (_known(BidState),)

    leaf: str = Field(primary_key=True, foreign_key="ledger_entry.leaf", max_length=64)
    auction: str = Field(foreign_key="auction.id", index=True)
    bidder: str = Field(foreign_key="participant.id", index=True)
    scenario: str = Field(foreign_key="scenario.id")
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    placed_at: str = Field(max_length=20)
    head: str = Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)
    state: str = Field(max_length=20)
    amount: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    quote: str | None = Field(default=None, foreign_key="quote.id", index=True, max_length=40)
    version: int = Field(default=0, sa_column=_bid_version)

    @classmethod
    def of(cls, bid: Bid) -> dict[str, Any]:
        """Return the columns of a domain object."""
        money = {
            "minor": bid.deposit.minor,
            "currency": str(bid.deposit.currency),
            "amount": bid.amount.minor if bid.amount else None,
        }
        return _columns(bid, "deposit", "amount") | money

    def to_domain(self) -> Bid:
        """Rebuild the bid; an unknown state is an error here."""
        names = {field.name for field in dataclasses.fields(Bid)} - {"deposit", "amount", "state"}
        columns = {name: getattr(self, name) for name in names}
        currency = Currency(self.currency)
        return Bid(
            **columns,
            deposit=Money(self.minor, currency),
            amount=None if self.amount is None else Money(self.amount, currency),
            state=BidState(self.state),
        )


class SqlAuctions(Book[Auction]):
    """Auctions."""

    row, word, order = AuctionRow, "auction", "opened_at"


class SqlBids(Book[Bid]):
    """Bids, under the leaf hashes of their entries."""

    row, word, order = BidRow, "bid", "placed_at"

    def of_auction(self, auction: str, /) -> Sequence[Bid]:
        """Return the bids of an auction in the order in which they were placed."""
        query = select(BidRow).where(BidRow.auction == auction)
        query = query.join(EntryRow, col(EntryRow.leaf) == col(BidRow.leaf))
        rows = self._session.exec(query.order_by(col(EntryRow.version))).all()
        return [self._found(row) for row in rows]

    def of_quote(self, quote: str, /) -> Bid | None:
        """Return the bid that won a quote, or None."""
        row = self._session.exec(select(BidRow).where(BidRow.quote == quote)).first()
        return self._found(row) if row else None
