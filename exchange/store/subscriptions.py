"""Subscriptions as rows."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer
from sqlmodel import Field, SQLModel

from exchange.store.book import Book
from exchange.subscriptions import Subscription, SubscriptionState
from pricing.money import Currency, Money

_version = Column("version", Integer, nullable=False)
_STATES = ", ".join(f"'{state}'" for state in SubscriptionState)


class SubscriptionRow(SQLModel, table=True):
    """One subscription, under its trade."""

    __tablename__: ClassVar[str] = "subscription"
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": _version}
    __table_args__: ClassVar[tuple[Any, ...]] = (
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
    )

    trade: str = Field(primary_key=True, foreign_key="trade.id", max_length=40)
    product: str = Field(max_length=40)
    buyer: str = Field(foreign_key="participant.id")
    supplier: str = Field(foreign_key="participant.id")
    minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    terms: str = Field(max_length=64)
    periods: int
    since: str = Field(max_length=20)
    until: str = Field(max_length=20)
    anchor: str = Field(max_length=20)
    head: str = Field(foreign_key="ledger_entry.leaf", nullable=False, max_length=64)
    state: str = Field(max_length=20, index=True)
    period: int
    anchored: int
    settled: int
    grace: str | None = Field(default=None, max_length=20)
    reason: str | None = Field(default=None, max_length=200)
    version: int = Field(default=0, sa_column=_version)

    @classmethod
    def of(cls, subscription: Subscription) -> dict[str, Any]:
        """Return the columns of a domain object."""
        names = [each.name for each in dataclasses.fields(Subscription) if each.name != "amount"]
        columns = {name: getattr(subscription, name) for name in names}
        amount = subscription.amount
        money = {"minor": amount.minor, "currency": str(amount.currency)}
        return columns | money | {"state": str(subscription.state)}

    def to_domain(self) -> Subscription:
        """Rebuild the subscription; an unknown state is an error here."""
        names = [each.name for each in dataclasses.fields(Subscription) if each.name != "amount"]
        columns = {name: getattr(self, name) for name in names}
        amount = Money(self.minor, Currency(self.currency))
        return Subscription(**{**columns, "amount": amount, "state": SubscriptionState(self.state)})


class SqlSubscriptions(Book[Subscription]):
    """Subscriptions, by the number of their trade."""

    row, word, order = SubscriptionRow, "subscription of", "trade"
